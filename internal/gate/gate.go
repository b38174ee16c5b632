// Package gate decides which tools are there and which calls go ahead.
package gate

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"time"

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

	policy  Policy
	seals   *Seals
	used    Spender
	now     func() time.Time
	changed func(user string)
	record  func(context.Context, Record)
}

// New returns a gate to the tools of an inventory.
func New(inventory Inventory, env tools.Env, caller CallerSource, options ...Option) *Gate {
	g := &Gate{inventory: inventory, env: env, caller: caller, policy: Ask, seals: NewSeals(attrove.Secret(rand.Text())), now: time.Now,
		changed: func(string) {}, record: func(context.Context, Record) {}}
	for _, option := range options {
		option(g)
	}
	if g.used == nil {
		g.used = &spent{now: g.now}
	}
	return g
}

// All lists every tool, also those that are off.
func (g *Gate) All() []*tools.Tool { return slices.Clone(g.inventory.all) }

// Offers reports whether a tool is on for requests that are not narrowed.
func (g *Gate) Offers(name string) bool { return g.inventory.on(name) }

// On reports whether the request of ctx may be told of a tool and call it.
func (g *Gate) On(ctx context.Context, name string) bool {
	_, off := g.off(ctx, name)
	return !off
}

// Caller says on whose behalf a request is made that calls no tool.
func (g *Gate) Caller(ctx context.Context) (attrove.Caller, error) { return g.caller(ctx) }

// Request is a call as it comes in.
type Request struct {
	Tool      string
	Arguments json.RawMessage
	Human     Human
	Answer    *Answer // to the question that the same call led to before; nil is none
}

// Call calls a tool. What goes wrong is in the result. With a question, it is to
// be asked and the call made again with the answer; where that cannot be, the
// result stands.
func (g *Gate) Call(ctx context.Context, r Request) (view.Result, *Question) {
	start := time.Now()
	what := &Record{Decision: Refused, Outcome: attrove.CodeInternal} // what it is where something panics
	defer func() {
		what.Took = time.Since(start)
		g.record(ctx, *what)
	}()
	result, question := g.call(ctx, r, what)
	what.end(r, result, question)
	return result, question
}

func (g *Gate) call(ctx context.Context, r Request, what *Record) (view.Result, *Question) {
	i := slices.IndexFunc(g.inventory.all, func(t *tools.Tool) bool { return t.Name() == r.Tool })
	if i < 0 {
		return view.Fail(view.Problem{Code: CodeUnknownTool, Message: fmt.Sprintf("there is no tool %q", r.Tool),
			Next: "List the tools and take a name from there."}), nil
	}
	what.Tool = r.Tool
	if why, off := g.off(ctx, r.Tool); off {
		return view.Fail(why), nil
	}
	if !granted(ctx, g.inventory.all[i]) {
		return view.Fail(view.Problem{Code: CodeReadOnly, Message: r.Tool + " changes something, and the token that the request came with is only for reading",
			Next: "Go on without it, or ask the user to allow changes when the client asks for access."}), nil
	}
	who, err := g.caller(ctx)
	if err != nil {
		return g.env.Fail(err), nil
	}
	what.User = who.UserID
	tool := g.inventory.all[i]
	call, err := tool.Prepare(ctx, g.env, who, r.Arguments)
	if err != nil {
		return tool.Fail(g.env, err), nil
	}
	what.about(call)
	field := tool.Opens()
	switch {
	case call.Effect() >= attrove.Undoable:
		return g.decide(ctx, call, who, r)
	case field != "" && r.Answer != nil:
		return g.linked(ctx, call, who, r), nil
	case field != "" && r.Human.Opens:
		return g.link(g.send(ctx, call, who), call, who, r, field)
	}
	return g.send(ctx, call, who), nil
}

// send makes a call.
func (g *Gate) send(ctx context.Context, call *tools.Call, who attrove.Caller) view.Result {
	result := call.Send(ctx)
	if call.Effect() != attrove.Read && !result.Failed() {
		g.changed(who.UserID)
	}
	return result
}

// Codes of calls that the gate turns away.
const (
	CodeDisabled    = "TOOL_DISABLED"
	CodeUnknownTool = "UNKNOWN_TOOL"
	CodeReadOnly    = "INSUFFICIENT_SCOPE"
)
