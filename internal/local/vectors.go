package local

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/jobs"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	firstPause  = 5 * time.Second // after a failure; it doubles
	longestWait = 5 * time.Minute
	idle        = 24 * time.Hour // whoever adds passages wakes the job
)

// Embedder is a model that tells what texts are about. Its errors are logged.
type Embedder interface {
	index.Vectorizer
	Host() string // where the texts of passages and queries go
}

// startVectors has search find things by what they are about, if there is a model
// for it.
func (e *Engine) startVectors(ctx context.Context, c *core) error {
	if e.o.Embedder == nil {
		return nil
	}
	if err := c.store.Write(ctx, (*store.Tx).QueueVectors); err != nil {
		return openError(err)
	}
	c.index = index.NewHybrid(c.store, &heard{Embedder: e.o.Embedder, log: e.o.Log})
	c.coverage.embedder = e.o.Embedder
	maker := &vectorizer{store: c.store, model: e.o.Embedder, log: e.o.Log}
	c.vectors = jobs.Start(context.WithoutCancel(ctx), jobs.Options{Store: c.store, Queue: store.QueueVectors, Log: e.o.Log, Handle: maker.handle})
	return nil
}

// heard is an Embedder whose failures to answer queries are logged: the first of
// each row of them.
type heard struct {
	Embedder
	log    zerolog.Logger
	silent atomic.Bool
}

func (h *heard) Query(ctx context.Context, text string) (embed.Vector, error) {
	v, err := h.Embedder.Query(ctx, text)
	switch {
	case ctx.Err() != nil: // nobody waits for it
	case err != nil && !h.silent.Swap(true):
		h.log.Warn().Err(err).Msg("queries have no vectors; searching by words alone")
	case err == nil && h.silent.Swap(false):
		h.log.Info().Msg("queries have vectors again")
	}
	return v, err
}

// vectorizer gives vectors to passages that have none, some at a time. Nothing waits
// for it.
type vectorizer struct {
	store    *store.Store
	model    Embedder
	log      zerolog.Logger
	after    int64 // the passages up to here have theirs
	failures int   // in a row
}

// handle is the queue's jobs.Handler. The one job there never ends.
func (v *vectorizer) handle(ctx context.Context, owner string, jobs []store.Job) {
	for _, job := range jobs {
		vectors, err := v.vectors(ctx)
		if ctx.Err() != nil {
			return // the lease runs out
		}
		done, wait := errors.Is(err, errDone), v.pause(err)
		err = v.store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.AddVectors(v.model.Name(), vectors); err != nil {
				return err
			}
			if done { // but for what came in since
				lacking, err := tx.LacksVectors(v.model.Name())
				if err != nil {
					return err
				}
				if lacking {
					wait = 0
				}
			}
			return tx.Defer(job, owner, time.Now().Add(wait))
		})
		switch {
		case errors.Is(err, store.ErrLeaseLost), ctx.Err() != nil: // somebody goes on with it
		case err != nil:
			v.log.Error().Err(err).Msg("cannot keep vectors of passages")
		case done:
			v.after = math.MaxInt64 // from now on the newest alone are looked at
		case len(vectors) > 0:
			v.after = vectors[len(vectors)-1].ID
		}
	}
}

// pause is how long to wait after an attempt.
func (v *vectorizer) pause(err error) time.Duration {
	switch {
	case errors.Is(err, errDone):
		return idle
	case err == nil:
		if v.failures > 0 {
			v.log.Info().Msg("passages get vectors again")
		}
		v.failures = 0
		return 0
	}
	if v.failures == 0 {
		v.log.Warn().Err(err).Msg("passages get no vectors; trying again later")
	}
	v.failures++
	return min(longestWait, firstPause<<min(v.failures-1, 10))
}

var errDone = errors.New("all passages have vectors")

// vectors makes some, or fails with errDone when none is missing.
func (v *vectorizer) vectors(ctx context.Context) ([]store.Vector, error) {
	texts, err := v.store.WithoutVector(ctx, v.model.Name(), v.after, embed.MaxTexts)
	if err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		return nil, errDone
	}
	return index.Vectors(ctx, v.model, texts)
}
