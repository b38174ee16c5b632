package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var testTime = time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC)

// places runs a test on a database in memory and on one in a file.
func places(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { test(t, openTest(t, "")) })
	t.Run("file", func(t *testing.T) { test(t, openTest(t, filepath.Join(t.TempDir(), "data", "a b%?#.db"))) })
}

func openTest(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func newUser(t *testing.T, s *Store) User {
	t.Helper()
	id := NewID("user")
	u := User{ID: id, Email: id + "@example.com", Addresses: []string{id + "@example.com"}, CreatedAt: testTime, UpdatedAt: testTime}
	require.NoError(t, s.CreateUser(t.Context(), u, []byte("hash of "+id)))
	return u
}

// accept pushes an item and returns what the store knows of it.
func accept(t *testing.T, s *Store, p Push) Item {
	t.Helper()
	if p.At.IsZero() {
		p.At, p.RunAt = testTime, testTime
	}
	var it Item
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
		id, err := tx.Accept(p)
		if err != nil {
			return err
		}
		it, err = tx.Item(id)
		return err
	}))
	return it
}

// saveMessage accepts and stores a message with one passage.
func saveMessage(t *testing.T, s *Store, u User, m Message, keys ThreadKeys) Message {
	t.Helper()
	it := accept(t, s, Push{UserID: u.ID, Kind: KindMessage, Provider: "email", ExternalID: m.ID, Payload: []byte("{}")})
	m.ID, m.UserID, m.IntegrationID, m.Source = it.ID, u.ID, it.IntegrationID, it.Source
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) (err error) {
		if m, err = tx.SaveMessage(m, keys, testTime); err != nil {
			return err
		}
		passage := Passage{Kind: KindMessage, ItemID: m.ID, Title: m.Subject, Body: m.BodyText, At: m.SentAt,
			Domain: Domain(m.SenderEmail), Source: m.Source, IntegrationID: m.IntegrationID,
			ConversationID: m.ConversationID, ThreadID: m.ThreadID}
		if err := tx.SetPassages(u.ID, m.ID, []Passage{passage}); err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM jobs WHERE lane = ?`, m.ID); err != nil {
			return err
		}
		return tx.Indexed(m.ID, testTime)
	}))
	return m
}

func TestMessagesRoundTrip(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		u := newUser(t, s)
		saved := saveMessage(t, s, u, Message{
			SentAt: testTime, SenderEmail: "ann@acme.com", SenderName: "Ann", Subject: "Renewal",
			Recipients: []Person{{Email: "bob@example.com", Name: "Bob"}, {Email: "c@d.org"}},
			BodyText:   "We agreed to renew.", QuotedText: "> will you?", Metadata: []byte(`{"labels":["x"]}`),
		}, ThreadKeys{Conversation: "#deals", Thread: "t1"})

		got, err := s.Message(t.Context(), u.ID, saved.ID)
		require.NoError(t, err)
		assert.Equal(t, saved, got)
		assert.Equal(t, "#deals", got.Conversation)

		_, err = s.Message(t.Context(), "someone else", saved.ID)
		assert.ErrorIs(t, err, ErrNotFound)
	})
}

func TestPassagesFindStems(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		u, other := newUser(t, s), newUser(t, s)
		old := saveMessage(t, s, u, Message{ID: "1", SentAt: testTime.AddDate(0, -1, 0), SenderEmail: "a@acme.com",
			Subject: "Café", BodyText: "The renewal is agreed."}, ThreadKeys{})
		young := saveMessage(t, s, u, Message{ID: "2", SentAt: testTime, SenderEmail: "b@example.com",
			Subject: "Renewals", BodyText: "We renew, renewing gladly."}, ThreadKeys{})
		saveMessage(t, s, other, Message{ID: "3", SentAt: testTime, BodyText: "renewal elsewhere"}, ThreadKeys{})
		weights := Weights{Title: 2, Body: 1, People: 1}

		for name, tc := range map[string]struct {
			query PassageQuery
			want  []string
		}{
			"stem":         {PassageQuery{Match: `"renew"`, Limit: 10}, []string{young.ID, old.ID}},
			"one word":     {PassageQuery{Match: `"gladly"`, Limit: 10}, []string{young.ID}},
			"accent":       {PassageQuery{Match: `"cafe"`, Limit: 10}, []string{old.ID}},
			"domain":       {PassageQuery{Match: `"renew"`, Domains: []string{"acme.com"}, Limit: 10}, []string{old.ID}},
			"from":         {PassageQuery{From: testTime, Limit: 10}, []string{young.ID}},
			"to excludes":  {PassageQuery{To: testTime, Limit: 10}, []string{old.ID}},
			"newest first": {PassageQuery{Limit: 10}, []string{young.ID, old.ID}},
			"kind":         {PassageQuery{Kinds: []Kind{KindNote}, Limit: 10}, nil},
			"items":        {PassageQuery{ItemIDs: []string{old.ID}, Limit: 10}, []string{old.ID}},
			"limit":        {PassageQuery{Limit: 1}, []string{young.ID}},
		} {
			t.Run(name, func(t *testing.T) {
				tc.query.UserID, tc.query.Weights = u.ID, weights
				hits, err := s.Passages(t.Context(), tc.query)
				require.NoError(t, err)
				var got []string
				for _, h := range hits {
					got = append(got, h.ItemID)
					assert.Equal(t, tc.query.Match != "", h.Score > 0, "a score comes with a match")
				}
				assert.Equal(t, tc.want, got)
			})
		}
		require.NoError(t, s.CheckIndex(t.Context()))
	})
}

func TestNewFilesArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	dir := filepath.Join(t.TempDir(), "new")
	path := filepath.Join(dir, "a.db")
	s := openTest(t, path)
	newUser(t, s) // so that there is a write-ahead log
	for name, want := range map[string]os.FileMode{dir: 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
		info, err := os.Stat(name)
		require.NoError(t, err)
		assert.Equal(t, want, info.Mode().Perm(), name)
	}
}

func TestWriteEachFailsOneByOne(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		u := newUser(t, s)
		note := func(email string) func(*Tx) error {
			return func(tx *Tx) error {
				_, err := tx.meet(u.ID, Participant{Handle: email}, millis(testTime))
				return err
			}
		}
		errs := s.WriteEach(t.Context(), note("a@x.org"),
			func(tx *Tx) error {
				if err := note("gone@x.org")(tx); err != nil {
					return err
				}
				return errors.New("on purpose")
			},
			func(*Tx) error { panic("on purpose") },
			note("b@x.org"))
		require.NoError(t, errs[0])
		require.ErrorContains(t, errs[1], "on purpose")
		require.ErrorContains(t, errs[2], "panicked")
		require.NoError(t, errs[3])

		entities, err := s.Entities(t.Context(), u.ID, EntityFilter{Limit: 10})
		require.NoError(t, err)
		require.Len(t, entities, 2, "what the failed one wrote is gone, and nothing else")
		assert.Equal(t, "b@x.org", entities[0].Email)
	})
}

func TestWriteNobodyWaitsForIsNotBegun(t *testing.T) {
	s := openTest(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Write(ctx, func(*Tx) error { t.Error("begun"); return nil })
	assert.ErrorIs(t, err, context.Canceled)
}

func TestDomain(t *testing.T) {
	for address, want := range map[string]string{
		"ann@Acme.com": "acme.com", `"a@b"@acme.com`: "acme.com", "ann": "", "": "", "ann@": "",
	} {
		assert.Equal(t, want, Domain(address), address)
	}
}
