package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Selection says what of a user's data is to go. One of its fields is set.
type Selection struct {
	All       bool
	Source    string    // what came from a provider
	Before    time.Time // what was sent, began or was written before
	Addresses []string  // or accounts, such as slack:u0123, in lower case: what has one of them anywhere in it
}

// ErrNoSource says that nothing came from a source.
var ErrNoSource = errors.New("nothing came from that source")

// Removal is what a Selection comes to. Notes on what goes are in it.
type Removal struct {
	Items   map[Kind][]string // ids
	People  int               // contacts that go whoever else names them
	Goals   int
	Backups int // copies of the database from before it was migrated, which go in any case
}

// Removal says what Purge would remove.
func (s *Store) Removal(ctx context.Context, userID string, sel Selection) (Removal, error) {
	r := Removal{Items: map[Kind][]string{}}
	copies, err := backups(s.path)
	if err != nil {
		return r, err
	}
	r.Backups = len(copies)
	for _, kind := range []Kind{KindMessage, KindMeeting, KindEvent, KindNote} {
		if r.Items[kind], err = s.selected(ctx, userID, kind, sel); err != nil {
			return r, fmt.Errorf("select %ss: %w", kind, err)
		}
	}
	if err := s.addNotes(ctx, userID, sel, r.Items); err != nil {
		return r, fmt.Errorf("select notes: %w", err)
	}
	if sel.All {
		r.Goals, err = one(ctx, s, scalar[int], `SELECT count(*) FROM goals WHERE user_id = ?`, userID)
	}
	if err == nil && (sel.All || len(sel.Addresses) > 0) {
		r.People, err = one(ctx, s, scalar[int], `SELECT count(*) FROM entities WHERE user_id = ? AND (? OR lower(handle) IN (SELECT value FROM json_each(?)))`,
			userID, sel.All, encodeList(sel.Addresses))
	}
	if err != nil {
		return r, fmt.Errorf("count what goes: %w", err)
	}
	return r, nil
}

// selected returns the ids of a kind's items that a selection names.
func (s *Store) selected(ctx context.Context, userID string, kind Kind, sel Selection) ([]string, error) {
	if len(sel.Addresses) > 0 {
		return s.naming(ctx, userID, kind, sel.Addresses)
	}
	var where conditions
	where.add("user_id = ?", userID)
	if sel.Source != "" {
		where.add("integration_id IN (SELECT id FROM integrations WHERE user_id = ? AND provider = ?)", userID, sel.Source)
	}
	where.period(kind.time(), time.Time{}, sel.Before)
	return collect(ctx, s, scalar[string], `SELECT id FROM `+kind.table()+` WHERE `+where.String(), where.args...)
}

// naming returns the ids of a kind's items that have one of the addresses
// anywhere. SQLite looks for their domains, and for accounts, in all there is;
// which of what it finds has one is not for SQL to say.
func (s *Store) naming(ctx context.Context, userID string, kind Kind, addresses []string) ([]string, error) {
	wanted := make(map[string]bool, len(addresses))
	var parts []string
	for _, address := range addresses {
		wanted[address] = true
		if domain := Domain(address); domain != "" {
			parts = append(parts, "@"+domain)
		} else {
			parts = append(parts, address)
		}
	}
	texts, documents := kind.columns()
	texts = append(texts, `coalesce((SELECT external_id FROM items WHERE items.id = `+kind.table()+`.id), '')`)
	decoded := slices.Clone(texts)
	for _, document := range documents {
		decoded = append(decoded, `coalesce((SELECT group_concat(atom, ' ') FROM json_tree(`+document+`)), '')`)
	}
	type row struct{ id, text string }
	const all = ` || ' ' || `
	found, err := collect(ctx, s, func(rows *sql.Rows) (string, error) {
		var r row
		err := rows.Scan(&r.id, &r.text)
		if err == nil && !names(r.text, wanted) {
			r.id = ""
		}
		return r.id, err
	}, `SELECT id, `+strings.Join(decoded, all)+` FROM `+kind.table()+` WHERE user_id = ?
		AND EXISTS (SELECT 1 FROM json_each(?) WHERE instr(lower(`+strings.Join(append(texts, documents...), all)+`), value))`,
		userID, encodeList(parts))
	return slices.DeleteFunc(found, func(id string) bool { return id == "" }), err
}

// columns of a kind's table that hold words: as they are, and in JSON. With the
// external id they are all that a push can say.
func (k Kind) columns() (texts, documents []string) {
	switch k {
	case KindMessage:
		return []string{"sender_email", "sender_name", "subject", "quoted_text", "body_text", "(SELECT key FROM threads WHERE threads.id = thread_id)"},
			[]string{"recipients", "coalesce(metadata, '{}')"}
	case KindMeeting:
		return []string{"title", "provider", "short_summary", "summary", "transcript"}, []string{"attendees", "action_items", "coalesce(metadata, '{}')"}
	case KindEvent:
		return []string{"title", "location", "description"}, []string{"attendees"}
	default:
		return []string{"title", "body"}, []string{"coalesce(metadata, '{}')"}
	}
}

// time is the column with an item's own time.
func (k Kind) time() string {
	switch k {
	case KindMessage:
		return "sent_at"
	case KindNote:
		return "created_at"
	default:
		return "start_at"
	}
}

// addNotes adds the notes on items that go, and on people who do.
func (s *Store) addNotes(ctx context.Context, userID string, sel Selection, items map[Kind][]string) error {
	about := slices.Concat(items[KindMessage], items[KindMeeting], items[KindEvent], items[KindNote])
	people, err := collect(ctx, s, scalar[string], `SELECT id FROM entities WHERE user_id = ? AND lower(handle) IN (SELECT value FROM json_each(?))`,
		userID, encodeList(sel.Addresses))
	if err != nil {
		return err
	}
	notes, err := collect(ctx, s, scalar[string], `SELECT id FROM notes WHERE user_id = ? AND ref_id IN (SELECT value FROM json_each(?))`,
		userID, encodeList(append(about, people...)))
	if err != nil {
		return err
	}
	all := append(items[KindNote], notes...)
	slices.Sort(all)
	items[KindNote] = slices.Compact(all)
	return nil
}

// Purge removes what Removal said, with all that was made of it: passages, the
// entities that then nothing names, what evaluations of goals cited. It takes
// many transactions; what was broken off is finished by calling it again. What
// is removed can still be read from the file until Scrub.
func (s *Store) Purge(ctx context.Context, userID string, sel Selection, r Removal, at time.Time) error {
	if sel.All || sel.Source != "" {
		if err := s.disconnectAll(ctx, userID, sel, at); err != nil {
			return err
		}
	}
	ids := slices.Concat(r.Items[KindMessage], r.Items[KindMeeting], r.Items[KindEvent], r.Items[KindNote])
	for batch := range slices.Chunk(ids, removeBatch) {
		if err := s.Write(ctx, func(tx *Tx) error { return tx.removeItems(encodeList(batch)) }); err != nil {
			return fmt.Errorf("purge items: %w", err)
		}
	}
	err := s.Write(ctx, func(tx *Tx) error {
		if sel.All {
			return tx.wipe(userID)
		}
		return tx.tidy(userID, sel.Addresses, at)
	})
	if err != nil {
		return fmt.Errorf("purge what is left of it: %w", err)
	}
	return nil
}

func (s *Store) disconnectAll(ctx context.Context, userID string, sel Selection, at time.Time) error {
	all, err := s.Integrations(ctx, userID)
	if err != nil {
		return err
	}
	if sel.Source != "" {
		all = slices.DeleteFunc(all, func(n Integration) bool { return n.Provider != sel.Source })
		if len(all) == 0 {
			return ErrNoSource
		}
	}
	for _, n := range all {
		err := s.Disconnect(ctx, userID, n.ID, at, func(*Tx) error { return nil })
		if err != nil && !errors.Is(err, ErrNotFound) { // another was quicker
			return err
		}
	}
	return nil
}

// removeItems removes items, a list of ids, and the threads that lose their last
// message.
func (tx *Tx) removeItems(items string) error {
	threads, err := collect(tx.ctx, tx, scalar[string], `SELECT DISTINCT thread_id FROM messages WHERE id IN (SELECT value FROM json_each(?))`, items)
	if err != nil {
		return err
	}
	if err := tx.dropJobs(items); err != nil {
		return err
	}
	if err := tx.exec(`DELETE FROM items WHERE id IN (SELECT value FROM json_each(?))`, items); err != nil {
		return err
	}
	for _, id := range threads {
		if err := tx.dropEmptyThread(id); err != nil {
			return err
		}
	}
	return nil
}
