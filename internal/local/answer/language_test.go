package answer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
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

// Questions may be asked in other languages of what is written in English, and of what is
// written in them.
func TestQuestionsInOtherLanguages(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-10 09:00", dana, sam, "Drawing", "Sam, could you send me the drawing of the turbine by Friday? I will pay the invoice by Monday."))
	f.Message(letter("2026-11-11 09:00", dana, sam, "Kran", "Die Abnahme vom Kran ist am 3. Dezember, und der Kran wird vorher gestrichen."))
	f.Message(letter("2026-11-17 09:00", lee, sam, "Paint", "We decided to paint the turbine pink."))
	f.Event(store.Event{Title: "Turbine review", StartAt: at("2026-11-20 13:00"), EndAt: at("2026-11-20 14:00"), Attendees: []store.Person{sam, dana}})
	for question, want := range map[string]string{
		"Was hat Dana letzte Woche versprochen?":        "I will pay the invoice",
		"Was hat Dana über den Kran geschrieben?":       "Die Abnahme vom Kran",
		"Wann ist das nächste Treffen mit Dana?":        "Fri 20 Nov, 14:00 to 15:00: Turbine review",
		"Was wurde über die Turbine entschieden?":       "paint the turbine pink",
		"Welche Termine habe ich morgen?":               "Tomorrow (Fri 20 Nov 2026",
		"Was braucht diese Woche meine Aufmerksamkeit?": "pay the invoice",
		"Was hat sich seit Montag geändert?":            "paint the turbine pink",
		"Was hat Grace über den Kran geschrieben?":      "",
		"Qu'est-ce que Dana a promis ?":                 "I will pay the invoice",
		"Quelles réunions ai-je demain ?":               "Turbine review",
		"Qu'est-ce qui a été décidé cette semaine ?":    "paint the turbine pink",
		"¿Qué prometió Dana la semana pasada?":          "I will pay the invoice",
		"¿Cuándo es la próxima reunión con Dana?":       "Turbine review",
		"¿Qué reuniones tengo mañana?":                  "Turbine review",
		"¿Qué dijo Dana sobre el zepelín?":              "",
	} {
		got := ask(t, f, question)
		if want == "" {
			assert.Empty(t, got, question)
		} else {
			assert.Contains(t, got, want, question)
		}
	}
	out := query(t, f, attrove.QueryIn{Query: "Was hat Dana versprochen?"})
	assert.Equal(t, attrove.ForeignText("Was hat Dana versprochen?"), out.History[0].Content, "as it was asked")
}
