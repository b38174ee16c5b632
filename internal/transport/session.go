package transport

import (
	"context"
	"crypto/rand"
	"net/http"

	"github.com/mark3labs/mcp-go/server"
)

// fullSession is everything that mcp-go looks for in the session of a request.
type fullSession interface {
	server.SessionWithLogging
	server.SessionWithTools
	server.SessionWithResources
	server.SessionWithResourceTemplates
	server.SessionWithClientInfo
	server.SessionWithStreamableHTTPConfig
	server.SessionWithSubscriptionFilter
	server.SessionWithSampling
	server.SessionWithElicitation
	server.SessionWithRoots
	server.SessionWithProtocolVersion
	SetProtocolVersion(version string)
}

// ownSession gives a request an identity of its own: nothing that one caller
// sends can reach what another one started.
type ownSession struct {
	fullSession
	id string
}

// SessionID is unique to the request.
func (s ownSession) SessionID() string { return s.id }

// isolate is the HTTP context function of the MCP server.
func isolate(s *server.MCPServer) server.HTTPContextFunc {
	return func(ctx context.Context, _ *http.Request) context.Context {
		inner, ok := server.ClientSessionFromContext(ctx).(fullSession)
		if !ok {
			return ctx // a test holds mcp-go to it
		}
		return s.WithContext(ctx, ownSession{fullSession: inner, id: rand.Text()})
	}
}
