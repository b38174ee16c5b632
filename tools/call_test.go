package tools_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/tools"
)

// monday is a Monday, late in the evening in New York and early on Tuesday in Berlin.
var monday = time.Date(2026, 11, 2, 23, 30, 0, 0, time.UTC)

const userID = "11111111-2222-3333-4444-555555555555"

func caller() attrove.Caller { return attrove.Caller{UserID: userID, Key: "sk_test"} }

func tool(t *testing.T, name string) *tools.Tool {
	t.Helper()
	for _, one := range tools.Catalog() {
		if one.Name() == name {
			return one
		}
	}
	require.Fail(t, "no tool "+name)
	return nil
}

// called calls a tool, which may show no credential.
func called(t *testing.T, one *tools.Tool, env tools.Env, who attrove.Caller, args json.RawMessage) view.Result {
	t.Helper()
	result := one.Call(t.Context(), env, who, args)
	if !env.Reveal {
		_, err := fmt.Fprintln(safetest.Watch(t, "planted-credential", "sk_test"), string(result.Structured), result.Text("nonce"))
		require.NoError(t, err)
	}
	return result
}

// call calls a tool in Berlin, on Attrove's cloud.
func call(t *testing.T, up *attrovetest.Upstream, name, args string) view.Result {
	t.Helper()
	env := tools.Env{Client: up.Client(t), Now: func() time.Time { return monday }, Zone: zone(t, "Europe/Berlin")}
	return called(t, tool(t, name), env, caller(), json.RawMessage(args))
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func TestCallSends(t *testing.T) {
	const base = "/v1/users/" + userID
	for _, c := range []struct {
		name, tool, args    string
		method, path        string
		wantQuery, wantBody string
		wantResolved        string
	}{
		{name: "a question", tool: "attrove_query", args: `{"query":"what?"}`,
			method: "POST", path: base + "/query", wantBody: `{"query":"what?"}`},
		{name: "detail stays here", tool: "attrove_query", args: `{"query":"what?","detail":"full"}`,
			method: "POST", path: base + "/query", wantBody: `{"query":"what?"}`},
		{name: "a scalar for a list, dates in words", tool: "attrove_search",
			args:   `{"query":"q","after_date":"yesterday","before_date":"2026-11-04","sender_domains":"acme.com","include_body_text":"true"}`,
			method: "POST", path: base + "/search",
			wantBody:     `{"query":"q","after_date":"2026-11-02","before_date":"2026-11-04","sender_domains":["acme.com"],"include_body_text":true}`,
			wantResolved: `{"after_date":"2026-11-02","timezone":"Europe/Berlin"}`},
		{name: "fixed fields and the default limit", tool: "attrove_events", args: `{}`,
			method: "GET", path: base + "/events", wantQuery: `{"expand":["attendees"],"limit":["25"]}`},
		{name: "no arguments at all", tool: "attrove_meetings", args: ``,
			method: "GET", path: base + "/meetings", wantQuery: `{"expand":["short_summary,action_items"],"limit":["25"]}`},
		{name: "a number in a string", tool: "attrove_events", args: `{"limit":"42","start_date":"7d","end_date":"last week"}`,
			method: "GET", path: base + "/events", wantQuery: `{"expand":["attendees"],"limit":["42"],"start_date":["2026-10-27"],"end_date":["2026-11-01"]}`,
			wantResolved: `{"start_date":"2026-10-27","end_date":"2026-11-01","timezone":"Europe/Berlin"}`},
		{name: "a period that ends so many days ago", tool: "attrove_events", args: `{"start_date":"14d","end_date":"7d"}`,
			method: "GET", path: base + "/events", wantQuery: `{"expand":["attendees"],"limit":["25"],"start_date":["2026-10-20"],"end_date":["2026-10-27"]}`,
			wantResolved: `{"start_date":"2026-10-20","end_date":"2026-10-27","timezone":"Europe/Berlin"}`},
		{name: "ids in the path", tool: "attrove_get_message", args: `{"id":"msg_1"}`,
			method: "GET", path: base + "/messages/msg_1"},
		{name: "a list without paging", tool: "attrove_integrations", args: `{}`,
			method: "GET", path: base + "/integrations"},
		{name: "a deadline is the end of the day", tool: "attrove_create_goal",
			args:   `{"title":"Renewal","watch_scope":{"keywords":"acme"},"deadline":"2026-11-05"}`,
			method: "POST", path: base + "/goals",
			wantBody:     `{"title":"Renewal","watch_scope":{"keywords":["acme"]},"deadline":"2026-11-05T23:59:59+01:00"}`,
			wantResolved: `{"deadline":"2026-11-05T23:59:59+01:00","timezone":"Europe/Berlin"}`},
		{name: "silence until friday", tool: "attrove_acknowledge_goal", args: `{"goal_id":"gol_1","until":"friday"}`,
			method: "POST", path: base + "/goals/gol_1/acknowledge", wantBody: `{"until":"2026-11-06T23:59:59+01:00"}`,
			wantResolved: `{"until":"2026-11-06T23:59:59+01:00","timezone":"Europe/Berlin"}`},
		{name: "events since yesterday", tool: "attrove_goal_events", args: `{"since":"yesterday"}`,
			method: "GET", path: base + "/goal-events", wantQuery: `{"since":["2026-11-02T00:00:00+01:00"],"limit":["25"]}`,
			wantResolved: `{"since":"2026-11-02T00:00:00+01:00","timezone":"Europe/Berlin"}`},
		{name: "a note about a goal", tool: "attrove_add_goal_note", args: `{"goal_id":"gol_1","body":"b","metadata":{"n":9007199254740993}}`,
			method: "POST", path: base + "/notes", wantBody: `{"ref_type":"goal","ref_id":"gol_1","body":"b","metadata":{"n":9007199254740993}}`},
		{name: "an agent is never a human", tool: "attrove_confirm_goal_status", args: `{"goal_id":"gol_1","health":"on_track","reason":"Ann said so"}`,
			method: "POST", path: base + "/goals/gol_1/status", wantBody: `{"health":"on_track","reason":"Ann said so","initiator":"agent"}`},
		{name: "archive by id", tool: "attrove_delete_note", args: `{"id":"note_1"}`,
			method: "DELETE", path: base + "/notes/note_1"},
		{name: "days for threads", tool: "attrove_discover_threads", args: `{"query":"q","after_date":"yesterday","integration_ids":"int_1"}`,
			method: "POST", path: base + "/threads/discover", wantBody: `{"query":"q","after_date":"2026-11-02","integration_ids":["int_1"],"limit":25}`,
			wantResolved: `{"after_date":"2026-11-02","timezone":"Europe/Berlin"}`},
		{name: "a conversation in the path", tool: "attrove_analyze_thread", args: `{"conversation_id":"cnv_1"}`,
			method: "POST", path: base + "/threads/cnv_1/analyze"},
		{name: "a part of a goal", tool: "attrove_update_goal", args: `{"goal_id":"gol_1","deadline":"friday","watch_scope":{"keywords":"k"}}`,
			method: "PATCH", path: base + "/goals/gol_1", wantBody: `{"deadline":"2026-11-06T23:59:59+01:00","watch_scope":{"keywords":["k"]}}`,
			wantResolved: `{"deadline":"2026-11-06T23:59:59+01:00","timezone":"Europe/Berlin"}`},
		{name: "fields to empty", tool: "attrove_update_goal", args: `{"goal_id":"gol_1","clear":["deadline","description","deadline"],"title":null}`,
			method: "PATCH", path: base + "/goals/gol_1", wantBody: `{"deadline":null,"description":null}`},
		{name: "one to empty", tool: "attrove_update_meeting", args: `{"id":"mtg_1","title":"T","clear":"summary"}`,
			method: "PATCH", path: base + "/meetings/mtg_1", wantBody: `{"title":"T","summary":null}`},
		{name: "an agent archives", tool: "attrove_archive_goal", args: `{"goal_id":"gol_1","reason":"r","expected_lifecycle_version":"3"}`,
			method: "POST", path: base + "/goals/gol_1/archive", wantBody: `{"reason":"r","expected_lifecycle_version":3,"initiator":"agent"}`},
		{name: "an agent cancels", tool: "attrove_cancel_goal", args: `{"goal_id":"gol_1","reason":"r"}`,
			method: "POST", path: base + "/goals/gol_1/cancel", wantBody: `{"reason":"r","initiator":"agent"}`},
		{name: "an agent reopens", tool: "attrove_reopen_goal",
			args:   `{"goal_id":"gol_1","expected_lifecycle":"archived","expected_lifecycle_version":2,"reason_code":"asked","reason":"r"}`,
			method: "POST", path: base + "/goals/gol_1/reopen",
			wantBody: `{"expected_lifecycle":"archived","expected_lifecycle_version":2,"reason_code":"asked","reason":"r","initiator":"agent"}`},
		{name: "snapshots by the page", tool: "attrove_goal_snapshots", args: `{"goal_id":"gol_1","cursor":"c"}`,
			method: "GET", path: base + "/goals/gol_1/snapshots", wantQuery: `{"cursor":["c"],"limit":["25"]}`},
		{name: "one object for a list of them", tool: "attrove_update_conversations", args: `{"conversations":{"id":"cnv_1","sync_enabled":"false"}}`,
			method: "PATCH", path: base + "/conversations", wantBody: `{"conversations":[{"id":"cnv_1","sync_enabled":false}]}`},
		{name: "a circle", tool: "attrove_relationships", args: `{"entity_id":"ent_1","offset":"50"}`,
			method: "GET", path: base + "/entities/relationships", wantQuery: `{"entity_id":["ent_1"],"limit":["25"],"offset":["50"]}`},
		{name: "a calendar", tool: "attrove_update_calendar", args: `{"id":"cal_1","is_active":false}`,
			method: "PATCH", path: base + "/calendars/cal_1", wantBody: `{"is_active":false}`},
		{name: "the end of a connection", tool: "attrove_disconnect_integration", args: `{"integration_id":"int_1"}`,
			method: "DELETE", path: base + "/integrations/int_1"},
		{name: "null counts as left out", tool: "attrove_notes", args: `{"ref_type":null,"limit":5}`,
			method: "GET", path: base + "/notes", wantQuery: `{"limit":["5"]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			up := &attrovetest.Upstream{}
			result := call(t, up, c.tool, c.args)
			require.False(t, result.Failed(), "%s", result.Structured)
			require.Len(t, up.Requests(), 1)
			sent := up.Requests()[0]
			assert.Equal(t, c.method, sent.Method)
			assert.Equal(t, c.path, sent.Path)
			assert.Equal(t, "Bearer sk_test", sent.Key)
			equalJSON(t, c.wantQuery, sent.Query)
			equalJSON(t, c.wantBody, sent.Body)
			var got struct{ Resolved json.RawMessage }
			require.NoError(t, json.Unmarshal(result.Structured, &got))
			equalJSON(t, c.wantResolved, string(got.Resolved))
		})
	}
}

func equalJSON(t *testing.T, want, got string) {
	t.Helper()
	if want == "" {
		assert.Empty(t, got)
		return
	}
	assert.JSONEq(t, want, got)
	if strings.Contains(want, "9007199254740993") { // JSONEq compares numbers as floats
		assert.Contains(t, got, "9007199254740993")
	}
}

func TestCallRefuses(t *testing.T) {
	for _, c := range []struct{ name, tool, args, field, message string }{
		{"an unknown argument", "attrove_events", `{"start":"today"}`, "start", "there is no argument start; did you mean start_date?"},
		{"a wrong type", "attrove_events", `{"limit":"many"}`, "limit", "limit must be an integer, got a string"},
		{"a missing argument", "attrove_query", `{}`, "query", "query is required"},
		{"an empty one", "attrove_query", `{"query":""}`, "query", "query must not be empty"},
		{"a bad date", "attrove_search", `{"query":"q","after_date":"someday"}`, "after_date",
			`after_date: "someday" is not a date: want YYYY-MM-DD, RFC 3339, or words such as 7d, yesterday, since monday, last week, 3 november`},
		{"a moment that must be exact", "attrove_push_meeting", `{"title":"t","start_time":"yesterday"}`, "start_time",
			"start_time: write it in RFC 3339 with its offset, such as 2026-11-03T15:00:00Z"},
		{"no JSON object", "attrove_query", `[1]`, "", "the arguments must be an object, got a list"},
		{"no JSON", "attrove_query", `{"query":`, "", "the arguments are not valid JSON"},
		{"somebody else's id", "attrove_profile", `{"user_id":"victim"}`, "user_id", "user_id is not an argument: it is the caller's own"},
		{"somebody else's id for a message's", "attrove_get_message", `{"user_id":"victim","id":"msg_1"}`, "user_id", "user_id is not an argument: it is the caller's own"},
		{"playing the human", "attrove_confirm_goal_status", `{"goal_id":"g","reason":"r","initiator":"human"}`, "initiator", "there is no argument initiator"},
		{"fixed fields", "attrove_events", `{"expand":["description"]}`, "expand", "there is no argument expand"},
		{"neither id", "attrove_delete_note", `{}`, "id", "give exactly one of id and external_id"},
		{"both ids", "attrove_delete_note", `{"id":"a","external_id":"b"}`, "id", "give exactly one of id and external_id"},
		{"external_id on the cloud", "attrove_delete_meeting", `{"external_id":"b"}`, "external_id", "external_id works with the embedded engine only"},
		{"a way out of the path", "attrove_get_message", `{"id":".."}`, "id", "id must be an id"},
		{"nothing to change", "attrove_update_goal", `{"goal_id":"gol_1"}`, "", "there is nothing to change: give at least one of title, watch_scope, " +
			"description, success_criteria, completion_condition, deadline; to empty a field name it in clear"},
		{"null changes nothing", "attrove_update_webhook", `{"id":"whe_1","description":null}`, "", "there is nothing to change"},
		{"a field given and emptied", "attrove_update_goal", `{"goal_id":"gol_1","deadline":"friday","clear":["deadline"]}`, "deadline", "do one of them"},
		{"what cannot be empty", "attrove_update_goal", `{"goal_id":"gol_1","clear":["title"]}`, "clear.0",
			"clear.0 must be one of description, success_criteria, completion_condition, deadline"},
		{"a bad date to change to", "attrove_update_goal", `{"goal_id":"gol_1","deadline":"someday"}`, "deadline", `deadline: "someday" is not a deadline`},
		{"settings that are none", "attrove_update_settings", `{"historydays":3}`, "historydays", "there is no argument historydays; did you mean history_days?"},
		{"an idempotency key", "attrove_archive_goal", `{"goal_id":"g","reason":"r","idempotency_key":"k"}`, "idempotency_key", "there is no argument idempotency_key"},
		{"a user for a webhook", "attrove_webhooks", `{"user_id":"u"}`, "user_id", "there is no argument user_id"},
		{"no user to connect", "attrove_create_connect_session", `{"provider":"gmail"}`, "user_id", "user_id is required"},
		{"days out of bounds", "attrove_create_goal", `{"title":"t","watch_scope":{"keywords":["k"],"silence_condition":{"quiet_after_days":366}}}`,
			"watch_scope.silence_condition.quiet_after_days", "must be at most 365"},
		{"too many at once", "attrove_messages", `{"limit":101}`, "limit", "limit must be at most 100"},
	} {
		t.Run(c.name, func(t *testing.T) {
			up := &attrovetest.Upstream{}
			result := call(t, up, c.tool, c.args)
			assert.Empty(t, up.Requests(), "nothing may be sent")
			var got view.Failed
			require.NoError(t, json.Unmarshal(result.Structured, &got))
			require.NotNil(t, got.Error, "%s", result.Structured)
			assert.Equal(t, attrove.CodeInvalidArgument, got.Error.Code)
			assert.Equal(t, c.field, got.Error.Field)
			assert.Contains(t, got.Error.Message, c.message)
			assert.NotEmpty(t, got.Error.Next)
		})
	}
}

func TestArchiveByExternalIDGoesToTheEngine(t *testing.T) {
	for name, path := range map[string]string{"attrove_delete_note": "/notes", "attrove_delete_meeting": "/meetings"} {
		up := &attrovetest.Upstream{Ours: true}
		env := tools.Env{Client: up.Client(t)}
		result := called(t, tool(t, name), env, caller(), json.RawMessage(`{"external_id":"mine-1"}`))
		require.False(t, result.Failed(), "%s", result.Structured)
		require.Len(t, up.Requests(), 1)
		assert.Equal(t, "DELETE", up.Requests()[0].Method)
		assert.Equal(t, "/v1/users/"+userID+path, up.Requests()[0].Path)
		assert.JSONEq(t, `{"external_id":["mine-1"]}`, up.Requests()[0].Query)
		assert.Contains(t, string(result.Structured), `"backend":"local"`)
	}
}

func TestZoneIsTheProfiles(t *testing.T) {
	for _, c := range []struct {
		name, profile, wantDate, wantZone string
		status                            int
	}{
		{"from the profile", `{"id":"u","timezone":"America/New_York"}`, "2026-11-01", "America/New_York", 200},
		{"none there", `{"id":"u"}`, "2026-11-01", "UTC", 200},
		{"nonsense there", `{"id":"u","timezone":"../../etc/passwd"}`, "2026-11-01", "UTC", 200},
		{"far east", `{"id":"u","timezone":"Asia/Tokyo"}`, "2026-11-02", "Asia/Tokyo", 200},
		{"no profile", `{"error":{"message":"no"}}`, "2026-11-01", "UTC", 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			up := &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, userID) {
					w.WriteHeader(c.status)
					_, _ = io.WriteString(w, c.profile)
					return
				}
				_, _ = io.WriteString(w, "{}")
			}}
			env := tools.Env{Client: up.Client(t), Now: func() time.Time { return monday }}
			result := called(t, tool(t, "attrove_search"), env, caller(), json.RawMessage(`{"query":"q","after_date":"yesterday"}`))
			assert.Contains(t, string(result.Structured), `"resolved":{"after_date":"`+c.wantDate+`","timezone":"`+c.wantZone+`"}`)
			require.Len(t, up.Requests(), 2)
		})
	}
	up := &attrovetest.Upstream{}
	called(t, tool(t, "attrove_search"), tools.Env{Client: up.Client(t)}, caller(), json.RawMessage(`{"query":"q","after_date":"2026-11-01"}`))
	assert.Len(t, up.Requests(), 1, "a plain date needs no zone")
}

func TestErrorsOfTheUpstream(t *testing.T) {
	for _, c := range []struct {
		status           int
		body, code, next string
	}{
		{401, `{"error":{"message":"bad key sk_test"}}`, attrove.CodeAuthentication, "ATTROVE_SECRET_KEY"},
		{404, `{}`, attrove.CodeNotFound, "Check the id"},
		{429, `{}`, attrove.CodeRateLimited, "retry_after"},
		{501, `{"error":{"message":"create_goal is not there yet"}}`, attrove.CodeNotImplemented, "go on without it"},
		{507, `{}`, attrove.CodeStorageFull, "disk is full"},
		{500, `{}`, attrove.CodeInternal, "Try again"},
	} {
		result := call(t, attrovetest.Says(c.status, c.body), "attrove_create_goal", `{"title":"t","watch_scope":{"keywords":["k"]}}`)
		var got view.Failed
		require.NoError(t, json.Unmarshal(result.Structured, &got))
		assert.Equal(t, c.code, got.Error.Code)
		assert.Contains(t, got.Error.Next, c.next)
		assert.NotContains(t, string(result.Structured)+result.Text("n"), "sk_test", "a key never shows, whoever repeats it")
	}
}

func TestMissingKeySaysWhatToSet(t *testing.T) {
	up := &attrovetest.Upstream{}
	env := tools.Env{Client: up.Client(t)}
	result := called(t, tool(t, "attrove_query"), env, attrove.Caller{}, json.RawMessage(`{"query":"q"}`))
	assert.Equal(t, attrove.CodeMissingKey, result.Code)
	for _, way := range []string{"ATTROVE_SECRET_KEY", "ATTROVE_USER_ID", "--local", "--demo"} {
		assert.Contains(t, result.Text("n"), way)
	}
	env.Setup = "Send two headers."
	result = called(t, tool(t, "attrove_query"), env, attrove.Caller{}, json.RawMessage(`{"query":"q"}`))
	assert.Contains(t, result.Text("n"), "Send two headers.")
	assert.Empty(t, up.Requests())
}
