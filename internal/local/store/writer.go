package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	groupSize = 256                   // writes that share a transaction at most
	groupTime = 20 * time.Millisecond // after which no further one joins
)

// Write runs fn in a transaction, all or nothing. Writes that wait at the same
// time share one transaction and one commit; those that join have a savepoint, so
// that one may fail without the others. Once fn has begun it is not interrupted, and
// Write returns when its outcome is known.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	return s.WriteEach(ctx, fn)[0]
}

// WriteEach is Write for several functions, which run in their order and fail
// each by itself. It returns the outcome of each.
func (s *Store) WriteEach(ctx context.Context, fns ...func(*Tx) error) []error {
	jobs := make([]*writeJob, len(fns))
	errs := make([]error, len(fns))
	for i, fn := range fns {
		jobs[i] = &writeJob{ctx: ctx, fn: fn, done: make(chan struct{})}
	}
	if err := s.writer.submit(ctx, jobs); err != nil {
		for i := range errs {
			errs[i] = err
		}
		return errs
	}
	for i, job := range jobs {
		<-job.done
		errs[i] = job.err
	}
	return errs
}

type writeJob struct {
	ctx  context.Context // of who waits: a write nobody waits for is not begun
	fn   func(*Tx) error
	done chan struct{}
	err  error // good once done is closed
}

// writer owns the one connection that writes.
type writer struct {
	conn   *sql.Conn
	memory *sync.RWMutex
	log    *checkpointer // nil in memory
	tx     *Tx
	jobs   chan []*writeJob
	quit   chan struct{}
	idle   chan struct{} // closed when the writer has ended
	once   sync.Once
	told   atomic.Pointer[func()] // called after goal events were committed
}

func newWriter(ctx context.Context, conn *sql.Conn, memory *sync.RWMutex, log *checkpointer) *writer {
	w := &writer{
		conn: conn, memory: memory, log: log, tx: &Tx{ctx: ctx, conn: conn, statements: map[string]*sql.Stmt{}},
		jobs: make(chan []*writeJob), quit: make(chan struct{}), idle: make(chan struct{}),
	}
	go w.run()
	return w
}

func (w *writer) submit(ctx context.Context, jobs []*writeJob) error {
	select {
	case w.jobs <- jobs:
		return nil
	case <-w.quit:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) stop() {
	w.once.Do(func() { close(w.quit) })
	<-w.idle
}

func (w *writer) run() {
	defer close(w.idle)
	defer w.close()
	for {
		select {
		case <-w.quit:
			return
		case jobs := <-w.jobs:
			for len(jobs) > 0 {
				began := time.Now()
				jobs = w.group(jobs)
				w.checkpoint()
				w.giveWay(time.Since(began))
			}
		}
	}
}

// checkpoint has the log copied, and copies the rest.
func (w *writer) checkpoint() {
	if w.log == nil {
		return
	}
	if w.log.rest.Swap(false) {
		_, _ = checkpoint(w.tx.ctx, w.conn, "PASSIVE") // a failure shows in the next transaction, or does not matter
	}
	w.log.committed()
}

func (w *writer) close() {
	if w.log != nil {
		w.log.close()
	}
	for _, statement := range w.tx.statements {
		_ = statement.Close() // the connection is closed next
	}
	_ = w.conn.Close()
}

// group runs jobs, and whoever else is waiting, in one transaction as long as it
// may last. It returns those it did not come to.
func (w *writer) group(jobs []*writeJob) (rest []*writeJob) {
	if w.memory != nil {
		w.memory.Lock()
		defer w.memory.Unlock()
	}
	w.tx.goalEvents = false
	err := w.begin(jobs)
	if err == nil {
		jobs, rest, err = w.members(jobs)
		if err == nil {
			err = w.tx.exec("COMMIT")
		}
		if told := w.told.Load(); told != nil && err == nil && w.tx.goalEvents {
			(*told)()
		}
		if err != nil {
			_ = w.tx.exec("ROLLBACK") // SQLite may have done it: a full disk ends a transaction
		}
	}
	for _, job := range jobs {
		if job.err == nil {
			job.err = err
		}
		close(job.done)
	}
	return rest
}

// members runs jobs and those that are waiting by then, and returns which it
// ran. An error is the end of the whole transaction.
func (w *writer) members(jobs []*writeJob) (ran, rest []*writeJob, err error) {
	began := time.Now()
	for i := 0; ; i++ {
		if i == len(jobs) {
			select {
			case more := <-w.jobs:
				jobs = append(jobs, more...)
			default:
				return jobs, nil, nil
			}
		}
		var err error
		if i == 0 {
			err = w.first(jobs)
		} else {
			err = w.member(jobs[i])
		}
		if err != nil {
			return jobs[:i+1], jobs[i+1:], err
		}
		if i+1 == groupSize || time.Since(began) > groupTime {
			return jobs[:i+1], jobs[i+1:], nil
		}
	}
}

// first is member for the first job of a group, which needs no savepoint: if it fails,
// the transaction begins anew. While a savepoint is open, SQLite keeps what each
// statement changed, and large members would become slow.
func (w *writer) first(jobs []*writeJob) error {
	job := jobs[0]
	job.err = job.ctx.Err()
	if job.err != nil {
		return nil //nolint:nilerr // it is the job's
	}
	if job.err = w.guarded(job.fn); job.err == nil {
		return nil
	}
	if err := w.tx.exec("ROLLBACK"); err != nil {
		return errors.Join(job.err, err)
	}
	return w.begin(jobs)
}

func (w *writer) member(job *writeJob) error {
	job.err = job.ctx.Err()
	if job.err != nil {
		return nil //nolint:nilerr // it is the job's
	}
	if err := w.tx.exec("SAVEPOINT member"); err != nil {
		return err
	}
	if job.err = w.guarded(job.fn); job.err != nil {
		if err := w.tx.exec("ROLLBACK TO member"); err != nil {
			return errors.Join(job.err, err) // the transaction is gone
		}
	}
	return w.tx.exec("RELEASE member")
}

// guarded keeps a panic in fn from ending the process, and with it the writes
// of others.
func (w *writer) guarded(fn func(*Tx) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("write panicked: %v", r)
		}
	}()
	w.tx.known = newKnown()
	w.tx.unindexed = nil
	if err := fn(w.tx); err != nil {
		return err
	}
	return w.tx.settle()
}

// Tx is a transaction on the connection that writes. It is short and never
// interrupted halfway, so its methods take no context. It is good only inside
// the function that Write calls.
type Tx struct {
	ctx        context.Context // never ends
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	known      known
	unindexed  []indexEntry
	goalEvents bool // whether there are new ones
}

func (tx *Tx) statement(query string) (*sql.Stmt, error) {
	if known := tx.statements[query]; known != nil {
		return known, nil
	}
	prepared, err := tx.conn.PrepareContext(tx.ctx, query)
	if err != nil {
		return nil, translate(err)
	}
	tx.statements[query] = prepared
	return prepared, nil
}

func (tx *Tx) exec(query string, args ...any) error {
	_, err := tx.changed(query, args...)
	return err
}

// changed is exec that returns how many rows it changed.
func (tx *Tx) changed(query string, args ...any) (int64, error) {
	result, err := tx.run(query, args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// add is exec for an INSERT of one row, whose rowid it returns.
func (tx *Tx) add(query string, args ...any) (int64, error) {
	result, err := tx.run(query, args)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

func (tx *Tx) run(query string, args []any) (sql.Result, error) {
	statement, err := tx.statement(query) //nolint:sqlclosecheck // the writer closes all
	if err != nil {
		return nil, err
	}
	result, err := statement.ExecContext(tx.ctx, args...)
	if err != nil {
		return nil, translate(err)
	}
	return result, nil
}

func (tx *Tx) query(_ context.Context, query string, args []any) (*sql.Rows, func(), error) {
	statement, err := tx.statement(query) //nolint:sqlclosecheck // the writer closes all
	if err != nil {
		return nil, nil, err
	}
	rows, err := statement.QueryContext(tx.ctx, args...) //nolint:contextcheck // nothing interrupts a transaction halfway
	return rows, func() {}, err
}
