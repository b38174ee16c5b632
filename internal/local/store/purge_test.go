package store

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hold reports whether a word is in any file of a directory, in any case.
func hold(t *testing.T, dir, word string) (files []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	for _, name := range names {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		if bytes.Contains(bytes.ToLower(content), []byte(word)) {
			files = append(files, filepath.Base(name))
		}
	}
	return files
}

// TestScrubReachesWhatOthersHaveOpen: the log of a file that another process has
// open does not go when this one closes it.
func TestScrubReachesWhatOthersHaveOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	mine, theirs := openTest(t, path), openTest(t, path)
	u := newUser(t, mine)
	id := saveMessage(t, mine, u, Message{ID: "1", SentAt: testTime, BodyText: "zplantedk " + strings.Repeat("x ", 5000)}, ThreadKeys{}).ID
	_, err := theirs.Message(t.Context(), u.ID, id)
	require.NoError(t, err)
	require.NotEmpty(t, hold(t, filepath.Dir(path), "zplantedk"))

	sel := Selection{Before: testTime.Add(time.Hour)}
	removal, err := mine.Removal(t.Context(), u.ID, sel)
	require.NoError(t, err)
	assert.Equal(t, []string{id}, removal.Items[KindMessage])
	require.NoError(t, mine.Purge(t.Context(), u.ID, sel, removal, testTime))
	require.NotEmpty(t, hold(t, filepath.Dir(path), "zplantedk"), "what was removed is still in the files")
	require.NoError(t, mine.Scrub(t.Context()))
	assert.Empty(t, hold(t, filepath.Dir(path), "zplantedk"))
	require.NoError(t, theirs.CheckIndex(t.Context()))
	newUser(t, theirs) // it goes on with the file
}

// TestScrubReachesWordsAmongMany: a word that is removed stays in the pieces of the
// full-text index that were merged before, and what removes it is in another.
func TestScrubReachesWordsAmongMany(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := openTest(t, path)
	u := newUser(t, s)
	for i := range 50 {
		m := Message{ID: strconv.Itoa(i), SentAt: testTime.AddDate(0, 0, i%2), BodyText: "harbour " + strconv.Itoa(i)}
		if i%10 == 0 {
			m.BodyText += " zplantedk"
		}
		saveMessage(t, s, u, m, ThreadKeys{})
	}
	sel := Selection{Before: testTime.Add(time.Hour)}
	removal, err := s.Removal(t.Context(), u.ID, sel)
	require.NoError(t, err)
	require.NoError(t, s.Purge(t.Context(), u.ID, sel, removal, testTime))
	require.NoError(t, s.Scrub(t.Context()))
	assert.Empty(t, hold(t, filepath.Dir(path), "zplantedk"))
	require.NoError(t, s.CheckIndex(t.Context()))
	for text, want := range map[string]int{"harbour": 25, "zplantedk": 0} {
		n, err := s.Frequency(t.Context(), text, 100)
		require.NoError(t, err)
		assert.Equal(t, want, n, text)
	}
}

func TestScrubSaysThatOthersAreInTheWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	mine, theirs := openTest(t, path), openTest(t, path)
	newUser(t, mine)
	reading, err := theirs.read.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, reading.Rollback()) }()
	var n int
	require.NoError(t, reading.QueryRowContext(t.Context(), "SELECT count(*) FROM users").Scan(&n))
	require.ErrorIs(t, translate(scrub(t.Context(), path, 10*time.Millisecond)), ErrBusy)
	require.ErrorIs(t, translate(maintain(t.Context(), path, 10*time.Millisecond)), ErrBusy)
}

// TestPurgeKnowsEveryTable fails for a table that is new: say here what Purge
// does with it, and do it.
func TestPurgeKnowsEveryTable(t *testing.T) {
	s := openTest(t, "")
	tables, err := collect(t.Context(), s, scalar[string], `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
	require.NoError(t, err)
	known := []string{
		"users",                                      // emptied with --all
		"settings", "webhooks", "webhook_deliveries", // removed with the last user's --all
		"integrations", "calendars", "conversations", "threads", "items", "jobs", "job_payloads", // removed with what is of them
		"messages", "meetings", "events", "notes", "passages", "vectors", "participants", "entities", "entity_signs",
		"goals", "goal_snapshots", "goal_events", // redacted; snapshots removed that cite what goes
		"goal_runs", "goal_looks", // ids and times
		"goal_commands", "connects", // emptied of words
		"api_keys", "forgotten", "forgotten_salt", // stay: hashes
		"person_decisions", // hashes, and removed with --all
		"persons_resolved", // places
		"passages_fts", "passages_fts_config", "passages_fts_data", "passages_fts_docsize", "passages_fts_idx", "passages_words", "sqlite_sequence",
	}
	slices.Sort(known)
	assert.Equal(t, known, tables)
}

func TestForgets(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		u, other := newUser(t, s), newUser(t, s)
		push := func(u User, text string) error {
			return s.Write(t.Context(), func(tx *Tx) error {
				_, err := tx.Accept(Push{UserID: u.ID, Kind: KindNote, Provider: "note", Payload: []byte(`{"body":"` + text + `"}`), At: testTime, RunAt: testTime})
				return err
			})
		}
		require.NoError(t, push(u, "ann@x.org"))
		n, err := s.Remember(t.Context(), u.ID, []string{"ann@x.org"})
		require.NoError(t, err)
		assert.Zero(t, n)
		for range 2 {
			require.NoError(t, s.Forget(t.Context(), u.ID, []string{"ann@x.org", "bob@x.org"}))
		}
		n, err = s.Forgotten(t.Context(), u.ID)
		require.NoError(t, err)
		assert.Equal(t, 2, n)
		require.ErrorIs(t, push(u, "by <Ann@X.org>"), ErrForgotten)
		require.NoError(t, push(u, "joann@x.org"))
		require.NoError(t, push(other, "ann@x.org"), "another user's matter")
		n, err = s.Remember(t.Context(), u.ID, []string{"ann@x.org", "cy@x.org"})
		require.NoError(t, err)
		assert.Equal(t, 1, n)
		require.NoError(t, push(u, "ann@x.org"))
		require.ErrorIs(t, push(u, "bob@x.org"), ErrForgotten)
	})
}

func TestPurgeTakesOnlyWhatIsChosen(t *testing.T) {
	s := openTest(t, "")
	u, other := newUser(t, s), newUser(t, s)
	hers := keepMessage(t, s, u, 0, "a", "ann@x.org", "bob@x.org")
	keepMessage(t, s, u, 1, "b", "bob@x.org", "cy@x.org")
	keepMessage(t, s, u, 2, "c", "joann@x.org", "cy@x.org")
	keepMessage(t, s, other, 0, "a", "ann@x.org", "bob@x.org")
	byID := keepMessage(t, s, u, 3, "<ann@x.org>", "joann@x.org", "cy@x.org")
	sel := Selection{Addresses: []string{"ann@x.org"}}
	removal, err := s.Removal(t.Context(), u.ID, sel)
	require.NoError(t, err)
	slices.Sort(removal.Items[KindMessage])
	want := []string{hers, byID}
	slices.Sort(want)
	assert.Equal(t, Removal{Items: map[Kind][]string{KindMessage: want, KindMeeting: nil, KindEvent: nil, KindNote: nil}, People: 1}, removal)
	require.NoError(t, s.Purge(t.Context(), u.ID, sel, removal, testTime))
	assert.Equal(t, []int{3, 3, 3, 3}, rows(t, s, "messages", "items", "threads", "conversations"))
	people := entityIDs(t, s, u)
	assert.NotContains(t, people, "ann@x.org")
	assert.Len(t, people, 3)
	assert.Contains(t, entityIDs(t, s, other), "ann@x.org")
	all, err := s.Integrations(t.Context(), u.ID)
	require.NoError(t, err)
	assert.Equal(t, 2, all[0].Items)

	none := Selection{Source: "fax"}
	removal, err = s.Removal(t.Context(), u.ID, none)
	require.NoError(t, err)
	require.ErrorIs(t, s.Purge(t.Context(), u.ID, none, removal, testTime), ErrNoSource)
}
