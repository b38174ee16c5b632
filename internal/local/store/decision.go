package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/people"
)

// Decision is something that the user said of who is one person. Handles that
// are nobody's any more are not in it: what is kept of them is hashes.
type Decision struct {
	people.Decision
	At time.Time
}

// Decide keeps what the user says of who is one person, and applies it.
func (s *Store) Decide(ctx context.Context, userID string, d Decision) error {
	err := s.Write(ctx, func(tx *Tx) error {
		if err := tx.salt(); err != nil {
			return err
		}
		these, err := tx.hashes(d.These)
		if err != nil {
			return err
		}
		others, err := tx.hashes(d.Others)
		if err != nil {
			return err
		}
		if err := tx.exec(`INSERT INTO person_decisions (user_id, same, these, others, at) VALUES (?,?,?,?,?)`,
			userID, d.Same, encodeList(these), encodeList(others), millis(d.At)); err != nil {
			return err
		}
		return tx.decided(userID, d.At)
	})
	if err != nil {
		return fmt.Errorf("decide who is one person: %w", err)
	}
	return nil
}

// decided resolves persons anew, and what goals rest on with them.
func (tx *Tx) decided(userID string, at time.Time) error {
	if err := tx.resolvePersons(userID); err != nil {
		return err
	}
	return tx.EvaluateActive(userID, at, time.Now())
}

// Undecide takes back what the user said last, and returns it. The error is
// ErrNotFound when there is nothing.
func (s *Store) Undecide(ctx context.Context, userID string, at time.Time) (Decision, error) {
	var last Decision
	err := s.Write(ctx, func(tx *Tx) error {
		all, err := tx.identities(userID)
		if err != nil {
			return err
		}
		said, err := tx.said(userID, all)
		if err != nil {
			return err
		}
		if len(said) == 0 {
			return ErrNotFound
		}
		last = said[len(said)-1]
		if err := tx.exec(`DELETE FROM person_decisions WHERE id = (SELECT max(id) FROM person_decisions WHERE user_id = ?)`, userID); err != nil {
			return err
		}
		return tx.decided(userID, at)
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("take back a decision: %w", err)
	}
	return last, err
}

// decisions are what people.Resolve takes of what the user said.
func (tx *Tx) decisions(userID string, all []candidate) ([]people.Decision, error) {
	said, err := tx.said(userID, all)
	out := make([]people.Decision, len(said))
	for i, d := range said {
		out[i] = d.Decision
	}
	return out, err
}

// said is what the user said of entities, in order.
func (tx *Tx) said(userID string, all []candidate) ([]Decision, error) {
	type row struct {
		Decision
		these, others []string
	}
	rows, err := collect(tx.ctx, tx, func(rows *sql.Rows) (r row, err error) {
		var at int64
		err = rows.Scan(&r.Same, listColumn[string]{&r.these}, listColumn[string]{&r.others}, &at)
		r.At = fromMillis(at)
		return r, err
	}, `SELECT same, these, others, at FROM person_decisions WHERE user_id = ? ORDER BY id`, userID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	handles := make([]string, len(all))
	for i, k := range all {
		handles[i] = k.Handle
	}
	hashes, err := tx.hashes(handles)
	if err != nil {
		return nil, err
	}
	handle := make(map[string]string, len(all))
	for i, hash := range hashes {
		handle[hash] = handles[i]
	}
	known := func(hashes []string) (found []string) {
		for _, hash := range hashes {
			if h, ok := handle[hash]; ok {
				found = append(found, h)
			}
		}
		return found
	}
	out := make([]Decision, len(rows))
	for i, r := range rows {
		out[i] = r.Decision
		out[i].These, out[i].Others = known(r.these), known(r.others)
	}
	return out, nil
}

// PersonLinks returns the entities of a person with why each is linked, which is
// told anew: nothing but the links is kept.
func (s *Store) PersonLinks(ctx context.Context, userID string, e Entity) (map[string]people.Why, error) {
	why := map[string]people.Why{}
	err := s.Write(ctx, func(tx *Tx) error {
		all, err := tx.identities(userID)
		if err != nil {
			return err
		}
		decisions, err := tx.decisions(userID, all)
		if err != nil {
			return err
		}
		mine := map[string]bool{}
		for _, h := range e.Handles {
			mine[h] = true
		}
		links, _, err := tx.links(userID, all, decisions)
		if err != nil {
			return err
		}
		for _, link := range links {
			a, b := all[link.A], all[link.B]
			if !mine[a.Handle] || !mine[b.Handle] {
				continue
			}
			why[b.Handle] = link.Why
			if _, ok := why[a.Handle]; !ok {
				why[a.Handle] = link.Why
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("links of a person: %w", err)
	}
	return why, nil
}

// salt makes what hashes need, once.
func (tx *Tx) salt() error {
	return tx.exec(`INSERT INTO forgotten_salt (id, salt) VALUES (1, ?) ON CONFLICT DO NOTHING`, newSalt())
}
