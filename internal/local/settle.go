package local

import (
	"context"
	"encoding/json"
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

// settle gives the user's queues the chance to empty. What goes wrong here is
// the worker's to tell.
func (c Caller) settle(ctx context.Context) {
	pending, err := c.core.pending(ctx, c.User.ID, settleQueue+1)
	if err != nil || pending == 0 || pending > settleQueue {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	_ = c.core.drain(ctx, c.User.ID)
}

// pending counts what was pushed and is not indexed yet, and the meetings whose
// summary is to be written.
func (c *core) pending(ctx context.Context, userID string, limit int) (int, error) {
	items, err := c.store.Pending(ctx, store.QueueIngest, userID, limit)
	if err != nil {
		return 0, err
	}
	summaries, err := c.store.Pending(ctx, store.QueueSummaries, userID, limit)
	return items + summaries, err
}

// drain waits until a user's queues are empty, or everybody's for "". Summaries
// come last: it is indexing that queues them.
func (c *core) drain(ctx context.Context, userID string) error {
	if err := c.empty(ctx, c.ingest, store.QueueIngest, userID); err != nil {
		return err
	}
	return c.empty(ctx, c.minutes, store.QueueSummaries, userID)
}

func (c *core) empty(ctx context.Context, w *jobs.Worker, queue, userID string) error {
	return w.Wait(ctx, func() (bool, error) {
		n, err := c.store.Pending(ctx, queue, userID, 1)
		return n == 0, err
	})
}

// coverageCache keeps the coverage headers of the users that ask, for as long as
// nobody changes the database.
type coverageCache struct {
	mu      sync.Mutex
	version int64
	headers map[string]string
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
	coverage := attrove.Coverage{Backend: "local"}
	for _, source := range sources {
		coverage.Sources = append(coverage.Sources, attrove.SourceCoverage{Source: source.Source,
			First: index.Time(source.First), Last: index.Time(source.Last), Count: source.Count})
	}
	text, err := json.Marshal(coverage)
	if err != nil {
		return ""
	}
	c.headers[userID] = string(text)
	return string(text)
}
