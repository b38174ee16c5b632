package tools_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/safe"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/tools"
)

// box is a safe in memory.
type box struct {
	unready, lost error
	kept          []safe.Entry
}

func (b *box) Ready() error { return b.unready }

func (b *box) Keep(e safe.Entry) (string, error) {
	if b.lost != nil {
		return "", b.lost
	}
	b.kept = append(b.kept, e)
	return "the box", nil
}

// secretCalls are the calls that show a credential once, and what Attrove says.
func secretCalls() []struct{ tool, args, body, path string } {
	return []struct{ tool, args, body, path string }{
		{"attrove_create_user", `{"email":"ann@acme.example"}`, `{"id":"u_1","api_key":"sk_planted-credential"}`, "api_key"},
		{"attrove_create_user", `{"email":"ann@acme.example"}`, `{"id":"u_1","apiKey":"sk_planted-credential"}`, "apiKey"},
		{"attrove_create_webhook", `{"url":"https://h.example","events":"*"}`, `{"id":"whe_1","secret":"planted-credential"}`, "secret"},
		{"attrove_rotate_webhook_secret", `{"id":"whe_1"}`, `{"secret":"planted-credential","previous_secret_expires_at":"2026-11-03T00:00:00Z"}`, "secret"},
		{"attrove_create_connect_token", `{"user_id":"u_1"}`,
			`{"token":"pit_planted-credential","connect_url":"https://connect.example/?token=pit_planted-credential&user_id=u_1"}`, "token"},
	}
}

func TestSecretsAreKeptAndNotShown(t *testing.T) {
	for _, c := range secretCalls() {
		t.Run(c.tool+" "+c.path, func(t *testing.T) {
			kept := &box{}
			env := tools.Env{Client: attrovetest.Says(200, c.body).Client(t), Safe: kept}
			result := called(t, tool(t, c.tool), env, attrove.Caller{}, json.RawMessage(c.args))
			require.False(t, result.Failed(), "%s", result.Structured)
			assert.NotContains(t, string(result.Structured)+result.Text("n"), "planted")
			assert.Contains(t, string(result.Structured), `"`+c.path+`":"[not shown; saved to the box]"`)
			require.Len(t, kept.kept, 1)
			assert.Contains(t, kept.kept[0].Secrets[c.path], "planted-credential")
			assert.Equal(t, c.tool, kept.kept[0].Tool)
			assert.NotEmpty(t, kept.kept[0].Arguments, "what it was made for")
		})
	}
}

// TestSecretsAreShownToWhoeverAsksForThem: nothing is kept, so that no place is needed.
func TestSecretsAreShownToWhoeverAsksForThem(t *testing.T) {
	full := &box{unready: errors.New("the disk is full")}
	for _, c := range secretCalls() {
		for _, place := range []tools.Safe{nil, full} {
			env := tools.Env{Client: attrovetest.Says(200, c.body).Client(t), Safe: place, Reveal: true}
			result := called(t, tool(t, c.tool), env, attrove.Caller{}, json.RawMessage(c.args))
			assert.Contains(t, string(result.Structured), "planted-credential", c.tool)
		}
	}
	assert.Empty(t, full.kept)
}

// TestSecretsNeedAPlace: what cannot be kept must not be made.
func TestSecretsNeedAPlace(t *testing.T) {
	for name, env := range map[string]tools.Env{
		"none": {}, "a full one": {Safe: &box{unready: errors.New("the disk is full")}},
	} {
		for _, c := range secretCalls() {
			up := attrovetest.Says(200, c.body)
			env.Client = up.Client(t)
			result := called(t, tool(t, c.tool), env, attrove.Caller{}, json.RawMessage(c.args))
			assert.Equal(t, tools.CodeNoSafe, result.Code, name)
			assert.Contains(t, result.Text("n"), "--secrets-file")
			assert.Contains(t, result.Text("n"), "--reveal-secrets")
			assert.Empty(t, up.Requests(), "it must not be sent")
		}
	}
}

func TestALostSecretIsSaidToBeLost(t *testing.T) {
	env := tools.Env{Client: attrovetest.Says(200, `{"id":"whe_1","secret":"planted"}`).Client(t), Safe: &box{lost: errors.New("the disk is full")}}
	result := called(t, tool(t, "attrove_create_webhook"), env, attrove.Caller{}, json.RawMessage(`{"url":"https://h.example","events":["*"]}`))
	require.False(t, result.Failed(), "the endpoint is there")
	assert.NotContains(t, string(result.Structured), "planted")
	assert.Contains(t, string(result.Structured), "whe_1")
	assert.Contains(t, string(result.Structured), "[lost, because it could not be saved: the disk is full]")
}

// TestEverySecretIsDeclared: a field of a credential's name that nobody tagged
// would be shown.
func TestEverySecretIsDeclared(t *testing.T) {
	secretive := map[string]bool{}
	for _, c := range secretCalls() {
		secretive[c.tool] = true
	}
	for _, one := range tools.Catalog() {
		_, out := one.Operations()[0].Types()
		assert.Equal(t, secretive[one.Name()], view.New(out, one.Shows()).Secretive(), one.Name())
	}
}

func TestPartnerToolsTakeThePartnersCredentials(t *testing.T) {
	for _, c := range []struct{ tool, args, method, path, body string }{
		{"attrove_create_connect_session", `{"user_id":"u_1","provider":"gmail"}`, "POST", "/v1/users/u_1/connect-sessions", `{"provider":"gmail"}`},
		{"attrove_settings", `{}`, "GET", "/v1/users/settings", ``},
		{"attrove_update_settings", `{"excluded_domains":"acme.example","clear":["history_days"]}`, "PATCH", "/v1/users/settings",
			`{"excluded_domains":["acme.example"],"history_days":null}`},
		{"attrove_update_webhook", `{"id":"whe_1","enabled":"false"}`, "PATCH", "/v1/webhooks/whe_1", `{"enabled":false}`},
		{"attrove_delete_webhook", `{"id":"whe_1"}`, "DELETE", "/v1/webhooks/whe_1", ``},
	} {
		up := &attrovetest.Upstream{}
		result := called(t, tool(t, c.tool), tools.Env{Client: up.Client(t)}, caller(), json.RawMessage(c.args))
		require.False(t, result.Failed(), "%s", result.Structured)
		require.Len(t, up.Requests(), 1)
		sent := up.Requests()[0]
		assert.Equal(t, c.method+" "+c.path, sent.Method+" "+sent.Path)
		assert.Equal(t, "Basic cGFydG5lcjpwYXJ0bmVyLXNlY3JldA==", sent.Key, "and not the user's")
		equalJSON(t, c.body, sent.Body)
	}
}

func TestPartnerToolsWithoutRights(t *testing.T) {
	bare, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "https://upstream.example", Transport: &attrovetest.Upstream{}})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		client *attrove.Client
		code   string
	}{
		"no credentials":    {bare, attrove.CodeMissingKey},
		"wrong credentials": {attrovetest.Says(401, `{"error":{"message":"no"}}`).Client(t), attrove.CodeAuthentication},
	} {
		env := tools.Env{Client: c.client, Setup: "Send two headers."}
		result := called(t, tool(t, "attrove_webhooks"), env, caller(), nil)
		assert.Equal(t, c.code, result.Code, name)
		assert.Contains(t, result.Text("n"), "ATTROVE_CLIENT_ID and ATTROVE_CLIENT_SECRET")
		assert.NotContains(t, result.Text("n"), "ATTROVE_SECRET_KEY", "a user's key is no help")
	}
}

// TestAPageIsSaidAndNotCalled: it is for the user's browser.
func TestAPageIsSaidAndNotCalled(t *testing.T) {
	up := &attrovetest.Upstream{}
	env := tools.Env{Client: up.Client(t)}
	page := tool(t, "attrove_connect_page")
	result := called(t, page, env, attrove.Caller{}, json.RawMessage(`{"session":"a&b"}`))
	assert.Contains(t, string(result.Structured), `"url":"https://connect.attrove.com/integrations/connect?session=a%26b"`)

	up.Ours = true
	env.Client = up.Client(t)
	result = called(t, page, env, attrove.Caller{}, json.RawMessage(`{"session":"a"}`))
	assert.True(t, result.Failed())
	assert.Contains(t, result.Text("n"), "activation_url")
	assert.Empty(t, up.Requests())
}
