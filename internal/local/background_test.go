package local_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
)

// TestNobodyWaitsForWhatTakesLong: who reads gets what there is, and what is new
// follows, if not too often.
func TestNobodyWaitsForWhatTakesLong(t *testing.T) {
	f := start(t, options())
	people := func() (all []string) {
		for _, e := range call(t, f, attrove.ListEntities, attrove.EntitiesIn{EntityType: "person"}).Data {
			all = append(all, string(e.Name))
		}
		return all
	}
	push := func(id, from, name string) {
		mail := letter(id, 1, from, "me@example.com")
		mail.SenderName = name
		call(t, f, attrove.PushMessage, mail)
	}
	push("1", "ov@acme.example", "Orsolya Vidakovic")
	push("2", "bk@acme.example", "Bela Kun")
	call(t, f, attrove.PushMessage, letter("3", 1, "bk@acme.example", "orsi@acme.example"))
	assert.Len(t, related(t, f, attrove.RelationshipsIn{}), 3)
	assert.Equal(t, []string{"orsi@acme.example", "Bela Kun", "Orsolya Vidakovic"}, people())

	local.TakesLong(f.engine, f.me.UserID, time.Minute, time.Minute)
	push("4", "orsi@acme.example", "Orsolya Vidakovic")
	assert.Len(t, people(), 3, "it is too early to look who is one person")
	assert.Len(t, related(t, f, attrove.RelationshipsIn{}), 3, "and who has to do with whom")

	local.TakesLong(f.engine, f.me.UserID, time.Minute, time.Hour)
	people()
	require.Eventually(t, func() bool { return len(people()) == 2 }, 10*time.Second, 10*time.Millisecond)
	local.TakesLong(f.engine, f.me.UserID, time.Minute, time.Hour)
	related(t, f, attrove.RelationshipsIn{})
	require.Eventually(t, func() bool {
		return related(t, f, attrove.RelationshipsIn{})[0] == "orsi@acme.example-me@example.com 2 2026-11-02"
	}, 10*time.Second, 10*time.Millisecond)
}
