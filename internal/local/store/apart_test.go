package store

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSetsOldPassagesApart opens a database from before passages were set apart.
func TestSetsOldPassagesApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := openTest(t, filepath.Join(t.TempDir(), "other.db"))
	u := newUser(t, s)
	oldDatabase(t, path, u, []Passage{
		{Kind: KindNote, ItemID: "1", Title: "Q3予算", Body: "明日の会議 — 東京です。", People: "김민수"},
		{Kind: KindNote, ItemID: "2", Title: "plain", Body: "nothing to do 🎉 “here”", People: "Ann"},
	})

	s = openTest(t, path)
	require.NoError(t, s.CheckIndex(t.Context()), "the full-text index has what the rows have")
	for match, want := range map[string]string{
		`"予 算"`: "1", `"会"`: "1", `"q3"`: "1", `"민 수"`: "1", `"予算"`: "", `"nothing"`: "2", `"ann"`: "2",
	} {
		hits, err := s.Passages(t.Context(), PassageQuery{UserID: u.ID, Match: match, Limit: 10})
		require.NoError(t, err)
		if want == "" {
			assert.Empty(t, hits, match)
			continue
		}
		require.Len(t, hits, 1, match)
		assert.Equal(t, want, hits[0].ItemID, match)
		if want == "1" {
			assert.Equal(t, [3]string{"Q3予算", "明日の会議 — 東京です。", "김민수"}, [3]string{hits[0].Title, hits[0].Body, hits[0].People}, "as it was written")
		}
	}
}

// oldDatabase makes a database of the version before apartVersion.
func oldDatabase(t *testing.T, path string, u User, passages []Passage) {
	t.Helper()
	dsn, err := prepare(path)
	require.NoError(t, err)
	db, err := sql.Open("sqlite", dsn)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	scripts, err := schema()
	require.NoError(t, err)
	require.NoError(t, migrate(t.Context(), conn, "", scripts[:apartVersion-1]))
	_, err = conn.ExecContext(t.Context(), "PRAGMA foreign_keys = 0")
	require.NoError(t, err)
	for i, p := range passages {
		_, err := conn.ExecContext(t.Context(), `INSERT INTO passages (id, user_id, kind, item_id, seq, at, domain, source, integration_id, conversation_id, thread_id, title, people, body)
			VALUES (?,?,?,?,0,0,'','note','int','','',?,?,?)`, i+1, u.ID, p.Kind, p.ItemID, p.Title, p.People, p.Body)
		require.NoError(t, err)
	}
	_, err = conn.ExecContext(t.Context(), `INSERT INTO passages_fts (passages_fts) VALUES ('rebuild')`)
	require.NoError(t, err)
}
