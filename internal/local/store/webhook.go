package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// QueueWebhooks is the queue of webhooks to be sent: a job's lane is the id of
// the delivery that is to be attempted, its payload the body.
const QueueWebhooks = "webhooks"

// Webhook is an endpoint that hears of events.
type Webhook struct {
	ID             string
	URL            string
	Description    *string
	Events         []string
	Enabled        bool
	DisabledReason string    // why the engine disabled it
	FailingSince   time.Time // the first failure after the last success; zero while all is well
	RestUntil      time.Time // nothing is sent before; zero for no rest
	Secret         attrove.Secret
	PreviousSecret attrove.Secret // "" for none
	PreviousUntil  time.Time      // until when it signs too
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

const webhookColumns = `id, url, description, events, enabled, disabled_reason, failing_since, rest_until,
	secret, previous_secret, previous_until, created_at, updated_at`

func scanWebhook(rows *sql.Rows) (Webhook, error) {
	var w Webhook
	var reason, previous sql.NullString
	var failing, rest, until sql.NullInt64
	var created, updated int64
	err := rows.Scan(&w.ID, &w.URL, &w.Description, listColumn[string]{&w.Events}, &w.Enabled, &reason, &failing, &rest,
		&w.Secret, &previous, &until, &created, &updated)
	w.DisabledReason, w.PreviousSecret = reason.String, attrove.Secret(previous.String)
	w.FailingSince, w.RestUntil, w.PreviousUntil = fromNull(failing), fromNull(rest), fromNull(until)
	w.CreatedAt, w.UpdatedAt = fromMillis(created), fromMillis(updated)
	return w, err
}

const webhookByID = `SELECT ` + webhookColumns + ` FROM webhooks WHERE id = ?`

// Webhook returns an endpoint.
func (s *Store) Webhook(ctx context.Context, id string) (Webhook, error) {
	w, err := one(ctx, s, scanWebhook, webhookByID, id)
	if err != nil {
		return Webhook{}, fmt.Errorf("webhook: %w", err)
	}
	return w, nil
}

// Webhooks returns endpoints, newest first.
func (s *Store) Webhooks(ctx context.Context, after *Position, limit int) ([]Webhook, error) {
	where := conditions{terms: []string{"1"}}
	where.before("created_at", "id", after)
	all, err := collect(ctx, s, scanWebhook,
		`SELECT `+webhookColumns+` FROM webhooks WHERE `+where.String()+` ORDER BY created_at DESC, id DESC LIMIT ?`, append(where.args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	return all, nil
}

// Webhook returns an endpoint within the transaction.
func (tx *Tx) Webhook(id string) (Webhook, error) {
	return one(tx.ctx, tx, scanWebhook, webhookByID, id)
}

// SaveWebhook stores w in place of what its id held.
func (tx *Tx) SaveWebhook(w Webhook) error {
	return tx.exec(`INSERT INTO webhooks (`+webhookColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET url = excluded.url, description = excluded.description, events = excluded.events,
			enabled = excluded.enabled, disabled_reason = excluded.disabled_reason, failing_since = excluded.failing_since,
			rest_until = excluded.rest_until, secret = excluded.secret, previous_secret = excluded.previous_secret,
			previous_until = excluded.previous_until, updated_at = excluded.updated_at`,
		w.ID, w.URL, w.Description, encodeList(w.Events), w.Enabled, nullText(w.DisabledReason), nullMillis(w.FailingSince), nullMillis(w.RestUntil),
		w.Secret.Reveal(), nullText(w.PreviousSecret.Reveal()), nullMillis(w.PreviousUntil), millis(w.CreatedAt), millis(w.UpdatedAt))
}

// DeleteWebhook removes an endpoint with its deliveries and what is still to be
// sent to it.
func (tx *Tx) DeleteWebhook(id string) error {
	if err := tx.exec(`DELETE FROM jobs WHERE queue = '`+QueueWebhooks+`'
		AND lane IN (SELECT id FROM webhook_deliveries WHERE webhook_id = ? AND status = 'pending')`, id); err != nil {
		return err
	}
	n, err := tx.changed(`DELETE FROM webhooks WHERE id = ?`, id)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return err
}

// nullText is NULL for the empty string.
func nullText(text string) sql.NullString {
	return sql.NullString{String: text, Valid: text != ""}
}
