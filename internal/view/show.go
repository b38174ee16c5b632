package view

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Shown is an answer as a view lets it be seen, for those who write their own
// text from it.
type Shown[Out any] struct {
	Value  Out
	Paging Paging
	Notes  Notes
}

// Show calls an operation and returns its answer with strangers' text cleaned
// and all of it cut to req.Budget. Errors are *attrove.Error.
func Show[In, Out any](ctx context.Context, c *attrove.Client, who attrove.Caller, op attrove.Operation[In, Out], in In, spec Spec, req Request) (Shown[Out], error) {
	var s Shown[Out]
	reply, err := op.Call(ctx, c, who, in)
	if err != nil {
		return s, err
	}
	result := New(reflect.TypeFor[Out](), spec).Render(reply.RawReply, req)
	if result.Failed() {
		return s, &attrove.Error{Code: result.Code, Operation: op.Name, Message: result.problem.Message}
	}
	for _, to := range []any{&s.Value, &s.Paging, &s.Notes} {
		if err := json.Unmarshal(result.Structured, to); err != nil {
			return s, &attrove.Error{Code: attrove.CodeUpstream, Operation: op.Name,
				Message: fmt.Sprintf("the answer is not what %s should answer", op.Name)}
		}
	}
	return s, nil
}
