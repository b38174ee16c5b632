package store

import (
	"context"
	"database/sql"
	"fmt"
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

const goalColumns = `g.id, g.user_id, g.title, g.description, g.success_criteria, g.completion_condition, g.scope, g.deadline,
	g.lifecycle, g.lifecycle_version, g.health, g.override, g.acknowledgment, g.next_move, g.snapshot_id,
	g.created_at, g.updated_at, g.last_evaluated_at, g.next_look_at`

// goalRow is a goal as it is read, with room for more columns after it.
type goalRow struct {
	Goal
	deadline, evaluated, look sql.NullInt64
	created, updated          int64
	snapshot                  sql.NullString
}

func (r *goalRow) columns() []any {
	return []any{&r.ID, &r.UserID, &r.Title, &r.Description, &r.SuccessCriteria, &r.CompletionCondition, valueColumn[attrove.WatchScope]{&r.Scope},
		&r.deadline, &r.Lifecycle, &r.LifecycleVersion, &r.Health, pointerColumn[Override]{&r.Override},
		pointerColumn[Acknowledgment]{&r.Acknowledgment}, pointerColumn[attrove.NextMove]{&r.NextMove}, &r.snapshot,
		&r.created, &r.updated, &r.evaluated, &r.look}
}

func (r *goalRow) goal() Goal {
	g := r.Goal
	g.SnapshotID = r.snapshot.String
	g.Deadline, g.LastEvaluatedAt, g.NextLookAt = fromNull(r.deadline), fromNull(r.evaluated), fromNull(r.look)
	g.CreatedAt, g.UpdatedAt = fromMillis(r.created), fromMillis(r.updated)
	return g
}

func scanGoal(rows *sql.Rows) (Goal, error) {
	var r goalRow
	err := rows.Scan(r.columns()...)
	return r.goal(), err
}

const goalQuery = `SELECT ` + goalColumns + ` FROM goals g WHERE g.id = ? AND g.user_id = ?`

// Goal returns one of a user's goals.
func (s *Store) Goal(ctx context.Context, userID, id string) (Goal, error) {
	g, err := one(ctx, s, scanGoal, goalQuery, id, userID)
	if err != nil {
		return Goal{}, fmt.Errorf("goal: %w", err)
	}
	return g, nil
}

// Goal returns one of a user's goals, to be changed in this transaction.
func (tx *Tx) Goal(userID, id string) (Goal, error) {
	g, err := one(tx.ctx, tx, scanGoal, goalQuery, id, userID)
	if err != nil {
		return Goal{}, fmt.Errorf("goal: %w", err)
	}
	return g, nil
}

// Watched returns a user's active goals, and the handles of the entities that they
// name, by the ids that they name them by.
func (tx *Tx) Watched(userID string) ([]Goal, map[string][]string, error) {
	active, err := collect(tx.ctx, tx, scanGoal,
		`SELECT `+goalColumns+` FROM goals g WHERE g.user_id = ? AND g.lifecycle = 'active'`, userID)
	if err != nil {
		return nil, nil, fmt.Errorf("active goals: %w", err)
	}
	var ids []string
	for _, g := range active {
		ids = append(ids, g.Scope.EntityIDs...)
	}
	if len(ids) == 0 {
		return active, nil, nil
	}
	handles := map[string][]string{}
	_, err = collect(tx.ctx, tx, func(rows *sql.Rows) (struct{}, error) {
		var id, handle string
		err := rows.Scan(&id, &handle)
		handles[id] = append(handles[id], handle)
		return struct{}{}, err
	}, `SELECT w.id, m.handle FROM entities w JOIN entities m ON m.seq = coalesce(w.same_as, w.seq) OR m.same_as = coalesce(w.same_as, w.seq)
		WHERE w.user_id = ? AND w.id IN (SELECT value FROM json_each(?))`, userID, encodeList(ids))
	if err != nil {
		return nil, nil, fmt.Errorf("watched entities: %w", err)
	}
	return active, handles, nil
}

// SaveGoal stores g, new or in place of what its id held.
func (tx *Tx) SaveGoal(g Goal) error {
	return tx.exec(`INSERT INTO goals (id, user_id, title, description, success_criteria, completion_condition, scope, deadline,
			lifecycle, lifecycle_version, health, override, acknowledgment, next_move, snapshot_id,
			created_at, updated_at, last_evaluated_at, next_look_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, description = excluded.description,
			success_criteria = excluded.success_criteria, completion_condition = excluded.completion_condition,
			scope = excluded.scope, deadline = excluded.deadline, lifecycle = excluded.lifecycle,
			lifecycle_version = excluded.lifecycle_version, health = excluded.health, override = excluded.override,
			acknowledgment = excluded.acknowledgment, next_move = excluded.next_move, snapshot_id = excluded.snapshot_id,
			updated_at = excluded.updated_at, last_evaluated_at = excluded.last_evaluated_at, next_look_at = excluded.next_look_at`,
		g.ID, g.UserID, g.Title, g.Description, g.SuccessCriteria, g.CompletionCondition, encodePointer(&g.Scope), nullMillis(g.Deadline),
		g.Lifecycle, g.LifecycleVersion, g.Health, encodePointer(g.Override), encodePointer(g.Acknowledgment), encodePointer(g.NextMove),
		sql.NullString{String: g.SnapshotID, Valid: g.SnapshotID != ""},
		millis(g.CreatedAt), millis(g.UpdatedAt), nullMillis(g.LastEvaluatedAt), nullMillis(g.NextLookAt))
}
