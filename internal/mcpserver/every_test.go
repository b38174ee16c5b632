package mcpserver_test

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/tools"
)

// goodArguments are arguments that each tool takes.
func goodArguments() map[string]string {
	return map[string]string{
		"attrove_query":            `{"query":"What did we promise?","include_sources":true}`,
		"attrove_search":           `{"query":"renewal","after_date":"30d","sender_domains":["acme.example"]}`,
		"attrove_integrations":     `{}`,
		"attrove_events":           `{"start_date":"today","end_date":"in 7 days","limit":5}`,
		"attrove_meetings":         `{"start_date":"last week","provider":"zoom"}`,
		"attrove_notes":            `{"ref_type":"goal","ref_id":"gol_1","offset":10}`,
		"attrove_get_integration":  `{"integration_id":"int_1"}`,
		"attrove_get_event":        `{"id":"evt_1"}`,
		"attrove_get_meeting":      `{"id":"mtg_1","detail":"full"}`,
		"attrove_get_note":         `{"note_id":"note_1"}`,
		"attrove_messages":         `{"ids":["msg_1","msg_2"],"expand":["body_text"]}`,
		"attrove_get_message":      `{"id":"msg_1"}`,
		"attrove_entities":         `{"entity_type":"person","query":"ann"}`,
		"attrove_get_entity":       `{"id":"ent_1"}`,
		"attrove_relationships":    `{"entity_id":"ent_1"}`,
		"attrove_discover_threads": `{"query":"renewal","before_date":"yesterday"}`,
		"attrove_analyze_thread":   `{"conversation_id":"cnv_1","instructions":"What is open?"}`,
		"attrove_thread_messages":  `{"thread_id":"thr_1","include":["headers"]}`,

		"attrove_create_goal":               `{"title":"Renew Acme","watch_scope":{"keywords":["acme"]},"deadline":"friday"}`,
		"attrove_list_goals":                `{"next_move_owner":"us","acknowledged":false}`,
		"attrove_get_goal_status":           `{"goal_id":"gol_1"}`,
		"attrove_evaluate_goal":             `{"goal_id":"gol_1"}`,
		"attrove_add_goal_note":             `{"goal_id":"gol_1","body":"They called.","metadata":{"by":"phone"}}`,
		"attrove_confirm_goal_status":       `{"goal_id":"gol_1","lifecycle":"completed","reason":"Signed."}`,
		"attrove_goal_events":               `{"since":"yesterday","types":["goals.risk_detected"]}`,
		"attrove_acknowledge_goal":          `{"goal_id":"gol_1","until":"next friday","reason":"On holiday."}`,
		"attrove_clear_goal_acknowledgment": `{"goal_id":"gol_1"}`,
		"attrove_draft_goal_follow_up":      `{"goal_id":"gol_1","directive":"Short."}`,
		"attrove_update_goal":               `{"goal_id":"gol_1","title":"Renew Acme for a year","clear":["deadline"]}`,
		"attrove_goal_evidence":             `{"goal_id":"gol_1"}`,
		"attrove_goal_snapshots":            `{"goal_id":"gol_1","limit":3}`,
		"attrove_archive_goal":              `{"goal_id":"gol_1","reason":"No longer of interest."}`,
		"attrove_cancel_goal":               `{"goal_id":"gol_1","reason":"Given up.","expected_lifecycle_version":2}`,
		"attrove_reopen_goal":               `{"goal_id":"gol_1","expected_lifecycle":"archived","expected_lifecycle_version":2,"reason_code":"asked","reason":"Back on."}`,

		"attrove_push_note":      `{"body":"Ann prefers calls."}`,
		"attrove_push_meeting":   `{"title":"Sync","start_time":"2026-11-02T10:00:00Z","summary":"All fine."}`,
		"attrove_delete_note":    `{"id":"note_1"}`,
		"attrove_delete_meeting": `{"id":"mtg_1"}`,
		"attrove_push_message":   `{"source":"sms","body_text":"On my way","recipients":[{"name":"Bo"}]}`,
		"attrove_push_event":     `{"title":"Review","start_time":"2026-11-23T10:00:00Z","end_time":"2026-11-23T11:00:00Z"}`,

		"attrove_profile":                    `{}`,
		"attrove_sync_stats":                 `{}`,
		"attrove_conversations":              `{"sync_enabled":true}`,
		"attrove_update_conversations":       `{"conversations":[{"id":"cnv_1","sync_enabled":false}]}`,
		"attrove_calendars":                  `{}`,
		"attrove_get_calendar":               `{"id":"cal_1"}`,
		"attrove_update_calendar":            `{"id":"cal_1","is_active":false}`,
		"attrove_disconnect_integration":     `{"integration_id":"int_1"}`,
		"attrove_update_meeting":             `{"id":"mtg_1","title":"Weekly sync"}`,
		"attrove_regenerate_meeting_summary": `{"id":"mtg_1"}`,

		"attrove_create_user":            `{"email":"new@acme.example","timezone":"Europe/Berlin"}`,
		"attrove_create_connect_session": `{"user_id":"u_1","provider":"gmail"}`,
		"attrove_connect_page":           `{"session":"11111111-2222-3333-4444-555555555555"}`,
		"attrove_create_connect_token":   `{"user_id":"u_1"}`,
		"attrove_settings":               `{}`,
		"attrove_update_settings":        `{"history_days":90,"clear":["excluded_domains"]}`,
		"attrove_create_webhook":         `{"url":"https://hooks.acme.example/in","events":["goals.completed"]}`,
		"attrove_webhooks":               `{}`,
		"attrove_get_webhook":            `{"id":"whe_1"}`,
		"attrove_update_webhook":         `{"id":"whe_1","enabled":false}`,
		"attrove_test_webhook":           `{"id":"whe_1"}`,
		"attrove_rotate_webhook_secret":  `{"id":"whe_1","force":true}`,
		"attrove_delete_webhook":         `{"id":"whe_1"}`,
		"attrove_webhook_deliveries":     `{"id":"whe_1","status":"failed"}`,
	}
}

// unasked lets all calls through that a human should decide about.
func unasked() gate.Option { return gate.WithConfirmation(gate.Confirmation{Policy: gate.Allow}) }

// serveWith is a server of all tools in this environment, which shows secrets.
func serveWith(t *testing.T, env tools.Env, caller gate.CallerSource) *server.MCPServer {
	t.Helper()
	env.Reveal = true
	env.Now = func() time.Time { return time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC) }
	env.Zone = time.UTC
	s, err := mcpserver.New(mcpserver.Options{Gate: gate.New(gate.Everything(tools.Catalog()), env, caller, unasked()), Log: watched(t, io.Discard).Logger})
	require.NoError(t, err)
	return s
}

// calling calls a tool and holds the result to the tool's output schema.
func calling(t *testing.T, c *client.Client, name, args string) *mcp.CallToolResult {
	t.Helper()
	result := call(t, c, name, args)
	structured, err := json.Marshal(result.StructuredContent)
	require.NoError(t, err)
	holdsToSchema(t, name, structured)
	return result
}

func TestEveryToolWithGoodArguments(t *testing.T) {
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			up := attrovetest.Says(200, `{"id":"thing_1","secret":"s"}`)
			c, _ := connect(t, serveWith(t, tools.Env{Client: up.Client(t)}, me), option)
			for _, one := range tools.Catalog() {
				before := len(up.Requests())
				args, ok := goodArguments()[one.Name()]
				require.True(t, ok, "%s has no good arguments", one.Name())
				result := calling(t, c, one.Name(), args)
				assert.False(t, result.IsError, "%s: %s", one.Name(), text(t, result))
				want := 1
				if one.Name() == "attrove_connect_page" { // a page is not called
					want = 0
				}
				assert.Equal(t, want, len(up.Requests())-before, one.Name())
			}
		})
	}
}

// wrong is a value of another kind than a property takes, which cannot be
// mistaken for one.
func wrong(property map[string]any) string {
	if property["type"] == "object" {
		return `"no object"`
	}
	return `{"no":"such thing"}`
}

// TestEveryToolWithBadArguments gives every argument of every tool a value of
// the wrong kind, and every tool an argument that there is not.
func TestEveryToolWithBadArguments(t *testing.T) {
	up := &attrovetest.Upstream{}
	s := serveWith(t, tools.Env{Client: up.Client(t)}, me)
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			c, _ := connect(t, s, option)
			for _, one := range tools.Catalog() {
				refused(t, calling(t, c, one.Name(), `{"nonsense":1}`), one.Name(), "nonsense")
				var in struct{ Properties map[string]map[string]any }
				require.NoError(t, json.Unmarshal(one.InputSchema(), &in))
				for name, property := range in.Properties {
					if _, free := property["properties"]; property["type"] == "object" && !free {
						continue
					}
					var args map[string]json.RawMessage
					require.NoError(t, json.Unmarshal([]byte(goodArguments()[one.Name()]), &args))
					args[name] = json.RawMessage(wrong(property))
					raw, err := json.Marshal(args)
					require.NoError(t, err)
					refused(t, calling(t, c, one.Name(), string(raw)), one.Name(), name)
				}
			}
		})
	}
	assert.Empty(t, up.Requests(), "nothing of it may be sent")
}

// refused holds a result to being a sentence about one argument.
func refused(t *testing.T, result *mcp.CallToolResult, tool, argument string) {
	t.Helper()
	said := text(t, result)
	assert.True(t, result.IsError, tool)
	assert.True(t, strings.HasPrefix(said, "Error INVALID_ARGUMENT: "), "%s: %s", tool, said)
	assert.Contains(t, said, argument, tool)
	assert.Contains(t, said, "\nNext: Correct the argument", tool)
	assert.NotContains(t, said, "&{", "%s shows a Go struct", tool)
	assert.NotContains(t, said, "map[", "%s shows a Go map", tool)
}

// TestEveryToolWithoutRights calls the engine with a key and a secret that are
// not its own.
func TestEveryToolWithoutRights(t *testing.T) {
	engine := local.New(local.Options{Now: time.Now, Log: watched(t, io.Discard).Logger, ClientID: "partner", ClientSecret: "right"})
	t.Cleanup(func() { assert.NoError(t, engine.Close()) })
	api, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "http://localhost", Transport: engine.Transport(), Ours: true,
		ClientID: "partner", ClientSecret: "wrong"})
	require.NoError(t, err)
	stranger := func(ctx context.Context) (attrove.Caller, error) {
		who, err := engine.LocalCaller(ctx)
		who.Key = "sk_wrong"
		return who, err
	}
	c, _ := connect(t, serveWith(t, tools.Env{Client: api}, stranger), legacy())
	for _, one := range tools.Catalog() {
		if one.Name() == "attrove_connect_page" { // says an address and calls nothing
			continue
		}
		result := calling(t, c, one.Name(), goodArguments()[one.Name()])
		assert.True(t, strings.HasPrefix(text(t, result), "Error AUTHENTICATION_ERROR: "), "%s: %s", one.Name(), text(t, result))
		want := "ATTROVE_SECRET_KEY"
		if one.Partner() {
			want = "ATTROVE_CLIENT_SECRET"
		}
		assert.Contains(t, text(t, result), want, one.Name())
		assert.NotContains(t, text(t, result), "sk_wrong")
	}
}

// TestReadOnlyIsKeptTo: list and call follow from the same annotations.
func TestReadOnlyIsKeptTo(t *testing.T) {
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			up := &attrovetest.Upstream{}
			c, _ := connect(t, serveSome(t, up, io.Discard, gate.Selection{Toolsets: []string{gate.AllToolsets}, ReadOnly: true}), option)
			list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
			require.NoError(t, err)
			listed := map[string]bool{}
			for _, one := range list.Tools {
				listed[one.Name] = true
				assert.True(t, *one.Annotations.ReadOnlyHint, one.Name)
			}
			for _, one := range tools.Catalog() {
				if !listed[one.Name()] {
					said := text(t, calling(t, c, one.Name(), goodArguments()[one.Name()]))
					assert.True(t, strings.HasPrefix(said, "Error TOOL_DISABLED: "+one.Name()), said)
				}
			}
			assert.Greater(t, len(listed), 25)
			assert.Empty(t, up.Requests())
		})
	}
}
