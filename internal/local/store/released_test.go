package store

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// writeVariable has TestReleasedSchemas write the databases that are missing:
// of the schema before the newest, once that is released.
const writeVariable = "ATTROVE_TEST_WRITE_SCHEMAS"

// released is a database of a schema version, as SQL, with something in every
// table. What was released is not changed any more.
func released(version int) string {
	return filepath.Join("testdata", "released", fmt.Sprintf("v%d.sql", version))
}

// restored is the name of the file that restore makes, in a directory of its own.
const restored = "a.db"

// restore makes a database file of a version.
func restore(t *testing.T, version int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), restored)
	text, err := os.ReadFile(released(version))
	require.NoError(t, err, "run it with %s=1 to write it", writeVariable)
	raw(t, path, "PRAGMA synchronous = off; BEGIN;\n"+string(text)+"COMMIT")
	return path
}

func TestReleasedSchemas(t *testing.T) {
	scripts, err := schema()
	require.NoError(t, err)
	fresh := described(t, openTest(t, filepath.Join(t.TempDir(), "fresh.db")))
	for version := 1; version < len(scripts); version++ {
		if _, err := os.Stat(released(version)); err != nil && os.Getenv(writeVariable) != "" {
			write(t, scripts, version)
		}
		t.Run(strconv.Itoa(version), func(t *testing.T) {
			path := restore(t, version)
			s := openTest(t, path)
			assert.Equal(t, fresh, described(t, s))
			whole(t, s, version)
			assert.FileExists(t, fmt.Sprintf("%s%s%d", path, backupMark, version))
		})
	}
}

// described is a database's schema.
func described(t *testing.T, s *Store) []string {
	t.Helper()
	all, err := collect(t.Context(), s, scalar[string], `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`)
	require.NoError(t, err)
	return all
}

// whole checks that what was in a database of a version is there and works.
func whole(t *testing.T, s *Store, version int) {
	t.Helper()
	ctx := t.Context()
	require.NoError(t, s.CheckIndex(ctx))
	broken, err := collect(ctx, s, scalar[string], `SELECT "table" FROM pragma_foreign_key_check`)
	require.NoError(t, err)
	assert.Empty(t, broken)
	u, err := s.LocalUser(ctx, User{})
	require.NoError(t, err)
	assert.Equal(t, []string{"sam@acme.example"}, u.Addresses)
	hits, err := s.Passages(ctx, PassageQuery{UserID: u.ID, Match: `"renewal"`, Weights: Weights{1, 1, 1}, Limit: 10})
	require.NoError(t, err)
	assert.Len(t, hits, 1)
	m, err := s.Message(ctx, u.ID, "msg_1")
	require.NoError(t, err)
	assert.Equal(t, "About the renewal", m.Subject)
	meeting, err := s.Meeting(ctx, u.ID, "mtg_1")
	require.NoError(t, err)
	assert.Len(t, meeting.Attendees, 2)
	_, err = s.Event(ctx, u.ID, "evt_1")
	require.NoError(t, err)
	_, err = s.Note(ctx, u.ID, "note_1")
	require.NoError(t, err)
	found, err := s.Involving(ctx, InvolvingQuery{UserID: u.ID, EntityIDs: []string{"ent_dana"}, Limit: 10})
	require.NoError(t, err)
	assert.Len(t, found, 3, "since version 5, of what was there before, too")
	calendars, err := s.Calendars(ctx, u.ID, "", 10)
	require.NoError(t, err)
	assert.Len(t, calendars, 1, "since version 6, of what was there before, too")
	jobs, err := s.Claim(ctx, Claim{Queue: QueueIngest, Owner: "me", Due: testTime, Now: testTime, Until: testTime, Limit: 10})
	require.NoError(t, err)
	require.Len(t, jobs, 1)
	assert.JSONEq(t, `{"body":"waits"}`, string(jobs[0].Payload))
	if version < 15 {
		cuts, err := s.Claim(ctx, Claim{Queue: QueueSummaries, Owner: "me", Due: testTime, Now: testTime, Until: testTime, Limit: 10})
		require.NoError(t, err)
		require.Len(t, cuts, 1, "version 15 has what is said in meetings cut anew")
		assert.Equal(t, "mtg_1", cuts[0].Lane)
		assert.JSONEq(t, `{"cut":true}`, string(cuts[0].Payload))
	}
	if version >= 2 {
		g, err := s.GoalState(ctx, u.ID, "gol_1")
		require.NoError(t, err)
		require.NotNil(t, g.Snapshot)
		assert.Equal(t, "msg_1", g.Snapshot.Body.CitedEvidenceRefs[0].ID)
	}
	kept := []string{"goals", "goal_snapshots", "goal_runs", "goal_events", "goal_commands", "goal_looks"}
	if version >= 3 {
		kept = append(kept, "webhooks", "webhook_deliveries")
	}
	if version >= 4 {
		kept = append(kept, "settings", "connects")
	}
	if version >= 9 {
		kept = append(kept, "person_decisions", "persons_resolved")
	}
	if version >= 10 {
		kept = append(kept, "vectors")
	}
	if version >= 7 {
		kept = append(kept, "forgotten", "forgotten_salt")
	}
	if version >= 2 {
		for i, n := range rows(t, s, kept...) {
			assert.Equal(t, 1, n, kept[i])
		}
	}
	newUser(t, s)
}

// TestInterruptedMigration kills processes in the middle of migrations, and when
// all of it is done but for the commit.
func TestInterruptedMigration(t *testing.T) {
	scripts, err := schema()
	require.NoError(t, err)
	for version := 1; version < len(scripts); version++ {
		for _, to := range []int{version + 1, len(scripts)} {
			t.Run(fmt.Sprintf("%d to %d", version, to), func(t *testing.T) {
				path := restore(t, version)
				exe, err := os.Executable()
				require.NoError(t, err)
				child := exec.CommandContext(t.Context(), exe)
				child.Env = append(os.Environ(), fmt.Sprintf("%s=%d", migrateVariable, to))
				child.Dir = filepath.Dir(path)
				child.Stderr = os.Stderr
				in, err := child.StdinPipe() // which it waits for
				require.NoError(t, err)
				defer func() { _ = in.Close() }()
				out, err := child.StdoutPipe()
				require.NoError(t, err)
				require.NoError(t, child.Start())
				line, err := bufio.NewReader(out).ReadString('\n')
				require.NoError(t, err)
				require.Equal(t, "migrated\n", line)
				require.NoError(t, child.Process.Kill())
				require.Error(t, child.Wait())

				assert.Equal(t, version, versionOf(t, path), "what is not committed is not there")
				whole(t, openTest(t, path), version)
			})
		}
	}
}

// versionOf is the version of a database that nobody has open.
func versionOf(t *testing.T, path string) (version int) {
	t.Helper()
	db, err := sql.Open("sqlite", fileURI(path))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA user_version").Scan(&version))
	return version
}

// migrateVariable makes the test binary a process that migrates the database in
// its directory to a version and does not come to the commit.
const migrateVariable = "ATTROVE_TEST_MIGRATE"

func TestMain(m *testing.M) {
	order := os.Getenv(migrateVariable)
	if order == "" {
		os.Exit(m.Run())
	}
	if err := migrateAsChild(order); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func migrateAsChild(version string) error {
	to, err := strconv.Atoi(version)
	if err != nil {
		return err
	}
	ctx := context.Background()
	dsn, err := prepare(restored)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	scripts, err := schema()
	if err != nil {
		return err
	}
	if err := useWAL(ctx, conn); err != nil {
		return err
	}
	// What does not fit into the cache is in the file or its log before the commit.
	if _, err := conn.ExecContext(ctx, "PRAGMA cache_size = 1; BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := migrateLocked(ctx, conn, restored, scripts[:to]); err != nil {
		return err
	}
	fmt.Println("migrated")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// write writes the database of a version: that of the version before, migrated,
// with what rowsN.sql has for its new tables.
func write(t *testing.T, scripts []string, version int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	if version > 1 {
		path = restore(t, version-1)
	}
	db, err := sql.Open("sqlite", fileURI(path))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	db.SetMaxOpenConns(1)
	rows, err := os.ReadFile(filepath.Join("testdata", "released", fmt.Sprintf("rows%d.sql", version)))
	if err != nil {
		require.ErrorIs(t, err, os.ErrNotExist)
	}
	for _, script := range []string{scripts[version-1], string(rows), fmt.Sprintf("PRAGMA user_version = %d", version)} {
		_, err = db.ExecContext(t.Context(), script)
		require.NoError(t, err)
	}
	text, err := dump(t.Context(), db)
	require.NoError(t, err)
	text += fmt.Sprintf("PRAGMA user_version = %d;\nPRAGMA application_id = %d;\n", version, applicationID)
	require.NoError(t, os.WriteFile(released(version), []byte(text), 0o600))
}

// dump is a database as SQL. The full-text index is made anew.
func dump(ctx context.Context, db *sql.DB) (string, error) {
	list := func(query string) (all []string, err error) {
		found, err := db.QueryContext(ctx, query)
		if err != nil {
			return nil, err
		}
		defer func() { _ = found.Close() }()
		for found.Next() {
			var one string
			if err := found.Scan(&one); err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, found.Err()
	}
	const own = `sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'passages_fts_%'`
	statements, err := list(`SELECT sql FROM sqlite_schema WHERE ` + own + ` ORDER BY rowid`)
	if err != nil {
		return "", err
	}
	tables, err := list(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND ` + own + ` ORDER BY rowid`)
	if err != nil {
		return "", err
	}
	for _, table := range tables {
		values, err := list(`SELECT 'SELECT ''(''||' || group_concat('quote("' || name || '")', '||'',''||') || '||'')'' FROM ' || '` + table + `'
			FROM pragma_table_info('` + table + `')`)
		if err != nil {
			return "", err
		}
		found, err := list(values[0])
		if err != nil {
			return "", err
		}
		for _, row := range found {
			statements = append(statements, "INSERT INTO "+table+" VALUES "+row)
		}
	}
	statements = append(statements, "INSERT INTO passages_fts (passages_fts) VALUES ('rebuild')")
	return strings.Join(statements, ";\n") + ";\n", nil
}
