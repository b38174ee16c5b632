package importer

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// forgetful is an upstream that has had messages kept out that name somebody, and
// others removed that it once took. It returns the options of its import, too.
func forgetful(t *testing.T) (*upstream, Options) {
	t.Helper()
	const zoe = "Greetings from Zoe@Example.com,"
	up := newUpstream()
	up.fail = func(_ int, msg attrove.PushMessageIn) error {
		if msg.ExternalID == "1@example.com" {
			return &attrove.Error{Code: attrove.CodeExcluded, Status: 422, Message: "forgotten"}
		}
		return nil
	}
	o := options(t, up, write(t, "box.mbox", message(0, "Topic", zoe)+message(1, "Topic", zoe)+message(2, "Topic", "Not of zoe@example.community")+
		message(3, "Topic", zoe)))
	sum := run1(t, o)
	require.Equal(t, 3, sum.New())
	require.Equal(t, 1, sum.LeftOut())
	up.fail, up.calls = nil, 0
	clear(up.kept)
	return up, o
}

func TestRecall(t *testing.T) {
	up, o := forgetful(t)
	require.NoError(t, Recall(o.StateDir, o.Target, []string{"zoe@example.com"}))
	require.NoError(t, Recall(o.StateDir, o.Target, []string{"zoe@example.com", "eve@example.com"}))
	require.NoError(t, Recall(o.StateDir, "another", []string{"ada@example.com"}))

	appendTo(t, o.Paths[0], message(4, "Topic", "Zoe@Example.com")) // which no import has seen
	up.fail = func(call int, _ attrove.PushMessageIn) error {
		if call == 2 {
			return &attrove.Error{Code: attrove.CodeStorageFull, Status: 507, Message: "no room"}
		}
		return nil
	}
	o.Concurrency = 1
	_, err := Run(t.Context(), o)
	require.ErrorContains(t, err, "make room first")
	up.fail = nil
	sum := run1(t, o)
	assert.Equal(t, []int{4, 1, 0, 0}, []int{sum.New(), sum.Known, sum.LeftOut(), sum.Failed}, "what was broken off is done again")
	assert.ElementsMatch(t, []string{"0@example.com", "1@example.com", "3@example.com", "4@example.com"}, slices.Collect(maps.Keys(up.kept)))
	assert.Equal(t, 6, up.calls)
	sum = run1(t, o)
	assert.Equal(t, []int{0, 5, 0, 0}, []int{sum.New(), sum.Known, sum.LeftOut(), sum.Failed})
}

func TestRecallOfWhatIsStillKeptOut(t *testing.T) {
	up, o := forgetful(t)
	require.NoError(t, Recall(o.StateDir, o.Target, []string{"zoe@example.com"}))
	up.fail = func(_ int, msg attrove.PushMessageIn) error {
		switch msg.ExternalID {
		case "0@example.com":
			return &attrove.Error{Code: "BAD", Status: 400, Message: "refused"}
		case "1@example.com":
			return &attrove.Error{Code: attrove.CodeExcluded, Status: 422, Message: "forgotten"}
		}
		return nil
	}
	sum := run1(t, o)
	assert.Equal(t, []int{1, 1, 1, 1}, []int{sum.New(), sum.Known, sum.LeftOut(), sum.Failed})
	up.fail = nil
	sum = run1(t, o)
	assert.Equal(t, []int{1, 2, 1, 0}, []int{sum.New(), sum.Known, sum.LeftOut(), sum.Failed}, "what was refused is tried again")
}

// TestRecallWithSpam: what an import without spam knows comes back with it, too.
func TestRecallWithSpam(t *testing.T) {
	up, o := forgetful(t)
	require.NoError(t, Recall(o.StateDir, o.Target, []string{"zoe@example.com"}))
	o.IncludeSpam = true
	assert.Equal(t, 3, run1(t, o).New())
	assert.Len(t, up.kept, 3)
}

func TestUnrecall(t *testing.T) {
	up, o := forgetful(t)
	require.NoError(t, Unrecall(o.StateDir, o.Target, []string{"zoe@example.com"}), "nothing is to be taken back")
	require.NoError(t, Recall(o.StateDir, o.Target, []string{"zoe@example.com", "eve@example.com"}))
	require.NoError(t, Unrecall(o.StateDir, o.Target, []string{"zoe@example.com"}))
	assert.Zero(t, run1(t, o).New())
	assert.Empty(t, up.kept)
}

func TestNames(t *testing.T) {
	for text, want := range map[string]bool{
		"zoe@example.com": true, "<zoe@example.com>, x": true, "zoe@example.community": false, "zoe@example.com2 and zoe@example.com.": true,
		"slack:u1": false, "": false,
	} {
		assert.Equal(t, want, names(text, "zoe@example.com"), text)
	}
	assert.False(t, names(strings.ToLower("slack:U12"), "slack:u1"))
	assert.True(t, names(strings.ToLower(`{"sender_id":"slack:U1"}`), "slack:u1"))
}
