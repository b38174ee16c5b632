package local

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/jobs"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// A read waits for what its user pushed just before, so that whoever pushes a
// note finds it. It does not wait for a long queue, such as a running import's.
const (
	settleQueue = 200
	settleTime  = 2 * time.Second
)

// queue is one whose work a read waits for.
type queue struct {
	name   string
	worker *jobs.Worker
}

func (c *core) pushes() queue    { return queue{store.QueueIngest, c.ingest} }
func (c *core) summaries() queue { return queue{store.QueueSummaries, c.minutes} }

// settle gives the user's queues the chance to empty.
func (c Caller) settle(ctx context.Context) {
	c.await(ctx, c.core.pushes(), c.core.summaries()) // it is indexing that queues summaries
}

// await gives queues of the user's the chance to empty, one after another. What
// goes wrong here is the worker's to tell.
func (c Caller) await(ctx context.Context, queues ...queue) {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	for _, q := range queues {
		pending, err := c.core.store.Pending(ctx, q.name, c.User.ID, settleQueue+1)
		if err != nil || pending > settleQueue {
			return
		}
		if pending > 0 {
			_ = c.core.empty(ctx, q, c.User.ID)
		}
	}
}

// drain waits until everybody's queues are empty, or those of one user, and has what
// came to the index merged.
func (c *core) drain(ctx context.Context, userID string) error {
	if err := errors.Join(c.empty(ctx, c.pushes(), userID), c.empty(ctx, c.summaries(), userID)); err != nil {
		return err
	}
	return c.store.MergeIndex(ctx)
}

func (c *core) empty(ctx context.Context, q queue, userID string) error {
	return q.worker.Wait(ctx, func() (bool, error) {
		n, err := c.store.Pending(ctx, q.name, userID, 1)
		return n == 0, err
	})
}

// coverageCache keeps the coverage headers of the users that ask, for as long as
// nobody changes the database.
type coverageCache struct {
	mu      sync.Mutex
	version int64
	headers map[string]string
	model   string // the host of the model, "" for none

	embedder Embedder // nil without one
}

// header returns a user's coverage header, or "" when it cannot be told.
func (c *coverageCache) header(ctx context.Context, s *store.Store, userID string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	version, err := s.Version(ctx) // before the reading, so that a change meanwhile is not missed
	if err != nil {
		return ""
	}
	if version != c.version || c.headers == nil {
		c.version, c.headers = version, map[string]string{}
	}
	if known, ok := c.headers[userID]; ok {
		return known
	}
	sources, err := s.Coverage(ctx, userID)
	if err != nil {
		return ""
	}
	coverage := attrove.Coverage{Backend: "local", Model: c.model}
	for _, source := range sources {
		coverage.Sources = append(coverage.Sources, attrove.SourceCoverage{Source: source.Source,
			First: index.Time(source.First), Last: index.Time(source.Last), Count: source.Count})
	}
	if c.embedder != nil {
		coverage.Embeddings = c.embedder.Host()
		if coverage.EmbeddingsPending, err = s.LacksVectors(ctx, c.embedder.Name()); err != nil {
			return ""
		}
	}
	text, err := json.Marshal(coverage)
	if err != nil {
		return ""
	}
	c.headers[userID] = string(text)
	return string(text)
}
