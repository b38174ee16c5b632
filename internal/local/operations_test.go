package local_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
	"github.com/attrove/attrove-mcp/internal/openapi/openapitest"
)

const publicURL = "http://127.0.0.1:8788"

// world is an engine with three of everything for two users who know nothing of
// each other.
type world struct {
	fixture
	other fixture
	mine  map[string]string // what {name} in arguments stands for
	their map[string]string
}

func newWorld(t *testing.T) world {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(receiver.Close)
	o := options()
	o.PublicURL = publicURL
	o.WebhookTargets = webhooks.Any
	w := world{fixture: start(t, o)}
	w.other = newUser(t, w.fixture, attrove.CreateUserIn{Email: "otto@other.example"})
	w.mine, w.their = furnish(t, w.fixture), furnish(t, w.other)
	hooks := furnishWebhooks(t, w.fixture, receiver.URL)
	for name, id := range hooks {
		w.mine[name] = id
	}
	return w
}

// furnish gives a user three of everything, and returns the ids of the first.
func furnish(t *testing.T, f fixture) map[string]string {
	t.Helper()
	ids := map[string]string{"user_id": f.me.UserID}
	at := func(hours int) attrove.DateTime {
		return attrove.DateTime(now.Add(time.Duration(hours) * time.Hour).Format(time.RFC3339))
	}
	for i := range 3 {
		ids["message"] = call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: []string{"email", "chat", "sms"}[i], Subject: "Renewal",
			BodyText: "Can you send the signed renewal by Friday? We decided to renew for two years.", SenderEmail: fmt.Sprintf("ann%d@acme.example", i),
			SenderName: "Ann Lee", Recipients: []attrove.Address{{Email: "me@example.com"}, {Email: "bob@acme.example", Name: "Bob"}},
			SentAt: at(-24 * (i + 1)), ExternalThreadID: fmt.Sprint("thread", i), ExternalID: fmt.Sprint("message", i)}).ID
		ids["reply"] = call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", Subject: "Re: Renewal", BodyText: "I will send it on Thursday.",
			SenderEmail: "me@example.com", Recipients: []attrove.Address{{Email: "ann2@acme.example"}}, SentAt: at(-i - 1), ExternalThreadID: "thread0"}).ID
		ids["meeting"] = call(t, f, attrove.PushMeeting, attrove.PushMeetingIn{Title: "Renewal call", StartTime: at(-48 - i), ShortSummary: "Ann wants a discount.",
			Attendees:  attrove.Lenient[attrove.Attendee]{{Email: "ann0@acme.example", Name: "Ann Lee"}, {Email: "me@example.com"}},
			Transcript: "Ann Lee: We need the contract by Friday.\nMia Example: I will send the contract on Thursday.\nAnn Lee: Good, we agreed on two years then.",
			ExternalID: fmt.Sprint("meeting", i)}).ID
		ids["event"] = call(t, f, attrove.PushEvent, attrove.PushEventIn{Title: "Renewal review", StartTime: at(24 + i), EndTime: at(25 + i),
			Attendees: attrove.Lenient[attrove.Attendee]{{Email: "ann0@acme.example", Name: "Ann Lee", Status: "accepted"}}}).ID
		ids["note"] = call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "Ann likes the renewal.", ExternalID: fmt.Sprint("note", i)}).ID
	}
	message := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: ids["message"]})
	ids["thread"], ids["conversation"], ids["integration"] = message.ThreadID, message.ConversationID, message.IntegrationID
	ids["calendar"] = call(t, f, attrove.ListCalendars, attrove.Cut{}).Data[0].ID
	ids["entity"] = call(t, f, attrove.ListEntities, attrove.EntitiesIn{Query: "ann"}).Data[0].ID
	for i := range 3 {
		goal := call(t, f, attrove.CreateGoal, attrove.CreateGoalIn{Title: fmt.Sprint("Renewal ", i), WatchScope: attrove.WatchScope{Keywords: []string{"renewal"},
			SilenceCondition: &attrove.SilenceCondition{QuietAfterDays: 5}}})
		ids["goal"] = goal.ID
	}
	ids["closed"] = call(t, f, attrove.CreateGoal, attrove.CreateGoalIn{Title: "Over", WatchScope: attrove.WatchScope{SeedQuery: "renewal"}}).ID
	call(t, f, attrove.ArchiveGoal, attrove.LifecycleIn{GoalRef: attrove.GoalRef{GoalID: ids["closed"]}, Reason: "over"})
	for range 3 {
		call(t, f, attrove.EvaluateGoal, attrove.GoalRef{GoalID: ids["goal"]})
		require.Eventually(t, func() bool {
			got := call(t, f, attrove.GetGoal, attrove.GoalRef{GoalID: ids["goal"]})
			return got.LastRun != nil && got.LastRun.Status == "completed"
		}, time.Minute, time.Millisecond)
	}
	return ids
}

func furnishWebhooks(t *testing.T, f fixture, url string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for range 3 {
		ids["webhook"] = call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: url, Events: []string{"*"}}).ID
	}
	for range 3 {
		call(t, f, attrove.TestWebhook, attrove.TestWebhookIn{WebhookRef: attrove.WebhookRef{ID: ids["webhook"]}})
	}
	return ids
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// fill puts ids in the place of their names.
func fill(t *testing.T, args string, ids map[string]string) json.RawMessage {
	t.Helper()
	if args == "" {
		args = "{}"
	}
	filled := placeholder.ReplaceAllStringFunc(args, func(name string) string {
		id := ids[strings.Trim(name, "{}")]
		require.NotEmpty(t, id, name)
		return id
	})
	require.True(t, json.Valid([]byte(filled)), filled)
	return json.RawMessage(filled)
}

// mistake is a call that must fail.
type mistake struct {
	args   string
	status int
	code   string
}

// operationCase is how one operation is tried. Beyond what it says: a list is
// paged to its end, another user's things answer 404, and so do unknown ones.
type operationCase struct {
	op      attrove.Any
	args    string // names in braces stand for ids
	want    string // is somewhere in the reply
	rows    int    // of a list: at least so many
	foreign int    // what another user's things answer; 0 is 404
	refused []mistake
}

// allOperations has a case for each operation, in the order of attrove.All.
func allOperations() []operationCase {
	later := now.AddDate(0, 0, 7).Format(time.RFC3339)
	return []operationCase{
		{op: attrove.CreateUser, args: `{"email":"new@example.org","timezone":"Europe/Berlin"}`, want: `"api_key":"sk_`, refused: []mistake{
			{`{"email":"nobody"}`, 422, "VALIDATION_ERROR"}, {`{"email":"otto@other.example"}`, 409, "USER_ALREADY_EXISTS"},
			{`{"email":"a@b.example","timezone":"Mars"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.CreateConnectSession, args: `{"user_id":"{user_id}","provider":"gmail","display":"popup","include_install":true}`,
			want: `"activation_url":"` + publicURL + `/integrations/connect?session=`, foreign: 201, refused: []mistake{
				{`{"user_id":"00000000-0000-4000-8000-000000000000"}`, 404, "NOT_FOUND"}, {`{"user_id":"{user_id}","display":"sideways"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.ConnectPage}, // a browser's
		{op: attrove.CreateConnectToken, args: `{"user_id":"{user_id}"}`, want: `"token":"pit_`, foreign: 200, refused: []mistake{
			{`{"user_id":"00000000-0000-4000-8000-000000000000"}`, 404, "NOT_FOUND"}, {`{"user_id":"{user_id}","redirect_url":"javascript:alert(1)"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.GetSettings, want: `{`},
		{op: attrove.UpdateSettings, args: `{"excluded_domains":["spam.example"]}`, want: `"excluded_domains":["spam.example"]`, refused: []mistake{
			{`{"default_conversation_sync":"some"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.CreateWebhook, args: `{"url":"https://hooks.example.org/x","events":["goals.created"],"description":"mine"}`, want: `"secret":"whsec_`, refused: []mistake{
			{`{"url":"ftp://hooks.example.org","events":["*"]}`, 422, "VALIDATION_ERROR"}, {`{"url":"https://hooks.example.org","events":[]}`, 422, "VALIDATION_ERROR"},
			{`{"url":"https://hooks.example.org","events":["Goals Created"]}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.ListWebhooks, rows: 3},
		{op: attrove.GetWebhook, args: `{"id":"{webhook}"}`, want: `"status":"active"`},
		{op: attrove.UpdateWebhook, args: `{"id":"{webhook}","enabled":false}`, want: `"enabled":false`, refused: []mistake{
			{`{"id":"{webhook}","url":"nowhere"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.TestWebhook, args: `{"id":"{webhook}"}`, want: `"event_type":"webhooks.test"`},
		{op: attrove.RotateWebhookSecret, args: `{"id":"{webhook}"}`, want: `"secret":"whsec_`},
		{op: attrove.DeleteWebhook, args: `{"id":"{webhook}"}`},
		{op: attrove.ListDeliveries, args: `{"id":"{webhook}"}`, rows: 3, refused: []mistake{{`{"id":"{webhook}","status":"lost"}`, 400, "INVALID_REQUEST"}}},

		{op: attrove.GetProfile, want: `"email":"`},
		{op: attrove.GetSyncStats, want: `"messages":`},
		{op: attrove.ListConversations, rows: 3},
		{op: attrove.UpdateConversations, args: `{"conversations":[{"id":"{conversation}","sync_enabled":false}]}`, want: `"sync_enabled":false`, refused: []mistake{
			{`{"conversations":[]}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.Search, args: `{"query":"renewal","include_body_text":true}`, want: `"message_id":"`, refused: []mistake{
			{`{"query":""}`, 422, "VALIDATION_ERROR"}, {`{"query":"x","after_date":"soon"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.Query, args: `{"query":"What did Ann ask for?","include_sources":true}`, want: `"used_message_ids":[`, refused: []mistake{{`{}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.GetIntegration, args: `{"integration_id":"{integration}"}`, want: `"auth_status":"connected"`},
		{op: attrove.DisconnectIntegration, args: `{"integration_id":"{integration}"}`},
		{op: attrove.ListMessages, args: `{"expand":["body_text"]}`, rows: 6, refused: []mistake{{`{"limit":1000}`, 400, "INVALID_REQUEST"}, {`{"expand":["soul"]}`, 400, "INVALID_REQUEST"}}},
		{op: attrove.GetMessage, args: `{"id":"{message}"}`, want: `"subject":"Renewal"`},
		{op: attrove.ListEntities, rows: 3},
		{op: attrove.GetEntity, args: `{"id":"{entity}"}`, want: `"entity_type":"person"`},
		{op: attrove.ListRelationships, args: `{}`, rows: 3, refused: []mistake{{`{"entity_id":"ent_none"}`, 404, "NOT_FOUND"}}},

		{op: attrove.CreateGoal, args: `{"title":"Win","watch_scope":{"entity_ids":["{entity}"]},"deadline":"` + later + `"}`, want: `"health":"insufficient_evidence"`,
			foreign: 422, refused: []mistake{{`{"title":"Win","watch_scope":{}}`, 422, "GOAL_INVALID_SCOPE"}, {`{"title":"","watch_scope":{"keywords":["x"]}}`, 422, "VALIDATION_ERROR"},
				{`{"title":"Win","watch_scope":{"keywords":["x"]},"deadline":"2026-12-01"}`, 422, "VALIDATION_ERROR"},
				{`{"title":"Win","watch_scope":{"keywords":["x"],"silence_condition":{"quiet_after_days":0}}}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.ListGoals, rows: 4, refused: []mistake{{`{"health":"fine"}`, 400, "INVALID_REQUEST"}}},
		{op: attrove.ListGoalEvents, rows: 5, refused: []mistake{{`{"since":"yesterday"}`, 400, "INVALID_REQUEST"}}},
		{op: attrove.GetGoal, args: `{"goal_id":"{goal}"}`, want: `"last_snapshot":{`},
		{op: attrove.UpdateGoal, args: `{"goal_id":"{goal}","title":"Renamed","deadline":null}`, want: `"title":"Renamed"`, refused: []mistake{
			{`{"goal_id":"{closed}","title":"x"}`, 409, "GOAL_TERMINAL_STATE"}, {`{"goal_id":"{goal}","watch_scope":{}}`, 422, "GOAL_INVALID_SCOPE"}}},
		{op: attrove.EvaluateGoal, args: `{"goal_id":"{goal}"}`, want: `"run_id":"`, refused: []mistake{{`{"goal_id":"{closed}"}`, 409, "GOAL_TERMINAL_STATE"}}},
		{op: attrove.ConfirmGoalStatus, args: `{"goal_id":"{goal}","lifecycle":"completed","reason":"signed"}`, want: `"lifecycle":"completed"`, refused: []mistake{
			{`{"goal_id":"{goal}","reason":"because"}`, 422, "VALIDATION_ERROR"}, {`{"goal_id":"{goal}","health":"on_track","reason":""}`, 422, "VALIDATION_ERROR"},
			{`{"goal_id":"{goal}","lifecycle":"completed","reason":"x","expected_lifecycle_version":99}`, 409, "GOAL_LIFECYCLE_CONFLICT"}}},
		{op: attrove.GetGoalEvidence, args: `{"goal_id":"{goal}"}`, want: `"cited_in_latest_snapshot":[{`},
		{op: attrove.ListGoalSnapshots, args: `{"goal_id":"{goal}"}`, rows: 1},
		{op: attrove.ArchiveGoal, args: `{"goal_id":"{goal}","reason":"enough"}`, want: `"lifecycle":"archived"`, refused: []mistake{
			{`{"goal_id":"{closed}","reason":"again"}`, 409, "GOAL_TERMINAL_STATE"}, {`{"goal_id":"{goal}","reason":""}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.CancelGoal, args: `{"goal_id":"{goal}","reason":"lost"}`, want: `"lifecycle":"cancelled"`, refused: []mistake{
			{`{"goal_id":"{closed}","reason":"again"}`, 409, "GOAL_TERMINAL_STATE"}}},

		{op: attrove.ListCalendars, rows: 1},
		{op: attrove.GetCalendar, args: `{"id":"{calendar}"}`, want: `"is_active":true`},
		{op: attrove.UpdateCalendar, args: `{"id":"{calendar}","is_active":false}`, want: `"is_active":false`, refused: []mistake{{`{"id":"{calendar}"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.ListEvents, args: `{"expand":["attendees"]}`, rows: 3, refused: []mistake{{`{"start_date":"2026-02-30"}`, 400, "INVALID_REQUEST"}}},
		{op: attrove.GetEvent, args: `{"id":"{event}"}`, want: `"title":"Renewal review"`},
		{op: attrove.ListMeetings, args: `{"expand":["short_summary"]}`, rows: 3},
		{op: attrove.GetMeeting, args: `{"id":"{meeting}"}`, want: `"transcript":"Ann Lee: `},
		{op: attrove.UpdateMeeting, args: `{"id":"{meeting}","title":"Renewal agreed","summary":null}`, want: `"title":"Renewal agreed"`, refused: []mistake{
			{`{"id":"{meeting}","title":null}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.RegenerateMeetingSummary, args: `{"id":"{meeting}"}`, want: `"status":"queued"`},
		{op: attrove.DiscoverThreads, args: `{"query":"renewal"}`, want: `"thread_id":"`, refused: []mistake{{`{"query":""}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.AnalyzeThread, args: `{"conversation_id":"{conversation}"}`, want: `"summary":"`},
		{op: attrove.ListThreadMessages, args: `{"thread_id":"{thread}"}`, rows: 1},
		{op: attrove.PushMessage, args: `{"source":"email","body_text":"Hello there."}`, want: `"status":"queued"`, refused: []mistake{{`{"source":"email"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.PushMeeting, args: `{"title":"T","start_time":"2026-11-01T10:00:00Z"}`, want: `"status":"queued"`, refused: []mistake{
			{`{"title":"T","start_time":"2026-11-01T10:00:00Z","end_time":"2026-11-01T09:00:00Z"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.PushEvent, args: `{"title":"T","start_time":"2026-11-01T10:00:00Z","end_time":"2026-11-01T11:00:00Z"}`, want: `"status":"queued"`, refused: []mistake{
			{`{"title":"T","start_time":"2026-11-01","end_time":"2026-11-02"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.PushNote, args: `{"body":"About it.","ref_type":"goal","ref_id":"{goal}"}`, want: `"status":"queued"`, foreign: 422, refused: []mistake{
			{`{"body":"x","ref_type":"goal"}`, 422, "VALIDATION_ERROR"}}},
		{op: attrove.ListNotes, rows: 3},
		{op: attrove.GetNote, args: `{"note_id":"{note}"}`, want: `"body":"Ann likes the renewal."`},

		{op: attrove.ListIntegrations, want: `"provider":"email"`},
		{op: attrove.ReopenGoal, args: `{"goal_id":"{closed}","expected_lifecycle":"archived","expected_lifecycle_version":2,"reason_code":"mistake","reason":"not over"}`,
			want: `"lifecycle":"active"`, refused: []mistake{
				{`{"goal_id":"{closed}","expected_lifecycle":"archived","expected_lifecycle_version":7,"reason_code":"m","reason":"r"}`, 409, "GOAL_LIFECYCLE_CONFLICT"}}},
		{op: attrove.AcknowledgeGoal, args: `{"goal_id":"{goal}","until":"` + later + `","reason":"holidays"}`, want: `"acknowledgment":{`, refused: []mistake{
			{`{"goal_id":"{goal}","until":"2020-01-01T00:00:00Z"}`, 422, "VALIDATION_ERROR"}, {`{"goal_id":"{closed}","until":"` + later + `"}`, 409, "GOAL_TERMINAL_STATE"}}},
		{op: attrove.ClearGoalAcknowledgment, args: `{"goal_id":"{goal}"}`, want: `"acknowledgment":null`},
		{op: attrove.DraftGoalFollowUp, args: `{"goal_id":"{goal}","directive":"shorter"}`, want: `"body_text":"`},
		{op: attrove.DeleteMeeting, args: `{"id":"{meeting}"}`, want: `"archived":true`},
		{op: attrove.DeleteMeetingByExternalID, args: `{"external_id":"meeting0"}`, want: `"archived":true`, refused: []mistake{{`{"external_id":"none"}`, 404, "NOT_FOUND"}}},
		{op: attrove.DeleteNote, args: `{"note_id":"{note}"}`, want: `"archived":true`},
		{op: attrove.DeleteNoteByExternalID, args: `{"external_id":"note0"}`, want: `"archived":true`, refused: []mistake{{`{"external_id":"none"}`, 404, "NOT_FOUND"}}},
	}
}

func TestEveryOperation(t *testing.T) {
	cases := allOperations()
	all := attrove.All()
	require.Len(t, cases, len(all))
	shared := newWorld(t) // by those that change nothing
	for i, c := range cases {
		m := c.op.Info()
		require.Equal(t, all[i].Info().Name, m.Name, "each operation has its case")
		if m.Page != "" {
			shared.opensPage(t, m)
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			w := shared
			if m.Effect != attrove.Read {
				w = newWorld(t)
			}
			for _, r := range c.refused {
				failure := refused(t, w.fixture, c.op, string(fill(t, r.args, w.mine)))
				assert.Equal(t, r.status, failure.Status, "%s: %v", r.args, failure)
				assert.Equal(t, r.code, failure.Code, "%s: %v", r.args, failure)
			}
			w.keepsOut(t, c)
			w.pages(t, c)
			w.answers(t, c)
		})
	}
}

// opensPage opens the page of a fresh session as a browser does; the client calls
// no pages.
func (w world) opensPage(t *testing.T, m attrove.Meta) {
	t.Helper()
	session := call(t, w.fixture, attrove.CreateConnectSession, attrove.ConnectSessionIn{UserID: w.me.UserID})
	for target, status := range map[string]int{session.ActivationURL: m.Status, publicURL + m.Path + "?session=none": http.StatusNotFound} {
		answer, err := openapitest.Transport(t, w.engine.Transport()).RoundTrip(httptest.NewRequest(m.Method, target, nil))
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		assert.Equal(t, status, answer.StatusCode, target)
		assert.Equal(t, "text/html; charset=utf-8", answer.Header.Get("Content-Type"))
	}
	assert.Equal(t, attrove.CodeInvalidArgument, refused(t, w.fixture, attrove.ConnectPage, `{"session":"x"}`).Code)
}

// keepsOut tries wrong credentials, and things that are another user's or nobody's.
func (w world) keepsOut(t *testing.T, c operationCase) {
	t.Helper()
	m := c.op.Info()
	stranger := w.fixture
	stranger.me.Key = "sk_unknown"
	if m.Auth == attrove.AuthPartner {
		client, err := attrove.NewClient(attrove.ClientOptions{Transport: openapitest.Transport(t, w.engine.Transport()), ClientID: "partner", ClientSecret: "wrong"})
		require.NoError(t, err)
		stranger.client = client
	}
	args := string(fill(t, c.args, w.mine))
	assert.Equal(t, http.StatusUnauthorized, refused(t, stranger, c.op, args).Status, "a wrong credential")
	names := placeholder.FindAllString(c.args, -1)
	if len(names) == 0 {
		return
	}
	nobodys := map[string]string{}
	for _, name := range names {
		nobodys[strings.Trim(name, "{}")] = "none_0000000000000000"
	}
	status := c.foreign
	if status == 0 || status < 300 { // a partner reaches every user, but not one that is not there
		status = http.StatusNotFound
	}
	assert.Equal(t, status, refused(t, w.fixture, c.op, string(fill(t, c.args, nobodys))).Status, "what is not there")
	if m.Auth == attrove.AuthPartner {
		return
	}
	assert.Equal(t, status, refused(t, w.fixture, c.op, string(fill(t, c.args, w.their))).Status, "what is another user's")
}

// pages reads a list row by row to its end, and compares with the whole.
func (w world) pages(t *testing.T, c operationCase) {
	t.Helper()
	m := c.op.Info()
	if m.Paging == attrove.PageNone {
		return
	}
	whole, _ := w.page(t, c, map[string]any{"limit": attrove.MaxLimit})
	require.GreaterOrEqual(t, len(whole), c.rows)
	step := map[string]any{"limit": 1}
	var single []string
	for {
		rows, at := w.page(t, c, step)
		single = append(single, rows...)
		if !at.HasMore {
			break
		}
		require.Len(t, rows, 1)
		require.LessOrEqual(t, len(single), len(whole))
		if m.Paging == attrove.PageOffset {
			step["offset"] = len(single)
		} else {
			step["cursor"] = at.NextCursor
		}
	}
	assert.Equal(t, whole, single)
	if m.Paging == attrove.PageCursor {
		bad := merged(t, fill(t, c.args, w.mine), map[string]any{"cursor": "nonsense"})
		assert.Equal(t, attrove.CodeInvalidCursor, refused(t, w.fixture, c.op, bad).Code)
	}
}

func (w world) page(t *testing.T, c operationCase, extra map[string]any) (rows []string, at attrove.Pagination) {
	t.Helper()
	reply, err := w.client.Do(t.Context(), c.op.Info(), w.me, json.RawMessage(merged(t, fill(t, c.args, w.mine), extra)))
	require.NoError(t, err)
	var page attrove.Page[json.RawMessage]
	require.NoError(t, json.Unmarshal(reply.Raw, &page))
	for _, row := range page.Data {
		rows = append(rows, string(row))
	}
	return rows, page.Pagination
}

func merged(t *testing.T, args json.RawMessage, extra map[string]any) string {
	t.Helper()
	all := map[string]any{}
	require.NoError(t, json.Unmarshal(args, &all))
	for name, value := range extra {
		all[name] = value
	}
	text, err := json.Marshal(all)
	require.NoError(t, err)
	return string(text)
}

// answers makes the call itself, as the last of all: it may be a deletion.
func (w world) answers(t *testing.T, c operationCase) {
	t.Helper()
	m := c.op.Info()
	reply, err := w.client.Do(t.Context(), m, w.me, fill(t, c.args, w.mine))
	require.NoError(t, err)
	assert.Equal(t, m.Status, reply.Status)
	if c.want != "" {
		assert.Contains(t, string(reply.Raw), c.want)
	}
	if m.Effect == attrove.Destroy && m.Method == http.MethodDelete {
		assert.Equal(t, http.StatusNotFound, refused(t, w.fixture, c.op, string(fill(t, c.args, w.mine))).Status, "it is gone")
	}
}
