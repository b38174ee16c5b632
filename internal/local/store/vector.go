package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// QueueVectors holds one job of nobody's: to give vectors to the passages that have
// none. It is there once somebody has a model for it.
const QueueVectors = "vectors"

// lookBack is how many of the newest passage ids are looked through for passages
// that came in meanwhile: the id of a passage that was removed may be given again.
const lookBack = 4096

// Text is a passage as a model of meanings reads it.
type Text struct {
	ID    int64
	Title string
	Body  string
}

// Vector is what a model made of a passage.
type Vector struct {
	Text          // as the model read it
	Packed []byte // a signed byte for each dimension; none where the model takes no such text
}

// VectorPlace is a vector, and what can be told of its passage without reading it.
type VectorPlace struct {
	Seq       int64
	PassageID int64
	Kind      Kind
	At        time.Time
	Packed    []byte
}

// QueueVectors makes sure that there is a job to make vectors, due at once.
func (tx *Tx) QueueVectors() error {
	n, err := tx.changed(`UPDATE jobs SET run_at = 0 WHERE queue = ?`, QueueVectors)
	if err == nil && n == 0 {
		err = tx.enqueue(QueueVectors, "", "", []byte{}, time.UnixMilli(0))
	}
	if err != nil {
		return fmt.Errorf("queue the making of vectors: %w", err)
	}
	return nil
}

// WithoutVector returns passages, of any user, that the model has made nothing of, in
// the order of their ids: those after an id, and of the newest in any case.
func (s *Store) WithoutVector(ctx context.Context, model string, after int64, limit int) ([]Text, error) {
	texts, err := withoutVector(ctx, s, model, after, limit)
	if err != nil {
		return nil, fmt.Errorf("look for passages without a vector: %w", err)
	}
	return texts, nil
}

// LacksVectors reports whether passages have no vector of the model yet. They get
// them in the order of their ids, so the newest tell.
func (s *Store) LacksVectors(ctx context.Context, model string) (bool, error) {
	return lacksVectors(ctx, s, model)
}

// LacksVectors is Store.LacksVectors as of the transaction.
func (tx *Tx) LacksVectors(model string) (bool, error) { return lacksVectors(tx.ctx, tx, model) }

func lacksVectors(ctx context.Context, q querier, model string) (bool, error) {
	texts, err := withoutVector(ctx, q, model, math.MaxInt64, 1)
	if err != nil {
		return false, fmt.Errorf("look for new passages: %w", err)
	}
	return len(texts) > 0, nil
}

func withoutVector(ctx context.Context, q querier, model string, after int64, limit int) ([]Text, error) {
	return collect(ctx, q, scanText, `SELECT id, title, body FROM passages p
		WHERE id > min(?, (SELECT coalesce(max(id), 0) FROM passages) - ?)
		AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.passage_id = p.id AND v.model = ?) ORDER BY id LIMIT ?`, after, lookBack, model, limit)
}

func scanText(rows *sql.Rows) (Text, error) {
	var t Text
	err := rows.Scan(&t.ID, &t.Title, &t.Body)
	t.Title, t.Body = prose.Together(t.Title), prose.Together(t.Body)
	return t, err
}

// AddVectors keeps vectors, in the place of other models', of passages that still
// are what the model read: an id may have been given to another one meanwhile.
func (tx *Tx) AddVectors(model string, vectors []Vector) error {
	for _, v := range vectors {
		if err := tx.exec(`INSERT OR REPLACE INTO vectors (passage_id, model, vector)
			SELECT id, ?, ? FROM passages WHERE id = ? AND title = ? AND body = ?`,
			model, v.Packed, v.ID, prose.Apart(v.Title), prose.Apart(v.Body)); err != nil {
			return fmt.Errorf("add a vector: %w", err)
		}
	}
	return nil
}

// Vectors lists those that the model made of a user's passages, in the order in
// which they were made.
func (s *Store) Vectors(ctx context.Context, userID, model string, after int64, limit int) ([]VectorPlace, error) {
	places, err := collect(ctx, s, scanPlace, `SELECT v.seq, v.passage_id, p.kind, p.at, v.vector FROM vectors v CROSS JOIN passages p ON p.id = v.passage_id
		WHERE v.seq > ? AND v.model = ? AND length(v.vector) > 0 AND p.user_id = ? ORDER BY v.seq LIMIT ?`, after, model, userID, limit)
	if err != nil {
		return nil, fmt.Errorf("list vectors: %w", err)
	}
	return places, nil
}

func scanPlace(rows *sql.Rows) (VectorPlace, error) {
	var v VectorPlace
	var at int64
	err := rows.Scan(&v.Seq, &v.PassageID, &v.Kind, &at, &v.Packed)
	v.At = fromMillis(at)
	return v, err
}

// VectorsOf returns what the model made of passages that meet q's conditions, its
// Match aside: those that it names or, as many as its Limit, the newest.
func (s *Store) VectorsOf(ctx context.Context, q PassageQuery, model string) ([]VectorPlace, error) {
	where := q.conditions()
	where.add("v.model = ? AND length(v.vector) > 0", model)
	args, limit := where.args, ""
	if len(q.IDs) == 0 {
		args, limit = append(args, q.Limit), " ORDER BY p.at DESC LIMIT ?"
	}
	places, err := collect(ctx, s, scanPlace, `SELECT v.seq, v.passage_id, p.kind, p.at, v.vector
		FROM passages p CROSS JOIN vectors v ON v.passage_id = p.id WHERE `+where.String()+limit, args...)
	if err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	return places, nil
}
