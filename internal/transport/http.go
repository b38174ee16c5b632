package transport

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"

	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
)

// Path is where the MCP server answers, and nowhere else: a client that looks
// for OAuth metadata elsewhere must get a plain 404.
const Path = "/mcp"

// MetadataPath is where clients look for who issues tokens, there and below it
// at Path (RFC 9728, section 3.1).
const MetadataPath = "/.well-known/oauth-protected-resource"

// HTTPOptions say for whom an MCP server is served.
type HTTPOptions struct {
	Callers   Callers           // nil is HeaderKeys
	Metadata  http.Handler      // of the resource that tokens are for (RFC 9728); nil: there are no tokens
	Inventory gate.Inventory    // what the server offers, of which a request may ask for less
	Direct    *mcpserver.Direct // answers what it can; nil: mcp-go answers everything
	Webhooks  http.Handler      // is told of changes; nil: there is nothing at WebhooksPath
	Edge      Edge
	Limits    Limits
	Log       zerolog.Logger
}

// ServeHTTP serves callers over streamable HTTP on l until ctx ends, then ends
// listening streams and finishes the calls in progress.
func ServeHTTP(ctx context.Context, l net.Listener, s *server.MCPServer, o HTTPOptions) error {
	streams, end := context.WithCancel(context.WithoutCancel(ctx)) // new ones may begin while others are asked to go elsewhere
	defer end()
	return serve(ctx, l, handler(streams, s, o), o.Edge, o.Log, end)
}

// handler is everything that answers: the MCP server behind its edge, and the
// health check. Listening streams end with streams.
func handler(streams context.Context, s *server.MCPServer, o HTTPOptions) http.Handler {
	if o.Callers == nil {
		o.Callers = HeaderKeys{}
	}
	guard := newGuard(o.Limits, o.Edge.Proxies)
	// Stateless, and no stream by GET: what there is belongs to one request.
	mcp := http.Handler(server.NewStreamableHTTPServer(s,
		server.WithStateLess(true),
		server.WithDisableStreaming(true),
		server.WithDisableLocalhostProtection(true), // it knows of no other hosts than this machine; knownHosts does
		server.WithHTTPContextFunc(isolate(s)),
		server.WithStreamableHTTPLogger(slog.New(slog.DiscardHandler)), // it logs what clients send
	))
	if o.Direct != nil {
		mcp = o.Direct.Listening(mcp)
	}
	mcp = listening(streams, aliveTime, mcp)
	if o.Direct != nil {
		mcp = o.Direct.Before(mcp)
	}
	mcp = observed(o.Edge.Telemetry, mcp)
	mcp = messages(callTime, mcp)
	mcp = guard.callers(mcp)
	mcp = identified(o.Callers, newNarrowing(o.Inventory).narrowed(mcp))
	mcp = postOnly(guard.addresses(mcp))

	mux := http.NewServeMux()
	mux.Handle(Path, mcp)
	if o.Metadata != nil {
		mux.Handle(MetadataPath, o.Metadata)
		mux.Handle(MetadataPath+Path, o.Metadata)
	}
	if o.Webhooks != nil {
		mux.Handle(WebhooksPath, guard.addresses(o.Webhooks))
	}
	mux.Handle("/healthz", Healthy())
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "NOT_FOUND", "there is nothing here; the MCP server is at "+Path)
	})
	return exactPaths(mux)
}

// Healthy answers that the process serves.
func Healthy() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{\"status\":\"ok\"}\n") // whoever hung up does not need it
	})
}
