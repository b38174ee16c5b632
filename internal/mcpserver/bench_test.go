package mcpserver_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/tools"
)

// BenchmarkNew is what a start costs beside the process's own.
func BenchmarkNew(b *testing.B) {
	client := (&attrovetest.Upstream{}).Client(b)
	for b.Loop() {
		benchServer(b, client)
	}
}

func benchServer(b *testing.B, client *attrove.Client) *server.MCPServer {
	b.Helper()
	s, err := mcpserver.New(mcpserver.Options{Gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: client}, me), Log: zerolog.New(io.Discard)})
	require.NoError(b, err)
	return s
}

func BenchmarkToolsList(b *testing.B) {
	client := (&attrovetest.Upstream{}).Client(b)
	s := benchServer(b, client)
	for b.Loop() {
		raw, err := json.Marshal(s.HandleMessage(b.Context(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)))
		require.NoError(b, err)
		b.SetBytes(int64(len(raw)))
	}
}

// BenchmarkCall is a call with an answer of 4 kB, without a network.
func BenchmarkCall(b *testing.B) {
	page := attrove.Page[attrove.Message]{}
	for range 10 {
		page.Data = append(page.Data, attrove.Message{ID: "msg_iv4m3ma4ax7yfukgnlja", ThreadID: "thr_iv4m3ma4ax7yfukgnlja", SenderName: "Tomas Brandl",
			ReceivedAt: "2026-11-20T13:00:00Z", BodyText: attrove.ForeignText(strings.Repeat("Can you confirm by Monday? ", 8))})
	}
	raw, err := json.Marshal(page)
	require.NoError(b, err)
	client := attrovetest.Says(200, string(raw)).Client(b)
	s := benchServer(b, client)
	for b.Loop() {
		answer := s.HandleMessage(b.Context(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"attrove_messages","arguments":{"expand":["body_text"]}}}`))
		raw, err := json.Marshal(answer)
		require.NoError(b, err)
		b.SetBytes(int64(len(raw)))
	}
}
