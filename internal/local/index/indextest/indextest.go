// Package indextest puts items into a store for tests, cut and searchable.
package indextest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Fixture is a store in memory with one user.
type Fixture struct {
	Store *store.Store
	User  store.User
	Index *index.Index
	tb    testing.TB
}

// New returns an empty fixture that ends with the test.
func New(tb testing.TB, user store.User) *Fixture {
	tb.Helper()
	s, err := store.Open(tb.Context(), "")
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, s.Close()) })
	user, err = s.LocalUser(tb.Context(), user)
	require.NoError(tb, err)
	return &Fixture{Store: s, User: user, Index: index.New(s), tb: tb}
}

// Message stores messages and returns the id of the last. A message without a
// thread is in one of its own; ThreadID and ConversationID are their keys.
func (f *Fixture) Message(messages ...store.Message) (id string) {
	f.write(func(tx *store.Tx) error {
		for _, m := range messages {
			if m.Source == "" {
				m.Source = "email"
			}
			var err error
			if m.ID, m.IntegrationID, err = f.accept(tx, store.KindMessage, m.Source); err != nil {
				return err
			}
			m.UserID, id = f.User.ID, m.ID
			keys := store.ThreadKeys{Conversation: m.Conversation, Thread: m.ThreadID}
			if m, err = tx.SaveMessage(m, keys, m.SentAt); err != nil {
				return err
			}
			if err := tx.SetParticipants(f.User.ID, m.Ref(), m.Participants()); err != nil {
				return err
			}
			if err := f.index(tx, m.ID, index.CutMessage(m), m.SentAt); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

// Meeting stores a meeting and returns its id.
func (f *Fixture) Meeting(m store.Meeting) string {
	f.write(func(tx *store.Tx) (err error) {
		if m.ID, m.IntegrationID, err = f.accept(tx, store.KindMeeting, "meeting"); err != nil {
			return err
		}
		m.UserID = f.User.ID
		if err := tx.SaveMeeting(m, m.StartAt); err != nil {
			return err
		}
		if err := tx.SetParticipants(f.User.ID, m.Ref(), m.Participants()); err != nil {
			return err
		}
		return f.index(tx, m.ID, index.CutMeeting(m), m.StartAt)
	})
	return m.ID
}

// Event stores a calendar event and returns its id. One that has an id takes the
// place of what that held.
func (f *Fixture) Event(e store.Event) string {
	f.write(func(tx *store.Tx) (err error) {
		id, integration, err := f.accept(tx, store.KindEvent, "calendar")
		if err != nil {
			return err
		}
		if e.IntegrationID = integration; e.ID == "" {
			e.ID = id
		}
		e.UserID = f.User.ID
		if err := tx.SaveEvent(e, e.StartAt); err != nil {
			return err
		}
		if err := tx.SetParticipants(f.User.ID, e.Ref(), e.Participants()); err != nil {
			return err
		}
		return f.index(tx, e.ID, index.CutEvent(e), e.StartAt)
	})
	return e.ID
}

// Note stores a note and returns its id.
func (f *Fixture) Note(n store.Note) string {
	f.write(func(tx *store.Tx) (err error) {
		if n.ID, n.IntegrationID, err = f.accept(tx, store.KindNote, "note"); err != nil {
			return err
		}
		n.UserID, n.UpdatedAt = f.User.ID, n.CreatedAt
		if err := tx.SaveNote(n, n.CreatedAt); err != nil {
			return err
		}
		return f.index(tx, n.ID, index.CutNote(n), n.CreatedAt)
	})
	return n.ID
}

func (f *Fixture) write(fn func(*store.Tx) error) {
	f.tb.Helper()
	require.NoError(f.tb, f.Store.Write(f.tb.Context(), fn))
}

func (f *Fixture) accept(tx *store.Tx, kind store.Kind, provider string) (id, integration string, err error) {
	at := time.Unix(0, 0)
	id, err = tx.Accept(store.Push{UserID: f.User.ID, Kind: kind, Provider: provider, Payload: []byte("{}"), At: at, RunAt: at})
	if err != nil {
		return "", "", err
	}
	item, err := tx.Item(id)
	return id, item.IntegrationID, err
}

func (f *Fixture) index(tx *store.Tx, id string, passages []store.Passage, at time.Time) error {
	if err := tx.SetPassages(f.User.ID, id, passages); err != nil {
		return err
	}
	return tx.Indexed(id, at)
}
