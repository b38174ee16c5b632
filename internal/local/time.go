package local

import (
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/when"
)

// checkTime says what is wrong with a time in a request, or "".
func checkTime(text string) string {
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		return "must be an RFC 3339 time with its offset, such as 2026-11-03T09:30:00Z"
	}
	return ""
}

// parseTime reads a time that checkTime passed; none is the zero time.
func parseTime(text attrove.DateTime) time.Time {
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func wireTimePointer(t time.Time) *attrove.DateTime {
	if t.IsZero() {
		return nil
	}
	text := index.Time(t)
	return &text
}

// period reads the filters start_date and end_date in the caller's zone. Both
// days count (contract section 2.2).
func (c Caller) period(start, end attrove.Date) (from, to time.Time, err error) {
	now := c.Now.In(c.User.Location())
	if start != "" {
		if from, err = when.ParseDate(string(start), now); err != nil {
			return from, to, invalidRequest("start_date", err.Error())
		}
	}
	if end != "" {
		if to, err = when.ParseDate(string(end), now); err != nil {
			return from, to, invalidRequest("end_date", err.Error())
		}
		to = when.NextDay(to)
	}
	if start != "" && end != "" && !from.Before(to) {
		return from, to, invalidRequest("end_date", "must not be before start_date")
	}
	return from, to, nil
}
