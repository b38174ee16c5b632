// Package jobs works off the store's queues. Any number of processes may work on
// one: jobs are claimed by lease, so what a process that died had begun is done
// by another one once the lease has run out.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// gatherTime is how long jobs are gathered between two batches.
const gatherTime = 20 * time.Millisecond

// Handler does jobs in the order given. It finishes, postpones or fails each,
// in the transaction that does its work, as owner. The context ends when the
// worker is to stop; what the handler does not finish then is done later.
type Handler func(ctx context.Context, owner string, jobs []store.Job)

// Options configure a Worker. Leases are of the real clock, whatever time the
// engine pretends it is.
type Options struct {
	Store  *store.Store
	Queue  string
	Handle Handler
	Log    zerolog.Logger
	Now    func() time.Time // the clock that jobs' run times are of; nil is the real one
	Batch  int              // jobs claimed at once; 0 is 128
	Lease  time.Duration    // how long a dead process keeps its jobs; 0 is 5 s
	Poll   time.Duration    // how often other processes' jobs are looked for; 0 is 250 ms
}

// Worker works off one queue until it is stopped.
type Worker struct {
	o      Options
	owner  string
	nudges chan struct{} // there is something to do
	hurry  chan struct{} // and somebody waits for it
	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	changed chan struct{} // closed, and replaced, after every batch
}

// Start returns a worker that is at work until ctx ends or it is stopped.
func Start(ctx context.Context, o Options) *Worker {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Batch == 0 {
		o.Batch = 128
	}
	if o.Lease == 0 {
		o.Lease = 5 * time.Second
	}
	if o.Poll == 0 {
		o.Poll = 250 * time.Millisecond
	}
	ctx, cancel := context.WithCancel(ctx)
	w := &Worker{o: o, owner: store.NewID("worker"), cancel: cancel,
		nudges: make(chan struct{}, 1), hurry: make(chan struct{}, 1), done: make(chan struct{}), changed: make(chan struct{})}
	go w.run(ctx)
	return w
}

// Nudge says that there is a new job.
func (w *Worker) Nudge() { signal(w.nudges) }

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // it is awake already
	}
}

// Stop lets the batch under way end and stops.
func (w *Worker) Stop() {
	w.cancel()
	<-w.done
}

// Wait nudges the worker and waits until isDone, which it asks after every
// batch, and now and then because other processes work too.
func (w *Worker) Wait(ctx context.Context, isDone func() (bool, error)) error {
	tick := time.NewTicker(w.o.Poll / 5)
	defer tick.Stop()
	for {
		changed := w.batchEnd()
		if ok, err := isDone(); ok || err != nil {
			return err
		}
		signal(w.hurry)
		w.Nudge()
		select {
		case <-changed:
		case <-tick.C:
		case <-w.done:
			return store.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (w *Worker) batchEnd() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

func (w *Worker) announce() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *Worker) run(ctx context.Context) {
	defer close(w.done)
	tick := time.NewTicker(w.o.Poll)
	defer tick.Stop()
	for {
		for {
			n := w.batch(ctx)
			if n == 0 {
				break
			}
			w.announce()
			if n < w.o.Batch {
				w.gather(ctx)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-w.nudges:
		case <-tick.C:
		}
	}
}

// gather lets the next batch grow, unless somebody waits for it: while jobs keep
// coming, larger batches cost less.
func (w *Worker) gather(ctx context.Context) {
	timer := time.NewTimer(gatherTime)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.hurry:
	case <-ctx.Done():
	}
}

// batch does some jobs and returns how many.
func (w *Worker) batch(ctx context.Context) int {
	now := time.Now()
	claim := store.Claim{Queue: w.o.Queue, Owner: w.owner, Due: w.o.Now(), Now: now, Until: now.Add(w.o.Lease), Limit: w.o.Batch}
	some, err := w.o.Store.Runnable(ctx, claim)
	if err == nil && !some {
		return 0
	}
	var jobs []store.Job
	if err == nil {
		jobs, err = w.o.Store.Claim(ctx, claim)
	}
	if err != nil {
		if ctx.Err() == nil {
			w.o.Log.Error().Err(err).Str("queue", w.o.Queue).Msg("cannot claim jobs; trying again")
			pause(ctx, time.Second)
		}
		return 0
	}
	if len(jobs) == 0 {
		return 0
	}
	stop := w.heartbeat(ctx, jobs)
	defer stop()
	w.handle(ctx, jobs)
	return len(jobs)
}

// handle outlives a panic: the jobs' leases run out, and their attempts are
// counted.
func (w *Worker) handle(ctx context.Context, jobs []store.Job) {
	defer func() {
		if r := recover(); r != nil {
			w.o.Log.Error().Str("queue", w.o.Queue).Str("panic", fmt.Sprintf("%T", r)).Bytes("stack", debug.Stack()).Msg("job panicked")
		}
	}()
	w.o.Handle(ctx, w.owner, jobs)
}

// heartbeat prolongs the leases on jobs until the returned function is called.
func (w *Worker) heartbeat(ctx context.Context, jobs []store.Job) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var ended sync.WaitGroup
	ended.Go(func() {
		tick := time.NewTicker(w.o.Lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				err := w.o.Store.Extend(ctx, w.owner, jobs, time.Now().Add(w.o.Lease))
				if err != nil && !errors.Is(err, context.Canceled) {
					w.o.Log.Warn().Err(err).Str("queue", w.o.Queue).Msg("cannot prolong leases")
				}
			}
		}
	})
	return func() { cancel(); ended.Wait() }
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
