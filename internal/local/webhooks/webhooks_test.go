package webhooks_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/jobs"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

var start = time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC)

// secret returns a signing secret of 32 equal bytes.
func secret(of byte) attrove.Secret {
	key := make([]byte, 32)
	for i := range key {
		key[i] = of
	}
	return attrove.Secret("whsec_" + base64.StdEncoding.EncodeToString(key))
}

// clock is set by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// post is a request that a receiver got.
type post struct {
	header http.Header
	body   string
}

// receiver is an endpoint that keeps what it gets.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	posts []post
}

// receive starts a receiver that answers as answer does; nil is 204.
func receive(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		assert.NoError(t, err)
		r.mu.Lock()
		r.posts = append(r.posts, post{req.Header.Clone(), string(body)})
		r.mu.Unlock()
		if answer == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		answer(w, req)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) got() []post {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]post(nil), r.posts...)
}

// status answers with a status alone.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// fixture is a store with a sender at work.
type fixture struct {
	*store.Store
	clock  *clock
	worker *jobs.Worker
}

func open(t *testing.T, path string) fixture {
	t.Helper()
	s, err := store.Open(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return fixture{Store: s, clock: &clock{at: start}}
}

// send starts a worker with a sender made from o.
func (f fixture) send(t *testing.T, o webhooks.Options, readers ...io.Writer) fixture {
	t.Helper()
	logs := safetest.Log(t, io.MultiWriter(readers...))
	o.Log, o.Store, o.Now = logs.Logger, f.Store, f.clock.now
	if o.Jitter == nil {
		o.Jitter = func() float64 { return 0 }
	}
	sender := webhooks.New(o)
	f.worker = jobs.Start(t.Context(), jobs.Options{Store: f.Store, Queue: store.QueueWebhooks, Handle: sender.Handle, Log: logs.Logger,
		Now: f.clock.now, Poll: 10 * time.Millisecond})
	t.Cleanup(func() { f.worker.Stop(); sender.Close() })
	return f
}

func newFixture(t *testing.T, o webhooks.Options) fixture {
	t.Helper()
	return open(t, "").send(t, o)
}

// hook adds an endpoint that hears of all events.
func (f fixture) hook(t *testing.T, url string) store.Webhook {
	t.Helper()
	w := store.Webhook{ID: store.NewID("whe"), URL: url, Events: []string{"*"}, Enabled: true, Secret: secret('a'), CreatedAt: start, UpdatedAt: start}
	f.save(t, w)
	return w
}

func (f fixture) save(t *testing.T, w store.Webhook) {
	t.Helper()
	require.NoError(t, f.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveWebhook(w) }))
}

func (f fixture) publish(t *testing.T, ids ...string) {
	t.Helper()
	require.NoError(t, f.Write(t.Context(), func(tx *store.Tx) error {
		for _, id := range ids {
			if err := tx.Publish(store.Publication{EventID: id, Type: "goals.created", UserID: "u1", At: f.clock.now(), Data: json.RawMessage(`{"goal_id":"gol_1"}`)}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// settle waits until nothing is due by the clock, and returns the endpoint's
// deliveries, the last attempts first.
func (f fixture) settle(t *testing.T, hook string) []store.Delivery {
	t.Helper()
	require.NoError(t, f.worker.Wait(t.Context(), func() (bool, error) {
		pending, err := f.Deliveries(t.Context(), hook, store.DeliveryFilter{Status: attrove.DeliveryPending, Limit: 1000})
		for _, d := range pending {
			if !d.NextAttempt.After(f.clock.now()) {
				return false, err
			}
		}
		return err == nil, err
	}))
	all, err := f.Deliveries(t.Context(), hook, store.DeliveryFilter{Limit: 1000})
	require.NoError(t, err)
	slices.SortStableFunc(all, func(a, b store.Delivery) int { return b.Attempt - a.Attempt })
	return all
}

func (f fixture) endpoint(t *testing.T, id string) store.Webhook {
	t.Helper()
	w, err := f.Webhook(t.Context(), id)
	require.NoError(t, err)
	return w
}

// verify checks a post with the specification's own library.
func verify(t *testing.T, p post, key attrove.Secret) error {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(key.Reveal())
	require.NoError(t, err)
	return verifier.Verify([]byte(p.body), p.header)
}

func TestDeliversSigned(t *testing.T) {
	r := receive(t, nil)
	f := newFixture(t, webhooks.Options{Targets: webhooks.Any})
	w := f.hook(t, r.URL+"/hooks?x=1")
	f.publish(t, "gev_1")
	all := f.settle(t, w.ID)

	require.Len(t, all, 1)
	assert.Equal(t, attrove.DeliverySucceeded, all[0].Status)
	assert.Equal(t, 204, all[0].ResponseStatus)
	assert.Equal(t, start, all[0].AttemptedAt)
	posts := r.got()
	require.Len(t, posts, 1)
	require.NoError(t, verify(t, posts[0], w.Secret))
	require.Error(t, verify(t, posts[0], secret('b')))
	assert.Equal(t, "gev_1", posts[0].header.Get("webhook-id"))
	assert.Equal(t, "application/json", posts[0].header.Get("Content-Type"))
	assert.JSONEq(t, `{"type":"goals.created","timestamp":"2026-11-03T09:30:00Z","data":{"goal_id":"gol_1","user_id":"u1"}}`, posts[0].body)
}

func TestBothSecretsSignDuringARotation(t *testing.T) {
	r := receive(t, nil)
	f := newFixture(t, webhooks.Options{Targets: webhooks.Any})
	w := f.hook(t, r.URL)
	w.Secret, w.PreviousSecret, w.PreviousUntil = secret('n'), secret('a'), start.Add(24*time.Hour)
	f.save(t, w)
	f.publish(t, "during")
	f.settle(t, w.ID)
	f.clock.set(start.Add(24 * time.Hour))
	f.publish(t, "after")
	f.settle(t, w.ID)

	posts := r.got()
	require.Len(t, posts, 2)
	require.NoError(t, verify(t, posts[0], secret('n')))
	require.NoError(t, verify(t, posts[0], secret('a')))
	require.NoError(t, verify(t, posts[1], secret('n')))
	require.Error(t, verify(t, posts[1], secret('a')), "the window has ended")
}
