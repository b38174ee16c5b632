package speech

import (
	"time"

	"github.com/attrove/attrove-mcp/internal/when"
)

// Deadline is until when something is to be, as the statement says: "by Friday". Days
// are those of a zone.
func (s Statement) Deadline(zone *time.Location) (when.Period, bool) {
	return s.named(when.FindDeadline, zone)
}

// Ahead is the deadline, or else the first period that the statement names that is
// not over when it is made: "I will send it tomorrow".
func (s Statement) Ahead(zone *time.Location) (when.Period, bool) {
	return s.named(when.FindAhead, zone)
}

// named finds what the statement names. Of one of which it is only guessed when it was
// made, nobody can tell which Friday that is: what counts then is the same on any day.
func (s Statement) named(find func(string, time.Time) (when.Period, bool), zone *time.Location) (when.Period, bool) {
	said := s.At.In(zone)
	period, ok := find(s.Text, said)
	if ok && s.Guessed {
		earlier, _ := find(s.Text, said.AddDate(-1, -1, -1))
		ok = earlier.From.Equal(period.From) && earlier.To.Equal(period.To)
	}
	return period, ok
}
