package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// deliveriesKept is how long past deliveries can be looked at.
const deliveriesKept = 30 * 24 * time.Hour

// Delivery is one attempt to deliver an event to an endpoint, made or to be made
// (P-22).
type Delivery struct {
	ID          string
	WebhookID   string
	EventID     string
	EventType   string
	Attempt     int // from 1
	QueuedAt    time.Time
	Outcome               // zero but for the Status while pending
	NextAttempt time.Time // when a pending one is due, and a failed one is tried again; zero for never
}

// Outcome is how an attempt ended. What was answered beyond a status is not kept.
type Outcome struct {
	Status         attrove.DeliveryStatus
	ResponseStatus int    // 0 when no answer came
	Error          string // "" for none
	Duration       time.Duration
	AttemptedAt    time.Time
}

// DeliveryFilter asks for an endpoint's deliveries. Empty fields ask for nothing.
type DeliveryFilter struct {
	Status    attrove.DeliveryStatus
	EventType string
	After     *Position
	Limit     int
}

const deliveryQuery = `SELECT id, webhook_id, event_id, event_type, attempt, status, response_status, error, duration_ms,
	queued_at, attempted_at, next_attempt_at FROM webhook_deliveries WHERE `

func scanDelivery(rows *sql.Rows) (Delivery, error) {
	var d Delivery
	var response, duration, attempted, next sql.NullInt64
	var failure sql.NullString
	var queued int64
	err := rows.Scan(&d.ID, &d.WebhookID, &d.EventID, &d.EventType, &d.Attempt, &d.Status, &response, &failure, &duration,
		&queued, &attempted, &next)
	d.ResponseStatus, d.Error, d.Duration = int(response.Int64), failure.String, time.Duration(duration.Int64)*time.Millisecond
	d.QueuedAt, d.AttemptedAt, d.NextAttempt = fromMillis(queued), fromNull(attempted), fromNull(next)
	return d, err
}

// Delivery returns a delivery.
func (s *Store) Delivery(ctx context.Context, id string) (Delivery, error) {
	d, err := one(ctx, s, scanDelivery, deliveryQuery+`id = ?`, id)
	if err != nil {
		return Delivery{}, fmt.Errorf("delivery: %w", err)
	}
	return d, nil
}

// Deliveries returns an endpoint's deliveries, newest first.
func (s *Store) Deliveries(ctx context.Context, webhookID string, f DeliveryFilter) ([]Delivery, error) {
	var where conditions
	where.add("webhook_id = ?", webhookID)
	where.equal("status", string(f.Status))
	where.equal("event_type", f.EventType)
	where.before("queued_at", "id", f.After)
	all, err := collect(ctx, s, scanDelivery,
		deliveryQuery+where.String()+` ORDER BY queued_at DESC, id DESC LIMIT ?`, append(where.args, f.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %w", err)
	}
	return all, nil
}

// queueDelivery stores a pending delivery with the job that is to attempt it from
// runAt on, unless that attempt at that event was queued before.
func (tx *Tx) queueDelivery(d Delivery, body []byte, runAt time.Time) error {
	n, err := tx.changed(`INSERT INTO webhook_deliveries (id, webhook_id, event_id, event_type, attempt, status, queued_at, next_attempt_at)
		VALUES (?,?,?,?,?,'pending',?,?) ON CONFLICT (webhook_id, event_id, attempt) DO NOTHING`,
		d.ID, d.WebhookID, d.EventID, d.EventType, d.Attempt, millis(d.QueuedAt), millis(d.NextAttempt))
	if err != nil || n == 0 {
		return err
	}
	return tx.enqueue(QueueWebhooks, d.ID, "", body, runAt)
}

// Rest puts off the attempt that job stands for. It does not count.
func (tx *Tx) Rest(job Job, owner string, until time.Time) error {
	if err := tx.Defer(job, owner, until); err != nil {
		return err
	}
	return tx.exec(`UPDATE webhook_deliveries SET next_attempt_at = ? WHERE id = ?`, millis(until), job.Lane)
}

// Settle ends the attempt at d that job stands for, and queues another for d's
// NextAttempt unless that is zero.
func (tx *Tx) Settle(job Job, owner string, d Delivery) error {
	if err := tx.Finish(job, owner); err != nil {
		return err
	}
	err := tx.exec(`UPDATE webhook_deliveries
		SET status = ?, response_status = ?, error = ?, duration_ms = ?, attempted_at = ?, next_attempt_at = ? WHERE id = ?`,
		d.Status, sql.NullInt64{Int64: int64(d.ResponseStatus), Valid: d.ResponseStatus != 0}, nullText(d.Error),
		d.Duration.Milliseconds(), nullMillis(d.AttemptedAt), nullMillis(d.NextAttempt), d.ID)
	if err != nil {
		return err
	}
	if !d.NextAttempt.IsZero() {
		next := Delivery{ID: NewID(deliveryPrefix), WebhookID: d.WebhookID, EventID: d.EventID, EventType: d.EventType,
			Attempt: d.Attempt + 1, QueuedAt: d.AttemptedAt, NextAttempt: d.NextAttempt}
		if err := tx.queueDelivery(next, job.Payload, next.NextAttempt); err != nil {
			return err
		}
	}
	return tx.exec(`DELETE FROM webhook_deliveries WHERE webhook_id = ? AND queued_at < ? AND status <> 'pending'`,
		d.WebhookID, millis(d.AttemptedAt.Add(-deliveriesKept)))
}
