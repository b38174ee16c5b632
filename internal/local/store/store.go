// Package store keeps the embedded engine's data in one SQLite file. All SQL of
// the project is here.
//
// Reads run on a small pool of connections, writes on one, grouped into
// transactions (see Write). Several processes may use one file: SQLite's own
// locks keep them apart, and what one commits the next read of another sees.
// A commit outlives the process and a power cut (WAL with synchronous=FULL): an
// importer notes what was accepted and does not push it again. Writes that share
// a commit share what that costs.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What callers tell apart.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("exists already")
	ErrFull     = errors.New("the disk is full")
	ErrBusy     = errors.New("another process holds the database")
	ErrNewer    = errors.New("the database was written by a newer version")
	ErrForeign  = errors.New("the file is another program's database")
	ErrClosed   = errors.New("the store is closed")
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	path   string // "" in memory
	read   *sql.DB
	write  *sql.DB
	writer *writer

	watchMu sync.Mutex
	watch   *sql.Conn // PRAGMA data_version tells changes apart on one connection only

	// Readers and the writer of a database in memory exclude each other: the
	// memdb VFS has no WAL, and where a file waits for a lock it fails.
	memory *sync.RWMutex // nil for a file

	mu         sync.Mutex
	statements map[string]*sql.Stmt
}

// Close waits for the writes under way and closes the database.
func (s *Store) Close() error {
	s.writer.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, statement := range s.statements {
		errs = append(errs, statement.Close())
	}
	clear(s.statements)
	errs = append(errs, s.watch.Close(), s.closePools())
	return errors.Join(errs...)
}

// Version is a number that changes whenever anybody changes the database.
func (s *Store) Version(ctx context.Context) (int64, error) {
	s.rlock()
	defer s.runlock()
	s.watchMu.Lock()
	defer s.watchMu.Unlock()
	var version int64
	if err := s.watch.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
		return 0, fmt.Errorf("read data version: %w", s.unlessClosed(translate(err)))
	}
	return version, nil
}

func (s *Store) rlock() {
	if s.memory != nil {
		s.memory.RLock()
	}
}

func (s *Store) runlock() {
	if s.memory != nil {
		s.memory.RUnlock()
	}
}

// statement prepares each text once. Texts come from this package alone, so
// there are only so many.
func (s *Store) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.statements[query]; known != nil {
		return known, nil
	}
	prepared, err := s.read.PrepareContext(ctx, query) //nolint:sqlclosecheck // Close closes all
	if err != nil {
		return nil, err
	}
	s.statements[query] = prepared
	return prepared, nil
}

// querier runs queries: a Store on a connection of its own, a Tx on the
// writer's.
type querier interface {
	query(ctx context.Context, query string, args []any) (*sql.Rows, func(), error)
}

func (s *Store) query(ctx context.Context, query string, args []any) (*sql.Rows, func(), error) {
	s.rlock()
	statement, err := s.statement(ctx, query) //nolint:sqlclosecheck // Close closes all
	if err != nil {
		s.runlock()
		return nil, nil, s.unlessClosed(err)
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		s.runlock()
		return nil, nil, s.unlessClosed(err)
	}
	return rows, s.runlock, nil
}

// unlessClosed is err, or ErrClosed where a closed store is all there is to it:
// database/sql has no name for that.
func (s *Store) unlessClosed(err error) error {
	select {
	case <-s.writer.quit:
		return fmt.Errorf("%w: %w", ErrClosed, err)
	default:
		return err
	}
}

// collect runs a query and scans its rows.
func collect[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, done, err := q.query(ctx, query, args)
	if err != nil {
		return nil, translate(err)
	}
	defer done()
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, translate(err)
		}
		all = append(all, one)
	}
	return all, translate(rows.Err())
}

// one is collect for a query that finds one row, or else ErrNotFound.
func one[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), query string, args ...any) (T, error) {
	all, err := collect(ctx, q, scan, query, args...)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		var zero T
		return zero, err
	}
	return all[0], nil
}

// scalar scans rows of one column.
func scalar[T any](rows *sql.Rows) (T, error) {
	var v T
	err := rows.Scan(&v)
	return v, err
}

// translate gives SQLite's errors the names that callers know.
func translate(err error) error {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return err
	}
	code := failure.Code()
	switch {
	case code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w: %w", ErrExists, err)
	case code&0xff == sqlite3.SQLITE_FULL,
		code == sqlite3.SQLITE_IOERR_SHMSIZE: // no room for the log's index, at open
		return fmt.Errorf("%w: %w", ErrFull, err)
	case code&0xff == sqlite3.SQLITE_BUSY:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}

func millis(t time.Time) int64 { return t.UnixMilli() }

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// nullMillis is NULL for the zero time.
func nullMillis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func fromNull(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return fromMillis(ms.Int64)
}
