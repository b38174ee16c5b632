package mcpserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/internal/schema"
	"github.com/attrove/attrove-mcp/prompts"
	"github.com/attrove/attrove-mcp/resources"
	"github.com/attrove/attrove-mcp/tools"
)

var update = flag.Bool("update", false, "write the golden files anew")

// eras are the two generations of the protocol.
func eras() map[string]client.ClientOption {
	return map[string]client.ClientOption{
		"legacy": legacy(),
		"modern": client.WithProtocolVersion(mcp.ProtocolVersion20260728),
	}
}

func legacy() client.ClientOption {
	return client.WithProtocolVersion(mcp.LATEST_LEGACY_PROTOCOL_VERSION)
}

func me(context.Context) (attrove.Caller, error) {
	return attrove.Caller{UserID: "11111111-2222-3333-4444-555555555555", Key: "sk_planted"}, nil
}

// serve is a server of all tools in front of up whose log goes to logs.
func serve(t *testing.T, up *attrovetest.Upstream, logs io.Writer) *server.MCPServer {
	t.Helper()
	return serveSome(t, up, logs, gate.Selection{Toolsets: []string{gate.AllToolsets}})
}

// serveSome is a server of some of the tools.
func serveSome(t *testing.T, up *attrovetest.Upstream, to io.Writer, wanted gate.Selection) *server.MCPServer {
	t.Helper()
	inventory, err := gate.Select(tools.Catalog(), wanted)
	require.NoError(t, err)
	now := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	logs := watched(t, to)
	env := tools.Env{Client: up.Client(t, logs), Now: func() time.Time { return now }, Zone: time.UTC}
	s, err := mcpserver.New(mcpserver.Options{
		Gate:      gate.New(inventory, env, me),
		Resources: resources.Env{Client: env.Client},
		Prompts:   prompts.Env{Client: env.Client},
		Version:   "v0.0.0-test",
		Log:       logs.Logger,
	})
	require.NoError(t, err)
	return s
}

func connect(t *testing.T, s *server.MCPServer, era client.ClientOption) (*client.Client, *mcp.InitializeResult) {
	t.Helper()
	return connectAloud(t, s, era, io.Discard)
}

// connectAloud connects a client; all that it is answered goes to heard.
func connectAloud(t *testing.T, s *server.MCPServer, era client.ClientOption, heard io.Writer) (*client.Client, *mcp.InitializeResult) {
	t.Helper()
	c := client.NewClient(overheard{transport.NewInProcessTransport(s), io.MultiWriter(heard, safetest.Watch(t, planted()...))}, era)
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	require.NoError(t, c.Start(t.Context()))
	hello, err := c.Initialize(t.Context(), mcp.InitializeRequest{})
	require.NoError(t, err)
	return c, hello
}

func call(t *testing.T, c *client.Client, name, args string) *mcp.CallToolResult {
	t.Helper()
	var req mcp.CallToolRequest
	req.Params.Name = name
	if args != "" {
		req.Params.Arguments = json.RawMessage(args)
	}
	result, err := c.CallTool(t.Context(), req)
	require.NoError(t, err)
	return result
}

func text(t *testing.T, r *mcp.CallToolResult) string {
	t.Helper()
	require.Len(t, r.Content, 1)
	content, ok := r.Content[0].(mcp.TextContent)
	require.True(t, ok)
	return content.Text
}

// golden holds got to a file, as indented JSON.
func golden(t *testing.T, name string, got any) {
	t.Helper()
	raw, err := json.Marshal(got)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, json.Indent(&b, raw, "", "  "))
	b.WriteByte('\n')
	path := filepath.Join("testdata", name+".json")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run go test ./internal/mcpserver -update")
	assert.Equal(t, string(want), b.String())
}

func TestListings(t *testing.T) {
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			up := &attrovetest.Upstream{}
			var heard bytes.Buffer
			c, hello := connectAloud(t, serve(t, up, io.Discard), option, &heard)
			var first struct{ Result json.RawMessage } // of initialize, or of server/discover
			require.NoError(t, json.NewDecoder(&heard).Decode(&first))
			golden(t, "hello_"+era, first.Result)
			assert.Contains(t, string(first.Result), string(encoded(t, hello.Instructions)))
			list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
			require.NoError(t, err)
			require.Len(t, list.Tools, len(tools.Catalog()))
			for i, want := range tools.Catalog() {
				assert.Equal(t, want.Name(), list.Tools[i].Name, "the order is the catalogue's")
				golden(t, "tools/"+want.Name(), list.Tools[i])
			}
			assert.Empty(t, up.Requests(), "listing needs no I/O")
		})
	}
}

func TestInstructionsAreShort(t *testing.T) {
	_, hello := connect(t, serve(t, &attrovetest.Upstream{}, io.Discard), legacy())
	assert.Less(t, len(hello.Instructions), 2000)
	_, byDefault := connect(t, serveSome(t, &attrovetest.Upstream{}, io.Discard, gate.Selection{}), legacy())
	assert.Equal(t, hello.Instructions, byDefault.Instructions, "the default tools are what they are about")
	for _, name := range namedIn(hello.Instructions) {
		assert.Contains(t, names(), name)
	}
}

func namedIn(text string) []string {
	return regexp.MustCompile(`attrove_[a-z_]+`).FindAllString(text, -1)
}

// TestInstructionsFollowWhatIsOn: a model that is sent to tools that are not
// there tries them.
func TestInstructionsFollowWhatIsOn(t *testing.T) {
	_, hello := connect(t, serveSome(t, &attrovetest.Upstream{}, io.Discard, gate.Selection{Toolsets: []string{"goals"}}), legacy())
	assert.Equal(t, []string{"attrove_list_goals", "attrove_get_goal_status", "attrove_create_goal"}, namedIn(hello.Instructions))
	assert.Contains(t, hello.Instructions, "untrusted")
}

func names() (all []string) {
	for _, t := range tools.Catalog() {
		all = append(all, t.Name())
	}
	return all
}

// TestSelfTest: mcp-go turns one tool that does not marshal into an empty answer
// for all.
func TestSelfTest(t *testing.T) {
	broken := tools.Of(attrove.GetProfile, tools.Spec{Name: "attrove_without_schemas"})
	_, err := mcpserver.New(mcpserver.Options{Gate: gate.New(gate.Everything([]*tools.Tool{broken}), tools.Env{}, me), Log: watched(t, io.Discard).Logger})
	require.ErrorContains(t, err, "attrove_without_schemas")
}

func TestEveryToolMarshals(t *testing.T) {
	s := serve(t, &attrovetest.Upstream{}, io.Discard)
	for name, one := range s.ListTools() {
		raw, err := json.Marshal(one.Tool)
		require.NoError(t, err, name)
		assert.True(t, json.Valid(raw))
		for _, hint := range []string{"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"} {
			assert.Contains(t, string(raw), hint, "%s: what is left out counts as true", name)
		}
	}
	assert.Len(t, s.ListTools(), len(tools.Catalog()))
}

func TestResults(t *testing.T) {
	for _, c := range []struct {
		name, tool, args string
		status           int
		body             string
	}{
		{"query", "attrove_query", `{"query":"What did we promise Acme?","include_sources":true}`, 200,
			`{"answer":"A quote by Friday.","history":[],"used_message_ids":["msg_1"],"used_meeting_ids":[],"used_event_ids":[],"used_note_ids":[],
			  "sources":[{"title":"Quote","snippet":"We will send\u200b a quote by Friday."}]}`},
		{"search_with_dates", "attrove_search", `{"query":"quote","after_date":"yesterday"}`, 200,
			`{"key_messages":[{"message_id":"msg_1","thread_id":"thr_1"}],"conversations":{"cnv_1":{"conversation_name":null,"threads":{"thr_1":[
			  {"message_id":"msg_1","sender_name":"<b>Ann</b> & Co","received_at":"2026-11-02T10:00:00Z","integration_type":"gmail","recipient_names":["Bo"]}]}}},
			  "key_meetings":[],"key_events":[]}`},
		{"nothing_found", "attrove_notes", `{}`, 200, `{"data":[],"pagination":{"limit":25,"has_more":false}}`},
		{"not_found", "attrove_get_message", `{"id":"msg_9"}`, 404, `{"error":{"code":"NOT_FOUND","message":"there is no message msg_9"}}`},
		{"not_implemented", "attrove_list_goals", `{}`, 501, `{"error":{"code":"NOT_IMPLEMENTED","message":"list_goals comes later"}}`},
		{"attendees_in_a_string", "attrove_events", `{}`, 200, `{"data":[{"id":"evt_1","title":"Review","start_time":"2026-11-03T10:00:00Z",
			"attendees":"[{\"email\":\"ann@acme.example\",\"name\":\"Ann\"}]","colour":"red"}],"pagination":{"has_more":false}}`},
		{"texts_for_objects", "attrove_get_goal_status", `{"goal_id":"gol_1"}`, 200,
			`{"id":"gol_1","last_snapshot":{"cited_evidence_refs":["msg_1"],"next_actions":["Call Ann."]}}`},
		{"guessed_path", "attrove_delete_note", `{"id":"note_1"}`, 404, `<h1>Not Found</h1>`},
		{"somebody_elses_id", "attrove_get_message", `{"id":"msg_1","user_id":"victim"}`, 200, `{}`},
		{"unknown_argument", "attrove_query", `{"question":"?"}`, 200, `{}`},
	} {
		for era, option := range eras() {
			t.Run(c.name+"/"+era, func(t *testing.T) {
				client, _ := connect(t, serve(t, attrovetest.Says(c.status, c.body), io.Discard), option)
				result := call(t, client, c.tool, c.args)
				structured, err := json.Marshal(result.StructuredContent)
				require.NoError(t, err)
				holdsToSchema(t, c.tool, structured)
				golden(t, "results/"+c.name, map[string]any{
					"isError": result.IsError, "structuredContent": json.RawMessage(structured), "text": withoutNonce(t, text(t, result)),
				})
				assert.Equal(t, strings.Contains(string(structured), `"untrusted"`),
					result.Meta != nil && result.Meta.AdditionalFields["attrove-mcp/untrusted"] == true)
			})
		}
	}
}

func withoutNonce(t *testing.T, text string) string {
	t.Helper()
	found := regexp.MustCompile(`with the mark ([A-Z2-7]{26})\.`).FindStringSubmatch(text)
	if found == nil {
		return text
	}
	return strings.ReplaceAll(text, found[1], "NONCE")
}

// outputs are the validators of the tools' results: compiling them takes longer
// than most calls.
var outputs = sync.OnceValue(func() map[string]*schema.Validator {
	all := map[string]*schema.Validator{}
	for _, one := range tools.Catalog() {
		if v, err := schema.Compile(one.OutputSchema()); err == nil {
			all[one.Name()] = v
		}
	}
	return all
})

func holdsToSchema(t *testing.T, name string, structured json.RawMessage) {
	t.Helper()
	v, ok := outputs()[name]
	require.True(t, ok, "%s has no output schema that compiles", name)
	assert.Empty(t, v.Validate(structured))
}

// TestNoncesDiffer: a mark that can be foreseen can be faked.
func TestNoncesDiffer(t *testing.T) {
	c, _ := connect(t, serve(t, attrovetest.Says(200, `{"id":"note_1","body":"b"}`), io.Discard), legacy())
	one := text(t, call(t, c, "attrove_get_note", `{"note_id":"note_1"}`))
	two := text(t, call(t, c, "attrove_get_note", `{"note_id":"note_1"}`))
	assert.NotEqual(t, one, two)
	assert.Equal(t, withoutNonce(t, one), withoutNonce(t, two))
}

func TestBigNumbersSurviveBothWays(t *testing.T) {
	up := attrovetest.Says(200, `{"id":"note_1","status":"queued","n":9007199254740993}`)
	s := serve(t, up, io.Discard)
	answer := s.HandleMessage(t.Context(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/call",
		"params":{"name":"attrove_push_note","arguments":{"body":"b","metadata":{"n":9007199254740993}}}}`))
	raw, err := json.Marshal(answer)
	require.NoError(t, err)
	assert.Contains(t, string(raw), `"n":9007199254740993`)
	assert.Contains(t, up.Requests()[0].Body, `"n":9007199254740993`)
}

func TestDisabledToolIsHiddenAndSaysSo(t *testing.T) {
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			up := &attrovetest.Upstream{}
			c, _ := connect(t, serveSome(t, up, io.Discard, gate.Selection{}), option)
			list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
			require.NoError(t, err)
			for _, one := range list.Tools {
				assert.NotEqual(t, "attrove_push_event", one.Name)
			}
			result := call(t, c, "attrove_push_event", `{}`)
			assert.True(t, result.IsError)
			assert.True(t, strings.HasPrefix(text(t, result), "Error TOOL_DISABLED: "))
			assert.Empty(t, up.Requests())
		})
	}
}

func TestUnknownToolIsAProtocolError(t *testing.T) {
	c, _ := connect(t, serve(t, &attrovetest.Upstream{}, io.Discard), legacy())
	var req mcp.CallToolRequest
	req.Params.Name = "attrove_brief"
	_, err := c.CallTool(t.Context(), req)
	require.ErrorContains(t, err, "attrove_brief")
}

// TestPanicsAndErrorsStayInside: neither what was thrown nor a raw error of Go
// reaches a client or the log.
func TestPanicsAndErrorsStayInside(t *testing.T) {
	var logs bytes.Buffer
	env := tools.Env{Client: (&attrovetest.Upstream{}).Client(t)}
	for name, source := range map[string]gate.CallerSource{
		"panic": func(context.Context) (attrove.Caller, error) { panic("sk_planted in a panic") },
		"error": func(context.Context) (attrove.Caller, error) { return attrove.Caller{}, io.ErrUnexpectedEOF },
	} {
		s, err := mcpserver.New(mcpserver.Options{Gate: gate.New(gate.Everything(tools.Catalog()), env, source), Log: watched(t, &logs).Logger})
		require.NoError(t, err)
		c, _ := connect(t, s, legacy())
		result := call(t, c, "attrove_profile", "")
		assert.True(t, result.IsError, name)
		assert.Contains(t, text(t, result), "Error INTERNAL_ERROR: something went wrong inside attrove-mcp", name)
		assert.NotContains(t, text(t, result), "EOF")
	}
	assert.Contains(t, logs.String(), `"panic":"string"`)
	assert.NotContains(t, logs.String(), "sk_planted")
}

// TestLogHoldsNoContent plants secrets wherever a call has a place for them.
func TestLogHoldsNoContent(t *testing.T) {
	var logs bytes.Buffer
	up := &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Planted", "planted-header")
		_, _ = io.WriteString(w, `{"answer":"planted-answer","used_message_ids":[]}`)
	}}
	c, _ := connect(t, serve(t, up, &logs), legacy())
	result := call(t, c, "attrove_query", `{"query":"planted-question"}`)
	require.False(t, result.IsError)
	call(t, c, "attrove_query", `{"planted-name":"planted-value"}`)
	assert.NotContains(t, logs.String(), "planted")
	lines := strings.Split(strings.TrimSpace(logs.String()), "\n")
	require.Len(t, lines, 2)
	assert.Contains(t, lines[0], `"tool":"attrove_query","outcome":"ok"`)
	assert.Contains(t, lines[1], `"outcome":"INVALID_ARGUMENT"`)
	whole, err := json.Marshal(result)
	require.NoError(t, err)
	assert.NotContains(t, string(whole), "sk_planted")
	assert.NotContains(t, string(whole), "planted-header")
}
