package transport_test

import (
	"encoding/json"
	"io"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
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

// TestLongCallsSayThatTheyGoOn, to the client that asked for it, and then answer.
func TestLongCallsSayThatTheyGoOn(t *testing.T) {
	for name, dialled := range map[string]func(*testing.T, *attrovetest.Upstream, client.ClientOption) *client.Client{
		"http": func(t *testing.T, up *attrovetest.Upstream, era client.ClientOption) *client.Client {
			t.Helper()
			base, _ := newProduct(t, up).listen(t, transport.HTTPOptions{})
			return dial(t, base, era, headers("ann", "sk_ann"))
		},
		"stdio": func(t *testing.T, up *attrovetest.Upstream, era client.ClientOption) *client.Client {
			t.Helper()
			return piped(t, hurried(t, up), era)
		},
	} {
		for era, option := range eras() {
			t.Run(name+"/"+era, func(t *testing.T) {
				up, came, release, _ := blocking()
				c := dialled(t, up, option)
				told := make(chan map[string]any, 2)
				c.OnNotification(func(n mcp.JSONRPCNotification) {
					select {
					case told <- n.Params.AdditionalFields:
					default:
					}
				})
				answered := make(chan string, 2)
				for _, meta := range []*mcp.Meta{{ProgressToken: "mine"}, nil} {
					var req mcp.CallToolRequest
					req.Params.Name, req.Params.Arguments, req.Params.Meta = "attrove_query", map[string]string{"query": "late"}, meta
					go func() {
						result, err := c.CallTool(t.Context(), req)
						assert.NoError(t, err)
						raw, err := json.Marshal(result)
						assert.NoError(t, err)
						answered <- string(raw)
					}()
				}
				<-came
				<-came
				one, two := <-told, <-told
				close(release)
				for range 2 {
					assert.Contains(t, <-answered, `"answer":"late"`)
				}
				assert.Equal(t, "mine", one["progressToken"])
				assert.Equal(t, "mine", two["progressToken"], "who did not ask is not told")
				assert.Greater(t, two["progress"], one["progress"], "it goes up")
			})
		}
	}
}

// TestLongReadsSayThatTheyGoOn: of resources, and of prompts that gather data.
func TestLongReadsSayThatTheyGoOn(t *testing.T) {
	for name, read := range map[string]func(*client.Client) error{
		"resources/read": func(c *client.Client) error {
			var req mcp.ReadResourceRequest
			req.Params.URI, req.Params.Meta = "attrove://integrations", &mcp.Meta{ProgressToken: "mine"}
			_, err := c.ReadResource(t.Context(), req)
			return err
		},
		"prompts/get": func(c *client.Client) error {
			var req mcp.GetPromptRequest
			req.Params.Name, req.Params.Meta = "attention", &mcp.Meta{ProgressToken: "mine"}
			_, err := c.GetPrompt(t.Context(), req)
			return err
		},
	} {
		for era, option := range eras() {
			t.Run(name+"/"+era, func(t *testing.T) {
				up, _, release, _ := blocking()
				c := piped(t, hurried(t, up), option)
				told := make(chan any, 1)
				c.OnNotification(func(n mcp.JSONRPCNotification) {
					select {
					case told <- n.Params.AdditionalFields["progressToken"]:
					default:
					}
				})
				answered := make(chan error, 1)
				go func() { answered <- read(c) }()
				assert.Equal(t, "mine", <-told)
				close(release)
				<-answered // with whatever the upstream made of it
			})
		}
	}
}

// hurried is a server whose calls are long after a millisecond.
func hurried(t *testing.T, up *attrovetest.Upstream) *server.MCPServer {
	t.Helper()
	logs := log(t, io.Discard)
	c := up.Client(t, logs)
	s, err := mcpserver.New(mcpserver.Options{Gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: c}, local),
		Resources: resources.Env{Client: c}, Prompts: prompts.Env{Client: c}, Version: "v0", Log: logs.Logger, Progress: time.Millisecond})
	require.NoError(t, err)
	return s
}
