package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// scrubWait is how long Scrub waits for what others do with the file.
const scrubWait = time.Minute

// Scrub removes from the file what is removed from the tables: SQLite leaves it
// in free pages, in the write-ahead log and, as words, in the full-text index.
// The backups from before migrations go too, as they hold what was there then.
// The file is written anew, which takes as much room again for a while. A
// database in memory needs none of it.
func (s *Store) Scrub(ctx context.Context) error {
	if s.path == "" {
		return nil
	}
	copies, err := backups(s.path)
	if err != nil {
		return err
	}
	for _, backup := range copies {
		if err := os.Remove(backup); err != nil {
			return fmt.Errorf("remove a backup: %w", err)
		}
	}
	if err := scrub(ctx, s.path, scrubWait); err != nil {
		return fmt.Errorf("write %s anew: %w", s.path, translate(err))
	}
	return nil
}

// Free fails with ErrBusy when somebody reads or writes the file for so long that
// Scrub would not come to an end.
func (s *Store) Free(ctx context.Context) error {
	if s.path == "" {
		return nil
	}
	return translate(maintain(ctx, s.path, scrubWait))
}

func scrub(ctx context.Context, path string, wait time.Duration) error {
	return maintain(ctx, path, wait,
		"PRAGMA secure_delete = on",
		"PRAGMA temp_store = file",                                    // VACUUM makes a copy
		"INSERT INTO passages_fts (passages_fts) VALUES ('optimize')", // writes anew what is left of the words
		"VACUUM")
}

// maintain runs statements outside of a transaction, on a connection of its own,
// and empties the log.
func maintain(ctx context.Context, path string, wait time.Duration, statements ...string) (err error) {
	dsn, err := prepare(path)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // the settings are the connection's
	for _, statement := range append([]string{fmt.Sprintf("PRAGMA busy_timeout = %d", wait.Milliseconds())}, statements...) {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	var busy, pages, moved int
	// It waits for those who read what the log holds.
	if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return ErrBusy
	}
	return nil
}

// backups are the copies that migrations made of a database; none in memory.
func backups(path string) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("look for backups: %w", err)
	}
	var all []string
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), filepath.Base(path)+backupMark) && entry.Type().IsRegular() {
			all = append(all, filepath.Join(filepath.Dir(path), entry.Name()))
		}
	}
	return all, nil
}
