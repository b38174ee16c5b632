package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Score is how well a passage matches.
type Score struct {
	ID    int64
	Score float64 // -bm25: higher is better
}

// Rank returns the best matches, of all users and with nothing else known of them:
// to read of each passage whose it is takes longer than to rank it.
func (s *Store) Rank(ctx context.Context, match string, w Weights, newerThan int64, limit int) ([]Score, error) {
	best, err := collect(ctx, s, func(rows *sql.Rows) (one Score, err error) { return one, rows.Scan(&one.ID, &one.Score) },
		`SELECT rowid, -bm25(passages_fts, ?, ?, ?) AS score FROM passages_fts
		WHERE passages_fts MATCH ? AND rowid > ? ORDER BY score DESC, rowid LIMIT ?`, w.Title, w.Body, w.People, match, newerThan, limit)
	if err != nil {
		return nil, fmt.Errorf("rank passages: %w", err)
	}
	return best, nil
}

// Scored returns those of the best matches that q allows, the best first. Match
// and Weights of q are of no account.
func (s *Store) Scored(ctx context.Context, best []Score, q PassageQuery) ([]Hit, error) {
	of := make(map[int64]float64, len(best))
	for _, b := range best {
		of[b.ID] = b.Score
		q.IDs = append(q.IDs, b.ID)
	}
	limit := q.Limit
	q.Match, q.Limit = "", len(best)
	hits, err := s.Passages(ctx, q)
	if err != nil {
		return nil, err
	}
	for i := range hits {
		hits[i].Score = of[hits[i].ID]
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return hits[:min(len(hits), limit)], nil
}

// Frequency is how many passages match, of all users. It counts the newest, no
// further than limit, and takes the others to be as frequent.
func (s *Store) Frequency(ctx context.Context, match string, limit int) (int, error) {
	type span struct{ n, oldest, last int }
	found, err := one(ctx, s, func(rows *sql.Rows) (f span, err error) { return f, rows.Scan(&f.n, &f.oldest, &f.last) },
		`SELECT count(*), coalesce(min(id), 0), (SELECT coalesce(max(id), 0) FROM passages)
		FROM (SELECT rowid AS id FROM passages_fts WHERE passages_fts MATCH ? ORDER BY rowid DESC LIMIT ?)`, match, limit)
	if err != nil {
		return 0, fmt.Errorf("count passages: %w", err)
	}
	if found.n < limit {
		return found.n, nil
	}
	return found.n * found.last / (found.last - found.oldest + 1), nil
}

// LastPassage is the id of the passage that came in last, 0 for none. There are no
// more passages than that.
func (s *Store) LastPassage(ctx context.Context) (int64, error) {
	id, err := one(ctx, s, scalar[int64], `SELECT coalesce(max(id), 0) FROM passages`)
	if err != nil {
		return 0, fmt.Errorf("find the last passage: %w", err)
	}
	return id, nil
}
