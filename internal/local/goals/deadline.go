package goals

import (
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// near is how long before a deadline it matters: a weekend may lie between.
const near = 4 * day

// deadline is until when a goal has to be reached.
type deadline struct {
	at    time.Time // zero for none
	said  *fact     // nil when it is the goal's own
	was   time.Time // what it was before it was moved; zero if it was not
	first *fact     // who said that; nil when it was the goal's own
}

// deadlineWords make a date the goal's: others are those of single requests.
const deadlineWords = "deadline|ends|end of term|expires|expire|expiry|runs out|run out|valid until|validity|term ends|due date|closes|launch|go live|goes live|cut off|cutoff|freeze"

// Words that move a deadline. Those of the second kind may move anything, such as
// a meeting, unless the sentence names a deadline too.
const (
	extendWords = "extend|extended|extends|extension|prolong|prolonged|new deadline"
	moveWords   = "moved to|postpone|postponed|rescheduled|pushed back|pushed to|delayed until|new date|deferred"
)

// findDeadline takes the goal's own deadline, unless somebody has moved it since;
// without one the latest that the stream names.
func (c *study) findDeadline() {
	d := deadline{at: c.goal.Deadline}
	for i := range c.entries {
		for _, s := range c.said[i] {
			text := speech.Plain(s.Text)
			named := speech.HasAny(text, deadlineWords)
			moved := speech.HasAny(text, extendWords) || named && speech.HasAny(text, moveWords)
			if !moved && !named || s.Signal.Has(speech.Ask) {
				continue
			}
			at, ok := deadlineIn(s, c.now, moved)
			if own := c.goal.Deadline; !ok || !own.IsZero() && (!moved || s.At.Before(c.goal.CreatedAt) || at.Before(own)) {
				continue // what a human set gives way only to a later extension
			}
			f := &fact{Statement: s, entry: i, side: c.sideOf(s, i), due: at}
			if moved && !d.at.IsZero() && !d.at.Equal(at) {
				f.due = at
				d.was, d.first = d.at, d.said
			} else {
				d.was, d.first = time.Time{}, nil
			}
			d.at, d.said = at, f
		}
	}
	c.deadline = d
}

// deadlineIn reads the date of a sentence that names a deadline.
func deadlineIn(s speech.Statement, now time.Time, moved bool) (time.Time, bool) {
	period, ok := s.Deadline(now.Location())
	if !ok {
		period, ok = s.Ahead(now.Location())
	}
	if !ok || period.To.IsZero() || !moved && !period.To.After(s.At) {
		return time.Time{}, false
	}
	return period.To.Add(-time.Second), true
}

// settledSince reports whether something was said to be done after a time, or
// the goal is.
func (c *study) settledSince(at time.Time) bool {
	return c.outcome.done != nil || slices.ContainsFunc(c.facts, func(f fact) bool {
		return f.At.After(at) && f.done && c.entries[f.entry].focused
	})
}
