package speech_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// TestWhoOwesWhom: whoever promises owes it, and whoever is asked; from which side
// the words come decides, and not which words they are.
func TestWhoOwesWhom(t *testing.T) {
	me := store.Person{Email: "tessa@larkmoor.example", Name: "Tessa Marlowe"}
	mo := store.Person{Email: "mo@acme.example", Name: "Mo Haddad"}
	ann := store.Person{Email: "ann@acme.example", Name: "Ann Petit"}
	const iOwe, theyOwe, bothOwe, othersOwe, nobody = "I owe", "they owe", "both owe", "others owe", "nobody owes"
	for _, test := range []struct {
		from store.Person
		to   []store.Person
		text string
		want string
	}{
		{mo, []store.Person{me}, "Can you send us the lease?", iOwe},
		{me, []store.Person{mo}, "Can you send us the lease?", theyOwe},
		{mo, []store.Person{me}, "I'll send you the lease.", theyOwe},
		{me, []store.Person{mo}, "I'll send you the lease.", iOwe},
		{mo, []store.Person{me}, "You'll have it by Friday.", theyOwe},
		{me, []store.Person{mo}, "You'll have it by Friday.", iOwe},
		{mo, []store.Person{me}, "You promised to send the lease by Friday.", iOwe},
		{me, []store.Person{mo}, "You still owe me the lease.", theyOwe},
		{mo, []store.Person{me}, "I still owe you the lease.", theyOwe},
		{mo, []store.Person{me}, "Send me the floor plan and I'll forward it.", bothOwe},
		{mo, []store.Person{ann, me}, "Ann, can you send the lease to Tessa's office?", othersOwe},
		{mo, []store.Person{ann, me}, "Ann, can you send the lease?", othersOwe},
		{mo, []store.Person{ann, me}, "Tessa, can you send the lease?", iOwe},
		{mo, []store.Person{ann}, "Can you send the lease?", othersOwe},
		{mo, []store.Person{me}, "Ann said she will send the lease.", nobody},
		{mo, []store.Person{me}, "They asked us to send the lease.", nobody},
		{mo, []store.Person{me}, "The lease is signed.", nobody},
		{mo, []store.Person{me}, "No need to send the lease.", nobody},
		{mo, []store.Person{me}, "> I'll send you the lease.", nobody},
		{mo, []store.Person{me}, `You wrote: "I'll send you the lease."`, nobody},
		{mo, []store.Person{me}, "---------- Forwarded message ---------\nFrom: Ann\n\nI'll send you the lease.", nobody},
	} {
		got := nobody
		for _, s := range speech.NewReader().FromMessage(speech.NewSelf(store.User{Email: me.Email, FirstName: "Tessa"}),
			store.Message{Source: "email", SenderEmail: test.from.Email, SenderName: test.from.Name, Recipients: test.to, BodyText: test.text}) {
			asks, promises := s.Signal.Has(speech.Ask), s.Signal.Has(speech.Promise)
			switch {
			case asks && promises && s.ToMe:
				got = bothOwe
			case promises && s.Mine, asks && s.ToMe:
				got = iOwe
			case promises, asks && s.Mine:
				got = theyOwe
			case asks:
				got = othersOwe
			}
		}
		assert.Equal(t, test.want, got, "%s to %v: %s", test.from.Name, test.to, test.text)
	}
}
