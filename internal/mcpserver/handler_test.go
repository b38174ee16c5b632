package mcpserver

import (
	"context"
	"io"
	"net/http"
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
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/tools"
)

// TestACallHasADeadline: an upstream that never answers must not outlast the
// patience of hosts.
func TestACallHasADeadline(t *testing.T) {
	up := &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		w.WriteHeader(http.StatusGatewayTimeout)
	}}
	logs := safetest.Log(t, io.Discard, "sk_u", "partner-secret")
	someone := func(context.Context) (attrove.Caller, error) { return attrove.Caller{UserID: "u", Key: "sk_u"}, nil }
	h := handler{gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t, logs)}, someone), log: logs.Logger, timeout: 20 * time.Millisecond}
	var req mcp.CallToolRequest
	req.Params.Name = "attrove_profile"
	result, err := h.call(t.Context(), req)
	require.NoError(t, err)
	assert.True(t, result.IsError)
	text, ok := result.Content[0].(mcp.TextContent)
	require.True(t, ok)
	assert.Contains(t, text.Text, "Error TIMEOUT: ")
	assert.Less(t, callTimeout, time.Minute, "hosts give up after about a minute")
}

// never is a human who is not there.
type never struct{}

func (never) Elicit(ctx context.Context, _ mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestHumansHaveTheirOwnTime: waiting for one does not eat the time of the work,
// and ends.
func TestHumansHaveTheirOwnTime(t *testing.T) {
	up := attrovetest.Says(200, `{"data":{"id":"gol_1","title":"Renew","lifecycle_version":3}}`)
	logs := safetest.Log(t, io.Discard, "sk_u", "partner-secret")
	someone := func(context.Context) (attrove.Caller, error) { return attrove.Caller{UserID: "u", Key: "sk_u"}, nil }
	h := handler{gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t, logs)}, someone), log: logs.Logger,
		timeout: callTimeout, patience: 20 * time.Millisecond}
	s := server.NewMCPServer("test", "v0")
	s.AddTool(mcp.NewToolWithRawSchema("attrove_archive_goal", "", []byte(`{"type":"object"}`)), h.call)
	c, err := client.NewInProcessClientWithOptions(s, client.WithProtocolVersion(mcp.LATEST_LEGACY_PROTOCOL_VERSION), client.WithElicitationHandler(never{}))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	require.NoError(t, c.Start(t.Context()))
	_, err = c.Initialize(t.Context(), mcp.InitializeRequest{})
	require.NoError(t, err)
	var req mcp.CallToolRequest
	req.Params.Name, req.Params.Arguments = "attrove_archive_goal", map[string]any{"goal_id": "gol_1", "reason": "r"}
	result, err := c.CallTool(t.Context(), req)
	require.NoError(t, err)
	text, ok := result.Content[0].(mcp.TextContent)
	require.True(t, ok)
	assert.Contains(t, text.Text, "Error NOT_CONFIRMED: nobody answered the question in time; nothing was done")
	for _, one := range up.Requests() {
		assert.Equal(t, http.MethodGet, one.Method)
	}
	assert.Greater(t, humanTimeout, callTimeout)
}
