package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrLeaseLost says that a job is no longer its holder's: the lease ran out and
// somebody else has it or did it.
var ErrLeaseLost = errors.New("the lease on the job was lost")

// Job is a queued piece of work, leased to whoever claimed it.
type Job struct {
	Seq      int64
	Lane     string
	UserID   string // "" for a partner's
	Attempts int    // with this one
	Payload  []byte
}

// claimBytes is how much payload a claim takes before it stops: whoever does the
// jobs may hold them all in memory, and in one transaction.
const claimBytes = 8 << 20

// Claim asks for jobs.
type Claim struct {
	Queue string
	Owner string    // who leases them
	Due   time.Time // what is to run later is left, by the clock that run times are of
	Now   time.Time // leases that have ended by now are nobody's, by the real clock
	Until time.Time // when the lease ends, by the real clock
	Limit int
}

func (tx *Tx) enqueue(queue, lane, userID string, payload []byte, runAt time.Time) error {
	seq, err := one(tx.ctx, tx, scalar[int64],
		`INSERT INTO jobs (queue, lane, user_id, run_at) VALUES (?,?,?,?) RETURNING seq`, queue, lane, nullText(userID), millis(runAt))
	if err != nil {
		return err
	}
	return tx.exec(`INSERT INTO job_payloads (seq, payload) VALUES (?,?)`, seq, payload)
}

// runnable are the jobs that nobody holds and whose lane has none before them.
// The index jobs_queue has a queue's jobs in their order, so that SQLite walks
// them alone and stops at the limit.
const runnable = ` FROM jobs j WHERE queue = ? AND run_at <= ? AND lease_until <= ? AND NOT EXISTS
	(SELECT 1 FROM jobs e WHERE e.queue = j.queue AND e.lane = j.lane AND e.seq < j.seq)`

// Runnable reports whether there is anything to claim. It takes no lock.
func (s *Store) Runnable(ctx context.Context, c Claim) (bool, error) {
	some, err := one(ctx, s, scalar[bool], `SELECT EXISTS (SELECT 1`+runnable+`)`, c.Queue, millis(c.Due), millis(c.Now))
	if err != nil {
		return false, fmt.Errorf("look for jobs: %w", err)
	}
	return some, nil
}

// Claim leases jobs, oldest first, and counts the attempt before it is made. A
// job that was begun before and not finished comes alone: if it is what ends
// processes, it does not use up the attempts of others.
func (s *Store) Claim(ctx context.Context, c Claim) ([]Job, error) {
	var jobs []Job
	err := s.Write(ctx, func(tx *Tx) (err error) {
		jobs, err = tx.claim(ctx, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	return jobs, nil
}

func (tx *Tx) claim(ctx context.Context, c Claim) ([]Job, error) {
	candidates, err := collect(ctx, tx, scanJob, `SELECT seq, lane, coalesce(user_id, ''), attempts, NULL`+runnable+
		` ORDER BY seq LIMIT ?`, c.Queue, millis(c.Due), millis(c.Now), c.Limit)
	if err != nil {
		return nil, err
	}
	var jobs []Job
	size := 0
	for _, job := range candidates {
		if len(jobs) > 0 && (job.Attempts > 0 || size >= claimBytes) {
			break
		}
		if err := tx.exec(`UPDATE jobs SET attempts = attempts + 1, lease_owner = ?, lease_until = ? WHERE seq = ?`,
			c.Owner, millis(c.Until), job.Seq); err != nil {
			return nil, err
		}
		if job.Payload, err = one(ctx, tx, scalar[[]byte], `SELECT payload FROM job_payloads WHERE seq = ?`, job.Seq); err != nil {
			return nil, err
		}
		job.Attempts++
		size += len(job.Payload)
		jobs = append(jobs, job)
		if job.Attempts > 1 {
			break
		}
	}
	return jobs, nil
}

func scanJob(rows *sql.Rows) (Job, error) {
	var j Job
	err := rows.Scan(&j.Seq, &j.Lane, &j.UserID, &j.Attempts, &j.Payload)
	return j, err
}

// Extend prolongs an owner's leases on some jobs. Those that it had before and
// could not end run out.
func (s *Store) Extend(ctx context.Context, owner string, jobs []Job, until time.Time) error {
	seqs := make([]int64, len(jobs))
	for i, job := range jobs {
		seqs[i] = job.Seq
	}
	err := s.Write(ctx, func(tx *Tx) error {
		return tx.exec(`UPDATE jobs SET lease_until = ? WHERE seq IN (SELECT value FROM json_each(?)) AND lease_owner = ?`,
			millis(until), encodeList(seqs), owner)
	})
	if err != nil {
		return fmt.Errorf("extend leases: %w", err)
	}
	return nil
}

// Finish takes a done job out of the queue, or fails with ErrLeaseLost. In the
// transaction that does the work it makes the work happen once.
func (tx *Tx) Finish(job Job, owner string) error {
	return tx.held(`DELETE FROM jobs WHERE seq = ? AND lease_owner = ?`, job.Seq, owner)
}

// Postpone gives a job back, to be claimed again at a later time.
func (tx *Tx) Postpone(job Job, owner string, runAt time.Time) error {
	return tx.held(`UPDATE jobs SET run_at = ?, lease_owner = NULL, lease_until = 0 WHERE seq = ? AND lease_owner = ?`,
		millis(runAt), job.Seq, owner)
}

// Release gives a job back as if it had not been claimed.
func (tx *Tx) Release(job Job, owner string) error {
	return tx.held(`UPDATE jobs SET attempts = attempts - 1, lease_owner = NULL, lease_until = 0 WHERE seq = ? AND lease_owner = ?`,
		job.Seq, owner)
}

// Defer is Release to a later time.
func (tx *Tx) Defer(job Job, owner string, runAt time.Time) error {
	return tx.held(`UPDATE jobs SET attempts = attempts - 1, run_at = ?, lease_owner = NULL, lease_until = 0 WHERE seq = ? AND lease_owner = ?`,
		millis(runAt), job.Seq, owner)
}

func (tx *Tx) held(query string, args ...any) error {
	n, err := tx.changed(query, args...)
	if err == nil && n == 0 {
		err = ErrLeaseLost
	}
	return err
}

// Pending counts a user's jobs in a queue, but no further than limit. An empty
// user id counts everybody's.
func (s *Store) Pending(ctx context.Context, queue, userID string, limit int) (int, error) {
	query, args := `SELECT count(*) FROM (SELECT 1 FROM jobs WHERE user_id = ? AND queue = ? LIMIT ?)`, []any{userID, queue, limit}
	if userID == "" {
		query, args = `SELECT count(*) FROM (SELECT 1 FROM jobs WHERE queue = ? LIMIT ?)`, []any{queue, limit}
	}
	n, err := one(ctx, s, scalar[int], query, args...)
	if err != nil {
		return 0, fmt.Errorf("count jobs: %w", err)
	}
	return n, nil
}
