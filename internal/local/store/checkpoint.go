package store

import (
	"context"
	"database/sql"
	"sync/atomic"
)

const (
	// checkpointPages is how long the write-ahead log may become, 64 MiB, before it is
	// copied into the file: pages that are written again and again are copied once.
	checkpointPages = 8192
	// restPages is how much of it the writer copies itself.
	restPages = checkpointPages / 4
	// shrinkAfter is after how many times SQLite's caches are emptied. Those of a process
	// have one list of pages to be used anew (SQLITE_ENABLE_MEMORY_MANAGEMENT): the writer
	// takes the pages of connections that read now and then, beyond its own limit, and they
	// take new ones, up to the sum of all limits.
	shrinkAfter = 32
)

// checkpointer copies the write-ahead log into the file while the writer goes on,
// which SQLite would have wait (https://sqlite.org/wal.html, section 2.3).
type checkpointer struct {
	conn  *sql.Conn
	grown chan struct{}
	// rest says that little is left to copy. It is for the writer: the log begins anew
	// only when all of it was copied before the next transaction.
	rest  atomic.Bool
	stop  context.CancelFunc
	ended chan struct{}
}

func startCheckpointer(ctx context.Context, conn *sql.Conn) *checkpointer {
	ctx, stop := context.WithCancel(ctx)
	c := &checkpointer{conn: conn, grown: make(chan struct{}, 1), stop: stop, ended: make(chan struct{})}
	go c.run(ctx)
	return c
}

// close interrupts what is under way, which loses nothing.
func (c *checkpointer) close() {
	c.stop()
	<-c.ended
	_ = c.conn.Close()
}

// committed tells that the log has grown.
func (c *checkpointer) committed() {
	select {
	case c.grown <- struct{}{}:
	default: // it knows
	}
}

func (c *checkpointer) run(ctx context.Context) {
	defer close(c.ended)
	times := 0 // that the log was copied
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.grown:
		}
		state, err := checkpoint(ctx, c.conn, "NOOP")
		if err != nil || state.pages < checkpointPages {
			continue
		}
		for err == nil && state.left() > restPages {
			before := state.left()
			if _, err = checkpoint(ctx, c.conn, "PASSIVE"); err == nil {
				state, err = checkpoint(ctx, c.conn, "NOOP")
			}
			if state.left() >= before { // somebody reads what the file held before
				break
			}
		}
		c.rest.Store(true)
		if times++; times%shrinkAfter == 0 {
			_, _ = c.conn.ExecContext(ctx, "PRAGMA shrink_memory") // it is done again
		}
	}
}

// logState is what there is in a log, and what of it is in the file, in pages.
type logState struct{ pages, copied int }

func (s logState) left() int { return s.pages - s.copied }

// checkpoint runs a checkpoint of a mode. What it could not copy stays in the log, so
// that nothing is lost by its errors, and the next one meets them again.
func checkpoint(ctx context.Context, conn *sql.Conn, mode string) (s logState, err error) {
	var busy int
	err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &s.pages, &s.copied)
	return s, err
}
