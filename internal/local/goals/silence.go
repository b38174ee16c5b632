package goals

import (
	"cmp"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// silence is how long nobody was heard of.
type silence struct {
	heard   int           // the last entry that is activity; -1 for none
	active  time.Time     // the last activity other than a note, which ends an acknowledged silence
	since   time.Time     // when the clock began: then, or when we first wrote after it
	asked   int           // that first message of ours; -1 for none
	alert   bool          // it is longer than the goal allows, and not acknowledged
	expects bool          // it is acknowledged
	limit   time.Time     // when it is too long; zero when the goal does not say
	quiet   time.Duration // how long it is
}

// hear finds the last activity. Where there are two sides, it is theirs: what we
// write breaks no silence, it only starts the clock anew, once. Else anybody
// counts. What programs send never does.
func (c *study) hear() {
	s := silence{heard: -1, asked: -1}
	condition := cmp.Or(c.goal.Scope.SilenceCondition, &attrove.SilenceCondition{})
	sources := condition.ActivitySources
	if len(sources) == 0 { // P-34
		sources = c.goal.Scope.SourceTypes
	}
	if len(sources) == 0 { // a date in a calendar is no sign of life
		sources = []attrove.SourceType{attrove.SourceMessages, attrove.SourceMeetings, attrove.SourceNotes}
	}
	kinds := kindsOf(sources)
	for i, e := range c.entries {
		if e.machine || !slices.Contains(kinds, e.ref.Kind) || !e.focused {
			continue
		}
		switch {
		case !c.parties.two || e.side == them || e.manual:
			s.heard, s.asked, s.since = i, -1, e.ref.At
			if e.ref.Kind != store.KindNote { // whoever acknowledges may note why
				s.active = e.ref.At
			}
		case s.asked < 0 && e.ref.Kind == store.KindMessage && c.reachesThem(e):
			s.asked, s.since = i, e.ref.At
		}
	}
	if s.since.IsZero() {
		c.silence = s
		return
	}
	s.quiet = c.now.Sub(s.since)
	if days := condition.QuietAfterDays; days > 0 {
		s.limit = s.since.Add(time.Duration(days) * day)
		s.alert = !c.now.Before(s.limit)
	}
	if ack := c.goal.Acknowledgment; ack != nil {
		s.expects = c.now.Before(ack.Until) && !s.active.After(ack.At)
		s.alert = s.alert && !s.expects
	}
	c.silence = s
}

func (c *study) reachesThem(e entry) bool {
	return slices.ContainsFunc(e.message.Recipients, func(p store.Person) bool { return c.parties.of(p) == them })
}

// alertHealth is the health that silence brings (P-34).
func (c *study) alertHealth() attrove.Health {
	return cmp.Or(c.goal.Scope.SilenceCondition.AlertHealth, attrove.HealthAtRisk)
}
