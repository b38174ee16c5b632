package local_test

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// peopleOf lists the names of people, and pushes a message from somebody to the user.
func peopleOf(t *testing.T, f fixture) (list func() []string, push func(id, from, name string)) {
	t.Helper()
	list = func() (all []string) {
		for _, e := range call(t, f, attrove.ListEntities, attrove.EntitiesIn{EntityType: "person"}).Data {
			all = append(all, string(e.Name))
		}
		return all
	}
	push = func(id, from, name string) {
		mail := letter(id, 1, from, "me@example.com")
		mail.SenderName = name
		call(t, f, attrove.PushMessage, mail)
	}
	return list, push
}

// TestNobodyWaitsForManyPeople: a process that has not resolved any goes by how
// many there were, also after something is purged.
func TestNobodyWaitsForManyPeople(t *testing.T) {
	o := options()
	o.Path = filepath.Join(t.TempDir(), "a.db")
	f := start(t, o)
	people, push := peopleOf(t, f)
	push("1", "ov@acme.example", "Orsolya Vidakovic")
	push("2", "orsi@acme.example", "")
	assert.Len(t, people(), 2)
	push("3", "orsi@acme.example", "Orsolya Vidakovic")
	require.NoError(t, f.engine.Close())

	f = start(t, o)
	local.HasMany(f.engine)
	people, _ = peopleOf(t, f)
	other, err := store.Open(t.Context(), o.Path)
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	purge(t, other, f.me.UserID, store.Selection{Addresses: []string{"nobody@acme.example"}})
	holds, release := make(chan struct{}), make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		assert.NoError(t, other.Write(t.Context(), func(*store.Tx) error {
			close(holds)
			<-release
			return nil
		}))
	})
	<-holds // so that nobody else writes
	assert.Len(t, people(), 2, "as they were resolved before")
	close(release)
	writing.Wait()
	require.Eventually(t, func() bool { return len(people()) == 1 }, time.Minute, 10*time.Millisecond)
}

// purge removes what is selected.
func purge(t *testing.T, s *store.Store, userID string, sel store.Selection) {
	t.Helper()
	removal, err := s.Removal(t.Context(), userID, sel)
	require.NoError(t, err)
	require.NoError(t, s.Purge(t.Context(), userID, sel, removal, time.Now()))
}

// TestNobodyWaitsForWhatTakesLong: who reads gets what there is, and what is new
// follows, if not too often.
func TestNobodyWaitsForWhatTakesLong(t *testing.T) {
	f := start(t, options())
	people, push := peopleOf(t, f)
	push("1", "ov@acme.example", "Orsolya Vidakovic")
	push("2", "bk@acme.example", "Bela Kun")
	call(t, f, attrove.PushMessage, letter("3", 1, "bk@acme.example", "orsi@acme.example"))
	assert.Len(t, related(t, f, attrove.RelationshipsIn{}), 3)
	assert.Equal(t, []string{"orsi@acme.example", "Bela Kun", "Orsolya Vidakovic"}, people())

	local.TakesLong(f.engine, f.me.UserID, time.Minute, 10*time.Minute)
	push("4", "orsi@acme.example", "Orsolya Vidakovic")
	for range 2 { // what the first had begun the second would see
		assert.Len(t, people(), 3, "it is too early to look who is one person")
		assert.NotContains(t, related(t, f, attrove.RelationshipsIn{}), "orsi@acme.example-me@example.com 2 2026-11-02", "and who has to do with whom")
		local.Finish(f.engine)
	}

	local.TakesLong(f.engine, f.me.UserID, time.Minute, time.Hour)
	people()
	require.Eventually(t, func() bool { return len(people()) == 2 }, time.Minute, 10*time.Millisecond)
	local.TakesLong(f.engine, f.me.UserID, time.Minute, time.Hour)
	related(t, f, attrove.RelationshipsIn{})
	require.Eventually(t, func() bool {
		return related(t, f, attrove.RelationshipsIn{})[0] == "orsi@acme.example-me@example.com 2 2026-11-02"
	}, time.Minute, 10*time.Millisecond)
}
