package local

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// listRelationships shows who appears with whom, the user's own entity too: it
// is of type user, so whoever does not want it can leave it out.
func listRelationships(ctx context.Context, who Caller, in attrove.RelationshipsIn) (attrove.Page[attrove.Relationship], error) {
	who, err := who.withPersons(ctx)
	if err != nil {
		return attrove.Page[attrove.Relationship]{}, err
	}
	var of store.Entity // everybody
	if in.EntityID != "" {
		of, err = who.core.store.Entity(ctx, who.User.ID, in.EntityID)
		if errors.Is(err, store.ErrNotFound) {
			return attrove.Page[attrove.Relationship]{}, notFound("entity")
		}
		if err != nil {
			return attrove.Page[attrove.Relationship]{}, err
		}
	}
	graph, err := who.core.graphs.of(ctx, who.core.store, who.User.ID, who.Now)
	if err != nil {
		return attrove.Page[attrove.Relationship]{}, err
	}
	limit := cmp.Or(in.Limit, attrove.DefaultLimit)
	part, total, err := who.core.store.Relationships(ctx, graph, of, in.Offset, limit)
	out := attrove.Page[attrove.Relationship]{Data: []attrove.Relationship{}, Pagination: attrove.Pagination{
		Limit: limit, Offset: &in.Offset, TotalCount: &total, HasMore: in.Offset+len(part) < total}}
	for _, r := range part {
		out.Data = append(out.Data, attrove.Relationship{EntityA: showEntity(r.A), EntityB: showEntity(r.B),
			CoOccurrenceCount: r.Count, LastInteractionAt: wireTimePointer(r.LastAt)})
	}
	return out, err
}

// graphCache keeps the graph of whoever asked last, for the pages after the
// first: making it reads all that the user has.
type graphCache struct {
	mu      sync.Mutex
	userID  string
	version int64     // of the database
	made    time.Time // by the engine's clock
	graph   *store.Graph
}

func (c *graphCache) of(ctx context.Context, s *store.Store, userID string, now time.Time) (*store.Graph, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	version, err := s.Version(ctx) // before the reading, so that a change meanwhile is not missed
	if err != nil {
		return nil, err
	}
	if c.graph != nil && c.userID == userID && c.version == version && !now.Before(c.made) && c.graph.Current(now) {
		return c.graph, nil
	}
	graph, err := s.Graph(ctx, userID, now)
	if err != nil {
		return nil, err
	}
	c.userID, c.version, c.made, c.graph = userID, version, now, graph
	return graph, nil
}
