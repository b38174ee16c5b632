package mcpserver

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/tools"
)

// TestACallHasADeadline: an upstream that never answers must not outlast the
// patience of hosts.
func TestACallHasADeadline(t *testing.T) {
	up := &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		w.WriteHeader(http.StatusGatewayTimeout)
	}}
	someone := func(context.Context) (attrove.Caller, error) { return attrove.Caller{UserID: "u", Key: "sk_u"}, nil }
	h := handler{gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: up.Client(t)}, someone), log: zerolog.Nop(), timeout: 20 * time.Millisecond}
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
