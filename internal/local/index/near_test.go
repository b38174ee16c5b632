package index_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// TestSearchFindsWhatWasMeant: words that occur nowhere are mistyped, or a machine
// has heard them.
func TestSearchFindsWhatWasMeant(t *testing.T) {
	f := berlin(t)
	mistyped := f.Message(store.Message{Subject: "Your confirmation", BodyText: "The room is yours.", SentAt: at("2026-11-01 09:00")})
	misheard := f.Message(store.Message{Subject: "Call", BodyText: "So they want the Fossel upgrade, and we said yes.", SentAt: at("2026-11-02 09:00")})
	line := f.Message(store.Message{Subject: "Lunch", BodyText: "Pizza today? We form a line.", SentAt: at("2026-11-03 09:00")})
	apart := f.Message(store.Message{Subject: "Signal", BodyText: "The Q.P.X. port is open.", SentAt: at("2026-11-04 09:00")})
	together := f.Message(store.Message{Subject: "Sky", BodyText: "A UFO was there.", SentAt: at("2026-11-05 09:00")})
	for query, want := range map[string][]string{
		"confimation":  {mistyped},
		"confirmaiton": {mistyped},
		"fosil":        {misheard},
		"Fozel":        {misheard},
		"vosil":        nil,     // another start is another word
		"lina":         nil,     // too short to tell
		"forms":        {line},  // it is there, in another form, so "fossel" is not meant
		"QPX":          {apart}, // its letters are
		"the q.p.x.?":  {apart},
		"the U.F.O.":   {together},
		"foßel":        nil, // nobody knows how that sounds
	} {
		assert.Equal(t, want, messageIDs(search(t, f, attrove.SearchIn{Query: query})), query)
	}
}
