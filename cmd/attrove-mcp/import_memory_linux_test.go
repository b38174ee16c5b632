//go:build linux && !race

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/bulkmail"
)

// TestImportTakesLittleMemory imports a mailbox of 10 GB with ATTROVE_SCALE=full,
// else one of a thousandth, in 256 MiB. The race detector takes many times that.
func TestImportTakesLittleMemory(t *testing.T) {
	n := 800
	if os.Getenv("ATTROVE_SCALE") == "full" {
		n = 800_000
	}
	dir := home(t)
	path := filepath.Join(t.TempDir(), "bulk.mbox")
	file, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, bulkmail.New(1).WriteMbox(file, n, bulkmail.WithAttachments))
	info, err := file.Stat()
	require.NoError(t, err)
	require.NoError(t, file.Close())
	began := time.Now()
	cmd := startImport(t, "--db", filepath.Join(dir, "mail.db"), path)
	peak := peakOf(t, cmd)
	took := time.Since(began)
	t.Logf("%d messages, %d MB, in %v, %.0f a second, in %d MiB", n, info.Size()/1e6, took.Round(time.Second), float64(n)/took.Seconds(), peak)
	assert.Positive(t, peak)
	assert.LessOrEqual(t, peak, 256, "MiB")
}

// peakOf waits for a process and returns the most memory that it had, in MiB.
// What wait(2) says of it counts the memory of the process that started it, too.
func peakOf(t *testing.T, cmd *exec.Cmd) (peak int) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			require.NoError(t, err)
			return peak
		case <-tick.C:
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
			if err != nil {
				continue // it has just ended
			}
			if _, text, ok := strings.Cut(string(status), "VmHWM:"); ok {
				kib := 0
				_, err := fmt.Sscan(text, &kib)
				require.NoError(t, err)
				peak = max(peak, kib>>10)
			}
		}
	}
}
