package local_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/endpoint"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/model"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// phraser is a model behind a server of its own. In what it says, ID is the id of
// what is cited first.
type phraser struct {
	*model.Client
	mu    sync.Mutex
	says  string // "" fails
	calls int
}

func newPhraser(t *testing.T, says string) *phraser {
	t.Helper()
	p := &phraser{says: says}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.calls++
		var asked struct{ Messages []struct{ Content string } }
		var facts struct{ Cited []attrove.EvidenceRef }
		if p.says == "" || json.NewDecoder(r.Body).Decode(&asked) != nil || json.Unmarshal([]byte(asked.Messages[1].Content), &facts) != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"choices":[{"message":{"content":%q}}]}`, strings.ReplaceAll(p.says, "ID", facts.Cited[0].ID))
	}))
	t.Cleanup(server.Close)
	client, err := model.New(endpoint.Options{URL: server.URL, Name: "small"})
	require.NoError(t, err)
	p.Client = client
	return p
}

func (p *phraser) asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}

// last is what the last evaluation of a goal found.
func last(t *testing.T, f fixture, ref attrove.GoalRef) attrove.Snapshot {
	t.Helper()
	g := call(t, f, attrove.GetGoal, ref)
	require.NotNil(t, g.LastSnapshot)
	return *g.LastSnapshot
}

// TestModelPhrasesTheSummary and nothing else: the facts are those without it.
func TestModelPhrasesTheSummary(t *testing.T) {
	o := options()
	o.Path = filepath.Join(t.TempDir(), "a.db")
	f := start(t, o)
	id := mail(t, f, promise, now.Add(-day))
	ref := attrove.GoalRef{GoalID: call(t, f, attrove.CreateGoal, renewal()).ID}
	rules := last(t, f, ref)
	assert.Empty(t, rules.PhrasedBy)
	require.NoError(t, f.engine.Close())

	p := newPhraser(t, "Jan will send you the contract. [ID]")
	o.Phraser = p
	f = start(t, o)
	call(t, f, attrove.EvaluateGoal, ref)
	phrased := last(t, f, ref)
	assert.Equal(t, 1, p.asked())
	assert.EqualValues(t, "Jan will send you the contract ["+id+"].", phrased.Summary)
	assert.Equal(t, "small", phrased.PhrasedBy)
	require.NotEqual(t, rules.ID, phrased.ID)
	phrased.ID, phrased.Summary, phrased.PhrasedBy = rules.ID, rules.Summary, ""
	assert.Equal(t, rules, phrased)

	reply, err := attrove.GetGoal.Call(t.Context(), f.client, f.me, ref)
	require.NoError(t, err)
	var coverage attrove.Coverage
	require.NoError(t, json.Unmarshal([]byte(reply.Header.Get(attrove.CoverageHeader)), &coverage))
	assert.Equal(t, p.Host(), coverage.Model)
}

// TestRulesWordsStand where the model's cannot be used, of which nothing is logged.
func TestRulesWordsStand(t *testing.T) {
	for name, says := range map[string]string{
		"fails": "", "invents an id": "Mallory owns it [msg_x].", "cites nothing": "Mallory owns it.",
		"too long": strings.Repeat("Mallory ", 200) + "[ID].", "a URL": "Mallory is at https://mallory.example [ID].", "nothing": " ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			o, p := options(), newPhraser(t, says)
			o.Phraser = p
			f := start(t, o, &log)
			mail(t, f, promise, now.Add(-day))
			ref := attrove.GoalRef{GoalID: call(t, f, attrove.CreateGoal, renewal()).ID}
			got := last(t, f, ref)
			assert.Contains(t, got.Summary, "Open: Jan Osterveld")
			assert.Empty(t, got.PhrasedBy)
			assert.Equal(t, 1, p.asked())
			require.NoError(t, f.engine.Close())
			assert.Contains(t, log.String(), "the rules' stands")
			assert.NotContains(t, strings.ToLower(log.String()), "mallory")
			assert.NotContains(t, log.String(), "signed contract")
		})
	}
}

// TestModelIsAskedForNews: the daily look costs nothing, and words that time makes
// wrong do not stay.
func TestModelIsAskedForNews(t *testing.T) {
	for name, c := range map[string]struct {
		says  string
		stays bool
	}{"lasting": {"Jan will send the contract [ID].", true}, "of the day": {"Jan promised it yesterday [ID].", false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, p := options(), newPhraser(t, c.says)
			o.Phraser = p
			f, clock := startClocked(t, o)
			mail(t, f, promise, now.Add(-day))
			ref := attrove.GoalRef{GoalID: call(t, f, attrove.CreateGoal, renewal()).ID}
			first := last(t, f, ref)
			require.Equal(t, "small", first.PhrasedBy)
			clock.forward(day)
			later := last(t, f, ref)
			require.NotEqual(t, first.ID, later.ID)
			assert.Equal(t, 1, p.asked())
			assert.Equal(t, c.stays, first.Summary == later.Summary)
			assert.Equal(t, c.stays, later.PhrasedBy != "")

			call(t, f, attrove.EvaluateGoal, ref)
			assert.Equal(t, "small", last(t, f, ref).PhrasedBy)
			assert.Equal(t, 2, p.asked(), "the user asked")
			mail(t, f, "Good news: I have sent you the contract.", clock.now())
			assert.Equal(t, "small", last(t, f, ref).PhrasedBy)
			assert.Equal(t, 3, p.asked(), "there is news")
		})
	}
}

// stuck is a model that never answers.
type stuck struct{ asked chan struct{} }

func (stuck) Name() string { return "stuck" }
func (stuck) Host() string { return "models.example" }
func (s stuck) Phrase(ctx context.Context, _ goals.Finding) (string, error) {
	close(s.asked)
	<-ctx.Done()
	return "", ctx.Err()
}
func (stuck) Answer(context.Context, model.Question) (string, error) { return "", errors.New("stuck") }

// TestFactsDoNotWait: what the rules found is kept also when the process ends
// while the model is thinking.
func TestFactsDoNotWait(t *testing.T) {
	o, model := options(), stuck{asked: make(chan struct{})}
	o.Path, o.Phraser = filepath.Join(t.TempDir(), "a.db"), model
	f := start(t, o)
	mail(t, f, promise, now.Add(-day))
	ref := attrove.GoalRef{GoalID: call(t, f, attrove.CreateGoal, renewal()).ID}
	<-model.asked
	require.NoError(t, f.engine.Close())

	beside, err := store.Open(t.Context(), o.Path)
	require.NoError(t, err)
	defer func() { require.NoError(t, beside.Close()) }()
	state, err := beside.GoalState(t.Context(), f.me.UserID, ref.GoalID)
	require.NoError(t, err)
	require.NotNil(t, state.Snapshot)
	assert.Contains(t, state.Snapshot.Body.Summary, "Open: Jan Osterveld")
	assert.Empty(t, state.Snapshot.Body.PhrasedBy)
}

// TestModelIsNotAskedForNothing: not of goals without evidence, nor of the sample's
// past.
func TestModelIsNotAskedForNothing(t *testing.T) {
	p := newPhraser(t, "Fine [ID].")
	f := start(t, local.Options{Now: func() time.Time { return now }, Me: sample.Me(), Name: sample.User().Name,
		Timezone: sample.User().Timezone, Sample: sample.Load, SampleGoals: sample.Goals, Phraser: p})
	list := call(t, f, attrove.ListGoals, attrove.GoalsIn{})
	require.NotEmpty(t, list.Data)
	goal := call(t, f, attrove.CreateGoal, attrove.CreateGoalIn{Title: "T", WatchScope: attrove.WatchScope{Keywords: []string{"zzyzx"}}})
	assert.Empty(t, last(t, f, attrove.GoalRef{GoalID: goal.ID}).PhrasedBy)
	assert.Zero(t, p.asked())
}
