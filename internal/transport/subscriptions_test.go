package transport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	clienttransport "github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/gate"
	engine "github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/transport"
	"github.com/attrove/attrove-mcp/resources"
	"github.com/attrove/attrove-mcp/tools"
)

// house is an engine with several users, and servers in front of it.
type house struct {
	*testing.T
	api   *attrove.Client
	env   resources.Env
	polls atomic.Int64
}

// newHouse is one whose subscribers are told when the engine says that something
// happened; a poll by itself comes only after poll.
func newHouse(t *testing.T, poll time.Duration) *house {
	t.Helper()
	h := &house{T: t}
	bell := new(resources.Bell)
	logs := log(t, io.Discard)
	api := engine.New(engine.Options{Log: logs.Logger, ClientID: "partner", ClientSecret: "partner-secret", GoalsChanged: bell.RingAll})
	t.Cleanup(func() { assert.NoError(t, api.Close()) })
	counted := roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/goal-events") {
			h.polls.Add(1)
		}
		return api.Transport().RoundTrip(r)
	})
	var err error
	h.api, err = attrove.NewClient(attrove.ClientOptions{BaseURL: "http://localhost", Transport: logs.Between(t, counted), Ours: true,
		ClientID: "partner", ClientSecret: "partner-secret"})
	require.NoError(t, err)
	h.env = resources.Env{Client: h.api, Poll: poll, Changes: bell}
	return h
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (h *house) server(who gate.CallerSource) *server.MCPServer {
	h.Helper()
	s, err := mcpserver.New(mcpserver.Options{Gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: h.api}, who),
		Resources: h.env, Log: watched(h.T, io.Discard)})
	require.NoError(h, err)
	return s
}

// listen serves as the product does.
func (h *house) listen() (base string) {
	h.Helper()
	base, _ = newProductOf(h, h.api, h.env, watched(h.T, io.Discard)).listen(h.T, transport.HTTPOptions{})
	return base
}

func do[In, Out any](h *house, op attrove.Operation[In, Out], who attrove.Caller, in In) Out {
	h.Helper()
	reply, err := op.Call(h.Context(), h.api, who, in)
	require.NoError(h, err)
	out, err := reply.Value()
	require.NoError(h, err)
	return out
}

func (h *house) user(name string) attrove.Caller {
	h.Helper()
	u := do(h, attrove.CreateUser, attrove.Caller{}, attrove.CreateUserIn{Email: name + "@acme.example"})
	return attrove.Caller{UserID: u.ID, Key: attrove.Secret(u.APIKey)}
}

// goal creates a goal and waits until it was evaluated, so that nothing more
// happens to it by itself.
func (h *house) goal(who attrove.Caller) (uri string) {
	h.Helper()
	g := do(h, attrove.CreateGoal, who, attrove.CreateGoalIn{Title: "Renewal", WatchScope: attrove.WatchScope{Keywords: []string{"renewal"}}})
	require.Eventually(h, func() bool {
		return do(h, attrove.GetGoal, who, attrove.GoalRef{GoalID: g.ID}).LastEvaluatedAt != nil
	}, time.Minute, 5*time.Millisecond)
	return "attrove://goals/" + g.ID
}

// change archives a goal: one event, once and for all.
func (h *house) change(who attrove.Caller, uri string) {
	h.Helper()
	do(h, attrove.ArchiveGoal, who, attrove.LifecycleIn{GoalRef: attrove.GoalRef{GoalID: strings.TrimPrefix(uri, "attrove://goals/")}, Reason: "done",
		Command: attrove.Command{Initiator: attrove.InitiatorHuman}})
}

// listener is a client and what it is notified of.
type listener struct {
	*testing.T
	client *client.Client
	notes  chan mcp.JSONRPCNotification
}

func newListener(t *testing.T, c *client.Client) listener {
	t.Helper()
	l := listener{t, c, make(chan mcp.JSONRPCNotification, 100)}
	c.OnNotification(func(n mcp.JSONRPCNotification) { l.notes <- n })
	return l
}

// next is the next notification, as method, URI and whether it bears the id of a
// subscription.
func (l listener) next() (n mcp.JSONRPCNotification, said string) {
	l.Helper()
	select {
	case n = <-l.notes:
		uri, _ := n.Params.AdditionalFields["uri"].(string)
		return n, strings.TrimSpace(strings.TrimPrefix(n.Method, "notifications/") + " " + uri)
	case <-time.After(time.Minute):
		require.Fail(l, "no notification came")
		return n, ""
	}
}

// hears expects updates of these, in any order, and nothing before them.
func (l listener) hears(uris ...string) {
	l.Helper()
	var heard []string
	for range uris {
		_, said := l.next()
		heard = append(heard, strings.TrimPrefix(said, "resources/updated "))
	}
	assert.ElementsMatch(l, uris, heard)
}

func (l listener) hearsNothing() {
	l.Helper()
	select {
	case n := <-l.notes:
		assert.Fail(l, "a notification for another one", "%s %v", n.Method, n.Params.AdditionalFields)
	default:
	}
}

// listens opens a modern stream and returns what was acknowledged, and a func that
// ends it.
func (l listener) listens(uris ...string) (acknowledged []string, stop func()) {
	l.Helper()
	stop, err := l.client.ListenAsync(l.Context(), mcp.SubscriptionFilter{ResourceSubscriptions: uris, ToolsListChanged: true, ResourcesListChanged: true}, nil)
	require.NoError(l, err)
	n, said := l.next()
	require.Equal(l, "subscriptions/acknowledged", said, "it comes first")
	require.NotNil(l, n.Params.Meta[mcp.MetaKeySubscriptionID])
	var filter mcp.SubscriptionFilter
	raw, err := json.Marshal(n.Params.AdditionalFields["notifications"])
	require.NoError(l, err)
	require.NoError(l, json.Unmarshal(raw, &filter))
	assert.False(l, filter.ToolsListChanged || filter.ResourcesListChanged, "there is no such news")
	return filter.ResourceSubscriptions, stop
}

const (
	board  = "attrove://goals"
	modern = mcp.ProtocolVersion20260728
)

// TestTenantsHearOfTheirOwnGoals: over HTTP each stream hears what its own caller
// subscribed to, whatever others subscribe to.
func TestTenantsHearOfTheirOwnGoals(t *testing.T) {
	h := newHouse(t, time.Hour)
	ann, bo := h.user("ann"), h.user("bo")
	annsOne, annsTwo, bos := h.goal(ann), h.goal(ann), h.goal(bo)
	base := h.listen()
	connect := func(who attrove.Caller) listener {
		return newListener(t, dial(t, base, client.WithProtocolVersion(modern), headers(who.UserID, who.Key.Reveal())))
	}
	all, first, second, spy := connect(ann), connect(ann), connect(ann), connect(bo)
	acknowledged, _ := all.listens(board, "attrove://notes", "attrove://nothing", "file:///etc/passwd", board)
	assert.Equal(t, []string{board}, acknowledged, "what can be watched, once")
	_, _ = first.listens(annsOne, annsOne+"/evidence")
	_, _ = second.listens(annsTwo)
	_, _ = spy.listens(board, annsOne, annsTwo, bos)

	h.change(ann, annsOne)
	all.hears(board)
	first.hears(annsOne, annsOne+"/evidence")
	h.change(bo, bos)
	spy.hears(board, bos)
	h.change(ann, annsTwo)
	second.hears(annsTwo)
	all.hears(board)
	for _, l := range []listener{all, first, second, spy} {
		l.hearsNothing()
	}
}

// TestTenantsReadTheirOwnGoals: another one's id is an id of nothing.
func TestTenantsReadTheirOwnGoals(t *testing.T) {
	h := newHouse(t, time.Hour)
	ann, bo := h.user("ann"), h.user("bo")
	anns := h.goal(ann)
	base := h.listen()
	for era, option := range eras() {
		for who, theirs := range map[attrove.Caller]bool{ann: true, bo: false} {
			c := dial(t, base, option, headers(who.UserID, who.Key.Reveal()))
			list, err := c.ListResources(t.Context(), mcp.ListResourcesRequest{})
			require.NoError(t, err)
			assert.Empty(t, list.NextCursor)
			assert.Equal(t, theirs, slices.ContainsFunc(list.Resources, func(r mcp.Resource) bool { return r.URI == anns }), era)
			for _, uri := range []string{anns, anns + "/evidence", anns + "/snapshots"} {
				var req mcp.ReadResourceRequest
				req.Params.URI = uri
				_, err = c.ReadResource(t.Context(), req)
				if theirs {
					require.NoError(t, err)
				} else {
					require.ErrorContains(t, err, "resource not found", uri)
				}
			}
			var req mcp.CompleteRequest
			req.Params.Ref = mcp.ResourceReference{Type: "ref/resource", URI: "attrove://goals/{goal_id}"}
			req.Params.Argument = mcp.CompleteArgument{Name: "goal_id", Value: "r"}
			found, err := c.Complete(t.Context(), req)
			require.NoError(t, err)
			assert.Equal(t, theirs, len(found.Completion.Values) == 1, era)
		}
	}
}

// TestPollingEndsWithItsListeners: a stream that is closed costs nothing any more.
func TestPollingEndsWithItsListeners(t *testing.T) {
	h := newHouse(t, 300*time.Millisecond)
	ann := h.user("ann")
	goal := h.goal(ann)
	base := h.listen()
	l := newListener(t, dial(t, base, client.WithProtocolVersion(modern), headers(ann.UserID, ann.Key.Reveal())))
	_, stop := l.listens(goal)
	before := h.polls.Load()
	require.Eventually(t, func() bool { return h.polls.Load() > before }, time.Minute, 10*time.Millisecond, "it polls without a nudge")
	stop()
	require.Eventually(t, func() bool { // until none comes in the time of several
		before := h.polls.Load()
		time.Sleep(time.Second)
		return h.polls.Load() == before
	}, time.Minute, time.Millisecond)
}

// TestNothingToListenTo: what cannot be watched is not acknowledged, and costs
// nothing.
func TestNothingToListenTo(t *testing.T) {
	h := newHouse(t, time.Hour)
	ann := h.user("ann")
	base := h.listen()
	var many []string
	for i := range 101 {
		many = append(many, fmt.Sprintf("attrove://goals/gol_%d", i))
	}
	for _, uris := range [][]string{{"attrove://notes"}, many} {
		l := newListener(t, dial(t, base, client.WithProtocolVersion(modern), headers(ann.UserID, ann.Key.Reveal())))
		acknowledged, _ := l.listens(uris...)
		assert.Empty(t, acknowledged)
	}
	assert.Zero(t, h.polls.Load())
}

// TestLegacyHTTPOffersNoSubscriptions: there is no stream to notify on.
func TestLegacyHTTPOffersNoSubscriptions(t *testing.T) {
	h := newHouse(t, time.Hour)
	ann := h.user("ann")
	base := h.listen()
	mine := headers(ann.UserID, ann.Key.Reveal())
	hello := send(t, "POST", base+"/mcp", strings.Split(hello, "\n")[0], mine)
	assert.Contains(t, hello.body, `"resources":{}`)
	for _, escaped := range []string{"resources/subscribe", `resources\/subscribe`} {
		send(t, "POST", base+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"`+escaped+`","params":{"uri":"`+board+`"}}`, mine)
	}
	refused := send(t, "POST", base+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"`+board+`"}}`, mine)
	assert.Contains(t, refused.body, "subscriptions/listen (2026-07-28) works")
	assert.Zero(t, h.polls.Load())

	discover := send(t, "POST", base+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{
		"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},
		"io.modelcontextprotocol/clientCapabilities":{}}}}`, with(with(mine, "Mcp-Protocol-Version", modern), "Mcp-Method", "server/discover"))
	assert.Contains(t, discover.body, `"resources":{"subscribe":true}`)
}

// overPipes is a client of a server on standard input and output.
func overPipes(t *testing.T, s *server.MCPServer, version string) (l listener, hello *mcp.InitializeResult) {
	t.Helper()
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	served := make(chan error, 1)
	go func() { served <- transport.ServeStdio(t.Context(), s, toServer, fromServer, watched(t, io.Discard)) }()
	c := client.NewClient(clienttransport.NewIO(tee(t, toClient), fromClient, io.NopCloser(strings.NewReader(""))), client.WithProtocolVersion(version))
	require.NoError(t, c.Start(t.Context()))
	hello, err := c.Initialize(t.Context(), mcp.InitializeRequest{})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, fromClient.Close())
		require.NoError(t, <-served)
		require.NoError(t, fromServer.Close())
	})
	return newListener(t, c), hello
}

func TestModernStdioSubscriptions(t *testing.T) {
	h := newHouse(t, time.Hour)
	ann := h.user("ann")
	one, two := h.goal(ann), h.goal(ann)
	l, hello := overPipes(t, h.server(func(context.Context) (attrove.Caller, error) { return ann, nil }), modern)
	assert.True(t, hello.Capabilities.Resources.Subscribe)
	acknowledged, stop := l.listens(board, one)
	assert.ElementsMatch(t, []string{board, one}, acknowledged)
	h.change(ann, one)
	n, _ := l.next()
	assert.NotNil(t, n.Params.Meta[mcp.MetaKeySubscriptionID], "every notification bears the id")
	_, _ = l.next()
	stop() // that is what the client says, not when the server knows
	acknowledged, _ = l.listens(two)
	assert.Equal(t, []string{two}, acknowledged)
	h.change(ann, two)
	for said := ""; said != "resources/updated "+two; {
		_, said = l.next()
		assert.NotEqual(t, "resources/updated "+one, said)
	}
}

func TestLegacyStdioSubscriptions(t *testing.T) {
	h := newHouse(t, time.Hour)
	ann, bo := h.user("ann"), h.user("bo")
	one, two, bos := h.goal(ann), h.goal(ann), h.goal(bo)
	l, hello := overPipes(t, h.server(func(context.Context) (attrove.Caller, error) { return ann, nil }), mcp.LATEST_LEGACY_PROTOCOL_VERSION)
	assert.True(t, hello.Capabilities.Resources.Subscribe)
	subscribe := func(uri string) error {
		var req mcp.SubscribeRequest
		req.Params.URI = uri
		return l.client.Subscribe(t.Context(), req) //nolint:staticcheck // the older protocol's way
	}
	for _, uri := range []string{"attrove://notes", "attrove://nothing", "file:///etc/passwd"} {
		require.ErrorContains(t, subscribe(uri), "changes of this are not noticed", uri)
	}
	for _, uri := range []string{board, one, one, bos} {
		require.NoError(t, subscribe(uri), uri)
	}
	h.change(bo, bos)
	h.change(ann, one)
	l.hears(board, one)

	var req mcp.UnsubscribeRequest
	req.Params.URI = board
	require.NoError(t, l.client.Unsubscribe(t.Context(), req)) //nolint:staticcheck // the older protocol's way
	require.NoError(t, subscribe(two))
	h.change(ann, two)
	l.hears(two)
	l.hearsNothing()
}
