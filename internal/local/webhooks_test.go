package local_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
)

// heard is a webhook that arrived.
type heard struct {
	header http.Header
	body   []byte
}

// listener is an endpoint on loopback; what arrives comes out of the channel.
func listener(t *testing.T, status int) (url string, arrived chan heard) {
	t.Helper()
	arrived = make(chan heard, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		w.WriteHeader(status)
		arrived <- heard{r.Header, body}
	}))
	t.Cleanup(server.Close)
	return server.URL, arrived
}

// moved is options with a clock that can be moved, and private targets allowed.
func moved() (o local.Options, pass func(time.Duration)) {
	var passed atomic.Int64
	o = options()
	o.Now = func() time.Time { return now.Add(time.Duration(passed.Load())) }
	o.WebhookTargets = webhooks.Any
	return o, func(d time.Duration) { passed.Add(int64(d)) }
}

// deliveries waits until an endpoint has as many deliveries in a state.
func deliveries(t *testing.T, f fixture, id string, status attrove.DeliveryStatus, want int) []attrove.Delivery {
	t.Helper()
	var got []attrove.Delivery
	require.Eventually(t, func() bool {
		got = call(t, f, attrove.ListDeliveries, attrove.DeliveriesIn{WebhookRef: attrove.WebhookRef{ID: id}, Status: status}).Data
		return len(got) == want
	}, time.Minute, 5*time.Millisecond)
	return got
}

func TestWebhookFromCreationToDeletion(t *testing.T) {
	o, _ := moved()
	var log strings.Builder
	f := start(t, o, &log)
	url, arrived := listener(t, http.StatusOK)
	created := call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: url, Description: "notes",
		Events: []string{attrove.EventNoteIndexed, attrove.EventNoteIndexed}})
	assert.Equal(t, attrove.Webhook{ID: created.ID, URL: url, Description: created.Description, Events: []string{attrove.EventNoteIndexed},
		Enabled: true, Status: attrove.WebhookActive, CreatedAt: "2026-11-03T09:30:00Z", UpdatedAt: "2026-11-03T09:30:00Z"}, created.Webhook)
	assert.Equal(t, "notes", *created.Description)
	assert.Regexp(t, `^whsec_[A-Za-z0-9+/]{43}=$`, created.Secret, "32 bytes")
	assert.Equal(t, created.Webhook, call(t, f, attrove.GetWebhook, attrove.WebhookRef{ID: created.ID}))

	note := call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "the secret plan"})
	verifier, err := standardwebhooks.NewWebhook(created.Secret)
	require.NoError(t, err)
	got := <-arrived
	require.NoError(t, verifier.Verify(got.body, got.header))
	assert.JSONEq(t, `{"type":"notes.indexed","timestamp":"2026-11-03T09:30:00Z","data":{"note_id":"`+note.ID+`","user_id":"`+f.me.UserID+`"}}`, string(got.body))

	tested := call(t, f, attrove.TestWebhook, attrove.TestWebhookIn{WebhookRef: attrove.WebhookRef{ID: created.ID}})
	assert.Equal(t, attrove.WebhookTest{DeliveryID: tested.DeliveryID, EventType: attrove.EventWebhookTest, Status: attrove.DeliveryPending}, tested)
	got = <-arrived
	require.NoError(t, verifier.Verify(got.body, got.header))
	assert.JSONEq(t, `{"type":"webhooks.test","timestamp":"2026-11-03T09:30:00Z","data":{"test":true}}`, string(got.body))

	both := deliveries(t, f, created.ID, attrove.DeliverySucceeded, 2)
	assert.ElementsMatch(t, []string{attrove.EventNoteIndexed, attrove.EventWebhookTest}, []string{both[0].EventType, both[1].EventType})
	only := call(t, f, attrove.ListDeliveries, attrove.DeliveriesIn{WebhookRef: attrove.WebhookRef{ID: created.ID}, EventType: attrove.EventWebhookTest}).Data
	require.Len(t, only, 1)
	at := attrove.DateTime("2026-11-03T09:30:00Z")
	answered := http.StatusOK
	assert.Equal(t, attrove.Delivery{ID: tested.DeliveryID, WebhookID: created.ID, EventID: got.header.Get("webhook-id"), EventType: attrove.EventWebhookTest,
		Status: attrove.DeliverySucceeded, Attempt: 1, ResponseStatus: &answered, DurationMS: only[0].DurationMS, AttemptedAt: &at}, only[0])

	call(t, f, attrove.DeleteWebhook, attrove.WebhookRef{ID: created.ID})
	assert.Empty(t, call(t, f, attrove.ListWebhooks, attrove.Cut{}).Data)
	for _, op := range []attrove.Any{attrove.GetWebhook, attrove.UpdateWebhook, attrove.TestWebhook, attrove.RotateWebhookSecret, attrove.DeleteWebhook, attrove.ListDeliveries} {
		assert.Equal(t, 404, refused(t, f, op, `{"id":"`+created.ID+`"}`).Status, op.Info().Name)
	}
	require.NoError(t, f.engine.Close())
	assert.NotContains(t, log.String(), "whsec_")
}

func TestWebhookIsTriedAgain(t *testing.T) {
	o, pass := moved()
	f := start(t, o)
	url, arrived := listener(t, http.StatusInternalServerError)
	id := call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: url, Events: []string{"*"}}).ID
	ref := attrove.WebhookRef{ID: id}
	call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "x"})
	first := <-arrived
	failed := deliveries(t, f, id, attrove.DeliveryFailed, 1)[0]
	pending := deliveries(t, f, id, attrove.DeliveryPending, 1)[0]
	assert.Equal(t, 1, failed.Attempt)
	assert.Equal(t, 500, *failed.ResponseStatus)
	assert.Equal(t, "answered 500", *failed.Error)
	assert.Equal(t, 2, pending.Attempt)
	assert.Nil(t, pending.AttemptedAt)
	assert.Equal(t, failed.NextAttemptAt, pending.NextAttemptAt)
	assert.Equal(t, failed.EventID, pending.EventID)
	assert.Equal(t, attrove.WebhookFailing, call(t, f, attrove.GetWebhook, ref).Status)

	pass(6 * time.Second)
	second := <-arrived
	assert.Equal(t, first.body, second.body)
	assert.Equal(t, first.header.Get("webhook-id"), second.header.Get("webhook-id"))
	deliveries(t, f, id, attrove.DeliveryFailed, 2)

	url, arrived = listener(t, http.StatusOK)
	w := call(t, f, attrove.UpdateWebhook, attrove.UpdateWebhookIn{WebhookRef: ref, URL: attrove.Some(url)})
	assert.Equal(t, attrove.WebhookActive, w.Status, "it moved")
	pass(6 * time.Minute)
	<-arrived
	assert.Equal(t, 3, deliveries(t, f, id, attrove.DeliverySucceeded, 1)[0].Attempt)
	assert.Empty(t, deliveries(t, f, id, attrove.DeliveryPending, 0))
}

func TestWebhookSecretRotates(t *testing.T) {
	o, pass := moved()
	f := start(t, o)
	url, arrived := listener(t, http.StatusOK)
	created := call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: url, Events: []string{"*"}})
	ref := attrove.WebhookRef{ID: created.ID}
	test := func(good, bad []string) {
		t.Helper()
		call(t, f, attrove.TestWebhook, attrove.TestWebhookIn{WebhookRef: ref})
		got := <-arrived
		for _, secret := range append(good, bad...) {
			verifier, err := standardwebhooks.NewWebhook(secret)
			require.NoError(t, err)
			assert.Equal(t, len(bad) == 0 || secret != bad[0], verifier.Verify(got.body, got.header) == nil)
		}
	}
	second := call(t, f, attrove.RotateWebhookSecret, attrove.RotateSecretIn{WebhookRef: ref})
	assert.EqualValues(t, "2026-11-04T09:30:00Z", second.PreviousSecretExpiresAt)
	assert.Equal(t, second.PreviousSecretExpiresAt, *call(t, f, attrove.GetWebhook, ref).PreviousSecretExpiresAt)
	test([]string{created.Secret, second.Secret}, nil)

	again := refused(t, f, attrove.RotateWebhookSecret, `{"id":"`+ref.ID+`"}`)
	assert.Equal(t, attrove.CodeRotationOpen, again.Code)
	assert.Equal(t, http.StatusConflict, again.Status)
	test([]string{created.Secret, second.Secret}, nil)
	third := call(t, f, attrove.RotateWebhookSecret, attrove.RotateSecretIn{WebhookRef: ref, Force: true})
	test([]string{second.Secret, third.Secret}, []string{created.Secret})

	pass(24 * time.Hour)
	assert.Nil(t, call(t, f, attrove.GetWebhook, ref).PreviousSecretExpiresAt)
	test([]string{third.Secret}, []string{second.Secret})
	call(t, f, attrove.RotateWebhookSecret, attrove.RotateSecretIn{WebhookRef: ref})
}

func TestWebhookIsDisabledAndEnabledAgain(t *testing.T) {
	o, _ := moved()
	f := start(t, o)
	url, arrived := listener(t, http.StatusGone)
	id := call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: url, Events: []string{"*"}}).ID
	ref := attrove.WebhookRef{ID: id}
	call(t, f, attrove.TestWebhook, attrove.TestWebhookIn{WebhookRef: ref})
	<-arrived
	assert.Nil(t, deliveries(t, f, id, attrove.DeliveryFailed, 1)[0].NextAttemptAt)
	w := call(t, f, attrove.GetWebhook, ref)
	assert.False(t, w.Enabled)
	assert.Equal(t, attrove.WebhookDisabled, w.Status)
	assert.Contains(t, *w.DisabledReason, "410")

	assert.Equal(t, http.StatusConflict, refused(t, f, attrove.TestWebhook, `{"id":"`+id+`"}`).Status)
	call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "x"})
	require.NoError(t, f.engine.Drain(t.Context()))
	assert.Len(t, deliveries(t, f, id, "", 1), 1, "nothing more is queued")

	w = call(t, f, attrove.UpdateWebhook, attrove.UpdateWebhookIn{WebhookRef: ref, Enabled: attrove.Some(true)})
	assert.Equal(t, attrove.WebhookActive, w.Status)
	assert.Nil(t, w.DisabledReason)
}

func TestWebhookHearsWhatItSubscribedTo(t *testing.T) {
	o, _ := moved()
	f := start(t, o)
	url, arrived := listener(t, http.StatusOK)
	off := false
	call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: url, Events: []string{"*"}, Enabled: &off})
	id := call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: url, Events: []string{"goals.completed"}}).ID
	call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "x"})
	require.NoError(t, f.engine.Drain(t.Context()))
	assert.Equal(t, "event_type", refused(t, f, attrove.TestWebhook, `{"id":"`+id+`","event_type":"goals.created"}`).Field)
	call(t, f, attrove.TestWebhook, attrove.TestWebhookIn{WebhookRef: attrove.WebhookRef{ID: id}, EventType: "goals.completed"})
	var got struct{ Type string }
	require.NoError(t, json.Unmarshal((<-arrived).body, &got))
	assert.Equal(t, "goals.completed", got.Type, "and nothing before it")
	deliveries(t, f, id, attrove.DeliverySucceeded, 1)
	assert.Empty(t, arrived)
}

func TestWebhookListsPage(t *testing.T) {
	o, _ := moved()
	f := start(t, o)
	url, _ := listener(t, http.StatusOK)
	var ids []string
	for range 5 {
		ids = append(ids, call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: url, Events: []string{"*"}}).ID)
	}
	var seen []string
	for in := (attrove.Cut{Limit: 2}); ; {
		page := call(t, f, attrove.ListWebhooks, in)
		for _, w := range page.Data {
			seen = append(seen, w.ID)
		}
		if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
			break
		}
	}
	assert.ElementsMatch(t, ids, seen)

	ref := attrove.WebhookRef{ID: ids[0]}
	var sent, listed []string
	for range 5 {
		sent = append(sent, call(t, f, attrove.TestWebhook, attrove.TestWebhookIn{WebhookRef: ref}).DeliveryID)
	}
	deliveries(t, f, ids[0], attrove.DeliverySucceeded, 5)
	for in := (attrove.DeliveriesIn{WebhookRef: ref, Cut: attrove.Cut{Limit: 2}}); ; {
		page := call(t, f, attrove.ListDeliveries, in)
		for _, d := range page.Data {
			listed = append(listed, d.ID)
		}
		if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
			break
		}
	}
	assert.ElementsMatch(t, sent, listed)
}

func TestBadWebhooksAreRefused(t *testing.T) {
	f := start(t, options())
	id := call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: "https://hooks.example.com/x", Events: []string{"*"}}).ID
	for name, tc := range map[string]struct{ args, field, says string }{
		"http":            {`{"url":"http://example.com","events":["*"]}`, "url", "https://"},
		"loopback":        {`{"url":"https://127.0.0.1/x","events":["*"]}`, "url", "public host"},
		"no events":       {`{"url":"https://example.com","events":[]}`, "events", "at least 1"},
		"missing events":  {`{"url":"https://example.com"}`, "events", "is required"},
		"malformed event": {`{"url":"https://example.com","events":["goals.created","Goals"]}`, "events[1]", "goals.risk_detected"},
		"description":     {`{"url":"https://example.com","events":["*"],"description":"` + strings.Repeat("x", 1001) + `"}`, "description", "at most 1000"},
	} {
		t.Run(name, func(t *testing.T) {
			failure := refused(t, f, attrove.CreateWebhook, tc.args)
			assert.Equal(t, http.StatusUnprocessableEntity, failure.Status)
			assert.Equal(t, tc.field, failure.Field)
			assert.Contains(t, failure.Message, tc.says)
		})
	}
	for name, tc := range map[string]struct{ args, field string }{
		"moved to a private host": {`"url":"https://10.0.0.1/"`, "url"},
		"url null":                {`"url":null`, "url"},
		"events null":             {`"events":null`, "events"},
		"enabled null":            {`"enabled":null`, "enabled"},
		"malformed event":         {`"events":["x"]`, "events[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			failure := refused(t, f, attrove.UpdateWebhook, `{"id":"`+id+`",`+tc.args+`}`)
			assert.Equal(t, http.StatusUnprocessableEntity, failure.Status)
			assert.Equal(t, tc.field, failure.Field)
		})
	}
	assert.Equal(t, "https://hooks.example.com/x", call(t, f, attrove.GetWebhook, attrove.WebhookRef{ID: id}).URL)
	assert.Equal(t, "status", refused(t, f, attrove.ListDeliveries, `{"id":"`+id+`","status":"lost"}`).Field)
	w := call(t, f, attrove.UpdateWebhook, attrove.UpdateWebhookIn{WebhookRef: attrove.WebhookRef{ID: id}, Description: attrove.Opt[string]{Set: true, Null: true}})
	assert.Nil(t, w.Description)
}
