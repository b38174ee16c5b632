package mcpserver_test

import (
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/openapi/openapitest"
	"github.com/attrove/attrove-mcp/internal/safe"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/tools"
)

// workspace is a client of a server with the sample workspace, as on a Friday.
type workspace struct {
	*testing.T
	client  *client.Client
	api     *attrove.Client
	secrets string // the file
	called  map[string]bool
}

func openWorkspace(t *testing.T) workspace {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC) }
	logs := watched(t, io.Discard)
	engine := local.New(local.Options{Now: now, Me: sample.Me(), Name: sample.User().Name, Timezone: sample.User().Timezone,
		Log: logs.Logger, Sample: sample.Load, ClientID: "partner", ClientSecret: "partner-secret",
		PublicURL: "http://localhost:1", WebhookTargets: webhooks.Any})
	t.Cleanup(func() { assert.NoError(t, engine.Close()) })
	c, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "http://localhost", Transport: logs.Between(t, openapitest.Transport(t, engine.Transport())), Ours: true,
		ClientID: "partner", ClientSecret: "partner-secret"})
	require.NoError(t, err)
	secrets := filepath.Join(t.TempDir(), "secrets.jsonl")
	env := tools.Env{Client: c, Now: now, Safe: safe.New(secrets)}
	s, err := mcpserver.New(mcpserver.Options{Gate: gate.New(gate.Everything(tools.Catalog()), env, engine.LocalCaller, unasked()), Log: logs.Logger})
	require.NoError(t, err)
	session, _ := connect(t, s, client.WithProtocolVersion(mcp.ProtocolVersion20260728))
	return workspace{T: t, client: session, api: c, secrets: secrets, called: map[string]bool{}}
}

// any calls a tool, and holds the result to what holds for all.
func (w workspace) any(name, args string) (json.RawMessage, *mcp.CallToolResult) {
	w.Helper()
	w.called[name] = true
	result := call(w.T, w.client, name, args)
	structured := result.RawStructuredContent
	holdsToSchema(w.T, name, structured)
	assert.LessOrEqual(w, len(structured), view.Brief, name)
	return structured, result
}

// good calls a tool that must succeed and decodes its result into out.
func (w workspace) good(name, args string, out any) {
	w.Helper()
	structured, result := w.any(name, args)
	require.False(w, result.IsError, "%s: %s", name, structured)
	assert.Contains(w, string(structured), `"coverage":{"backend":"local"`, name)
	require.NoError(w, json.Unmarshal(structured, out), name)
}

type listed struct {
	Data []struct {
		ID       string `json:"id"`
		ThreadID string `json:"thread_id"`
	} `json:"data"`
	Returned   int    `json:"returned"`
	HasMore    bool   `json:"has_more"`
	NextCursor string `json:"next_cursor"`
}

// TestEveryToolAgainstTheEngine calls each tool through a real client.
func TestEveryToolAgainstTheEngine(t *testing.T) {
	w := openWorkspace(t)
	w.ask()
	w.listAndGet()
	w.pushAndArchive()
	w.goals()
	w.lifecycle()
	w.threads()
	w.partner()
	w.webhooks()
	w.account()
	for _, one := range tools.Catalog() {
		assert.True(t, w.called[one.Name()], "%s was never called", one.Name())
	}
}

func (w workspace) ask() {
	var answer attrove.QueryOut
	w.good("attrove_query", `{"query":"What needs my attention this week?","include_sources":true}`, &answer)
	assert.NotEmpty(w, answer.Answer)
	require.NotEmpty(w, answer.UsedMessageIDs)
	assert.Contains(w, string(answer.Answer), answer.UsedMessageIDs[0])

	var found attrove.SearchOut
	w.good("attrove_search", `{"query":"renewal","after_date":"30d","include_body_text":true}`, &found)
	require.NotEmpty(w, found.KeyMessages)
	var best attrove.Message
	w.good("attrove_get_message", `{"id":"`+found.KeyMessages[0].MessageID+`"}`, &best)
	assert.NotEmpty(w, best.BodyText)
	var thread listed
	w.good("attrove_thread_messages", `{"thread_id":"`+best.ThreadID+`"}`, &thread)
	assert.NotZero(w, thread.Returned)

	var none struct{ Hint string }
	w.good("attrove_search", `{"query":"xyzzy qwfpgj"}`, &none)
	assert.Contains(w, none.Hint, "The data covers ")
}

func (w workspace) listAndGet() {
	for _, c := range []struct{ list, args, get, id string }{
		{"attrove_integrations", `{}`, "attrove_get_integration", "integration_id"},
		{"attrove_events", `{"start_date":"2026-11-16","end_date":"2026-11-20"}`, "attrove_get_event", "id"},
		{"attrove_meetings", `{"start_date":"60d"}`, "attrove_get_meeting", "id"},
		{"attrove_notes", `{}`, "attrove_get_note", "note_id"},
		{"attrove_messages", `{"start_date":"since monday","expand":["body_text"]}`, "attrove_get_message", "id"},
		{"attrove_entities", `{"limit":3}`, "attrove_get_entity", "id"},
	} {
		var page listed
		w.good(c.list, c.args, &page)
		require.NotEmpty(w, page.Data, c.list)
		assert.Len(w, page.Data, page.Returned)
		var one struct{ ID string }
		w.good(c.get, `{"`+c.id+`":"`+page.Data[0].ID+`"}`, &one)
		assert.Equal(w, page.Data[0].ID, one.ID, c.get)
		_, missing := w.any(c.get, `{"`+c.id+`":"none_such"}`)
		assert.True(w, strings.HasPrefix(text(w.T, missing), "Error NOT_FOUND: "), text(w.T, missing))
	}
	w.pages()
	var user attrove.User
	w.good("attrove_profile", "", &user)
	assert.Equal(w, sample.User().Timezone, user.Timezone)
	var stats attrove.SyncStats
	w.good("attrove_sync_stats", "", &stats)
	assert.NotZero(w, stats.Totals.Messages)
}

// pages follows the cursor of a list to its end.
func (w workspace) pages() {
	seen := map[string]bool{}
	cursor := ""
	for range 20 {
		var page listed
		w.good("attrove_entities", `{"limit":20,"cursor":`+mustJSON(w.T, cursor)+`}`, &page)
		for _, row := range page.Data {
			assert.False(w, seen[row.ID], "%s came twice", row.ID)
			seen[row.ID] = true
		}
		assert.Equal(w, page.HasMore, page.NextCursor != "")
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	assert.Empty(w, cursor, "the list never ends")
	assert.Greater(w, len(seen), 20)
}

func mustJSON(t *testing.T, v string) string {
	t.Helper()
	if v == "" {
		return "null"
	}
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}

func (w workspace) pushAndArchive() {
	for _, c := range []struct{ push, args, archive, by string }{
		{"attrove_push_note", `{"body":"Ann prefers calls.","title":"Ann","external_id":"n-1"}`, "attrove_delete_note", "id"},
		{"attrove_push_note", `{"body":"Bo is away.","external_id":"n-2"}`, "attrove_delete_note", "external_id"},
		{"attrove_push_meeting", `{"title":"Sync","start_time":"2026-11-19T10:00:00Z","summary":"All fine.","external_id":"m-1"}`, "attrove_delete_meeting", "external_id"},
		{"attrove_push_message", `{"source":"sms","body_text":"On my way"}`, "", ""},
		{"attrove_push_event", `{"title":"Review","start_time":"2026-11-23T10:00:00Z","end_time":"2026-11-23T11:00:00Z"}`, "", ""},
	} {
		var receipt attrove.PushReceipt
		w.good(c.push, c.args, &receipt)
		require.NotEmpty(w, receipt.ID)
		var given struct {
			ExternalID string `json:"external_id"`
		}
		require.NoError(w, json.Unmarshal([]byte(c.args), &given))
		var gone attrove.Archived
		switch c.by {
		case "id":
			w.good(c.archive, `{"id":"`+receipt.ID+`"}`, &gone)
		case "external_id":
			w.good(c.archive, `{"external_id":"`+given.ExternalID+`"}`, &gone)
		default:
			continue
		}
		assert.Equal(w, receipt.ID, gone.ID)
		assert.True(w, gone.Archived)
	}
}

// goals follows one goal through the tools.
func (w workspace) goals() {
	var goal attrove.Goal
	w.good("attrove_create_goal", `{"title":"Renew Fenwright","watch_scope":{"keywords":["Fenwright"]},"deadline":"2026-12-01"}`, &goal)
	ref := `{"goal_id":"` + goal.ID + `"`
	var page listed
	w.good("attrove_list_goals", `{"lifecycle":"active"}`, &page)
	assert.NotEmpty(w, page.Data)
	var run attrove.GoalRun
	w.good("attrove_evaluate_goal", ref+`}`, &run)
	w.good("attrove_get_goal_status", ref+`}`, &goal)
	require.NotNil(w, goal.LastRun)
	assert.Equal(w, run.RunID, goal.LastRun.RunID)
	require.NotNil(w, goal.LastSnapshot)
	var receipt attrove.PushReceipt
	w.good("attrove_add_goal_note", ref+`,"body":"They called: all is well."}`, &receipt)
	w.good("attrove_confirm_goal_status", ref+`,"health":"blocked","reason":"The user said so."}`, &goal)
	assert.Equal(w, attrove.HealthBlocked, goal.Health)
	w.good("attrove_acknowledge_goal", ref+`,"until":"2026-12-01"}`, &goal)
	assert.NotNil(w, goal.Acknowledgment)
	var cleared attrove.Goal
	w.good("attrove_clear_goal_acknowledgment", ref+`}`, &cleared)
	assert.Nil(w, cleared.Acknowledgment)
	var draft attrove.FollowUp
	w.good("attrove_draft_goal_follow_up", ref+`}`, &draft)
	assert.NotEmpty(w, draft.BodyText)
	var events attrove.GoalEventsPage
	w.good("attrove_goal_events", `{"types":["goals.status_confirmed"]}`, &events)
	assert.Len(w, events.Data, 1)
}
