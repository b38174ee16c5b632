package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/config"
)

// published is what a manifest promises of the server.
type published struct {
	Server struct {
		Launch struct{ Env map[string]string } `json:"mcp_config"`
	}
	Tools            []struct{ Name, Description string }
	PromptsGenerated bool `json:"prompts_generated"`
}

// TestManifestIsTrue: no validator compares a manifest with its server.
func TestManifestIsTrue(t *testing.T) {
	home(t)
	got := command(t, "", "docs", "manifest")
	require.Equal(t, exitOK, got.exit, got.err)
	var promised published
	require.NoError(t, json.Unmarshal([]byte(got.out), &promised))
	s := startStdio(t, "--mode", "demo")
	t.Cleanup(func() { assert.Equal(t, exitOK, s.stop().exit) })

	t.Run("tools", func(t *testing.T) {
		list, err := s.ListTools(t.Context(), mcp.ListToolsRequest{})
		require.NoError(t, err)
		var names, served []string
		for _, tool := range promised.Tools {
			names = append(names, tool.Name)
			assert.NotEmpty(t, tool.Description, tool.Name)
		}
		for _, tool := range list.Tools {
			served = append(served, tool.Name)
		}
		assert.Equal(t, served, names)
	})
	t.Run("prompts", func(t *testing.T) {
		list, err := s.ListPrompts(t.Context(), mcp.ListPromptsRequest{})
		require.NoError(t, err)
		assert.Equal(t, promised.PromptsGenerated, len(list.Prompts) > 0)
	})
	t.Run("settings", func(t *testing.T) {
		help := command(t, "", "stdio", "--help").out
		require.NotEmpty(t, promised.Server.Launch.Env)
		for name := range promised.Server.Launch.Env {
			if name != config.EnvSecretKey && name != config.EnvUserID {
				assert.Contains(t, help, "($"+name+")", "the server reads it")
			}
		}
	})
}

func TestSettingsAreNamedAsTheHostShowsThem(t *testing.T) {
	home(t)
	s := startStdio(t, "--mode", "account")
	answer := s.call(t.Context(), t, "attrove_query", map[string]any{"query": "hello"})
	assert.Contains(t, answer, "MISSING_KEY")
	assert.Contains(t, answer, "set the mode to local")
	assert.NotContains(t, answer, "--local", "there is no command line")
	assert.Equal(t, exitOK, s.stop().exit)
}

func TestServerEntryOfARelease(t *testing.T) {
	file := filepath.Join(t.TempDir(), "attrove-mcp-linux.mcpb")
	require.NoError(t, os.WriteFile(file, []byte("a bundle"), 0o600))
	got := command(t, "", "docs", "server", "--release", "v1.2.3", file)
	require.Equal(t, exitOK, got.exit, got.err)
	assert.Contains(t, got.out, "/releases/download/v1.2.3/attrove-mcp-linux.mcpb")
	assert.Equal(t, 2, strings.Count(got.out, `"version": "1.2.3"`))

	for name, args := range map[string][]string{
		"no such bundle": {"docs", "server", file + ".gone"},
		"no version":     {"docs", "server", "--release", "next", file},
		"no such system": {"docs", "manifest", "--system", "plan9"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, exitUsage, command(t, "", args...).exit)
		})
	}
}
