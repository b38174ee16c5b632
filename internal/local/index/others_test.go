package index_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// TestSearchFindsOtherWords: what is asked for in other words than those of a text is
// found by its forms, and by synonyms where they are all that is there.
func TestSearchFindsOtherWords(t *testing.T) {
	f := berlin(t)
	mail := func(subject, text string) string {
		return f.Message(store.Message{Subject: subject, BodyText: text, SentAt: at("2026-11-01 09:00")})
	}
	wages := mail("May", "The wages of the crew went out on Friday.")
	physician := mail("Thursday", "See the physician before noon.")
	decided := mail("The quay", "It was decided to dredge the quay.")
	bought := mail("Winch", "We bought a second winch.")
	customized := mail("Rigging", "Masts are customized in the yard.")
	gift := mail("Glückwunsch", "Das Geschenk liegt auf dem Tisch, und wir warten nicht.")
	present := mail("Birthday", "Her present is a kayak.")
	for query, want := range map[string][]string{
		"salaries":            {wages},
		"doctor":              {physician},
		"which decision":      {decided},
		"purchases":           {bought},
		"procuring":           {bought}, // a form of a synonym
		"customising":         {customized},
		"gift":                {present},
		"Gift":                {present},
		"Wo ist das Gift?":    nil, // which is poison in German
		"Geschenk":            {gift},
		"winch, acquired":     {bought},
		"physicians, doctors": {physician},
	} {
		assert.Equal(t, want, messageIDs(search(t, f, attrove.SearchIn{Query: query})), query)
	}
}

// TestOtherWordsComeAfter: of what the rest of a question finds, that comes first which
// has a word, then what has a synonym of it.
func TestOtherWordsComeAfter(t *testing.T) {
	f := berlin(t)
	var ids []string
	for _, seen := range []string{"doctor", "physician", "funnel"} {
		ids = append(ids, f.Message(store.Message{Subject: "Log", BodyText: "The ferry has a " + seen + ".", SentAt: at("2026-11-01 09:00")}))
	}
	for range 10 {
		f.Message(store.Message{Subject: "Lunch", BodyText: "Pizza today?", SentAt: at("2026-11-01 09:00")})
	}
	assert.Equal(t, ids, messageIDs(search(t, f, attrove.SearchIn{Query: "did the ferry ever have a doctor on deck"})))
}

// TestOtherWordsOfWhatIsOften: a word that finds enough is not looked for as others, and
// nor is one of several that is there at all.
func TestOtherWordsOfWhatIsOften(t *testing.T) {
	f := berlin(t)
	mail := func(text string) string {
		return f.Message(store.Message{Subject: "Log", BodyText: text, SentAt: at("2026-11-01 09:00")})
	}
	other := mail("Physicians are ashore.")
	mail("A doctor is on deck.")
	finds := func(query string) bool {
		return slices.Contains(messageIDs(search(t, f, attrove.SearchIn{Query: query})), other)
	}
	assert.True(t, finds("doctors"))
	assert.True(t, finds("doctors, deck"))
	assert.False(t, finds("doctors, deck, cargo"))
	for range 4 {
		mail("Ask the doctor.")
	}
	assert.False(t, finds("doctors"))
}
