package transport_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// request is a POST to the server. More headers come with the body, or replace
// the usual ones; an empty value leaves one out.
func request(body string, more ...string) string {
	headers := []string{
		"Host", "localhost", "Authorization", "Bearer sk_planted", "Attrove-User-Id", "ann", "Content-Type", "application/json",
		"Accept", "application/json, text/event-stream", "Content-Length", strconv.Itoa(len(body)),
	}
	replaced := map[string]bool{}
	for i := 0; i < len(more); i += 2 {
		replaced[more[i]] = true
	}
	var raw strings.Builder
	raw.WriteString("POST /mcp HTTP/1.1\r\n")
	for i := 0; i < len(headers); i += 2 {
		if !replaced[headers[i]] {
			raw.WriteString(headers[i] + ": " + headers[i+1] + "\r\n")
		}
	}
	for i := 0; i < len(more); i += 2 {
		if more[i+1] != "" {
			raw.WriteString(more[i] + ": " + more[i+1] + "\r\n")
		}
	}
	return raw.String() + "\r\n" + body
}

// instead is a request with another first line.
func instead(line, raw string) string {
	_, rest, _ := strings.Cut(raw, "\r\n")
	return line + "\r\n" + rest
}

// chunked sends the body in chunks of that size.
func chunked(body string, size int) string {
	var chunks strings.Builder
	for len(body) > 0 {
		n := min(size, len(body))
		fmt.Fprintf(&chunks, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	return request("", "Content-Length", "", "Transfer-Encoding", "chunked") + chunks.String() + "0\r\n\r\n"
}

func rpcRequest(more string) string { return `{"jsonrpc":"2.0","id":1,"method":"ping"` + more + `}` }

// newer is a request of 2026-07-28 that is right but for its headers, where a
// name comes with another value or, for "", is missing.
func newer(method, params string, headers ...string) string {
	body := `{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":{` + params + `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
		`"io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}`
	all := []string{}
	for name, value := range map[string]string{"Mcp-Protocol-Version": "2026-07-28", "Mcp-Method": method} {
		if !strings.Contains(strings.Join(headers, "\n"), name) {
			all = append(all, name, value)
		}
	}
	return request(body, append(all, headers...)...)
}

// theEnd at the end of a raw request ends the connection's sending half.
const theEnd = "<end>"

// exchange sends raw bytes and reads the final answer: its
// status, and its headers and body together.
func exchange(t *testing.T, address, raw string) answer {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	go func() {
		_, _ = io.WriteString(conn, strings.TrimSuffix(raw, theEnd)) // a server that refuses does not read it all
		if strings.HasSuffix(raw, theEnd) {
			_ = conn.(*net.TCPConn).CloseWrite()
		}
	}()
	method, _, _ := strings.Cut(raw, " ")
	in := bufio.NewReader(conn)
	for {
		resp, err := http.ReadResponse(in, &http.Request{Method: method})
		require.NoError(t, err)
		if resp.StatusCode == http.StatusContinue {
			continue
		}
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		var headers strings.Builder
		require.NoError(t, resp.Header.Write(&headers))
		return answer{status: resp.StatusCode, header: resp.Header, body: headers.String() + "\r\n" + string(body)}
	}
}
