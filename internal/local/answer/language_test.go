package answer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// TestSaysWhichLanguageItReads: to whom writes in German, "nothing" would be wrong.
func TestSaysWhichLanguageItReads(t *testing.T) {
	f := office(t)
	f.Message(letter("2026-11-18 09:00", sam, dana, "Vertrag", "Ich schicke Ihnen den Vertrag morgen."))
	ask := func(text string) string {
		return string(query(t, f, attrove.QueryIn{Query: text}).Answer)
	}
	assert.Contains(t, ask("what did we promise Acme?"), "1 of 1 are in other languages")
	assert.Contains(t, ask("what needs my attention?"), "1 of 1 are in other languages")
	assert.Empty(t, ask("what did we promise last year?"), "nothing is from then")
	assert.Empty(t, ask("what did we promise Zenith?"), "nothing is with them")
	assert.NotContains(t, ask("Vertrag"), "English")

	f.Message(letter("2026-11-18 10:00", sam, dana, "Price", "I'll send you the price list tomorrow."))
	assert.Regexp(t, `(?s)^- .*price list.*\n- Requests, .* 1 of 2 are`, ask("what did I promise Dana?"))
	for range 20 {
		f.Message(letter("2026-11-18 11:00", dana, sam, "Lunch", "The soup of the day is nice."))
	}
	assert.NotContains(t, ask("what did I promise Dana?"), "English", "next to nothing is not")
}

// TestAnswersInOtherForms: a question in German is answered by what says its words in
// other forms, and words that only put it are none of its topic.
func TestAnswersInOtherForms(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-17 09:00", dana, sam, "Hafen", "Die Rechnung der Werft ist noch nicht bezahlt. Wir warten auf den neuen Anker."))
	f.Message(letter("2026-11-17 10:00", lee, sam, "Lager", "Das Lager wird auch gestrichen, und die Tore bleiben zu."))
	for text, want := range map[string]string{
		"Was ist mit den Rechnungen der Werften?": "Die Rechnung der Werft",
		"Warten wir auf neue Anker?":              "den neuen Anker",
		"Was ist mit dem Tor des Lagers?":         "die Tore bleiben zu",
		"Wann ist die Hochzeit in Lissabon?":      "",
	} {
		answer := string(query(t, f, attrove.QueryIn{Query: text}).Answer)
		if want == "" {
			assert.Empty(t, answer, text)
		}
		assert.Contains(t, answer, want, text)
	}
}
