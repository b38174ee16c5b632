package mcpserver_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// lifecycle changes a goal, looks at what it rests on, and ends it twice.
func (w workspace) lifecycle() {
	var goal attrove.Goal
	w.good("attrove_create_goal", `{"title":"Close Brightwater","watch_scope":{"keywords":["Brightwater"]},"deadline":"2026-12-01","description":"d"}`, &goal)
	ref := `{"goal_id":"` + goal.ID + `"`
	w.good("attrove_update_goal", ref+`,"title":"Close Brightwater Labs","clear":["deadline"]}`, &goal)
	assert.Equal(w, attrove.ForeignText("Close Brightwater Labs"), goal.Title)
	var raw struct {
		Deadline    *string
		Description *string
	}
	w.good("attrove_get_goal_status", ref+`}`, &raw)
	assert.Nil(w, raw.Deadline)
	assert.NotNil(w, raw.Description, "what is left out stays")

	var evidence attrove.GoalEvidence
	w.good("attrove_goal_evidence", ref+`}`, &evidence)
	var snapshots struct{ Returned int }
	w.good("attrove_goal_snapshots", ref+`}`, &snapshots)

	for tool, want := range map[string]attrove.Lifecycle{"attrove_archive_goal": attrove.LifecycleArchived, "attrove_cancel_goal": attrove.LifecycleCancelled} {
		w.good(tool, ref+`,"reason":"The user said so."}`, &goal)
		assert.Equal(w, want, goal.Lifecycle, tool)
		state, err := json.Marshal(map[string]any{"goal_id": goal.ID, "expected_lifecycle": goal.Lifecycle,
			"expected_lifecycle_version": goal.LifecycleVersion, "reason_code": "asked", "reason": "The user said so."})
		require.NoError(w, err)
		w.good("attrove_reopen_goal", string(state), &goal)
		assert.Equal(w, attrove.LifecycleActive, goal.Lifecycle)
	}
	_, stale := w.any("attrove_archive_goal", ref+`,"reason":"r","expected_lifecycle_version":1}`)
	assert.True(w, strings.HasPrefix(text(w.T, stale), "Error GOAL_LIFECYCLE_CONFLICT: "), text(w.T, stale))
}

func (w workspace) threads() {
	var found attrove.Page[attrove.ThreadSummary]
	w.good("attrove_discover_threads", `{"query":"renewal","after_date":"60d"}`, &found)
	require.NotEmpty(w, found.Data)
	var analysis attrove.ThreadAnalysis
	w.good("attrove_analyze_thread", `{"conversation_id":"`+found.Data[0].ConversationID+`"}`, &analysis)
	assert.NotEmpty(w, analysis.Summary)
	var circle attrove.Page[attrove.Relationship]
	w.good("attrove_relationships", `{"limit":3}`, &circle)
	require.NotEmpty(w, circle.Data)
}

// account changes what the user owns, and at last disconnects a source.
func (w workspace) account() {
	var page listed
	w.good("attrove_conversations", `{"limit":2}`, &page)
	require.NotEmpty(w, page.Data)
	for _, state := range []string{"false", "true"} {
		var changed attrove.Page[attrove.Conversation]
		w.good("attrove_update_conversations", `{"conversations":{"id":"`+page.Data[0].ID+`","sync_enabled":`+state+`}}`, &changed)
		require.Len(w, changed.Data, 1)
		assert.Equal(w, state == "true", changed.Data[0].SyncEnabled)
	}

	w.good("attrove_calendars", `{}`, &page)
	require.NotEmpty(w, page.Data)
	var calendar attrove.Calendar
	w.good("attrove_update_calendar", `{"id":"`+page.Data[0].ID+`","is_active":"false"}`, &calendar)
	w.good("attrove_get_calendar", `{"id":"`+page.Data[0].ID+`"}`, &calendar)
	assert.False(w, calendar.IsActive)

	w.good("attrove_meetings", `{"limit":1}`, &page)
	require.NotEmpty(w, page.Data)
	var meeting attrove.Meeting
	w.good("attrove_update_meeting", `{"id":"`+page.Data[0].ID+`","title":"Corrected"}`, &meeting)
	assert.Equal(w, attrove.ForeignText("Corrected"), meeting.Title)
	var anew attrove.Regenerated
	w.good("attrove_regenerate_meeting_summary", `{"id":"`+page.Data[0].ID+`"}`, &anew)
	assert.Equal(w, page.Data[0].ID, anew.ID)

	w.good("attrove_integrations", `{}`, &page)
	require.NotEmpty(w, page.Data)
	var nothing struct{}
	w.good("attrove_disconnect_integration", `{"integration_id":"`+page.Data[0].ID+`"}`, &nothing)
	_, gone := w.any("attrove_get_integration", `{"integration_id":"`+page.Data[0].ID+`"}`)
	assert.True(w, strings.HasPrefix(text(w.T, gone), "Error NOT_FOUND: "), text(w.T, gone))
}

// kept is the credential that a call saved last.
func (w workspace) kept(name string) string {
	w.Helper()
	raw, err := os.ReadFile(w.secrets)
	require.NoError(w, err)
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	var last struct{ Secrets map[string]string }
	require.NoError(w, json.Unmarshal([]byte(lines[len(lines)-1]), &last))
	require.NotEmpty(w, last.Secrets[name])
	return last.Secrets[name]
}

// partner creates a user whose key, once out of its file, works.
func (w workspace) partner() {
	var user attrove.NewUser
	w.good("attrove_create_user", `{"email":"new@acme.example"}`, &user)
	assert.NotContains(w, user.APIKey, attrove.KeyPrefix)
	who := attrove.Caller{UserID: user.ID, Key: attrove.Secret(w.kept("api_key"))}
	profile, err := attrove.GetProfile.Call(w.Context(), w.api, who, attrove.None{})
	require.NoError(w, err)
	assert.Contains(w, string(profile.Raw), "new@acme.example")

	var session attrove.ConnectSession
	w.good("attrove_create_connect_session", `{"user_id":"`+user.ID+`"}`, &session)
	assert.Contains(w, session.ActivationURL, session.SessionID, "that link is for the user")
	_, page := w.any("attrove_connect_page", `{"session":"`+session.SessionID+`"}`)
	assert.Contains(w, text(w.T, page), "activation_url")
	var token attrove.ConnectToken
	w.good("attrove_create_connect_token", `{"user_id":"`+user.ID+`"}`, &token)
	assert.NotContains(w, token.Token+token.ConnectURL, "pit_")
	assert.True(w, strings.HasPrefix(w.kept("token"), "pit_"))

	var settings attrove.Settings
	w.good("attrove_update_settings", `{"excluded_domains":"spam.example"}`, &settings)
	w.good("attrove_settings", `{}`, &settings)
	assert.Equal(w, []string{"spam.example"}, settings.ExcludedDomains)
}

func (w workspace) webhooks() {
	receiver := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNoContent) }))
	w.Cleanup(receiver.Close)
	var hook attrove.NewWebhook
	w.good("attrove_create_webhook", `{"url":"`+receiver.URL+`","events":"*"}`, &hook)
	assert.NotContains(w, hook.Secret, "whsec_")
	first := w.kept("secret")
	ref := `{"id":"` + hook.ID + `"`

	var page listed
	w.good("attrove_webhooks", `{}`, &page)
	assert.Len(w, page.Data, 1)
	var one attrove.Webhook
	w.good("attrove_update_webhook", ref+`,"description":"Mine"}`, &one)
	w.good("attrove_update_webhook", ref+`,"clear":"description","events":["goals.completed","webhooks.test"]}`, &one)
	w.good("attrove_get_webhook", ref+`}`, &one)
	assert.Equal(w, []string{"goals.completed", "webhooks.test"}, one.Events)
	var test attrove.WebhookTest
	w.good("attrove_test_webhook", ref+`}`, &test)
	assert.NotEmpty(w, test.DeliveryID)
	w.good("attrove_webhook_deliveries", ref+`}`, &page)
	assert.NotEmpty(w, page.Data)
	var rotated attrove.RotatedSecret
	w.good("attrove_rotate_webhook_secret", ref+`}`, &rotated)
	assert.NotEqual(w, first, w.kept("secret"))
	var nothing struct{}
	w.good("attrove_delete_webhook", ref+`}`, &nothing)
	_, gone := w.any("attrove_get_webhook", ref+`}`)
	assert.True(w, strings.HasPrefix(text(w.T, gone), "Error NOT_FOUND: "), text(w.T, gone))
}
