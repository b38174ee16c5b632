package importer

import (
	"sync"

	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

// ledger keeps up to where a file has been dealt with without a gap, while its
// messages are finished in any order.
type ledger struct {
	src    *source
	report Reporter

	mu      sync.Mutex
	open    []*entry // in the order of the file
	unsaved int
}

type entry struct {
	start, end int64
	settled    bool
	out        outcome
}

func (l *ledger) begin(msg mbox.Message) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := &entry{start: msg.Offset, end: msg.End}
	l.open = append(l.open, e)
	return e
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
