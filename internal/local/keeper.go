package local

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/jobs"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	maxLookAge     = 24 * time.Hour // an active goal is looked at that often, whatever happens
	dueTick        = time.Second    // how often it is asked which goals are due
	maxEvaluations = 3              // attempts of one that fails
)

// evaluate is goals.Evaluator's way to find out how a goal does.
type evaluate func(context.Context, store.User, store.Goal, time.Time) (goals.Finding, error)

// keeper keeps goals evaluated: when somebody asks, when something arrives that
// concerns them, and when time alone may change how they do. Any number of
// processes may keep the same goals.
type keeper struct {
	store    *store.Store
	evaluate evaluate
	now      func() time.Time
	phraser  Phraser // nil leaves it to the rules' words
	log      zerolog.Logger
	worker   *jobs.Worker
	stop     func()
	asked    *atomic.Pointer[time.Time] // by now, when it was last asked what is due
}

// startKeeper returns a keeper that is at work until it is stopped. What fell due
// while nobody kept the goals it does first.
func startKeeper(ctx context.Context, k keeper) *keeper {
	ctx, cancel := context.WithCancel(ctx)
	k.asked = &atomic.Pointer[time.Time]{}
	// Jobs run by the real clock: one that failed is to be tried again soon, also
	// where the engine's clock stands still.
	k.worker = jobs.Start(ctx, jobs.Options{Store: k.store, Queue: store.QueueGoals, Log: k.log, Handle: k.handle, Batch: 16})
	var watching sync.WaitGroup
	watching.Go(func() { k.watch(ctx) })
	k.stop = func() {
		cancel()
		watching.Wait()
		k.worker.Stop()
	}
	return &k
}

// watch queues what falls due.
func (k *keeper) watch(ctx context.Context) {
	tick := time.NewTicker(dueTick)
	defer tick.Stop()
	for {
		if err := k.due(ctx, ""); err != nil && ctx.Err() == nil {
			k.log.Warn().Err(err).Msg("cannot queue due evaluations; trying again")
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// due queues the evaluations of a user that are due, or for "" everybody's. The
// first time, and whenever the clock was set back, that is also what was found or
// planned by a clock that was ahead.
func (k *keeper) due(ctx context.Context, userID string) error {
	now := k.now()
	if before := k.asked.Load(); before == nil || before.Sub(now) > dueTick {
		if err := k.store.PlanAnew(ctx, now, now.Add(maxLookAge)); err != nil {
			return err
		}
	}
	k.asked.Store(&now)
	n, err := k.store.EvaluateDue(ctx, userID, now, now.Add(maxLookAge), time.Now())
	if n > 0 {
		k.nudge()
	}
	return err
}

// nudge says that there is something to evaluate.
func (k *keeper) nudge() { k.worker.Nudge() }

// settle gives a user's evaluations the chance to end. While much is being
// pushed there is always another one, which nobody should wait for.
func (k *keeper) settle(ctx context.Context, userID string) {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	pushed, err := k.store.Pending(ctx, store.QueueIngest, userID, settleQueue+1)
	if err != nil || pushed > settleQueue {
		return
	}
	_ = k.finish(ctx, userID) // what goes wrong is the worker's to tell
}

// finish waits until a user's evaluations have ended, those that are due as well.
func (k *keeper) finish(ctx context.Context, userID string) error {
	now := time.Now()
	if err := errors.Join(k.due(ctx, userID), k.store.HurryEvaluations(ctx, userID, now)); err != nil {
		return err
	}
	return k.worker.Wait(ctx, func() (bool, error) {
		some, err := k.store.Evaluating(ctx, userID, now)
		return !some, err
	})
}

// handle is the queue's jobs.Handler.
func (k *keeper) handle(ctx context.Context, owner string, jobs []store.Job) {
	for _, job := range jobs {
		err := ctx.Err()
		if err == nil {
			err = k.run(ctx, owner, job)
		}
		if err == nil || errors.Is(err, store.ErrLeaseLost) { // done, by us or another
			continue
		}
		if err := k.postpone(context.WithoutCancel(ctx), owner, job, err); err != nil && !errors.Is(err, store.ErrLeaseLost) {
			k.log.Error().Err(err).Str("goal", job.Lane).Msg("cannot postpone an evaluation")
		}
	}
}

// run does one evaluation, whose outcome and whose end are one transaction:
// whatever happens, it happens once.
func (k *keeper) run(ctx context.Context, owner string, job store.Job) error {
	if job.Attempts > maxEvaluations {
		return k.fail(ctx, owner, job, "begun several times and never finished")
	}
	user, err := k.store.User(ctx, job.UserID)
	if err != nil {
		return err
	}
	g, err := k.store.Goal(ctx, job.UserID, job.Lane)
	if err != nil {
		return err
	}
	now := k.now()
	found, err := k.evaluate(ctx, user, g, now)
	if err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	words := k.phrase(ctx, job, found)
	return k.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.Finish(job, owner); err != nil {
			return err
		}
		g, err := tx.Goal(job.UserID, job.Lane) // as commands left it meanwhile
		if err != nil {
			return err
		}
		if g.Lifecycle != attrove.LifecycleActive {
			_, err := tx.FinishRuns(job, "the goal is "+string(g.Lifecycle), now)
			return err
		}
		asked, err := tx.FinishRuns(job, "", now)
		if err != nil {
			return err
		}
		return conclude(tx, outcome{goal: g, found: found, words: words, at: now, asked: asked > 0})
	})
}

// fail ends an evaluation that is not to be tried again.
func (k *keeper) fail(ctx context.Context, owner string, job store.Job, why string) error {
	return k.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.Finish(job, owner); err != nil {
			return err
		}
		_, err := tx.FinishRuns(job, why, k.now())
		return err
	})
}

// postpone gives an evaluation that failed another chance, or gives it up. What
// is not its fault does not count as an attempt.
func (k *keeper) postpone(ctx context.Context, owner string, job store.Job, cause error) error {
	switch {
	case errors.Is(cause, context.Canceled):
		return k.store.Write(ctx, func(tx *store.Tx) error { return tx.Release(job, owner) })
	case errors.Is(cause, store.ErrFull), errors.Is(cause, store.ErrBusy):
		return k.store.Write(ctx, func(tx *store.Tx) error { return tx.Defer(job, owner, time.Now().Add(fullPause)) })
	}
	k.log.Error().Err(cause).Str("goal", job.Lane).Int("attempt", job.Attempts).Msg("cannot evaluate a goal")
	if job.Attempts >= maxEvaluations {
		return k.fail(ctx, owner, job, "the evaluation failed; the log of the engine says why")
	}
	return k.store.Write(ctx, func(tx *store.Tx) error {
		return tx.Postpone(job, owner, time.Now().Add(time.Duration(job.Attempts*job.Attempts)*100*time.Millisecond))
	})
}
