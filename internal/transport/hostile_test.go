package transport_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// hostile is a request as it stands on the wire.
type hostile struct {
	name   string
	raw    string
	status int
	says   string // in the answer's body, or a header and its value
}

func hostileHTTP() []hostile {
	good := request(ping)
	return []hostile{
		{"a good request", good, 200, `"result":{}`},
		{"HTTP/1.0", instead("POST /mcp HTTP/1.0", good), 200, `"result":{}`},
		{"HTTP/1.0 without a host", instead("POST /mcp HTTP/1.0", request(ping, "Host", "")), 403, "Host header"},
		{"HTTP/2.0 in the clear", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 403, "Host header"},
		{"HTTP/3.0", instead("POST /mcp HTTP/3.0", good), 505, ""},
		{"no version", "POST /mcp\r\n\r\n", 400, ""},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, ""},
		{"an absolute address", instead("POST http://localhost/mcp HTTP/1.1", good), 200, `"result":{}`},
		{"another absolute address", instead("POST http://evil.example/mcp HTTP/1.1", good), 403, "Host header"},
		{"no host", request(ping, "Host", ""), 400, ""},
		{"two hosts", request(ping, "Host", "localhost\r\nHost: evil.example"), 400, ""},
		{"another host", request(ping, "Host", "evil.example"), 403, "Host header"},
		{"a host with a user", request(ping, "Host", "localhost@evil.example"), 400, ""},
		{"another origin", request(ping, "Origin", "http://evil.example"), 403, "another origin"},
		{"a look from another origin", instead("GET /mcp HTTP/1.1", request("", "Origin", "http://evil.example")), 403, "another origin"},
		{"a preflight from another origin", instead("OPTIONS /mcp HTTP/1.1", request("", "Origin", "http://evil.example", "Access-Control-Request-Method", "POST")), 403, "another origin"},

		{"GET", instead("GET /mcp HTTP/1.1", request("")), 405, "Allow: POST"},
		{"HEAD", instead("HEAD /mcp HTTP/1.1", request("")), 405, "Allow: POST"},
		{"DELETE", instead("DELETE /mcp HTTP/1.1", request("")), 405, "Allow: POST"},
		{"OPTIONS", instead("OPTIONS /mcp HTTP/1.1", request("")), 405, "Allow: POST"},
		{"TRACE", instead("TRACE /mcp HTTP/1.1", request("")), 405, "Allow: POST"},
		{"another case", instead("post /mcp HTTP/1.1", good), 405, "Allow: POST"},
		{"a method of its own", instead("BREW /mcp HTTP/1.1", good), 405, "Allow: POST"},
		{"no method", instead("P(ST /mcp HTTP/1.1", good), 400, ""},
		{"everything's options", instead("OPTIONS * HTTP/1.1", request("")), 404, "NOT_FOUND"},
		{"a tunnel", instead("CONNECT evil.example:443 HTTP/1.1", request("", "Host", "localhost")), 403, "Host header"},

		{"below the path", instead("POST /mcp/ HTTP/1.1", good), 404, "NOT_FOUND"},
		{"a path in other letters", instead("POST /MCP HTTP/1.1", good), 404, "NOT_FOUND"},
		{"a doubled slash", instead("POST //mcp HTTP/1.1", good), 404, "NOT_FOUND"},
		{"a detour", instead("POST /x/../mcp HTTP/1.1", good), 404, "NOT_FOUND"},
		{"a hidden detour", instead("POST /x/%2e%2e/mcp HTTP/1.1", good), 404, "NOT_FOUND"},
		{"a NUL in the path", instead("POST /mcp%00 HTTP/1.1", good), 404, "NOT_FOUND"},
		{"half an escape", instead("POST /mcp%2 HTTP/1.1", good), 400, ""},

		{"large headers", request(ping, "X-Large", strings.Repeat("x", 64<<10)), 431, ""},
		{"many headers", request(ping, "X-Many", "1"+strings.Repeat("\r\nX-Many: 1", 8<<10)), 431, ""},
		{"a header with a control character", request(ping, "X-Bad", "a\x01b"), 400, ""},
		{"a header without a colon", request(ping, "X-Bad\r\nNone", "x"), 400, ""},
		{"a space before the colon", request(ping, "Content-Length ", "0"), 400, ""},
		{"no key", request(ping, "Authorization", ""), 401, "Www-Authenticate: Bearer"},
		{"two users", request(ping, "Attrove-User-Id", "ann\r\nAttrove-User-Id: bo"), 400, "two headers"},
		{"two keys", request(ping, "Authorization", "Bearer sk_planted\r\nAuthorization: Bearer sk_other"), 400, "several Authorization"},
	}
}

func hostileFraming() []hostile {
	return []hostile{
		{"chunks", chunked(ping, 3), 200, `"result":{}`},
		{"chunks beyond the limit", chunked(ping+strings.Repeat(" ", 1<<20), 64<<10), 413, "1048576 bytes"},
		{"a length beyond the limit", request("", "Content-Length", "1048577"), 413, "1048576 bytes"},
		{"an absurd length", request("", "Content-Length", "9223372036854775807"), 413, "1048576 bytes"},
		{"a length beyond numbers", request("", "Content-Length", "99999999999999999999"), 400, ""},
		{"a negative length", request("", "Content-Length", "-1"), 400, ""},
		{"a signed length", request(ping, "Content-Length", "+"+strconv.Itoa(len(ping))), 400, ""},
		{"two lengths", request(ping, "Content-Length", fmt.Sprintf("%d\r\nContent-Length: 0", len(ping))), 400, ""},
		{"a length and chunks: chunks it is", strings.Replace(chunked(ping, 99), "Transfer-Encoding", "Content-Length: 4\r\nTransfer-Encoding", 1), 200, `"result":{}`},
		{"two codings", strings.Replace(chunked(ping, 99), "chunked", "gzip, chunked", 1), 501, ""},
		{"an unknown coding", strings.Replace(chunked(ping, 99), "chunked", "xchunked", 1), 501, ""},
		{"a hidden coding", strings.Replace(chunked(ping, 99), "chunked", "\x0bchunked", 1), 400, ""},
		{"chunks of no number", request("", "Content-Length", "", "Transfer-Encoding", "chunked") + "zz\r\n", 400, "broke off"},
		{"chunks of a huge number", request("", "Content-Length", "", "Transfer-Encoding", "chunked") + "fffffffffffffffff\r\n", 400, "broke off"},
		{"a body that breaks off", request(ping, "Content-Length", "400") + theEnd, 400, "broke off"},
		{"no body", request(""), 400, "-32700"},
		{"asking first", request(ping, "Expect", "100-continue"), 200, `"result":{}`},
		{"asking first without a key", request("", "Content-Length", "100", "Expect", "100-continue", "Authorization", ""), 401, "two headers"},
		{"asking first with too much", request("", "Content-Length", "1048577", "Expect", "100-continue"), 413, "1048576 bytes"},
		{"expecting something else", request(ping, "Expect", "200-ok"), 417, ""},

		{"no content type", request(ping, "Content-Type", ""), 415, "application/json"},
		{"another content type", request(ping, "Content-Type", "text/plain"), 415, "application/json"},
		{"what begins like it", request(ping, "Content-Type", "application/jsonx"), 415, "application/json"},
		{"a content type with a charset", request(ping, "Content-Type", "Application/JSON; charset=utf-8"), 200, `"result":{}`},
		{"a compressed body", request("\x1f\x8b\x08", "Content-Encoding", "gzip"), 415, "compressed"},
		{"a body said to be as it is", request(ping, "Content-Encoding", "identity"), 200, `"result":{}`},
		{"no accepted type", request(ping, "Accept", ""), 200, `"result":{}`},
		{"any type", request(ping, "Accept", "*/*;q=0.8"), 200, `"result":{}`},
		{"JSON alone", request(ping, "Accept", "application/json"), 200, `"result":{}`},
		{"streams alone", request(ping, "Accept", "text/event-stream"), 406, "Accept"},
		{"no JSON, please", request(ping, "Accept", "application/json;q=0.0, text/event-stream"), 406, "Accept"},
		{"pages", request(ping, "Accept", "text/html"), 406, "Accept"},
		{"a stream for whom none can be sent", newer("subscriptions/listen", `"notifications":{"toolsListChanged":true},`, "Accept", "application/json"), 406, "Accept"},
	}
}

func hostileMessages() []hostile {
	of := func(body string) string { return request(body) }
	return []hostile{
		{"no JSON", of("hello"), 400, `"code":-32700`},
		{"half a message", of(`{"jsonrpc":"2.0","id":1,`), 400, `"code":-32700`},
		{"more than a message", of(ping + ping), 400, `"code":-32700`},
		{"no UTF-8", of(rpcRequest(",\"x\":\"\xff\xfe\"")), 400, "UTF-8"},
		{"UTF-16", of("\xfe\xff\x00{\x00}"), 400, "UTF-8"},
		{"a byte order mark", of("\ufeff" + ping), 400, `"code":-32700`},
		{"a million brackets", of(strings.Repeat("[", 1<<20)), 400, "nested"},
		{"a million objects", of(strings.Repeat(`{"":`, 1<<18)), 400, "nested"},
		{"deep arguments", of(rpcRequest(`,"params":{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`)), 400, "nested"},
		{"a batch", of("[" + ping + "," + ping + "]"), 400, "batches"},
		{"an empty batch", of("[]"), 400, "batches"},
		{"null", of("null"), 400, `"code":-32600`},
		{"a text", of(`"ping"`), 400, `"code":-32600`},
		{"nothing in it", of("{}"), 400, `"code":-32600`},
		{"no version of JSON-RPC", of(`{"id":1,"method":"ping"}`), 400, `"id":1,"error":{"code":-32600`},
		{"another version of JSON-RPC", of(`{"jsonrpc":"1.0","id":1,"method":"ping"}`), 400, `"code":-32600`},
		{"no method", of(`{"jsonrpc":"2.0","id":1}`), 400, `"code":-32600`},
		{"a method that is a number", of(`{"jsonrpc":"2.0","id":1,"method":1}`), 400, `"code":-32600`},
		{"an unknown method", of(`{"jsonrpc":"2.0","id":1,"method":"no/such"}`), 200, `"code":-32601`},
		{"parameters in a list", of(rpcRequest(`,"params":[1]`)), 400, `"code":-32602`},
		{"a null id", of(`{"jsonrpc":"2.0","id":null,"method":"ping"}`), 400, `"code":-32600`},
		{"an id that is an object", of(`{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}`), 400, `"code":-32600`},
		{"a huge number as id", of(`{"jsonrpc":"2.0","id":` + strings.Repeat("9", 900) + `,"method":"ping"}`), 400, `"code":-32600`},
		{"a huge text as id", of(`{"jsonrpc":"2.0","id":"` + strings.Repeat("x", 1<<19) + `","method":"ping"}`), 400, "longer"},
		{"an id of hostile text", of(`{"jsonrpc":"2.0","id":"\"}<script>","method":"ping"}`), 200, `"result":{}`},
		{"two methods", of(rpcRequest(`,"method":"tools/list"`)), 400, "two members"},
		{"two methods in other letters", of(rpcRequest(`,"METHOD":"tools/list"`)), 400, "two members"},
		{"two names", of(rpcRequest(`,"params":{"name":"a","n\u0061me":"b"}`)), 400, "two members"},
		{"many members", of(rpcRequest(func() string {
			var all strings.Builder
			for i := range 50_000 {
				fmt.Fprintf(&all, `,"m%d":1`, i)
			}
			return all.String()
		}())), 400, "64 members"},
		{"a notification", of(`{"jsonrpc":"2.0","method":"notifications/initialized"}`), 202, ""},
		{"a call as a notification", of(`{"jsonrpc":"2.0","method":"tools/call","params":{"name":"attrove_query","arguments":{"query":"x"}}}`), 202, ""},
		{"a result", of(`{"jsonrpc":"2.0","id":1,"result":{}}`), 202, ""},
		{"an error", of(`{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"m"}}`), 202, ""},
		{"a result without an id", of(`{"jsonrpc":"2.0","result":{}}`), 400, `"code":-32600`},
		{"a request and a result", of(rpcRequest(`,"result":{}`)), 400, `"code":-32600`},
	}
}

func hostileHeaders() []hostile {
	call := `"name":"no_such_tool","arguments":{},`
	list := func(headers ...string) string { return newer("tools/list", "", headers...) }
	return []hostile{
		{"a good modern request", list(), 200, `"tools":[`},
		{"no version header", list("Mcp-Protocol-Version", ""), 400, `"code":-32020`},
		{"no version in the message", request(rpcRequest(""), "Mcp-Protocol-Version", "2026-07-28", "Mcp-Method", "ping"), 400, `"code":-32602`},
		{"versions that differ", list("Mcp-Protocol-Version", "2025-11-25"), 400, `"id":1,"error":{"code":-32020`},
		{"two versions", list("Mcp-Protocol-Version", "2026-07-28\r\nMcp-Protocol-Version: 2025-11-25"), 400, `"code":-32020`},
		{"a version from the future", strings.ReplaceAll(strings.Replace(list(), "2026-07-28", "2099-01-01", 1), `"2026-07-28"`, `"2099-01-01"`), 400, `"code":-32022`},
		{"which are supported", strings.ReplaceAll(strings.Replace(list(), "2026-07-28", "2099-01-01", 1), `"2026-07-28"`, `"2099-01-01"`), 400, `"supported":["2026-07-28","2025-11-25"`},
		{"a version of another world", request(ping, "Mcp-Protocol-Version", "1999-01-01"), 400, `"code":-32022`},
		{"no version at all", request(ping, "Mcp-Protocol-Version", "1.0"), 400, `"code":-32022`},
		{"an old version", request(ping, "Mcp-Protocol-Version", "2025-03-26"), 200, `"result":{}`},
		{"a version that initialize agrees on", request(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"1999-01-01","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`,
			"Mcp-Protocol-Version", "1999-01-01"), 200, `"protocolVersion":"2025-11-25"`},
		{"initialize in the modern era", newer("initialize", `"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"},`), 404, `"code":-32601`},
		{"an unknown modern method", newer("no/such", ""), 404, `"code":-32601`},
		{"no method header", list("Mcp-Method", ""), 400, `"code":-32020`},
		{"another method header", list("Mcp-Method", "tools/call"), 400, `"code":-32020`},
		{"a method header in other letters", list("Mcp-Method", "Tools/List"), 400, `"code":-32020`},
		{"a stream by its header alone", list("Mcp-Method", "subscriptions/listen"), 400, `"code":-32020`},
		{"a stream by the header of an old request", request(ping, "Mcp-Method", "subscriptions/listen"), 400, `"code":-32020`},
		{"two method headers", list("Mcp-Method", "tools/list\r\nMcp-Method: tools/call"), 400, `"code":-32020`},
		{"no name header", newer("tools/call", call), 400, `"code":-32020`},
		{"another name header", newer("tools/call", call, "Mcp-Name", "attrove_query"), 400, `"code":-32020`},
		{"an encoded name header", newer("tools/call", call, "Mcp-Name", "=?base64?bm9fc3VjaF90b29s?="), 400, `"code":-32602`},
		{"another encoded name header", newer("tools/call", call, "Mcp-Name", "=?base64?b3RoZXI=?="), 400, `"code":-32020`},
		{"a name header that is not Base64", newer("tools/call", call, "Mcp-Name", "=?base64?***?="), 400, `"code":-32020`},
		{"a name header of other characters", newer("tools/call", `"name":"sëarch","arguments":{},`, "Mcp-Name", "sëarch"), 400, `"code":-32020`},
		{"another URI header", newer("resources/read", `"uri":"attrove://goals","name":"attrove://notes",`, "Mcp-Name", "attrove://notes"), 400, `"code":-32020`},
		{"no capabilities", strings.Replace(list(), `"io.modelcontextprotocol/clientCapabilities":{}`, `"io.modelcontextprotocol/clientCapabilitiez":{}`, 1), 400, `"code":-32602`},
		{"two versions in the message", request(strings.Replace(rpcRequest(`,"params":{"_meta":{"v":1,"v":2}}`), `"v"`, `"io.modelcontextprotocol/protocolVersion"`, 2)), 400, "two members"},
		{"a modern response", request(`{"jsonrpc":"2.0","id":1,"result":{}}`, "Mcp-Protocol-Version", "2026-07-28"), 400, `"code":-32600`},
		{"a modern notification", request(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, "Mcp-Protocol-Version", "2026-07-28"), 202, ""},
		{"a session", list("Mcp-Session-Id", "mcp-session-00000000-0000-0000-0000-000000000000"), 200, `"tools":[`},
		{"a stream to resume", list("Last-Event-ID", "1"), 200, `"tools":[`},
	}
}

// TestHostileRequests is the matrix of status codes: whatever comes is answered as
// HTTP, JSON-RPC and MCP have it, and costs little.
func TestHostileRequests(t *testing.T) {
	up := &attrovetest.Upstream{Answer: echo}
	p := newProduct(t, up)
	t.Run("mcp-go", func(t *testing.T) {
		base, _ := listen(t, p.server, transport.HTTPOptions{})
		testHostile(t, base)
	})
	t.Run("direct", func(t *testing.T) {
		base, _ := p.listen(t, transport.HTTPOptions{})
		testHostile(t, base)
	})
	assert.Empty(t, up.Requests(), "nothing hostile reaches Attrove")
}

func testHostile(t *testing.T, base string) {
	t.Helper()
	where, err := url.Parse(base)
	require.NoError(t, err)
	for _, group := range [][]hostile{hostileHTTP(), hostileFraming(), hostileMessages(), hostileHeaders()} {
		for _, c := range group {
			t.Run(c.name, func(t *testing.T) {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				got := exchange(t, where.Host, c.raw)
				runtime.ReadMemStats(&after)
				assert.Equal(t, c.status, got.status, got.body)
				if c.says != "" {
					assert.Contains(t, got.body, c.says)
				}
				if c.says != "" && c.status >= 400 && !strings.HasPrefix(c.raw, "HEAD") {
					assertError(t, got)
				}
				if c.status == http.StatusOK {
					return
				}
				// Most of it is the test's own.
				assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(10*len(c.raw)+2<<20))
			})
		}
	}
}

// assertError holds an answer to the form of errors: JSON-RPC's, or the tools'.
func assertError(t *testing.T, got answer) {
	t.Helper()
	var failed struct {
		JSONRPC string
		Error   struct {
			Code    any
			Message string
		}
	}
	_, body, _ := strings.Cut(got.body, "\r\n\r\n")
	require.NoError(t, json.Unmarshal([]byte(body), &failed), body)
	assert.NotEmpty(t, failed.Error.Message)
	_, number := failed.Error.Code.(float64)
	assert.Equal(t, failed.JSONRPC == "2.0", number, body)
	assert.Equal(t, "application/json", got.header.Get("Content-Type"))
}

// TestOneRequestIsNotTwo: what follows a request on its connection is another one,
// for whose end there is one reading only.
func TestOneRequestIsNotTwo(t *testing.T) {
	base, _ := keyed(t, &attrovetest.Upstream{Answer: echo})
	where, err := url.Parse(base)
	require.NoError(t, err)
	smuggled := "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for _, first := range []string{
		request(ping, "Content-Length", fmt.Sprintf("%d\r\nContent-Length: %d", len(ping), len(ping)+len(smuggled))),
		strings.Replace(chunked(ping, 99), "chunked", "chunked\r\nTransfer-Encoding: identity", 1),
		strings.Replace(request(ping), "Content-Length: ", "Content-Length:\t0,", 1),
	} {
		conn, err := net.Dial("tcp", where.Host)
		require.NoError(t, err)
		_, err = io.WriteString(conn, first+smuggled)
		require.NoError(t, err)
		all, err := io.ReadAll(conn)
		require.NoError(t, err, "the connection ends")
		require.NoError(t, conn.Close())
		assert.Equal(t, 1, strings.Count(string(all), "HTTP/1.1 "), "%s", all)
		assert.NotContains(t, string(all), `"ok"`)
	}
}
