package transport_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// TestHosts: this machine always, others as told, with a port that port only.
func TestHosts(t *testing.T) {
	base, _ := newProduct(t, &attrovetest.Upstream{}).listen(t, transport.HTTPOptions{
		Edge: transport.Edge{Hosts: []string{"MCP.example", "ported.example:8443", "203.0.113.7"}},
	})
	for host, want := range map[string]int{
		"mcp.example": 200, "mcp.EXAMPLE:1": 200, "ported.example:8443": 200, "203.0.113.7:8787": 200, "localhost": 200, "127.9.9.9": 200, "[::1]:8": 200,
		"ported.example": 403, "ported.example:443": 403, "xmcp.example": 403, "mcp.example.evil.example": 403, "203.0.113.8": 403, "localhost.evil.example": 403,
		"mcp.example.": 403, "[::1].evil.example": 403, "127.0.0.1.nip.example": 403, "0.0.0.0": 403, "2130706433": 403,
	} {
		got := send(t, "POST", base+"/mcp", ping, with(headers("ann", "sk_ann"), "Host", host))
		assert.Equal(t, want, got.status, host)
	}
}

// TestOrigins: pages of the sites that are allowed may ask and read, with every
// header that the transport of 2026-07-28 has; others may not.
func TestOrigins(t *testing.T) {
	const app = "https://app.example"
	base, _ := newProduct(t, &attrovetest.Upstream{}).listen(t, transport.HTTPOptions{
		Edge: transport.Edge{Origins: []string{app}},
	})
	preflight := func(origin string) answer {
		return send(t, "OPTIONS", base+"/mcp", "", map[string]string{
			"Origin": origin, "Access-Control-Request-Method": "POST", "Content-Type": "", "Accept": "", "Sec-Fetch-Site": "cross-site",
			"Access-Control-Request-Headers": "authorization,attrove-user-id,content-type,mcp-method,mcp-name,mcp-param-region,mcp-protocol-version",
		})
	}
	got := preflight(app)
	assert.Equal(t, http.StatusNoContent, got.status)
	assert.Equal(t, app, got.header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "POST", got.header.Get("Access-Control-Allow-Methods"))
	for _, name := range []string{"authorization", "attrove-user-id", "content-type", "mcp-method", "mcp-name", "mcp-param-region", "mcp-protocol-version"} {
		assert.Contains(t, got.header.Get("Access-Control-Allow-Headers"), name)
	}
	assert.Empty(t, got.header.Get("Access-Control-Allow-Credentials"), "no cookies")
	for _, origin := range []string{"https://evil.example", "http://app.example", "https://app.example:8443", "https://app.example.evil.example", "null"} {
		got := preflight(origin)
		assert.Equal(t, http.StatusForbidden, got.status, origin)
		assert.Empty(t, got.header.Get("Access-Control-Allow-Origin"), origin)
		assert.Equal(t, http.StatusForbidden, send(t, "POST", base+"/mcp", ping, with(headers("ann", "sk_ann"), "Origin", origin)).status, origin)
	}
	mine := with(with(headers("ann", "sk_ann"), "Origin", app), "Sec-Fetch-Site", "cross-site")
	for want, h := range map[int]map[string]string{200: mine, 401: with(mine, "Authorization", "")} {
		got := send(t, "POST", base+"/mcp", ping, h)
		assert.Equal(t, want, got.status)
		assert.Equal(t, app, got.header.Get("Access-Control-Allow-Origin"), "refusals can be read, too")
		assert.Contains(t, strings.ToLower(got.header.Get("Access-Control-Expose-Headers")), "www-authenticate")
		assert.Contains(t, got.header.Values("Vary"), "Origin")
	}
	got = send(t, "OPTIONS", base+"/mcp", "", nil)
	assert.Equal(t, http.StatusMethodNotAllowed, got.status, "what is no preflight")
}

func TestAnOriginThatIsNone(t *testing.T) {
	listener, err := transport.Bind(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	err = transport.Serve(t.Context(), listener, http.NotFoundHandler(), transport.Edge{Origins: []string{"app.example"}}, watched(t, io.Discard))
	require.ErrorContains(t, err, "app.example")
	_, err = listener.Accept()
	require.Error(t, err, "nothing listens then")
}

// TestPanicsAreAnswered without what they hold; where an answer has begun, its
// connection ends, for half an answer must not be taken for a whole one.
func TestPanicsAreAnswered(t *testing.T) {
	var logs bytes.Buffer
	listener, err := transport.Bind(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	h := http.NewServeMux()
	h.HandleFunc("/early", func(http.ResponseWriter, *http.Request) { panic(errors.New("sk_planted")) })
	h.HandleFunc("/late", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"half":`)
		_ = http.NewResponseController(w).Flush()
		panic("sk_planted")
	})
	go func() { ended <- transport.Serve(ctx, listener, h, transport.Edge{}, watched(t, &logs)) }()
	base := "http://" + listener.Addr().String()

	got := send(t, "POST", base+"/early", ping, nil)
	assert.Equal(t, http.StatusInternalServerError, got.status)
	assert.JSONEq(t, `{"error":{"code":"INTERNAL_ERROR","message":"something went wrong inside attrove-mcp"}}`, got.body)
	late := <-start(t, "POST", base+"/late", ping, nil)
	require.ErrorIs(t, late.err, io.ErrUnexpectedEOF)

	http.DefaultClient.CloseIdleConnections()
	stop()
	require.NoError(t, <-ended)
	assert.Equal(t, 2, strings.Count(logs.String(), `"panic"`))
}

// TestNothingIsNoAnswer: a handler that says nothing is answered for.
func TestNothingIsNoAnswer(t *testing.T) {
	silent := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, transport.Path, strings.NewReader(ping))
	r.Header.Set("Content-Type", "application/json")
	transport.Messages(1<<40, silent).ServeHTTP(w, r)
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.Contains(t, w.Body.String(), "INTERNAL_ERROR")
}

// TestWhoTakesNoStreamsGetsNone, also where progress would make one.
func TestWhoTakesNoStreamsGetsNone(t *testing.T) {
	for accept, streams := range map[string]bool{"application/json, text/event-stream": true, "*/*": true, "application/json": false, "application/*;q=1": false} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, transport.Path, strings.NewReader(ping))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", accept)
		can := !streams
		transport.Messages(1<<40, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, can = w.(http.Flusher)
			w.WriteHeader(http.StatusOK)
		})).ServeHTTP(w, r)
		assert.Equal(t, streams, can, accept)
	}
}

// FuzzRequests: whatever is sent, the answer is one of those that there are, in one
// of the forms that there are, and nothing panics.
func FuzzRequests(f *testing.F) {
	for _, c := range hostileMessages() {
		_, body, _ := strings.Cut(c.raw, "\r\n\r\n")
		if len(body) < 4<<10 {
			f.Add([]byte(body), "2026-07-28", "tools/call", "no_such_tool", "application/json")
		}
	}
	for _, c := range hostileHeaders() {
		_, body, _ := strings.Cut(c.raw, "\r\n\r\n")
		f.Add([]byte(body), "2025-11-25", "tools/list", "", "application/json, text/event-stream")
	}
	p := newProduct(f, &attrovetest.Upstream{Answer: echo})
	h := transport.Handler(f.Context(), p.server, transport.HTTPOptions{Direct: p.direct, Log: safetest.Log(f, io.Discard, planted()...).Logger})
	f.Fuzz(func(t *testing.T, body []byte, version, method, name, accept string) {
		if method == "subscriptions/listen" {
			t.Skip("streams do not end")
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, transport.Path, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		for name, value := range headers("ann", "sk_ann") {
			r.Header.Set(name, value)
		}
		for header, value := range map[string]string{"Mcp-Protocol-Version": version, "Mcp-Method": method, "Mcp-Name": name, "Accept": accept} {
			if value != "" {
				r.Header.Set(header, value)
			}
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Contains(t, []int{200, 202, 400, 404, 406, 413, 415}, w.Code, "%s", w.Body)
		switch {
		case w.Code == http.StatusAccepted:
			require.Empty(t, w.Body.String())
		case strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream"):
			require.Contains(t, w.Body.String(), `data: {"jsonrpc":"2.0"`)
		default:
			var whole struct {
				JSONRPC string
				Result  any
				Error   any
			}
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &whole), "%s", w.Body)
			require.NotEqual(t, whole.Result == nil, whole.Error == nil, "%s", w.Body)
		}
	})
}
