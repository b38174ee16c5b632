package tools

import (
	"encoding/json"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func meetings() *Tool {
	return Of(attrove.ListMeetings, Spec{
		Name: "attrove_meetings", Title: "Past meetings", Toolset: Context,
		Description: "List meetings that took place, newest first, with short summaries and action items. " +
			"For what is planned use attrove_events; for a transcript attrove_get_meeting.",
		Fixed: Fields{"expand": json.RawMessage(`["short_summary","action_items"]`)},
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_meeting"}},
	})
}

func getMeeting() *Tool {
	return Of(attrove.GetMeeting, Spec{
		Name: "attrove_get_meeting", Title: "One meeting", Toolset: Context,
		Description: "Get one meeting by its id with summary, action items, attendees and transcript. " +
			"Ask for detail full only when the words themselves matter.",
		Fixed: Fields{"expand": json.RawMessage(`["short_summary","action_items"]`)},
	})
}

func updateMeeting() *Tool {
	return Of(attrove.UpdateMeeting, Spec{
		Name: "attrove_update_meeting", Title: "Correct a meeting", Toolset: Account,
		Description: "Correct a meeting's title, summary or action items; what is left out stays. Only when the user asked for it. " +
			"To have the summary written anew use attrove_regenerate_meeting_summary.",
		Asks: Asks{
			Will:  "Change what is kept of the meeting %s?",
			After: "It can be changed again; what it said before is not kept.",
			Thing: theMeeting(),
		},
		Shows: view.Spec{Whole: map[string]string{"": "attrove_get_meeting"}},
	})
}

func regenerateMeetingSummary() *Tool {
	return Of(attrove.RegenerateMeetingSummary, Spec{
		Name: "attrove_regenerate_meeting_summary", Title: "Summarize a meeting anew", Toolset: Account,
		Description: "Have a meeting's summary written anew from its transcript; it replaces the one before. Read it a little later with attrove_get_meeting.",
	})
}

// archiveArgs name a pushed thing in one of two ways (contract section 11.2).
type archiveArgs struct {
	ID         string `json:"id,omitempty" jsonschema_description:"Its id."`
	ExternalID string `json:"external_id,omitempty" jsonschema_description:"Or the external_id it was pushed with; embedded engine only."`
}

func deleteMeeting() *Tool {
	return As[archiveArgs](attrove.DeleteMeeting, Spec{
		Name: "attrove_delete_meeting", Title: "Archive a meeting", Toolset: Capture,
		Description: "Archive a pushed meeting so that it is found no more, by exactly one of id and external_id. It can be brought back. " +
			"Only when the user asked for it.",
		Asks: Asks{Will: "Archive the meeting %s, so that it is found no more?", After: "It can be brought back.", Thing: theMeeting()},
	}, archive("id", attrove.DeleteMeeting.Meta, attrove.DeleteMeetingByExternalID.Meta), attrove.DeleteMeetingByExternalID)
}

// archive chooses the operation by what the thing is named with. A server that
// does not know external_id might archive more than the one thing, so it goes to
// the embedded engine only.
func archive(idName string, byID, byExternalID attrove.Meta) Bind {
	return func(env Env, f Fields) (attrove.Meta, error) {
		id, external := f.text("id"), f.text("external_id")
		switch {
		case (id == "") == (external == ""):
			return attrove.Meta{}, invalid("id", "give exactly one of id and external_id")
		case external != "" && !env.Client.Ours():
			return attrove.Meta{}, invalid("external_id", "external_id works with the embedded engine only: "+
				"Attrove does not document it here; find the id with a list or a search and give that")
		case external != "":
			delete(f, "id")
			return byExternalID, nil
		}
		delete(f, "external_id")
		delete(f, "id")
		f.setText(idName, id)
		return byID, nil
	}
}
