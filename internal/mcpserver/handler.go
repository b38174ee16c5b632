package mcpserver

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/view"
)

// untrustedMark in a result's _meta says that it holds other people's words.
const untrustedMark = "attrove-mcp/untrusted"

// handler answers tools/call for every tool.
type handler struct {
	gate    *gate.Gate
	log     zerolog.Logger
	timeout time.Duration
}

// call never returns an error: mcp-go would show it to the client as it is.
func (h handler) call(ctx context.Context, req mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	result := h.guarded(ctx, req)
	outcome := "ok"
	if result.Failed() {
		outcome = result.Code
	}
	h.log.Info().Str("tool", req.Params.Name).Str("outcome", outcome).Dur("ms", time.Since(start)).Msg("call")
	return toMCP(result), nil
}

// guarded calls the tool and turns a panic into an error. What was thrown may
// hold anything, so only its type reaches the log.
func (h handler) guarded(ctx context.Context, req mcp.CallToolRequest) (result view.Result) {
	defer func() {
		if r := recover(); r != nil {
			h.log.Error().Str("tool", req.Params.Name).Str("panic", fmt.Sprintf("%T", r)).Bytes("stack", debug.Stack()).Msg("call")
			result = view.Fail(view.Explain(fmt.Errorf("panic of type %T", r)))
		}
	}()
	// The bytes that the client sent: large numbers survive in them.
	return h.gate.Call(ctx, req.Params.Name, req.Params.RawArguments)
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
