package importer

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

func TestGoesOnWhereItStopped(t *testing.T) {
	const n = 800
	up := newUpstream()
	up.fail = func(call int, _ attrove.PushMessageIn) error {
		if call%300 == 0 {
			return &attrove.Error{Code: attrove.CodeStorageFull, Status: 507, Message: "no room"}
		}
		return nil
	}
	o := options(t, up, box(t, n))
	stops := 0
	for {
		sum, err := Run(t.Context(), o)
		if err == nil {
			assert.Equal(t, n, sum.New()+sum.Known)
			break
		}
		require.ErrorContains(t, err, "make room first")
		require.ErrorContains(t, err, "run the same command again")
		stops++
	}
	assert.Positive(t, stops)
	assert.Len(t, up.kept, n)
	assert.Less(t, up.calls, n+stops*(1+maxAhead), "only what was under way is pushed twice")
}

func TestSurvivesLosingItsLastNotes(t *testing.T) {
	// A killed process leaves the state as it was last kept, here not at all.
	const n = 600
	up := newUpstream()
	ctx, cancel := context.WithCancel(t.Context())
	up.fail = func(call int, _ attrove.PushMessageIn) error {
		if call == 400 {
			cancel()
		}
		return nil
	}
	o := options(t, up, box(t, n))
	_, err := Run(ctx, o)
	require.Error(t, err)
	require.NoError(t, os.RemoveAll(o.StateDir))
	sum := run1(t, o)
	assert.Equal(t, n, sum.New())
	assert.Len(t, up.kept, n)
}

// A process that is killed leaves no more behind than what it last noted.
func TestProgressIsKeptOnTheWay(t *testing.T) {
	const n = 40
	path, err := resolve(box(t, n))
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		up := newUpstream()
		o := options(t, up, path)
		o.Concurrency = 1
		var kept state
		up.fail = func(call int, _ attrove.PushMessageIn) error {
			time.Sleep(saveInterval / 8)
			if call == n {
				raw, err := os.ReadFile(newStateFile(o, path).name())
				require.NoError(t, err)
				kept, _ = decodeState(raw)
			}
			return nil
		}
		run1(t, o)
		assert.Greater(t, kept.Items, n-2*8)
		assert.Less(t, kept.Items, n)
		assert.NotEmpty(t, kept.Mark)
	})
}

func TestFileThatGrew(t *testing.T) {
	up := newUpstream()
	path := box(t, 3)
	o := options(t, up, path)
	run1(t, o)

	appendTo(t, path, message(3, "New", "Text"))
	sum := run1(t, o)
	assert.Equal(t, 1, sum.New())
	assert.Equal(t, 3, sum.Known)

	// While a message is being delivered its file ends in the middle of it.
	cut := message(4, "Cut", "Text")
	appendTo(t, path, cut[:len(cut)-4])
	run1(t, o)
	appendTo(t, path, cut[len(cut)-4:]+"more\n\n"+message(5, "After", "Text"))
	sum = run1(t, o)
	assert.Equal(t, 2, sum.New(), "the completed one again, and the one behind it")
	assert.Equal(t, "Text 4\n\nmore", up.kept["4@example.com"].BodyText)
	assert.Len(t, up.kept, 6)
}

func TestFileThatChanged(t *testing.T) {
	for name, other := range map[string]string{"a shorter one": messages(7, 8), "one as long": messages(7, 10), "a longer one": messages(3, 9)} {
		t.Run(name, func(t *testing.T) {
			up := newUpstream()
			path := box(t, 3)
			o := options(t, up, path)
			seen := &notes{}
			o.Reporter = seen
			run1(t, o)
			require.NoError(t, os.WriteFile(path, []byte(other), 0o600))
			assert.Equal(t, strings.Count(other, "Subject:"), run1(t, o).New())
			require.Len(t, seen.lines, 1)
			assert.Contains(t, seen.lines[0], "not what was imported before")
		})
	}
}

func TestProgressIsKeptPerTargetAndPrivate(t *testing.T) {
	up := newUpstream()
	o := options(t, up, box(t, 2))
	run1(t, o)
	o.Target = "another"
	assert.Equal(t, 2, run1(t, o).New())
	entries, err := os.ReadDir(o.StateDir)
	require.NoError(t, err)
	require.Len(t, entries, 2)
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		// Notes that a crash or a person damaged cost time, nothing else.
		require.NoError(t, os.WriteFile(filepath.Join(o.StateDir, e.Name()), []byte("{damaged"), 0o600))
	}
	assert.Equal(t, 2, run1(t, o).New())
}
