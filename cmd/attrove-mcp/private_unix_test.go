//go:build unix

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestOnlyTheUserCanReadWhatIsKept(t *testing.T) {
	before := syscall.Umask(0) // the process's; tests of this package run one after another
	t.Cleanup(func() { syscall.Umask(before) })
	p := plant(t)
	p.does("export", "-o", filepath.Join(p.home, "mine.jsonl"))
	p.does("call", "--yes", "attrove_create_webhook", `{"url":"https://example.com/hook","events":["*"]}`) // a secret that is shown once
	open, err := store.Open(t.Context(), filepath.Join(p.home, "attrove-mcp", "attrove.db"))
	require.NoError(t, err)
	defer func() { require.NoError(t, open.Close()) }() // so that there are a log and its index
	_, err = open.Settings(t.Context())
	require.NoError(t, err)
	var names []string
	require.NoError(t, filepath.WalkDir(p.home, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == p.home {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		names = append(names, entry.Name())
		want := os.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		}
		assert.Equal(t, want, info.Mode().Perm(), name)
		return nil
	}))
	assert.Subset(t, names, []string{"attrove-mcp", "attrove.db", "attrove.db-wal", "attrove.db-shm", "mine.jsonl", "secrets.jsonl"})
}

func TestWarnsOfWhatOthersCanRead(t *testing.T) {
	p := plant(t)
	dir := filepath.Join(p.home, "attrove-mcp")
	database := filepath.Join(dir, "attrove.db")
	assert.NotContains(t, p.does("export").err, "chmod")
	require.NoError(t, os.Chmod(dir, 0o755))
	assert.Contains(t, p.does("export").err, "chmod 700")
	require.NoError(t, os.Chmod(dir, 0o700))
	require.NoError(t, os.Chmod(database, 0o640))
	assert.Contains(t, p.does("export").err, "chmod 600")
	elsewhere := filepath.Join(t.TempDir(), "shared")
	require.NoError(t, os.Mkdir(elsewhere, 0o755))
	require.NoError(t, os.Chmod(elsewhere, 0o755))
	args := []string{"call", "--db", filepath.Join(elsewhere, "a.db"), "attrove_profile"}
	assert.NotContains(t, command(t, "", args...).err, "chmod", "its files are the user's alone")
	require.NoError(t, os.Chmod(elsewhere, 0o777))
	assert.Contains(t, command(t, "", args...).err, "chmod 700")
}
