package safe_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/safe"
)

type entry struct {
	Ref string
	safe.Entry
}

func read(t *testing.T, path string) []entry {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	var all []entry
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var one entry
		require.NoError(t, json.Unmarshal(lines.Bytes(), &one))
		all = append(all, one)
	}
	return all
}

func TestKeep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "secrets.jsonl")
	file := safe.New(path)
	require.NoError(t, file.Ready())
	info, err := os.Stat(path)
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	give := safe.Entry{Tool: "attrove_create_user", Arguments: json.RawMessage(`{"email":"ann@acme.example"}`), ID: "u_1",
		Secrets: map[string]string{"api_key": "sk_planted"}}
	where, err := file.Keep(give)
	require.NoError(t, err)
	assert.NotContains(t, where, "sk_planted")

	kept := read(t, path)
	require.Len(t, kept, 1)
	assert.Equal(t, path+" as "+kept[0].Ref, where, "where it is said to be is where it is")
	assert.Equal(t, give, kept[0].Entry)
}

func TestWritersDoNotMixTheirLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.jsonl")
	var writers sync.WaitGroup
	for i := range 20 {
		writers.Go(func() {
			_, err := safe.New(path).Keep(safe.Entry{Secrets: map[string]string{"secret": fmt.Sprintf("%d-%s", i, strings.Repeat("x", 5000))}})
			assert.NoError(t, err)
		})
	}
	writers.Wait()
	refs := map[string]bool{}
	for _, one := range read(t, path) {
		refs[one.Ref] = true
	}
	assert.Len(t, refs, 20)
}

func TestNotReady(t *testing.T) {
	dir := t.TempDir()
	occupied := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(occupied, nil, 0o600))
	open := filepath.Join(dir, "open.jsonl")
	require.NoError(t, os.WriteFile(open, nil, 0o644))
	for name, path := range map[string]string{"a directory": dir, "below a file": filepath.Join(occupied, "secrets.jsonl"), "for others to read": open} {
		t.Run(name, func(t *testing.T) {
			if path == open && runtime.GOOS == "windows" {
				t.Skip("Windows keeps no such mode")
			}
			require.ErrorContains(t, safe.New(path).Ready(), "secrets file")
			_, err := safe.New(path).Keep(safe.Entry{Secrets: map[string]string{"secret": "s"}})
			assert.Error(t, err)
		})
	}
}
