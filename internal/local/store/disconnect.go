package store

import (
	"context"
	"fmt"
	"time"
)

// removeBatch is how many items one transaction of Disconnect removes: few enough
// that others who write do not wait long.
const removeBatch = 500

// Disconnect removes one of a user's integrations and all that came from it:
// items, also those that wait in the queue, with their passages, conversations
// and participants, and the entities that then nothing names. It takes many
// transactions. From the first on nothing can be pushed to the integration, and
// the integration itself goes in the last, in which done is called too; so what
// was broken off is finished by calling it again.
func (s *Store) Disconnect(ctx context.Context, userID, id string, at time.Time, done func(*Tx) error) error {
	table := ""
	err := s.Write(ctx, func(tx *Tx) error {
		kind, err := one(tx.ctx, tx, scalar[Kind], `UPDATE integrations SET disconnected_at = coalesce(disconnected_at, ?)
			WHERE id = ? AND user_id = ? RETURNING kind`, millis(at), id, userID)
		table = kind.table()
		return err
	})
	steps := []func(*Tx) (int64, error){
		func(tx *Tx) (int64, error) { return tx.removeOpen(userID, id, table) },
		func(tx *Tx) (int64, error) { return tx.removeStored(id, table) },
		func(tx *Tx) (int64, error) { return tx.removeConversations(id) },
	}
	for i := 0; i < len(steps) && err == nil; {
		var removed int64
		err = s.Write(ctx, func(tx *Tx) (err error) {
			removed, err = steps[i](tx)
			return err
		})
		if removed == 0 {
			i++
		}
	}
	if err == nil {
		err = s.Write(ctx, func(tx *Tx) error { return tx.removeIntegration(userID, id, done) })
	}
	if err != nil {
		return fmt.Errorf("disconnect: %w", err)
	}
	return nil
}

// removeOpen removes items that are pushed and not stored, with their jobs. One
// that an earlier push stored under another integration goes back there.
func (tx *Tx) removeOpen(userID, integration, table string) (int64, error) {
	ids, err := tx.ids(`SELECT id FROM items WHERE user_id = ? AND integration_id = ? AND status <> 'indexed' LIMIT ?`,
		userID, integration, removeBatch)
	if err != nil || ids == "[]" {
		return 0, err
	}
	if err := tx.dropJobs(ids); err != nil {
		return 0, err
	}
	back, err := tx.changed(`UPDATE items SET status = 'indexed', error = NULL,
			integration_id = (SELECT integration_id FROM `+table+` t WHERE t.id = items.id)
		WHERE id IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM `+table+` t WHERE t.id = items.id)`, ids)
	if err != nil {
		return 0, err
	}
	gone, err := tx.changed(`DELETE FROM items WHERE id IN (SELECT value FROM json_each(?)) AND status <> 'indexed'`, ids)
	return back + gone, err
}

// removeStored removes items that are stored. One that was since pushed to
// another integration loses its content alone, and waits for the new one.
func (tx *Tx) removeStored(integration, table string) (int64, error) {
	ids, err := tx.ids(`SELECT id FROM `+table+` WHERE integration_id = ? LIMIT ?`, integration, removeBatch)
	if err != nil || ids == "[]" {
		return 0, err
	}
	n, err := tx.changed(`DELETE FROM `+table+` WHERE id IN (SELECT value FROM json_each(?))`, ids)
	if err != nil {
		return 0, err
	}
	for _, of := range []string{"passages", "participants"} {
		if err := tx.exec(`DELETE FROM `+of+` WHERE item_id IN (SELECT value FROM json_each(?))`, ids); err != nil {
			return 0, err
		}
	}
	mine, err := tx.ids(`DELETE FROM items WHERE id IN (SELECT value FROM json_each(?)) AND integration_id = ? RETURNING id`, ids, integration)
	if err != nil {
		return 0, err
	}
	return n, tx.dropJobs(mine)
}

func (tx *Tx) removeConversations(integration string) (int64, error) {
	return tx.changed(`DELETE FROM conversations WHERE id IN (SELECT id FROM conversations WHERE integration_id = ? LIMIT ?)`,
		integration, removeBatch)
}

// removeIntegration removes what is left.
func (tx *Tx) removeIntegration(userID, id string, done func(*Tx) error) error {
	n, err := tx.changed(`DELETE FROM integrations WHERE id = ? AND user_id = ?`, id, userID)
	if err == nil && n == 0 {
		return ErrNotFound // another call was quicker
	}
	if err != nil {
		return err
	}
	if err := tx.dropNameless(userID); err != nil {
		return err
	}
	return done(tx)
}

// dropNameless removes the entities that nothing names any more. Those that a
// note or a goal refers to stay: the reference would otherwise never find the
// person again.
func (tx *Tx) dropNameless(userID string) error {
	if err := tx.exec(`DELETE FROM entities WHERE user_id = ?1 AND entity_type <> 'company'
		AND NOT EXISTS (SELECT 1 FROM participants WHERE entity = entities.seq)
		AND id NOT IN (SELECT ref_id FROM notes WHERE user_id = ?1 AND ref_type = 'entity')
		AND id NOT IN (SELECT e.value FROM goals g, json_each(g.scope, '$.entity_ids') e WHERE g.user_id = ?1)`, userID); err != nil {
		return err
	}
	if err := tx.exec(`DELETE FROM entities WHERE user_id = ?1 AND entity_type = 'company'
		AND NOT EXISTS (SELECT 1 FROM entities e WHERE e.user_id = ?1 AND e.organization = entities.organization AND e.organization <> '' AND e.entity_type <> 'company')`, userID); err != nil {
		return err
	}
	// Who stood for a person may be gone. Up to which entity they were resolved still
	// says how many there are (see ResolvedEntities).
	return tx.exec(`UPDATE persons_resolved SET sign = -1 WHERE user_id = ?`, userID)
}

// dropJobs takes items, a list of ids, off the queues.
func (tx *Tx) dropJobs(items string) error {
	return tx.exec(`DELETE FROM jobs WHERE queue IN (?, ?) AND lane IN (SELECT value FROM json_each(?))`, QueueIngest, QueueSummaries, items)
}

// ids is the list of the ids that a query returns.
func (tx *Tx) ids(query string, args ...any) (string, error) {
	all, err := collect(tx.ctx, tx, scalar[string], query, args...)
	return encodeList(all), err
}

// table is where a kind's items are.
func (k Kind) table() string {
	switch k {
	case KindMessage:
		return "messages"
	case KindMeeting:
		return "meetings"
	case KindEvent:
		return "events"
	default:
		return "notes"
	}
}
