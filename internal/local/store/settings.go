package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// What new conversations do (P-16).
const (
	SyncAll  = "all"
	SyncNone = "none"
)

// Settings are the organization's (P-16). They hold for what is pushed after
// they were set.
type Settings struct {
	HistoryDays             int // how old an item may be; 0 is no limit
	DefaultConversationSync string
	ExcludedDomains         []string  // lower case
	UpdatedAt               time.Time // zero while nobody has set anything
}

// Settings returns the organization's settings.
func (s *Store) Settings(ctx context.Context) (Settings, error) {
	found, err := settings(ctx, s)
	if err != nil {
		return Settings{}, fmt.Errorf("settings: %w", err)
	}
	return found, nil
}

// Settings returns the organization's settings within the transaction.
func (tx *Tx) Settings() (Settings, error) { return settings(tx.ctx, tx) }

func settings(ctx context.Context, q querier) (Settings, error) {
	found, err := one(ctx, q, scanSettings,
		`SELECT history_days, default_conversation_sync, excluded_domains, updated_at FROM settings`)
	if errors.Is(err, ErrNotFound) {
		return Settings{DefaultConversationSync: SyncAll}, nil
	}
	return found, err
}

func scanSettings(rows *sql.Rows) (Settings, error) {
	var found Settings
	var updated int64
	err := rows.Scan(&found.HistoryDays, &found.DefaultConversationSync, listColumn[string]{&found.ExcludedDomains}, &updated)
	found.UpdatedAt = fromMillis(updated)
	return found, err
}

// SetSettings replaces the organization's settings.
func (tx *Tx) SetSettings(set Settings) error {
	return tx.exec(`INSERT INTO settings (id, history_days, default_conversation_sync, excluded_domains, updated_at)
		VALUES (1,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET history_days = excluded.history_days, updated_at = excluded.updated_at,
			default_conversation_sync = excluded.default_conversation_sync, excluded_domains = excluded.excluded_domains`,
		set.HistoryDays, set.DefaultConversationSync, encodeList(set.ExcludedDomains), millis(set.UpdatedAt))
}
