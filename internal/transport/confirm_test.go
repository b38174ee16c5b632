package transport_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	clienttransport "github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/transport"
	"github.com/attrove/attrove-mcp/tools"
)

// human answers every question in one way and remembers them.
type human struct {
	answer mcp.ElicitationResponse
	fails  error

	mu    sync.Mutex
	asked []mcp.ElicitationParams
}

func (h *human) Elicit(_ context.Context, r mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, r.Params)
	return &mcp.ElicitationResult{ElicitationResponse: h.answer}, h.fails
}

func says(action mcp.ElicitationResponseAction, content any) *human {
	return &human{answer: mcp.ElicitationResponse{Action: action, Content: content}}
}

// goals is an upstream with a goal, a webhook endpoint and connect sessions.
func goals() *attrovetest.Upstream {
	return &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "/webhook"):
			_, _ = io.WriteString(w, `{"data":{"id":"whe_1","url":"https://hooks.acme.example/in"}}`)
		case strings.Contains(r.URL.Path, "/connect"):
			_, _ = io.WriteString(w, `{"data":{"session_id":"s-1","activation_url":"https://connect.example/a?s=1","expires_at":"2026-11-10T00:00:00Z"}}`)
		default:
			_, _ = io.WriteString(w, `{"data":{"id":"gol_1","title":"Renew ACME","lifecycle":"active","health":"at_risk","lifecycle_version":3}}`)
		}
	}}
}

// changes counts the requests that change something.
func changes(up *attrovetest.Upstream) (all []attrovetest.Request) {
	for _, one := range up.Requests() {
		if one.Method != http.MethodGet {
			all = append(all, one)
		}
	}
	return all
}

func logged(t *testing.T, up *attrovetest.Upstream, caller gate.CallerSource, to io.Writer) *server.MCPServer {
	t.Helper()
	logs := log(t, to)
	s, err := mcpserver.New(mcpserver.Options{
		Gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t, logs), Reveal: true}, caller), Version: "v0", Log: logs.Logger})
	require.NoError(t, err)
	return s
}

// piped is a client on the other end of standard input and output.
func piped(t *testing.T, s *server.MCPServer, options ...client.ClientOption) *client.Client {
	t.Helper()
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	served := make(chan error, 1)
	go func() {
		served <- transport.ServeStdio(context.WithoutCancel(t.Context()), s, toServer, fromServer, watched(t, io.Discard))
	}()
	c := client.NewClient(clienttransport.NewIO(tee(t, toClient), fromClient, io.NopCloser(strings.NewReader(""))), options...)
	require.NoError(t, c.Start(t.Context()))
	t.Cleanup(func() {
		assert.NoError(t, fromClient.Close())
		assert.NoError(t, <-served)
		_ = fromServer.Close() // ends the client's reading; it cannot fail
		_ = c.Close()
	})
	_, err := c.Initialize(t.Context(), mcp.InitializeRequest{})
	require.NoError(t, err)
	return c
}

func posted(t *testing.T, s *server.MCPServer, options ...client.ClientOption) *client.Client {
	t.Helper()
	base, _ := listen(t, s, transport.HTTPOptions{})
	over, err := clienttransport.NewStreamableHTTP(base+transport.Path, clienttransport.WithHTTPHeaders(headers("ann", "sk_ann")),
		clienttransport.WithHTTPBasicClient(overheard(t)))
	require.NoError(t, err)
	c := client.NewClient(over, options...)
	require.NoError(t, c.Start(t.Context()))
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	_, err = c.Initialize(t.Context(), mcp.InitializeRequest{})
	require.NoError(t, err)
	return c
}

func callTool(t *testing.T, c *client.Client, name, arguments string) (*mcp.CallToolResult, error) {
	t.Helper()
	var req mcp.CallToolRequest
	req.Params.Name, req.Params.Arguments = name, json.RawMessage(arguments)
	return c.CallTool(t.Context(), req)
}

const archiving = `{"goal_id":"gol_1","reason":"planted-reason"}`

// TestHumansDecide goes through the design's table with real clients.
func TestHumansDecide(t *testing.T) {
	yes := map[string]any{"confirm": true}
	for name, c := range map[string]struct {
		human  *human
		code   string // of archiving a goal where humans are asked
		agrees bool
	}{
		"accepts":                 {says(mcp.ElicitationResponseActionAccept, yes), "", true},
		"accepts but unticked":    {says(mcp.ElicitationResponseActionAccept, map[string]any{"confirm": false}), "DECLINED", false},
		"declines":                {says(mcp.ElicitationResponseActionDecline, nil), "DECLINED", false},
		"declines with a yes":     {says(mcp.ElicitationResponseActionDecline, yes), "DECLINED", false},
		"cancels":                 {says(mcp.ElicitationResponseActionCancel, nil), "DECLINED", false},
		"accepts nothing":         {says(mcp.ElicitationResponseActionAccept, nil), "NOT_CONFIRMED", false},
		"accepts something else":  {says(mcp.ElicitationResponseActionAccept, map[string]any{"confirm": "true"}), "NOT_CONFIRMED", false},
		"accepts another field":   {says(mcp.ElicitationResponseActionAccept, map[string]any{"confirmed": true}), "NOT_CONFIRMED", false},
		"accepts a list":          {says(mcp.ElicitationResponseActionAccept, []any{true}), "NOT_CONFIRMED", false},
		"does something unheard":  {says("approve", yes), "NOT_CONFIRMED", false},
		"cannot be asked (never)": {nil, "", false},
	} {
		for era, option := range eras() {
			for way, over := range map[string]func(*testing.T, *server.MCPServer, ...client.ClientOption) *client.Client{"stdio": piped, "http": posted} {
				t.Run(name+"/"+era+"/"+way, func(t *testing.T) {
					up, logs := goals(), &bytes.Buffer{}
					caller := transport.RequestCaller
					if way == "stdio" {
						caller = local
					}
					options := []client.ClientOption{option}
					if c.human != nil {
						c.human.asked = nil
						options = append(options, client.WithElicitationHandler(c.human))
					}
					session := over(t, logged(t, up, caller, logs), options...)
					asks := c.human != nil && (era == "modern" || way == "stdio")

					result, err := callTool(t, session, "attrove_archive_goal", archiving)
					require.NoError(t, err)
					initiator := `"initiator":"agent"`
					if asks {
						require.Len(t, c.human.asked, 1)
						assert.Contains(t, c.human.asked[0].Message, "Stop watching the goal “Renew ACME”")
						initiator = `"initiator":"human"`
					}
					if c.agrees || !asks {
						require.False(t, result.IsError, "%v", result.Content)
						require.Len(t, changes(up), 1)
						assert.Contains(t, changes(up)[0].Body, initiator)
					} else {
						assert.Contains(t, fmt.Sprint(result.Content), "Error "+c.code)
						assert.Empty(t, changes(up))
					}

					result, err = callTool(t, session, "attrove_delete_webhook", `{"id":"whe_1"}`)
					require.NoError(t, err)
					switch {
					case !asks:
						assert.Contains(t, fmt.Sprint(result.Content), "Error NEEDS_CONFIRMATION")
						assert.Len(t, changes(up), 1)
					case c.agrees:
						assert.False(t, result.IsError, "%v", result.Content)
						assert.Len(t, changes(up), 2)
					default:
						assert.Contains(t, fmt.Sprint(result.Content), "Error "+c.code)
						assert.Empty(t, changes(up))
					}
					for _, hidden := range []string{"planted-reason", "Renew", "state", "confirm"} {
						assert.NotContains(t, logs.String(), hidden)
					}
				})
			}
		}
	}
}

// TestAClientThatFailsToAsk: a legacy one fails the question, and the call says
// so in its result and not in words of the client's.
func TestAClientThatFailsToAsk(t *testing.T) {
	up := goals()
	c := piped(t, logged(t, up, local, io.Discard), eras()["legacy"], client.WithElicitationHandler(&human{fails: errors.New("planted failure")}))
	result, err := callTool(t, c, "attrove_archive_goal", archiving)
	require.NoError(t, err)
	assert.Contains(t, fmt.Sprint(result.Content), "Error NOT_CONFIRMED: the client could not show the question")
	assert.NotContains(t, fmt.Sprint(result.Content), "planted")
	assert.Empty(t, changes(up))
}

// TestLinksAreOffered where the client can, and the session is made once.
func TestLinksAreOffered(t *testing.T) {
	const arguments = `{"user_id":"u_1","provider":"gmail"}`
	both := client.WithClientCapabilities(mcp.ClientCapabilities{Elicitation: &mcp.ElicitationCapability{Form: &struct{}{}, URL: &struct{}{}}})
	for era, option := range eras() {
		for name, c := range map[string]struct {
			human   *human
			options []client.ClientOption
			hint    string
		}{
			"opened":       {says(mcp.ElicitationResponseActionAccept, nil), []client.ClientOption{both}, "agreed to open it"},
			"not opened":   {says(mcp.ElicitationResponseActionDecline, nil), []client.ClientOption{both}, "did not open it"},
			"not declared": {says(mcp.ElicitationResponseActionAccept, nil), nil, ""},
		} {
			t.Run(era+"/"+name, func(t *testing.T) {
				up := goals()
				session := piped(t, logged(t, up, local, io.Discard), append(c.options, option, client.WithElicitationHandler(c.human))...)
				result, err := callTool(t, session, "attrove_create_connect_session", arguments)
				require.NoError(t, err)
				require.False(t, result.IsError, "%v", result.Content)
				structured := string(result.RawStructuredContent)
				assert.Contains(t, structured, "https://connect.example/a?s=1")
				assert.Contains(t, structured, `"session_id":"s-1"`)
				assert.Len(t, changes(up), 1)
				if c.hint == "" {
					assert.Empty(t, c.human.asked)
					return
				}
				assert.Contains(t, structured, c.hint)
				require.Len(t, c.human.asked, 1)
				assert.Equal(t, "url", c.human.asked[0].Mode)
				assert.Equal(t, "https://connect.example/a?s=1", c.human.asked[0].URL)
			})
		}
	}
}

// TestFormsThatWereNotDeclared: a client that can only open links is not asked.
func TestFormsThatWereNotDeclared(t *testing.T) {
	onlyLinks := client.WithClientCapabilities(mcp.ClientCapabilities{Elicitation: &mcp.ElicitationCapability{URL: &struct{}{}}})
	for era, option := range eras() {
		h, up := says(mcp.ElicitationResponseActionAccept, map[string]any{"confirm": true}), goals()
		session := piped(t, logged(t, up, local, io.Discard), option, onlyLinks, client.WithElicitationHandler(h))
		result, err := callTool(t, session, "attrove_delete_webhook", `{"id":"whe_1"}`)
		require.NoError(t, err, era)
		assert.Contains(t, fmt.Sprint(result.Content), "Error NEEDS_CONFIRMATION", era)
		assert.Empty(t, h.asked, era)
	}
}

// post sends one modern request over HTTP and returns its result.
func post(t *testing.T, base, user string, params map[string]any) map[string]any {
	t.Helper()
	params["_meta"] = map[string]any{
		"io.modelcontextprotocol/protocolVersion":    mcp.ProtocolVersion20260728,
		"io.modelcontextprotocol/clientCapabilities": map[string]any{"elicitation": map[string]any{}},
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+transport.Path, bytes.NewReader(body))
	require.NoError(t, err)
	for name, value := range headers(user, "sk_"+user) {
		req.Header.Set(name, value)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set("Mcp-Protocol-Version", mcp.ProtocolVersion20260728)
	req.Header.Set("Mcp-Method", "tools/call")
	req.Header.Set("Mcp-Name", fmt.Sprint(params["name"]))
	reply, err := overheard(t).Do(req)
	require.NoError(t, err)
	defer reply.Body.Close()
	var answer struct{ Result map[string]any }
	raw, err := io.ReadAll(reply.Body)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &answer), "%s", raw)
	require.NotNil(t, answer.Result, "%s", raw)
	return answer.Result
}

// TestAnswersOverTheWire holds what a hostile client can send to what it may.
func TestAnswersOverTheWire(t *testing.T) {
	up := goals()
	base, _ := keyed(t, up)
	call := func(user, tool, reason, state string, answer any) map[string]any {
		params := map[string]any{"name": tool, "arguments": map[string]any{"goal_id": "gol_1", "reason": reason}}
		if answer != nil {
			params["inputResponses"] = map[string]any{"decision": answer}
			params["requestState"] = state
		}
		return post(t, base, user, params)
	}
	accept := map[string]any{"action": "accept", "content": map[string]any{"confirm": true}}
	asked := call("ann", "attrove_archive_goal", "r", "", nil)
	require.Equal(t, "input_required", asked["resultType"])
	state, ok := asked["requestState"].(string)
	require.True(t, ok)
	for _, readable := range []string{"ann", "gol_1", "attrove_archive_goal", "Renew"} {
		assert.NotContains(t, state, readable)
	}
	for name, result := range map[string]map[string]any{
		"an answer before the question": call("ann", "attrove_archive_goal", "r", "", accept),
		"a forged state":                call("ann", "attrove_archive_goal", "r", "eyJ0b29sIjoiYXJjaGl2ZSJ9", accept),
		"another user":                  call("bo", "attrove_archive_goal", "r", state, accept),
		"other arguments":               call("ann", "attrove_archive_goal", "s", state, accept),
		"another tool":                  call("ann", "attrove_cancel_goal", "r", state, accept),
	} {
		assert.Contains(t, fmt.Sprint(result["content"]), "Error NOT_CONFIRMED", name)
	}
	assert.Empty(t, changes(up))
	assert.NotContains(t, fmt.Sprint(call("ann", "attrove_archive_goal", "r", state, accept)["content"]), "Error")
	assert.Contains(t, fmt.Sprint(call("ann", "attrove_archive_goal", "r", state, accept)["content"]), "was used before")
	assert.Len(t, changes(up), 1)
	assert.Equal(t, "input_required", call("ann", "attrove_archive_goal", "r", state, nil)["resultType"], "without an answer the user is asked anew")
}

// TestACancelledCallWaitsForNobody: a legacy client that gives up the call ends
// the wait for its user, and the server answers what comes after.
func TestACancelledCallWaitsForNobody(t *testing.T) {
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	up := goals()
	served := make(chan error, 1)
	s := logged(t, up, local, io.Discard)
	go func() {
		served <- transport.ServeStdio(t.Context(), s, toServer, fromServer, watched(t, io.Discard))
	}()
	lines := bufio.NewScanner(tee(t, toClient))
	send := func(message string) {
		_, err := io.WriteString(fromClient, message+"\n")
		require.NoError(t, err)
	}
	next := func() string {
		require.True(t, lines.Scan())
		return lines.Text()
	}
	send(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},"clientInfo":{"name":"c","version":"1"}}}`)
	next()
	send(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"attrove_archive_goal","arguments":` + archiving + `}}`)
	assert.Contains(t, next(), "elicitation/create")
	before := time.Now()
	send(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}`)
	assert.Contains(t, next(), "NOT_CONFIRMED")
	assert.Less(t, time.Since(before), time.Minute)
	assert.Empty(t, changes(up))
	require.NoError(t, fromClient.Close())
	require.NoError(t, <-served)
}

// TestAClientThatIsGoneIsNotWaitedFor: the input ends while the user is asked.
func TestAClientThatIsGoneIsNotWaitedFor(t *testing.T) {
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	up := goals()
	s := logged(t, up, local, io.Discard)
	served := make(chan error, 1)
	go func() { served <- transport.ServeStdio(t.Context(), s, toServer, fromServer, watched(t, io.Discard)) }()
	lines := bufio.NewReader(tee(t, toClient))
	for _, message := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},"clientInfo":{"name":"c","version":"1"}}}`,
		`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"attrove_archive_goal","arguments":` + archiving + `}}`,
	} {
		_, err := io.WriteString(fromClient, message+"\n")
		require.NoError(t, err)
		_, err = lines.ReadString('\n')
		require.NoError(t, err)
	}
	require.NoError(t, fromClient.Close())
	go func() { _, _ = io.Copy(io.Discard, lines) }() // a last answer may be written
	select {
	case err := <-served:
		require.NoError(t, err)
	case <-time.After(time.Minute):
		assert.Fail(t, "the server waits for a client that is gone")
	}
	assert.Empty(t, changes(up))
}
