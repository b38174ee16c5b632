package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// EntityFilter asks for entities. Empty fields ask for nothing.
type EntityFilter struct {
	Type     string
	Contains string // part of name or address, in any case
	After    int64  // Seq of the last row of the page before; 0 begins
	Limit    int
}

const entityQuery = `SELECT seq, id, handle, name, entity_type, last_seen_at FROM entities WHERE `

func scanEntity(rows *sql.Rows) (Entity, error) {
	var e Entity
	var seen int64
	err := rows.Scan(&e.Seq, &e.ID, &e.Email, &e.Name, &e.Type, &seen)
	e.LastSeenAt = fromMillis(seen)
	return e, err
}

// Entity returns one of a user's entities.
func (s *Store) Entity(ctx context.Context, userID, id string) (Entity, error) {
	e, err := one(ctx, s, scanEntity, entityQuery+`id = ? AND user_id = ?`, id, userID)
	if err != nil {
		return Entity{}, fmt.Errorf("entity: %w", err)
	}
	return e, nil
}

// Entities returns a user's entities, the one that was met for the first time
// last before all others: that order stays while pages of it are read.
func (s *Store) Entities(ctx context.Context, userID string, f EntityFilter) ([]Entity, error) {
	var where conditions
	where.add("user_id = ?", userID)
	where.equal("entity_type", f.Type)
	if f.Contains != "" {
		pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Contains) + "%"
		where.add(`(name LIKE ? ESCAPE '\' OR handle LIKE ? ESCAPE '\')`, pattern, pattern)
	}
	if f.After != 0 {
		where.add("seq < ?", f.After)
	}
	all, err := collect(ctx, s, scanEntity,
		entityQuery+where.String()+` ORDER BY seq DESC LIMIT ?`, append(where.args, f.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("entities: %w", err)
	}
	return all, nil
}

// meet keeps a person that an item of a time names. Newer items know the name
// better.
func (tx *Tx) meet(userID string, p Participant, at time.Time) error {
	named := sql.NullInt64{Int64: millis(at), Valid: p.Name != ""}
	return tx.exec(`INSERT INTO entities (id, user_id, handle, name, named_at, entity_type, last_seen_at)
		VALUES (?,?,?,?,coalesce(?, -9223372036854775808),?,?)
		ON CONFLICT (user_id, handle) DO UPDATE SET
			name = CASE WHEN excluded.named_at > named_at THEN excluded.name ELSE name END,
			named_at = max(named_at, excluded.named_at),
			entity_type = excluded.entity_type,
			last_seen_at = max(last_seen_at, excluded.last_seen_at)
		WHERE excluded.named_at > named_at OR excluded.last_seen_at > last_seen_at OR excluded.entity_type <> entity_type`,
		NewID("ent"), userID, p.Email, p.Name, named, p.Type, millis(at))
}
