// Package gate decides which tools are there and which calls go ahead.
package gate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/tools"
)

// CallerSource says on whose behalf a call is made. Its errors are shown to the
// model when they are *attrove.Error.
type CallerSource func(context.Context) (attrove.Caller, error)

// Gate is the one way to a tool. It is safe for concurrent use.
type Gate struct {
	inventory Inventory
	env       tools.Env
	caller    CallerSource
}

// New returns a gate to the tools of an inventory.
func New(inventory Inventory, env tools.Env, caller CallerSource) *Gate {
	return &Gate{inventory: inventory, env: env, caller: caller}
}

// All lists every tool, also those that are off.
func (g *Gate) All() []*tools.Tool { return slices.Clone(g.inventory.all) }

// On reports whether a tool may be listed and called.
func (g *Gate) On(name string) bool {
	_, off := g.inventory.off[name]
	return !off
}

// Caller says on whose behalf a request is made that calls no tool.
func (g *Gate) Caller(ctx context.Context) (attrove.Caller, error) { return g.caller(ctx) }

// Call calls a tool by its name. What goes wrong is in the result. What can be
// undone proceeds under the approval that hosts ask for themselves.
func (g *Gate) Call(ctx context.Context, name string, args json.RawMessage) view.Result {
	i := slices.IndexFunc(g.inventory.all, func(t *tools.Tool) bool { return t.Name() == name })
	if i < 0 {
		return view.Fail(view.Problem{Code: CodeUnknownTool, Message: fmt.Sprintf("there is no tool %q", name),
			Next: "List the tools and take a name from there."})
	}
	if why, off := g.inventory.off[name]; off {
		return view.Fail(why)
	}
	who, err := g.caller(ctx)
	if err != nil {
		return g.env.Fail(err)
	}
	return g.inventory.all[i].Call(ctx, g.env, who, args)
}

// Codes of calls that the gate turns away.
const (
	CodeDisabled    = "TOOL_DISABLED"
	CodeUnknownTool = "UNKNOWN_TOOL"
)
