package webhooks_test

import (
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
)

// exhaust has an event fail until it is given up, and returns its attempts in
// their order.
func (f fixture) exhaust(t *testing.T, hook, event string) []store.Delivery {
	t.Helper()
	f.publish(t, event)
	for {
		var attempts []store.Delivery
		for _, d := range f.settle(t, hook) {
			if d.EventID == event {
				attempts = append([]store.Delivery{d}, attempts...)
			}
		}
		last := attempts[len(attempts)-1]
		if last.Status != attrove.DeliveryPending {
			return attempts
		}
		f.clock.set(last.NextAttempt)
	}
}

func TestSchedule(t *testing.T) {
	plain := []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}
	for name, part := range map[string]float64{"no jitter": 0, "half the jitter": 0.5} {
		t.Run(name, func(t *testing.T) {
			r := receive(t, status(500))
			f := newFixture(t, webhooks.Options{Targets: webhooks.Any, Jitter: func() float64 { return part }})
			w := f.hook(t, r.URL)
			attempts := f.exhaust(t, w.ID, "e")
			require.Len(t, attempts, len(plain)+1)
			for i, d := range attempts {
				assert.Equal(t, i+1, d.Attempt)
				assert.Equal(t, attrove.DeliveryFailed, d.Status)
				if i < len(plain) {
					assert.Equal(t, plain[i]+time.Duration(float64(plain[i])*part/10), d.NextAttempt.Sub(d.AttemptedAt))
				} else {
					assert.Zero(t, d.NextAttempt)
				}
			}
			posts := r.got()
			require.Len(t, posts, len(plain)+1)
			for _, p := range posts {
				require.NoError(t, verify(t, p, w.Secret))
				assert.Equal(t, "e", p.header.Get("webhook-id"))
				assert.Equal(t, posts[0].body, p.body)
			}
		})
	}
}

func TestDisablesWhatAcceptsNothing(t *testing.T) {
	var answer atomic.Int32
	answer.Store(500)
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(answer.Load())) })
	f := newFixture(t, webhooks.Options{Targets: webhooks.Any})
	w := f.hook(t, r.URL)
	f.exhaust(t, w.ID, "indigestible")
	assert.Equal(t, start, f.endpoint(t, w.ID).FailingSince)
	answer.Store(200)
	f.publish(t, "good")
	f.settle(t, w.ID)
	assert.Zero(t, f.endpoint(t, w.ID).FailingSince, "one event that it cannot digest is not enough")

	answer.Store(500)
	f.exhaust(t, w.ID, "first")
	assert.True(t, f.endpoint(t, w.ID).Enabled)
	f.exhaust(t, w.ID, "second")
	off := f.endpoint(t, w.ID)
	assert.False(t, off.Enabled)
	assert.Contains(t, off.DisabledReason, "five days")
	f.publish(t, "unheard")
	for _, d := range f.settle(t, w.ID) {
		assert.NotEqual(t, "unheard", d.EventID)
	}
}

func TestRetryAfter(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		header string
		want   time.Duration
		within time.Duration
	}{
		"longer":           {503, "3600", time.Hour, 0},
		"rate limited":     {429, "60", time.Minute, 0},
		"shorter":          {503, "1", 5 * time.Second, 0},
		"a date":           {429, time.Now().Add(2 * time.Hour).UTC().Format(http.TimeFormat), 2 * time.Hour, time.Minute},
		"for ever":         {503, strconv.Itoa(1 << 30), 24 * time.Hour, 0},
		"nonsense":         {503, "soon", 5 * time.Second, 0},
		"of another error": {500, "3600", 5 * time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", tc.header)
				w.WriteHeader(tc.status)
			})
			f := newFixture(t, webhooks.Options{Targets: webhooks.Any})
			w := f.hook(t, r.URL)
			f.publish(t, "e")
			failed := f.settle(t, w.ID)[1]
			assert.WithinDuration(t, start.Add(tc.want), failed.NextAttempt, tc.within)
		})
	}
}

func TestRestsWhatIsDown(t *testing.T) {
	down := make(chan struct{})
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
		select {
		case <-down:
			w.WriteHeader(http.StatusOK)
		default:
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	f := newFixture(t, webhooks.Options{Targets: webhooks.Any})
	w := f.hook(t, r.URL)
	f.publish(t, "first")
	f.settle(t, w.ID)
	f.publish(t, "second", "third")
	for _, d := range f.settle(t, w.ID) {
		if d.Status == attrove.DeliveryPending {
			assert.Equal(t, start.Add(time.Minute), d.NextAttempt)
		}
	}
	assert.Len(t, r.got(), 1, "it is left alone")
	close(down)
	f.clock.set(start.Add(time.Minute))
	for _, d := range f.settle(t, w.ID) {
		assert.Equal(t, d.EventID == "first" && d.Attempt == 1, d.Status == attrove.DeliveryFailed)
		assert.LessOrEqual(t, d.Attempt, 2)
	}
	assert.Len(t, r.got(), 4)
}

// TestRestsNoLongerThanItMay: a clock that was ahead and is set back leaves no
// endpoint without its deliveries.
func TestRestsNoLongerThanItMay(t *testing.T) {
	r := receive(t, status(http.StatusServiceUnavailable))
	f := newFixture(t, webhooks.Options{Targets: webhooks.Any})
	w := f.hook(t, r.URL)
	f.clock.set(start.Add(30 * 24 * time.Hour))
	f.publish(t, "ahead")
	f.settle(t, w.ID)
	f.clock.set(start)
	f.publish(t, "back")
	f.settle(t, w.ID)
	assert.Len(t, r.got(), 2)
}

// TestFirstAttemptsAreDueAtOnce: an event of a time that the clock no longer shows
// has happened all the same.
func TestFirstAttemptsAreDueAtOnce(t *testing.T) {
	r := receive(t, status(http.StatusOK))
	f := open(t, "")
	w := f.hook(t, r.URL)
	f.clock.set(start.Add(24 * time.Hour))
	f.publish(t, "ahead")
	f.clock.set(start)
	f = f.send(t, webhooks.Options{Targets: webhooks.Any})
	require.Eventually(t, func() bool {
		all, err := f.Deliveries(t.Context(), w.ID, store.DeliveryFilter{Limit: 10})
		return err == nil && len(all) == 1 && all[0].Status == attrove.DeliverySucceeded
	}, time.Minute, 10*time.Millisecond)
}

func TestAnswers(t *testing.T) {
	other := receive(t, nil)
	block := make(chan struct{})
	t.Cleanup(func() { close(block) })
	for name, tc := range map[string]struct {
		answer  http.HandlerFunc
		status  attrove.DeliveryStatus
		code    int
		says    string
		enabled bool
		timeout time.Duration
	}{
		"200":     {status(200), attrove.DeliverySucceeded, 200, "", true, 0},
		"299":     {status(299), attrove.DeliverySucceeded, 299, "", true, 0},
		"304":     {status(304), attrove.DeliveryFailed, 304, "redirects are not followed", true, 0},
		"404":     {status(404), attrove.DeliveryFailed, 404, "answered 404", true, 0},
		"410":     {status(410), attrove.DeliveryFailed, 410, "answered 410", false, 0},
		"hang up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, attrove.DeliveryFailed, 0, "broke off", true, 0},
		"silence": {func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-block:
			case <-r.Context().Done():
			}
		}, attrove.DeliveryFailed, 0, "no answer within 200ms", true, 200 * time.Millisecond},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusPermanentRedirect)
		}, attrove.DeliveryFailed, 308, "redirects are not followed", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := receive(t, tc.answer)
			f := newFixture(t, webhooks.Options{Targets: webhooks.Any, Timeout: tc.timeout})
			w := f.hook(t, r.URL)
			f.publish(t, "e")
			all := f.settle(t, w.ID)
			first := all[len(all)-1]
			assert.Equal(t, tc.status, first.Status)
			assert.Equal(t, tc.code, first.ResponseStatus)
			assert.Contains(t, first.Error, tc.says)
			assert.Equal(t, tc.enabled, f.endpoint(t, w.ID).Enabled)
			assert.Equal(t, tc.enabled && tc.status == attrove.DeliveryFailed, len(all) == 2, "whether it is tried again")
		})
	}
	assert.Empty(t, other.got(), "nobody was led elsewhere")
}

// TestReadsNoMoreThanItNeeds answers without an end: the sender hangs up.
func TestReadsNoMoreThanItNeeds(t *testing.T) {
	ended := make(chan error, 1)
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
		line := make([]byte, 1<<10)
		for {
			if _, err := w.Write(line); err != nil {
				ended <- err
				return
			}
		}
	})
	f := newFixture(t, webhooks.Options{Targets: webhooks.Any})
	w := f.hook(t, r.URL)
	f.publish(t, "e")
	assert.Equal(t, attrove.DeliverySucceeded, f.settle(t, w.ID)[0].Status)
	require.Error(t, <-ended)
}

func TestSendsNothingMoreToWhatWasDisabled(t *testing.T) {
	r := receive(t, status(500))
	f := newFixture(t, webhooks.Options{Targets: webhooks.Any})
	w := f.hook(t, r.URL)
	f.publish(t, "e")
	f.settle(t, w.ID)
	w.Enabled = false
	f.save(t, w)
	f.clock.set(start.Add(time.Minute))
	all := f.settle(t, w.ID)
	require.Len(t, all, 2)
	assert.Equal(t, attrove.DeliveryFailed, all[0].Status)
	assert.Contains(t, all[0].Error, "disabled")
	assert.Zero(t, all[0].AttemptedAt)
	assert.Len(t, r.got(), 1)
}

func TestDeletedWhileItIsSent(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-release
		_, _ = io.WriteString(w, "ok")
	})
	f := newFixture(t, webhooks.Options{Targets: webhooks.Any})
	w := f.hook(t, r.URL)
	f.publish(t, "e")
	<-begun
	require.NoError(t, f.Write(t.Context(), func(tx *store.Tx) error { return tx.DeleteWebhook(w.ID) }))
	close(release)
	assert.Empty(t, f.settle(t, w.ID))
	pending, err := f.Pending(t.Context(), store.QueueWebhooks, "", 1)
	require.NoError(t, err)
	assert.Zero(t, pending)
}
