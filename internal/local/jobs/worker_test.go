package jobs_test

import (
	"context"
	"io"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/jobs"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

// lease is how long a worker that died keeps what it had begun.
const lease = 300 * time.Millisecond

// queue is a store with a user who can push.
type queue struct {
	*store.Store
	user string
}

func newQueue(t *testing.T) queue {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.CreateUser(t.Context(), store.User{ID: "u", Email: "u@example.com"}, []byte("hash")))
	return queue{s, "u"}
}

func (q queue) push(t *testing.T, text string) {
	t.Helper()
	require.NoError(t, q.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Accept(store.Push{UserID: q.user, Kind: store.KindNote, Provider: "note", Payload: []byte(text), At: time.Now(), RunAt: time.Now()})
		return err
	}))
}

func (q queue) start(t *testing.T, handle jobs.Handler) *jobs.Worker {
	t.Helper()
	w := jobs.Start(t.Context(), jobs.Options{Store: q.Store, Queue: store.QueueIngest, Handle: handle, Log: safetest.Log(t, io.Discard).Logger,
		Lease: lease, Poll: 20 * time.Millisecond})
	t.Cleanup(w.Stop)
	return w
}

func (q queue) wait(t *testing.T, w *jobs.Worker) {
	t.Helper()
	require.NoError(t, w.Wait(t.Context(), func() (bool, error) {
		n, err := q.Pending(t.Context(), store.QueueIngest, q.user, 1)
		return n == 0, err
	}))
}

// finisher is a handler that finishes jobs and keeps what they said.
type finisher struct {
	queue
	mu   sync.Mutex
	done []string
}

func (f *finisher) handle(ctx context.Context, owner string, all []store.Job) {
	for _, job := range all {
		f.mu.Lock() // until it is noted, for whoever sees that it is finished
		err := f.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.Finish(job, owner) })
		if err == nil {
			f.done = append(f.done, string(job.Payload))
		}
		f.mu.Unlock()
	}
}

func (f *finisher) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.done
}

func TestTakesWhatADeadHolderLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(t)
		q.push(t, "a")
		begun := time.Now()
		dead, err := q.Claim(t.Context(), store.Claim{Queue: store.QueueIngest, Owner: "dead", Due: begun, Now: begun, Until: begun.Add(lease), Limit: 1})
		require.NoError(t, err)
		require.Len(t, dead, 1)
		f := &finisher{queue: q}
		q.wait(t, q.start(t, f.handle))
		assert.Equal(t, []string{"a"}, f.seen())
		assert.GreaterOrEqual(t, time.Since(begun), lease, "not before its lease ran out")
		assert.Less(t, time.Since(begun), 2*lease, "and soon after")
	})
}

// TestKeepsItsLeaseWhileItWorks, however busy the machine: time passes while nobody
// has anything to do.
func TestKeepsItsLeaseWhileItWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(t)
		f := &finisher{queue: q}
		release, begun := make(chan struct{}), make(chan struct{})
		slow := q.start(t, func(ctx context.Context, owner string, all []store.Job) {
			close(begun)
			<-release
			f.handle(ctx, owner, all)
		})
		q.push(t, "a")
		slow.Nudge()
		<-begun
		other := &finisher{queue: q}
		idle := q.start(t, other.handle)
		ctx, cancel := context.WithTimeout(t.Context(), 10*lease)
		defer cancel()
		never := func() (bool, error) { return false, nil }
		require.ErrorIs(t, idle.Wait(ctx, never), context.DeadlineExceeded)
		assert.Empty(t, other.seen())
		close(release)
		q.wait(t, slow)
		assert.Equal(t, []string{"a"}, f.seen())
	})
}

func TestOutlivesAPanic(t *testing.T) {
	q := newQueue(t)
	f := &finisher{queue: q}
	first := true
	w := q.start(t, func(ctx context.Context, owner string, all []store.Job) {
		if first {
			first = false
			panic("on purpose")
		}
		f.handle(ctx, owner, all)
	})
	q.push(t, "a")
	q.wait(t, w)
	assert.Equal(t, []string{"a"}, f.seen())
}

func TestFindsWhatNobodyToldItOf(t *testing.T) {
	q := newQueue(t)
	f := &finisher{queue: q}
	q.start(t, f.handle)
	q.push(t, "a") // as another process does: without a nudge
	require.Eventually(t, func() bool {
		n, err := q.Pending(t.Context(), store.QueueIngest, q.user, 1)
		return err == nil && n == 0
	}, time.Minute, 10*time.Millisecond)
}

func TestStopEndsWaits(t *testing.T) {
	q := newQueue(t)
	w := q.start(t, func(context.Context, string, []store.Job) {})
	w.Stop()
	assert.ErrorIs(t, w.Wait(t.Context(), func() (bool, error) { return false, nil }), store.ErrClosed)
}
