package index

import (
	"context"
	"fmt"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// meaningShare is what the passage that is most alike to the query in meaning gains,
// as a part of what the best match of words has. The least alike gains nothing: how
// alike passages are at all depends on the model. Ranks are not added up, as a weak
// model would then undo what words find.
const meaningShare = 0.5

// fuse adds to hits, best first, what they have in common with the query in meaning,
// and the passages that have that alone. Without a model hits stay as they are.
func (x *Index) fuse(ctx context.Context, of store.PassageQuery, q query, hits []store.Hit) ([]store.Hit, error) {
	if q.vector == nil {
		return hits, nil
	}
	likeness, err := x.meaning.likeness(ctx, of, q.vector, hits)
	if err != nil {
		return nil, fmt.Errorf("find by meaning: %w", err)
	}
	if len(likeness) == 0 {
		return hits, nil
	}
	best := 1.0
	if len(hits) > 0 {
		best = hits[0].Score
	}
	missing := make(map[int64]bool, len(likeness))
	for id := range likeness {
		missing[id] = true
	}
	for _, h := range hits {
		delete(missing, h.ID)
	}
	more, err := x.load(ctx, of, missing)
	if err != nil {
		return nil, err
	}
	hits = append(hits, more...)
	share := shares(likeness)
	for i := range hits {
		gain := meaningShare * best * share[hits[i].ID]
		if strings.HasPrefix(hits[i].Body, QuoteMark) {
			gain *= quoteFactor
		}
		hits[i].Score += gain
	}
	byScore(hits)
	return hits, nil
}

// conditions are those that a request sets on passages.
func conditions(user store.User, req Request) store.PassageQuery {
	return store.PassageQuery{UserID: user.ID, Kinds: req.Kinds, From: req.From, To: req.To, Domains: req.Domains, IntegrationIDs: req.IntegrationIDs}
}

// load reads passages by id, in a fixed order.
func (x *Index) load(ctx context.Context, of store.PassageQuery, ids map[int64]bool) ([]store.Hit, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	of.Limit = len(ids)
	for id := range ids {
		of.IDs = append(of.IDs, id)
	}
	hits, err := x.store.Passages(ctx, of)
	if err != nil {
		return nil, fmt.Errorf("read what was found by meaning: %w", err)
	}
	return hits, nil
}

// shares are 1 for the greatest and 0 for the least likeness.
func shares(likeness map[int64]float64) map[int64]float64 {
	least, most := 1.0, -1.0
	for _, l := range likeness {
		least, most = min(least, l), max(most, l)
	}
	out := make(map[int64]float64, len(likeness))
	for id, l := range likeness {
		out[id] = 1
		if most > least {
			out[id] = (l - least) / (most - least)
		}
	}
	return out
}
