package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Snapshot is what one evaluation of a goal found.
type Snapshot struct {
	ID      string
	GoalID  string
	At      time.Time
	Finding []byte // a hash of what it says apart from its time
	Body    attrove.Snapshot
}

const snapshotQuery = `SELECT id, goal_id, created_at, finding, snapshot FROM goal_snapshots WHERE `

func scanSnapshot(rows *sql.Rows) (Snapshot, error) {
	var s Snapshot
	var at int64
	err := rows.Scan(&s.ID, &s.GoalID, &at, &s.Finding, valueColumn[attrove.Snapshot]{&s.Body})
	s.At = fromMillis(at)
	return s, err
}

// GoalState is a goal with what its last evaluation found and how the last run
// stands; both are nil before the first.
type GoalState struct {
	Goal
	Snapshot *Snapshot
	Run      *GoalRun
}

// GoalState returns the state of one of a user's goals.
func (s *Store) GoalState(ctx context.Context, userID, id string) (GoalState, error) {
	g, err := s.Goal(ctx, userID, id)
	if err != nil {
		return GoalState{}, err
	}
	return goalState(ctx, s, g)
}

// GoalState returns the state of a goal in this transaction.
func (tx *Tx) GoalState(g Goal) (GoalState, error) { return goalState(tx.ctx, tx, g) }

func goalState(ctx context.Context, q querier, g Goal) (GoalState, error) {
	state := GoalState{Goal: g}
	snapshots, err := collect(ctx, q, scanSnapshot, snapshotQuery+`id = ?`, g.SnapshotID)
	if err != nil {
		return state, fmt.Errorf("last snapshot: %w", err)
	}
	if len(snapshots) > 0 {
		state.Snapshot = &snapshots[0]
	}
	runs, err := collect(ctx, q, scanRun, runQuery, g.ID)
	if err != nil {
		return state, fmt.Errorf("last run: %w", err)
	}
	if len(runs) > 0 {
		state.Run = &runs[0]
	}
	return state, nil
}

// Snapshots returns what evaluations of a goal found, the newest first.
func (s *Store) Snapshots(ctx context.Context, goalID string, after *Position, limit int) ([]Snapshot, error) {
	var where conditions
	where.add("goal_id = ?", goalID)
	where.before("created_at", "id", after)
	all, err := collect(ctx, s, scanSnapshot, snapshotQuery+where.String()+` ORDER BY created_at DESC, id DESC LIMIT ?`,
		append(where.args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("snapshots: %w", err)
	}
	return all, nil
}

// AddSnapshot stores what an evaluation found. Of evaluations in a row that
// found the same it keeps the first and the last: since when a goal is as it is,
// and when that was last looked at. What lies between would grow with time alone.
func (tx *Tx) AddSnapshot(s Snapshot) error {
	last, err := collect(tx.ctx, tx, scanSnapshot, snapshotQuery+`goal_id = ? ORDER BY created_at DESC, id DESC LIMIT 2`, s.GoalID)
	if err != nil {
		return fmt.Errorf("last snapshots: %w", err)
	}
	if len(last) == 2 && bytes.Equal(last[0].Finding, s.Finding) && bytes.Equal(last[1].Finding, s.Finding) {
		if err := tx.exec(`DELETE FROM goal_snapshots WHERE id = ?`, last[0].ID); err != nil {
			return fmt.Errorf("thin out snapshots: %w", err)
		}
	}
	if err := tx.exec(`INSERT INTO goal_snapshots (id, goal_id, created_at, finding, snapshot) VALUES (?,?,?,?,?)`,
		s.ID, s.GoalID, millis(s.At), s.Finding, encodePointer(&s.Body)); err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	return nil
}
