package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

var noon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

// kept is a goal in a database of its own.
type kept struct {
	*testing.T
	path string
	store.Goal
}

func newKept(t *testing.T) kept {
	t.Helper()
	k := kept{T: t, path: filepath.Join(t.TempDir(), "a.db"), Goal: store.Goal{ID: "gol_1", UserID: "u", Title: "T",
		Lifecycle: attrove.LifecycleActive, LifecycleVersion: 1, Health: attrove.HealthInsufficientEvidence, CreatedAt: noon, UpdatedAt: noon}}
	s := k.open()
	require.NoError(t, s.CreateUser(t.Context(), store.User{ID: "u", Email: "u@example.com", CreatedAt: noon, UpdatedAt: noon}, []byte("key")))
	require.NoError(t, s.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveGoal(k.Goal) }))
	return k
}

func (k kept) open() *store.Store {
	k.Helper()
	s, err := store.Open(k.Context(), k.path)
	require.NoError(k, err)
	k.Cleanup(func() { require.NoError(k, s.Close()) })
	return s
}

// keep has a keeper keep the goal as another process would.
func (k kept) keep(how evaluate) (*store.Store, *keeper) {
	k.Helper()
	s := k.open()
	keeper := startKeeper(k.Context(), keeper{store: s, evaluate: how, now: func() time.Time { return noon }, log: safetest.Log(k, io.Discard).Logger})
	k.Cleanup(keeper.stop)
	return s, keeper
}

func (k kept) ask(s *store.Store) {
	k.Helper()
	require.NoError(k, s.Write(k.Context(), func(tx *store.Tx) error {
		_, err := tx.Evaluate(store.Evaluation{UserID: k.UserID, GoalID: k.ID, Asked: true, At: noon, RunAt: time.Now()})
		return err
	}))
}

// wait returns the goal once nothing is to be evaluated any more.
func (k kept) wait(s *store.Store, by *keeper) store.GoalState {
	k.Helper()
	require.NoError(k, by.worker.Wait(k.Context(), func() (bool, error) {
		n, err := s.Pending(k.Context(), store.QueueGoals, k.UserID, 1)
		return n == 0, err
	}))
	state, err := s.GoalState(k.Context(), k.UserID, k.ID)
	require.NoError(k, err)
	return state
}

// found makes findings that differ from each other.
func found(n int32) goals.Finding {
	return goals.Finding{Health: attrove.HealthOnTrack, Cited: []attrove.EvidenceRef{{Type: "message", ID: fmt.Sprint("msg_", n)}}}
}

func TestFailedEvaluationIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fails    int32
		how      func() error
		status   string
		attempts int32
	}{
		"twice":     {2, func() error { return errors.New("secret reason") }, "completed", 3},
		"always":    {1000, func() error { return errors.New("secret reason") }, "failed", 3},
		"full disk": {1, func() error { return store.ErrFull }, "completed", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKept(t)
			var attempts atomic.Int32
			s, keeper := k.keep(func(context.Context, store.User, store.Goal, time.Time) (goals.Finding, error) {
				n := attempts.Add(1)
				if n <= c.fails {
					return goals.Finding{}, c.how()
				}
				return found(n), nil
			})
			k.ask(s)
			state := k.wait(s, keeper)
			assert.Equal(t, c.attempts, attempts.Load())
			assert.Equal(t, c.status, state.Run.Status)
			assert.Equal(t, noon, state.Run.FinishedAt)
			assert.Equal(t, c.status == "failed", state.Run.Error != "")
			assert.Equal(t, c.status == "failed", state.Snapshot == nil)
			assert.NotContains(t, state.Run.Error, "secret")
		})
	}
}

// TestClosedMeanwhile: an evaluation that a command overtakes finds nothing.
func TestClosedMeanwhile(t *testing.T) {
	t.Parallel()
	k := newKept(t)
	other := k.open()
	s, keeper := k.keep(func(ctx context.Context, _ store.User, g store.Goal, _ time.Time) (goals.Finding, error) {
		g.Lifecycle = attrove.LifecycleArchived
		return found(1), other.Write(ctx, func(tx *store.Tx) error { return tx.SaveGoal(g) })
	})
	k.ask(s)
	state := k.wait(s, keeper)
	assert.Nil(t, state.Snapshot)
	assert.Equal(t, "failed", state.Run.Status)
	assert.Contains(t, state.Run.Error, "archived")
	assert.Equal(t, attrove.LifecycleArchived, state.Lifecycle)
}

// TestAskedWhileRunning: what was asked after an evaluation had begun gets another
// one, and what waits gets no second.
func TestAskedWhileRunning(t *testing.T) {
	t.Parallel()
	k := newKept(t)
	begun, goOn := make(chan struct{}, 10), make(chan struct{})
	var n atomic.Int32
	s, keeper := k.keep(func(context.Context, store.User, store.Goal, time.Time) (goals.Finding, error) {
		begun <- struct{}{}
		<-goOn
		return found(n.Add(1)), nil
	})
	k.ask(s)
	<-begun
	state, err := s.GoalState(t.Context(), k.UserID, k.ID)
	require.NoError(t, err)
	assert.Equal(t, "running", state.Run.Status)
	for range 3 {
		k.ask(s)
	}
	close(goOn)
	state = k.wait(s, keeper)
	assert.EqualValues(t, 2, n.Load())
	assert.Equal(t, "completed", state.Run.Status)
	assert.Equal(t, "msg_2", state.Snapshot.Body.CitedEvidenceRefs[0].ID)
}

// TestSeveralKeepers: each evaluation is concluded once, whoever is at work.
func TestSeveralKeepers(t *testing.T) {
	t.Parallel()
	k := newKept(t)
	var n atomic.Int32
	how := func(context.Context, store.User, store.Goal, time.Time) (goals.Finding, error) {
		return found(n.Add(1)), nil
	}
	s, first := k.keep(how)
	_, second := k.keep(how)
	const runs = 12
	for range runs {
		k.ask(s)
		first.nudge()
		second.nudge()
		assert.Equal(t, "completed", k.wait(s, first).Run.Status)
	}
	assert.EqualValues(t, runs, n.Load())
	snapshots, err := s.Snapshots(t.Context(), k.ID, nil, 100)
	require.NoError(t, err)
	assert.Len(t, snapshots, runs)
	events, err := s.GoalEvents(t.Context(), k.UserID, store.GoalEventFilter{Types: []string{store.EventEvaluated}, Limit: 100})
	require.NoError(t, err)
	assert.Len(t, events, runs)
}

// TestDeadKeeper: what a process that died had begun is done by another one.
func TestDeadKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKept(t)
		dead := k.open()
		k.ask(dead)
		begun := time.Now()
		claimed, err := dead.Claim(t.Context(), store.Claim{Queue: store.QueueGoals, Owner: "dead", Due: begun, Now: begun, Until: begun.Add(time.Minute), Limit: 1})
		require.NoError(t, err)
		require.Len(t, claimed, 1)
		s, keeper := k.keep(func(context.Context, store.User, store.Goal, time.Time) (goals.Finding, error) { return found(1), nil })
		assert.Equal(t, "completed", k.wait(s, keeper).Run.Status)
		assert.GreaterOrEqual(t, time.Since(begun), time.Minute)
		err = dead.Write(t.Context(), func(tx *store.Tx) error { return tx.Finish(claimed[0], "dead") })
		require.ErrorIs(t, err, store.ErrLeaseLost, "whoever comes back cannot do it again")
	})
}

// TestDueOnce: of several processes one queues what is due.
func TestDueOnce(t *testing.T) {
	t.Parallel()
	k := newKept(t)
	s := k.open()
	k.NextLookAt = noon
	require.NoError(t, s.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveGoal(k.Goal) }))
	total := 0
	for _, one := range []*store.Store{s, k.open(), k.open()} {
		n, err := one.EvaluateDue(t.Context(), "", noon, noon.Add(maxLookAge), time.Now())
		require.NoError(t, err)
		total += n
	}
	assert.Equal(t, 1, total)
	n, err := s.EvaluateDue(t.Context(), "", noon.Add(-time.Second), noon, time.Now())
	require.NoError(t, err)
	assert.Zero(t, n)
}
