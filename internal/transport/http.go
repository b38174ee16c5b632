package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"
)

// Path is where the MCP server answers, and nowhere else: a client that looks
// for OAuth metadata elsewhere must get a plain 404.
const Path = "/mcp"

// How long a connection may take for what. There is no limit on writing, which
// would cut slow calls and streams; a call has its own deadline.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 30 * time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 10 * time.Second
	maxHeaderBytes  = 32 << 10
)

// HTTPOptions say where to listen, and for whom.
type HTTPOptions struct {
	Listen  string // a loopback address with its port
	Keyless bool   // requests carry no key: whoever is on this machine is the user
	Log     zerolog.Logger
	Ready   func(net.Addr) // called once, when requests are answered; may be nil
}

// ListenHTTP serves callers over streamable HTTP until ctx ends, then finishes
// the calls in progress.
func ListenHTTP(ctx context.Context, s *server.MCPServer, o HTTPOptions) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", o.Listen, err)
	}
	if addr, ok := listener.Addr().(*net.TCPAddr); !ok || !addr.IP.IsLoopback() {
		return errors.Join(fmt.Errorf("listen on %s: only loopback addresses are served; use 127.0.0.1 and the port", o.Listen), listener.Close())
	}
	streams, endStreams := context.WithCancel(context.WithoutCancel(ctx))
	defer endStreams()
	srv := &http.Server{
		Handler:           handler(streams, s, o),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(quiet{o.Log}, "", 0),
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(listener) }()
	if o.Ready != nil {
		o.Ready(listener.Addr())
	}
	select {
	case err := <-served:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	endStreams() // they would go on for ever
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := srv.Shutdown(grace); err != nil {
		return errors.Join(fmt.Errorf("calls were still running after %s", shutdownTimeout), srv.Close())
	}
	return nil
}

// handler is everything that answers: the MCP server behind its edge, and the
// health check. Listening streams end with streams.
func handler(streams context.Context, s *server.MCPServer, o HTTPOptions) http.Handler {
	callers := authenticated
	if o.Keyless {
		callers = direct
	}
	// Stateless, and no stream by GET: those would share one session.
	mcp := http.Handler(server.NewStreamableHTTPServer(s,
		server.WithStateLess(true),
		server.WithDisableStreaming(true),
		server.WithHTTPContextFunc(isolate(s)),
		server.WithStreamableHTTPLogger(slog.New(slog.DiscardHandler)), // it logs what clients send
	))
	mcp = ending(streams, mcp)
	mcp = postOnly(callers(wholeBody(mcp)))

	mux := http.NewServeMux()
	mux.Handle(Path, mcp)
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{\"status\":\"ok\"}\n") // whoever hung up does not need it
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "NOT_FOUND", "there is nothing here; the MCP server is at "+Path)
	})
	return recovered(o.Log, localHost(sameOrigin(mux)))
}

// ending ends a listening stream when streams ends. Calls are left to finish.
func ending(streams context.Context, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Mcp-Method") == "subscriptions/listen" {
			listening, end := context.WithCancel(r.Context())
			defer end()
			defer context.AfterFunc(streams, end)()
			r = r.WithContext(listening) //nolint:contextcheck // it is the request's own
		}
		next.ServeHTTP(w, r)
	})
}
