package local

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// slow is an ingester whose transactions are over with their first item.
func slow(t *testing.T) (g *ingester, who Caller) {
	t.Helper()
	s, err := store.Open(t.Context(), "")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	now := time.Date(2026, time.November, 3, 9, 30, 0, 0, time.UTC)
	user, err := s.LocalUser(t.Context(), store.User{ID: "u1", Email: "robin@vale.example", CreatedAt: now, UpdatedAt: now})
	require.NoError(t, err)
	g = newIngester(s, Options{Now: func() time.Time { return now }})
	g.batchTime = 0
	return g, Caller{User: user, Now: now}
}

func aPush(who Caller, i int) store.Push {
	return store.Push{UserID: who.User.ID, Kind: store.KindNote, Provider: providerNote, ExternalID: strconv.Itoa(i),
		Payload: encode(attrove.PushNoteIn{Title: "Title", Body: "Body"}), At: who.Now, RunAt: who.Now}
}

func TestABatchEndsInTime(t *testing.T) {
	g, _ := slow(t)
	began := 0
	step := func(*store.Tx) error {
		began++
		return nil
	}
	assert.Equal(t, []error{nil}, g.batch().run(t.Context(), []func(*store.Tx) error{step, step, step}))
	assert.Equal(t, 1, began)
}

func TestTheRestOfABatchOfJobs(t *testing.T) {
	g, who := slow(t)
	var ids []string
	for i := range 5 {
		require.NoError(t, g.store.Write(t.Context(), func(tx *store.Tx) error {
			id, err := tx.Accept(aPush(who, i))
			ids = append(ids, id)
			return err
		}))
	}
	jobs, err := g.store.Claim(t.Context(), store.Claim{Queue: store.QueueIngest, Owner: "me", Due: who.Now, Now: who.Now, Until: who.Now.Add(time.Hour), Limit: 10})
	require.NoError(t, err)
	require.Len(t, jobs, len(ids))

	g.handle(t.Context(), "me", jobs)
	for _, id := range ids {
		item, err := g.store.Item(t.Context(), who.User.ID, id)
		require.NoError(t, err)
		assert.Equal(t, "indexed", item.Status)
	}
}

func TestTheRestOfABatchOfPushes(t *testing.T) {
	g, who := slow(t)
	d := startDirect(context.WithoutCancel(t.Context()), g)
	ids := make([]string, 5)
	var pushing sync.WaitGroup
	for i := range ids {
		pushing.Go(func() {
			push := aPush(who, i)
			save, err := contentOf(push.Kind, push.Payload)
			if assert.NoError(t, err) {
				ids[i], err = d.take(&directPush{ctx: t.Context(), who: who, what: pushed{kind: push.Kind, at: who.Now}, push: push, save: save})
				assert.NoError(t, err)
			}
		})
	}
	pushing.Wait()
	d.stop()
	for _, id := range ids {
		item, err := g.store.Item(t.Context(), who.User.ID, id)
		require.NoError(t, err)
		assert.Equal(t, "indexed", item.Status)
	}
}
