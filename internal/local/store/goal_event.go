package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// What happens to goals (P-18).
const (
	EventCreated        = "goals.created"
	EventUpdated        = "goals.updated"
	EventEvaluated      = "goals.evaluated"
	EventHealthChanged  = "goals.health_changed"
	EventRiskDetected   = "goals.risk_detected"
	EventConfirmed      = "goals.status_confirmed"
	EventCompleted      = "goals.completed"
	EventArchived       = "goals.archived"
	EventCancelled      = "goals.cancelled"
	EventReopened       = "goals.reopened"
	EventAcknowledged   = "goals.acknowledged"
	EventUnacknowledged = "goals.acknowledgment_cleared"
)

// GoalEvent is one thing that happened to a goal. Seq is its place in the order
// in which things were committed, which is the same for everybody.
type GoalEvent struct {
	Seq    int64
	ID     string
	UserID string
	GoalID string
	Type   string
	At     time.Time
	Data   GoalEventData
	Reason string // why a human wanted it; for the record, and in no Data
}

// GoalEventData is what an event tells: ids and values, never content (P-19).
type GoalEventData struct {
	GoalID           string             `json:"goal_id"`
	Actor            string             `json:"actor,omitempty"` // whose key the command came with
	Initiator        attrove.Initiator  `json:"initiator,omitempty"`
	Lifecycle        *Change            `json:"lifecycle,omitempty"`
	LifecycleVersion int                `json:"lifecycle_version,omitempty"`
	Health           *Change            `json:"health,omitempty"`
	Fields           []string           `json:"fields,omitempty"` // that an update changed
	RiskKinds        []attrove.RiskKind `json:"risk_kinds,omitempty"`
	SnapshotID       string             `json:"snapshot_id,omitempty"`
	Until            attrove.DateTime   `json:"until,omitempty"`
	Cause            string             `json:"cause,omitempty"` // what ended an acknowledgment
	ReasonCode       string             `json:"reason_code,omitempty"`
}

// Change is a value before and after.
type Change struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// AddGoalEvent notes that something happened, and publishes it.
func (tx *Tx) AddGoalEvent(e GoalEvent) error {
	e.ID, e.Data.GoalID = NewID("gev"), e.GoalID
	data, err := json.Marshal(e.Data)
	if err != nil {
		return fmt.Errorf("encode goal event: %w", err)
	}
	if err := tx.exec(`INSERT INTO goal_events (id, user_id, goal_id, type, at, data, reason) VALUES (?,?,?,?,?,?,?)`,
		e.ID, e.UserID, e.GoalID, e.Type, millis(e.At), string(data), e.Reason); err != nil {
		return fmt.Errorf("goal event: %w", err)
	}
	tx.goalEvents = true
	return tx.Publish(Publication{EventID: e.ID, Type: e.Type, UserID: e.UserID, At: e.At, Data: data})
}

// OnGoalEvents has told called whenever goal events were committed through this
// store. It must neither wait nor use the store.
func (s *Store) OnGoalEvents(told func()) { s.writer.told.Store(&told) }

// GoalEventFilter asks for goal events. Empty fields ask for nothing.
type GoalEventFilter struct {
	AfterSeq int64
	AfterID  string    // an event's id; unlike a time it names one place in the order
	From     time.Time // counts where AfterID is empty or names no event
	Types    []string
	Limit    int
}

// GoalEvents returns a user's goal events in their order.
func (s *Store) GoalEvents(ctx context.Context, userID string, f GoalEventFilter) ([]GoalEvent, error) {
	var where conditions
	where.add("user_id = ?", userID)
	known, err := one(ctx, s, scalar[int64], `SELECT seq FROM goal_events WHERE id = ? AND user_id = ?`, f.AfterID, userID)
	switch {
	case err == nil:
		where.add("seq > ?", max(known, f.AfterSeq))
	case errors.Is(err, ErrNotFound):
		where.add("seq > ?", f.AfterSeq)
		where.period("at", f.From, time.Time{})
	default:
		return nil, fmt.Errorf("goal event of a watermark: %w", err)
	}
	oneOf(&where, "type", f.Types)
	all, err := collect(ctx, s, scanGoalEvent,
		`SELECT seq, id, user_id, goal_id, type, at, data, reason FROM goal_events WHERE `+where.String()+` ORDER BY seq LIMIT ?`,
		append(where.args, f.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("goal events: %w", err)
	}
	return all, nil
}

func scanGoalEvent(rows *sql.Rows) (GoalEvent, error) {
	var e GoalEvent
	var at int64
	err := rows.Scan(&e.Seq, &e.ID, &e.UserID, &e.GoalID, &e.Type, &at, valueColumn[GoalEventData]{&e.Data}, &e.Reason)
	e.At = fromMillis(at)
	return e, err
}
