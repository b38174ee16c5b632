package store

import (
	"encoding/json"
	"fmt"
	"time"
)

// Publication is something that happened and that webhooks may tell of.
type Publication struct {
	EventID string // the same for every endpoint
	Type    string // such as goals.risk_detected (P-18)
	UserID  string // whom it is about; "" for nobody
	At      time.Time
	Data    json.RawMessage // an object, thin: ids, no content (P-19)
}

// subscribers are the endpoints that hear of a type of event.
const subscribers = `SELECT id FROM webhooks
	WHERE enabled = 1 AND EXISTS (SELECT 1 FROM json_each(events) WHERE value IN (?, '*'))`

// Publish queues a delivery to every endpoint that wants to hear of p, in the
// transaction in which it happened: what is committed is told at least once, and
// what is rolled back never. The same event published again is not told again.
func (tx *Tx) Publish(p Publication) error {
	endpoints, err := collect(tx.ctx, tx, scalar[string], subscribers, p.Type)
	if err != nil {
		return fmt.Errorf("look for subscribers: %w", err)
	}
	for _, id := range endpoints {
		if _, err := tx.PublishTo(id, p); err != nil {
			return err
		}
	}
	return nil
}

// deliveryPrefix of ids is P-02's.
const deliveryPrefix = "whd"

// PublishTo is Publish to one endpoint, whatever it subscribes to. It returns the
// id of the first attempt.
func (tx *Tx) PublishTo(webhookID string, p Publication) (string, error) {
	body, err := p.body()
	if err != nil {
		return "", err
	}
	d := Delivery{ID: NewID(deliveryPrefix), WebhookID: webhookID, EventID: p.EventID, EventType: p.Type,
		Attempt: 1, QueuedAt: p.At, NextAttempt: p.At}
	// At once, also by a clock that is set back before it has come to that.
	if err := tx.queueDelivery(d, body, time.Time{}); err != nil {
		return "", fmt.Errorf("queue a delivery: %w", err)
	}
	return d.ID, nil
}

// body is what is sent, at every attempt the same (P-19).
func (p Publication) body() ([]byte, error) {
	data := map[string]json.RawMessage{}
	if len(p.Data) > 0 {
		if err := json.Unmarshal(p.Data, &data); err != nil {
			return nil, fmt.Errorf("data of %s must be an object: %w", p.Type, err)
		}
	}
	if p.UserID != "" {
		id, err := json.Marshal(p.UserID)
		if err != nil {
			return nil, fmt.Errorf("encode a user's id: %w", err)
		}
		data["user_id"] = id
	}
	body, err := json.Marshal(struct {
		Type      string                     `json:"type"`
		Timestamp string                     `json:"timestamp"`
		Data      map[string]json.RawMessage `json:"data"`
	}{p.Type, p.At.UTC().Format(time.RFC3339Nano), data})
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", p.Type, err)
	}
	return body, nil
}
