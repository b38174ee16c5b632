package transport

import (
	"context"
	"net/http"

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
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if len(r.Header.Values(name)) > 0 {
			return Identity{}, forbidden("this server takes no keys and is for this machine only, not behind a proxy")
		}
	}
	who, err := k.User(r.Context())
	if err != nil {
		return Identity{}, err
	}
	return Identity{Caller: who}, nil
}

func forbidden(message string) *Refusal {
	return &Refusal{Status: http.StatusForbidden, Code: attrove.CodeForbidden, Message: message}
}
