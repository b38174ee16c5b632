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
	graph, err := who.graph(ctx, of)
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

// fewItems are those of one entity that take no longer than a moment to count in.
const fewItems = 2_000

// graph is one with all relationships of an entity, or of everybody.
func (c Caller) graph(ctx context.Context, of store.Entity) (*store.Graph, error) {
	if of.Seq != 0 {
		around, err := c.core.store.GraphAround(ctx, c.User.ID, of, fewItems, c.Now)
		if err != nil || around != nil {
			return around, err
		}
	}
	return c.core.graphs.of(ctx, c.core.store, c.User.ID, c.Now)
}

// graphCache keeps the graph of whoever asked last: making it reads all that there
// is.
type graphCache struct {
	behind *background

	mu     sync.Mutex
	userID string
	pace   pace
	known  datedGraph
}

// datedGraph is a graph, and what it is of.
type datedGraph struct {
	*store.Graph
	version int64     // of the database
	made    time.Time // by the engine's clock
}

// of returns a user's graph: the last one, where to make it anew takes long.
func (c *graphCache) of(ctx context.Context, s *store.Store, userID string, now time.Time) (*store.Graph, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.userID != userID {
		c.userID, c.pace, c.known = userID, pace{}, datedGraph{}
	}
	if c.known.Graph != nil && c.pace.rests() {
		return c.known.Graph, nil
	}
	version, err := s.Version(ctx)
	if err != nil {
		return nil, err
	}
	if c.known.Graph != nil && c.known.version == version && !now.Before(c.known.made) && c.known.Current(now) {
		return c.known.Graph, nil
	}
	if c.known.Graph == nil || c.pace.short() {
		began := time.Now()
		c.known, err = readGraph(ctx, s, userID, now)
		c.pace = since(began)
		return c.known.Graph, err
	}
	c.pace.going = true
	c.behind.do("relate people", func(ctx context.Context) error {
		began := time.Now()
		graph, err := readGraph(ctx, s, userID, now)
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.userID == userID {
			c.pace = since(began)
			if err == nil {
				c.known = graph
			}
		}
		return err
	})
	return c.known.Graph, nil
}

func readGraph(ctx context.Context, s *store.Store, userID string, now time.Time) (datedGraph, error) {
	version, err := s.Version(ctx) // before the reading, so that a change meanwhile is not missed
	if err != nil {
		return datedGraph{}, err
	}
	graph, err := s.Graph(ctx, userID, now)
	return datedGraph{graph, version, now}, err
}
