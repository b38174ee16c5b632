package goals

import (
	"math"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

const (
	fresh    = 14 * day // what is newer shows that a goal is alive
	progress = 30 * day // how long a decision shows that it goes on
)

// decide draws the conclusions, each from those before.
func (c *study) decide() {
	c.hear()
	c.conclude()
	c.findDeadline()
	c.next()
}

// health is how the goal does. What stops it comes before what endangers it, and
// that before what only waits.
func (c *study) health() attrove.Health {
	blocker := c.firstOpen(func(f fact) bool { return f.Signal.Has(speech.Blocked) })
	ours := c.move.side == us
	switch {
	case !c.evident():
		return attrove.HealthInsufficientEvidence
	case c.outcome.done != nil:
		return attrove.HealthOnTrack
	case blocker != nil && blocker.toward != us:
		return attrove.HealthBlocked
	case c.silence.alert:
		return c.alertHealth()
	case c.outcome.dropped != nil, c.endangered() != nil, c.overdue() != nil, c.missed():
		return attrove.HealthAtRisk
	case ours && (c.soon() || c.move.late):
		return attrove.HealthWaitingOnHuman
	case c.soon():
		return attrove.HealthAtRisk
	case c.alive():
		return attrove.HealthOnTrack
	}
	return attrove.HealthInsufficientEvidence
}

// evident reports whether there is anything to judge by.
func (c *study) evident() bool {
	return slices.ContainsFunc(c.entries, func(e entry) bool { return e.focused && !e.machine }) || len(c.facts) > 0
}

// alive reports whether what there is shows a goal that goes on: something open
// or settled, and that not long ago.
func (c *study) alive() bool {
	return slices.ContainsFunc(c.facts, func(f fact) bool {
		age := c.now.Sub(f.At)
		return f.open || age <= fresh || f.Signal.Has(speech.Settled|speech.Decided) && age <= progress
	})
}

func (c *study) firstOpen(is func(fact) bool) *fact {
	for i := range slices.Backward(c.facts) {
		if f := &c.facts[i]; f.open && is(*f) {
			return f
		}
	}
	return nil
}

// endangered is what says last that the relationship may end, or is strained.
func (c *study) endangered() *fact {
	return c.firstOpen(func(f fact) bool {
		return f.Signal.Has(speech.Risk) && !f.wants() || f.Signal.Has(speech.Upset) && f.side != us
	})
}

// overdue is what they promised, or were asked, until a day that has passed.
func (c *study) overdue() *fact {
	return c.firstOpen(func(f fact) bool { return f.owner() == them && c.passed(f.due) })
}

// missed reports whether the deadline passed and nobody said that it was met.
func (c *study) missed() bool {
	d := c.deadline
	return c.passed(d.at) && c.now.Sub(d.at) <= openFor && !c.settledSince(d.at.Add(-near))
}

// soon reports whether the deadline is near and something is open.
func (c *study) soon() bool {
	d := c.deadline
	return !d.at.IsZero() && !c.passed(d.at) && d.at.Sub(c.now) <= near && !c.move.none && c.move.side != nobody
}

// suggestion is a lifecycle that the stream speaks for.
func (c *study) suggestion() attrove.Lifecycle {
	switch {
	case c.goal.Lifecycle != attrove.LifecycleActive && c.goal.Lifecycle != "":
		return ""
	case c.outcome.done != nil:
		return attrove.LifecycleCompleted
	case c.outcome.dropped != nil:
		return attrove.LifecycleCancelled
	}
	return ""
}

// confidence is a sum of what speaks for the finding: how much evidence there
// is, how fresh it is, and whether it agrees.
func (c *study) confidence(health attrove.Health) float64 {
	n := 0
	var last time.Time
	for _, e := range c.entries {
		if e.focused && !e.machine {
			n++
			last = e.ref.At
		}
	}
	if n == 0 {
		return 0
	}
	amount := float64(min(n, 10)) / 10
	freshness := max(0, 1-c.now.Sub(last).Hours()/(60*day).Hours())
	sum := 0.2 + 0.3*amount + 0.2*freshness
	if c.move.fact != nil || c.outcome.done != nil {
		sum += 0.2 // somebody said it
	}
	if c.move.other == nil {
		sum += 0.1
	}
	if !c.parties.two {
		sum -= 0.2 // there is no telling sides apart
	}
	if health == attrove.HealthInsufficientEvidence {
		sum = min(sum/2, 0.3)
	}
	return math.Round(100*min(max(sum, 0), 1)) / 100
}

// nextLook is the next moment at which the outcome may change by itself.
func (c *study) nextLook() time.Time {
	var next time.Time
	consider := func(t time.Time) {
		if t.After(c.now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if c.silence.since.IsZero() && len(c.facts) == 0 {
		consider(c.goal.Deadline)
		return next
	}
	consider(c.silence.limit)
	if ack := c.goal.Acknowledgment; ack != nil {
		consider(ack.Until)
	}
	if !c.deadline.at.IsZero() {
		consider(c.deadline.at.Add(-near))
		consider(c.deadline.at.Add(time.Millisecond))
		consider(c.deadline.at.Add(openFor + time.Millisecond))
	}
	var latest, decided time.Time
	for i := range c.facts {
		f := &c.facts[i]
		latest = f.At
		if f.open {
			consider(c.lateAt(f))
			consider(f.over())
		}
		if f.Signal.Has(speech.Settled | speech.Decided) {
			decided = f.At
		}
	}
	if len(c.facts) > 0 {
		consider(latest.Add(fresh + time.Millisecond))
	}
	if !decided.IsZero() {
		consider(decided.Add(progress + time.Millisecond))
	}
	return next
}
