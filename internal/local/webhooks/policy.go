package webhooks

import (
	"net/http"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	// patience is how long an endpoint may accept nothing. It is disabled when
	// after that a delivery's last retry fails: as the retries take three days,
	// no single event that it cannot digest is enough.
	patience = 5 * 24 * time.Hour

	// longestWait is how long an endpoint may ask to be left alone.
	longestWait = 24 * time.Hour

	// jitter spreads retries by up to this part of their delay.
	jitter = 0.1
)

// schedule is how long after each failed attempt the next one is made (P-19).
func schedule() []time.Duration {
	return []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}
}

// judge says what an answer means for the attempt d and for its endpoint.
func (s *Sender) judge(hook *store.Webhook, d *store.Delivery, a answer) {
	now := s.o.Now()
	d.ResponseStatus, d.Error, d.Duration, d.NextAttempt = a.status, a.failure, a.took, time.Time{}
	if a.failure == "" {
		d.Status = attrove.DeliverySucceeded
		hook.FailingSince, hook.RestUntil = time.Time{}, time.Time{}
		return
	}
	d.Status = attrove.DeliveryFailed
	if hook.FailingSince.IsZero() {
		hook.FailingSince = d.AttemptedAt
	}
	if a.down() {
		hook.RestUntil = now.Add(a.wait(schedule()[0]))
	}
	switch {
	case a.status == http.StatusGone:
		disable(hook, "the endpoint answered 410 Gone", now)
	case d.Attempt <= len(schedule()):
		delay := schedule()[d.Attempt-1]
		delay += time.Duration(float64(delay) * jitter * s.o.Jitter())
		d.NextAttempt = now.Add(a.wait(delay))
	case now.Sub(hook.FailingSince) >= patience:
		disable(hook, "the endpoint accepted nothing for five days", now)
	}
}

// down reports whether other deliveries would now fare no better: the
// specification asks to throttle them.
func (a answer) down() bool {
	switch a.status {
	case 0, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// wait is delay, or longer if the endpoint asked for that.
func (a answer) wait(delay time.Duration) time.Duration {
	return max(delay, min(a.retryAfter, longestWait))
}

func disable(hook *store.Webhook, reason string, now time.Time) {
	if hook.Enabled {
		hook.Enabled, hook.DisabledReason, hook.UpdatedAt = false, reason, now
	}
}
