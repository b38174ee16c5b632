package transport

import (
	"context"
	"net/http"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Keyless is for a server on the user's own machine: whoever reaches it is that
// user. It takes only what comes straight from this machine: behind a proxy, a
// server without keys would be open to whoever reaches the proxy.
type Keyless struct {
	// User is the one user that there is, or an error that says why nobody can be
	// served without a key. It is asked for each request.
	User func(context.Context) (attrove.Caller, error)
}

// Identify implements Callers.
func (k Keyless) Identify(r *http.Request) (Identity, error) {
	for name := range r.Header {
		if forwarding(name) {
			return Identity{}, forbidden("this server takes no keys and is for this machine only, not behind a proxy")
		}
	}
	who, err := k.User(r.Context())
	if err != nil {
		return Identity{}, err
	}
	return Identity{Caller: who}, nil
}

// forwarding reports whether a header comes from a proxy (RFC 7239, RFC 9110
// section 7.6.3, and what proxies set besides).
func forwarding(name string) bool {
	switch name {
	case "Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "Fly-Client-Ip":
		return true
	}
	return strings.HasPrefix(name, "X-Forwarded-")
}

func forbidden(message string) *Refusal {
	return &Refusal{Status: http.StatusForbidden, Code: attrove.CodeForbidden, Message: message}
}
