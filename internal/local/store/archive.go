package store

import (
	"context"
	"fmt"
	"time"
)

// Archive takes one of a user's meetings or notes out of sight (P-43), and what
// was pushed of it and still waits. Its row stays: pushing it again brings it back.
func (s *Store) Archive(ctx context.Context, userID string, kind Kind, id string, at time.Time) error {
	table, err := archivable(kind)
	if err != nil {
		return err
	}
	err = s.Write(ctx, func(tx *Tx) error {
		integration, err := one(ctx, tx, scalar[string], `UPDATE `+table+` SET archived_at = ?
			WHERE id = ? AND user_id = ? AND archived_at IS NULL RETURNING integration_id`, millis(at), id, userID)
		if err != nil {
			return err
		}
		if err := tx.exec(`UPDATE integrations SET items = items - 1 WHERE id = ?`, integration); err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM jobs WHERE queue = ? AND lane = ?`, QueueIngest, id); err != nil {
			return err
		}
		if err := tx.exec(`UPDATE items SET status = 'indexed' WHERE id = ?`, id); err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM participants WHERE item_id = ?`, id); err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM passages WHERE item_id = ?`, id); err != nil {
			return err
		}
		return tx.EvaluateActive(userID, at, time.Now())
	})
	if err != nil {
		return fmt.Errorf("archive %s: %w", kind, err)
	}
	return nil
}

// ItemByExternalID returns the id of the item that a user pushed under an
// external id.
func (s *Store) ItemByExternalID(ctx context.Context, userID string, kind Kind, externalID string) (string, error) {
	id, err := one(ctx, s, scalar[string],
		`SELECT id FROM items WHERE user_id = ? AND kind = ? AND external_id = ?`, userID, kind, externalID)
	if err != nil {
		return "", fmt.Errorf("%s by external id: %w", kind, err)
	}
	return id, nil
}

func archivable(kind Kind) (table string, err error) {
	switch kind {
	case KindMeeting:
		return "meetings", nil
	case KindNote:
		return "notes", nil
	default:
		return "", fmt.Errorf("a %s cannot be archived", kind)
	}
}
