package mcpserver_test

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/tools"
)

// BenchmarkNew is what a start costs beside the process's own.
func BenchmarkNew(b *testing.B) {
	client := (&attrovetest.Upstream{}).Client(b)
	for b.Loop() {
		mcpserver.New(mcpserver.Options{Gate: gate.New(tools.Catalog(), tools.Env{Client: client}, me), Log: zerolog.New(io.Discard)})
	}
}

func BenchmarkToolsList(b *testing.B) {
	client := (&attrovetest.Upstream{}).Client(b)
	s := mcpserver.New(mcpserver.Options{Gate: gate.New(tools.Catalog(), tools.Env{Client: client}, me), Log: zerolog.New(io.Discard)})
	for b.Loop() {
		raw, err := json.Marshal(s.HandleMessage(b.Context(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)))
		require.NoError(b, err)
		b.SetBytes(int64(len(raw)))
	}
}

// BenchmarkCall is a call with an answer of 4 kB, without a network.
func BenchmarkCall(b *testing.B) {
	raw, err := json.Marshal(map[string]any{"answer": string(make([]byte, 0)), "used_message_ids": make([]string, 300), "history": []string{}})
	require.NoError(b, err)
	client := attrovetest.Says(200, string(raw)).Client(b)
	s := mcpserver.New(mcpserver.Options{Gate: gate.New(tools.Catalog(), tools.Env{Client: client}, me), Log: zerolog.New(io.Discard)})
	for b.Loop() {
		answer := s.HandleMessage(b.Context(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"attrove_query","arguments":{"query":"q"}}}`))
		raw, err := json.Marshal(answer)
		require.NoError(b, err)
		b.SetBytes(int64(len(raw)))
	}
}
