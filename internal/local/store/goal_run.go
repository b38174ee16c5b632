package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// QueueGoals is the queue of evaluations; a job's lane is its goal's id.
const QueueGoals = "goals"

// runKept is how long runs are kept. The limit on asked ones looks back less.
const runKept = 24 * time.Hour

// GoalRun is an evaluation of a goal, done or to be done.
type GoalRun struct {
	ID         string
	Status     string // queued, running, completed or failed
	Error      string
	QueuedAt   time.Time
	FinishedAt time.Time
}

// runQuery finds the last run of a goal.
const runQuery = `SELECT r.id, CASE WHEN r.status = 'queued' AND EXISTS
		(SELECT 1 FROM jobs j WHERE j.seq = r.job AND j.lease_owner IS NOT NULL) THEN 'running' ELSE r.status END,
	coalesce(r.error, ''), r.queued_at, r.finished_at FROM goal_runs r WHERE r.goal_id = ? ORDER BY r.seq DESC LIMIT 1`

func scanRun(rows *sql.Rows) (GoalRun, error) {
	var r GoalRun
	var queued int64
	var finished sql.NullInt64
	err := rows.Scan(&r.ID, &r.Status, &r.Error, &queued, &finished)
	r.QueuedAt, r.FinishedAt = fromMillis(queued), fromNull(finished)
	return r, err
}

// Evaluation asks for a run.
type Evaluation struct {
	UserID string
	GoalID string
	Asked  bool      // by the user, whose runs are limited and shown each
	At     time.Time // by the engine's clock
	RunAt  time.Time // by the clock that jobs run by
}

// Evaluate queues an evaluation. One that waits already will see what this one is
// for, so there is at most one; one that is under way may have looked before.
func (tx *Tx) Evaluate(e Evaluation) (GoalRun, error) {
	job, err := one(tx.ctx, tx, scalar[int64],
		`SELECT seq FROM jobs WHERE queue = ? AND lane = ? AND lease_owner IS NULL`, QueueGoals, e.GoalID)
	switch {
	case errors.Is(err, ErrNotFound):
		if err := tx.enqueue(QueueGoals, e.GoalID, e.UserID, []byte{}, e.RunAt); err != nil {
			return GoalRun{}, fmt.Errorf("queue an evaluation: %w", err)
		}
		job, err = one(tx.ctx, tx, scalar[int64], `SELECT max(seq) FROM jobs WHERE queue = ? AND lane = ?`, QueueGoals, e.GoalID)
		if err != nil {
			return GoalRun{}, fmt.Errorf("queue an evaluation: %w", err)
		}
	case err != nil:
		return GoalRun{}, fmt.Errorf("look for an evaluation: %w", err)
	default:
		if err := tx.exec(`UPDATE jobs SET run_at = min(run_at, ?) WHERE seq = ?`, millis(e.RunAt), job); err != nil {
			return GoalRun{}, fmt.Errorf("hurry an evaluation: %w", err)
		}
		if !e.Asked {
			return GoalRun{}, nil
		}
	}
	run := GoalRun{ID: NewID("run"), Status: "queued", QueuedAt: e.At}
	err = tx.exec(`INSERT INTO goal_runs (id, goal_id, job, asked, status, queued_at) VALUES (?,?,?,?,'queued',?)`,
		run.ID, e.GoalID, job, e.Asked, millis(e.At))
	if err != nil {
		return GoalRun{}, fmt.Errorf("run: %w", err)
	}
	return run, nil
}

const activeGoals = `SELECT g.id FROM goals g WHERE g.user_id = ? AND g.lifecycle = 'active'`

// EvaluateActive queues an evaluation of each active goal of a user: what
// they may rest on is gone, or is back.
func (tx *Tx) EvaluateActive(userID string, at, runAt time.Time) error {
	return tx.evaluateEach(userID, at, runAt, activeGoals, userID)
}

// EvaluateCiting queues an evaluation of each active goal of a user whose last
// snapshot cites an item: that says something else now.
func (tx *Tx) EvaluateCiting(userID, itemID string, at, runAt time.Time) error {
	return tx.evaluateEach(userID, at, runAt, activeGoals+` AND EXISTS (SELECT 1 FROM goal_snapshots s, json_each(s.snapshot, '$.cited_evidence_refs') r
		WHERE s.id = g.snapshot_id AND r.value ->> 'id' = ?)`, userID, itemID)
}

func (tx *Tx) evaluateEach(userID string, at, runAt time.Time, query string, args ...any) error {
	ids, err := collect(tx.ctx, tx, scalar[string], query, args...)
	if err != nil {
		return fmt.Errorf("goals to evaluate: %w", err)
	}
	for _, id := range ids {
		if _, err := tx.Evaluate(Evaluation{UserID: userID, GoalID: id, At: at, RunAt: runAt}); err != nil {
			return err
		}
	}
	return nil
}

// HurryEvaluations has a user's evaluations that wait run now, by the clock that
// jobs run by.
func (s *Store) HurryEvaluations(ctx context.Context, userID string, now time.Time) error {
	const waiting = ` jobs WHERE user_id = ?1 AND queue = '` + QueueGoals + `' AND run_at > ?2 AND lease_owner IS NULL`
	some, err := one(ctx, s, scalar[bool], `SELECT EXISTS (SELECT 1 FROM`+waiting+`)`, userID, millis(now))
	if err == nil && some {
		err = s.Write(ctx, func(tx *Tx) error {
			return tx.exec(`UPDATE jobs SET run_at = ?2 WHERE seq IN (SELECT seq FROM`+waiting+`)`, userID, millis(now))
		})
	}
	if err != nil {
		return fmt.Errorf("hurry evaluations: %w", err)
	}
	return nil
}

// Evaluating reports whether evaluations of a user's goals are due by now, or under
// way.
func (s *Store) Evaluating(ctx context.Context, userID string, now time.Time) (bool, error) {
	some, err := one(ctx, s, scalar[bool], `SELECT EXISTS (SELECT 1 FROM jobs WHERE user_id = ? AND queue = ? AND (run_at <= ? OR lease_owner IS NOT NULL))`,
		userID, QueueGoals, millis(now))
	if err != nil {
		return false, fmt.Errorf("look for evaluations: %w", err)
	}
	return some, nil
}

// Asked returns when the user asked for evaluations of a goal in a period, the
// first first.
func (tx *Tx) Asked(goalID string, from, to time.Time) ([]time.Time, error) {
	times, err := collect(tx.ctx, tx, func(rows *sql.Rows) (time.Time, error) {
		ms, err := scalar[int64](rows)
		return fromMillis(ms), err
	}, `SELECT queued_at FROM goal_runs WHERE goal_id = ? AND asked AND queued_at > ? AND queued_at <= ? ORDER BY queued_at`,
		goalID, millis(from), millis(to))
	if err != nil {
		return nil, fmt.Errorf("asked evaluations: %w", err)
	}
	return times, nil
}

// IsAsked reports whether the user asked for what a job is to do.
func (s *Store) IsAsked(ctx context.Context, job Job) (bool, error) {
	asked, err := one(ctx, s, scalar[bool], `SELECT EXISTS (SELECT 1 FROM goal_runs WHERE job = ? AND asked)`, job.Seq)
	if err != nil {
		return false, fmt.Errorf("look who asked for an evaluation: %w", err)
	}
	return asked, nil
}

// FinishRuns notes how the runs of a job ended; failure is "" when they did what
// they were to do. It returns how many of them the user asked for. Old ones are
// forgotten, but for the last of the goal.
func (tx *Tx) FinishRuns(job Job, failure string, at time.Time) (asked int, err error) {
	status := "completed"
	if failure != "" {
		status = "failed"
	}
	ended, err := collect(tx.ctx, tx, scalar[int],
		`UPDATE goal_runs SET status = ?, error = ?, finished_at = ? WHERE job = ? AND status = 'queued' RETURNING asked`,
		status, sql.NullString{String: failure, Valid: failure != ""}, millis(at), job.Seq)
	if err != nil {
		return 0, fmt.Errorf("finish runs: %w", err)
	}
	for _, n := range ended {
		asked += n
	}
	if err := tx.exec(`DELETE FROM goal_runs WHERE goal_id = ?1 AND status <> 'queued' AND queued_at < ?2
		AND seq < (SELECT max(seq) FROM goal_runs WHERE goal_id = ?1)`, job.Lane, millis(at.Add(-runKept))); err != nil {
		return 0, fmt.Errorf("forget runs: %w", err)
	}
	return asked, nil
}

// PlanAnew has goals looked at now that were looked at later than now, or will be
// later than the latest that is planned now: the clock was set back since.
func (s *Store) PlanAnew(ctx context.Context, now, latest time.Time) error {
	err := s.Write(ctx, func(tx *Tx) error {
		return tx.exec(`UPDATE goals SET next_look_at = ?1 WHERE lifecycle = 'active' AND (last_evaluated_at > ?1 OR next_look_at > ?2)`,
			millis(now), millis(latest))
	})
	if err != nil {
		return fmt.Errorf("plan looks at goals anew: %w", err)
	}
	return nil
}

// EvaluateDue queues the evaluations that have fallen due by now, of one user or
// for "" of all, and puts each goal's next look off to later: of several
// processes one queues it. It returns how many.
func (s *Store) EvaluateDue(ctx context.Context, userID string, now, later, runAt time.Time) (int, error) {
	const due = ` FROM goals WHERE lifecycle = 'active' AND next_look_at <= ?1 AND (?2 = '' OR user_id = ?2)`
	some, err := one(ctx, s, scalar[bool], `SELECT EXISTS (SELECT 1`+due+`)`, millis(now), userID)
	if err != nil || !some {
		return 0, err
	}
	n := 0
	err = s.Write(ctx, func(tx *Tx) error {
		goals, err := collect(tx.ctx, tx, func(rows *sql.Rows) (g Goal, err error) {
			return g, rows.Scan(&g.ID, &g.UserID)
		}, `SELECT id, user_id`+due, millis(now), userID)
		if err != nil {
			return err
		}
		for _, g := range goals {
			if err := tx.exec(`UPDATE goals SET next_look_at = ? WHERE id = ?`, millis(later), g.ID); err != nil {
				return err
			}
			if _, err := tx.Evaluate(Evaluation{UserID: g.UserID, GoalID: g.ID, At: now, RunAt: runAt}); err != nil {
				return err
			}
		}
		n = len(goals)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("queue due evaluations: %w", err)
	}
	return n, nil
}
