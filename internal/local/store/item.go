package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// QueueIngest is the queue of pushed items; a job's lane is its item's id.
const QueueIngest = "ingest"

// Push is something pushed, as it is accepted.
type Push struct {
	UserID     string
	Kind       Kind
	Provider   string // of the virtual integration it belongs to
	ExternalID string // the pusher's own; "" for none
	Payload    []byte
	At         time.Time // of the push, by the engine's clock
	RunAt      time.Time // by the clock that jobs run by
}

// Accept stores a push durably and queues it. The same external id names the
// same item, whatever its state (P-09). It returns the item's id, or ErrForgotten
// for what names somebody who is forgotten.
func (tx *Tx) Accept(p Push) (string, error) {
	if err := tx.admit(p.UserID, p.Payload); err != nil {
		return "", fmt.Errorf("admit: %w", err)
	}
	integration, err := tx.integration(p)
	if err != nil {
		return "", fmt.Errorf("integration: %w", err)
	}
	id, _, err := tx.item(p, integration, statusQueued)
	if err != nil {
		return "", fmt.Errorf("item: %w", err)
	}
	if err := tx.enqueue(QueueIngest, id, p.UserID, p.Payload, p.RunAt); err != nil {
		return "", fmt.Errorf("queue: %w", err)
	}
	return id, nil
}

// Receive is Accept for what the same transaction then stores, so that nothing is
// queued. Only behind an earlier push of the item that is still in the queue, and
// would come to stand above this one, it is queued as well.
func (tx *Tx) Receive(p Push) (item Item, queued bool, err error) {
	if err := tx.admit(p.UserID, p.Payload); err != nil {
		return Item{}, false, fmt.Errorf("admit: %w", err)
	}
	item = Item{UserID: p.UserID, Kind: p.Kind, Source: p.Provider, PushedAt: p.At}
	if item.IntegrationID, err = tx.integration(p); err != nil {
		return Item{}, false, fmt.Errorf("integration: %w", err)
	}
	fresh := false
	if item.ID, fresh, err = tx.item(p, item.IntegrationID, statusIndexed); fresh {
		return item, false, nil
	}
	if err == nil {
		queued, err = one(tx.ctx, tx, scalar[bool], `SELECT `+moreQueued+` FROM items WHERE id = ?`, item.ID)
	}
	if err != nil {
		return Item{}, false, fmt.Errorf("item: %w", err)
	}
	if queued {
		if err := tx.enqueue(QueueIngest, item.ID, p.UserID, p.Payload, p.RunAt); err != nil {
			return Item{}, false, fmt.Errorf("queue: %w", err)
		}
		return item, true, nil
	}
	item, err = tx.Item(item.ID)
	return item, false, err
}

// The states of an item from the moment it is there.
const (
	statusQueued  = "queued"
	statusIndexed = "indexed"
)

// item finds or adds the item that a push is of, and says whether it is a fresh
// one. That one has a status from the beginning: where it is stored in the same
// transaction, it is indexed, which spares a second look at it. Most pushes are of
// new items, so adding comes first.
func (tx *Tx) item(p Push, integration, status string) (id string, fresh bool, err error) {
	id = NewID(p.Kind.prefix())
	external := sql.NullString{String: p.ExternalID, Valid: p.ExternalID != ""}
	indexedAt := sql.NullInt64{Int64: millis(p.At), Valid: status == statusIndexed}
	n, err := tx.changed(`INSERT INTO items (id, user_id, integration_id, kind, external_id, status, pushed_at, indexed_at)
		VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (user_id, kind, external_id) WHERE external_id IS NOT NULL DO NOTHING`,
		id, p.UserID, integration, p.Kind, external, status, millis(p.At), indexedAt)
	if err != nil {
		return "", false, err
	}
	if n > 0 {
		tx.known.fresh, tx.known.marked = id, status == statusIndexed
		return id, true, nil
	}
	tx.known.fresh = ""
	id, err = one(tx.ctx, tx, scalar[string], `UPDATE items SET status = 'queued', error = NULL, pushed_at = ?, integration_id = ?
		WHERE user_id = ? AND kind = ? AND external_id = ? RETURNING id`,
		millis(p.At), integration, p.UserID, p.Kind, p.ExternalID)
	return id, false, err
}

// ErrDisconnecting says that an integration is being removed.
var ErrDisconnecting = errors.New("the integration is being disconnected")

// integration finds or creates the virtual integration that a push belongs to
// (contract section 10).
func (tx *Tx) integration(p Push) (string, error) {
	type row struct {
		id   string
		gone bool
	}
	key := integrationKey{p.UserID, p.Provider, p.Kind}
	if id := tx.known.integrations[key]; id != "" {
		return id, nil
	}
	known, err := one(tx.ctx, tx, func(rows *sql.Rows) (r row, err error) { return r, rows.Scan(&r.id, &r.gone) },
		`SELECT id, disconnected_at IS NOT NULL FROM integrations WHERE user_id = ? AND kind = ? AND provider = ?`,
		p.UserID, p.Kind, p.Provider)
	if known.gone {
		err = ErrDisconnecting
	}
	if err == nil {
		tx.known.integrations[key] = known.id
	}
	if !errors.Is(err, ErrNotFound) {
		return known.id, err
	}
	id := NewID("int")
	err = tx.exec(`INSERT INTO integrations (id, user_id, kind, provider, name, created_at) VALUES (?,?,?,?,?,?)`,
		id, p.UserID, p.Kind, p.Provider, "Pushed: "+p.Provider, millis(p.At))
	if err == nil && p.Kind == KindEvent {
		err = tx.exec(`INSERT INTO calendars (id, user_id, integration_id) VALUES (?,?,?)`, NewID("cal"), p.UserID, id)
	}
	return id, err
}

// Item is what is known of a pushed thing apart from its content.
type Item struct {
	ID            string
	UserID        string
	Kind          Kind
	IntegrationID string
	Source        string // the integration's provider
	Status        string // queued, processing, indexed, failed or skipped
	Error         string
	PushedAt      time.Time
	IndexedAt     time.Time // zero when it never was
}

// itemStatus is the state of the item i: it is processed while its job is leased.
const itemStatus = `CASE WHEN i.status = 'queued' AND EXISTS (SELECT 1 FROM jobs j
		WHERE j.queue = '` + QueueIngest + `' AND j.lane = i.id AND j.lease_owner IS NOT NULL)
	THEN 'processing' ELSE i.status END`

const itemQuery = `SELECT i.id, i.user_id, i.kind, i.integration_id, n.provider, ` + itemStatus + `,
	coalesce(i.error, ''), i.pushed_at, i.indexed_at
	FROM items i JOIN integrations n ON n.id = i.integration_id WHERE `

func scanItem(rows *sql.Rows) (Item, error) {
	var it Item
	var pushed int64
	var indexed sql.NullInt64
	err := rows.Scan(&it.ID, &it.UserID, &it.Kind, &it.IntegrationID, &it.Source, &it.Status, &it.Error, &pushed, &indexed)
	it.PushedAt, it.IndexedAt = fromMillis(pushed), fromNull(indexed)
	return it, err
}

// Item returns the state of a user's item.
func (s *Store) Item(ctx context.Context, userID, id string) (Item, error) {
	it, err := one(ctx, s, scanItem, itemQuery+`i.id = ? AND i.user_id = ?`, id, userID)
	if err != nil {
		return Item{}, fmt.Errorf("item: %w", err)
	}
	return it, nil
}

// Item returns the state of an item within the transaction.
func (tx *Tx) Item(id string) (Item, error) {
	item, err := one(tx.ctx, tx, scanItem, itemQuery+`i.id = ?`, id)
	if err == nil && item.IndexedAt.IsZero() {
		tx.known.fresh, tx.known.marked = id, false
	}
	return item, err
}

// Indexed says that a push of an item is stored and searchable. The item is
// indexed unless a newer push of it is in the queue.
func (tx *Tx) Indexed(id string, at time.Time) error {
	done := tx.known.fresh == id && tx.known.marked
	tx.known.fresh = ""
	if done {
		return nil
	}
	return tx.exec(`UPDATE items SET indexed_at = ?, status = CASE WHEN `+moreQueued+` THEN status ELSE 'indexed' END
		WHERE id = ?`, millis(at), id)
}

// Failed says that a push of an item could not be stored, and why. What an
// earlier push stored stays, and what a newer one in the queue holds is to come.
func (tx *Tx) Failed(id, reason string) error {
	return tx.exec(`UPDATE items SET status = 'failed', error = ? WHERE id = ? AND NOT `+moreQueued, reason, id)
}

// Skipped says that a push of an item was not stored, and why. What an earlier
// push stored stays.
func (tx *Tx) Skipped(id, reason string) error {
	return tx.exec(`UPDATE items SET status = 'skipped', error = ?, indexed_at = CASE WHEN ? THEN NULL ELSE indexed_at END
		WHERE id = ? AND NOT `+moreQueued, reason, tx.known.fresh == id, id)
}

// moreQueued is whether a job waits for an item, beside the one that was just done.
const moreQueued = `EXISTS (SELECT 1 FROM jobs WHERE queue = '` + QueueIngest + `' AND lane = items.id)`

// place counts an item with its integration, and with that alone if a new push
// moved it there.
func (tx *Tx) place(table, id, integration string, at time.Time) error {
	if tx.known.fresh == id {
		tx.count(integration, +1, at)
		return nil
	}
	was, err := one(tx.ctx, tx, scalar[string],
		`SELECT integration_id FROM `+table+` WHERE id = ?`+inSight(table), id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if was != "" && was != integration {
		tx.count(was, -1, at)
		was = ""
	}
	if was == "" {
		tx.count(integration, +1, at)
	} else {
		tx.count(integration, 0, at)
	}
	return nil
}

// inSight is the condition that leaves out what was archived, which meetings
// and notes alone can be (P-43).
func inSight(table string) string {
	if table == "meetings" || table == "notes" {
		return ` AND archived_at IS NULL`
	}
	return ""
}
