package tools

import (
	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func query() *Tool {
	return Of(attrove.Query, Spec{
		Name: "attrove_query", Title: "Ask a question", Toolset: Context,
		Description: "Answer a question from the user's mail, chat, meetings, calendar and notes, with the ids of what the answer rests on. " +
			"Best first step for \"what\", \"who\", \"did we\" and \"what needs my attention\". " +
			"Use attrove_search to find the messages themselves. An empty answer means that nothing relevant was found.",
		Shows: view.Spec{Finds: []string{"answer"}, Whole: map[string]string{"sources[]": "attrove_get_message"}},
	})
}

func search() *Tool {
	return Of(attrove.Search, Spec{
		Name: "attrove_search", Title: "Search", Toolset: Context,
		Description: "Find messages, meetings, events and notes about something; key_messages, key_meetings and key_events are best first. " +
			"Use attrove_query for an answer, attrove_messages to list by date, sender or thread without words. " +
			"Read a hit with attrove_get_message or attrove_thread_messages.",
		Shows: view.Spec{
			Finds: []string{"key_messages", "conversations", "key_meetings", "key_events", "key_notes"},
			Whole: map[string]string{
				"key_messages[]": "attrove_get_message", "conversations.*.threads.*[]": "attrove_get_message",
				"key_meetings[]": "attrove_get_meeting", "key_events[]": "attrove_get_event", "key_notes[]": "attrove_get_note",
			},
			Ranking: view.Ranking{List: "key_messages", ID: "message_id"},
		},
	})
}

func integrations() *Tool {
	return Of(attrove.ListIntegrations, Spec{
		Name: "attrove_integrations", Title: "Connected services", Toolset: Context,
		Description: "List connected services (mail, chat, calendar) and whether each still works. " +
			"Use it when something seems missing, or to get integration ids for attrove_query.",
		Shows: view.Spec{Finds: []string{"data"}},
	})
}

func getIntegration() *Tool {
	return Of(attrove.GetIntegration, Spec{
		Name: "attrove_get_integration", Title: "One connected service", Toolset: Context,
		Description: "Look at one connected service by its id from attrove_integrations.",
	})
}

func messages() *Tool {
	return Of(attrove.ListMessages, Spec{
		Name: "attrove_messages", Title: "List messages", Toolset: Context,
		Description: "List messages newest first, by date, sender, conversation, thread or ids (up to 100, such as used_message_ids of attrove_query). " +
			"Use attrove_search to find by content, attrove_thread_messages to read one thread in order. Add expand body_text for the text.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_message"}},
	})
}

func getMessage() *Tool {
	return Of(attrove.GetMessage, Spec{
		Name: "attrove_get_message", Title: "Read a message", Toolset: Context,
		Description: "Read one message in full by its id (msg_...) from a search, a list or an answer.",
	})
}

func entities() *Tool {
	return Of(attrove.ListEntities, Spec{
		Name: "attrove_entities", Title: "List contacts", Toolset: Context,
		Description: "Find people and companies by part of a name or address; gives their ids (ent_...) for goals. " +
			"For what someone wrote use attrove_messages with sender_email.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_entity"}},
	})
}

func getEntity() *Tool {
	return Of(attrove.GetEntity, Spec{
		Name: "attrove_get_entity", Title: "One contact", Toolset: Context,
		Description: "Look at one contact by its id (ent_...): name, kind, addresses.",
	})
}

func profile() *Tool {
	return Of(attrove.GetProfile, Spec{
		Name: "attrove_profile", Title: "The user's profile", Toolset: Account,
		Description: "Get the user's own name, address and time zone.",
	})
}

func syncStats() *Tool {
	return Of(attrove.GetSyncStats, Spec{
		Name: "attrove_sync_stats", Title: "How much data there is", Toolset: Account,
		Description: "Count what is stored, and what was pushed and is still waiting to be indexed. " +
			"Use it when results look thin, or to see whether pushed items are searchable yet.",
	})
}
