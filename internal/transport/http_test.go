package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/transport"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/tools"
)

func TestHTTPInBothEras(t *testing.T) {
	up := &attrovetest.Upstream{Answer: echo}
	base, _ := keyed(t, up)
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			c := dial(t, base, option, headers("ann", "sk_ann"))
			list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
			require.NoError(t, err)
			assert.Len(t, list.Tools, len(tools.Catalog()))
			askMany(t, c, 32)
		})
	}
	for _, r := range up.Requests() {
		assert.Equal(t, "Bearer sk_ann", r.Key)
		assert.Equal(t, "/v1/users/ann/query", r.Path)
	}
}

// TestEachRequestActsAsItsOwnCaller: two tenants at once, the same request ids,
// and nobody's question goes out with another one's key.
func TestEachRequestActsAsItsOwnCaller(t *testing.T) {
	up := &attrovetest.Upstream{Answer: echo}
	base, _ := keyed(t, up)
	var all sync.WaitGroup
	for _, user := range []string{"ann", "bo"} {
		for _, option := range eras() {
			c := dial(t, base, option, headers(user, "sk_"+user))
			for i := range 16 {
				all.Go(func() {
					answer, err := ask(t.Context(), c, fmt.Sprintf("%s %d", user, i))
					assert.Contains(t, answer, fmt.Sprintf(`"answer":"%s %d"`, user, i), err)
				})
			}
		}
	}
	all.Wait()
	for _, r := range up.Requests() {
		for _, user := range []string{"ann", "bo"} {
			if strings.Contains(r.Body, user+" ") {
				assert.Equal(t, "Bearer sk_"+user, r.Key)
				assert.Equal(t, "/v1/users/"+user+"/query", r.Path)
			}
		}
	}
}

const ping = `{"jsonrpc":"2.0","id":1,"method":"ping"}`

// answer is what came back, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

// send sends one raw request; headers overwrite the usual ones, empty ones are removed.
func send(t *testing.T, method, url, body string, h map[string]string) answer {
	t.Helper()
	got := <-start(t, method, url, body, h)
	require.NoError(t, got.err)
	return got
}

// start sends without waiting for the answer.
func start(t *testing.T, method, url, body string, h map[string]string) <-chan answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	for name, value := range h {
		switch {
		case name == "Host":
			req.Host = value
		case value == "":
			req.Header.Del(name)
		default:
			req.Header.Set(name, value)
		}
	}
	got, c := make(chan answer, 1), overheard(t)
	go func() {
		resp, err := c.Do(req)
		if err != nil {
			got <- answer{err: err}
			return
		}
		read, err := io.ReadAll(resp.Body)
		got <- answer{resp.StatusCode, resp.Header, string(read), errors.Join(err, resp.Body.Close())}
	}()
	return got
}

func with(h map[string]string, name, value string) map[string]string {
	all := map[string]string{name: value}
	for n, v := range h {
		if n != name {
			all[n] = v
		}
	}
	return all
}

func TestEdge(t *testing.T) {
	base, _ := keyed(t, &attrovetest.Upstream{Answer: echo})
	mine := headers("ann", "sk_planted")
	for _, c := range []struct {
		name, method, path, body string
		headers                  map[string]string
		status                   int
		says                     string
	}{
		{"a good request", "POST", "/mcp", ping, mine, 200, `"result":{}`},
		{"health", "GET", "/healthz", "", nil, 200, `"ok"`},
		{"no key", "POST", "/mcp", ping, nil, 401, "Authorization: Bearer sk_... (the user's own key) and Attrove-User-Id"},
		{"another scheme", "POST", "/mcp", ping, with(mine, "Authorization", "Basic abc"), 401, "two headers"},
		{"an empty key", "POST", "/mcp", ping, with(mine, "Authorization", "Bearer "), 401, "two headers"},
		{"no user", "POST", "/mcp", ping, with(mine, transport.UserHeader, ""), 400, "two headers"},
		{"a stream by GET", "GET", "/mcp", "", mine, 405, "use POST"},
		{"ending a session", "DELETE", "/mcp", "", mine, 405, "use POST"},
		{"another method", "PUT", "/mcp", ping, mine, 405, "use POST"},
		{"an exact path", "POST", "/mcp/", ping, mine, 404, "/mcp"},
		{"OAuth metadata", "GET", "/.well-known/oauth-protected-resource", "", nil, 404, "NOT_FOUND"},
		{"OAuth metadata below the path", "GET", "/.well-known/oauth-protected-resource/mcp", "", nil, 404, "NOT_FOUND"},
		{"another origin", "POST", "/mcp", ping, with(mine, "Origin", "https://evil.example"), 403, "another origin"},
		{"no origin at all", "POST", "/mcp", ping, with(mine, "Origin", "null"), 403, "another origin"},
		{"a browser says so", "POST", "/mcp", ping, with(mine, "Sec-Fetch-Site", "cross-site"), 403, "another origin"},
		{"its own origin", "POST", "/mcp", ping, with(mine, "Origin", base), 200, `"result":{}`},
		{"another host", "POST", "/mcp", ping, with(mine, "Host", "evil.example:8787"), 403, "Host header"},
		{"a host that begins well", "GET", "/healthz", "", map[string]string{"Host": "127.0.0.1.evil.example"}, 403, "Host header"},
		{"this host by name", "POST", "/mcp", ping, with(mine, "Host", "localhost:1"), 200, `"result":{}`},
		{"this host as IPv6", "POST", "/mcp", ping, with(mine, "Host", "[::1]:1"), 200, `"result":{}`},
		{"a body at the limit", "POST", "/mcp", ping + strings.Repeat(" ", 1<<20-len(ping)), mine, 200, `"result":{}`},
		{"a body beyond it", "POST", "/mcp", ping + strings.Repeat(" ", 1<<20), mine, 413, "1048576 bytes"},
		{"a notification", "POST", "/mcp", `{"jsonrpc":"2.0","method":"notifications/initialized"}`, mine, 202, ""},
		{"cancelling without a call", "POST", "/mcp", `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, mine, 202, ""},
		{"no JSON", "POST", "/mcp", `{"jsonrpc":`, mine, 400, "-32700"},
		{"a batch", "POST", "/mcp", `[` + ping + `]`, mine, 400, "-32600"},
		{"another content type", "POST", "/mcp", ping, with(mine, "Content-Type", "text/plain"), 415, "application/json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := send(t, c.method, base+c.path, c.body, c.headers)
			assert.Equal(t, c.status, got.status, got.body)
			assert.Contains(t, got.body, c.says)
			assert.NotContains(t, got.body, "sk_planted")
			assert.Empty(t, got.header.Get("Mcp-Session-Id"), "nothing is kept between requests")
			if c.status >= 401 {
				var failed view.Failed
				require.NoError(t, json.Unmarshal([]byte(got.body), &failed), got.body)
				assert.NotEmpty(t, failed.Error.Code)
			}
			if c.status == 401 {
				assert.Equal(t, `Bearer realm="attrove-mcp"`, got.header.Get("WWW-Authenticate"))
			}
			if c.status == 405 {
				assert.Equal(t, "POST", got.header.Get("Allow"))
			}
		})
	}
}

func TestTwoAuthorizationHeadersAreAmbiguous(t *testing.T) {
	base, _ := keyed(t, &attrovetest.Upstream{})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/mcp", strings.NewReader(ping))
	require.NoError(t, err)
	req.Header["Authorization"] = []string{"Bearer sk_one", "Bearer sk_two"}
	req.Header.Set(transport.UserHeader, "ann")
	resp, err := overheard(t).Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
}

func TestKeylessIsForThisMachineOnly(t *testing.T) {
	base, _ := newProduct(t, &attrovetest.Upstream{Answer: echo}).listen(t, transport.HTTPOptions{Callers: transport.Keyless{User: local}})
	answer, err := ask(t.Context(), dial(t, base, client.WithProtocolVersion(mcp.LATEST_LEGACY_PROTOCOL_VERSION), nil), "hello")
	require.NoError(t, err)
	assert.Contains(t, answer, `"answer":"hello"`)
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via", "CF-Connecting-IP", "True-Client-IP"} {
		got := send(t, "POST", base+"/mcp", ping, map[string]string{name: "10.0.0.1"})
		assert.Equal(t, http.StatusForbidden, got.status, name)
		assert.Contains(t, got.body, "proxy")
	}
}

// TestKeylessWithoutOneUser: whatever the method, and what was allowed before.
func TestKeylessWithoutOneUser(t *testing.T) {
	var second atomic.Bool
	user := func(ctx context.Context) (attrove.Caller, error) {
		if second.Load() {
			return attrove.Caller{}, &attrove.Error{Status: http.StatusForbidden, Code: attrove.CodeForbidden, Message: "there are 2 users"}
		}
		return local(ctx)
	}
	up := &attrovetest.Upstream{Answer: echo}
	base, _ := newProduct(t, up).listen(t, transport.HTTPOptions{Callers: transport.Keyless{User: user}})
	c := dial(t, base, client.WithProtocolVersion(mcp.LATEST_LEGACY_PROTOCOL_VERSION), nil)
	_, err := ask(t.Context(), c, "hello")
	require.NoError(t, err)
	second.Store(true)
	sent := len(up.Requests())
	_, err = ask(t.Context(), c, "hello")
	require.Error(t, err)
	got := send(t, "POST", base+"/mcp", ping, nil)
	assert.Equal(t, http.StatusForbidden, got.status)
	assert.Contains(t, got.body, "there are 2 users")
	assert.Len(t, up.Requests(), sent)
}

func TestOnlyLoopbackIsServed(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		_, err := transport.Bind(t.Context(), address)
		require.ErrorContains(t, err, "only loopback addresses are served", address)
	}
	_, err := transport.Bind(t.Context(), "nowhere")
	require.ErrorContains(t, err, "listen on nowhere")
}

// blocking is an upstream that waits, and says when a call came and how it ended.
func blocking() (up *attrovetest.Upstream, came chan struct{}, release chan struct{}, ended chan error) {
	came, release, ended = make(chan struct{}, 8), make(chan struct{}), make(chan error, 8)
	up = &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		came <- struct{}{}
		select {
		case <-release:
			echo(w, r)
		case <-r.Context().Done():
		}
		ended <- r.Context().Err()
	}}
	return up, came, release, ended
}

// TestNobodyCancelsAnothersCall: request ids are small numbers, so that two
// callers use the same ones all the time.
func TestNobodyCancelsAnothersCall(t *testing.T) {
	for name, asks := range map[string]string{
		"a call":               query("7", "mine"),
		"a call with progress": strings.Replace(query("7", "mine"), `"params":{`, `"params":{"_meta":{"progressToken":"7"},`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			up, came, release, ended := blocking()
			base, _ := keyed(t, up)
			answered := start(t, "POST", base+"/mcp", asks, headers("ann", "sk_ann"))
			<-came
			for _, cancel := range []string{
				`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}`,
				`{"jsonrpc":"2.0","id":8,"method":"notifications/cancelled","params":{"requestId":7}}`,
				`{"jsonrpc":"2.0","id":null,"method":"notifications/cancelled","params":{"requestId":7}}`,
			} {
				send(t, "POST", base+"/mcp", cancel, headers("bo", "sk_bo"))
			}
			close(release)
			require.NoError(t, <-ended)
			assert.Contains(t, (<-answered).body, `"answer":"mine"`)
		})
	}
}

func TestACallerThatLeavesCancelsItsCall(t *testing.T) {
	up, came, _, ended := blocking()
	base, _ := keyed(t, up)
	ctx, leave := context.WithCancel(t.Context())
	c := dial(t, base, client.WithProtocolVersion(mcp.LATEST_LEGACY_PROTOCOL_VERSION), headers("ann", "sk_ann"))
	go func() { _, _ = ask(ctx, c, "x") }()
	<-came
	leave()
	require.ErrorIs(t, <-ended, context.Canceled)
}

func TestShutdownFinishesCallsAndEndsStreams(t *testing.T) {
	up, came, release, _ := blocking()
	s := newServer(t, up, transport.RequestCaller)
	server.WithToolCapabilities(true)(s) // so that there is something to listen to
	hooks := &server.Hooks{}
	server.WithHooks(hooks)(s)
	base, stop := listen(t, s, transport.HTTPOptions{})
	answered := start(t, "POST", base+"/mcp", query("1", "late"), headers("ann", "sk_ann"))
	<-came
	listening := make(chan struct{})
	hooks.AddBeforeSubscriptionsListen(func(context.Context, any, *mcp.SubscriptionsListenRequest) { close(listening) })
	streamed := openStream(t, base)
	<-listening
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	<-streamed // it ends although the call still runs
	close(release)
	assert.Contains(t, (<-answered).body, `"answer":"late"`)
	require.NoError(t, <-stopped)
}

// openStream listens for notifications in the modern era.
func openStream(t *testing.T, base string) <-chan answer {
	t.Helper()
	body, h := modernly("subscriptions/listen", `"notifications":{"toolsListChanged":true}`)
	return start(t, "POST", base+"/mcp", body, h)
}

// modernly is a request in the modern era, with its headers.
func modernly(method, params string) (body string, h map[string]string) {
	body = `{"jsonrpc":"2.0","id":9,"method":"` + method + `","params":{` + params + `,"_meta":{
		"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},
		"io.modelcontextprotocol/clientCapabilities":{}}}}`
	return body, with(with(headers("ann", "sk_ann"), "Mcp-Protocol-Version", "2026-07-28"), "Mcp-Method", method)
}

// TestAStreamIsAcknowledgedFirst: also one of which nothing will come, which then
// stays open.
func TestAStreamIsAcknowledgedFirst(t *testing.T) {
	base, _ := keyed(t, &attrovetest.Upstream{})
	body, h := modernly("subscriptions/listen", `"notifications":{"promptsListChanged":true}`)
	for range 20 { // what it guards against is a race
		ctx, leave := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+transport.Path, strings.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		for name, value := range h {
			req.Header.Set(name, value)
		}
		resp, err := overheard(t).Do(req)
		require.NoError(t, err)
		require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
		first := make([]byte, 4<<10)
		n, err := resp.Body.Read(first)
		require.NoError(t, err)
		require.Contains(t, string(first[:n]), `"notifications/subscriptions/acknowledged"`)
		leave()
		rest, err := io.ReadAll(resp.Body)
		require.ErrorIs(t, err, context.Canceled, "it was open: %s", rest)
		require.NoError(t, resp.Body.Close())
	}
}

// TestMethodsThatWereRemoved: the modern era has neither.
func TestMethodsThatWereRemoved(t *testing.T) {
	base, _ := keyed(t, &attrovetest.Upstream{})
	for _, method := range []string{"resources/subscribe", "resources/unsubscribe"} {
		body, h := modernly(method, `"uri":"attrove://goals"`)
		got := send(t, "POST", base+transport.Path, body, h)
		assert.Equal(t, http.StatusNotFound, got.status, method)
		assert.Contains(t, got.body, "-32601", method)
	}
}

func TestWithoutARequestThereIsNoCaller(t *testing.T) {
	_, err := transport.RequestCaller(t.Context())
	var failure *attrove.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, attrove.CodeMissingKey, failure.Code)
}
