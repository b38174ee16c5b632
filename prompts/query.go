package prompts

import "github.com/attrove/attrove-mcp/internal/attrove"

// query asks a question in plain words.
func query(d *desk, text, what string) *answer[attrove.QueryOut] {
	return ask(d, question{what: what, tool: "attrove_query", budget: 10_000}, attrove.Query, attrove.QueryIn{Query: text})
}
