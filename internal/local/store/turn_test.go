package store

import (
	"context"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCloseWhileAnotherProcessWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	one, err := Open(t.Context(), path)
	require.NoError(t, err)
	other := openTest(t, path)

	waiting := &writeJob{ctx: t.Context(), fn: func(*Tx) error { return nil }, done: make(chan struct{})}
	require.NoError(t, other.Write(t.Context(), func(*Tx) error {
		if err := one.writer.submit(t.Context(), []*writeJob{waiting}); err != nil {
			return err
		}
		return one.Close()
	}))
	<-waiting.done
	assert.ErrorIs(t, waiting.err, ErrClosed)
}

func TestGiveUpWhileAnotherProcessWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	one, other := openTest(t, path), openTest(t, path)
	ctx, giveUp := context.WithCancel(t.Context())

	waiting := &writeJob{ctx: ctx, fn: func(*Tx) error { return nil }, done: make(chan struct{})}
	require.NoError(t, other.Write(t.Context(), func(*Tx) error {
		if err := one.writer.submit(ctx, []*writeJob{waiting}); err != nil {
			return err
		}
		giveUp()
		<-waiting.done
		return nil
	}))
	require.ErrorIs(t, waiting.err, context.Canceled)
	assert.NoError(t, one.Write(t.Context(), func(*Tx) error { return nil }))
}

func TestLongTransactionsLeaveOthersTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "a.db")
		importing, other := openTest(t, path), openTest(t, path)

		outcome := make(chan error, 1)
		for i := range 2 {
			require.NoError(t, importing.Write(t.Context(), func(*Tx) error {
				if i == 0 {
					go func() { outcome <- other.Write(t.Context(), func(*Tx) error { return nil }) }()
				}
				time.Sleep(turnLong)
				return nil
			}))
		}
		select {
		case err := <-outcome:
			require.NoError(t, err)
		default:
			assert.Fail(t, "it had no turn in the first gap")
			assert.NoError(t, <-outcome)
		}
	})
}
