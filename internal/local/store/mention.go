package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// MentionQuery asks for the items that have words. Match is a ready FTS5
// expression.
type MentionQuery struct {
	UserID   string
	Match    string
	Kinds    []Kind
	From, To time.Time // [From, To)
	Limit    int       // of passages
}

// Mentions returns the items that match, newest first. It reads the passages
// that were indexed last and ranks nothing, so that its work is bounded however
// common a word is.
func (s *Store) Mentions(ctx context.Context, q MentionQuery) ([]ItemRef, error) {
	var where conditions
	where.add("p.user_id = ?", q.UserID)
	oneOf(&where, "p.kind", q.Kinds)
	where.period("p.at", q.From, q.To)
	where.inSight(q.Kinds)
	args := append([]any{q.Match}, where.args...)
	found, err := collect(ctx, s, scanItemRef, `SELECT p.kind, p.item_id, p.at
		FROM passages_fts f CROSS JOIN passages p ON p.id = f.rowid
		WHERE passages_fts MATCH ? AND `+where.String()+` ORDER BY f.rowid DESC LIMIT ?`, append(args, q.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("mentions: %w", err)
	}
	slices.SortFunc(found, newestFirst)
	return slices.Compact(found), nil
}

func newestFirst(a, b ItemRef) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) }
