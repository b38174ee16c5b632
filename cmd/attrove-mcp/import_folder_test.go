package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stdioServer is a stdio command that runs, and a client of it.
type stdioServer struct {
	*client.Client
	stop func() result // ends its input and waits for it
}

func startStdio(t *testing.T, args ...string) stdioServer {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	var errOut said
	done := make(chan int, 1)
	go func() {
		done <- run(t.Context(), append([]string{"stdio"}, args...), in, out, &errOut)
		assert.NoError(t, out.Close())
	}()
	c := client.NewClient(transport.NewIO(fromServer, toServer, io.NopCloser(strings.NewReader(""))))
	require.NoError(t, c.Start(t.Context()))
	var hello mcp.InitializeRequest
	hello.Params.ProtocolVersion = mcp.LATEST_PROTOCOL_VERSION
	hello.Params.ClientInfo = mcp.Implementation{Name: "test", Version: "1"}
	_, err := c.Initialize(t.Context(), hello)
	require.NoError(t, err)
	return stdioServer{c, func() result {
		require.NoError(t, toServer.Close())
		return result{exit: <-done, err: errOut.String()}
	}}
}

func (s stdioServer) call(ctx context.Context, t *testing.T, tool string, arguments map[string]any) string {
	t.Helper()
	var request mcp.CallToolRequest
	request.Params.Name, request.Params.Arguments = tool, arguments
	reply, err := s.CallTool(ctx, request)
	require.NoError(t, err)
	return string(reply.RawStructuredContent)
}

func TestFolderIsImportedOnUse(t *testing.T) {
	dir := home(t)
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Inbox"), []byte(mailbox), 0o600))
	t.Setenv("ATTROVE_MCP_MODE", "local") // as a host sets it
	t.Setenv("ATTROVE_MCP_IMPORT", folder)

	t.Run("only looked at", func(t *testing.T) {
		s := startStdio(t)
		_, err := s.ListTools(t.Context(), mcp.ListToolsRequest{})
		require.NoError(t, err)
		assert.Equal(t, result{}, s.stop())
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		assert.Empty(t, left, "starting has no effects")
	})
	for range 2 { // the second start finds it imported
		t.Run("used", func(t *testing.T) {
			s := startStdio(t, "--log-level", "info")
			require.Eventually(t, func() bool {
				return strings.Contains(s.call(t.Context(), t, "attrove_search", map[string]any{"query": "signed lease"}), "Ann Ash")
			}, time.Minute, 50*time.Millisecond)
			got := s.stop()
			assert.Equal(t, exitOK, got.exit, got.err)
			assert.NotContains(t, got.err, "warn")
		})
	}
}

func TestFolderThatIsNotThere(t *testing.T) {
	home(t)
	s := startStdio(t, "--local", "--import", filepath.Join(t.TempDir(), "gone"))
	assert.Contains(t, s.call(t.Context(), t, "attrove_integrations", nil), `"backend":"local"`, "the server works without it")
	got := s.stop()
	assert.Equal(t, exitOK, got.exit)
	// It may have been told to stop before it looked; then it says nothing.
	if got.err != "" {
		assert.Contains(t, got.err, "does not exist")
	}
}
