package gate_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/tools"
)

func TestCall(t *testing.T) {
	someone := func(context.Context) (attrove.Caller, error) { return attrove.Caller{UserID: "u", Key: "sk_u"}, nil }
	nobody := func(context.Context) (attrove.Caller, error) {
		return attrove.Caller{}, &attrove.Error{Code: attrove.CodeMissingKey, Message: "no key"}
	}
	for _, c := range []struct {
		name, tool string
		caller     gate.CallerSource
		code, says string
		sent       int
	}{
		{"a tool that is on", "attrove_profile", someone, "", `"id":"u"`, 1},
		{"one that is off", "attrove_push_event", someone, gate.CodeDisabled, "switched off", 0},
		{"one that is not", "attrove_brief", someone, gate.CodeUnknownTool, `there is no tool \"attrove_brief\"`, 0},
		{"off comes before who is calling", "attrove_push_event", nobody, gate.CodeDisabled, "switched off", 0},
		{"nobody", "attrove_profile", nobody, attrove.CodeMissingKey, "Set the key.", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			up := attrovetest.Says(200, `{"data":{"id":"u"}}`)
			g := gate.New(choose(t, gate.Selection{Toolsets: []string{"default", "account"}}), tools.Env{Client: up.Client(t), Setup: "Set the key."}, c.caller)
			got, _ := call(t, g, gate.Request{Tool: c.tool, Arguments: json.RawMessage(`{}`)})
			assert.Equal(t, c.code, got.Code)
			assert.Contains(t, string(got.Structured), c.says)
			assert.Len(t, up.Requests(), c.sent)
		})
	}
}

func choose(t *testing.T, s gate.Selection) gate.Inventory {
	t.Helper()
	inventory, err := gate.Select(tools.Catalog(), s)
	require.NoError(t, err)
	return inventory
}

// on lists the tools that a selection leaves on.
func on(t *testing.T, s gate.Selection) []*tools.Tool {
	t.Helper()
	g := gate.New(choose(t, s), tools.Env{}, nil)
	require.Len(t, g.All(), len(tools.Catalog()), "what is off is still known")
	var all []*tools.Tool
	for _, one := range g.All() {
		if g.On(t.Context(), one.Name()) {
			all = append(all, one)
		}
	}
	return all
}

func TestSelect(t *testing.T) {
	list := func(names ...string) []string { return names }
	for _, c := range []struct {
		name string
		give gate.Selection
		want func(*tools.Tool) bool
	}{
		{"nothing said", gate.Selection{}, func(one *tools.Tool) bool { return one.Toolset().Default() }},
		{"settings that a host left empty", gate.Selection{Toolsets: list(""), Tools: list(" ")}, func(one *tools.Tool) bool { return one.Toolset().Default() }},
		{"all", gate.Selection{Toolsets: list("all")}, func(*tools.Tool) bool { return true }},
		{"default and more", gate.Selection{Toolsets: list("default", "webhooks")},
			func(one *tools.Tool) bool { return one.Toolset().Default() || one.Toolset() == tools.Webhooks }},
		{"one toolset", gate.Selection{Toolsets: list("goals")}, func(one *tools.Tool) bool { return one.Toolset() == tools.Goals }},
		{"single tools", gate.Selection{Tools: list("attrove_query", "attrove_profile")},
			func(one *tools.Tool) bool { return one.Name() == "attrove_query" || one.Name() == "attrove_profile" }},
		{"single tools besides", gate.Selection{Toolsets: list("capture"), Tools: list("attrove_query")},
			func(one *tools.Tool) bool { return one.Toolset() == tools.Capture || one.Name() == "attrove_query" }},
		{"without one", gate.Selection{Toolsets: list("capture"), Exclude: list("attrove_delete_note")},
			func(one *tools.Tool) bool {
				return one.Toolset() == tools.Capture && one.Name() != "attrove_delete_note"
			}},
		{"read-only", gate.Selection{Toolsets: list("all"), ReadOnly: true}, func(one *tools.Tool) bool { return one.Hints().ReadOnly }},
		{"remote", gate.Selection{Toolsets: list("all"), Remote: true},
			func(one *tools.Tool) bool { return one.Toolset() != tools.Partner && one.Toolset() != tools.Webhooks }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			for _, one := range tools.Catalog() {
				if c.want(one) {
					want = append(want, one.Name())
				}
			}
			var got []string
			for _, one := range on(t, c.give) {
				got = append(got, one.Name())
			}
			require.NotEmpty(t, want)
			assert.Equal(t, want, got)
		})
	}
}

func TestSelectRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		give gate.Selection
		want string
	}{
		{"a misspelt toolset", gate.Selection{Toolsets: []string{"context", "gaols"}}, `--toolsets: there is no toolset "gaols"; did you mean goals?`},
		{"no toolset at all", gate.Selection{Toolsets: []string{"x"}}, `--toolsets: there is no toolset "x"; there are default, all, context, goals, capture, ingest, account, partner, webhooks`},
		{"a tool without its prefix", gate.Selection{Tools: []string{"query"}}, `--tools: there is no tool "query"; did you mean attrove_query?`},
		{"no tool at all", gate.Selection{Exclude: []string{"zzzzzzzz"}}, "--exclude-tools: there is no tool \"zzzzzzzz\"; list them with `attrove-mcp call --list`"},
		{"a toolset that needs a partner", gate.Selection{Toolsets: []string{"webhooks"}, Remote: true}, "never taken over HTTP; use stdio or call"},
		{"a tool that needs one", gate.Selection{Tools: []string{"attrove_create_user"}, Remote: true}, "attrove_create_user (toolset partner) needs a partner's credentials"},
		{"nothing left", gate.Selection{Tools: []string{"attrove_push_note"}, ReadOnly: true}, "no tool is left"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := gate.Select(tools.Catalog(), c.give)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestWhyAToolIsOff: a model passes on how to turn it on.
func TestWhyAToolIsOff(t *testing.T) {
	for _, c := range []struct {
		give            gate.Selection
		tool, why, next string
	}{
		{gate.Selection{}, "attrove_webhooks", "attrove_webhooks is switched off on this server", "--toolsets default,webhooks (ATTROVE_MCP_TOOLSETS)"},
		{gate.Selection{Toolsets: []string{"goals"}}, "attrove_profile", "switched off", "--toolsets goals,account (ATTROVE_MCP_TOOLSETS)"},
		{gate.Selection{Tools: []string{"attrove_query"}}, "attrove_search", "switched off", "--tools attrove_query,attrove_search (ATTROVE_MCP_TOOLS)"},
		{gate.Selection{Exclude: []string{"attrove_query"}}, "attrove_query", "excluded", "--exclude-tools (ATTROVE_MCP_EXCLUDE_TOOLS)"},
		{gate.Selection{ReadOnly: true}, "attrove_push_note", "read-only", "without --read-only (ATTROVE_MCP_READ_ONLY)"},
		{gate.Selection{Toolsets: []string{"all"}, Remote: true}, "attrove_create_user", "never taken over HTTP", "`attrove-mcp stdio` or `attrove-mcp call`"},
		{gate.Selection{Toolsets: []string{"all"}, Remote: true, ReadOnly: true}, "attrove_create_user", "never taken over HTTP", "call"},
	} {
		got, _ := call(t, gate.New(choose(t, c.give), tools.Env{}, nil), gate.Request{Tool: c.tool})
		assert.Equal(t, gate.CodeDisabled, got.Code)
		assert.Contains(t, got.Text("n"), c.why)
		assert.Contains(t, got.Text("n"), c.next)
	}
}

// TestEveryToolTurnedAway: what is not listed cannot be called, whichever tool
// and whyever.
func TestEveryToolTurnedAway(t *testing.T) {
	for name, give := range map[string]gate.Selection{
		"off": {}, "read-only": {Toolsets: []string{gate.AllToolsets}, ReadOnly: true}, "remote": {Toolsets: []string{gate.AllToolsets}, Remote: true},
	} {
		t.Run(name, func(t *testing.T) {
			up := &attrovetest.Upstream{}
			caller := func(context.Context) (attrove.Caller, error) { return attrove.Caller{UserID: "u", Key: "sk_u"}, nil }
			g := gate.New(choose(t, give), tools.Env{Client: up.Client(t), Reveal: true}, caller)
			turned := 0
			for _, one := range g.All() {
				if !g.On(t.Context(), one.Name()) {
					got, question := call(t, g, gate.Request{Tool: one.Name(), Arguments: json.RawMessage(`{}`), Human: gate.Human{Decides: true}})
					assert.Equal(t, gate.CodeDisabled, got.Code, one.Name())
					assert.Nil(t, question, "nobody is asked in vain")
					turned++
				}
			}
			assert.Positive(t, turned)
			assert.Empty(t, up.Requests())
		})
	}
}
