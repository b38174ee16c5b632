package mcpserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/tools"
)

// answer is what a server says to one message.
func answer(t *testing.T, s *server.MCPServer, message string) (result map[string]any, failure map[string]any) {
	t.Helper()
	raw, err := json.Marshal(s.HandleMessage(t.Context(), json.RawMessage(message)))
	require.NoError(t, err)
	require.NotEmpty(t, raw)
	_, err = safetest.Watch(t, planted()...).Write(raw)
	require.NoError(t, err)
	var reply struct{ Result, Error map[string]any }
	require.NoError(t, json.Unmarshal(raw, &reply))
	return reply.Result, reply.Error
}

// TestArgumentsOfAnyShape: whatever stands for the arguments, it is the tool
// that answers, so that a model can correct itself.
func TestArgumentsOfAnyShape(t *testing.T) {
	s := serve(t, &attrovetest.Upstream{}, io.Discard)
	for arguments, fine := range map[string]bool{
		``: true, `,"arguments":null`: true, `,"arguments":{}`: true,
		`,"arguments":[1]`: false, `,"arguments":"x"`: false, `,"arguments":7`: false, `,"arguments":{"":1}`: false,
	} {
		result, failure := answer(t, s, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"attrove_integrations"`+arguments+`}}`)
		assert.Nil(t, failure, arguments)
		_, failed := result["isError"]
		assert.Equal(t, fine, !failed, arguments)
		assert.NotNil(t, result["structuredContent"], arguments)
	}
}

// TestNoTasks: a call is answered in its own reply, also for those who ask for
// a task, and there is nothing to list.
func TestNoTasks(t *testing.T) {
	s := serve(t, &attrovetest.Upstream{}, io.Discard)
	result, failure := answer(t, s, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"attrove_integrations","task":{"ttl":60000}}}`)
	assert.Nil(t, failure)
	assert.NotContains(t, result, "task")
	assert.NotNil(t, result["structuredContent"])
	for _, method := range []string{"tasks/list", "tasks/get", "tasks/result", "tasks/cancel"} {
		_, failure = answer(t, s, `{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":{"taskId":"1"}}`)
		assert.NotNil(t, failure, method)
	}
}

// TestTheListIsStatic: it never changes while a server runs, so that no client
// waits for news of it, and no more of it follows.
func TestTheListIsStatic(t *testing.T) {
	s := serve(t, &attrovetest.Upstream{}, io.Discard)
	hello, failure := answer(t, s, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},
		"clientInfo":{"name":"c","version":"1"}}}`)
	require.Nil(t, failure)
	assert.Equal(t, map[string]any{}, hello["capabilities"].(map[string]any)["tools"])
	list, failure := answer(t, s, `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
	require.Nil(t, failure)
	assert.NotContains(t, list, "nextCursor")
	assert.Len(t, list["tools"], len(tools.Catalog()))
}

// TestModernListsArePrivate: what is offered is the caller's business, and no
// proxy's.
func TestModernListsArePrivate(t *testing.T) {
	list, failure := answer(t, serve(t, &attrovetest.Upstream{}, io.Discard), `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{
		"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`)
	require.Nil(t, failure)
	assert.Equal(t, "private", list["cacheScope"])
	assert.Equal(t, "complete", list["resultType"])
}

// TestAnswersThatAreNoJSON: of what cannot be encoded a client would see
// nothing at all.
func TestAnswersThatAreNoJSON(t *testing.T) {
	for name, body := range map[string]string{
		"HTML": "<h1>Hello</h1>", "half an object": `{"data":[`, "two": `{} {}`, "a broken number": `{"n":01}`, "bytes": "{\"a\":\"\xff\xfe\"}",
	} {
		s := serve(t, attrovetest.Says(200, body), io.Discard)
		result, failure := answer(t, s, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"attrove_profile"}}`)
		assert.Nil(t, failure, name)
		assert.NotNil(t, result["structuredContent"], name)
		assert.Len(t, result["content"], 1, name)
	}
}

// TestListsAndCallsAtOnce: results are a call's own, and mcp-go writes to them.
func TestListsAndCallsAtOnce(t *testing.T) {
	s := serve(t, attrovetest.Says(200, `{"id":"u","first_name":"Ann"}`), io.Discard)
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			for n := range 8 {
				method := `"tools/list"`
				if n%2 == 0 {
					method = `"tools/call","params":{"name":"attrove_profile"}`
				}
				raw, err := json.Marshal(s.HandleMessage(t.Context(), json.RawMessage(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%s}`, 100*i+n, method))))
				answered := err == nil && strings.Contains(string(raw), fmt.Sprintf(`"id":%d,`, 100*i+n))
				assert.True(t, answered && !strings.Contains(string(raw), `"error":{"code":-`), "%d: %v %.200s", n, err, raw)
			}
		})
	}
	clients.Wait()
}

// TestTwoToolsOfOneName: the second would take the place of the first.
func TestTwoToolsOfOneName(t *testing.T) {
	twice := tools.Catalog()[:1]
	twice = append(twice, tools.Catalog()[0])
	_, err := mcpserver.New(mcpserver.Options{Gate: gate.New(gate.Everything(twice), tools.Env{}, me), Log: watched(t, io.Discard).Logger})
	require.ErrorContains(t, err, "attrove_query: there are two of this name")
}

// TestAnnotationsAndSchemasAreWhole: what is left out counts as destructive, and
// a schema that asks for a header would be refused by mcp-go with a panic.
func TestAnnotationsAndSchemasAreWhole(t *testing.T) {
	c, _ := connect(t, serve(t, &attrovetest.Upstream{}, io.Discard), legacy())
	list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
	require.NoError(t, err)
	for _, one := range list.Tools {
		for _, hint := range []*bool{one.Annotations.ReadOnlyHint, one.Annotations.DestructiveHint, one.Annotations.IdempotentHint, one.Annotations.OpenWorldHint} {
			assert.NotNil(t, hint, one.Name)
		}
		raw, err := json.Marshal(one)
		require.NoError(t, err)
		assert.NotContains(t, string(raw), "x-mcp-header", one.Name)
		assert.NotContains(t, string(raw), "initiator", one.Name)
		assert.NotContains(t, string(raw), "idempotency_key", one.Name)
	}
}
