package tools

import (
	"context"
	"encoding/json"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// Call runs the tool as who, as an agent wants it.
func (t *Tool) Call(ctx context.Context, env Env, who attrove.Caller, args json.RawMessage) view.Result {
	c, err := t.Prepare(ctx, env, who, args)
	if err != nil {
		return t.Fail(env, err)
	}
	return c.Send(ctx)
}

// Check is what of the arguments is left once they are repaired and checked.
func Check(t *Tool, args json.RawMessage) (json.RawMessage, error) {
	fields, err := t.check(args)
	if err != nil {
		return nil, err
	}
	return json.Marshal(fields)
}
