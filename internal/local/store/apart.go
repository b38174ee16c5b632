package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// apartVersion is the schema version from which on passages are set apart.
const apartVersion = 8

// setApart has the full-text index find words in passages of scripts without
// spaces that were written before it knew them. It reads all passages once and
// rewrites only those. SQLite chooses them roughly:
// Hangul Jamo, and what is beyond symbols and punctuation.
func setApart(ctx context.Context, conn *sql.Conn) error {
	const batch = 500
	for last := int64(0); ; {
		old, err := apartBatch(ctx, conn, last, batch)
		if err != nil {
			return fmt.Errorf("read passages to set apart: %w", err)
		}
		for _, e := range old {
			if err := setEntryApart(ctx, conn, e); err != nil {
				return fmt.Errorf("set passage apart: %w", err)
			}
			last = e.id
		}
		if len(old) < batch {
			return nil
		}
	}
}

func apartBatch(ctx context.Context, conn *sql.Conn, after int64, limit int) (batch []indexEntry, err error) {
	rows, err := conn.QueryContext(ctx, `SELECT id, title, body, people FROM passages
		WHERE id > ? AND title || body || people GLOB '*[ᄀ-ᇿ⺀-􏿿]*' ORDER BY id LIMIT ?`, after, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	for rows.Next() {
		var e indexEntry
		if err := rows.Scan(&e.id, &e.Title, &e.Body, &e.People); err != nil {
			return nil, err
		}
		batch = append(batch, e)
	}
	return batch, rows.Err()
}

func setEntryApart(ctx context.Context, conn *sql.Conn, e indexEntry) error {
	title, body, people := prose.Apart(e.Title), prose.Apart(e.Body), prose.Apart(e.People)
	if title == e.Title && body == e.Body && people == e.People { // an emoji, say
		return nil
	}
	for _, step := range []struct {
		statement string
		args      []any
	}{
		{`INSERT INTO passages_fts (passages_fts, rowid, title, body, people) VALUES ('delete',?,?,?,?)`, []any{e.id, e.Title, e.Body, e.People}},
		{`UPDATE passages SET title = ?, body = ?, people = ? WHERE id = ?`, []any{title, body, people, e.id}},
		{`INSERT INTO passages_fts (rowid, title, body, people) VALUES (?,?,?,?)`, []any{e.id, title, body, people}},
	} {
		if _, err := conn.ExecContext(ctx, step.statement, step.args...); err != nil {
			return err
		}
	}
	return nil
}
