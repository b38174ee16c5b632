package store

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func nothingMore(*Tx) error { return nil }

// rows counts the rows of tables.
func rows(t *testing.T, s *Store, tables ...string) (all []int) {
	t.Helper()
	for _, table := range tables {
		n, err := one(t.Context(), s, scalar[int], `SELECT count(*) FROM `+table)
		require.NoError(t, err)
		all = append(all, n)
	}
	return all
}

// brokenOff is a context in which only so many transactions are begun.
type brokenOff struct {
	context.Context
	left *int
}

func (c brokenOff) Err() error {
	if *c.left == 0 {
		return context.Canceled
	}
	*c.left--
	return nil
}

func TestDisconnectIsTakenUpAgain(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "a.db"))
	u := newUser(t, s)
	for i := range removeBatch + 5 {
		keepMessage(t, s, u, i, strconv.Itoa(i), "ann@x.org", "bob@x.org")
	}
	queued := Push{UserID: u.ID, Kind: KindMessage, Provider: "email", ExternalID: "queued", Payload: []byte("{}"), At: testTime, RunAt: testTime}
	integration := accept(t, s, queued).IntegrationID
	said := 0
	done := func(*Tx) error { said++; return nil }

	for transactions := 1; ; transactions++ {
		left := transactions
		err := s.Disconnect(brokenOff{t.Context(), &left}, u.ID, integration, testTime, done)
		if err == nil {
			assert.Greater(t, transactions, 5)
			break
		}
		require.ErrorIs(t, err, context.Canceled)
		n, err := s.Integration(t.Context(), u.ID, integration)
		require.NoError(t, err, "it goes last")
		assert.True(t, n.Disconnecting)
		err = s.Write(t.Context(), func(tx *Tx) error { _, err := tx.Accept(queued); return err })
		require.ErrorIs(t, err, ErrDisconnecting, "what is pushed meanwhile is refused, and not lost")
	}
	assert.Equal(t, make([]int, 8), rows(t, s, "integrations", "items", "messages", "conversations", "threads", "participants", "entities", "jobs"))
	require.ErrorIs(t, s.Disconnect(t.Context(), u.ID, integration, testTime, done), ErrNotFound)
	assert.Equal(t, 1, said)
	assert.NotEqual(t, integration, accept(t, s, queued).IntegrationID)
}

// A message can have been pushed from two sources, the second push still waiting.
func TestDisconnectKeepsWhatIsAnotherSources(t *testing.T) {
	for name, tc := range map[string]struct {
		gone string
		want []int // messages, items, jobs
	}{
		"of the one it is stored from": {"email", []int{0, 1, 1}},
		"of the one it waits from":     {"chat", []int{1, 1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			s := openTest(t, "")
			u := newUser(t, s)
			id := keepMessage(t, s, u, 1, "a", "ann@x.org", "bob@x.org")
			accept(t, s, Push{UserID: u.ID, Kind: KindMessage, Provider: "chat", ExternalID: "a", Payload: []byte("{}")})
			all, err := s.Integrations(t.Context(), u.ID)
			require.NoError(t, err)
			for _, n := range all {
				if n.Provider == tc.gone {
					require.NoError(t, s.Disconnect(t.Context(), u.ID, n.ID, testTime, nothingMore))
				}
			}
			assert.Equal(t, tc.want, rows(t, s, "messages", "items", "jobs"))
			item, err := s.Item(t.Context(), u.ID, id)
			require.NoError(t, err)
			assert.NotEqual(t, tc.gone, item.Source)
		})
	}
}

func TestDisconnectKeepsWhomNotesAndGoalsName(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	keepMessage(t, s, u, 1, "a", "ann@x.org", "bob@x.org", "cy@x.org")
	ids := entityIDs(t, s, u)
	note := Note{UserID: u.ID, CreatedAt: testTime, UpdatedAt: testTime, RefType: "entity", RefID: ids["ann@x.org"]}
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) (err error) {
		if note.ID, note.IntegrationID, err = keep(tx, u, KindNote, "note", ""); err != nil {
			return err
		}
		return tx.SaveNote(note, testTime)
	}))
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
		return tx.exec(`INSERT INTO goals (id, user_id, title, description, success_criteria, completion_condition, scope, lifecycle,
			lifecycle_version, health, created_at, updated_at) VALUES ('g', ?, '', '', '', '', ?, 'active', 1, 'on_track', 0, 0)`,
			u.ID, `{"entity_ids":["`+ids["bob@x.org"]+`"]}`)
	}))
	all, err := s.Integrations(t.Context(), u.ID)
	require.NoError(t, err)
	for _, n := range all {
		if n.Kind == KindMessage {
			require.NoError(t, s.Disconnect(t.Context(), u.ID, n.ID, testTime, nothingMore))
		}
	}
	delete(ids, "cy@x.org")
	assert.Equal(t, ids, entityIDs(t, s, u))
}
