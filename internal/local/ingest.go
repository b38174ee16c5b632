package local

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	maxAttempts = 5           // of an item that fails; it may also be what ends processes
	fullPause   = time.Second // between attempts while the disk is full

	// batchTime is after how long a transaction takes no further item. Its end takes
	// about as long again, and meanwhile other writes wait.
	batchTime = 150 * time.Millisecond
)

// ingester stores and indexes what was pushed.
type ingester struct {
	store     *store.Store
	now       func() time.Time
	log       zerolog.Logger
	batchTime time.Duration
}

func newIngester(s *store.Store, o Options) *ingester {
	return &ingester{store: s, now: o.Now, log: o.Log, batchTime: batchTime}
}

// handle is the queue's jobs.Handler. Each job ends in the transaction that does
// its work: whatever happens, it is done once.
func (g *ingester) handle(ctx context.Context, owner string, jobs []store.Job) {
	for len(jobs) > 0 {
		b := g.batch()
		steps := make([]func(*store.Tx) error, len(jobs))
		for i, job := range jobs {
			steps[i] = b.step(ctx, owner, job)
		}
		outcomes := b.run(context.WithoutCancel(ctx), steps)
		var again []store.Job
		for i, err := range outcomes {
			switch {
			case err == nil, errors.Is(err, store.ErrLeaseLost): // done, by us or another
			case errors.Is(err, store.ErrFull), errors.Is(err, store.ErrBusy):
				again = append(again, jobs[i])
			default:
				g.postpone(ctx, owner, jobs[i], err)
			}
		}
		jobs = append(again, jobs[len(outcomes):]...)
		if len(again) > 0 {
			g.log.Error().Int("items", len(jobs)).Msg("cannot store items: the disk is full or the database locked; trying again")
			select {
			case <-ctx.Done():
				g.release(ctx, owner, jobs)
				return
			case <-time.After(fullPause):
			}
		}
	}
}

// release gives jobs back, so that attempts count what the jobs themselves did
// and not how often the disk was full. Where even that cannot be written, their
// leases run out.
func (g *ingester) release(ctx context.Context, owner string, jobs []store.Job) {
	err := g.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		for _, job := range jobs {
			if err := tx.Release(job, owner); err != nil && !errors.Is(err, store.ErrLeaseLost) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		g.log.Warn().Err(err).Int("items", len(jobs)).Msg("cannot give items back to the queue")
	}
}

// batch is what jobs that are done together share.
type batch struct {
	*ingester
	users  map[string]store.User
	wakers *wakers
}

func (g *ingester) batch() *batch {
	return &batch{ingester: g, users: map[string]store.User{}, wakers: newWakers(g.now())}
}

// run takes steps as one, which spares the full-text index a flush for each, and
// one by one only when one fails. It returns the outcomes of those that it came to.
func (b *batch) run(ctx context.Context, steps []func(*store.Tx) error) []error {
	done := 0
	err := b.store.Write(ctx, func(tx *store.Tx) error {
		for began := time.Now(); done < len(steps) && (done == 0 || time.Since(began) < b.batchTime); done++ {
			if err := steps[done](tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return make([]error, done)
	}
	alone := make([]func(*store.Tx) error, len(steps))
	for i, step := range steps {
		alone[i] = func(tx *store.Tx) error {
			b.wakers.forget() // what one transaction read is no other's
			return step(tx)
		}
	}
	return b.store.WriteEach(ctx, alone...)
}

// step is the transaction of one job.
func (b *batch) step(ctx context.Context, owner string, job store.Job) func(*store.Tx) error {
	user, err := b.user(ctx, job.UserID)
	return func(tx *store.Tx) error {
		if err != nil {
			return err
		}
		if err := tx.Finish(job, owner); err != nil {
			return err
		}
		if job.Attempts > maxAttempts {
			return tx.Failed(job.Lane, "begun several times and never finished")
		}
		item, err := tx.Item(job.Lane)
		if err != nil {
			return fmt.Errorf("item of a job: %w", err)
		}
		save, err := contentOf(item.Kind, job.Payload)
		if err != nil {
			return fmt.Errorf("read a push of %s: %w", item.ID, err)
		}
		return b.put(tx, user, item, save)
	}
}

func (b *batch) user(ctx context.Context, id string) (store.User, error) {
	if known, ok := b.users[id]; ok {
		return known, nil
	}
	user, err := b.store.User(ctx, id)
	if err == nil {
		b.users[id] = user
	}
	return user, err
}

// postpone gives a job that failed another chance, or gives it up.
func (g *ingester) postpone(ctx context.Context, owner string, job store.Job, cause error) {
	err := g.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if job.Attempts < maxAttempts && !errors.Is(cause, errPayload) {
			return tx.Postpone(job, owner, time.Now().Add(time.Duration(job.Attempts*job.Attempts)*100*time.Millisecond))
		}
		if err := tx.Finish(job, owner); err != nil {
			return err
		}
		return tx.Failed(job.Lane, cause.Error())
	})
	g.log.Error().Err(cause).Str("item", job.Lane).Int("attempt", job.Attempts).Msg("cannot index an item")
	if err != nil && !errors.Is(err, store.ErrLeaseLost) {
		g.log.Error().Err(err).Str("item", job.Lane).Msg("cannot postpone an item")
	}
}
