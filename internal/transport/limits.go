package transport

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Limiter counts requests by key: one per every in the long run, and burst of
// them at once.
type Limiter interface {
	// Allow counts a request of key, or says after how long one may come; 0 is
	// now. An error means that it could not count.
	Allow(ctx context.Context, key string, every time.Duration, burst int) (wait time.Duration, err error)
}

// Rate is how many requests are served: one per Every in the long run, and Burst
// at once. The zero Rate is no limit.
type Rate struct {
	Every time.Duration
	Burst int
}

// PerSecond is the rate of so many requests per second, and burst at once; 0 is
// no limit.
func PerSecond(requests float64, burst int) Rate {
	if requests == 0 {
		return Rate{}
	}
	return Rate{Every: time.Duration(float64(time.Second) / requests), Burst: burst}
}

// Limits are how much is served at most, and to whom. Zero is no limit.
type Limits struct {
	// Address limits the requests from one address of the network, and Failures
	// those that are refused for want of credentials. Both protect this process,
	// which counts them by itself; this machine's own addresses have none.
	Address, Failures Rate
	// Caller limits the requests of one caller, wherever they come from. Shared
	// counts them for several processes; without it, and when it fails, each
	// process counts by itself.
	Caller Rate
	Shared Limiter
	// Calls and Streams are how many are served at once, in all and of one caller.
	Calls, CallsPerCaller     int
	Streams, StreamsPerCaller int
}

// maxMeters bounds the memory of a meter, which forgets whom it has not seen for
// longest. Each takes about 300 bytes.
const maxMeters = 1 << 15

// meter is a Limiter of this process.
type meter struct {
	known *lru.Cache[string, *rate.Limiter]
}

func newMeter() *meter {
	known, err := lru.New[string, *rate.Limiter](maxMeters)
	if err != nil {
		panic(err) // only of a size that is not positive
	}
	return &meter{known}
}

func (m *meter) of(key string, every time.Duration, burst int) *rate.Limiter {
	if one, ok := m.known.Get(key); ok {
		return one
	}
	fresh := rate.NewLimiter(rate.Every(every), burst)
	if one, ok, _ := m.known.PeekOrAdd(key, fresh); ok {
		return one
	}
	return fresh
}

// Allow implements Limiter; it never fails.
func (m *meter) Allow(_ context.Context, key string, every time.Duration, burst int) (time.Duration, error) {
	if one := m.of(key, every, burst); !one.Allow() {
		return untilNext(one, every), nil
	}
	return 0, nil
}

// untilNext is when one will let the next request through.
func untilNext(one *rate.Limiter, every time.Duration) time.Duration {
	missing := 1 - one.Tokens()
	return max(time.Duration(missing*float64(every)), time.Millisecond)
}

// guard holds the limits of one server.
type guard struct {
	limits  Limits
	proxies proxies
	local   *meter
	failed  *meter
	calls   crowd
	streams crowd
}

func newGuard(l Limits, behind []netip.Prefix) *guard {
	return &guard{
		limits: l, proxies: behind, local: newMeter(), failed: newMeter(),
		calls:   crowd{what: "calls", most: l.Calls, each: l.CallsPerCaller, retry: time.Second},
		streams: crowd{what: "streams", most: l.Streams, each: l.StreamsPerCaller, retry: 10 * time.Second},
	}
}

// addresses limits the requests from each address, and those that fail to say
// whose they are. It comes before anything that costs something.
func (g *guard) addresses(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := g.proxies.client(r)
		if !from.IsValid() || from.IsLoopback() {
			next.ServeHTTP(w, r)
			return
		}
		key := network(from)
		if one := g.failures(key); one != nil && one.Tokens() < 1 {
			tooMany("requests without valid credentials from this address", untilNext(one, g.limits.Failures.Every)).answer(w)
			return
		}
		if every := g.limits.Address; every != (Rate{}) {
			if wait, _ := g.local.Allow(r.Context(), "address "+key, every.Every, every.Burst); wait > 0 { // it never fails
				tooMany("requests from this address", wait).answer(w)
				return
			}
		}
		answered := replyOf(w)
		next.ServeHTTP(answered, r)
		if one := g.failures(key); one != nil && answered.status == http.StatusUnauthorized {
			one.Allow()
		}
	})
}

func (g *guard) failures(key string) *rate.Limiter {
	if g.limits.Failures == (Rate{}) {
		return nil
	}
	return g.failed.of(key, g.limits.Failures.Every, g.limits.Failures.Burst)
}

// network is whom an address stands for: of IPv6 a customer has at least a /64.
func network(from netip.Addr) string {
	if from.Is4() {
		return from.String()
	}
	whole, err := from.Prefix(64)
	if err != nil { // 64 fits
		return from.String()
	}
	return whole.String()
}

// callers limits the requests of each caller, and how many are served at once.
func (g *guard) callers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := RequestCaller(r.Context())
		if err != nil {
			refusalOf(err).answer(w)
			return
		}
		sum := sha256.Sum256([]byte(who.UserID + "\x00" + who.Key.Reveal()))
		key := string(sum[:])
		if wait := g.wait(r.Context(), key); wait > 0 {
			tooMany("requests", wait).answer(w)
			return
		}
		served := &g.calls
		if streams(r) {
			served = &g.streams
		}
		if full := served.enter(key); full != nil {
			full.answer(w)
			return
		}
		defer served.leave(key)
		next.ServeHTTP(w, r)
	})
}

// wait counts a request of the caller; 0 lets it through.
func (g *guard) wait(ctx context.Context, key string) time.Duration {
	limit := g.limits.Caller
	if limit == (Rate{}) {
		return 0
	}
	if g.limits.Shared != nil {
		if wait, err := g.limits.Shared.Allow(ctx, key, limit.Every, limit.Burst); err == nil {
			return wait
		} // whoever shares counts its failures
	}
	wait, _ := g.local.Allow(ctx, key, limit.Every, limit.Burst) // it never fails
	return wait
}

func tooMany(what string, wait time.Duration) *Refusal {
	return &Refusal{Status: http.StatusTooManyRequests, Code: attrove.CodeRateLimited, Message: "too many " + what + "; wait as long as Retry-After says", RetryAfter: wait}
}

// crowd counts who is being served.
type crowd struct {
	what       string
	most, each int           // 0 is no limit
	retry      time.Duration // after which there may be room

	mu  sync.Mutex
	all int
	by  map[string]int
}

// enter takes a place for who, to be left again, or says why there is none.
func (c *crowd) enter(who string) *Refusal {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.each > 0 && c.by[who] >= c.each:
		return &Refusal{
			Status: http.StatusTooManyRequests, Code: attrove.CodeRateLimited, RetryAfter: c.retry,
			Message: fmt.Sprintf("%d %s of one caller are served at once; end one of them first", c.each, c.what),
		}
	case c.most > 0 && c.all >= c.most:
		return &Refusal{
			Status: http.StatusServiceUnavailable, Code: "OVERLOADED", RetryAfter: c.retry,
			Message: "as many " + c.what + " are being served as this server can; try again soon",
		}
	}
	if c.by == nil {
		c.by = map[string]int{}
	}
	c.all++
	c.by[who]++
	return nil
}

func (c *crowd) leave(who string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.by[who]--; c.by[who] == 0 {
		delete(c.by, who)
	}
}
