package transport_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// network is one of pipes, on which time passes as synctest has it.
type network struct {
	arriving chan net.Conn
	closed   chan struct{}
}

func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.arriving:
		return conn, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error {
	close(n.closed)
	return nil
}

func (n *network) Addr() net.Addr { return &net.TCPAddr{} }

// arrival is a connection from an address.
type arrival struct {
	net.Conn
	from net.Addr
}

func (a arrival) RemoteAddr() net.Addr { return a.from }

// dial connects from that address.
func (n *network) dial(from string) net.Conn {
	client, server := net.Pipe()
	n.arriving <- arrival{server, &net.TCPAddr{IP: net.ParseIP(from), Port: 1}}
	return client
}

// client is an HTTP client at that address.
func (n *network) client(t *testing.T, from string) *http.Client {
	t.Helper()
	way := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return n.dial(from), nil }}
	t.Cleanup(way.CloseIdleConnections)
	return &http.Client{Transport: way}
}

// serveOn serves until the test ends, within its bubble.
func serveOn(t *testing.T, up *attrovetest.Upstream, o transport.HTTPOptions) *network {
	t.Helper()
	n := &network{arriving: make(chan net.Conn), closed: make(chan struct{})}
	o.Log = watched(t, io.Discard)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	served := make(chan error, 1)
	p := newProduct(t, up)
	o.Direct = p.direct
	go func() { served <- transport.ServeHTTP(ctx, n, p.server, o) }()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-served)
	})
	return n
}

// postTo asks once and returns the answer with its body as read.
func postTo(t *testing.T, c *http.Client, user, body string, more ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost"+transport.Path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	for name, value := range headers(user, "sk_"+user) {
		req.Header.Set(name, value)
	}
	for i := 0; i < len(more); i += 2 {
		req.Header.Set(more[i], more[i+1])
	}
	resp, err := c.Do(req)
	require.NoError(t, err)
	read, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return answer{status: resp.StatusCode, header: resp.Header, body: string(read)}
}

// TestSlowClients: whoever sends a request slowly, or none, loses the connection.
func TestSlowClients(t *testing.T) {
	for _, c := range []struct {
		name   string
		at     string // once
		then   string // and this every second
		within time.Duration
		says   string
	}{
		{"silence", "", "", 10 * time.Second, ""},
		{"a header each second", "POST /mcp HTTP/1.1\r\nHost: localhost\r\n", "X-More: 1\r\n", 10 * time.Second, ""},
		{"a byte each second", request("", "Content-Length", "1000"), " ", 30 * time.Second, "HTTP/1.1 408"},
		{"a chunk each second", request("", "Content-Length", "", "Transfer-Encoding", "chunked"), "1\r\n \r\n", 30 * time.Second, "HTTP/1.1 408"},
		{"one request and no more", request(ping), "", 2 * time.Minute, `"result":{}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := serveOn(t, &attrovetest.Upstream{}, transport.HTTPOptions{}).dial("203.0.113.7")
				began := time.Now()
				var writing sync.WaitGroup
				writing.Go(func() {
					_, err := io.WriteString(conn, c.at)
					for err == nil && c.then != "" {
						time.Sleep(time.Second)
						_, err = io.WriteString(conn, c.then)
					}
				})
				all, _ := io.ReadAll(conn) // whether the end comes with an error is no matter
				assert.LessOrEqual(t, time.Since(began), c.within+time.Second)
				assert.GreaterOrEqual(t, time.Since(began), c.within-time.Second)
				assert.Contains(t, string(all), c.says)
				require.NoError(t, conn.Close())
				writing.Wait()
			})
		})
	}
}

// TestStreamsAreNotCut by any of the times that end other requests.
func TestStreamsAreNotCut(t *testing.T) {
	for _, proto := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(proto, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := overTLS(t, proto == "HTTP/2.0")
				defer c.CloseIdleConnections()
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				body, h := modernly("subscriptions/listen", `"notifications":{"toolsListChanged":true}`)
				req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://localhost"+transport.Path, strings.NewReader(body))
				require.NoError(t, err)
				req.Header.Set("Content-Type", "application/json")
				for name, value := range h {
					req.Header.Set(name, value)
				}
				resp, err := c.Do(req)
				require.NoError(t, err)
				defer resp.Body.Close()
				require.Equal(t, proto, resp.Proto)
				began, beats := time.Now(), 0
				for lines := bufio.NewScanner(resp.Body); time.Since(began) < time.Hour && lines.Scan(); {
					if lines.Text() == ":" {
						beats++
					}
				}
				assert.InDelta(t, 180, beats, 1, "three a minute")
			})
		})
	}
}

// overTLS is a client of a server with a certificate.
func overTLS(t *testing.T, http2 bool) *http.Client {
	t.Helper()
	files := newPair(t)
	roots := files.issue(t, 1)
	certificate, err := transport.ReadCertificate(files.cert, files.key, watched(t, io.Discard))
	require.NoError(t, err)
	n := serveOn(t, &attrovetest.Upstream{}, transport.HTTPOptions{Edge: transport.Edge{Certificate: certificate}})
	return &http.Client{Transport: &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return n.dial("203.0.113.7"), nil },
		TLSClientConfig:   &tls.Config{RootCAs: roots},
		ForceAttemptHTTP2: http2,
	}}
}

// TestAnswersThatNobodyReadsEnd, so that they take nobody's place for long.
func TestAnswersThatNobodyReadsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := serveOn(t, &attrovetest.Upstream{}, transport.HTTPOptions{Limits: transport.Limits{Calls: 1}})
		stuck := n.dial("203.0.113.7")
		_, err := io.WriteString(stuck, request(ping))
		require.NoError(t, err)
		synctest.Wait()
		time.Sleep(2 * time.Minute)
		all, err := io.ReadAll(stuck)
		require.NoError(t, err)
		assert.Empty(t, all)
		assert.Equal(t, http.StatusOK, begun(t, n.dial("203.0.113.8"), request(ping)).status)
		require.NoError(t, stuck.Close())
	})
}

// TestStreamsThatNobodyReadsEnd, and make room for others.
func TestStreamsThatNobodyReadsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := serveOn(t, &attrovetest.Upstream{}, transport.HTTPOptions{Limits: transport.Limits{Streams: 1}})
		listen := newer("subscriptions/listen", `"notifications":{"toolsListChanged":true},`)
		stuck := n.dial("203.0.113.7")
		_, err := io.WriteString(stuck, listen)
		require.NoError(t, err)
		synctest.Wait()

		got := begun(t, n.dial("203.0.113.8"), listen)
		assert.Equal(t, http.StatusServiceUnavailable, got.status)
		assert.Equal(t, "10", got.header.Get("Retry-After"))
		time.Sleep(time.Minute)
		assert.Equal(t, http.StatusOK, begun(t, n.dial("203.0.113.8"), listen).status)
		require.NoError(t, stuck.Close())
	})
}

// begun is how the answer to a raw request begins, whose client then leaves.
func begun(t *testing.T, conn net.Conn, raw string) answer {
	t.Helper()
	_, err := io.WriteString(conn, raw)
	require.NoError(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	_ = resp.Body.Close() // there is no more of it
	return answer{status: resp.StatusCode, header: resp.Header}
}

// TestCallsThatTakeTooLongAreAnswered.
func TestCallsThatTakeTooLongAreAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{arriving: make(chan net.Conn), closed: make(chan struct{})}
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		slow := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		go func() {
			served <- transport.Serve(ctx, n, transport.Messages(time.Minute, slow), transport.Edge{}, watched(t, io.Discard))
		}()
		began := time.Now()
		got := postTo(t, n.client(t, "203.0.113.7"), "ann", ping)
		assert.Equal(t, time.Minute, time.Since(began))
		assert.Equal(t, http.StatusGatewayTimeout, got.status)
		assert.Contains(t, got.body, `"TIMEOUT"`)
		stop()
		require.NoError(t, <-served)
	})
}

// TestIdleConnectionsLeaveRoom: those beyond the limit wait until others end.
func TestIdleConnectionsLeaveRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := serveOn(t, &attrovetest.Upstream{}, transport.HTTPOptions{Edge: transport.Edge{Connections: 8}})
		for range 8 {
			silent := n.dial("203.0.113.7")
			defer silent.Close()
		}
		began := time.Now()
		got := postTo(t, n.client(t, "203.0.113.8"), "ann", ping)
		assert.Equal(t, http.StatusOK, got.status)
		assert.Equal(t, 10*time.Second, time.Since(began), "when the silent ones have ended")
	})
}

// TestFailuresLimitTheirAddress, and nobody else.
func TestFailuresLimitTheirAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := serveOn(t, &attrovetest.Upstream{}, transport.HTTPOptions{Limits: transport.Limits{
			Failures: transport.Rate{Every: 10 * time.Second, Burst: 3}, Address: transport.PerSecond(100, 100),
		}})
		guessing, other := n.client(t, "203.0.113.7"), n.client(t, "203.0.113.8")
		for range 3 {
			assert.Equal(t, http.StatusUnauthorized, postTo(t, guessing, "ann", ping, "Authorization", "Basic x").status)
		}
		for range 3 {
			got := postTo(t, guessing, "ann", ping)
			assert.Equal(t, http.StatusTooManyRequests, got.status, "even with a key: a guess must not be told from others")
			assert.Equal(t, "10", got.header.Get("Retry-After"))
			assert.Contains(t, got.body, `"retry_after":10`)
		}
		assert.Equal(t, http.StatusOK, postTo(t, other, "ann", ping).status)
		time.Sleep(10 * time.Second)
		assert.Equal(t, http.StatusOK, postTo(t, guessing, "ann", ping).status)
	})
}

// TestAddressesAreLimited: of IPv6 whole networks, and this machine not at all.
func TestAddressesAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := serveOn(t, &attrovetest.Upstream{}, transport.HTTPOptions{Limits: transport.Limits{Address: transport.PerSecond(0.5, 2)}})
		ask := func(from string) string {
			got := postTo(t, n.client(t, from), "ann", ping)
			return strconv.Itoa(got.status) + got.header.Get("Retry-After")
		}
		for _, want := range []string{"200", "200", "4292", "4292"} {
			assert.Equal(t, want, ask("203.0.113.7"))
		}
		assert.Equal(t, "200", ask("203.0.113.8"))
		for i, want := range []string{"200", "200", "4292"} {
			assert.Equal(t, want, ask("2001:db8::"+strconv.Itoa(i+1)))
		}
		assert.Equal(t, "200", ask("2001:db8:0:1::1"))
		for range 5 {
			assert.Equal(t, "200", ask("127.0.0.1"))
		}
		time.Sleep(2 * time.Second)
		assert.Equal(t, "200", ask("203.0.113.7"))
		assert.Equal(t, "4292", ask("203.0.113.7"))
	})
}
