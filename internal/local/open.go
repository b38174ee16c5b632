package local

import (
	"context"
	"errors"
	"net/http"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/answer"
	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/jobs"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
)

// opening is the database being opened. It goes on when the request that began it
// has no more time: a new version may have to bring gigabytes up to date first.
type opening struct {
	cancel context.CancelFunc
	done   chan struct{}
	core   *core // good, with err, once done is closed
	err    error
}

// open opens the database once. What fails is tried again by the next call.
func (e *Engine) open(ctx context.Context) (*core, error) {
	if core := e.core.Load(); core != nil {
		return core, nil
	}
	o, err := e.begin(ctx)
	if err != nil {
		return nil, err
	}
	select {
	case <-o.done:
		return o.core, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// begin begins to open the database, unless somebody has.
func (e *Engine) begin(ctx context.Context) (*opening, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, store.ErrClosed
	}
	if e.opening != nil {
		return e.opening, nil
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	o := &opening{cancel: cancel, done: make(chan struct{})}
	e.opening = o
	go func() {
		defer close(o.done)
		defer cancel()
		o.core, o.err = e.openCore(ctx)
		if o.err == nil {
			e.core.Store(o.core)
			return
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.opening = nil
	}()
	return o, nil
}

// Close ends the work on the queue after the batch under way and closes the
// database. What is left in the queue the next process does.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	o := e.opening
	e.mu.Unlock()
	if o == nil {
		return nil
	}
	o.cancel()
	<-o.done
	core := e.core.Swap(nil)
	if core == nil { // closed before, or never open
		return nil
	}
	return core.close()
}

func (e *Engine) openCore(ctx context.Context) (*core, error) {
	opened, err := store.Open(ctx, e.o.Path)
	if err != nil {
		return nil, openError(err)
	}
	if e.o.GoalsChanged != nil {
		opened.OnGoalEvents(e.o.GoalsChanged)
	}
	core := &core{store: opened, index: index.New(opened), behind: newBackground(ctx, e.o.Log)}
	core.graphs.behind, core.persons = core.behind, newPersons(core.behind)
	if err := e.startVectors(ctx, core); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	core.answerer = answer.New(opened, core.index)
	core.threads = digest.NewThreads(opened, core.index)
	core.evaluator = goals.New(opened, core.index)
	core.goals = e.keep(ctx, core)
	if e.o.Phraser != nil {
		core.answerer = core.answerer.WrittenBy(writer{Phraser: e.o.Phraser, log: e.o.Log})
		core.coverage.model = e.o.Phraser.Host()
	}
	ingester := newIngester(opened, e.o)
	core.direct = startDirect(context.WithoutCancel(ctx), ingester)
	core.ingest = jobs.Start(context.WithoutCancel(ctx), jobs.Options{Store: opened, Queue: store.QueueIngest, Log: e.o.Log, Handle: ingester.handle})
	core.minutes = jobs.Start(context.WithoutCancel(ctx), jobs.Options{Store: opened, Queue: store.QueueSummaries, Log: e.o.Log, Handle: newSummarizer(opened, e.o).handle})
	core.targets = e.o.WebhookTargets
	core.sender = webhooks.New(webhooks.Options{Store: opened, Targets: e.o.WebhookTargets, Log: e.o.Log, Now: e.o.Now})
	core.webhooks = jobs.Start(context.WithoutCancel(ctx), jobs.Options{Store: opened, Queue: store.QueueWebhooks, Log: e.o.Log, Handle: core.sender.Handle, Now: e.o.Now})
	e.startConnect(ctx, core)
	if err := e.fill(ctx, core); err != nil {
		return nil, errors.Join(err, core.close())
	}
	return core, nil
}

func (c *core) close() error {
	c.connect.Close()
	c.behind.stop()
	c.direct.stop()
	c.ingest.Stop()
	c.goals.stop()
	c.minutes.Stop()
	if c.vectors != nil {
		c.vectors.Stop()
	}
	c.webhooks.Stop()
	c.sender.Close()
	c.index.Close()
	return c.store.Close()
}

// openError tells why the database cannot be opened: unlike other inner errors
// this is for the user to mend.
func openError(err error) error {
	failure := &attrove.Error{Status: http.StatusInternalServerError, Code: attrove.CodeStorage,
		Message: "the embedded engine cannot use its database: " + err.Error()}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, store.ErrFull):
		failure.Status, failure.Code = http.StatusInsufficientStorage, attrove.CodeStorageFull
	case errors.Is(err, store.ErrBusy): // passes by itself
		failure.Code = attrove.CodeInternal
	}
	return failure
}
