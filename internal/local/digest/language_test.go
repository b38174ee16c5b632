package digest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// The rules know English. Of what they cannot read they say so, but for what is
// filed: a label needs no grammar.
func TestOtherLanguages(t *testing.T) {
	r := digest.NewReader()
	german := store.Meeting{ID: "mtg_1", StartAt: monday, Transcript: "Ann Lee: Wir haben beschlossen, dass der Zaun am Hafen von Bob und Cleo noch im November gestrichen wird.\n" +
		"Bob Ray: Ich will die Farbe für den Zaun bis Freitag bestellen, und der Kran will auch Farbe."}
	got := r.Minutes(speech.NewSelf(store.User{}), german)
	assert.Empty(t, got.ActionItems)
	assert.Contains(t, got.Summary, "gestrichen wird")
	assert.Contains(t, got.Summary, "\nDecisions and action items are recognized in English; in German, French and Spanish only where a heading or a label names them.")

	d := minutes("Anwesend: Ann Lee, Bob Ray\n- Der Zaun ist alt und wird nicht mehr gestrichen.\n- TODO(Bob): Farbe für den Zaun bestellen")
	assert.Equal(t, []string{"Bob Ray: Farbe für den Zaun bestellen"}, actions(d))
	assert.Empty(t, d.Decisions)
}

func TestMinutesFileInOtherLanguages(t *testing.T) {
	for name, tc := range map[string]struct {
		body      string
		actions   []string
		decisions []string
		questions []string
	}{
		"German": {
			"# Protokoll\n\nTeilnehmer: Anna Lee, Jörg Ray und Cleo Orr\n\n## Beschlüsse\n- Der Zaun am Hafen wird blau gestrichen.\n\n## Offene Punkte\n- Wer hat den Schlüssel der Kabine?\n\n" +
				"## Aufgaben\n- Jörg streicht den langen Zaun\n- Anna und Cleo bestellen die Farbe\n- Seil für den Kran kaufen (Cleo)\n- alle: den Kran ansehen\n- Plan zeichnen, verantwortlich: Anna\n\n## Erledigt\n- Cleo kauft das Boot",
			[]string{"Jörg Ray: Jörg streicht den langen Zaun", "Anna Lee and Cleo Orr: Anna und Cleo bestellen die Farbe", "Cleo Orr: Seil für den Kran kaufen (Cleo)", ": alle: den Kran ansehen", "Anna Lee: Plan zeichnen, verantwortlich: Anna"},
			[]string{"Der Zaun am Hafen wird blau gestrichen."}, []string{"Wer hat den Schlüssel der Kabine?"}},
		"German labels": {
			"Anwesend: Anna Lee, Jörg Ray\n- AUFGABE: Jörg: den langen Zaun streichen\n- Beschluss: Der Kran bleibt am Hafen stehen.\n- Beschluss - und danke an alle",
			[]string{"Jörg Ray: den langen Zaun streichen"}, []string{"Der Kran bleibt am Hafen stehen."}, nil},
		"French": {
			"Présents : Anne Lee, Benoît Ray et Chloé Orr\n\nDécisions\u00a0:\n- La grue reste au port.\n\nQuestions ouvertes :\n- Qui a la clé de la cabine ?\n\nActions à mener :\n- Benoît : peindre la longue clôture\n- Chloé commande la corde\n\nDécision : la clôture sera bleue.",
			[]string{"Benoît Ray: peindre la longue clôture", "Chloé Orr: Chloé commande la corde"},
			[]string{"La grue reste au port.", "la clôture sera bleue."}, []string{"Qui a la clé de la cabine ?"}},
		"Spanish": {
			"Asistentes: Ana Lee, Benito Ray y Clara Orr\n\n## Acuerdos\n- La grúa se queda en el puerto.\n\n## Preguntas abiertas\n- ¿Quién tiene la llave de la cabina?\n\n| Tarea | Responsable | Estado |\n|---|---|---|\n| Pintar la cerca larga | Benito | |\n| Comprar la cuerda | Clara | hecho |\n",
			[]string{"Benito Ray: Pintar la cerca larga"}, []string{"La grúa se queda en el puerto."}, []string{"¿Quién tiene la llave de la cabina?"}},
		"no minutes": {
			"Die Aufgaben der Kräne am Hafen sind alt:\n- Jörg streicht den langen Zaun\n\nDie Entscheidung über den Zaun fällt bald, und alle Fragen sind gestellt.", nil, nil, nil},
		"a language that is not read": {
			"## Compiti\n- Bruno dipinge la lunga staccionata del porto", nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := minutes(tc.body)
			assert.Equal(t, tc.actions, actions(d), "actions")
			assert.Equal(t, tc.decisions, decisions(d), "decisions")
			assert.Equal(t, tc.questions, questions(d), "questions")
		})
	}
}

// TestDueDaysInOtherLanguages: what minutes file is due when they say, in the languages
// that they file in.
func TestDueDaysInOtherLanguages(t *testing.T) {
	for body, want := range map[string]string{
		"## Aufgaben\n- Jörg: den langen Zaun streichen bis Freitag":                         "2026-11-06",
		"## Aufgaben\n- Farbe für den Kran bestellen, spätestens zum 3. Dezember":            "2026-12-03",
		"Actions à mener :\n- Benoît : peindre la longue clôture avant vendredi":             "2026-11-06",
		"## Tareas\n- Ana: pintar la valla larga para el viernes":                            "2026-11-06",
		"## Aufgaben\n- Jörg: den langen Zaun streichen, solange Anna vom 3. bis 5. weg ist": "0001-01-01",
	} {
		d := minutes(body)
		if assert.Len(t, d.Actions, 1, body) {
			assert.Equal(t, want, d.Actions[0].Due.Format(time.DateOnly), body)
		}
	}
}
