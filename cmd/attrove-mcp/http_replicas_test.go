package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	clienttransport "github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/replicas/redistest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

const (
	testSeal = "a-seal-that-all-replicas-have-in-common"
	soon     = time.Minute // however busy the machine
)

// serveReplica starts the command for a test, and returns where it listens. Left to
// itself it would look for changes once an hour.
func serveReplica(t *testing.T, flags ...string) (base string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	lines, errOut := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"http", "--listen", "127.0.0.1:0", "--poll-interval", "1h"}, flags...), strings.NewReader(""), io.Discard, errOut)
		_ = errOut.Close() // who reads finds the end
	}()
	said := bufio.NewReader(lines)
	line, err := said.ReadString('\n')
	require.NoError(t, err, line)
	var reading sync.WaitGroup
	reading.Go(func() { _, _ = io.Copy(io.Discard, said) })
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		assert.Equal(t, exitOK, <-ended)
		reading.Wait()
	})
	_, base, found := strings.Cut(strings.TrimSpace(line), "MCP endpoint: ")
	require.True(t, found, line)
	return base
}

// member is a user's client at one replica.
type member struct {
	*testing.T
	client *client.Client
	heard  chan string
}

func newMember(t *testing.T, base, user, key string, options ...clienttransport.StreamableHTTPCOption) member {
	t.Helper()
	options = append(options, clienttransport.WithHTTPHeaders(map[string]string{"Authorization": "Bearer " + key, transport.UserHeader: user}))
	over, err := clienttransport.NewStreamableHTTP(base, options...)
	require.NoError(t, err)
	m := member{t, client.NewClient(over, client.WithProtocolVersion(mcp.ProtocolVersion20260728), client.WithElicitationHandler(agrees{})), make(chan string, 100)}
	m.client.OnNotification(func(n mcp.JSONRPCNotification) {
		uri, _ := n.Params.AdditionalFields["uri"].(string)
		m.heard <- uri
	})
	require.NoError(t, m.client.Start(t.Context()))
	t.Cleanup(func() { assert.NoError(t, m.client.Close()) })
	_, err = m.client.Initialize(t.Context(), mcp.InitializeRequest{})
	require.NoError(t, err)
	return m
}

func (m member) listens(uri string) {
	m.Helper()
	stop, err := m.client.ListenAsync(m.Context(), mcp.SubscriptionFilter{ResourceSubscriptions: []string{uri}}, nil)
	require.NoError(m, err)
	m.Cleanup(stop)
	require.Empty(m, m.next(), "the acknowledgement")
}

func (m member) next() (uri string) {
	m.Helper()
	select {
	case uri = <-m.heard:
	case <-time.After(soon):
		require.Fail(m, "no notification came")
	}
	return uri
}

func (m member) call(tool string, arguments object) {
	m.Helper()
	var req mcp.CallToolRequest
	req.Params.Name, req.Params.Arguments = tool, arguments
	result, err := m.client.CallTool(m.Context(), req)
	require.NoError(m, err)
	require.False(m, result.IsError, "%v", result.Content)
}

type goalState struct {
	ID              string
	LastEvaluatedAt *time.Time `json:"last_evaluated_at"`
}

// newGoal creates a goal and waits until it was evaluated, so that nothing more
// happens to it by itself.
func newGoal(t *testing.T, p program) (id string) {
	t.Helper()
	id = user[goalState](t, p, http.StatusCreated, http.MethodPost, "/goals", object{"title": "Renewal", "watch_scope": object{"keywords": []string{"renewal"}}}).ID
	require.Eventually(t, func() bool {
		return user[goalState](t, p, http.StatusOK, http.MethodGet, "/goals/"+id, nil).LastEvaluatedAt != nil
	}, soon, 10*time.Millisecond)
	return id
}

// TestReplicasHearOfChanges: what happens to a user's goals reaches those of the
// user who listen at another replica, and nobody else.
func TestReplicasHearOfChanges(t *testing.T) {
	redis := redistest.Start(t)
	p := serveAPI(t, "--db", t.TempDir()+"/a.db", "--allow-private-webhooks")
	partner := func(method, path string, body object) reply {
		answer, err := p.send(t.Context(), method, path, body, p.asPartner)
		require.NoError(t, err)
		require.Less(t, answer.status, 300, "%s", answer.body)
		return answer
	}
	ann, annsKey := p.env["ATTROVE_USER_ID"], p.env["ATTROVE_SECRET_KEY"]
	bo := decode[struct {
		ID     string
		APIKey string `json:"api_key"`
	}](t, partner(http.MethodPost, "/v1/users", object{"email": "bo@acme.example"}))
	hook := decode[struct{ ID, Secret string }](t, partner(http.MethodPost, "/v1/webhooks", object{"url": "http://127.0.0.1:1/", "events": []string{"*"}, "enabled": false}))
	goal := newGoal(t, p)

	t.Setenv("ATTROVE_BASE_URL", p.env["ATTROVE_BASE_URL"])
	t.Setenv("ATTROVE_MCP_REDIS", redis.URL().Reveal())
	t.Setenv("ATTROVE_MCP_SEAL_KEY", testSeal)
	t.Setenv("ATTROVE_MCP_WEBHOOK_SECRET", hook.Secret)
	a, b := serveReplica(t), serveReplica(t)
	here, there, spy := newMember(t, a, ann, annsKey), newMember(t, b, ann, annsKey), newMember(t, b, bo.ID, bo.APIKey)
	there.listens("attrove://goals/" + goal)
	spy.listens("attrove://goals")

	t.Run("through a call at another replica", func(t *testing.T) {
		began := time.Now()
		here.call("attrove_acknowledge_goal", object{"goal_id": goal, "until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
		assert.Equal(t, "attrove://goals/"+goal, there.next())
		t.Logf("after %s", time.Since(began))
	})
	t.Run("through an evaluation that another replica asked for", func(t *testing.T) {
		began := time.Now()
		here.call("attrove_evaluate_goal", object{"goal_id": goal})
		assert.Equal(t, "attrove://goals/"+goal, there.next())
		t.Logf("after %s", time.Since(began))
	})
	t.Run("through a webhook to another replica", func(t *testing.T) {
		partner(http.MethodPatch, "/v1/webhooks/"+hook.ID, object{"url": strings.TrimSuffix(a, transport.Path) + transport.WebhooksPath, "enabled": true})
		for _, title := range []string{"Renewed", "Renewed again"} {
			began := time.Now()
			user[goalState](t, p, http.StatusOK, http.MethodPatch, "/goals/"+goal, object{"title": title})
			assert.Equal(t, "attrove://goals/"+goal, there.next())
			t.Logf("after %s", time.Since(began))
		}
	})
	t.Run("as long as Redis is there, or again", func(t *testing.T) {
		redis.Restart()
		user[goalState](t, p, http.StatusOK, http.MethodPatch, "/goals/"+goal, object{"title": "Renewed while nobody could tell"})
		assert.Equal(t, "attrove://goals/"+goal, there.next())
	})
	assert.Empty(t, spy.heard, "others' goals are theirs")
}

// agrees says yes to every question.
type agrees struct{}

func (agrees) Elicit(context.Context, mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	return &mcp.ElicitationResult{ElicitationResponse: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionAccept, Content: map[string]any{"confirm": true}}}, nil
}

// turns sends each request to another of the hosts than the one before, and keeps
// the last that held something.
type turns struct {
	hosts []string
	next  int
	last  *http.Request
	body  []byte
}

// RoundTrip implements http.RoundTripper.
func (r *turns) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	r.last, r.body = req, body
	return r.to(r.hosts[r.next%len(r.hosts)])
}

// to sends the last request to a host.
func (r *turns) to(host string) (*http.Response, error) {
	r.next++
	again := r.last.Clone(r.last.Context())
	again.URL.Host, again.Host = host, ""
	again.Body = io.NopCloser(bytes.NewReader(r.body))
	return http.DefaultTransport.RoundTrip(again)
}

// replay sends the last request again, and returns what is answered.
func (r *turns) replay(t *testing.T, host string) (status int, said string) {
	t.Helper()
	r.last = r.last.WithContext(t.Context())
	resp, err := r.to(host)
	require.NoError(t, err)
	read, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode, string(read)
}

// TestReplicasHonourAYesOnce: one replica asks, the other acts on the answer, and
// neither does so again, whether Redis is there or not.
func TestReplicasHonourAYesOnce(t *testing.T) {
	redis := redistest.Start(t)
	p := serveAPI(t, "--db", t.TempDir()+"/a.db")
	goal := newGoal(t, p)
	t.Setenv("ATTROVE_BASE_URL", p.env["ATTROVE_BASE_URL"])
	t.Setenv("ATTROVE_MCP_REDIS", redis.URL().Reveal())
	t.Setenv("ATTROVE_MCP_SEAL_KEY", testSeal)
	way := &turns{}
	for range 2 {
		at, err := url.Parse(serveReplica(t))
		require.NoError(t, err)
		way.hosts = append(way.hosts, at.Host)
	}
	m := newMember(t, "http://"+way.hosts[0]+transport.Path, p.env["ATTROVE_USER_ID"], p.env["ATTROVE_SECRET_KEY"],
		clienttransport.WithHTTPBasicClient(&http.Client{Transport: way}))
	m.call("attrove_archive_goal", object{"goal_id": goal, "reason": "done"})
	require.Contains(t, string(way.body), "requestState", "it asked")
	archived := user[struct{ Lifecycle string }](t, p, http.StatusOK, http.MethodGet, "/goals/"+goal, nil)
	assert.Equal(t, "archived", archived.Lifecycle)
	for _, host := range way.hosts {
		_, said := way.replay(t, host)
		assert.Contains(t, said, "the answer was used before")
	}
	redis.Stop()
	for _, host := range way.hosts {
		_, said := way.replay(t, host)
		assert.Contains(t, said, "cannot find out now whether the answer was used before")
	}
	m.call("attrove_list_goals", nil) // all else goes on
}

// TestReplicasShareLimits: a caller has the same to spend at all of them.
func TestReplicasShareLimits(t *testing.T) {
	redis := redistest.Start(t)
	p := serveAPI(t, "--db", t.TempDir()+"/a.db")
	t.Setenv("ATTROVE_BASE_URL", p.env["ATTROVE_BASE_URL"])
	t.Setenv("ATTROVE_MCP_REDIS", redis.URL().Reveal())
	t.Setenv("ATTROVE_MCP_SEAL_KEY", testSeal)
	way := &turns{}
	for range 2 {
		at, err := url.Parse(serveReplica(t, "--caller-rate", "0.001", "--caller-burst", "6"))
		require.NoError(t, err)
		way.hosts = append(way.hosts, at.Host)
	}
	m := newMember(t, "http://"+way.hosts[0]+transport.Path, p.env["ATTROVE_USER_ID"], p.env["ATTROVE_SECRET_KEY"],
		clienttransport.WithHTTPBasicClient(&http.Client{Transport: way}))
	m.call("attrove_list_goals", nil)
	for way.next < 6 {
		status, said := way.replay(t, way.hosts[way.next%2])
		require.Equal(t, http.StatusOK, status, said)
	}
	for _, host := range way.hosts {
		status, said := way.replay(t, host)
		assert.Equal(t, http.StatusTooManyRequests, status, said)
	}
	redis.Stop()
	for _, host := range way.hosts {
		status, said := way.replay(t, host)
		assert.Equal(t, http.StatusOK, status, "each counts by itself: %s", said)
	}
}

// TestReplicasNeedASeal: without one in common, a replica could not open what
// another one sealed.
func TestReplicasNeedASeal(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		args []string
		says string
	}{
		"Redis":                  {nil, []string{"--redis", "redis://127.0.0.1:1"}, "--redis: set ATTROVE_MCP_SEAL_KEY"},
		"a proxy":                {nil, []string{"--behind-proxy"}, "--behind-proxy: set ATTROVE_MCP_SEAL_KEY"},
		"no Redis":               {map[string]string{"ATTROVE_MCP_SEAL_KEY": testSeal}, []string{"--redis", "http://:planted@host"}, "--redis: not a Redis URL"},
		"no secret of webhooks":  {map[string]string{"ATTROVE_MCP_WEBHOOK_SECRET": "planted"}, nil, "ATTROVE_MCP_WEBHOOK_SECRET: a webhook's signing secret must be whsec_"},
		"a password for nothing": {nil, []string{"--redis-password-file", "x"}, "only with --redis"},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range c.env {
				t.Setenv(variable, value)
			}
			var errOut strings.Builder
			assert.Equal(t, exitUsage, run(t.Context(), append([]string{"http", "--listen", "127.0.0.1:0"}, c.args...), strings.NewReader(""), io.Discard, &errOut))
			assert.Contains(t, errOut.String(), c.says)
			assert.NotContains(t, errOut.String(), "planted")
		})
	}
}
