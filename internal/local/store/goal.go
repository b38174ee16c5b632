package store

import (
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Goal is a watched outcome. Scope and NextMove are kept as on the wire.
type Goal struct {
	ID                  string
	UserID              string
	Title               string
	Description         string
	SuccessCriteria     string
	CompletionCondition string
	Scope               attrove.WatchScope
	Deadline            time.Time // zero for none
	Lifecycle           attrove.Lifecycle
	LifecycleVersion    int            // counts changes of Lifecycle from 1
	Health              attrove.Health // as found, or as a human said
	Override            *Override      // nil unless a human said Health
	Acknowledgment      *Acknowledgment
	NextMove            *attrove.NextMove // nil before the first evaluation
	SnapshotID          string            // of the last evaluation; "" before the first
	CreatedAt           time.Time
	UpdatedAt           time.Time
	LastEvaluatedAt     time.Time // zero before the first
	NextLookAt          time.Time // zero when nothing is planned
}

// Override is a health that a human set against what evaluation finds.
type Override struct {
	Found attrove.Health `json:"found"` // by the last evaluation before
	At    time.Time      `json:"at"`
}

// Acknowledgment says that a goal's silence is expected (P-38).
type Acknowledgment struct {
	Until   time.Time `json:"until"`
	Reason  string    `json:"reason,omitempty"`
	Channel string    `json:"channel,omitempty"`
	By      string    `json:"by"` // the user id
	At      time.Time `json:"at"`
}
