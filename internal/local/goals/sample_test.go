package goals_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// story is one of the sample workspace's, as its package tells it, with a goal
// that a user would set for it.
type story struct {
	title    string
	criteria string
	people   []string // addresses
	keywords []string
	seed     string
	quiet    int
	health   attrove.Health
	owner    attrove.MoveOwner
	risk     attrove.RiskKind // one that must be among them; "" for any
}

func stories() map[string]story {
	return map[string]story{
		"osterveld": {title: "Osterveld renewal", criteria: "Renewal signed for 24 months", people: []string{"ruben.achterberg@osterveld.example"},
			keywords: []string{"Osterveld", "Q-1184"}, quiet: 5, health: attrove.HealthAtRisk, owner: attrove.MoveThem, risk: attrove.RiskSilence},
		"pellworth": {title: "Pellworth renewal", criteria: "Order form PW-2031 signed", people: []string{"adaeze.nwosu@pellworth.example", "tomas.brandl@pellworth.example"},
			keywords: []string{"Pellworth", "PW-2031"}, quiet: 7, health: attrove.HealthOnTrack, owner: attrove.MoveUs},
		"vanterre": {title: "Vanterre pilot starts", criteria: "The data protection addendum is signed", people: []string{"lucien.faure@vanterre.example", "i.brandt@vanterre.example"},
			keywords: []string{"Vanterre", "addendum"}, health: attrove.HealthBlocked, owner: attrove.MoveThem, risk: attrove.RiskBlocker},
		"corvane": {title: "Win Corvane back", people: []string{"btanner@corvane.example"},
			keywords: []string{"Corvane"}, health: attrove.HealthAtRisk, owner: attrove.MoveUs, risk: attrove.RiskChurn},
		"hiring": {title: "Hire Leonie Haas", criteria: "Offer accepted by Leonie", people: []string{"leonie.haas@inkpost.example"},
			keywords: []string{"Leonie", "scorecard"}, health: attrove.HealthWaitingOnHuman, owner: attrove.MoveUs},
		"fenwright": {title: "Fenwright reseller agreement", people: []string{"rory.quist@fenwright.example"},
			keywords: []string{"Fenwright"}, health: attrove.HealthInsufficientEvidence, owner: attrove.MoveAmbiguous},
		"osterveld by seed": {title: "Osterveld renewal", seed: "Osterveld renewal contract", quiet: 5,
			health: attrove.HealthAtRisk, owner: attrove.MoveThem, risk: attrove.RiskSilence},
		"pellworth by keyword": {title: "Pellworth renewal", keywords: []string{"Pellworth"}, health: attrove.HealthOnTrack, owner: attrove.MoveUs},
		"nothing":              {title: "Zeppelin", keywords: []string{"zeppelin"}, quiet: 5, health: attrove.HealthInsufficientEvidence, owner: attrove.MoveNone},
	}
}

// The stories of the sample workspace, at the beginning and at the end of a week.
func TestSampleStories(t *testing.T) {
	t.Parallel()
	for _, d := range []int{0, 6} {
		now := time.Date(2026, time.November, 16+d, 20, 0, 0, 0, time.UTC)
		t.Run(now.Weekday().String(), func(t *testing.T) {
			t.Parallel()
			w := workspace(t, now)
			for name, story := range stories() {
				t.Run(name, func(t *testing.T) {
					g := w.goal(t, story)
					got, err := w.evaluator.Evaluate(t.Context(), w.user, g, now)
					require.NoError(t, err)
					checkFinding(t, w.store, w.user, got)
					assert.Equal(t, story.health, got.Health, got.Summary)
					assert.Equal(t, story.owner, got.NextMove.Owner, got.NextMove.Description)
					if story.risk != "" {
						assert.Contains(t, kinds(got), story.risk)
					}
					again, err := w.evaluator.Evaluate(t.Context(), w.user, g, now)
					require.NoError(t, err)
					assert.Equal(t, got, again)
				})
			}
		})
	}
}

func kinds(f goals.Finding) (all []attrove.RiskKind) {
	for _, r := range f.Risks {
		all = append(all, r.Kind)
	}
	return all
}

// desk is the sample workspace in a store.
type desk struct {
	store     *store.Store
	user      store.User
	evaluator *goals.Evaluator
	now       time.Time
}

// workspace loads the sample as it is at now, through the engine.
func workspace(t *testing.T, now time.Time) desk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "attrove.db")
	engine := local.New(local.Options{Path: path, Now: func() time.Time { return now }, Me: sample.Me(), Name: sample.User().Name,
		Timezone: sample.User().Timezone, Sample: sample.Load})
	me, err := engine.LocalCaller(t.Context())
	require.NoError(t, err)
	require.NoError(t, engine.Close())
	s, err := store.Open(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	user, err := s.User(t.Context(), me.UserID)
	require.NoError(t, err)
	return desk{store: s, user: user, evaluator: goals.New(s, index.New(s)), now: now}
}

func (w desk) goal(t *testing.T, s story) store.Goal {
	t.Helper()
	g := store.Goal{ID: "gol_" + s.title, UserID: w.user.ID, Title: s.title, SuccessCriteria: s.criteria, Lifecycle: attrove.LifecycleActive,
		Scope: attrove.WatchScope{Keywords: s.keywords, SeedQuery: s.seed}, CreatedAt: w.now}
	for _, address := range s.people {
		found, err := w.store.Entities(t.Context(), w.user.ID, store.EntityFilter{Contains: address, Limit: 1})
		require.NoError(t, err)
		require.Len(t, found, 1, address)
		g.Scope.EntityIDs = append(g.Scope.EntityIDs, found[0].ID)
	}
	if s.quiet > 0 {
		g.Scope.SilenceCondition = &attrove.SilenceCondition{QuietAfterDays: s.quiet}
	}
	return g
}
