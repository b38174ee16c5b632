package tools

import (
	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func query() *Tool {
	return Of(attrove.Query, Spec{
		Name: "attrove_query", Title: "Ask a question", Toolset: Context,
		Description: "Answer a question from the user's mail, chat, meetings, calendar and notes, citing the ids it rests on. " +
			"The best first step for most questions: what was promised, who decided, what needs attention. " +
			"To get the items themselves use attrove_search. An empty answer means that nothing relevant was found.",
		Shows: view.Spec{Finds: []string{"answer"}, Whole: map[string]string{"sources[]": "attrove_get_message"}},
	})
}

func search() *Tool {
	return Of(attrove.Search, Spec{
		Name: "attrove_search", Title: "Search", Toolset: Context,
		Description: "Find messages, meetings, events and notes about something; key_messages, key_meetings and key_events are best first. " +
			"For an answer use attrove_query; to list messages by date, sender or thread, without words, attrove_messages. " +
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
		Name: "attrove_integrations", Title: "Connected services", Toolset: Context, Short: true,
		Description: "List the connected services (mail, chat, calendar) and whether each still works. " +
			"Use it when something seems missing, or for integration ids.",
		Shows: view.Spec{Finds: []string{"data"}, Nothing: "Nothing is connected yet, so there is nothing to search: tell the user."},
	})
}

func getIntegration() *Tool {
	return Of(attrove.GetIntegration, Spec{
		Name: "attrove_get_integration", Title: "One connected service", Toolset: Context, Short: true,
		Description: "Look at one connected service by its id from attrove_integrations.",
	})
}

func messages() *Tool {
	return Of(attrove.ListMessages, Spec{
		Name: "attrove_messages", Title: "List messages", Toolset: Context,
		Description: "List messages, newest first, by date, sender, conversation, thread or ids, such as used_message_ids of attrove_query. " +
			"To find by content use attrove_search; to read one thread in order attrove_thread_messages. Without expand body_text there is no text.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_message"}},
	})
}

func getMessage() *Tool {
	return Of(attrove.GetMessage, Spec{
		Name: "attrove_get_message", Title: "Read a message", Toolset: Context,
		Description: "Read one message in full, by its id from a search, a list or an answer.",
	})
}

func entities() *Tool {
	return Of(attrove.ListEntities, Spec{
		Name: "attrove_entities", Title: "List contacts", Toolset: Context,
		Description: "Find people and companies by part of a name or address; their ids (ent_...) are what goals watch. " +
			"For what someone wrote use attrove_messages with sender_email.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_entity"}},
	})
}

func getEntity() *Tool {
	return Of(attrove.GetEntity, Spec{
		Name: "attrove_get_entity", Title: "One contact", Toolset: Context, Short: true,
		Description: "Look at one contact by its id: name, kind, addresses. For whom it deals with use attrove_relationships.",
	})
}

func relationships() *Tool {
	return Of(attrove.ListRelationships, Spec{
		Name: "attrove_relationships", Title: "Who deals with whom", Toolset: Context,
		Description: "List which contacts appear together, how often and when last; give entity_id for one contact's circle. " +
			"Use it for who knows someone, or who else is involved.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_entity"}},
	})
}
