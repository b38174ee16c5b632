package transport

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/server"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/oauth"
	"github.com/attrove/attrove-mcp/internal/project"
)

// OAuth is callers who send an access token of one issuer. The token says who
// they are here, and is of no use beyond: Attrove gets the key of the user that
// the subject stands for.
type OAuth struct {
	Verifier *oauth.Verifier
	Users    *oauth.Users
	Resource string // the URL at which clients reach the MCP server
	Read     string // the scope to do anything; "" is none
	Write    string // the scope to change something, which includes Read; "" is Read
}

// Identify implements Callers.
func (o OAuth) Identify(r *http.Request) (Identity, error) {
	given, err := bearer(r)
	if err != nil {
		return Identity{}, err
	}
	if given == "" {
		// RFC 6750, section 3.1: who sent no token is told of no error.
		return Identity{}, o.unauthorized(o.challenge("", ""), "this server takes access tokens of "+o.Verifier.Issuer()+": send one as Authorization: Bearer TOKEN")
	}
	token, err := o.Verifier.Verify(r.Context(), given)
	var invalid *oauth.InvalidError
	switch {
	case errors.As(err, &invalid):
		return Identity{}, o.unauthorized(o.challenge("invalid_token", invalid.Reason), invalid.Reason)
	case err != nil: // which says nothing of the token
		return Identity{}, &Refusal{Status: http.StatusServiceUnavailable, Code: attrove.CodeUpstream,
			Message: "the issuer of access tokens, " + o.Verifier.Issuer() + ", cannot be reached; try again in a moment", RetryAfter: oauth.RetryAfter}
	}
	if !token.Has(o.Read) && !o.mayWrite(token) {
		return Identity{}, o.insufficient("the token lacks the scope " + o.Read)
	}
	who, ok := o.Users.Caller(token.Subject)
	if !ok {
		// No challenge: another token of the same user would fare no better.
		return Identity{}, forbidden(fmt.Sprintf("the token is good, but its subject %q has no Attrove user here: whoever runs this server adds one with "+
			"`attrove-mcp users add %s USER_ID`", token.Subject, quoted(token.Subject)))
	}
	id := Identity{Caller: who, Subject: token.Subject, Until: token.Expiry}
	if !o.mayWrite(token) {
		id.Limit = o.insufficient("this changes something, for which the token lacks the scope " + o.Write)
	}
	return id, nil
}

// mayWrite reports whether a token may change something.
func (o OAuth) mayWrite(t oauth.Token) bool { return t.Has(cmp.Or(o.Write, o.Read)) }

func (o OAuth) unauthorized(challenge, message string) *Refusal {
	return &Refusal{Status: http.StatusUnauthorized, Code: attrove.CodeAuthentication, Message: message, Challenge: challenge}
}

func (o OAuth) insufficient(message string) *Refusal {
	return &Refusal{Status: http.StatusForbidden, Code: gate.CodeReadOnly, Message: message, Challenge: o.challenge("insufficient_scope", message)}
}

// challenge is a WWW-Authenticate header (RFC 6750, section 3; RFC 9728, section
// 5.1). It asks for all scopes at once, as the MCP specification advises, so that
// nobody is sent to the issuer twice.
func (o OAuth) challenge(code, description string) string {
	var text strings.Builder
	fmt.Fprintf(&text, `Bearer realm="%s"`, project.Name)
	for _, parameter := range [][2]string{{"error", code}, {"error_description", description}, {"scope", strings.Join(o.scopes(), " ")}, {"resource_metadata", o.metadataURL()}} {
		if parameter[1] != "" {
			fmt.Fprintf(&text, `, %s="%s"`, parameter[0], strings.ReplaceAll(parameter[1], `"`, `'`))
		}
	}
	return text.String()
}

// scopes lists what a token can be given for this server.
func (o OAuth) scopes() []string {
	return slices.DeleteFunc([]string{o.Read, o.Write}, func(scope string) bool { return scope == "" })
}

// metadataURL is where the resource's metadata is, beside the resource. It comes
// from configuration: what a request says of its host may be anybody's.
func (o OAuth) metadataURL() string {
	u, err := url.Parse(o.Resource)
	if err != nil { // which the configuration has checked
		return ""
	}
	u.Path = server.ProtectedResourceMetadataPath(o.Resource)
	return u.String()
}

// Metadata serves the resource's metadata (RFC 9728, section 3.2).
func (o OAuth) Metadata() http.Handler {
	return server.NewProtectedResourceMetadataHandler(server.ProtectedResourceMetadataConfig{
		Resource:               o.Resource,
		AuthorizationServers:   []string{o.Verifier.Issuer()},
		ScopesSupported:        o.scopes(),
		BearerMethodsSupported: []string{"header"},
		ResourceName:           project.Title,
		ResourceDocumentation:  project.Home,
	})
}

// quoted is text as one word of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
