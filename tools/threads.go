package tools

import (
	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func discoverThreads() *Tool {
	return Of(attrove.DiscoverThreads, Spec{
		Name: "attrove_discover_threads", Title: "Find conversations", Toolset: Context,
		Description: "Find whole threads about something, best first: which discussions there are. " +
			"For single messages use attrove_search. " +
			"Go on with attrove_thread_messages or attrove_analyze_thread.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_thread_messages"}},
	})
}

func analyzeThread() *Tool {
	return Of(attrove.AnalyzeThread, Spec{
		Name: "attrove_analyze_thread", Title: "Analyze a conversation", Toolset: Context,
		Description: "Sum up one conversation: decisions, action items, open questions, participants. " +
			"It takes a conversation_id, which searches and lists of messages give, and not a thread_id.",
		Shows: view.Spec{Whole: map[string]string{"": "attrove_thread_messages"}},
	})
}

func threadMessages() *Tool {
	return Of(attrove.ListThreadMessages, Spec{
		Name: "attrove_thread_messages", Title: "Read a thread", Toolset: Context,
		Description: "Read the messages of one thread in order, by its thread_id from a search or a list. Use it to see how a conversation went.",
		Shows:       view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_message"}},
	})
}
