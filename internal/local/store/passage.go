package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// Passage is a piece of an item that is found as one.
type Passage struct {
	Kind           Kind
	ItemID         string
	Seq            int // its place in the item, from 0
	Title          string
	Body           string
	People         string
	At             time.Time
	Domain         string // the sender's, lower case
	Source         string
	IntegrationID  string
	ConversationID string
	ThreadID       string
}

// Weights say what a match in each column counts.
type Weights struct{ Title, Body, People float64 }

// PassageQuery asks for passages. Empty fields ask for nothing.
type PassageQuery struct {
	UserID         string
	Match          string // a ready FTS5 expression; "" asks for the newest
	Weights        Weights
	Kinds          []Kind
	From, To       time.Time // [From, To)
	Domains        []string
	IntegrationIDs []string
	ItemIDs        []string
	IDs            []int64
	Newest         bool // the newest that match, and not the best
	Limit          int
}

// Hit is a passage that was found.
type Hit struct {
	Passage
	ID    int64   // the passage's, as long as it is there
	Score float64 // -bm25: higher is better; 0 where nothing was ranked
}

const hitColumns = `p.id, p.kind, p.item_id, p.seq, p.title, p.body, p.people, p.at,
	p.domain, p.source, p.integration_id, p.conversation_id, p.thread_id`

// Passages returns the best matches first, or the newest passages when q has no
// Match. Match must be valid FTS5: whoever builds it quotes what users typed.
func (s *Store) Passages(ctx context.Context, q PassageQuery) ([]Hit, error) {
	where := q.conditions()
	if q.Newest { // the plus has SQLite walk the time, of which it hardly ever needs much
		where.add("+p.id IN (SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?)", q.Match)
	}
	query := `SELECT 0, ` + hitColumns + ` FROM passages p
		WHERE ` + where.String() + ` ORDER BY p.at DESC, p.id DESC LIMIT ?`
	args := append(where.args, q.Limit)
	if q.Match != "" && !q.Newest {
		query = matchQuery(where)
		args = append([]any{q.Weights.Title, q.Weights.Body, q.Weights.People, q.Match}, args...)
	}
	hits, err := collect(ctx, s, scanHit, query, args...)
	if err != nil {
		return nil, fmt.Errorf("find passages: %w", err)
	}
	return hits, nil
}

// conditions are those that q sets on passages. Where ids are named, they are the
// way to the rows.
func (q PassageQuery) conditions() conditions {
	var where conditions
	user := "p.user_id"
	if len(q.IDs) > 0 {
		where.add("p.id IN (SELECT value FROM json_each(?))", encodeList(q.IDs))
		user = "+p.user_id"
	}
	where.of(user, q.UserID, q.ItemIDs)
	oneOf(&where, "p.kind", q.Kinds)
	where.domains("p.domain", q.Domains)
	oneOf(&where, "p.integration_id", q.IntegrationIDs)
	oneOf(&where, "p.item_id", q.ItemIDs)
	where.period("p.at", time.Time{}, q.To)
	where.since(q)
	where.inSight(q.Kinds)
	return where
}

// since leaves out what is from before the period, but events that go on in it. The
// first of them bounds how far back SQLite walks.
func (c *conditions) since(q PassageQuery) {
	if q.From.IsZero() {
		return
	}
	from := millis(q.From)
	if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, KindEvent) {
		c.add("p.at >= ?", from)
		return
	}
	const goOn = "FROM events WHERE user_id = ? AND start_at < ? AND end_at > ?"
	c.add("p.at >= coalesce((SELECT min(start_at) "+goOn+"), ?)", q.UserID, from, from, from)
	c.add("(p.at >= ? OR p.item_id IN (SELECT id "+goOn+"))", from, q.UserID, from, from)
}

// matchQuery ranks without reading any text. CROSS JOIN keeps SQLite from asking
// the full-text index about each passage of a period.
func matchQuery(where conditions) string {
	return `SELECT best.score, ` + hitColumns + ` FROM (
		SELECT f.rowid AS id, -bm25(passages_fts, ?, ?, ?) AS score
		FROM passages_fts f CROSS JOIN passages p ON p.id = f.rowid
		WHERE passages_fts MATCH ? AND ` + where.String() + `
		ORDER BY score DESC, f.rowid LIMIT ?) best
		JOIN passages p ON p.id = best.id ORDER BY best.score DESC, best.id`
}

// Matches counts the passages of all users that match, up to a limit, and all
// passages: how rare a word is.
func (s *Store) Matches(ctx context.Context, match string, limit int) (matching, all int, err error) {
	matching, err = one(ctx, s, scalar[int],
		`SELECT count(*) FROM (SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)`, match, limit)
	if err == nil {
		all, err = one(ctx, s, scalar[int], `SELECT coalesce(max(id), 0) FROM passages`)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("count passages: %w", err)
	}
	return matching, all, nil
}

func scanHit(rows *sql.Rows) (Hit, error) {
	var h Hit
	var at int64
	err := rows.Scan(&h.Score, &h.ID, &h.Kind, &h.ItemID, &h.Seq, &h.Title, &h.Body, &h.People, &at,
		&h.Domain, &h.Source, &h.IntegrationID, &h.ConversationID, &h.ThreadID)
	h.At = fromMillis(at)
	h.Title, h.Body, h.People = prose.Together(h.Title), prose.Together(h.Body), prose.Together(h.People)
	return h, err
}

// SetPassages puts passages in the place of those that an item had. The rows have
// their text as the full-text index splits it (prose.Apart), since that compares
// itself with them; whoever reads passages gets it as it was.
func (tx *Tx) SetPassages(userID, itemID string, passages []Passage) error {
	if tx.known.fresh != itemID {
		if err := tx.exec(`DELETE FROM passages WHERE item_id = ?`, itemID); err != nil {
			return fmt.Errorf("remove passages: %w", err)
		}
	}
	for i, p := range passages {
		p.Title, p.Body, p.People = prose.Apart(p.Title), prose.Apart(p.Body), prose.Apart(p.People)
		id, err := tx.nextPassage()
		if err != nil {
			return fmt.Errorf("add passage: %w", err)
		}
		err = tx.exec(`INSERT INTO passages (id, user_id, kind, item_id, seq, at, domain,
				source, integration_id, conversation_id, thread_id, title, people, body)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			id, userID, p.Kind, itemID, i, millis(p.At), p.Domain, p.Source, p.IntegrationID,
			p.ConversationID, p.ThreadID, p.Title, p.People, p.Body)
		if err != nil {
			return fmt.Errorf("add passage: %w", err)
		}
		tx.unindexed = append(tx.unindexed, indexEntry{id, p})
	}
	return nil
}

// nextPassage is the id of a new passage: the greatest comes last, so that the
// full-text index has them in their order.
func (tx *Tx) nextPassage() (int64, error) {
	if tx.known.passage == 0 {
		last, err := one(tx.ctx, tx, scalar[int64], `SELECT coalesce(max(id), 0) FROM passages`)
		if err != nil {
			return 0, err
		}
		tx.known.passage = last
	}
	tx.known.passage++
	return tx.known.passage, nil
}

// indexEntry is a passage that is to go into the full-text index.
type indexEntry struct {
	id int64
	Passage
}

// index adds what the transaction's passages say to the full-text index. It
// comes last: FTS5 gathers entries in memory, and most other statements would
// have it write them out.
func (tx *Tx) index() error {
	entries := tx.unindexed
	tx.unindexed = nil
	if len(entries) == 0 {
		return nil
	}
	if err := tx.exec(`UPDATE jobs SET run_at = 0 WHERE queue = ? AND run_at > 0`, QueueVectors); err != nil {
		return fmt.Errorf("have vectors made: %w", err)
	}
	for _, e := range entries {
		err := tx.exec(`INSERT INTO passages_fts (rowid, title, body, people) VALUES (?,?,?,?)`, e.id, e.Title, e.Body, e.People)
		if err != nil {
			return fmt.Errorf("index passage: %w", err)
		}
	}
	return nil
}

// CheckIndex compares the full-text index with the passages it is of.
func (s *Store) CheckIndex(ctx context.Context) error {
	return s.Write(ctx, func(tx *Tx) error {
		return tx.exec(`INSERT INTO passages_fts (passages_fts, rank) VALUES ('integrity-check', 1)`)
	})
}
