package importer

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

// ledger keeps up to where a file has been dealt with without a gap, while its
// messages are finished in any order.
type ledger struct {
	src    *source
	report Reporter
	ahead  *semaphore.Weighted

	mu      sync.Mutex
	open    []*entry // in the order of the file
	unsaved int
}

type entry struct {
	start, end int64
	settled    bool
	out        outcome
}

// maxAhead is how many messages may have been begun behind one that is not yet
// settled. So many at most are pushed again after an interruption.
const maxAhead = 128

func newLedger(src *source, report Reporter) *ledger {
	return &ledger{src: src, report: report, ahead: semaphore.NewWeighted(maxAhead)}
}

// begin enters a message. It waits while too many others are open.
func (l *ledger) begin(ctx context.Context, msg mbox.Message) (*entry, error) {
	if err := l.ahead.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := &entry{start: msg.Offset, end: msg.End}
	l.open = append(l.open, e)
	return e, nil
}

// settle notes what became of a message, and from time to time keeps the state.
func (l *ledger) settle(e *entry, out outcome) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.settled, e.out = true, out
	s := &l.src.state
	for len(l.open) > 0 && l.open[0].settled {
		first := l.open[0]
		l.open = l.open[1:]
		l.ahead.Release(1)
		s.Last, s.Offset = first.start, first.end
		s.Messages++
		l.unsaved++
		switch first.out {
		case notTaken:
			s.Retry = append(s.Retry, first.start)
		case skipped:
			s.Skipped++
		case taken:
		}
	}
	l.report.Progress(Progress{Path: l.src.path, Phase: Pushing, Messages: s.Messages, Done: s.Offset, Total: l.src.size})
	if l.unsaved < saveEvery {
		return nil
	}
	l.unsaved = 0
	return l.src.store.save(l.src)
}
