package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"modernc.org/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// schema lists the migrations in order. The first makes version 1, and so on.
func schema() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	scripts := make([]string, len(names))
	for i, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		scripts[i] = string(text)
	}
	return scripts, nil
}

// migrate brings the schema up to date. The version is SQLite's own
// user_version, and all steps are one transaction that takes the write lock
// first: of several processes one migrates and the others find it done. (goose
// commits each step by itself and has no lock for SQLite.) An existing database
// is copied beside itself before it changes.
func migrate(ctx context.Context, conn *sql.Conn, path string, scripts []string) error {
	version, err := schemaVersion(ctx, conn)
	if err != nil || version == len(scripts) {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("lock for migration: %w", err)
	}
	if err := migrateLocked(ctx, conn, path, scripts); err != nil {
		_, undo := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return errors.Join(err, undo)
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit migration: %w", err)
	}
	return nil
}

func migrateLocked(ctx context.Context, conn *sql.Conn, path string, scripts []string) error {
	version, err := schemaVersion(ctx, conn)
	if err != nil {
		return err
	}
	if version > len(scripts) {
		return fmt.Errorf("%w: it has version %d, and this program knows %d; use the newer program",
			ErrNewer, version, len(scripts))
	}
	if version > 0 && version < len(scripts) && path != "" {
		if err := backUp(ctx, path, fmt.Sprintf("%s%s%d", path, backupMark, version)); err != nil {
			return fmt.Errorf("back up before migration: %w", err)
		}
	}
	for i := version; i < len(scripts); i++ {
		if _, err := conn.ExecContext(ctx, scripts[i]); err != nil {
			return fmt.Errorf("migrate to version %d: %w", i+1, err)
		}
		if i+1 == apartVersion && version > 0 {
			if err := setApart(ctx, conn); err != nil {
				return fmt.Errorf("migrate to version %d: %w", i+1, err)
			}
		}
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", len(scripts), applicationID))
	return err
}

// backupMark stands between a database's name and the version of its backup.
const backupMark = ".bak-v"

// applicationID marks a database as ours (https://sqlite.org/pragma.html#pragma_application_id).
const applicationID = 0x61747476

// schemaVersion is 0 for an empty database. It refuses what other programs made.
func schemaVersion(ctx context.Context, conn *sql.Conn) (int, error) {
	var version, application, objects int
	err := conn.QueryRowContext(ctx, `SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_user_version, pragma_application_id`).Scan(&version, &application, &objects)
	switch {
	case err != nil:
		return 0, fmt.Errorf("read schema version: %w", err)
	case application != applicationID && (version != 0 || objects > 0):
		return 0, ErrForeign
	}
	return version, nil
}

// backUp copies the database as last committed. It reads on a connection of its
// own, beside the one that holds the write lock. Copies from before earlier
// migrations go: the new one has all that they have.
func backUp(ctx context.Context, path, target string) (err error) {
	if err := os.Remove(target); err != nil && !errors.Is(err, fs.ErrNotExist) { // of an attempt that failed
		return err
	}
	file, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // SQLite takes an empty file
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := copyDatabase(ctx, path, target); err != nil {
		return errors.Join(err, os.Remove(target)) // half of it would be in the way on a disk that is full
	}
	all, err := backups(path)
	for _, other := range all {
		if other != target {
			err = errors.Join(err, os.Remove(other))
		}
	}
	return err
}

// copyDatabase copies page by page: VACUUM INTO builds all indexes anew, which
// takes minutes where there is much.
func copyDatabase(ctx context.Context, path, target string) (err error) {
	dsn, err := prepare(path)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it only read
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return conn.Raw(func(driver any) error {
		from, ok := driver.(interface {
			NewBackup(target string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("the SQLite driver makes no backups")
		}
		backup, err := from.NewBackup(fileURI(target))
		if err != nil {
			return err
		}
		const pages = 10_000 // between looks whether somebody still waits
		for more := true; more && err == nil; {
			if more, err = backup.Step(pages); err == nil {
				err = ctx.Err()
			}
		}
		return errors.Join(err, backup.Finish())
	})
}
