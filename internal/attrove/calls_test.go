package attrove_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// sample is one call of an operation and what must go over the wire for it; U
// stands for the user's path.
type sample struct {
	op   string
	args string
	want string // method, path and query
	body string // "" when nothing travels there
}

// samples has every operation, in the order of the table.
func samples() []sample {
	return []sample{
		{"create_user", `{"email":"a@acme.com","metadata":{"n":9007199254740993}}`, "POST /v1/users", `{"email":"a@acme.com","metadata":{"n":9007199254740993}}`},
		{"create_connect_session", `{"user_id":"u-2","provider":"gmail","include_install":true}`, "POST /v1/users/u-2/connect-sessions", `{"include_install":true,"provider":"gmail"}`},
		{"create_connect_token", `{"user_id":"u-2"}`, "POST /v1/users/u-2/integrations/connect", ""},
		{"get_settings", `{}`, "GET /v1/users/settings", ""},
		{"update_settings", `{"history_days":30,"excluded_domains":null}`, "PATCH /v1/users/settings", `{"excluded_domains":null,"history_days":30}`},
		{"create_webhook", `{"url":"https://x.example/h","events":["*"]}`, "POST /v1/webhooks", `{"events":["*"],"url":"https://x.example/h"}`},
		{"list_webhooks", `{"limit":5}`, "GET /v1/webhooks?limit=5", ""},
		{"get_webhook", `{"id":"whe_1"}`, "GET /v1/webhooks/whe_1", ""},
		{"update_webhook", `{"id":"whe_1","enabled":false}`, "PATCH /v1/webhooks/whe_1", `{"enabled":false}`},
		{"test_webhook", `{"id":"whe_1"}`, "POST /v1/webhooks/whe_1/test", ""},
		{"rotate_webhook_secret", `{"id":"whe_1","force":true}`, "POST /v1/webhooks/whe_1/rotate-secret", `{"force":true}`},
		{"delete_webhook", `{"id":"whe_1"}`, "DELETE /v1/webhooks/whe_1", ""},
		{"list_deliveries", `{"id":"whe_1","status":"failed","cursor":"c/+="}`, "GET /v1/webhooks/whe_1/deliveries?cursor=c%2F%2B%3D&status=failed", ""},
		{"get_profile", ``, "GET U", ""},
		{"get_sync_stats", `null`, "GET U/sync-stats", ""},
		{"list_conversations", `{"sync_enabled":false}`, "GET U/conversations?sync_enabled=false", ""},
		{"update_conversations", `{"conversations":[{"id":"cnv_1","sync_enabled":false}]}`, "PATCH U/conversations", `{"conversations":[{"id":"cnv_1","sync_enabled":false}]}`},
		{"search", `{"query":"renewal","sender_domains":["acme.com"]}`, "POST U/search", `{"query":"renewal","sender_domains":["acme.com"]}`},
		{"query", `{"query":"What now?","include_sources":true}`, "POST U/query", `{"include_sources":true,"query":"What now?"}`},
		{"get_integration", `{"integration_id":"int_1"}`, "GET U/integrations/int_1", ""},
		{"disconnect_integration", `{"integration_id":"int_1"}`, "DELETE U/integrations/int_1", ""},
		{"list_messages", `{"ids":["msg_1","msg_2"],"start_date":"2026-01-01","limit":25,"cursor":null}`, "GET U/messages?ids=msg_1%2Cmsg_2&limit=25&start_date=2026-01-01", ""},
		{"get_message", `{"id":"msg_1","expand":["body_text"]}`, "GET U/messages/msg_1?expand=body_text", ""},
		{"list_entities", `{"query":"Ann & Bob"}`, "GET U/entities?query=Ann+%26+Bob", ""},
		{"get_entity", `{"id":"ent_1"}`, "GET U/entities/ent_1", ""},
		{"list_relationships", `{"offset":20}`, "GET U/entities/relationships?offset=20", ""},
		{"create_goal", `{"title":"Renew","watch_scope":{"keywords":["renewal"]}}`, "POST U/goals", `{"title":"Renew","watch_scope":{"keywords":["renewal"]}}`},
		{"list_goals", `{"lifecycle":"active"}`, "GET U/goals?lifecycle=active", ""},
		{"list_goal_events", `{"types":["goals.created","goals.completed"]}`, "GET U/goal-events?types=goals.created%2Cgoals.completed", ""},
		{"get_goal", `{"goal_id":"gol_1"}`, "GET U/goals/gol_1", ""},
		{"update_goal", `{"goal_id":"gol_1","deadline":null}`, "PATCH U/goals/gol_1", `{"deadline":null}`},
		{"evaluate_goal", `{"goal_id":"gol_1"}`, "POST U/goals/gol_1/evaluate", ""},
		{"confirm_goal_status", `{"goal_id":"gol_1","health":"at_risk","reason":"r"}`, "POST U/goals/gol_1/status", `{"health":"at_risk","reason":"r"}`},
		{"get_goal_evidence", `{"goal_id":"gol_1"}`, "GET U/goals/gol_1/evidence", ""},
		{"list_goal_snapshots", `{"goal_id":"gol_1","limit":2}`, "GET U/goals/gol_1/snapshots?limit=2", ""},
		{"archive_goal", `{"goal_id":"gol_1","reason":"r","initiator":"agent"}`, "POST U/goals/gol_1/archive", `{"initiator":"agent","reason":"r"}`},
		{"cancel_goal", `{"goal_id":"gol_1","reason":"r","expected_lifecycle_version":3}`, "POST U/goals/gol_1/cancel", `{"expected_lifecycle_version":3,"reason":"r"}`},
		{"list_calendars", `{}`, "GET U/calendars", ""},
		{"get_calendar", `{"id":"cal_1"}`, "GET U/calendars/cal_1", ""},
		{"update_calendar", `{"id":"cal_1","is_active":false}`, "PATCH U/calendars/cal_1", `{"is_active":false}`},
		{"list_events", `{"start_date":"2026-01-01","expand":["attendees","description"]}`, "GET U/events?expand=attendees%2Cdescription&start_date=2026-01-01", ""},
		{"get_event", `{"id":"evt_1"}`, "GET U/events/evt_1", ""},
		{"list_meetings", `{"provider":"zoom"}`, "GET U/meetings?provider=zoom", ""},
		{"get_meeting", `{"id":"mtg/1 ü"}`, "GET U/meetings/mtg%2F1%20%C3%BC", ""},
		{"update_meeting", `{"id":"mtg_1","title":"T","summary":null}`, "PATCH U/meetings/mtg_1", `{"summary":null,"title":"T"}`},
		{"regenerate_meeting_summary", `{"id":"mtg_1"}`, "POST U/meetings/mtg_1/regenerate-summary", ""},
		{"discover_threads", `{"query":"pricing"}`, "POST U/threads/discover", `{"query":"pricing"}`},
		{"analyze_thread", `{"conversation_id":"cnv_1","instructions":"i"}`, "POST U/threads/cnv_1/analyze", `{"instructions":"i"}`},
		{"list_thread_messages", `{"thread_id":"thr_1","include":["raw"]}`, "GET U/threads/thr_1/messages?include=raw", ""},
		{"push_message", `{"source":"email","body_text":"hi"}`, "POST U/messages", `{"body_text":"hi","source":"email"}`},
		{"push_meeting", `{"title":"T","start_time":"2026-01-01T10:00:00Z","attendees":[{"email":"a@b.c"}]}`, "POST U/meetings", `{"attendees":[{"email":"a@b.c"}],"start_time":"2026-01-01T10:00:00Z","title":"T"}`},
		{"push_event", `{"title":"T","start_time":"s","end_time":"e","all_day":true}`, "POST U/events", `{"all_day":true,"end_time":"e","start_time":"s","title":"T"}`},
		{"push_note", `{"body":"b","ref_type":"goal","ref_id":"gol_1"}`, "POST U/notes", `{"body":"b","ref_id":"gol_1","ref_type":"goal"}`},
		{"list_notes", `{"ref_type":"goal","ref_id":"gol_1"}`, "GET U/notes?ref_id=gol_1&ref_type=goal", ""},
		{"get_note", `{"note_id":"note_1"}`, "GET U/notes/note_1", ""},
		{"list_integrations", `{}`, "GET U/integrations", ""},
		{"reopen_goal", `{"goal_id":"gol_1","expected_lifecycle":"archived","expected_lifecycle_version":3,"reason_code":"c","reason":"r"}`, "POST U/goals/gol_1/reopen", `{"expected_lifecycle":"archived","expected_lifecycle_version":3,"reason":"r","reason_code":"c"}`},
		{"acknowledge_goal", `{"goal_id":"gol_1","until":"2026-01-01T10:00:00Z"}`, "POST U/goals/gol_1/acknowledge", `{"until":"2026-01-01T10:00:00Z"}`},
		{"clear_goal_acknowledgment", `{"goal_id":"gol_1"}`, "POST U/goals/gol_1/clear-acknowledgment", ""},
		{"draft_goal_follow_up", `{"goal_id":"gol_1","directive":"d"}`, "POST U/goals/gol_1/draft-follow-up", `{"directive":"d"}`},
		{"delete_meeting", `{"id":"mtg_1"}`, "DELETE U/meetings/mtg_1", ""},
		{"delete_meeting_by_external_id", `{"external_id":"x 1"}`, "DELETE U/meetings?external_id=x+1", ""},
		{"delete_note", `{"note_id":"note_1"}`, "DELETE U/notes/note_1", ""},
		{"delete_note_by_external_id", `{"external_id":"x"}`, "DELETE U/notes?external_id=x", ""},
	}
}

const (
	testKey    = "sk_test_0123456789"
	testUser   = "2322ac54-9642-4a9e-a504-b0d227d17fa7"
	testSecret = "partner-secret-value"
)

func caller() attrove.Caller { return attrove.Caller{UserID: testUser, Key: testKey} }

func metaOf(tb testing.TB, name string) attrove.Meta {
	tb.Helper()
	for _, op := range attrove.All() {
		if op.Info().Name == name {
			return op.Info()
		}
	}
	tb.Fatalf("there is no operation %s", name)
	return attrove.Meta{}
}

// recorder answers every request with reply and keeps what came in.
type recorder struct {
	*httptest.Server
	reply http.HandlerFunc

	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

func newRecorder(tb testing.TB, reply http.HandlerFunc) *recorder {
	tb.Helper()
	r := &recorder{reply: reply}
	r.Server = httptest.NewServer(r)
	tb.Cleanup(r.Close)
	return r
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	r.requests = append(r.requests, req)
	r.bodies = append(r.bodies, string(body))
	r.mu.Unlock()
	r.reply(w, req)
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.requests)
}

func (r *recorder) last(tb testing.TB) (*http.Request, string) {
	tb.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	require.NotEmpty(tb, r.requests, "nothing was sent")
	return r.requests[len(r.requests)-1], r.bodies[len(r.bodies)-1]
}

func (r *recorder) client(tb testing.TB, change ...func(*attrove.ClientOptions)) *attrove.Client {
	tb.Helper()
	options := attrove.ClientOptions{
		BaseURL: r.URL, Transport: r.Server.Client().Transport, RetryDelay: time.Nanosecond,
		ClientID: "client-id", ClientSecret: testSecret, UserAgent: "attrove-mcp/test",
	}
	for _, c := range change {
		c(&options)
	}
	client, err := attrove.NewClient(options)
	require.NoError(tb, err)
	return client
}

func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the client reports what it could not read
	}
}

func TestSamplesAreComplete(t *testing.T) {
	var want, got []string
	for _, op := range attrove.All() {
		if op.Info().Page == "" {
			want = append(want, op.Info().Name)
		}
	}
	for _, s := range samples() {
		got = append(got, s.op)
	}
	require.Equal(t, want, got)
}

func TestEveryOperationGoesWhereItBelongs(t *testing.T) {
	server := newRecorder(t, answer(http.StatusOK, `{"data":{"id":"x"}}`))
	client := server.client(t)
	for _, s := range samples() {
		t.Run(s.op, func(t *testing.T) {
			m := metaOf(t, s.op)
			reply, err := client.Do(t.Context(), m, caller(), json.RawMessage(s.args))
			require.NoError(t, err)
			assert.JSONEq(t, `{"id":"x"}`, string(reply.Raw))

			req, body := server.last(t)
			want := strings.Replace(s.want, " U", " /v1/users/"+testUser, 1)
			assert.Equal(t, want, req.Method+" "+req.RequestURI)
			assert.Equal(t, s.body, body)
			assert.Equal(t, "application/json", req.Header.Get("Accept"))
			assert.Equal(t, "attrove-mcp/test", req.Header.Get("User-Agent"))
			if s.body == "" {
				assert.Empty(t, req.Header.Get("Content-Type"))
			} else {
				assert.Equal(t, "application/json", req.Header.Get("Content-Type"))
			}
			if m.Auth == attrove.AuthPartner {
				id, secret, ok := req.BasicAuth()
				assert.True(t, ok)
				assert.Equal(t, []string{"client-id", testSecret}, []string{id, secret})
			} else {
				assert.Equal(t, "Bearer "+testKey, req.Header.Get("Authorization"))
			}
		})
	}
}
