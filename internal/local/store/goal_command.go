package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrKeyReused says that an idempotency key came with another request before.
var ErrKeyReused = errors.New("the idempotency key was used for another request")

// commandKept is how long a command's outcome is kept (P-08).
const commandKept = 24 * time.Hour

// Command is a request that is done once however often it comes.
type Command struct {
	UserID  string
	Key     string
	Request []byte // a hash of what is asked, without the key
	At      time.Time
}

// Outcome returns what a command's first time was answered, or nil if this is
// the first, or ErrKeyReused.
func (tx *Tx) Outcome(c Command) ([]byte, error) {
	type known struct{ request, outcome []byte }
	before, err := one(tx.ctx, tx, func(rows *sql.Rows) (k known, err error) {
		return k, rows.Scan(&k.request, &k.outcome)
	}, `SELECT request, outcome FROM goal_commands WHERE user_id = ? AND key = ? AND at > ?`, c.UserID, c.Key, millis(c.At.Add(-commandKept)))
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("command: %w", err)
	case !bytes.Equal(before.request, c.Request):
		return nil, ErrKeyReused
	}
	return before.outcome, nil
}

// SaveOutcome keeps what a command was answered, as JSON.
func (tx *Tx) SaveOutcome(c Command, outcome []byte) error {
	if err := tx.exec(`DELETE FROM goal_commands WHERE at <= ?`, millis(c.At.Add(-commandKept))); err != nil {
		return fmt.Errorf("forget commands: %w", err)
	}
	if err := tx.exec(`INSERT INTO goal_commands (user_id, key, request, outcome, at) VALUES (?,?,?,?,?)`,
		c.UserID, c.Key, c.Request, string(outcome), millis(c.At)); err != nil {
		return fmt.Errorf("keep a command: %w", err)
	}
	return nil
}
