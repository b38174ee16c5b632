package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Entity is a person that items name, with all the addresses and other signs by
// which they are known, or a company.
type Entity struct {
	Seq     int64 // its place among all entities in the order they were met; companies come before, from -1 down
	ID      string
	Email   string   // the address that was seen last; "" without any
	Handles []string // the one seen last first; see people.Identity
	Name    string   // the newest; of somebody without a name ""
	Type    string   // as attrove.EntityType
}

// The types of entities that the store tells apart.
const (
	entityUser    = "user"
	entityCompany = "company"
	entityBot     = "bot"
)

// Addresses are the e-mail addresses among the handles.
func (e Entity) Addresses() []string {
	return slices.DeleteFunc(slices.Clone(e.Handles), func(h string) bool { return strings.IndexByte(h, '@') <= 0 })
}

// IDs are what of the handles is shown: addresses, ids elsewhere, and a company's
// domain. A name is no id.
func (e Entity) IDs() []string {
	ids := []string{}
	for _, h := range e.Handles {
		if strings.ContainsAny(h, "@:") {
			ids = append(ids, strings.TrimPrefix(h, "@"))
		}
	}
	return ids
}

// EntityFilter asks for entities. Empty fields ask for nothing.
type EntityFilter struct {
	Type     string
	Contains string // part of a name or address that they have or had, in any case
	After    int64  // Seq of the last row of the page before; 0 begins
	Limit    int
}

// entityRows finds entities, each with all that are linked to it, and entityQuery
// those that stand for a person.
const (
	entityRows = `SELECT e.seq, e.id, e.entity_type,
	(SELECT json_group_array(handle) FROM (SELECT handle FROM entities WHERE seq = e.seq OR same_as = e.seq ORDER BY last_seen_at DESC, handle)),
	(SELECT name FROM entities WHERE seq = e.seq OR same_as = e.seq ORDER BY named_at DESC, name LIMIT 1)
	FROM entities e WHERE `
	entityQuery = entityRows + `e.same_as IS NULL AND `
)

func scanEntity(rows *sql.Rows) (Entity, error) {
	var e Entity
	err := rows.Scan(&e.Seq, &e.ID, &e.Type, listColumn[string]{&e.Handles}, &e.Name)
	if addresses := e.Addresses(); len(addresses) > 0 {
		e.Email = addresses[0]
	}
	return e, err
}

// personOf finds the entity that stands for the person of one of its ids.
const personOf = `(SELECT coalesce(same_as, seq) FROM entities WHERE id = ? AND user_id = ?)`

// Entity returns one of a user's entities. Of a person who was known by several
// ids, each is good.
func (s *Store) Entity(ctx context.Context, userID, id string) (Entity, error) {
	e, err := one(ctx, s, scanEntity, entityQuery+`e.seq = `+personOf, id, userID)
	if err != nil {
		return Entity{}, fmt.Errorf("entity: %w", err)
	}
	return e, nil
}

// Entities returns a user's entities, the one that was met for the first time
// last before all others: that order stays while pages of it are read.
func (s *Store) Entities(ctx context.Context, userID string, f EntityFilter) ([]Entity, error) {
	var where conditions
	where.add("e.user_id = ?", userID)
	where.equal("e.entity_type", f.Type)
	if f.Type == entityCompany { // which come after all others
		where.add("e.seq < 0")
	}
	if f.Contains != "" {
		pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Contains) + "%"
		// The plus and CROSS JOIN have SQLite read both tables as they lie: by an index
		// it would look for each row of them.
		where.add(`e.seq IN (SELECT coalesce(same_as, seq) FROM entities WHERE +user_id = ? AND (name LIKE ? ESCAPE '\' OR handle LIKE ? ESCAPE '\')
			UNION ALL SELECT coalesce(n.same_as, n.seq) FROM entity_signs g CROSS JOIN entities n ON n.seq = g.entity
				WHERE n.user_id = ? AND g.kind = 'name' AND g.sign LIKE ? ESCAPE '\')`, userID, pattern, pattern, userID, pattern)
	}
	if f.After != 0 {
		where.add("e.seq < ?", f.After)
	}
	all, err := collect(ctx, s, scanEntity,
		entityQuery+where.String()+` ORDER BY e.seq DESC LIMIT ?`, append(where.args, f.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("entities: %w", err)
	}
	return all, nil
}

// Holder returns the entity of a handle in any case: people copy accounts such as
// slack:U0123 from where they stand in another one.
func (s *Store) Holder(ctx context.Context, userID, handle string) (Entity, error) {
	e, err := one(ctx, s, scanEntity, entityQuery+`e.seq = (SELECT coalesce(same_as, seq) FROM entities WHERE user_id = ? AND handle = ? COLLATE NOCASE LIMIT 1)`, userID, handle)
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("entity of a handle: %w", err)
	}
	return e, err
}
