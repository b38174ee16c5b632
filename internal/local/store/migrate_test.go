package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// raw runs SQL on a database file past the store.
func raw(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", fileURI(path))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	for _, statement := range statements {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
}

func TestRefusesANewerDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	raw(t, path, "CREATE TABLE future (x)", "PRAGMA user_version = 99")
	_, err = Open(t.Context(), path)
	require.ErrorIs(t, err, ErrNewer)
	require.ErrorContains(t, err, "version 99")
	raw(t, path, "INSERT INTO future VALUES (1)") // it is as it was, and not locked
}

func TestRefusesAnotherProgramsDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	raw(t, path, "CREATE TABLE bookmarks (url)")
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	_, err = Open(t.Context(), path)
	require.ErrorIs(t, err, ErrForeign)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, before, after)
}

func TestRefusesWhatIsNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	require.NoError(t, os.WriteFile(path, []byte("Dear diary, today nothing happened, and it was good so."), 0o600))
	_, err := Open(t.Context(), path)
	require.ErrorContains(t, err, "not a database")
	left, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(left), "Dear diary")
}

func TestBacksUpBeforeItMigrates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	u := newUser(t, s)
	scripts, err := schema()
	require.NoError(t, err)
	target := fmt.Sprintf("%s.bak-v%d", path, len(scripts))
	require.NoError(t, os.WriteFile(target, []byte("of an attempt that failed"), 0o644))
	earlier := path + backupMark + "1"
	require.NoError(t, os.WriteFile(earlier, nil, 0o600))
	newer := append(scripts, "DELETE FROM users; CREATE TABLE added (x)")
	require.NoError(t, migrate(t.Context(), s.writer.conn, path, newer))
	require.NoError(t, migrate(t.Context(), s.writer.conn, path, newer), "once is enough")
	_, err = s.User(t.Context(), u.ID)
	require.ErrorIs(t, err, ErrNotFound)
	require.NoError(t, s.Close())
	_, err = Open(t.Context(), path)
	require.ErrorIs(t, err, ErrNewer)
	all, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	assert.Equal(t, []string{path, target}, all, "the copy of the upgrade before is gone")

	if runtime.GOOS != "windows" {
		info, err := os.Stat(target)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	kept := openTest(t, target)
	_, err = kept.User(t.Context(), u.ID)
	assert.NoError(t, err, "the backup has what the migration removed")
}

// TestNoHalfBackupIsLeft: one that was broken off would take the room that it
// lacked.
func TestNoHalfBackupIsLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	newUser(t, openTest(t, path))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, backUp(ctx, path, path+backupMark+"1"), context.Canceled)
	assert.NoFileExists(t, path+backupMark+"1")
}

func TestMigrationFailsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := openTest(t, path)
	scripts, err := schema()
	require.NoError(t, err)
	broken := append(scripts, "CREATE TABLE half (x)", "CREATE TABLE users (x)")
	require.ErrorContains(t, migrate(t.Context(), s.writer.conn, path, broken), fmt.Sprintf("version %d", len(scripts)+2))
	newUser(t, s)
	raw(t, path, "CREATE TABLE half (x)") // it was not left behind
	version, err := schemaVersion(t.Context(), s.writer.conn)
	require.NoError(t, err)
	assert.Equal(t, len(scripts), version)
}
