package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// QueueConnect is the queue of files that were handed over; a job's lane is the
// id of its Connect.
const QueueConnect = "connect"

// ConnectState is how far a Connect has come.
type ConnectState string

// The states of a Connect. A failed attempt leads back to the first.
const (
	ConnectOpen    ConnectState = "open"
	ConnectWorking ConnectState = "working"
	ConnectDone    ConnectState = "connected"
)

// Connect is a link under which a user connects one source in a browser: a
// session or a token of the contract (sections 3.2 and 3.4).
type Connect struct {
	ID          string
	UserID      string
	Provider    string // what the partner asked for; "" for anything
	RedirectURL string // where the browser goes afterwards; "" stays
	CreatedAt   time.Time
	ExpiresAt   time.Time
	State       ConnectState
	Upload      string // the directory of the file that is worked on
	Problem     string // why the last attempt failed
	Progress    ConnectProgress
	Result      ConnectResult
	EndedAt     time.Time // of success
}

// ConnectProgress is how far an import has come.
type ConnectProgress struct {
	Phase    string `json:"phase,omitempty"`
	Messages int    `json:"messages,omitempty"`
	Done     int64  `json:"done,omitempty"` // of Total, in the phase's own unit
	Total    int64  `json:"total,omitempty"`
}

// ConnectResult is what an import came to.
type ConnectResult struct {
	Messages int       `json:"messages"` // in the file
	Imported int       `json:"imported"` // are there now
	LeftOut  int       `json:"left_out"` // by the organization's settings
	Failed   int       `json:"failed"`
	First    time.Time `json:"first,omitzero"` // the period of the messages
	Last     time.Time `json:"last,omitzero"`
	Problems []string  `json:"problems,omitempty"` // the first few
	Sources  []string  `json:"sources,omitempty"`  // what it was, by the providers of integrations
}

const connectQuery = `SELECT id, user_id, provider, redirect_url, created_at, expires_at, state, upload, problem,
	progress, result, ended_at FROM connects WHERE `

func scanConnect(rows *sql.Rows) (Connect, error) {
	var c Connect
	var created, expires int64
	var ended sql.NullInt64
	err := rows.Scan(&c.ID, &c.UserID, &c.Provider, &c.RedirectURL, &created, &expires, &c.State, &c.Upload, &c.Problem,
		valueColumn[ConnectProgress]{&c.Progress}, valueColumn[ConnectResult]{&c.Result}, &ended)
	c.CreatedAt, c.ExpiresAt, c.EndedAt = fromMillis(created), fromMillis(expires), fromNull(ended)
	return c, err
}

// AddConnect keeps a new link, which the key that keyHash is of opens.
func (s *Store) AddConnect(ctx context.Context, c Connect, keyHash []byte) error {
	err := s.Write(ctx, func(tx *Tx) error {
		return tx.exec(`INSERT INTO connects (id, key_hash, user_id, provider, redirect_url, created_at, expires_at, state,
			upload, problem, progress, result) VALUES (?,?,?,?,?,?,?,?,'','','{}','{}')`,
			c.ID, keyHash, c.UserID, c.Provider, c.RedirectURL, millis(c.CreatedAt), millis(c.ExpiresAt), ConnectOpen)
	})
	if err != nil {
		return fmt.Errorf("add connect: %w", err)
	}
	return nil
}

// ConnectByKey returns the link that the key opens that keyHash is of.
func (s *Store) ConnectByKey(ctx context.Context, keyHash []byte) (Connect, error) {
	c, err := one(ctx, s, scanConnect, connectQuery+`key_hash = ?`, keyHash)
	if err != nil {
		return Connect{}, fmt.Errorf("connect: %w", err)
	}
	return c, nil
}

// Connect returns a link by its id.
func (s *Store) Connect(ctx context.Context, id string) (Connect, error) {
	c, err := one(ctx, s, scanConnect, connectQuery+`id = ?`, id)
	if err != nil {
		return Connect{}, fmt.Errorf("connect: %w", err)
	}
	return c, nil
}

// Uploads lists the directories that are still needed.
func (s *Store) Uploads(ctx context.Context) ([]string, error) {
	all, err := collect(ctx, s, scalar[string], `SELECT upload FROM connects WHERE upload <> ''`)
	if err != nil {
		return nil, fmt.Errorf("uploads: %w", err)
	}
	return all, nil
}

// Unstored counts what was accepted of a user's items and then not stored.
type Unstored struct {
	Skipped int // their conversation does not sync
	Failed  int
}

// Unstored returns how many of a user's items are not stored. It repeats the
// condition of the index items_open.
func (s *Store) Unstored(ctx context.Context, userID string) (Unstored, error) {
	u, err := one(ctx, s, func(rows *sql.Rows) (u Unstored, err error) { return u, rows.Scan(&u.Skipped, &u.Failed) },
		`SELECT count(*) FILTER (WHERE status = 'skipped'), count(*) FILTER (WHERE status = 'failed')
		FROM items WHERE user_id = ? AND status <> 'indexed'`, userID)
	if err != nil {
		return Unstored{}, fmt.Errorf("unstored items: %w", err)
	}
	return u, nil
}

// BeginConnect queues the import of what lies in the directory upload. It fails
// with ErrExists when another import under the link is under way or succeeded.
func (tx *Tx) BeginConnect(c Connect, upload string, runAt time.Time) error {
	n, err := tx.changed(`UPDATE connects SET state = ?, upload = ?, problem = '', progress = '{}' WHERE id = ? AND state = ?`,
		ConnectWorking, upload, c.ID, ConnectOpen)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrExists
	}
	return tx.enqueue(QueueConnect, c.ID, c.UserID, []byte("{}"), runAt)
}

// NoteConnect keeps how far the import under a link has come.
func (s *Store) NoteConnect(ctx context.Context, id string, progress ConnectProgress) error {
	err := s.Write(ctx, func(tx *Tx) error {
		return tx.exec(`UPDATE connects SET progress = ? WHERE id = ?`, encodePointer(&progress), id)
	})
	if err != nil {
		return fmt.Errorf("note connect: %w", err)
	}
	return nil
}

// FailConnect opens a link again after an attempt that failed because of problem.
func (tx *Tx) FailConnect(id, problem string) error {
	return tx.exec(`UPDATE connects SET state = ?, upload = '', problem = ? WHERE id = ?`, ConnectOpen, problem, id)
}

// Connected says that sources were connected under a link, which is used by
// that, and tells those who listen of each.
func (tx *Tx) Connected(c Connect, result ConnectResult, at time.Time) error {
	err := tx.exec(`UPDATE connects SET state = ?, upload = '', problem = '', result = ?, ended_at = ? WHERE id = ?`,
		ConnectDone, encodePointer(&result), millis(at), c.ID)
	if err != nil {
		return err
	}
	for _, source := range result.Sources {
		integration, err := one(tx.ctx, tx, scalar[string],
			`SELECT id FROM integrations WHERE user_id = ? AND provider = ? ORDER BY id LIMIT 1`, c.UserID, source)
		if errors.Is(err, ErrNotFound) {
			continue // nothing of it was wanted, or it was disconnected meanwhile
		}
		if err != nil {
			return err
		}
		data, err := json.Marshal(connectedData{integration, source})
		if err != nil {
			return err
		}
		if err := tx.Publish(Publication{EventID: NewID("evn"), Type: "integrations.connected", UserID: c.UserID, At: at, Data: data}); err != nil {
			return err
		}
	}
	return nil
}

// connectedData is what integrations.connected tells (P-19: ids alone).
type connectedData struct {
	IntegrationID string `json:"integration_id"`
	Provider      string `json:"provider"`
}
