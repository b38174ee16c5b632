package sample_test

import (
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/openapi/openapitest"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

func TestGoalsShowTheStories(t *testing.T) {
	t.Parallel()
	for _, now := range []time.Time{
		time.Date(2026, time.November, 18, 20, 0, 0, 0, time.UTC), // a Wednesday
		time.Date(2026, time.March, 8, 6, 59, 0, 0, time.UTC),     // a Sunday, when clocks go forward
	} {
		t.Run(now.Weekday().String(), func(t *testing.T) {
			t.Parallel()
			logs := safetest.Log(t, io.Discard)
			engine := local.New(local.Options{Log: logs.Logger, Now: func() time.Time { return now }, Me: sample.Me(), Name: sample.User().Name,
				Timezone: sample.User().Timezone, Sample: sample.Load, SampleGoals: sample.Goals})
			t.Cleanup(func() { require.NoError(t, engine.Close()) })
			client, err := attrove.NewClient(attrove.ClientOptions{Transport: logs.Between(t, openapitest.Transport(t, engine.Transport()))})
			require.NoError(t, err)
			me, err := engine.LocalCaller(t.Context())
			require.NoError(t, err)
			w := board{t, client, me}
			w.shows(now)
			w.remembers()
		})
	}
}

// board is the sample's goals as a client sees them.
type board struct {
	*testing.T
	client *attrove.Client
	me     attrove.Caller
}

func ask[In, Out any](b board, op attrove.Operation[In, Out], in In) Out {
	b.Helper()
	reply, err := op.Call(b.Context(), b.client, b.me, in)
	require.NoError(b, err)
	out, err := reply.Value()
	require.NoError(b, err)
	return out
}

// shows compares the board with the stories that the package tells.
func (b board) shows(now time.Time) {
	type status struct {
		health attrove.Health
		owner  attrove.MoveOwner
	}
	got := map[string]status{}
	page := ask(b, attrove.ListGoals, attrove.GoalsIn{})
	for _, g := range page.Data {
		got[string(g.Title)] = status{g.Health, g.NextMove.Owner}
		assert.Equal(b, now.Format(time.RFC3339), string(*g.LastEvaluatedAt))
	}
	assert.Equal(b, map[string]status{
		"Osterveld renewal":            {attrove.HealthAtRisk, attrove.MoveThem},
		"Pellworth renewal":            {attrove.HealthOnTrack, attrove.MoveUs},
		"Vanterre pilot starts":        {attrove.HealthBlocked, attrove.MoveThem},
		"Win Corvane back":             {attrove.HealthAtRisk, attrove.MoveUs},
		"Hire Leonie Haas":             {attrove.HealthWaitingOnHuman, attrove.MoveUs},
		"Fenwright reseller agreement": {attrove.HealthInsufficientEvidence, attrove.MoveAmbiguous},
	}, got)
	assert.EqualValues(b, "Fenwright reseller agreement", page.Data[5].Title, "nothing changed there since the user last looked")
}

// remembers checks that the goals have a history.
func (b board) remembers() {
	for _, g := range ask(b, attrove.ListGoals, attrove.GoalsIn{}).Data {
		history := ask(b, attrove.ListGoalSnapshots, attrove.SnapshotsIn{GoalRef: attrove.GoalRef{GoalID: g.ID}}).Data
		assert.Greater(b, len(history), 1, g.Title)
		assert.Equal(b, g.Health, history[0].Health)
		if g.Health == attrove.HealthAtRisk || g.Health == attrove.HealthBlocked {
			assert.Equal(b, attrove.HealthOnTrack, history[len(history)-1].Health, "%s began well", g.Title)
		}
		assert.NotEmpty(b, ask(b, attrove.GetGoalEvidence, attrove.GoalRef{GoalID: g.ID}).CitedInLatestSnapshot, g.Title)
	}
	for _, e := range ask(b, attrove.ListGoalEvents, attrove.GoalEventsIn{Types: []string{"goals.created"}}).Data {
		assert.Less(b, string(e.OccurredAt), string(ask(b, attrove.GetGoal, attrove.GoalRef{GoalID: e.GoalID}).LastSnapshot.CreatedAt))
	}
}
