package transport_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/transport"
	"github.com/attrove/attrove-mcp/prompts"
	"github.com/attrove/attrove-mcp/resources"
	"github.com/attrove/attrove-mcp/tools"
)

// offering serves what an operator selected.
func offering(t *testing.T, up *attrovetest.Upstream, s gate.Selection) (base string) {
	t.Helper()
	c := up.Client(t)
	inventory, err := gate.Select(tools.Catalog(), s)
	require.NoError(t, err)
	server, direct, err := mcpserver.NewHTTP(mcpserver.Options{Gate: gate.New(inventory, tools.Env{Client: c}, transport.RequestCaller),
		Resources: resources.Env{Client: c}, Prompts: prompts.Env{Client: c}, Version: "v0"})
	require.NoError(t, err)
	base, _ = listen(t, server, transport.HTTPOptions{Inventory: inventory, Direct: direct})
	return base
}

// TestHeadersNarrow: what is listed, called, read and told follows the headers,
// for that client alone.
func TestHeadersNarrow(t *testing.T) {
	up := &attrovetest.Upstream{Answer: echo}
	base := offering(t, up, gate.Selection{Toolsets: []string{"context", "goals", "capture"}})
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			wide := dial(t, base, option, headers("ann", "sk_ann"))
			narrow := dial(t, base, option, with(headers("ann", "sk_ann"), transport.ToolsetsHeader, "goals"))
			all, err := wide.ListTools(t.Context(), mcp.ListToolsRequest{})
			require.NoError(t, err)
			list, err := narrow.ListTools(t.Context(), mcp.ListToolsRequest{})
			require.NoError(t, err)
			assert.Less(t, len(list.Tools), len(all.Tools))
			assert.True(t, slices.ContainsFunc(list.Tools, func(one mcp.Tool) bool { return one.Name == "attrove_list_goals" }))
			assert.False(t, slices.ContainsFunc(list.Tools, func(one mcp.Tool) bool { return one.Name == "attrove_query" }))

			got, err := ask(t.Context(), narrow, "hello")
			require.NoError(t, err)
			assert.Contains(t, got, gate.CodeDisabled)
			assert.Contains(t, got, transport.ToolsetsHeader)
			got, err = ask(t.Context(), wide, "hello")
			require.NoError(t, err)
			assert.Contains(t, got, `"answer":"hello"`)

			pages, err := narrow.ListPrompts(t.Context(), mcp.ListPromptsRequest{})
			require.NoError(t, err)
			whole, err := wide.ListPrompts(t.Context(), mcp.ListPromptsRequest{})
			require.NoError(t, err)
			assert.Less(t, len(pages.Prompts), len(whole.Prompts))
			assert.NotEmpty(t, pages.Prompts)
			_, err = narrow.GetPrompt(t.Context(), mcp.GetPromptRequest{Params: mcp.GetPromptParams{Name: "who_is", Arguments: map[string]string{"person": "Ann"}}})
			require.Error(t, err)

			templates, err := narrow.ListResourceTemplates(t.Context(), mcp.ListResourceTemplatesRequest{})
			require.NoError(t, err)
			for _, one := range templates.ResourceTemplates {
				assert.Contains(t, one.URITemplate.Raw(), "attrove://goals/")
			}
			_, err = narrow.ReadResource(t.Context(), mcp.ReadResourceRequest{Params: mcp.ReadResourceParams{URI: "attrove://notes"}})
			require.Error(t, err)
		})
	}
}

func TestInstructionsNarrow(t *testing.T) {
	base := offering(t, &attrovetest.Upstream{}, gate.Selection{})
	mine := headers("ann", "sk_ann")
	hello := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`
	body, modern := modernly("server/discover", `"x":1`)
	for _, c := range []struct {
		name, body string
		headers    map[string]string
	}{{"legacy", hello, mine}, {"modern", body, modern}} {
		t.Run(c.name, func(t *testing.T) {
			whole := send(t, "POST", base+transport.Path, c.body, c.headers)
			require.Contains(t, whole.body, "attrove_push_note")
			narrow := send(t, "POST", base+transport.Path, c.body, with(c.headers, transport.ReadOnlyHeader, "true"))
			assert.Contains(t, narrow.body, "attrove_query")
			assert.NotContains(t, narrow.body, "attrove_push_note")
		})
	}
}

func TestHeadersThatDoNotNarrow(t *testing.T) {
	up := &attrovetest.Upstream{}
	base := offering(t, up, gate.Selection{Toolsets: []string{"context"}, Exclude: []string{"attrove_search"}, ReadOnly: true})
	for _, c := range []struct {
		name, header, value string
		status              int
		says                string
	}{
		{"all that there is", transport.ToolsetsHeader, "all", 200, ""},
		{"names with spaces and gaps", transport.ToolsHeader, " attrove_query , ,attrove_events", 200, ""},
		{"without what is off anyway", transport.ExcludeHeader, "attrove_search", 200, ""},
		{"as read-only as before", transport.ReadOnlyHeader, "True", 200, ""},
		{"empty", transport.ToolsetsHeader, " ", 200, ""},
		{"a toolset more", transport.ToolsetsHeader, "context,goals", 400, `Attrove-Mcp-Toolsets: this server does not offer the toolset \"goals\"`},
		{"a tool more", transport.ToolsHeader, "attrove_search", 400, `Attrove-Mcp-Tools: this server does not offer the tool \"attrove_search\"`},
		{"a name misspelt", transport.ExcludeHeader, "attrove_qery", 400, "did you mean attrove_query?"},
		{"changes", transport.ReadOnlyHeader, "false", 400, "Attrove-Mcp-Read-Only: this server is read-only"},
		{"no answer", transport.ReadOnlyHeader, "yes", 400, "must be true or false"},
		{"nothing", transport.ExcludeHeader, strings.Join(offered(t), ","), 400, "no tool is left"},
		{"a long text", transport.ToolsHeader, strings.Repeat(",", 5000), 400, "4096 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := send(t, "POST", base+transport.Path, ping, with(headers("ann", "sk_ann"), c.header, c.value))
			assert.Equal(t, c.status, got.status, got.body)
			assert.Contains(t, got.body, c.says)
		})
	}
	assert.Empty(t, up.Requests())
	got := send(t, "POST", base+transport.Path, ping, map[string]string{transport.ToolsetsHeader: "goals"})
	assert.Equal(t, http.StatusUnauthorized, got.status, "who is unknown learns nothing of what is offered")
}

// offered lists the tools of the toolset context.
func offered(t *testing.T) (names []string) {
	t.Helper()
	for _, one := range tools.Catalog() {
		if one.Toolset() == "context" {
			names = append(names, one.Name())
		}
	}
	return names
}

// TestManyNarrowings: more texts than are kept, and each request gets its own.
func TestManyNarrowings(t *testing.T) {
	base := offering(t, &attrovetest.Upstream{}, gate.Selection{Toolsets: []string{"all"}, Remote: true})
	list := `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	names := offered(t)
	for i := range 300 {
		one := names[i%len(names)]
		got := send(t, "POST", base+transport.Path, list, with(headers("ann", "sk_ann"), transport.ToolsHeader, fmt.Sprintf("%s,%*s", one, i+1, "")))
		require.Equal(t, http.StatusOK, got.status)
		require.Equal(t, 1, strings.Count(got.body, `"name":"attrove_`), got.body)
		require.Contains(t, got.body, `"name":"`+one+`"`)
	}
}

// TestNarrowingsAreApart: one text means another thing in another header, and
// beside another one.
func TestNarrowingsAreApart(t *testing.T) {
	base := offering(t, &attrovetest.Upstream{}, gate.Selection{})
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	count := func(h map[string]string) int {
		got := send(t, "POST", base+transport.Path, list, h)
		require.Equal(t, http.StatusOK, got.status, got.body)
		return strings.Count(got.body, `"name":"attrove_`)
	}
	mine := headers("ann", "sk_ann")
	all, reads := count(mine), count(with(mine, transport.ReadOnlyHeader, "true"))
	sets := count(with(mine, transport.ToolsetsHeader, "goals"))
	for range 2 { // the second time from what is kept
		assert.Equal(t, 1, count(with(mine, transport.ToolsHeader, "attrove_list_goals")))
		assert.Equal(t, all-1, count(with(mine, transport.ExcludeHeader, "attrove_list_goals")))
		assert.Equal(t, reads, count(with(mine, transport.ReadOnlyHeader, "true")))
		assert.Equal(t, sets, count(with(mine, transport.ToolsetsHeader, "goals")))
		assert.Equal(t, sets-1, count(with(with(mine, transport.ToolsetsHeader, "goals"), transport.ExcludeHeader, "attrove_list_goals")))
		assert.Less(t, count(with(with(mine, transport.ToolsetsHeader, "goals"), transport.ReadOnlyHeader, "true")), sets)
	}
}
