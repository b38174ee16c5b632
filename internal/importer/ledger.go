package importer

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// ledger keeps up to where a source has been dealt with without a gap, while its
// records are finished in any order.
type ledger struct {
	src    *source
	report Reporter
	ahead  *semaphore.Weighted

	mu     sync.Mutex
	open   []*settlement // in the order of the source
	saving bool          // the state is being kept
	saved  time.Time     // when it last was
	kept   int64         // and up to where
}

type settlement struct {
	start, end int64
	settled    bool
	out        outcome
}

// maxAhead is how many records may have been begun behind one that is not yet
// settled.
const maxAhead = 2 * EngineConcurrency

// saveInterval is how often the progress is kept. What was pushed since is pushed again
// after the process was killed.
const saveInterval = time.Second

func newLedger(src *source, report Reporter) *ledger {
	return &ledger{src: src, report: report, ahead: semaphore.NewWeighted(maxAhead), saved: time.Now(), kept: src.state.Offset}
}

// begin enters a record. It waits while too many others are open.
func (l *ledger) begin(ctx context.Context, rec record) (*settlement, error) {
	if err := l.ahead.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := &settlement{start: rec.start, end: rec.end}
	l.open = append(l.open, e)
	return e, nil
}

// settle notes what became of a record, and from time to time keeps the state.
func (l *ledger) settle(e *settlement, out outcome) error {
	state, due := l.note(e, out)
	if !due {
		return nil
	}
	err := l.src.store.save(l.src.content, state)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.saving, l.saved = false, time.Now()
	return err
}

// note takes down what became of a record, and returns the state that is to be kept if it is time.
func (l *ledger) note(e *settlement, out outcome) (now state, due bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.settled, e.out = true, out
	s := &l.src.state
	for len(l.open) > 0 && l.open[0].settled {
		first := l.open[0]
		l.open = l.open[1:]
		l.ahead.Release(1)
		s.Last, s.Offset = first.start, first.end
		s.Items += first.out.items
		s.Skipped += first.out.skipped
		s.Excluded += first.out.excluded
		if first.out.refused {
			s.Retry = append(s.Retry, retryable{first.start, first.out.items})
		}
	}
	l.report.Progress(Progress{Path: l.src.path, Phase: Pushing, Items: s.Items, Done: s.Offset, Total: l.src.content.end()})
	if l.saving || s.Offset == l.kept || time.Since(l.saved) < saveInterval {
		return state{}, false
	}
	l.saving, l.kept = true, s.Offset
	now = *s
	now.Retry = slices.Clone(s.Retry)
	return now, true
}
