package tools

import (
	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func threadMessages() *Tool {
	return Of(attrove.ListThreadMessages, Spec{
		Name: "attrove_thread_messages", Title: "Read a thread", Toolset: Context,
		Description: "Read the messages of one thread in order, by its thread_id from attrove_search or attrove_messages. " +
			"Use it to see how a conversation went.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_message"}},
	})
}
