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

// built is the product and the helpers, without the race detector that tests may
// run under.
func built(tb testing.TB) loadtest.Setting {
	tb.Helper()
	if runtime.GOOS != "linux" {
		tb.Skip("the CPU time of other processes is only known on Linux")
	}
	dir := tb.TempDir()
	out, err := exec.CommandContext(tb.Context(), "go", "build", "-o", dir, "../../cmd/attrove-mcp", "./cmd/loadtest").CombinedOutput()
	require.NoError(tb, err, "%s", out)
	return loadtest.Setting{Product: filepath.Join(dir, "attrove-mcp"), Helper: filepath.Join(dir, "loadtest")}
}

func open(tb testing.TB, s loadtest.Setting, modern bool) *loadtest.Scene {
	tb.Helper()
	s.Modern = modern
	scene, err := loadtest.Open(tb.Context(), s)
	require.NoError(tb, err)
	tb.Cleanup(scene.Close)
	return scene
}

// most is the share of the minimal server's CPU time that the product may take in a
// quick run beside other tests; a long one shows less.
const most = 0.75

// mostKB is the memory that an open stream may take, garbage included.
const mostKB = 80

func TestTheProductIsCheap(t *testing.T) {
	setting := built(t)
	for name, modern := range map[string]bool{"calls of 2025-11-25": false, "calls of 2026-07-28": true} {
		t.Run(name, func(t *testing.T) {
			scene := open(t, setting, modern)
			rows, err := loadtest.Compare(t.Context(), loadtest.Plan{Rounds: 3, Calls: 800, Callers: []int{16}}, scene.Minimal, scene.Product)
			require.NoError(t, err)
			assert.Less(t, rows[1].Ratio, most, "%+v", rows)
		})
	}
	t.Run("streams", func(t *testing.T) {
		streams, err := loadtest.OpenStreams(t.Context(), setting, 50, number("ATTROVE_LOADTEST_STREAMS", 500))
		require.NoError(t, err)
		defer streams.Close()
		for range 2 {
			took, err := streams.Nudge(t.Context())
			require.NoError(t, err)
			each, err := streams.Each()
			require.NoError(t, err)
			t.Logf("all were told in %s; %d bytes each", took, each)
			assert.Less(t, each, int64(mostKB<<10))
		}
	})
}

// number is what the environment says, or otherwise.
func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// BenchmarkCompare prints what the product takes beside others, in turns:
// ATTROVE_LOADTEST_ROUNDS and ATTROVE_LOADTEST_CALLS make it longer.
func BenchmarkCompare(b *testing.B) {
	setting := built(b)
	for name, modern := range map[string]bool{"2025-11-25": false, "2026-07-28": true} {
		b.Run(name, func(b *testing.B) {
			scene := open(b, setting, modern)
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
