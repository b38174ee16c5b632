package transport_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// TestWhereRequestsComeFrom: only proxies are believed, and of what they say only
// what they have seen themselves.
func TestWhereRequestsComeFrom(t *testing.T) {
	inside := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"nobody said anything", "203.0.113.7:1", nil, "203.0.113.7"},
		{"a proxy that says nothing", "10.0.0.1:1", nil, "10.0.0.1"},
		{"a proxy", "10.0.0.1:1", []string{"203.0.113.7"}, "203.0.113.7"},
		{"a proxy in IPv6", "[fd00::1]:1", []string{"2001:db8::7"}, "2001:db8::7"},
		{"a proxy in IPv4 within IPv6", "[::ffff:10.0.0.1]:1", []string{"::ffff:203.0.113.7"}, "203.0.113.7"},
		{"somebody who is no proxy", "203.0.113.9:1", []string{"203.0.113.7"}, "203.0.113.9"},
		{"what the client made up", "10.0.0.1:1", []string{"127.0.0.1, 203.0.113.7"}, "203.0.113.7"},
		{"made up in a line of its own", "10.0.0.1:1", []string{"127.0.0.1", "203.0.113.7"}, "203.0.113.7"},
		{"two proxies", "10.0.0.1:1", []string{"1.1.1.1, 203.0.113.7, 10.0.0.2"}, "203.0.113.7"},
		{"proxies alone", "10.0.0.1:1", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"with a port", "10.0.0.1:1", []string{"203.0.113.7:4711"}, "203.0.113.7"},
		{"with brackets", "10.0.0.1:1", []string{"[2001:db8::7]:4711"}, "2001:db8::7"},
		{"with a zone", "10.0.0.1:1", []string{"fe80::1%eth0"}, "fe80::1"},
		{"no address", "10.0.0.1:1", []string{"203.0.113.7, unknown"}, "10.0.0.1"},
		{"nothing between commas", "10.0.0.1:1", []string{"203.0.113.7,,"}, "10.0.0.1"},
		{"no network", "pipe", []string{"203.0.113.7"}, "invalid IP"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", http.NoBody)
			r.RemoteAddr = c.peer
			r.Header["X-Forwarded-For"] = c.forwarded
			assert.Equal(t, c.want, transport.ClientOf(inside, r).String())
		})
	}
}

// TestCallersAreLimited each by themselves, wherever they ask from.
func TestCallersAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := serveOn(t, &attrovetest.Upstream{}, transport.HTTPOptions{Limits: transport.Limits{Caller: transport.PerSecond(0.25, 2)}})
		here, there := n.client(t, "127.0.0.1"), n.client(t, "203.0.113.7")
		assert.Equal(t, http.StatusOK, postTo(t, here, "ann", ping).status)
		assert.Equal(t, http.StatusOK, postTo(t, there, "ann", ping).status)
		got := postTo(t, here, "ann", ping)
		assert.Equal(t, http.StatusTooManyRequests, got.status)
		assert.Equal(t, "4", got.header.Get("Retry-After"))
		assert.JSONEq(t, `{"error":{"code":"RATE_LIMITED","message":"too many requests; wait as long as Retry-After says","retry_after":4}}`, got.body)
		assert.Equal(t, http.StatusOK, postTo(t, here, "bo", ping).status)
		time.Sleep(4 * time.Second)
		assert.Equal(t, http.StatusOK, postTo(t, here, "ann", ping).status)
	})
}

// shared is a Limiter that several processes share.
type shared struct {
	mu   sync.Mutex
	keys map[string]int
	fail error
}

func (s *shared) Allow(_ context.Context, key string, _ time.Duration, burst int) (time.Duration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys[key]++; s.keys[key] > burst {
		return 1500 * time.Millisecond, s.fail
	}
	return 0, s.fail
}

func TestSharedLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := &shared{keys: map[string]int{}}
		o := transport.HTTPOptions{Limits: transport.Limits{Caller: transport.PerSecond(1, 2), Shared: all}}
		one := serveOn(t, &attrovetest.Upstream{}, o).client(t, "203.0.113.7")
		two := serveOn(t, &attrovetest.Upstream{}, o).client(t, "203.0.113.7")
		assert.Equal(t, http.StatusOK, postTo(t, one, "ann", ping).status)
		assert.Equal(t, http.StatusOK, postTo(t, two, "ann", ping).status)
		got := postTo(t, one, "ann", ping)
		assert.Equal(t, http.StatusTooManyRequests, got.status)
		assert.Equal(t, "2", got.header.Get("Retry-After"), "whole seconds, not too few")
		for key := range all.keys {
			assert.NotContains(t, key, "ann", "a key says nothing of whose it is")
		}

		all.fail = errors.New("gone")
		for _, want := range []int{200, 200, 429} {
			assert.Equal(t, want, postTo(t, one, "ann", ping).status, "then each process counts by itself")
		}
	})
}

// TestCallsAtOnce: one caller's are limited, and all of them; whoever has ended
// leaves room.
func TestCallsAtOnce(t *testing.T) {
	up, came, release, ended := blocking()
	base, _ := newProduct(t, up).listen(t, transport.HTTPOptions{Limits: transport.Limits{Calls: 3, CallsPerCaller: 2}})
	running := []<-chan answer{}
	for _, who := range []string{"ann", "ann", "bo"} {
		running = append(running, start(t, "POST", base+"/mcp", query("1", "late"), headers(who, "sk_"+who)))
		<-came
	}
	got := send(t, "POST", base+"/mcp", query("2", "more"), headers("ann", "sk_ann"))
	assert.Equal(t, http.StatusTooManyRequests, got.status)
	assert.Equal(t, "1", got.header.Get("Retry-After"))
	assert.Contains(t, got.body, "2 calls of one caller")
	got = send(t, "POST", base+"/mcp", query("2", "more"), headers("bo", "sk_bo"))
	assert.Equal(t, http.StatusServiceUnavailable, got.status)
	assert.Equal(t, "1", got.header.Get("Retry-After"))
	assert.Contains(t, got.body, `"OVERLOADED"`)
	close(release)
	for _, one := range running {
		assert.Contains(t, (<-one).body, `"answer":"late"`)
		require.NoError(t, <-ended)
	}
	assert.Contains(t, send(t, "POST", base+"/mcp", query("2", "more"), headers("bo", "sk_bo")).body, `"answer":"more"`)
}

// TestClientsUnderstandLimits: what a client says of a refusal tells what it was.
func TestClientsUnderstandLimits(t *testing.T) {
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			base, _ := newProduct(t, &attrovetest.Upstream{Answer: echo}).listen(t, transport.HTTPOptions{Limits: transport.Limits{Caller: transport.PerSecond(0.01, 4)}})
			c := dial(t, base, option, headers("ann", "sk_ann"))
			var err error
			for range 4 {
				if _, err = ask(t.Context(), c, "hello"); err != nil {
					break
				}
			}
			require.ErrorContains(t, err, "RATE_LIMITED")
			require.ErrorContains(t, err, "Retry-After")
		})
	}
}

// TestMemoryOfLimitsIsBounded, whoever asks under however many names.
func TestMemoryOfLimitsIsBounded(t *testing.T) {
	m := transport.NewMeter()
	for i := range 40_000 {
		wait, err := m.Allow(t.Context(), strconv.Itoa(i), time.Second, 1)
		require.NoError(t, err)
		require.Zero(t, wait)
	}
	assert.LessOrEqual(t, m.Len(), 1<<15)
	wait, err := m.Allow(t.Context(), "39999", time.Second, 1)
	require.NoError(t, err)
	assert.InDelta(t, time.Second, wait, float64(time.Second/2), "the latest are known")
}

// TestWhoLeftIsForgotten: callers come and go for as long as the server runs.
func TestWhoLeftIsForgotten(t *testing.T) {
	assert.Zero(t, transport.Counted(100))
}
