package mcpserver_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/resources"
	"github.com/attrove/attrove-mcp/tools"
)

// openShelf is a server in front of the sample workspace and its goals, as on a
// Friday.
func openShelf(t *testing.T) *server.MCPServer {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC) }
	engine := local.New(local.Options{Now: now, Me: sample.Me(), Name: sample.User().Name, Timezone: sample.User().Timezone,
		Log: watched(t, io.Discard).Logger, Sample: sample.Load, SampleGoals: sample.Goals})
	t.Cleanup(func() { assert.NoError(t, engine.Close()) })
	c, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "http://localhost", Transport: engine.Transport(), Ours: true})
	require.NoError(t, err)
	who, err := engine.LocalCaller(t.Context())
	require.NoError(t, err)
	require.Eventually(t, func() bool { // until all of them are looked at today
		reply, err := attrove.ListGoals.Call(t.Context(), c, who, attrove.GoalsIn{Lifecycle: attrove.LifecycleActive})
		require.NoError(t, err)
		page, err := reply.Value()
		require.NoError(t, err)
		return !slices.ContainsFunc(page.Data, func(g attrove.Goal) bool {
			return g.LastEvaluatedAt == nil || *g.LastEvaluatedAt < "2026-11-20T15:00:00Z"
		})
	}, time.Minute, 10*time.Millisecond)
	return shelf(t, c, engine.LocalCaller, io.Discard)
}

func shelf(t *testing.T, c *attrove.Client, who gate.CallerSource, logs io.Writer) *server.MCPServer {
	t.Helper()
	s, err := mcpserver.New(mcpserver.Options{Gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: c}, who),
		Resources: resources.Env{Client: c}, Log: watched(t, logs).Logger})
	require.NoError(t, err)
	return s
}

func read(t *testing.T, c *client.Client, uri string) mcp.TextResourceContents {
	t.Helper()
	var req mcp.ReadResourceRequest
	req.Params.URI = uri
	result, err := c.ReadResource(t.Context(), req)
	require.NoError(t, err, uri)
	require.Len(t, result.Contents, 1)
	text, ok := result.Contents[0].(mcp.TextResourceContents)
	require.True(t, ok)
	assert.Equal(t, uri, text.URI)
	assert.Equal(t, "text/markdown", text.MIMEType)
	assert.Equal(t, true, text.Meta["attrove-mcp/untrusted"])
	return text
}

// completed is what a template's argument is completed to.
func completed(t *testing.T, c *client.Client, template, name, typed string) []string {
	t.Helper()
	var req mcp.CompleteRequest
	req.Params.Ref = mcp.ResourceReference{Type: "ref/resource", URI: template}
	req.Params.Argument = mcp.CompleteArgument{Name: name, Value: typed}
	result, err := c.Complete(t.Context(), req)
	require.NoError(t, err)
	return result.Completion.Values
}

// ids gives the engine's ids, which are new every time, numbers instead.
type ids map[string]string

func (known ids) stable(text string) string {
	return regexp.MustCompile(`\b([a-z]+)_[0-9a-v]{20}\b`).ReplaceAllStringFunc(text, func(id string) string {
		if known[id] == "" {
			prefix, _, _ := strings.Cut(id, "_")
			known[id] = fmt.Sprintf("%s_%d", prefix, len(known)+1)
		}
		return known[id]
	})
}

// goldenText holds text to a file.
func goldenText(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run go test ./internal/mcpserver -update")
	assert.Equal(t, string(want), text)
}

// ordered sorts the rows of a page, and its sections: what was made at the same time
// comes in any order.
func ordered(page string) string {
	sections := strings.Split(strings.TrimSpace(page), "\n\n## ")
	head, rows, _ := strings.Cut(sections[0], "\n- ")
	if rows != "" {
		lines := strings.Split(rows, "\n- ")
		slices.Sort(lines)
		sections[0] = head + "\n- " + strings.Join(lines, "\n- ")
	}
	slices.Sort(sections[1:])
	return strings.Join(sections, "\n\n## ") + "\n"
}

// TestResources lists, completes and reads every kind of resource in both eras.
func TestResources(t *testing.T) {
	s := openShelf(t)
	for era, option := range eras() {
		t.Run(era, func(t *testing.T) {
			c, _ := connect(t, s, option)
			list, err := c.ListResources(t.Context(), mcp.ListResourcesRequest{})
			require.NoError(t, err)
			assert.Equal(t, "attrove://goals", list.Resources[0].URI)
			assert.Equal(t, true, list.Meta.AdditionalFields["attrove-mcp/untrusted"])
			own := list.Resources[3:]
			assert.True(t, slices.IsSortedFunc(own, func(a, b mcp.Resource) int {
				return cmp.Compare(strings.Index("gn", a.Name[:1]), strings.Index("gn", b.Name[:1]))
			}), "goals before notes")
			slices.SortFunc(own, func(a, b mcp.Resource) int { return cmp.Compare(a.Title, b.Title) })
			golden(t, "resources/list", json.RawMessage(ids{}.stable(string(encoded(t, list.Resources)))))

			templates, err := c.ListResourceTemplates(t.Context(), mcp.ListResourceTemplatesRequest{})
			require.NoError(t, err)
			golden(t, "resources/templates", templates.ResourceTemplates)

			for _, name := range []string{"goals", "notes", "integrations"} {
				goldenText(t, "resources/"+name+".md", ids{}.stable(ordered(read(t, c, "attrove://"+name).Text)))
			}
			for _, one := range []struct{ name, template, typed string }{
				{"goal", "attrove://goals/{goal_id}", "ost"},
				{"evidence", "attrove://goals/{goal_id}/evidence", "ost"},
				{"snapshots", "attrove://goals/{goal_id}/snapshots", "fen"},
				{"note", "attrove://notes/{note_id}", "corvane"},
				{"meeting", "attrove://meetings/{meeting_id}", "1:1"},
				{"thread", "attrove://threads/{thread_id}", "osterveld renewal"},
				{"entity", "attrove://entities/{entity_id}", "leonie"},
			} {
				name := one.template[strings.Index(one.template, "{")+1 : strings.Index(one.template, "}")]
				values := completed(t, c, one.template, name, one.typed)
				require.NotEmpty(t, values, one.template)
				assert.Contains(t, values[0], "~")
				text := read(t, c, strings.Replace(one.template, "{"+name+"}", values[0], 1)).Text
				goldenText(t, "resources/"+one.name+".md", ids{}.stable(text))
			}
			linksLead(t, c)
		})
	}
}

// linksLead follows whatever the pages link to.
func linksLead(t *testing.T, c *client.Client) {
	t.Helper()
	seen := map[string]bool{}
	queue := []string{"attrove://goals", "attrove://notes", "attrove://integrations"}
	for len(queue) > 0 && len(seen) < 60 {
		uri := queue[0]
		queue = queue[1:]
		if seen[uri] {
			continue
		}
		seen[uri] = true
		for _, link := range regexp.MustCompile(`\]\((attrove://[^)]+)\)`).FindAllStringSubmatch(read(t, c, uri).Text, -1) {
			queue = append(queue, link[1])
		}
	}
	assert.Greater(t, len(seen), 25)
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return raw
}

// rawAsk sends one message of an era and returns the reply.
func rawAsk(t *testing.T, s *server.MCPServer, era, method, params string) (result, failure map[string]any) {
	t.Helper()
	if era == "modern" {
		params = `{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
			`"io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}` +
			strings.Replace(strings.Replace(params, "{", ",", 1), ",}", "}", 1)
	}
	return answer(t, s, `{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":`+params+`}`)
}

// TestResourceErrors: each era has its code for what is not there, and an
// upstream's failure is ours to explain.
func TestResourceErrors(t *testing.T) {
	var logs bytes.Buffer
	up := &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "planted-panic"):
			panic("sk_planted")
		case strings.HasSuffix(r.URL.Path, "/goals"):
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"error":{"code":"FORBIDDEN","message":"no goals for you"}}`)
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"error":{"code":"NOT_FOUND","message":"not found for sk_inner"}}`)
		}
	}}
	s := shelf(t, up.Client(t), me, &logs)
	for era, code := range map[string]float64{"legacy": -32002, "modern": -32602} {
		for _, uri := range []string{"attrove://goals/somebody-elses~gol_9", "attrove://nothing", "attrove://", "", "file:///etc/passwd", "attrove://goals/a%2Fb", "attrove://goals/../notes"} {
			_, failure := rawAsk(t, s, era, "resources/read", `{"uri":"`+uri+`"}`)
			assert.InDelta(t, code, failure["code"], 0, "%s %q", era, uri)
			assert.Contains(t, failure["message"], "resource not found")
			assert.NotContains(t, failure["message"], "sk_inner")
		}
		_, failure := rawAsk(t, s, era, "resources/read", `{"uri":"attrove://goals"}`)
		assert.InDelta(t, -32603, failure["code"], 0)
		assert.Contains(t, failure["message"], "FORBIDDEN: no goals for you.")
	}
	assert.Contains(t, logs.String(), `"resource":"attrove://goals/{goal_id}","outcome":"NOT_FOUND"`)
	assert.NotContains(t, logs.String(), "gol_9", "logs hold kinds, no ids")
}

// TestTheOneHandlerIsHidden: mcp-go lists what it has handlers for, and asks them
// whatever URI a client thinks of.
func TestTheOneHandlerIsHidden(t *testing.T) {
	s := shelf(t, (&attrovetest.Upstream{}).Client(t), me, io.Discard)
	for _, resource := range s.ListResources() {
		result, _ := rawAsk(t, s, "legacy", "resources/list", `{}`)
		assert.NotContains(t, string(encoded(t, result)), resource.Resource.URI)
		_, failure := rawAsk(t, s, "legacy", "resources/read", `{"uri":"`+resource.Resource.URI+`","arguments":{"`+resource.Resource.URI+`":{}}}`)
		assert.NotNil(t, failure)
	}
	assert.Len(t, s.ListResources(), 1)
}

func TestResourcesWithoutKey(t *testing.T) {
	up := &attrovetest.Upstream{}
	nobody := func(context.Context) (attrove.Caller, error) { return attrove.Caller{}, nil }
	s := shelf(t, up.Client(t), nobody, io.Discard)
	for era := range eras() {
		result, failure := rawAsk(t, s, era, "resources/list", `{}`)
		require.Nil(t, failure)
		assert.Len(t, result["resources"], 3, "what everybody has")
		_, failure = rawAsk(t, s, era, "resources/read", `{"uri":"attrove://goals"}`)
		assert.Contains(t, failure["message"], "ATTROVE_SECRET_KEY")
		_, failure = rawAsk(t, s, era, "completion/complete", `{"ref":{"type":"ref/resource","uri":"attrove://goals/{goal_id}"},"argument":{"name":"goal_id","value":""}}`)
		assert.Contains(t, failure["message"], "ATTROVE_SECRET_KEY")
	}
	assert.Empty(t, up.Requests())
}

// TestResourcePanicsStayInside: mcp-go guards no hook and no completion.
func TestResourcePanicsStayInside(t *testing.T) {
	var logs bytes.Buffer
	throws := func(context.Context) (attrove.Caller, error) { panic("sk_planted") }
	s := shelf(t, (&attrovetest.Upstream{}).Client(t), throws, &logs)
	for method, params := range map[string]string{
		"resources/read":      `{"uri":"attrove://goals"}`,
		"completion/complete": `{"ref":{"type":"ref/resource","uri":"attrove://goals/{goal_id}"},"argument":{"name":"goal_id","value":""}}`,
	} {
		_, failure := rawAsk(t, s, "legacy", method, params)
		assert.Contains(t, failure["message"], "INTERNAL_ERROR: ", method)
	}
	result, _ := rawAsk(t, s, "legacy", "resources/list", `{}`)
	assert.Len(t, result["resources"], 3)
	assert.Contains(t, logs.String(), `"panic":"string"`)
	assert.NotContains(t, logs.String(), "sk_planted")
}

// TestResourceCaching: all is the caller's alone, and only what never changes may
// be kept.
func TestResourceCaching(t *testing.T) {
	s := shelf(t, attrovetest.Says(200, `{"data":[]}`).Client(t), me, io.Discard)
	for method, ttl := range map[string]float64{"resources/list": 0, "resources/templates/list": 3_600_000, "resources/read": 0} {
		result, failure := rawAsk(t, s, "modern", method, `{"uri":"attrove://notes"}`)
		require.Nil(t, failure, method)
		assert.InDelta(t, ttl, result["ttlMs"], 0, method)
		assert.Equal(t, "private", result["cacheScope"], method)
		result, failure = rawAsk(t, s, "legacy", method, `{"uri":"attrove://notes"}`)
		require.Nil(t, failure, method)
		assert.NotContains(t, result, "ttlMs")
	}
}
