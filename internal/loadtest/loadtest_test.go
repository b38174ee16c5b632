package loadtest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/loadtest"
)

// open builds the product and the helpers, without the race detector that tests
// may run under, and starts them.
func open(tb testing.TB, modern bool) *loadtest.Scene {
	tb.Helper()
	if runtime.GOOS != "linux" {
		tb.Skip("the CPU time of other processes is only known on Linux")
	}
	dir := tb.TempDir()
	out, err := exec.CommandContext(tb.Context(), "go", "build", "-o", dir, "../../cmd/attrove-mcp", "./cmd/loadtest").CombinedOutput()
	require.NoError(tb, err, "%s", out)
	scene, err := loadtest.Open(tb.Context(), loadtest.Setting{
		Product: filepath.Join(dir, "attrove-mcp"), Helper: filepath.Join(dir, "loadtest"), Modern: modern})
	require.NoError(tb, err)
	tb.Cleanup(scene.Close)
	return scene
}

// BenchmarkCompare prints what the product takes beside others, in turns:
// ATTROVE_LOADTEST_ROUNDS and ATTROVE_LOADTEST_CALLS make it longer.
func BenchmarkCompare(b *testing.B) {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	for name, modern := range map[string]bool{"2025-11-25": false, "2026-07-28": true} {
		b.Run(name, func(b *testing.B) {
			scene := open(b, modern)
			plan := loadtest.Plan{Rounds: number("ATTROVE_LOADTEST_ROUNDS", 3), Calls: number("ATTROVE_LOADTEST_CALLS", 2000), Callers: []int{1, 16, 64}}
			for b.Loop() {
				rows, err := loadtest.Compare(b.Context(), plan, scene.Minimal, scene.Product, scene.Hop, scene.Direct)
				require.NoError(b, err)
				require.NoError(b, loadtest.Print(b.Output(), rows))
				for _, row := range rows {
					if row.Target == scene.Product.Name && row.Callers == 16 {
						b.ReportMetric(row.Ratio, "ratio")
						b.ReportMetric(row.PerThousand(), "CPU-s/1k")
					}
				}
			}
		})
	}
}

func TestTheUpstreamAnswers4KB(t *testing.T) {
	h, err := loadtest.Upstream(0)
	require.NoError(t, err)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/users/usr_1/messages", http.NoBody))
	body, err := io.ReadAll(w.Result().Body)
	require.NoError(t, err)
	assert.InDelta(t, 4<<10, len(body), 200)
}
