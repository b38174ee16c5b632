package store

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReceive: what is stored at once must not be undone by an older push that is
// still in the queue.
func TestReceive(t *testing.T) {
	s := openTest(t, "")
	push := Push{UserID: newUser(t, s).ID, Kind: KindMessage, Provider: "email", ExternalID: "<1@x>", Payload: []byte(`{}`), At: testTime, RunAt: testTime}
	receive := func() (item Item, queued bool) {
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) (err error) {
			if item, queued, err = tx.Receive(push); err == nil && !queued {
				err = tx.Indexed(item.ID, testTime)
			}
			return err
		}))
		return item, queued
	}
	first, queued := receive()
	assert.False(t, queued)
	assert.True(t, first.IndexedAt.IsZero())
	again, queued := receive()
	assert.False(t, queued)
	assert.Equal(t, first.ID, again.ID)
	assert.Equal(t, testTime, again.IndexedAt)

	assert.Equal(t, first.ID, accept(t, s, push).ID)
	_, queued = receive()
	assert.True(t, queued)
	n, err := s.Pending(t.Context(), QueueIngest, push.UserID, 10)
	require.NoError(t, err)
	assert.Equal(t, 2, n, "behind the one that is there")
}

// TestFirstOfAGroupFailsAlone: the first write has no savepoint to go back to.
func TestFirstOfAGroupFailsAlone(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		failure := errors.New("on purpose")
		push := Push{UserID: newUser(t, s).ID, Kind: KindNote, Provider: "note", Payload: []byte(`{}`), At: testTime, RunAt: testTime}
		write := func(outcome error) func(*Tx) error {
			return func(tx *Tx) error {
				_, err := tx.Accept(push)
				return errors.Join(err, outcome)
			}
		}
		errs := s.WriteEach(t.Context(), write(failure), write(nil), write(failure), write(nil))
		require.ErrorIs(t, errs[0], failure)
		require.NoError(t, errs[1])
		require.ErrorIs(t, errs[2], failure)
		require.NoError(t, errs[3])
		n, err := s.Pending(t.Context(), QueueIngest, push.UserID, 10)
		require.NoError(t, err)
		assert.Equal(t, 2, n)
	})
}
