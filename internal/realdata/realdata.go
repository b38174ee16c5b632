// Package realdata finds the real mail, calendars and transcripts that tests
// read. They belong to their writers, so they lie beside the repository, in
// ../shared/data, and never in it.
package realdata

import (
	"os"
	"path/filepath"
	"testing"
)

// Dir returns the path of elem below the shared data directory. Where that does
// not exist it skips the test, and says so.
func Dir(tb testing.TB, elem ...string) string {
	tb.Helper()
	wd, err := os.Getwd()
	if err != nil {
		tb.Fatalf("find the working directory: %v", err)
	}
	root, ok := moduleRoot(wd)
	if !ok {
		tb.Fatalf("no go.mod in %s or above it", wd)
	}
	path := filepath.Join(append([]string{root, "..", "shared", "data"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("needs the shared test data, which is not there: %v", err)
	}
	return path
}

func moduleRoot(dir string) (string, bool) {
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}
