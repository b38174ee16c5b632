//go:build linux && !race

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestImportTakesLittleMemory imports a mailbox of 10 GB with ATTROVE_SCALE=full,
// else one of a thousandth, in 256 MiB. The race detector takes many times that.
func TestImportTakesLittleMemory(t *testing.T) {
	size := int64(10 << 20)
	if os.Getenv("ATTROVE_SCALE") == "full" {
		size = 10 << 30
	}
	dir := home(t)
	path, n := bulk(t, size)
	began := time.Now()
	cmd := startImport(t, "--db", filepath.Join(dir, "mail.db"), path)
	peak := peakOf(t, cmd)
	took := time.Since(began)
	t.Logf("%d messages in %v, %.0f a second, in %d MiB", n, took.Round(time.Second), float64(n)/took.Seconds(), peak)
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

// bulk writes a mailbox of about so many bytes, in threads of seven messages.
func bulk(t *testing.T, size int64) (path string, messages int) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "bulk.mbox")
	file, err := os.Create(path)
	require.NoError(t, err)
	w := bufio.NewWriterSize(file, 1<<20)
	line := strings.Repeat("word%d and many more words about the harbour ", 2) + "\n"
	for written := int64(0); written < size; messages++ {
		i := messages
		refs := ""
		if root := i - i%7; root != i {
			refs = fmt.Sprintf("References: <%d@gen.example>\nIn-Reply-To: <%d@gen.example>\n", root, i-1)
		}
		head, err := fmt.Fprintf(w, "From p%[1]d@gen.example Mon Jun  5 10:00:00 2023\nMessage-ID: <%[2]d@gen.example>\nFrom: Person %[1]d <p%[1]d@gen.example>\n"+
			"To: me@gen.example\nDate: Mon, %[3]d Jan 2023 10:00:00 +0000\nSubject: Topic %[4]d\n%[5]s\n", i%500, i, 1+i%28, i/7, refs)
		require.NoError(t, err)
		written += int64(head)
		for j := range 10 + i%90 {
			more, err := fmt.Fprintf(w, line, i%997, j*i%9973)
			require.NoError(t, err)
			written += int64(more)
		}
		require.NoError(t, w.WriteByte('\n'))
		written++
	}
	require.NoError(t, w.Flush())
	require.NoError(t, file.Close())
	return path, messages
}
