package tools

import (
	"encoding/json"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func events() *Tool {
	return Of(attrove.ListEvents, Spec{
		Name: "attrove_events", Title: "Calendar events", Toolset: Context,
		Description: "List calendar events with attendees, earliest first: what is or was planned. " +
			"For what was said in a meeting use attrove_meetings; for an event's description attrove_get_event.",
		Fixed: Fields{"expand": json.RawMessage(`["attendees"]`)},
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_event"}},
	})
}

func getEvent() *Tool {
	return Of(attrove.GetEvent, Spec{
		Name: "attrove_get_event", Title: "One calendar event", Toolset: Context,
		Description: "Get one calendar event by its id, with description and attendees.",
		Fixed:       Fields{"expand": json.RawMessage(`["attendees","description"]`)},
	})
}

func calendars() *Tool {
	return Of(attrove.ListCalendars, Spec{
		Name: "attrove_calendars", Title: "Calendars", Toolset: Account, Short: true,
		Description: "List the user's calendars and which are used. For what is in them use attrove_events.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_calendar"},
			Nothing: "There is no calendar; attrove_integrations says what is connected."},
	})
}

func getCalendar() *Tool {
	return Of(attrove.GetCalendar, Spec{
		Name: "attrove_get_calendar", Title: "One calendar", Toolset: Account, Short: true,
		Description: "Look at one calendar by its id from attrove_calendars.",
	})
}

func updateCalendar() *Tool {
	return Of(attrove.UpdateCalendar, Spec{
		Name: "attrove_update_calendar", Title: "Use a calendar or not", Toolset: Account,
		Description: "Switch the use of one calendar on or off: events of one that is off are left out of lists, search and answers. " +
			"Only when the user asked for it.",
		Asks: Asks{Will: "Change whether the calendar %s is used?", After: "It can be switched back.", Thing: theCalendar()},
	})
}
