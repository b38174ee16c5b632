package tools

import "github.com/attrove/attrove-mcp/internal/attrove"

func pushNote() *Tool {
	return Of(attrove.PushNote, Spec{
		Name: "attrove_push_note", Title: "Save a note", Toolset: Capture,
		Description: "Save a note, decision or observation for later, on its own or about a message, meeting, event or contact. " +
			"For evidence on a goal use attrove_add_goal_note. Returns its id at once; it is searchable once indexed.",
	})
}

func pushMeeting() *Tool {
	return Of(attrove.PushMeeting, Spec{
		Name: "attrove_push_meeting", Title: "Save a meeting", Toolset: Capture,
		Description: "Save a meeting that took place, from another notetaker or a transcript that the user shared. Give a transcript or a summary. " +
			"Returns its id at once; it is searchable once indexed.",
	})
}

func pushMessage() *Tool {
	return Of(attrove.PushMessage, Spec{
		Name: "attrove_push_message", Title: "Add a message", Toolset: Ingest,
		Description: "Add an e-mail, chat message, text or call record from a source that is not connected. Sends nothing to anyone. " +
			"For observations of your own use attrove_push_note.",
	})
}

func pushEvent() *Tool {
	return Of(attrove.PushEvent, Spec{
		Name: "attrove_push_event", Title: "Add a calendar event", Toolset: Ingest,
		Description: "Add a calendar event from a calendar that is not connected. Invites nobody. For a meeting that took place use attrove_push_meeting.",
	})
}
