package mcpserver_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/rpc"
	"github.com/attrove/attrove-mcp/tools"
)

// TestDirectPassesOn: that it answers as mcp-go does is tested where both are
// behind the transport; here, which of them answers.
func TestDirectPassesOn(t *testing.T) {
	options := mcpserver.Options{Gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: (&attrovetest.Upstream{}).Client(t)}, me),
		Log: watched(t, io.Discard).Logger}
	_, direct, err := mcpserver.NewHTTP(options)
	require.NoError(t, err)
	const able = `"io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}`
	for _, c := range []struct {
		method, params string
		passed         bool
	}{
		{"tools/list", `{}`, false},
		{"tools/list", `{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` + able + `}}`, false},
		{"tools/list", `{"cursor":"x"}`, true},
		{"tools/call", `{"name":"attrove_messages"}`, false},
		{"tools/call", `{"name":"attrove_messages","arguments":{"limit":3,"ids":["1e9"]},"_meta":{"x":1}}`, false},
		{"tools/call", `{"name":"attrove_messages","arguments":{"limit":"many"}}`, false},
		{"tools/call", `{"name":"attrove_messages","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` + able + `}}`, false},
		{"tools/call", `{"name":"attrove_messages","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}`, true},
		{"tools/call", `{"name":"attrove_messages","_meta":{"progressToken":1}}`, true},
		{"tools/call", `{"name":"attrove_messages","arguments":{"limit":1e999}}`, true},
		{"tools/call", `{"name":"attrove_messages","requestState":"x","inputResponses":{}}`, true},
		{"tools/call", `{"name":"attrove_messages","task":{}}`, true},
		{"tools/call", `{"name":"attrove_create_goal"}`, true},
		{"tools/call", `{"name":"attrove_create_connect_link"}`, true},
		{"tools/call", `{"name":"attrove_nothing"}`, true},
		{"prompts/list", `{}`, true},
	} {
		m, err := rpc.Read([]byte(`{"jsonrpc":"2.0","id":1,"method":"` + c.method + `","params":` + c.params + `}`))
		require.NoError(t, err)
		passed := false
		h := direct.Before(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed = true }))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", http.NoBody)
		h.ServeHTTP(httptest.NewRecorder(), r)
		assert.True(t, passed, "without a message")
		passed = false
		h.ServeHTTP(httptest.NewRecorder(), r.WithContext(rpc.WithMessage(t.Context(), m)))
		assert.Equal(t, c.passed, passed, "%s %s", c.method, c.params)
	}
}
