package digest_test

import (
	"testing"

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
	assert.Contains(t, got.Summary, "\nDecisions and action items are recognized in English only.")

	d := minutes("Anwesend: Ann Lee, Bob Ray\n- Der Zaun ist alt und wird nicht mehr gestrichen.\n- TODO(Bob): Farbe für den Zaun bestellen")
	assert.Equal(t, []string{"Bob: Farbe für den Zaun bestellen"}, actions(d))
	assert.Empty(t, d.Decisions)
}
