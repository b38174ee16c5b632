package tools

import (
	"encoding/json"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func events() *Tool {
	return Of(attrove.ListEvents, Spec{
		Name: "attrove_events", Title: "Calendar events", Toolset: Context,
		Description: "List calendar events with attendees, earliest first: what is planned. " +
			"For what was said in a meeting use attrove_meetings; for an event's description attrove_get_event.",
		Fixed: Fields{"expand": json.RawMessage(`["attendees"]`)},
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_event"}},
	})
}

func getEvent() *Tool {
	return Of(attrove.GetEvent, Spec{
		Name: "attrove_get_event", Title: "One calendar event", Toolset: Context,
		Description: "Get one calendar event by its id (evt_...) with description and attendees.",
		Fixed:       Fields{"expand": json.RawMessage(`["attendees","description"]`)},
	})
}
