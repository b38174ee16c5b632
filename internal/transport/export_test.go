package transport

import (
	"context"
	"net/http"
	"time"

	"github.com/mark3labs/mcp-go/server"
)

// Handler is handler, for tests that need no network.
func Handler(streams context.Context, s *server.MCPServer, o HTTPOptions) http.Handler {
	return handler(streams, s, o)
}

// Listening is listening, for a test that sets the time.
func Listening(streams context.Context, every time.Duration, next http.Handler) http.Handler {
	return listening(streams, every, next)
}
