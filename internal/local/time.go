package local

import (
	"errors"
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
func parseTime(text attrove.DateTime) time.Time { return writtenTime(text).UTC() }

// writtenTime is parseTime with the offset that the time was written with.
func writtenTime(text attrove.DateTime) time.Time {
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return time.Time{}
	}
	return t
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
	from, to, err = when.ParseBounds(when.Bound{Name: "start_date", Value: string(start)}, when.Bound{Name: "end_date", Value: string(end)},
		c.Now.In(c.User.Location()))
	var wrong *when.BoundError
	if errors.As(err, &wrong) {
		return from, to, invalidRequest(wrong.Name, wrong.Unwrap().Error())
	}
	return from, to, err
}
