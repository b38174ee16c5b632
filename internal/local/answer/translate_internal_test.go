package answer

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestInEnglish(t *testing.T) {
	for question, want := range map[string]string{
		"Was hat Dana Whitfield über den Kran geschrieben?": "what did Dana Whitfield written about the Kran?",
		"Was habe ich Dana letzte Woche versprochen?":       "what did i promised Dana last week?",
		"Wann ist das nächste Treffen mit Rob?":             "when is the next meeting with Rob?",
		"Welche Aufgaben sind offen?":                       "which tasks are open?",
		"Qu'est-ce que Dana a demandé ?":                    "what Dana asked ?",
		"Quand a lieu la prochaine réunion avec Rob ?":      "when is the next meeting with Rob ?",
		"Qu'a dit Dana sur l'offre ?":                       "what did Dana said about the offre ?",
		"¿Qué dijo Dana sobre la grúa?":                     "¿what did Dana said about the grúa?",
		"¿Qué reuniones tengo mañana?":                      "¿what meetings do i have tomorrow?",
		"¿Qué le prometí a Rob?":                            "¿what  did i promise to Rob?",

		"What did Dana say about the crane?": "What did Dana say about the crane?",
		"Was the crane in Bremen on Monday?": "Was the crane in Bremen on Monday?",
		"Kran Angebot":                       "Kran Angebot",
		"":                                   "",
	} {
		assert.Equal(t, want, newInterpreter().inEnglish(question), question)
	}
}
