package doctor_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/doctor"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/openapi"
)

// The engine with its own document is as it is declared, in every read.
func TestTheEngineIsAsDeclared(t *testing.T) {
	at := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	engine := local.New(local.Options{Now: func() time.Time { return at }, Me: sample.Me(), Sample: sample.Load, SampleGoals: sample.Goals})
	t.Cleanup(func() { require.NoError(t, engine.Close()) })
	document, err := openapi.Handler(openapi.Options{Server: "/"})
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/", engine)
	mux.Handle("GET "+openapi.Path, document)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	me, err := engine.LocalCaller(t.Context())
	require.NoError(t, err)

	report, err := doctor.Examine(t.Context(), doctor.Options{Client: attrove.ClientOptions{BaseURL: server.URL, RetryDelay: 1}, Caller: me, Version: "test"})
	require.NoError(t, err)
	assert.Empty(t, report.Unread)
	assert.Empty(t, report.Document)
	assert.Empty(t, report.Live)
	asked := map[string]string{}
	for _, probe := range report.Probes {
		asked[probe.Operation] = probe.Outcome
		assert.False(t, probe.Failed, "%s: %s", probe.Operation, probe.Outcome)
	}
	assert.True(t, report.Same(), report.Verdict())
	for _, name := range []string{"get_profile", "list_messages", "get_message", "list_thread_messages", "get_integration", "get_goal", "list_goal_snapshots"} {
		assert.Equal(t, "200, as declared", asked[name], name)
	}
	assert.Contains(t, asked["list_webhooks"], "partner")
	assert.Contains(t, report.Markdown(), "Result: the OpenAPI document says what this program declares; the answers are as declared.")
	assert.NotContains(t, report.Markdown(), me.UserID)
}

// secrets are planted wherever an upstream could put them.
var secrets = []string{"sk_live_planted", "planted@example.com", "Planted", "planted", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "msg_9a8b7c"}

// unlike is an upstream that answers otherwise than declared.
func unlike(t *testing.T) *httptest.Server {
	t.Helper()
	answers := map[string]string{
		"/v1/users/f47ac10b-58cc-4372-a567-0e02b2c3d479": `{"id":"f47ac10b-58cc-4372-a567-0e02b2c3d479","email":"planted@example.com","created_at":7,"plan_name":"Planted"}`,
		"/messages": `{"data":[{"id":"msg_9a8b7c","subject":["planted"],"sk_live_planted":1,"planted@example.com":{"Planted":1}},
			{"id":"msg_9a8b7c","receivedAt":"planted"}],"pagination":{"has_more":false}}`,
		"/messages/msg_9a8b7c": `{"data":{"id":"msg_9a8b7c"}}`,
		"/sync-stats":          `{"data":{"user_id":"planted","totals":{"planted":1,"msg_planted":2},"integrations":{"Planted":true}}}`,
		"/notes":               `["planted"]`,
		"/meetings":            `"planted"`,
		"/events":              `<html>planted</html>`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, http.MethodGet, r.Method, "a read changes nothing")
		answer, ok := answers[r.URL.Path]
		if !ok {
			_, rest, _ := strings.Cut(r.URL.Path, secrets[4])
			answer, ok = answers[rest]
		}
		if !ok {
			w.WriteHeader(http.StatusForbidden)
			answer = `{"error":{"code":"PLANTED_planted","message":"planted sk_live_planted"}}`
		}
		_, _ = w.Write([]byte(answer)) // the client may have gone
	}))
	t.Cleanup(server.Close)
	return server
}

func TestTheReportHoldsNoContent(t *testing.T) {
	server := unlike(t)
	report, err := doctor.Examine(t.Context(), doctor.Options{Client: attrove.ClientOptions{BaseURL: server.URL, RetryDelay: 1}, Version: "test",
		Caller: attrove.Caller{UserID: secrets[4], Key: attrove.Secret(secrets[0])}})
	require.NoError(t, err)
	page := report.Markdown()
	for _, secret := range secrets {
		assert.NotContains(t, page, secret)
	}
	assert.False(t, report.Same())
	for _, line := range []string{
		"| `get_profile` | `answer envelope` | `bare` | `in data` | P-03 |",
		"| `get_profile` | `answer.created_at` | `integer` | `string` | P-11 |",
		"| `get_profile` | `answer.plan_name` | `string` | none |  |",
		"| `list_messages` | `answer.data[].subject` | `array` | `string` | P-31 |",
		"| `list_messages` | `answer.data[].(name withheld)` | `integer` | none |  |",
		"| `list_messages` | `answer.data[].(name withheld)` | `object` | none |  |",
		"| `list_messages` | `answer.data[].receivedAt` | `string` | none |  |",
		"| `get_message` | `answer.data.received_at` | none | `string, required` | D |",
		"| `get_sync_stats` | `answer.data.totals.(name withheld)` | `integer` | none |  |",
		"| `get_sync_stats` | `answer.data.totals.messages` | none | `integer, required` | P-25 |",
		"| `get_sync_stats` | `answer.data.integrations` | `object` | `array` | P-25 |",
		"| `list_notes` | `answer envelope` | `a bare list` | `a page` | P-03 |",
		"| `list_meetings` | 200, but no JSON object or list |",
		"| `list_events` | 200, but no JSON object or list |",
		"| `list_goals` | refused: 403 Forbidden |",
		"| `list_webhooks` | skipped: it needs a partner's credentials |",
		"| `get_goal` | skipped: it needs an id, and no list showed one |",
	} {
		assert.Contains(t, page, line)
	}
}

// What cannot be had is said in plain words, and the rest is done all the same.
func TestWithoutADocument(t *testing.T) {
	dir := t.TempDir()
	written := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	answering := func(status int, body string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			assert.Empty(t, r.Header.Get("Authorization"), "the document needs no key")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body)) // the client may have gone
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	raw, _ := ours(t)
	for name, tc := range map[string]struct{ base, document, want string }{
		"nobody there":   {closed.URL, "", "could not be compared: cannot reach 127.0.0.1: connection refused."},
		"not found":      {answering(404, "planted"), "", "could not be compared: refused: 404 Not Found."},
		"a redirect":     {answering(302, ""), "", "could not be compared: refused: 302 Found."},
		"a page":         {answering(200, "<html>planted"), "", "could not be compared: it is a page"},
		"an empty page":  {answering(200, ""), "", "could not be compared: it is no object."},
		"no file":        {closed.URL, filepath.Join(dir, "planted"), "could not be compared: the file cannot be opened."},
		"a directory":    {closed.URL, dir, "could not be compared: the file cannot be read."},
		"another file":   {closed.URL, written("a.json", `{"a":1}`), "could not be compared: it is no OpenAPI 3 document"},
		"a good file":    {closed.URL, written("b.json", string(raw)), "Read from a file. OpenAPI 3.1.1, `Attrove API` v1, 65 operations.\n\nNo differences."},
		"a YAML address": {closed.URL, answering(200, "openapi: 3.0.0\npaths: {/x: {get: {}}}") + "/a.yaml", "1 operations"},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := doctor.Examine(t.Context(), doctor.Options{Client: attrove.ClientOptions{BaseURL: tc.base, RetryDelay: 1}, OpenAPI: tc.document})
			require.NoError(t, err)
			assert.Contains(t, report.Markdown(), tc.want)
			assert.Contains(t, report.Markdown(), "No read was asked")
			assert.NotContains(t, report.Markdown(), "planted")
			assert.Equal(t, name == "a good file", report.Same())
		})
	}
}

func TestOptionsThatAreWrong(t *testing.T) {
	for name, o := range map[string]doctor.Options{
		"no https":          {Client: attrove.ClientOptions{BaseURL: "http://attrove.example"}},
		"a key in the URL":  {OpenAPI: "https://attrove.example/openapi.json?key=planted"},
		"a name in the URL": {OpenAPI: "https://planted@attrove.example/openapi.json"},
		"another scheme":    {OpenAPI: "ftp://attrove.example/openapi.json"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := doctor.Examine(t.Context(), o)
			require.Error(t, err)
			assert.NotContains(t, err.Error(), "planted")
		})
	}
}
