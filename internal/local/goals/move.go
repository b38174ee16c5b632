package goals

import (
	"cmp"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// move is whose move is next, and what says so.
type move struct {
	side  side
	none  bool  // nothing is open
	fact  *fact // what is open; nil where it goes by who wrote last
	last  int   // who wrote last; -1 for nobody
	late  bool  // the move is overdue: a date has passed, or somebody reminds
	other *fact // what the other side has open, too; nil for nothing
}

// slow is how long an answer may take that no date was set for.
const slow = 7 * day

// next finds out whose move is next: of those who are waited for, who is waited
// for most urgently; where nobody is, the side that did not write last.
func (c *study) next() {
	m := move{last: c.lastWriter()}
	var open []*fact
	for i := range c.facts {
		if f := &c.facts[i]; f.open && f.owner() != nobody {
			open = append(open, f)
		}
	}
	slices.SortStableFunc(open, func(a, b *fact) int {
		return cmp.Or(cmp.Compare(c.urgency(b), c.urgency(a)), b.At.Compare(a.At), cmp.Compare(a.Source.ID, b.Source.ID), cmp.Compare(a.Order, b.Order))
	})
	if len(open) > 0 {
		m.fact, m.side, m.late = open[0], open[0].owner(), c.isLate(open[0])
		if i := slices.IndexFunc(open, func(f *fact) bool { return f.owner() == m.side.other() && c.urgency(f) >= 50 }); i >= 0 {
			m.other = open[i]
		}
		c.move = m
		return
	}
	c.move = c.byLastWriter(m)
}

// owner is the side whose move a fact is.
func (f fact) owner() side {
	switch {
	case f.wants(), f.Signal.Has(speech.Blocked):
		return f.toward
	case f.Signal.Has(speech.Promise):
		return f.side
	}
	return nobody
}

// urgency orders what is open.
func (c *study) urgency(f *fact) int {
	switch {
	case f.Signal.Has(speech.Blocked):
		return 100
	case f.Signal.Has(speech.Awaits|speech.Overdue) && f.toward == us:
		return 80
	case c.passed(f.due):
		return 75
	case f.wants() && f.toward == them && c.silence.alert:
		return 72
	case f.wants() && !f.due.IsZero():
		return 70
	case f.wants():
		return 60
	case !f.due.IsZero():
		return 55
	}
	return 40 // a promise without a date
}

func (c *study) passed(t time.Time) bool { return !t.IsZero() && t.Before(c.now) }

// isLate reports whether a move should have been made: its date has passed,
// somebody reminds, or it was not made for long.
func (c *study) isLate(f *fact) bool {
	return c.passed(f.due) || f.wants() && f.Signal.Has(speech.Awaits|speech.Overdue|speech.Blocked) ||
		f.due.IsZero() && f.wants() && c.now.Sub(f.At) >= slow
}

// lastWriter is the last entry that a human wrote to others.
func (c *study) lastWriter() int {
	for i, e := range slices.Backward(c.entries) {
		if e.ref.Kind == store.KindMessage && !e.machine && e.focused && (!c.parties.two || e.side == them || c.reachesThem(e)) {
			return i
		}
	}
	return -1
}

// byLastWriter decides where nothing is asked and nothing promised: who wrote
// last waits. What reads as English and asks nothing leaves it open.
func (c *study) byLastWriter(m move) move {
	if m.last < 0 || !c.parties.two {
		return m
	}
	e := c.entries[m.last]
	closed := slices.ContainsFunc(c.facts, func(f fact) bool {
		return f.entry == m.last && (f.done || f.Signal.Has(speech.Decided))
	})
	switch {
	case c.outcome.done != nil, closed && e.side == them:
		m.none = true
	case e.side == us:
		m.side = them
	case !inEnglish(e.body()):
		m.side = us
	}
	return m
}

// lateAt is when an open fact becomes late by itself; zero when it is, or never.
func (c *study) lateAt(f *fact) time.Time {
	switch {
	case c.isLate(f):
		return time.Time{}
	case !f.due.IsZero():
		return f.due
	case f.wants():
		return f.At.Add(slow)
	}
	return time.Time{}
}
