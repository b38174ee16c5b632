package prompts

import (
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/when"
)

// calendar asks for events between two days, by their distance from today.
func calendar(d *desk, first, last int) *answer[attrove.Page[attrove.Event]] {
	return ask(d, question{what: "the calendar", tool: "attrove_events"}, attrove.ListEvents, attrove.EventsIn{
		StartDate: d.day(first), EndDate: d.day(last), Expand: []attrove.EventExpand{"attendees", "description"}, Cut: attrove.Cut{Limit: attrove.MaxLimit}})
}

// agenda are rows about the events that are not over.
func (d *desk) agenda(events []attrove.Event) []string {
	var rows []string
	for _, e := range events {
		if after(e.EndTime, d.now) {
			rows = append(rows, row(d.span(e)+" "+title(e.Title), e.ID, with("with", d.others(e.Attendees, 6))))
		}
	}
	return rows
}

// span is when an event is.
func (d *desk) span(e attrove.Event) string {
	if !e.AllDay {
		return d.moment(e.StartTime)
	}
	start, err := time.Parse(time.RFC3339, string(e.StartTime))
	if err != nil {
		return oneLine(e.StartTime) + ", all day,"
	}
	end, err := time.Parse(time.RFC3339, string(e.EndTime))
	if err != nil {
		end = start
	}
	from, to := when.WholeDays(start, end, d.now.Location())
	first, last := d.date(stamp(from)), d.date(stamp(to.Add(-time.Second)))
	if first != last {
		first += " to " + last
	}
	return first + ", all day,"
}

// others are the people at a meeting without the user.
func (d *desk) others(people []attrove.Attendee, most int) string {
	var names []string
	more := 0
	for _, p := range people {
		switch {
		case d.mine(p.Email):
		case len(names) == most:
			more++
		default:
			names = append(names, title(first(p.Name, p.Email)))
		}
	}
	return strings.Join(names, ", ") + andMore(more)
}

// first is the first text that is not empty.
func first(texts ...attrove.ForeignText) attrove.ForeignText {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
