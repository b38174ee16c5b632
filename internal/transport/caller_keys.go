package transport

import (
	"net/http"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// UserHeader names the user whose key a request carries.
const UserHeader = "Attrove-User-Id"

const wantedHeaders = "every request needs two headers: Authorization: Bearer sk_... (the user's own key) and " +
	UserHeader + ": the user's id"

// HeaderKeys are callers who each send their own key and user id. There is no
// other source: no request can run with another one's key.
type HeaderKeys struct{}

// Identify implements Callers.
func (HeaderKeys) Identify(r *http.Request) (Identity, error) {
	key, err := bearer(r)
	if err != nil {
		return Identity{}, err
	}
	users := r.Header.Values(UserHeader)
	switch {
	case key == "":
		// No resource_metadata: without an issuer a client that looks for one
		// would ask its user to log in nowhere.
		return Identity{}, &Refusal{Status: http.StatusUnauthorized, Code: attrove.CodeAuthentication, Message: wantedHeaders, Challenge: `Bearer realm="attrove-mcp"`}
	case len(users) != 1 || strings.TrimSpace(users[0]) == "":
		return Identity{}, &Refusal{Status: http.StatusBadRequest, Code: attrove.CodeInvalidRequest, Message: wantedHeaders}
	}
	return Identity{Caller: attrove.Caller{UserID: strings.TrimSpace(users[0]), Key: attrove.Secret(key)}}, nil
}

// bearer is what follows Bearer in the Authorization header (RFC 6750, section
// 2.1); "" when that is missing or of another scheme.
func bearer(r *http.Request) (string, error) {
	given := r.Header.Values("Authorization")
	if len(given) > 1 {
		return "", &Refusal{Status: http.StatusBadRequest, Code: attrove.CodeInvalidRequest, Message: "there are several Authorization headers; send one"}
	}
	if len(given) == 0 {
		return "", nil
	}
	scheme, token, _ := strings.Cut(given[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", nil
	}
	return strings.TrimSpace(token), nil
}
