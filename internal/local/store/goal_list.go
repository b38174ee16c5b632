package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// lookTime is how long one look at the list of goals lasts: what it leads with
// does not move away when the list is read again within it.
const lookTime = 10 * time.Minute

// Look is a period of goal events, by their order: those that a user has not
// seen yet.
type Look struct {
	Seen  int64 // the last event seen before
	Shown int64 // the last event there was
}

// look is a Look with when it began.
type look struct {
	Look
	began int64
}

// Glance says what a user has not seen yet.
func (s *Store) Glance(ctx context.Context, userID string, now time.Time) (Look, error) {
	_, next, err := s.look(ctx, userID, now)
	return next.Look, err
}

// Look is Glance, and notes that now the user has seen it.
func (s *Store) Look(ctx context.Context, userID string, now time.Time) (Look, error) {
	before, next, err := s.look(ctx, userID, now)
	if err != nil || next == before {
		return next.Look, err
	}
	err = s.Write(ctx, func(tx *Tx) error {
		return tx.exec(`INSERT INTO goal_looks (user_id, began_at, seen, shown) VALUES (?,?,?,?)
			ON CONFLICT (user_id) DO UPDATE SET began_at = excluded.began_at, seen = excluded.seen, shown = excluded.shown`,
			userID, next.began, next.Seen, next.Shown)
	})
	if err != nil {
		return Look{}, fmt.Errorf("note a look at goals: %w", err)
	}
	return next.Look, nil
}

// look returns a user's last look at the list, and the one of now: the same while
// it lasts, but with what has happened since.
func (s *Store) look(ctx context.Context, userID string, now time.Time) (before, next look, err error) {
	before, err = one(ctx, s, func(rows *sql.Rows) (l look, err error) {
		return l, rows.Scan(&l.began, &l.Seen, &l.Shown)
	}, `SELECT began_at, seen, shown FROM goal_looks WHERE user_id = ?`, userID)
	fresh := errors.Is(err, ErrNotFound)
	if err != nil && !fresh {
		return before, next, fmt.Errorf("last look at goals: %w", err)
	}
	next = before
	next.Shown, err = one(ctx, s, scalar[int64], `SELECT coalesce(max(seq), 0) FROM goal_events WHERE user_id = ?`, userID)
	if err != nil {
		return before, next, fmt.Errorf("last goal event: %w", err)
	}
	if age := now.Sub(fromMillis(before.began)); fresh || age >= lookTime || age < 0 {
		next.Seen, next.began = before.Shown, millis(now)
	}
	return before, next, nil
}

// GoalPlace is a goal's place in a list.
type GoalPlace struct {
	Changed int64 // when the last event of it that the Look has came, in ms UTC; 0 for none
	At      time.Time
	ID      string
}

// ListedGoal is a goal in its place.
type ListedGoal struct {
	Goal
	Changed int64
}

// GoalFilter asks for goals. Empty fields ask for nothing.
type GoalFilter struct {
	Lifecycle     attrove.Lifecycle
	Health        attrove.Health
	NextMoveOwner attrove.MoveOwner
	Acknowledged  *bool
	Look          Look
	After         *GoalPlace
	Limit         int
}

// Goals returns a user's goals: first those with news in the filter's Look, the
// newest first, then the others; of what is of one moment, whose evaluations end in
// any order, the last created first. Events never change, so a goal keeps its place
// while pages of one Look are read, whatever happens to it meanwhile.
func (s *Store) Goals(ctx context.Context, userID string, f GoalFilter) ([]ListedGoal, error) {
	var where conditions
	where.add("g.user_id = ?", userID)
	where.equal("g.lifecycle", string(f.Lifecycle))
	where.equal("g.health", string(f.Health))
	where.equal("g.next_move ->> 'owner'", string(f.NextMoveOwner))
	if f.Acknowledged != nil {
		where.add("(g.acknowledgment IS NOT NULL) = ?", *f.Acknowledged)
	}
	if f.After != nil {
		where.add("(changed, g.created_at, g.id) < (?, ?, ?)", f.After.Changed, millis(f.After.At), f.After.ID)
	}
	all, err := collect(ctx, s, func(rows *sql.Rows) (ListedGoal, error) {
		var r goalRow
		var l ListedGoal
		err := rows.Scan(append(r.columns(), &l.Changed)...)
		l.Goal = r.goal()
		return l, err
	}, `SELECT `+goalColumns+`, coalesce((SELECT max(e.at) FROM goal_events e
			WHERE e.goal_id = g.id AND e.seq > ? AND e.seq <= ? AND e.type <> '`+EventEvaluated+`'), 0) AS changed
		FROM goals g WHERE `+where.String()+` ORDER BY changed DESC, g.created_at DESC, g.id DESC LIMIT ?`,
		append(append([]any{f.Look.Seen, f.Look.Shown}, where.args...), f.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("goals: %w", err)
	}
	return all, nil
}
