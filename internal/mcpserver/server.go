// Package mcpserver puts the tools on an MCP server that speaks both eras of the
// protocol. It does no I/O of its own: a client gets its answer to initialize,
// server/discover and tools/list before anything is opened or called.
package mcpserver

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/project"
	"github.com/attrove/attrove-mcp/prompts"
	"github.com/attrove/attrove-mcp/resources"
	"github.com/attrove/attrove-mcp/tools"
)

// callTimeout is the time of one tool call, retries included. Hosts give up
// after about a minute.
const callTimeout = 45 * time.Second

// Options are what a server needs.
type Options struct {
	Gate      *gate.Gate
	Resources resources.Env // without a client there are none
	Prompts   prompts.Env   // without a client there are none
	Version   string
	Log       zerolog.Logger
	Progress  time.Duration // how often a long call says that it goes on; 0 is every 5 s
}

func (o Options) progress() time.Duration { return cmp.Or(o.Progress, progressEvery) }

// on says which tools are on for whoever does not ask for less.
func (o Options) on(tool string) bool { return o.Gate.Offers(tool) }

// New returns a server with the gate's tools, or an error when one of them does
// not marshal, for which mcp-go would answer tools/list with nothing at all, or
// when two have one name, of which it would keep the last.
func New(o Options) (*server.MCPServer, error) {
	s, _, err := build(o)
	return s, err
}

// NewHTTP returns a server as New does, and what answers most requests before it
// over HTTP.
func NewHTTP(o Options) (*server.MCPServer, *Direct, error) {
	s, lib, err := build(o)
	if err != nil {
		return nil, nil, err
	}
	d, err := newDirect(o, s, lib)
	return s, d, err
}

func build(o Options) (*server.MCPServer, library, error) {
	var listed []mcp.Tool
	hooks := &server.Hooks{}
	// The catalogue's order, which mcp-go does not keep, and without what is off:
	// those are not unknown, and when called say how to switch them on.
	hooks.AddAfterListTools(func(ctx context.Context, _ any, _ *mcp.ListToolsRequest, list *mcp.ListToolsResult) {
		list.Tools = listed
		if o.Gate.Narrows(ctx) {
			list.Tools = slices.DeleteFunc(slices.Clone(listed), func(t mcp.Tool) bool { return !o.Gate.On(ctx, t.Name) })
		}
	})
	narrowInstructions(hooks, o.Gate)
	observe(hooks)
	options := []server.ServerOption{
		server.WithTitle(project.Title),
		server.WithDescription(project.Summary),
		server.WithWebsiteURL(project.Home),
		server.WithInstructions(instructionsFor(o.on)),
		server.WithToolCapabilities(false),
		server.WithHooks(hooks),
	}
	lib := newLibrary(o)
	book := newPlaybook(o)
	options = append(append(options, lib.options(hooks)...), book.options(hooks)...)
	s := server.NewMCPServer(project.Name, o.Version, options...)
	lib.offer(s)
	book.offer(s)
	h := newHandler(o)
	for _, t := range o.Gate.All() {
		described := describe(t)
		if s.GetTool(t.Name()) != nil {
			return nil, lib, fmt.Errorf("describe %s: there are two of this name", t.Name())
		}
		if _, err := json.Marshal(described); err != nil {
			return nil, lib, fmt.Errorf("describe %s: %w", t.Name(), err)
		}
		s.AddTool(described, h.call)
		if o.on(t.Name()) {
			listed = append(listed, described)
		}
	}
	return s, lib, nil
}

// describe is the tool as clients see it.
func describe(t *tools.Tool) mcp.Tool {
	described := mcp.NewToolWithRawSchema(t.Name(), t.Description(), t.InputSchema())
	described.RawOutputSchema = t.OutputSchema()
	described.Title = t.Title()
	hints := t.Hints()
	described.Annotations = mcp.ToolAnnotation{
		Title:           t.Title(),
		ReadOnlyHint:    mcp.ToBoolPtr(hints.ReadOnly),
		DestructiveHint: mcp.ToBoolPtr(hints.Destructive),
		IdempotentHint:  mcp.ToBoolPtr(hints.Idempotent),
		OpenWorldHint:   mcp.ToBoolPtr(hints.OpenWorld),
	}
	return described
}
