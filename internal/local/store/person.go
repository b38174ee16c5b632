package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/people"
)

// resolvedUpTo is up to where the entities and their signs are linked, and if
// there are some for whom nobody has vouched yet, the items that could have.
type resolvedUpTo struct{ entity, sign, item int64 }

func scanUpTo(rows *sql.Rows) (u resolvedUpTo, err error) {
	return u, rows.Scan(&u.entity, &u.sign, &u.item)
}

// newestSigns reads the ends of indexes; they are all users', so that it may say
// that there is something to do where there is nothing.
const newestSigns = `SELECT (SELECT coalesce(max(seq), 0) FROM entities), (SELECT coalesce(max(seq), 0) FROM entity_signs),
	(SELECT coalesce(max(rowid), 0) FROM items)`

// PersonsResolved reports whether all that is known of a user's entities was
// looked at since it came in.
func (s *Store) PersonsResolved(ctx context.Context, userID string) (bool, error) {
	return personsResolved(ctx, s, userID)
}

func personsResolved(ctx context.Context, q querier, userID string) (bool, error) {
	done, err := one(ctx, q, scanUpTo, `SELECT entity, sign, coalesce(waits, -1) FROM persons_resolved WHERE user_id = ?`, userID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err == nil {
		var now resolvedUpTo
		now, err = one(ctx, q, scanUpTo, newestSigns)
		if done.item < 0 { // nobody waits
			now.item = done.item
		}
		return done == now, err
	}
	return false, fmt.Errorf("look whether persons are resolved: %w", err)
}

// ResolvedEntities is up to which entity a user's were last resolved, of all that
// there were of all users; 0 for never.
func (s *Store) ResolvedEntities(ctx context.Context, userID string) (int64, error) {
	n, err := one(ctx, s, scalar[int64], `SELECT coalesce(max(entity), 0) FROM persons_resolved WHERE user_id = ?`, userID)
	if err != nil {
		return 0, fmt.Errorf("look how many entities are resolved: %w", err)
	}
	return n, nil
}

// ResolvePersons links the entities that are one person, and makes companies of
// their domains. It works on all there is: what it says depends on that and not
// on the order in which it came.
func (s *Store) ResolvePersons(ctx context.Context, userID string) error {
	err := s.Write(ctx, func(tx *Tx) error {
		done, err := personsResolved(ctx, tx, userID) // by another, meanwhile
		if err != nil || done {
			return err
		}
		return tx.resolvePersons(userID)
	})
	if err != nil {
		return fmt.Errorf("resolve persons: %w", err)
	}
	return nil
}

// candidate is an entity with what it is told by.
type candidate struct {
	people.Identity
	seq    int64
	typ    string
	sameAs int64 // 0 for itself
}

func (tx *Tx) resolvePersons(userID string) error {
	if err := tx.setOrganizations(userID); err != nil {
		return err
	}
	upTo, err := one(tx.ctx, tx, scanUpTo, newestSigns)
	if err != nil {
		return err
	}
	all, err := tx.identities(userID)
	if err != nil {
		return err
	}
	decisions, err := tx.decisions(userID, all)
	if err != nil {
		return err
	}
	links, waiting, err := tx.links(userID, all, decisions)
	if err != nil {
		return err
	}
	if err := tx.saveLinks(all, links); err != nil {
		return err
	}
	return tx.exec(`INSERT OR REPLACE INTO persons_resolved (user_id, entity, sign, waits) VALUES (?,?,?,?)`,
		userID, upTo.entity, upTo.sign, sql.NullInt64{Int64: upTo.item, Valid: waiting})
}

// links are those between entities that are one person. It reports whether more
// would be if somebody vouched for them.
func (tx *Tx) links(userID string, all []candidate, decisions []people.Decision) (links []people.Link, waiting bool, failed error) {
	var trusted map[int64]bool // read when it is first needed
	links = people.Resolve(identities(all), decisions, func(i int) bool {
		if trusted == nil && failed == nil {
			trusted, failed = tx.trusted(userID, all)
		}
		if failed != nil {
			return false
		}
		known, err := tx.vouched(all[i].seq, trusted)
		failed = err
		waiting = waiting || !known
		return known
	})
	return links, waiting, failed
}

// trusted are whom the user trusts to know people: themselves, their company, and
// to whom they have written. Nobody is where it is not known who the user is.
func (tx *Tx) trusted(userID string, all []candidate) (map[int64]bool, error) {
	var own []int64
	for _, k := range all {
		if k.Own {
			own = append(own, k.seq)
		}
	}
	found, err := collect(tx.ctx, tx, scalar[int64], `WITH own AS (SELECT value AS seq FROM json_each(?1))
		SELECT seq FROM own
		UNION SELECT e.seq FROM own JOIN entities o ON o.seq = own.seq JOIN entities e ON e.user_id = ?2 AND e.organization = o.organization
			WHERE o.organization <> ''
		UNION SELECT r.entity FROM own CROSS JOIN participants w ON w.entity = own.seq AND w.kind = 'message' AND w.role = 'sender'
			CROSS JOIN participants r ON r.item_id = w.item_id AND r.role = 'recipient'`, encodeList(own), userID)
	trusted := make(map[int64]bool, len(found))
	for _, seq := range found {
		trusted[seq] = true
	}
	return trusted, err
}

// vouched reports whether anybody else who is trusted has written to an entity,
// and where nobody is, anybody else at all.
func (tx *Tx) vouched(seq int64, trusted map[int64]bool) (bool, error) {
	writers, err := collect(tx.ctx, tx, scalar[int64], `SELECT DISTINCT s.entity FROM participants p
		CROSS JOIN participants s ON s.item_id = p.item_id AND s.role = 'sender' AND s.entity <> p.entity
		WHERE p.entity = ? AND p.kind = 'message' AND p.role = 'recipient'`, seq)
	return slices.ContainsFunc(writers, func(w int64) bool { return len(trusted) == 0 || trusted[w] }), err
}

func identities(all []candidate) []people.Identity {
	out := make([]people.Identity, len(all))
	for i, k := range all {
		out[i] = k.Identity
	}
	return out
}

// identities reads a user's entities, apart from companies.
func (tx *Tx) identities(userID string) ([]candidate, error) {
	own, err := one(tx.ctx, tx, scalar[string], `SELECT addresses FROM users WHERE id = ?`, userID)
	if err != nil {
		return nil, err
	}
	all, err := collect(tx.ctx, tx, func(rows *sql.Rows) (k candidate, err error) {
		err = rows.Scan(&k.seq, &k.Handle, &k.typ, &k.sameAs, &k.Own)
		k.Bot = k.typ == entityBot
		return k, err
	}, `SELECT seq, handle, entity_type, coalesce(same_as, 0), handle IN (SELECT value FROM json_each(?))
		FROM entities WHERE user_id = ? AND entity_type <> 'company' ORDER BY seq`, own, userID)
	if err != nil {
		return nil, err
	}
	place := make(map[int64]int, len(all))
	for i, k := range all {
		place[k.seq] = i
	}
	add := func(query string, to func(k *candidate, value string)) error {
		_, err := collect(tx.ctx, tx, func(rows *sql.Rows) (struct{}, error) {
			var seq int64
			var value string
			err := rows.Scan(&seq, &value)
			if i, ok := place[seq]; ok {
				to(&all[i], value)
			}
			return struct{}{}, err
		}, query, userID)
		return err
	}
	const signs = `SELECT entity, sign FROM entity_signs g JOIN entities e ON e.seq = g.entity WHERE e.user_id = ? AND kind = `
	return all, errors.Join(
		add(signs+`'name'`, func(k *candidate, name string) { k.Names = append(k.Names, name) }),
		add(signs+`'id'`, func(k *candidate, id string) { k.IDs = append(k.IDs, id) }),
		add(nearQuery, func(k *candidate, handle string) { k.Near = append(k.Near, handle) }))
}

// nearQuery finds who is named beside people without an address: in their
// meetings, and in events of those that begin within a quarter of an hour.
const nearQuery = `WITH heard AS MATERIALIZED (
		SELECT p.entity, p.item_id, p.at, e.user_id FROM entities e JOIN participants p ON p.entity = e.seq
		WHERE e.user_id = ? AND p.kind = 'meeting' AND instr(e.handle, '@') = 0 AND instr(e.handle, ':') = 0)
	SELECT h.entity, o.handle FROM heard h JOIN participants q ON q.item_id = h.item_id JOIN entities o ON o.seq = q.entity
	UNION
	SELECT h.entity, o.handle FROM heard h
	JOIN events v ON v.user_id = h.user_id AND v.start_at BETWEEN h.at - 900000 AND h.at + 900000 AND NOT v.all_day
	JOIN participants q ON q.item_id = v.id JOIN entities o ON o.seq = q.entity`

// saveLinks stores what differs from what is there.
func (tx *Tx) saveLinks(all []candidate, links []people.Link) error {
	groups := grouped(len(all), links)
	type row struct {
		seq    int64
		sameAs sql.NullInt64
		typ    string
	}
	var changed []row
	for _, group := range groups {
		head, typ := headOf(all, group), typeOf(all, group)
		for _, i := range group {
			k := all[i]
			r := row{seq: k.seq, typ: entityTypeOf(people.KindOf(k.Handle))}
			switch {
			case typ == entityUser || k.seq == head:
				r.typ = typ
			case k.typ == entityBot:
				r.typ = entityBot
			}
			if k.seq != head {
				r.sameAs = sql.NullInt64{Int64: head, Valid: true}
			}
			if r.sameAs.Int64 != k.sameAs || r.typ != k.typ {
				changed = append(changed, r)
			}
		}
	}
	for _, r := range changed {
		if err := tx.exec(`UPDATE entities SET same_as = ?, entity_type = ? WHERE seq = ?`, r.sameAs, r.typ, r.seq); err != nil {
			return err
		}
	}
	return nil
}

// grouped are the places of n things that links join, in the order of the first.
func grouped(n int, links []people.Link) [][]int {
	parent := make([]int, n)
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, link := range links {
		a, b := root(link.A), root(link.B)
		parent[max(a, b)] = min(a, b)
	}
	place := map[int]int{}
	var groups [][]int
	for i := range n {
		at, ok := place[root(i)]
		if !ok {
			at = len(groups)
			place[root(i)] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], i)
	}
	return groups
}

// headOf is who stands for a person: who did for most of them, so that ids stay,
// and else who was met first.
func headOf(all []candidate, group []int) int64 {
	votes := map[int64]int{}
	for _, i := range group {
		votes[cmp.Or(all[i].sameAs, all[i].seq)]++
	}
	head := slices.MinFunc(group, func(i, j int) int {
		return cmp.Or(cmp.Compare(votes[all[j].seq], votes[all[i].seq]), cmp.Compare(all[i].seq, all[j].seq))
	})
	return all[head].seq
}

// typeOf is what a person is: the user where any of the addresses is theirs, and
// no program where somebody writes under another address.
func typeOf(all []candidate, group []int) string {
	var types []string
	for _, i := range group {
		typ := entityTypeOf(people.KindOf(all[i].Handle))
		if all[i].typ == entityBot {
			typ = entityBot
		}
		if all[i].Own {
			return entityUser
		}
		types = append(types, typ)
	}
	return slices.MaxFunc(types, strings.Compare) // bot, other, person
}

// setOrganizations finds whose company the new entities are of, and keeps each
// company that is anybody's.
func (tx *Tx) setOrganizations(userID string) error {
	all, err := collect(tx.ctx, tx, scalar[string], `SELECT handle FROM entities WHERE user_id = ? AND organization IS NULL`, userID)
	if err != nil || len(all) == 0 {
		return err
	}
	for _, handle := range all {
		organization := ""
		if people.KindOf(handle) == people.Person && strings.Contains(handle, "@") {
			organization = people.Organization(handle)
		}
		if err := tx.exec(`UPDATE entities SET organization = ? WHERE user_id = ? AND handle = ?`, organization, userID, handle); err != nil {
			return fmt.Errorf("keep whose company somebody is of: %w", err)
		}
	}
	missing, err := collect(tx.ctx, tx, scalar[string], `SELECT DISTINCT organization FROM entities e WHERE user_id = ?1 AND organization <> ''
		AND NOT EXISTS (SELECT 1 FROM entities WHERE user_id = ?1 AND handle = '@' || e.organization) ORDER BY organization`, userID)
	if err != nil {
		return err
	}
	for _, domain := range missing {
		if err := tx.exec(`INSERT INTO entities (seq, id, user_id, handle, name, named_at, entity_type, last_seen_at, organization)
			VALUES ((SELECT min(0, coalesce(min(seq), 0)) - 1 FROM entities), ?,?,?,?,0,'company',0,?)`,
			NewID("ent"), userID, "@"+domain, domain, domain); err != nil {
			return fmt.Errorf("keep a company: %w", err)
		}
	}
	return nil
}
