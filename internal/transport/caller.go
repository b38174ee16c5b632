package transport

import (
	"context"
	"net/http"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// UserHeader names the user whose key a request carries.
const UserHeader = "Attrove-User-Id"

const wantedHeaders = "every request needs two headers: Authorization: Bearer sk_... (the user's own key) and " +
	UserHeader + ": the user's id"

type callerKey struct{}

// RequestCaller is who made the HTTP request that ctx belongs to.
func RequestCaller(ctx context.Context) (attrove.Caller, error) {
	who, ok := ctx.Value(callerKey{}).(attrove.Caller)
	if !ok {
		return attrove.Caller{}, &attrove.Error{Code: attrove.CodeMissingKey, Message: wantedHeaders}
	}
	return who, nil
}

// authenticated reads the caller from each request's own headers. There is no
// other source: no request can run with another one's key.
func authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := r.Header.Values("Authorization")
		if len(given) > 1 {
			refuse(w, http.StatusBadRequest, attrove.CodeInvalidRequest, "there are several Authorization headers; send one")
			return
		}
		var scheme, key string
		if len(given) == 1 {
			scheme, key, _ = strings.Cut(given[0], " ")
			key = strings.TrimSpace(key)
		}
		users := r.Header.Values(UserHeader)
		switch {
		case key == "" || !strings.EqualFold(scheme, "Bearer"):
			w.Header().Set("WWW-Authenticate", `Bearer realm="attrove-mcp"`)
			refuse(w, http.StatusUnauthorized, attrove.CodeAuthentication, wantedHeaders)
			return
		case len(users) != 1 || strings.TrimSpace(users[0]) == "":
			refuse(w, http.StatusBadRequest, attrove.CodeInvalidRequest, wantedHeaders)
			return
		}
		who := attrove.Caller{UserID: strings.TrimSpace(users[0]), Key: attrove.Secret(key)}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, who)))
	})
}

// direct lets through only what comes straight from this machine: behind a
// proxy, a server without keys would be open to whoever reaches the proxy.
func direct(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
			if r.Header.Get(name) != "" {
				refuse(w, http.StatusForbidden, attrove.CodeForbidden, "this server takes no keys and is for this machine only, not behind a proxy")
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
