package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// NoteFilter asks for notes. Empty fields ask for nothing.
type NoteFilter struct {
	IDs     []string
	RefType string
	RefID   string
	After   *Position
	Skip    int // rows to leave out before the first
	Limit   int
}

const noteRows = `SELECT o.id, o.user_id, o.integration_id, n.provider, o.created_at, o.updated_at, i.indexed_at, ` + itemStatus + `,
	o.ref_type, o.ref_id, o.title, o.body, o.metadata
	FROM notes o JOIN items i ON i.id = o.id JOIN integrations n ON n.id = o.integration_id WHERE `

const noteQuery = noteRows + `o.archived_at IS NULL AND `

func scanNote(rows *sql.Rows) (Note, error) {
	var n Note
	var created, updated int64
	var indexed sql.NullInt64
	err := rows.Scan(&n.ID, &n.UserID, &n.IntegrationID, &n.Source, &created, &updated, &indexed, &n.Status,
		&n.RefType, &n.RefID, &n.Title, &n.Body, objectColumn{&n.Metadata})
	n.CreatedAt, n.UpdatedAt, n.IndexedAt = fromMillis(created), fromMillis(updated), fromNull(indexed)
	return n, err
}

// Note returns one of a user's notes.
func (s *Store) Note(ctx context.Context, userID, id string) (Note, error) {
	n, err := one(ctx, s, scanNote, noteQuery+`o.id = ? AND o.user_id = ?`, id, userID)
	if err != nil {
		return Note{}, fmt.Errorf("note: %w", err)
	}
	return n, nil
}

// Notes returns a user's notes, newest first.
func (s *Store) Notes(ctx context.Context, userID string, f NoteFilter) ([]Note, error) {
	var where conditions
	where.of("o.user_id", userID, f.IDs)
	oneOf(&where, "o.id", f.IDs)
	where.equal("o.ref_type", f.RefType)
	where.equal("o.ref_id", f.RefID)
	where.before("o.created_at", "o.id", f.After)
	all, err := collect(ctx, s, scanNote,
		noteQuery+where.String()+` ORDER BY o.created_at DESC, o.id DESC LIMIT ? OFFSET ?`,
		append(where.args, f.Limit, f.Skip)...)
	if err != nil {
		return nil, fmt.Errorf("notes: %w", err)
	}
	return all, nil
}

// SaveNote stores n in place of what its id held; that keeps when it was created.
func (tx *Tx) SaveNote(n Note, at time.Time) error {
	if err := tx.place("notes", n.ID, n.IntegrationID, at); err != nil {
		return err
	}
	return tx.exec(`INSERT INTO notes (id, user_id, integration_id, created_at, updated_at, ref_type, ref_id, title, metadata, body)
		VALUES (?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET integration_id = excluded.integration_id, updated_at = excluded.updated_at,
			ref_type = excluded.ref_type, ref_id = excluded.ref_id, title = excluded.title, metadata = excluded.metadata,
			archived_at = NULL, body = excluded.body`,
		n.ID, n.UserID, n.IntegrationID, millis(n.CreatedAt), millis(n.UpdatedAt), n.RefType, n.RefID, n.Title,
		encodeObject(n.Metadata), n.Body)
}
