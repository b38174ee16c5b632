package store

import (
	"errors"
	"slices"
	"time"
)

// Several processes may write to one file, each in its turn.
const (
	turnPause = time.Millisecond     // between the first two tries to have it
	turnLater = 4 * time.Millisecond // between later ones
	turnLong  = 50 * time.Millisecond
	turnGap   = 6 * time.Millisecond // after one that was long, in which others find their try
)

// begin begins a transaction for jobs once no other process has one. It waits here
// and not in SQLite, so that it ends when the store is closed or nobody waits for any
// of the jobs.
func (w *writer) begin(jobs []*writeJob) error {
	pause := turnPause
	for deadline := time.Now().Add(busyTimeout); ; {
		err := w.tx.exec("BEGIN IMMEDIATE")
		if !errors.Is(err, ErrBusy) || time.Now().After(deadline) {
			return err
		}
		if !slices.ContainsFunc(jobs, (*writeJob).wanted) {
			return jobs[0].ctx.Err()
		}
		select {
		case <-w.quit:
			return ErrClosed
		case <-time.After(pause):
		}
		pause = min(2*pause, turnLater)
	}
}

func (j *writeJob) wanted() bool { return j.ctx.Err() == nil }

// giveWay lets other processes have their turn after a transaction that took so
// long: one that imports would otherwise begin the next before they look again.
func (w *writer) giveWay(took time.Duration) {
	if took < turnLong || w.memory != nil { // no other process has a database in memory
		return
	}
	select {
	case <-w.quit:
	case <-time.After(turnGap):
	}
}
