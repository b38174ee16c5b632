package store

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// newWebhook adds an endpoint that hears of events.
func newWebhook(tb testing.TB, s *Store, events ...string) Webhook {
	tb.Helper()
	w := Webhook{ID: NewID("whe"), URL: "https://example.com", Events: events, Enabled: true, Secret: "whsec_x", CreatedAt: testTime, UpdatedAt: testTime}
	require.NoError(tb, s.Write(tb.Context(), func(tx *Tx) error { return tx.SaveWebhook(w) }))
	return w
}

// queued are the jobs that wait to be sent.
func queued(t *testing.T, s *Store) []Job {
	t.Helper()
	jobs, err := s.Claim(t.Context(), Claim{Queue: QueueWebhooks, Owner: "me", Due: testTime, Now: time.Now(), Until: time.Now().Add(time.Minute), Limit: 100})
	require.NoError(t, err)
	return jobs
}

func TestPublishTellsSubscribersOnce(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		all, some := newWebhook(t, s, "*"), newWebhook(t, s, "goals.created", "goals.completed")
		newWebhook(t, s, "notes.indexed")
		off := newWebhook(t, s, "*")
		off.Enabled = false
		event := Publication{EventID: "gev_1", Type: "goals.created", UserID: `u"1`, At: testTime, Data: json.RawMessage(`{"goal_id":"gol_1"}`)}
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
			return errors.Join(tx.SaveWebhook(off), tx.Publish(event), tx.Publish(event))
		}))
		rolledBack := errors.New("rolled back")
		require.ErrorIs(t, s.Write(t.Context(), func(tx *Tx) error {
			return errors.Join(tx.Publish(Publication{EventID: "gev_2", Type: "goals.created", At: testTime}), rolledBack)
		}), rolledBack)

		jobs := queued(t, s)
		require.Len(t, jobs, 2)
		var told []string
		for _, job := range jobs {
			assert.Empty(t, job.UserID)
			assert.JSONEq(t, `{"type":"goals.created","timestamp":"`+testTime.UTC().Format(time.RFC3339Nano)+`","data":{"goal_id":"gol_1","user_id":"u\"1"}}`, string(job.Payload))
			d, err := s.Delivery(t.Context(), job.Lane)
			require.NoError(t, err)
			assert.Equal(t, Delivery{ID: job.Lane, WebhookID: d.WebhookID, EventID: "gev_1", EventType: "goals.created", Attempt: 1,
				QueuedAt: testTime, Outcome: Outcome{Status: attrove.DeliveryPending}, NextAttempt: testTime}, d)
			told = append(told, d.WebhookID)
		}
		assert.ElementsMatch(t, []string{all.ID, some.ID}, told)

		assert.ErrorContains(t, s.Write(t.Context(), func(tx *Tx) error {
			return tx.Publish(Publication{EventID: "gev_3", Type: "goals.created", At: testTime, Data: json.RawMessage(`[1]`)})
		}), "must be an object")
	})
}

func TestDeletedWebhookLeavesNothing(t *testing.T) {
	s := openTest(t, "")
	w, other := newWebhook(t, s, "*"), newWebhook(t, s, "*")
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
		return errors.Join(tx.Publish(Publication{EventID: "e", Type: "x.y", At: testTime}), tx.DeleteWebhook(w.ID))
	}))
	jobs := queued(t, s)
	require.Len(t, jobs, 1)
	d, err := s.Delivery(t.Context(), jobs[0].Lane)
	require.NoError(t, err)
	assert.Equal(t, other.ID, d.WebhookID)
	left, err := s.Deliveries(t.Context(), w.ID, DeliveryFilter{Limit: 10})
	require.NoError(t, err)
	assert.Empty(t, left)
	assert.ErrorIs(t, s.Write(t.Context(), func(tx *Tx) error { return tx.DeleteWebhook(w.ID) }), ErrNotFound)
}

func TestPastDeliveriesAreForgotten(t *testing.T) {
	s := openTest(t, "")
	w := newWebhook(t, s, "*")
	deliver := func(event string, at time.Time) {
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.Publish(Publication{EventID: event, Type: "x.y", At: at}) }))
		jobs, err := s.Claim(t.Context(), Claim{Queue: QueueWebhooks, Owner: "me", Due: at, Now: at, Until: at.Add(time.Minute), Limit: 1})
		require.NoError(t, err)
		require.Len(t, jobs, 1)
		d, err := s.Delivery(t.Context(), jobs[0].Lane)
		require.NoError(t, err)
		d.Status, d.AttemptedAt, d.NextAttempt = attrove.DeliverySucceeded, at, time.Time{}
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.Settle(jobs[0], "me", d) }))
	}
	deliver("old", testTime)
	deliver("recent", testTime.Add(deliveriesKept/2))
	deliver("new", testTime.Add(deliveriesKept+time.Hour))
	var events []string
	all, err := s.Deliveries(t.Context(), w.ID, DeliveryFilter{Limit: 10})
	require.NoError(t, err)
	for _, d := range all {
		events = append(events, d.EventID)
	}
	assert.Equal(t, []string{"new", "recent"}, events)
}

// TestQueueOutlivesTheMigration has jobs in a database that knows no webhooks.
func TestQueueOutlivesTheMigration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	scripts, err := schema()
	require.NoError(t, err)
	raw(t, path, scripts[0], "PRAGMA user_version = 1", "PRAGMA application_id = 1635021942",
		"INSERT INTO users VALUES ('u', 'u@example.com', '', '', '', '', NULL, '[]', 0, 0, 0)",
		"INSERT INTO jobs (seq, queue, lane, user_id, run_at) VALUES (7, 'ingest', 'note_1', 'u', 0)",
		"INSERT INTO job_payloads VALUES (7, x'7b7d')")
	s := openTest(t, path)
	newWebhook(t, s, "*")
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.Publish(Publication{EventID: "e", Type: "x.y", At: testTime}) }))
	jobs, err := s.Claim(t.Context(), Claim{Queue: QueueIngest, Owner: "me", Due: testTime, Now: testTime, Until: testTime.Add(time.Minute), Limit: 10})
	require.NoError(t, err)
	assert.Equal(t, []Job{{Seq: 7, Lane: "note_1", UserID: "u", Attempts: 1, Payload: []byte("{}")}}, jobs)
	assert.Greater(t, queued(t, s)[0].Seq, int64(7))
	assert.Error(t, s.Write(t.Context(), func(tx *Tx) error { return tx.enqueue(QueueIngest, "x", "nobody", nil, testTime) }), "a job's user must be there")
}

// BenchmarkPublish is what each indexed note pays while nobody listens.
func BenchmarkPublish(b *testing.B) {
	for name, endpoints := range map[string]int{"nobody": 0, "one": 1} {
		b.Run(name, func(b *testing.B) {
			s, err := Open(b.Context(), filepath.Join(b.TempDir(), "a.db"))
			require.NoError(b, err)
			b.Cleanup(func() { require.NoError(b, s.Close()) })
			for range endpoints {
				newWebhook(b, s, "*")
			}
			require.NoError(b, s.Write(b.Context(), func(tx *Tx) error {
				for b.Loop() {
					if err := tx.Publish(Publication{EventID: NewID("evn"), Type: "notes.indexed", UserID: "u", At: testTime, Data: json.RawMessage(`{"note_id":"n"}`)}); err != nil {
						return err
					}
				}
				return nil
			}))
		})
	}
}
