package attrove

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// Retries of reads (P-07). Writes are never sent twice.
const (
	DefaultRetryDelay = 250 * time.Millisecond // ceiling of the first; it doubles
	maxRetries        = 2
	maxRetryAfter     = 30 * time.Second // a longer wait is the caller's to decide
	defaultRetryAfter = 60 * time.Second // of a 429 that names none
)

// The circuit opens for a while when calls fail one after the other.
const (
	circuitFailures = 5
	circuitPause    = 10 * time.Second
)

// outcome is what one attempt, or at last the whole call, came to.
type outcome struct {
	status     int
	header     http.Header
	body       []byte
	err        error         // why there is no whole answer
	retryAfter time.Duration // how long the upstream asks to wait
	again      bool          // another attempt may help, after delay
	delay      time.Duration
	down       bool // the upstream looks down
}

func newRetries() retrypolicy.RetryPolicy[outcome] {
	return retrypolicy.NewBuilder[outcome]().
		HandleIf(func(o outcome, _ error) bool { return o.again }).
		WithMaxRetries(maxRetries).
		ReturnLastFailure().
		WithDelayFunc(func(e failsafe.ExecutionAttempt[outcome]) time.Duration { return e.LastResult().delay }).
		Build()
}

func newCircuit() circuitbreaker.CircuitBreaker[outcome] {
	return circuitbreaker.NewBuilder[outcome]().
		HandleIf(func(o outcome, _ error) bool { return o.down }).
		WithFailureThreshold(circuitFailures).
		WithDelay(circuitPause).
		Build()
}

// judge decides what the outcome of attempt n, counted from 1, means. When the
// call's context has ended nobody asks: the retries answer with its error.
func (c *Client) judge(ctx context.Context, m Meta, o outcome, n int) outcome {
	o.delay = rand.N(c.retryDelay << (n - 1)) //nolint:gosec // full jitter needs no secrecy
	switch {
	case o.err != nil:
		o.again, o.down = true, true
	case o.status == http.StatusTooManyRequests:
		o.again = true
		o.retryAfter = defaultRetryAfter
	case o.status == http.StatusBadGateway, o.status == http.StatusServiceUnavailable, o.status == http.StatusGatewayTimeout:
		o.again, o.down = true, true
	case o.status >= 500: // a 501 or 507 is a sound answer
		o.down = o.status != http.StatusNotImplemented && o.status != http.StatusInsufficientStorage
	}
	if wait, ok := ParseRetryAfter(o.header.Get("Retry-After"), time.Now()); ok {
		o.retryAfter = wait
	}
	if o.retryAfter > 0 { // it is honoured once (P-07); who asks again to wait means it
		o.delay = o.retryAfter
		o.again = o.again && n == 1
	}
	o.again = o.again && m.Effect == Read && o.delay <= maxRetryAfter && fits(ctx, o.delay)
	return o
}

// fits reports whether there is time left after the delay.
func fits(ctx context.Context, delay time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > delay
}

// ParseRetryAfter reads seconds or an HTTP date (RFC 9110 section 10.2.3).
func ParseRetryAfter(value string, now time.Time) (time.Duration, bool) {
	if value == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now)), true
	}
	return 0, false
}
