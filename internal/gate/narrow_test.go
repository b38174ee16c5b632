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

func names() gate.Names {
	return gate.Names{Toolsets: "Set-Header", Tools: "Tool-Header", Exclude: "Exclude-Header", ReadOnly: "Read-Header"}
}

func TestNarrow(t *testing.T) {
	// The operator's own: two toolsets, less one tool.
	g := choose(t, gate.Selection{Toolsets: []string{"goals", "context"}, Exclude: []string{"attrove_archive_goal"}})
	offered := func(one *tools.Tool) bool {
		return (one.Toolset() == "goals" || one.Toolset() == "context") && one.Name() != "attrove_archive_goal"
	}
	for _, c := range []struct {
		name string
		give gate.Selection
		want func(*tools.Tool) bool
	}{
		{"nothing said", gate.Selection{}, func(*tools.Tool) bool { return true }},
		{"all that there is", gate.Selection{Toolsets: []string{"all"}}, func(*tools.Tool) bool { return true }},
		{"of the default what there is", gate.Selection{Toolsets: []string{"default"}}, func(*tools.Tool) bool { return true }},
		{"a toolset", gate.Selection{Toolsets: []string{"goals"}}, func(one *tools.Tool) bool { return one.Toolset() == "goals" }},
		{"a tool", gate.Selection{Tools: []string{"attrove_query"}}, func(one *tools.Tool) bool { return one.Name() == "attrove_query" }},
		{"a toolset and a tool", gate.Selection{Toolsets: []string{"goals"}, Tools: []string{"attrove_query"}},
			func(one *tools.Tool) bool { return one.Toolset() == "goals" || one.Name() == "attrove_query" }},
		{"without one", gate.Selection{Exclude: []string{"attrove_query", "attrove_archive_goal"}}, func(one *tools.Tool) bool { return one.Name() != "attrove_query" }},
		{"reading only", gate.Selection{ReadOnly: true}, func(one *tools.Tool) bool { return one.Hints().ReadOnly }},
	} {
		t.Run(c.name, func(t *testing.T) {
			left, err := g.Narrow(c.give, names())
			require.NoError(t, err)
			gated := gate.New(g, tools.Env{}, nil)
			ctx := gate.Narrowed(t.Context(), left)
			for _, one := range gated.All() {
				assert.Equal(t, offered(one) && c.want(one), gated.On(ctx, one.Name()), one.Name())
				assert.Equal(t, offered(one), gated.On(t.Context(), one.Name()), "%s for others", one.Name())
			}
		})
	}
}

func TestNothingIsWidened(t *testing.T) {
	g := choose(t, gate.Selection{Toolsets: []string{"context"}, Exclude: []string{"attrove_search"}, ReadOnly: true})
	for _, c := range []struct {
		give gate.Selection
		says string
	}{
		{gate.Selection{Toolsets: []string{"context", "goals"}}, `Set-Header: this server does not offer the toolset "goals"`},
		{gate.Selection{Toolsets: []string{"partner"}}, `Set-Header: this server does not offer the toolset "partner"`},
		{gate.Selection{Tools: []string{"attrove_search"}}, `Tool-Header: this server does not offer the tool "attrove_search"`},
		{gate.Selection{Tools: []string{"attrove_push_note"}}, `Tool-Header: this server does not offer the tool "attrove_push_note"`},
		{gate.Selection{Toolsets: []string{"contxt"}}, `Set-Header: there is no toolset "contxt"; did you mean context?`},
		{gate.Selection{Exclude: []string{"attrove_serch"}}, `Exclude-Header: there is no tool "attrove_serch"; did you mean attrove_search?`},
		{gate.Selection{Tools: []string{"attrove_query"}, Exclude: []string{"attrove_query"}}, "no tool is left: choose others with Set-Header or Tool-Header"},
	} {
		_, err := g.Narrow(c.give, names())
		assert.ErrorContains(t, err, c.says)
	}
}

// TestANarrowInventoryOfAnother: even one that was made of more does not widen.
func TestANarrowInventoryOfAnother(t *testing.T) {
	g := gate.New(choose(t, gate.Selection{Toolsets: []string{"context"}}), tools.Env{}, nil)
	more, err := gate.Everything(tools.Catalog()).Narrow(gate.Selection{Toolsets: []string{"context", "goals"}}, names())
	require.NoError(t, err)
	ctx := gate.Narrowed(t.Context(), more)
	assert.True(t, g.On(ctx, "attrove_query"))
	assert.False(t, g.On(ctx, "attrove_list_goals"))
}

func TestWhatIsLeftOutSaysWhy(t *testing.T) {
	up := &attrovetest.Upstream{}
	caller := func(context.Context) (attrove.Caller, error) { return attrove.Caller{UserID: "u", Key: "sk_u"}, nil }
	inventory := choose(t, gate.Selection{})
	g := gate.New(inventory, tools.Env{Client: up.Client(t)}, caller)
	for header, give := range map[string]gate.Selection{
		"Set-Header":     {Toolsets: []string{"context"}},
		"Tool-Header":    {Tools: []string{"attrove_query"}},
		"Exclude-Header": {Exclude: []string{"attrove_push_note"}},
		"Read-Header":    {ReadOnly: true},
	} {
		left, err := inventory.Narrow(give, names())
		require.NoError(t, err)
		ctx := gate.Narrowed(t.Context(), left)
		got, _ := g.Call(ctx, gate.Request{Tool: "attrove_push_note", Arguments: json.RawMessage(`{"title":"t","body":"b"}`)})
		assert.Equal(t, gate.CodeDisabled, got.Code, header)
		assert.Contains(t, string(got.Structured), "left out by "+header)
		assert.True(t, g.Narrows(ctx))
	}
	assert.Empty(t, up.Requests())
	assert.False(t, g.Narrows(t.Context()))
}

// TestReadOnlyRequests: what may only read calls no tool that changes something,
// also not as the answer to a question.
func TestReadOnlyRequests(t *testing.T) {
	up := &attrovetest.Upstream{}
	caller := func(context.Context) (attrove.Caller, error) { return attrove.Caller{UserID: "u", Key: "sk_u"}, nil }
	g := gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t), Reveal: true}, caller)
	for _, one := range g.All() {
		tried, sent := 0, len(up.Requests())
		ctx := gate.ReadOnly(t.Context(), func() { tried++ })
		got, question := g.Call(ctx, gate.Request{Tool: one.Name(), Arguments: json.RawMessage(`{}`), Human: gate.Human{Decides: true}, Answer: &gate.Answer{State: "x"}})
		assert.Nil(t, question)
		assert.Equal(t, one.Hints().ReadOnly, tried == 0, one.Name())
		assert.Equal(t, one.Hints().ReadOnly, got.Code != gate.CodeReadOnly, one.Name())
		if !one.Hints().ReadOnly {
			assert.Len(t, up.Requests(), sent, one.Name())
		}
	}
}
