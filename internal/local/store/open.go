package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	readers     = 4                // connections that read at once
	busyTimeout = 10 * time.Second // how long a lock of another process is waited for

	// pageSize is of new databases, in bytes: twice SQLite's, since what goes to the log
	// and comes from it does so page by page.
	pageSize = 8192
	// writerCache holds what a transaction of an import changes, in KiB. What does not
	// fit goes into the log early, and again when it changes again.
	writerCache = 32 << 10
)

// Open opens the database in the file at path, or a private one in memory if
// path is empty, and brings its schema up to date. A new file is readable by
// its owner alone.
func Open(ctx context.Context, path string) (*Store, error) {
	dsn, err := prepare(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, statements: map[string]*sql.Stmt{}}
	if path == "" {
		s.memory = &sync.RWMutex{}
	}
	if err := s.open(ctx, dsn, path); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", describe(path), translate(err)), s.closePools())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, dsn, path string) (err error) {
	if s.write, err = sql.Open("sqlite", dsn+fmt.Sprintf("&_pragma=page_size(%d)&_pragma=wal_autocheckpoint(0)", pageSize)); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(2) // the writer's and the checkpointer's
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = conn.Close() // or its pool would not let go of the file
		}
	}()
	if s.read, err = sql.Open("sqlite", dsn+"&_pragma=query_only(1)&_pragma=cache_size(-16384)"); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers + 1) // and the one that watches
	s.read.SetMaxIdleConns(readers + 1)
	if _, err = schemaVersion(ctx, conn); err != nil { // before anything is written to it
		return err
	}
	if path != "" {
		if err = useWAL(ctx, conn); err != nil {
			return err
		}
	}
	// Not before a new file has its pages: SQLite reckons with those of half the size, and
	// would keep as many.
	if _, err = conn.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", writerCache)); err != nil {
		return err
	}
	scripts, err := schema()
	if err != nil {
		return err
	}
	if err = migrate(ctx, conn, path, scripts); err != nil {
		return err
	}
	if s.watch, err = s.read.Conn(ctx); err != nil {
		return err
	}
	if _, err = conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil { // the writer waits by itself
		return err
	}
	var log *checkpointer
	if path != "" {
		copies, err := s.write.Conn(ctx)
		if err != nil {
			return err
		}
		log = startCheckpointer(context.WithoutCancel(ctx), copies)
	}
	s.writer = newWriter(context.WithoutCancel(ctx), conn, s.memory, log)
	return nil
}

// closePools closes those pools that were opened.
func (s *Store) closePools() error {
	var errs []error
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	return errors.Join(errs...)
}

// prepare creates the file where there is none and returns the data source name.
func prepare(path string) (string, error) {
	pragmas := "_pragma=busy_timeout(" + strconv.FormatInt(busyTimeout.Milliseconds(), 10) + ")" +
		"&_pragma=foreign_keys(1)&_pragma=synchronous(full)&_pragma=temp_store(memory)" +
		"&_pragma=journal_size_limit(134217728)"
	if path == "" {
		return "file:/" + NewID("memory") + "?vfs=memdb&" + pragmas, nil
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("database path: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		return "", fmt.Errorf("create the database's directory: %w", err)
	}
	file, err := os.OpenFile(full, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", fmt.Errorf("open the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return "", fmt.Errorf("create the database: %w", err)
	}
	return fileURI(full) + "?" + pragmas, nil
}

// fileURI writes a path as SQLite reads URIs (https://sqlite.org/uri.html).
func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if runtime.GOOS == "windows" && !strings.HasPrefix(path, "/") {
		path = "/" + path // file:///C:/...
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path}).String()
}

// useWAL turns write-ahead logging on, once in the life of a file. SQLite does
// not wait for locks here, so two processes that create one file must ask again.
func useWAL(ctx context.Context, conn *sql.Conn) error {
	deadline := time.Now().Add(busyTimeout)
	for {
		var mode string
		err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = wal").Scan(&mode)
		switch {
		case err == nil && mode == "wal":
			return nil
		case err == nil:
			return fmt.Errorf("the file system allows no write-ahead log (journal mode is %s)", mode)
		case !errors.Is(translate(err), ErrBusy) || time.Now().After(deadline):
			return fmt.Errorf("turn on the write-ahead log: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func describe(path string) string {
	if path == "" {
		return "a database in memory"
	}
	return path
}
