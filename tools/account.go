package tools

import (
	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func profile() *Tool {
	return Of(attrove.GetProfile, Spec{
		Name: "attrove_profile", Title: "The user's profile", Toolset: Account,
		Description: "Get the user's own name, address and time zone.",
	})
}

func syncStats() *Tool {
	return Of(attrove.GetSyncStats, Spec{
		Name: "attrove_sync_stats", Title: "How much data there is", Toolset: Account,
		Description: "Count what is stored, and what was pushed and still waits to be indexed. " +
			"Use it when results look thin, or to see whether pushed items are searchable yet.",
	})
}

func conversations() *Tool {
	return Of(attrove.ListConversations, Spec{
		Name: "attrove_conversations", Title: "Conversations", Toolset: Account,
		Description: "List conversations (channels, lists, mailboxes) and whether each syncs. For what is said in them use attrove_messages with conversation_id.",
		Shows:       view.Spec{Finds: []string{"data"}},
	})
}

func updateConversations() *Tool {
	return Of(attrove.UpdateConversations, Spec{
		Name: "attrove_update_conversations", Title: "Sync conversations or not", Toolset: Account,
		Description: "Switch the sync of up to 100 conversations on or off, by id from attrove_conversations. What comes while it is off is not stored. Only when the user asked for it.",
		Asks: Asks{
			Will:  "Switch the sync of conversations: %s?",
			After: "It can be switched back; what comes while it is off is not stored.",
			Thing: theConversations(),
			Said:  "conversations",
		},
		Shows: view.Spec{Whole: map[string]string{"": "attrove_conversations"}},
	})
}

func disconnectIntegration() *Tool {
	return Of(attrove.DisconnectIntegration, Spec{
		Name: "attrove_disconnect_integration", Title: "Disconnect a service", Toolset: Account,
		Description: "Disconnect a connected service for good; to connect it again the user must sign in anew. " +
			"The embedded engine removes all that came from it (what Attrove keeps is not documented); broken off, the same call finishes it. " +
			"Only when the user asked for exactly this.",
		Asks: Asks{
			Will:  "Disconnect the service %s?",
			After: "This cannot be undone: to connect it again you must sign in anew, and what came from it may be removed.",
			Thing: theIntegration(),
		},
	})
}
