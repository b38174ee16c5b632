//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// topics writes a mailbox of n messages, each about a topic of its own.
func topics(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "From a@a.example Mon May  4 10:00:00 2026\nFrom: a@a.example\nTo: b@b.example\nMessage-ID: <%d@a.example>\n"+
			"Date: Mon, 4 May 2026 10:00:00 +0000\nSubject: Topic %d\n\nThis is about subject%d.\n\n", i, i, i)
	}
	path := filepath.Join(t.TempDir(), "topics.mbox")
	require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o600))
	return path
}

// startImport imports in a process of its own, which can be killed.
func startImport(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), serveVariable+"=import "+strings.Join(args, " "))
	require.NoError(t, cmd.Start())
	return cmd
}

// TestKilledImport: while an import is under way, what it has is found by other
// processes; killed, it is gone on with, and nothing is there twice.
func TestKilledImport(t *testing.T) {
	const n = 16_000 // many times what there is when some are found
	dir := home(t)
	db, path := filepath.Join(dir, "mail.db"), topics(t, n)
	first := startImport(t, "--db", db, path)
	search := func() string {
		return command(t, "", "call", "--db", db, "attrove_search", `{"query": "subject7"}`).out
	}
	for began := time.Now(); !strings.Contains(search(), "Topic 7"); {
		require.Less(t, time.Since(began), time.Minute, "what is imported is not found before all is")
	}
	require.NoError(t, first.Process.Signal(syscall.SIGSTOP), "however fast it is, it gets no further")
	assert.Contains(t, search(), "Topic 7", "whatever it was in the middle of")
	<-time.After(time.Second) // from when on it has to keep how far it is
	require.NoError(t, first.Process.Signal(syscall.SIGCONT))
	require.Eventually(t, func() bool {
		states, err := filepath.Glob(filepath.Join(dir, "*", "import-*.json"))
		return err == nil && len(states) > 0
	}, time.Minute, time.Millisecond, "it keeps how far it is")
	require.NoError(t, first.Process.Kill())
	require.ErrorContains(t, first.Wait(), "killed", "it was still at work")

	again := command(t, "", "import", "--db", db, path)
	require.Equal(t, exitOK, again.exit, again.err)
	assert.Contains(t, again.out, "16,000 items: ")
	assert.Contains(t, again.out, " 0 failed")
	assert.NotContains(t, again.out, "items: 16,000 imported now", "it goes on, and does not begin again")
	stats := command(t, "", "call", "--db", db, "attrove_sync_stats")
	assert.Contains(t, stats.out, `"messages": 16000`)
}
