package store

import (
	"database/sql"
	"errors"
	"math"
)

// met is an entity as a member of a transaction knows it.
type met struct {
	seq     int64
	name    string
	namedAt int64 // of the item that gave the name; never for none
	typ     string
	seenAt  int64
	changed bool
	signs   map[[2]string]bool // by kind and sign: those that are there for sure
}

// never is before all items.
const never = math.MinInt64

type handleKey struct{ userID, handle string }

// meet keeps a person that an item of a time names. Newer items know the name
// better.
func (tx *Tx) meet(userID string, p Participant, at int64) (*met, error) {
	now := met{name: p.Name, namedAt: at, typ: p.entityType(), seenAt: at, signs: map[[2]string]bool{}}
	if p.Name == "" {
		now.namedAt = never
	}
	key := handleKey{userID, p.Handle}
	known := tx.known.people[key]
	if known == nil {
		found, err := one(tx.ctx, tx, scanMet, `SELECT seq, name, named_at, entity_type, last_seen_at FROM entities
			WHERE user_id = ? AND handle = ?`, userID, p.Handle)
		if errors.Is(err, ErrNotFound) {
			found = now
			found.seq, err = tx.add(`INSERT INTO entities (id, user_id, handle, name, named_at, entity_type, last_seen_at)
				VALUES (?,?,?,?,?,?,?)`, NewID("ent"), userID, p.Handle, now.name, now.namedAt, now.typ, now.seenAt)
		}
		if err != nil {
			return nil, err
		}
		known = &found
		tx.known.people[key] = known
	}
	known.learn(now)
	return known, nil
}

// scanMet reads an entity. Its name is among its signs.
func scanMet(rows *sql.Rows) (m met, err error) {
	err = rows.Scan(&m.seq, &m.name, &m.namedAt, &m.typ, &m.seenAt)
	m.signs = map[[2]string]bool{{signName, m.name}: true}
	return m, err
}

func (m *met) learn(now met) {
	if now.namedAt > m.namedAt {
		m.name, m.namedAt, m.changed = now.name, now.namedAt, true
	}
	if now.seenAt > m.seenAt {
		m.seenAt, m.changed = now.seenAt, true
	}
	if now.typ == entityBot && m.typ != entityBot {
		m.typ, m.changed = entityBot, true
	}
}

// settlePeople writes what was learned of the people whom the member met.
func (tx *Tx) settlePeople() error {
	for _, m := range tx.known.people {
		if !m.changed {
			continue
		}
		err := tx.exec(`UPDATE entities SET name = ?, named_at = ?, entity_type = ?, last_seen_at = ? WHERE seq = ?`,
			m.name, m.namedAt, m.typ, m.seenAt, m.seq)
		if err != nil {
			return err
		}
	}
	return nil
}

// sign keeps a name or an id by which a person is told.
func (tx *Tx) sign(m *met, kind, sign string) error {
	if key := [2]string{kind, sign}; !m.signs[key] {
		m.signs[key] = true
		return tx.exec(`INSERT INTO entity_signs (entity, kind, sign) VALUES (?,?,?) ON CONFLICT DO NOTHING`, m.seq, kind, sign)
	}
	return nil
}
