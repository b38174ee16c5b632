package transport_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/oauth"
	"github.com/attrove/attrove-mcp/internal/oauth/oauthtest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

const (
	resource = "https://mcp.example.com/mcp"
	reading  = "attrove:read"
	writing  = "attrove:read attrove:write"
)

// protected is a server that takes tokens of an issuer.
type protected struct {
	testing.TB
	issuer *oauthtest.Issuer
	file   oauth.File
	users  *oauth.Users
	up     *attrovetest.Upstream
	base   string
}

// protect serves ann and bob, whose tokens the issuer makes.
func protect(t *testing.T, up *attrovetest.Upstream) protected {
	t.Helper()
	p := protected{TB: t, issuer: oauthtest.New(t), up: up}
	key, err := oauth.NewKey()
	require.NoError(t, err)
	p.file = oauth.File{Path: filepath.Join(t.TempDir(), "users.age"), Keys: key}
	p.add("sub-ann", "ann")
	p.add("sub-bob", "bob")
	p.users, err = oauth.OpenUsers(p.file, p.issuer.URL())
	require.NoError(t, err)
	callers := transport.OAuth{Verifier: oauth.New(oauth.Options{Issuer: p.issuer.URL(), Audience: resource}), Users: p.users,
		Resource: resource, Read: "attrove:read", Write: "attrove:write"}
	p.base, _ = newProduct(t, up).listen(t, transport.HTTPOptions{Callers: callers, Metadata: callers.Metadata()})
	return p
}

// add writes that a subject is a user, whose key is made of the name.
func (p protected) add(subject, user string) {
	p.Helper()
	require.NoError(p, p.file.Edit(func(b *oauth.Book) error {
		b.Issuer = p.issuer.URL()
		b.Users = append(b.Users, oauth.User{Subject: subject, UserID: user, Key: attrove.Secret("sk_planted_of_" + user)})
		return nil
	}))
}

func (p protected) token(subject, scope string) map[string]string {
	p.Helper()
	return carrying(p.issuer.Token(resource, subject, scope, time.Now()))
}

func carrying(token string) map[string]string {
	return map[string]string{"Authorization": "Bearer " + token}
}

// TestTokensActForTheirSubjects: in both eras, at once, and Attrove sees the keys
// of the users alone.
func TestTokensActForTheirSubjects(t *testing.T) {
	var seen struct {
		sync.Mutex
		headers []http.Header
	}
	p := protect(t, &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		seen.Lock()
		seen.headers = append(seen.headers, r.Header.Clone())
		seen.Unlock()
		echo(w, r)
	}})
	var all sync.WaitGroup
	var tokens []string
	for _, user := range []string{"ann", "bob"} {
		for _, option := range eras() {
			h := p.token("sub-"+user, writing)
			tokens = append(tokens, strings.TrimPrefix(h["Authorization"], "Bearer "))
			c := dial(t, p.base, option, with(h, transport.UserHeader, "mallory")) // which says nothing here
			for i := range 16 {
				all.Go(func() {
					answer, err := ask(t.Context(), c, fmt.Sprintf("%s %d", user, i))
					assert.Contains(t, answer, fmt.Sprintf(`"answer":"%s %d"`, user, i), err)
				})
			}
		}
	}
	all.Wait()
	require.Len(t, p.up.Requests(), 64)
	for _, r := range p.up.Requests() {
		user, _, _ := strings.Cut(strings.TrimPrefix(r.Body, `{"query":"`), " ")
		assert.Equal(t, "Bearer sk_planted_of_"+user, r.Key)
		assert.Equal(t, "/v1/users/"+user+"/query", r.Path)
	}
	for _, h := range seen.headers {
		for _, token := range tokens {
			assert.NotContains(t, fmt.Sprint(h), token, "no token goes on")
		}
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	p := protect(t, &attrovetest.Upstream{Answer: echo})
	stranger := oauthtest.New(t)
	const (
		invalid = `Bearer realm="attrove-mcp", error="invalid_token", error_description="`
		rest    = `scope="attrove:read attrove:write", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"`
		lacking = `Bearer realm="attrove-mcp", error="insufficient_scope", error_description="the token lacks the scope attrove:read", ` + rest
	)
	claims := p.issuer.Claims(resource, "sub-ann", writing, time.Now())
	for _, c := range []struct {
		name      string
		headers   map[string]string
		status    int
		says      string
		challenge string // how it begins; it ends like rest
	}{
		{"no token", nil, 401, "takes access tokens of " + p.issuer.URL(), `Bearer realm="attrove-mcp", ` + rest},
		{"another scheme", map[string]string{"Authorization": "Basic YTpi"}, 401, "Bearer TOKEN", `Bearer realm="attrove-mcp", ` + rest},
		{"a key of Attrove's", headers("ann", "sk_planted_of_ann"), 401, "not one that", invalid},
		{"another audience", carrying(p.issuer.Token("https://other.example/mcp", "sub-ann", writing, time.Now())), 401, "not one that", invalid},
		{"another issuer", carrying(stranger.Token(resource, "sub-ann", writing, time.Now())), 401, "not one that", invalid},
		{"expired", carrying(p.issuer.Token(resource, "sub-ann", writing, time.Now().Add(-2*time.Hour))), 401, "has expired", invalid + "the token has expired"},
		{"no scope", p.token("sub-ann", ""), 403, "lacks the scope attrove:read", lacking},
		{"another scope", p.token("sub-ann", "attrove email"), 403, "lacks the scope attrove:read", lacking},
		{"a subject that nobody knows", p.token("it's me", writing), 403, `subject \"it's me\" has no Attrove user here: whoever runs this server adds one with ` + "`attrove-mcp users add 'it'\\\\''s me' USER_ID`", ""},
		{"a subject that is a user's id", p.token("ann", writing), 403, "has no Attrove user here", ""},
		{"good", carrying(oauthtest.Sign(t, p.issuer.Key(), claims)), 200, `"result":{}`, ""},
		{"good, by writing alone", p.token("sub-ann", "attrove:write"), 200, `"result":{}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := send(t, "POST", p.base+transport.Path, ping, c.headers)
			assert.Equal(t, c.status, got.status, got.body)
			assert.Contains(t, got.body, c.says)
			challenge := got.header.Get("WWW-Authenticate")
			if c.challenge == "" {
				assert.Empty(t, challenge)
				return
			}
			assert.True(t, strings.HasPrefix(challenge, c.challenge), challenge)
			assert.True(t, strings.HasSuffix(challenge, rest), challenge)
		})
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+transport.Path, strings.NewReader(ping))
	require.NoError(t, err)
	req.Header["Authorization"] = []string{p.token("sub-ann", writing)["Authorization"], p.token("sub-bob", writing)["Authorization"]}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode, "two tokens")
	assert.Empty(t, p.up.Requests())
}

// TestTokensForReading: a call that changes something is answered with the
// challenge that has clients ask for more, and reading goes on.
func TestTokensForReading(t *testing.T) {
	p := protect(t, &attrovetest.Upstream{Answer: echo})
	note := `"name":"attrove_push_note","arguments":{"title":"t","body":"b"}`
	legacy := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{` + note + `}}`
	body, modern := modernly("tools/call", note)
	modern = with(modern, "Mcp-Name", "attrove_push_note")
	for _, c := range []struct {
		name, body string
		headers    map[string]string
	}{{"legacy", legacy, nil}, {"modern", body, modern}} {
		t.Run(c.name, func(t *testing.T) {
			sent := len(p.up.Requests())
			got := send(t, "POST", p.base+transport.Path, c.body, with(c.headers, "Authorization", p.token("sub-ann", reading)["Authorization"]))
			assert.Equal(t, http.StatusForbidden, got.status, got.body)
			assert.Contains(t, got.body, `"code":"INSUFFICIENT_SCOPE"`)
			assert.Equal(t, `Bearer realm="attrove-mcp", error="insufficient_scope", error_description="this changes something, for which the token lacks the scope attrove:write", `+
				`scope="attrove:read attrove:write", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"`, got.header.Get("WWW-Authenticate"))
			assert.Len(t, p.up.Requests(), sent)
			got = send(t, "POST", p.base+transport.Path, c.body, with(c.headers, "Authorization", p.token("sub-ann", writing)["Authorization"]))
			assert.Equal(t, http.StatusOK, got.status)
			assert.Len(t, p.up.Requests(), sent+1)
		})
	}
	for _, option := range eras() {
		c := dial(t, p.base, option, p.token("sub-ann", reading))
		list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
		require.NoError(t, err)
		assert.Contains(t, fmt.Sprint(list.Tools), "attrove_push_note", "which a client can ask its user for")
		got, err := ask(t.Context(), c, "hello")
		require.NoError(t, err)
		assert.Contains(t, got, `"answer":"hello"`)
	}
}

// TestMetadata: at both places, and of the address that is configured, whatever
// a request says of its host.
func TestMetadata(t *testing.T) {
	p := protect(t, &attrovetest.Upstream{})
	for _, path := range []string{"/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"} {
		got := send(t, "GET", p.base+path, "", map[string]string{"Host": "localhost:1", "X-Forwarded-Host": "evil.example"})
		assert.Equal(t, http.StatusOK, got.status)
		assert.Equal(t, "application/json", got.header.Get("Content-Type"))
		assert.JSONEq(t, `{"resource":"https://mcp.example.com/mcp","authorization_servers":["`+p.issuer.URL()+`"],"scopes_supported":["attrove:read","attrove:write"],
			"bearer_methods_supported":["header"],"resource_name":"Attrove","resource_documentation":"https://github.com/attrove/attrove-mcp"}`, got.body)
	}
	got := send(t, "POST", p.base+transport.Path, ping, map[string]string{"Host": "localhost:1", "X-Forwarded-Host": "evil.example"})
	assert.Contains(t, got.header.Get("WWW-Authenticate"), `resource_metadata="https://mcp.example.com/`)
}

// TestTheIssuerCannotBeAsked: that is no fault of the token, for which its user
// would have to log in again.
func TestTheIssuerCannotBeAsked(t *testing.T) {
	p := protect(t, &attrovetest.Upstream{})
	p.issuer.Down(true)
	got := send(t, "POST", p.base+transport.Path, ping, p.token("sub-ann", writing))
	assert.Equal(t, http.StatusServiceUnavailable, got.status)
	assert.Equal(t, "5", got.header.Get("Retry-After"))
	assert.Empty(t, got.header.Get("WWW-Authenticate"))
	assert.Contains(t, got.body, "cannot be reached")
}

// TestStreamsEndWithTheirTokens: otherwise whoever listens once would be told for
// ever.
func TestStreamsEndWithTheirTokens(t *testing.T) {
	p := protect(t, &attrovetest.Upstream{})
	body, h := modernly("subscriptions/listen", `"notifications":{"promptsListChanged":true}`)
	listen := func(life time.Duration) answer {
		claims := p.issuer.Claims(resource, "sub-ann", reading, time.Now())
		claims["exp"] = time.Now().Add(life).Unix() // which is in whole seconds
		return <-start(t, "POST", p.base+transport.Path, body, with(h, "Authorization", carrying(oauthtest.Sign(t, p.issuer.Key(), claims))["Authorization"]))
	}
	got := listen(1500 * time.Millisecond)
	for life := 3 * time.Second; got.status == http.StatusUnauthorized && life < time.Minute; life *= 2 { // it ended on a busy machine before it came
		got = listen(life)
	}
	require.NoError(t, got.err)
	assert.Equal(t, http.StatusOK, got.status)
	assert.Contains(t, got.body, "notifications/subscriptions/acknowledged")
}

func TestUsersComeAndGo(t *testing.T) {
	p := protect(t, &attrovetest.Upstream{})
	carol := p.token("sub-carol", reading)
	require.Equal(t, http.StatusForbidden, send(t, "POST", p.base+transport.Path, ping, carol).status)
	p.add("sub-carol", "carol")
	require.NoError(t, p.users.Reload(t.Context()))
	require.Equal(t, http.StatusOK, send(t, "POST", p.base+transport.Path, ping, carol).status)
	require.NoError(t, p.file.Edit(func(b *oauth.Book) error {
		b.Users = b.Users[:2]
		return nil
	}))
	require.NoError(t, p.users.Reload(t.Context()))
	require.Equal(t, http.StatusForbidden, send(t, "POST", p.base+transport.Path, ping, carol).status)
}

// TestAttroveRefusesAKey: the result says so. A challenge would have clients get
// another token, which changes nothing about the key.
func TestAttroveRefusesAKey(t *testing.T) {
	refused := attrovetest.Says(http.StatusUnauthorized, `{"error":{"code":"AUTHENTICATION","message":"no"}}`)
	p := protect(t, refused)
	keys, _ := keyed(t, refused)
	query := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"attrove_query","arguments":{"query":"q"}}}`
	for base, h := range map[string]map[string]string{p.base: p.token("sub-ann", writing), keys: headers("ann", "sk_planted_of_ann")} {
		got := send(t, "POST", base+transport.Path, query, h)
		assert.Equal(t, http.StatusOK, got.status)
		assert.Empty(t, got.header.Get("WWW-Authenticate"))
		assert.Contains(t, got.body, "the key was refused")
		assert.Contains(t, got.body, "user map")
	}
}
