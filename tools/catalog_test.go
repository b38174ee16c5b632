package tools_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/tools"
)

// official is the table of contract section 11.2: tools and their arguments.
func official() map[string][]string {
	return map[string][]string{
		"attrove_query":        {"query", "integration_ids", "include_sources"},
		"attrove_search":       {"query", "after_date", "before_date", "sender_domains", "include_body_text"},
		"attrove_integrations": {},
		"attrove_events":       {"start_date", "end_date", "limit"},
		"attrove_meetings":     {"start_date", "end_date", "provider", "limit"},
		"attrove_notes":        {"limit", "offset", "ids", "ref_type", "ref_id"},
		"attrove_push_note":    {"body", "title", "ref_type", "ref_id"},
		"attrove_push_meeting": {"title", "start_time", "end_time", "transcript", "summary", "short_summary", "attendees",
			"action_items", "external_id"},
		"attrove_delete_meeting":            {"id", "external_id"},
		"attrove_delete_note":               {"id", "external_id"},
		"attrove_create_goal":               {"title", "watch_scope", "success_criteria", "deadline"},
		"attrove_list_goals":                {"lifecycle", "health", "limit", "cursor", "next_move_owner", "acknowledged"},
		"attrove_get_goal_status":           {"goal_id"},
		"attrove_evaluate_goal":             {"goal_id"},
		"attrove_add_goal_note":             {"goal_id", "body", "title", "metadata"},
		"attrove_confirm_goal_status":       {"goal_id", "lifecycle", "health", "reason"},
		"attrove_goal_events":               {"since", "since_event_id", "types", "limit", "cursor"},
		"attrove_acknowledge_goal":          {"goal_id", "until", "reason", "channel"},
		"attrove_clear_goal_acknowledgment": {"goal_id", "reason"},
		"attrove_draft_goal_follow_up":      {"goal_id", "directive"},
	}
}

func arguments(t *testing.T, one *tools.Tool) (names, required []string) {
	t.Helper()
	var in struct {
		Properties map[string]json.RawMessage
		Required   []string
	}
	require.NoError(t, json.Unmarshal(one.InputSchema(), &in))
	for name := range in.Properties {
		names = append(names, name)
	}
	return names, in.Required
}

func TestOfficialToolsKeepTheirArguments(t *testing.T) {
	require.Len(t, official(), 20)
	for name, want := range official() {
		got, required := arguments(t, tool(t, name))
		for _, argument := range want {
			assert.Contains(t, got, argument, name)
		}
		for _, argument := range required {
			assert.Contains(t, want, argument, "%s: an argument of ours must not be required", name)
		}
	}
}

func TestNoArgumentLetsAModelPlayAHuman(t *testing.T) {
	for _, one := range tools.Catalog() {
		names, _ := arguments(t, one)
		never := []string{"initiator", "idempotency_key"}
		if !one.Partner() {
			never = append(never, "user_id")
		}
		for _, name := range never {
			assert.NotContains(t, names, name, one.Name())
		}
	}
}

func TestCatalog(t *testing.T) {
	seen := map[string]bool{}
	for _, one := range tools.Catalog() {
		assert.Regexp(t, `^attrove_[a-z_]{2,56}$`, one.Name())
		assert.False(t, seen[one.Name()], "%s is there twice", one.Name())
		seen[one.Name()] = true
		assert.NotEmpty(t, one.Title())
		assert.Equal(t, strings.Join(strings.Fields(one.Description()), " "), one.Description(), "white space is paid for")
		assert.True(t, strings.HasSuffix(one.Description(), "."), "%s: say it in sentences", one.Name())
		assert.LessOrEqual(t, len(one.Description()), 320, "%s: say it shorter", one.Name())
		partner := one.Toolset() == tools.Partner || one.Toolset() == tools.Webhooks
		assert.Equal(t, partner, one.Partner(), one.Name())
		for _, op := range one.Operations() {
			assert.Equal(t, partner, op.Info().Auth != attrove.AuthUser, one.Name())
		}
	}
	assert.Len(t, seen, 64)
}

// TestToolsetsAreTheDesigns: moving a tool between toolsets switches it off for
// somebody.
func TestToolsetsAreTheDesigns(t *testing.T) {
	got := map[tools.Toolset]int{}
	var order []tools.Toolset
	for _, one := range tools.Catalog() {
		if got[one.Toolset()]++; got[one.Toolset()] == 1 {
			order = append(order, one.Toolset())
		}
	}
	assert.Equal(t, map[tools.Toolset]int{tools.Context: 18, tools.Goals: 16, tools.Capture: 4, tools.Ingest: 2,
		tools.Account: 10, tools.Partner: 6, tools.Webhooks: 8}, got)
	assert.Equal(t, tools.Toolsets(), order, "a toolset's tools stand together")
	for name := range official() {
		assert.True(t, tool(t, name).Toolset().Default(), "%s is one of the official tools", name)
	}
}

// TestEveryOperationHasATool: the whole API can be reached.
func TestEveryOperationHasATool(t *testing.T) {
	reached := map[string]bool{}
	for _, one := range tools.Catalog() {
		for _, op := range one.Operations() {
			reached[op.Info().Name] = true
		}
	}
	for _, op := range attrove.All() {
		assert.True(t, reached[op.Info().Name], "no tool reaches %s", op.Info().Name)
	}
	assert.Len(t, reached, len(attrove.All()))
}

// TestToolsNamedInTextsAreThere: a model takes names from descriptions and cuts.
// What is named must be on where the tool is: in its toolset or a default one.
func TestToolsNamedInTextsAreThere(t *testing.T) {
	for _, one := range tools.Catalog() {
		texts := slices.Collect(maps.Values(one.Shows().Whole))
		texts = append(texts, one.Description(), one.Shows().Nothing, string(one.InputSchema()))
		for _, named := range regexp.MustCompile(`attrove_[a-z_]+`).FindAllString(strings.Join(texts, " "), -1) {
			set := tool(t, named).Toolset()
			assert.True(t, set.Default() || set == one.Toolset(), "the texts of %s name %s", one.Name(), named)
		}
	}
}

// TestFixedFieldsAreTheOperations: what a tool always sends must be something
// that its operation knows.
func TestFixedFieldsAreTheOperations(t *testing.T) {
	for _, one := range tools.Catalog() {
		for name := range one.Fixed() {
			assert.True(t, slices.Contains(fieldNames(one.Operations()[0]), name), "%s sends %s", one.Name(), name)
		}
	}
}

func fieldNames(op attrove.Any) []string {
	in, _ := op.Types()
	var names []string
	for _, f := range reflect.VisibleFields(in) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

func TestHints(t *testing.T) {
	read := tools.Hints{ReadOnly: true, Idempotent: true, OpenWorld: true}
	for name, want := range map[string]tools.Hints{
		"attrove_query":                read,
		"attrove_search":               read,
		"attrove_draft_goal_follow_up": read,
		"attrove_push_note":            {OpenWorld: true},
		"attrove_confirm_goal_status":  {OpenWorld: true},
		"attrove_delete_note":          {Destructive: true, OpenWorld: true},
		"attrove_delete_meeting":       {Destructive: true, OpenWorld: true},

		"attrove_discover_threads":       read,
		"attrove_analyze_thread":         read,
		"attrove_connect_page":           read,
		"attrove_webhook_deliveries":     read,
		"attrove_update_goal":            {OpenWorld: true},
		"attrove_reopen_goal":            {OpenWorld: true},
		"attrove_update_webhook":         {OpenWorld: true},
		"attrove_archive_goal":           {Destructive: true, OpenWorld: true},
		"attrove_cancel_goal":            {Destructive: true, OpenWorld: true},
		"attrove_update_conversations":   {Destructive: true, OpenWorld: true},
		"attrove_update_settings":        {Destructive: true, OpenWorld: true},
		"attrove_disconnect_integration": {Destructive: true, OpenWorld: true},
		"attrove_delete_webhook":         {Destructive: true, OpenWorld: true},
		"attrove_rotate_webhook_secret":  {Destructive: true, OpenWorld: true},
	} {
		assert.Equal(t, want, tool(t, name).Hints(), name)
	}
}
