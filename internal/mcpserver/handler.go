package mcpserver

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/telemetry"
	"github.com/attrove/attrove-mcp/internal/view"
)

// untrustedMark in a result's _meta says that it holds other people's words.
const untrustedMark = "attrove-mcp/untrusted"

// handler answers tools/call for every tool.
type handler struct {
	gate     *gate.Gate
	log      zerolog.Logger
	timeout  time.Duration // of the work
	patience time.Duration // with the human; only legacy clients keep a call waiting for one
	progress time.Duration // between two signs of life
}

func newHandler(o Options) handler {
	return handler{gate: o.Gate, log: o.Log, timeout: callTimeout, patience: humanTimeout, progress: o.progress()}
}

// call never returns an error: mcp-go would show it to the client as it is.
func (h handler) call(ctx context.Context, req mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	start := time.Now()
	// The bytes that the client sent: large numbers survive in them.
	r := gate.Request{Tool: req.Params.Name, Arguments: req.Params.RawArguments, Human: humanBehind(ctx), Answer: answerIn(req.Params)}
	stop := goingOn(ctx, req.Params.Meta, h.progress)
	defer stop()
	result, question := h.guarded(ctx, r)
	if question != nil && !server.IsModernRequest(ctx) {
		r.Answer = &gate.Answer{State: question.State, Verdict: h.ask(ctx, question)}
		result, question = h.guarded(ctx, r)
	}
	h.tell(r, result, question, start)
	if question != nil {
		return server.NewInputRequestBuilder(question.State).Elicit(answerID, form(question)).ToolResult(), nil
	}
	return toMCP(result), nil
}

// read makes a call that leads to no question.
func (h handler) read(ctx context.Context, r gate.Request) view.Result {
	start := time.Now()
	result, question := h.guarded(ctx, r)
	h.tell(r, result, question, start)
	return result
}

// tell logs what came of a call.
func (h handler) tell(r gate.Request, result view.Result, question *gate.Question, start time.Time) {
	outcome := "ok"
	switch {
	case question != nil:
		outcome = "asked"
	case result.Failed():
		outcome = result.Code
	}
	h.log.Info().Str("tool", r.Tool).Str("outcome", outcome).Dur("ms", time.Since(start)).Msg("call")
}

// guarded calls the tool and turns a panic into an error. What was thrown may
// hold anything, so only its type reaches the log.
func (h handler) guarded(ctx context.Context, r gate.Request) (result view.Result, question *gate.Question) {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	defer func() {
		if thrown := recover(); thrown != nil {
			telemetry.OperationFrom(ctx).Panicked("tool")
			h.log.Error().Str("tool", r.Tool).Str("panic", fmt.Sprintf("%T", thrown)).Bytes("stack", debug.Stack()).Msg("call")
			result, question = view.Fail(view.Explain(fmt.Errorf("panic of type %T", thrown))), nil
		}
	}()
	return h.gate.Call(ctx, r)
}

// toMCP is the result as the protocol has it: once for programs, once as text.
func toMCP(r view.Result) *mcp.CallToolResult {
	result := &mcp.CallToolResult{
		Content:           []mcp.Content{mcp.NewTextContent(r.Text(rand.Text()))},
		StructuredContent: r.Structured,
		IsError:           r.Failed(),
	}
	if r.Foreign() {
		result.Meta = mcp.NewMetaFromMap(map[string]any{untrustedMark: true})
	}
	return result
}
