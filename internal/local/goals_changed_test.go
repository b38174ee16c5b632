package local_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
)

// TestGoalsChanged: whoever is told finds the event that it is about, also those
// that come of the engine's own doing.
func TestGoalsChanged(t *testing.T) {
	told := make(chan struct{}, 100)
	f := start(t, local.Options{GoalsChanged: func() { told <- struct{}{} }})
	goal := call(t, f, attrove.CreateGoal, renewal())
	for _, want := range []string{"goals.created", "goals.evaluated"} { // one commit each
		select {
		case <-told:
		case <-time.After(time.Minute):
			require.Fail(t, "not told", want)
		}
		var seen []string
		for _, e := range call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{}).Data {
			assert.Equal(t, goal.ID, e.GoalID)
			seen = append(seen, e.EventType)
		}
		assert.Contains(t, seen, want)
	}
	call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "Nothing about any goal."})
	require.NoError(t, f.engine.Drain(t.Context()))
	assert.Empty(t, told, "nothing happened to a goal")
}
