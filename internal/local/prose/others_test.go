package prose_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// TestOthersWordsAreLeftOut: what is answered or forwarded is not the writer's,
// however their mail program marks it.
func TestOthersWordsAreLeftOut(t *testing.T) {
	for name, mark := range map[string]string{
		"Gmail":                "On Mon, Nov 2, 2026 at 10:00 AM Sam Ito <sam@larkmoor.example> wrote:",
		"Gmail, broken":        "On Mon, Nov 2, 2026 at 10:00 AM Sam Ito <sam@larkmoor.example>\nwrote:",
		"Gmail, broken before": "On Mon, Nov 2, 2026 at 10:00 AM Sam Ito\n<sam@larkmoor.example> wrote:",
		"Thunderbird":          "Sam Ito <sam@larkmoor.example> wrote on Monday:",
		"a date first":         "2026-11-02 10:00, Sam Ito wrote:",
		"Outlook":              "From: Sam Ito <sam@larkmoor.example>\nSent: Monday, November 2, 2026 10:00 AM\nTo: Mo Haddad\nSubject: The gate",
		"Outlook, ruled":       "________________________________\nFrom: Sam Ito\nSent: Monday",
		"Outlook, German":      "Von: Sam Ito\nGesendet: Montag, 2. November 2026 10:00\nAn: Mo Haddad\nBetreff: Das Tor",
		"Outlook, old":         "-----Original Message-----\nFrom: Sam Ito",
		"Notes":                "To: Mo Haddad/Larkmoor\ncc:\nSubject: The gate",
		"Apple":                "Begin forwarded message:",
		"forwarded":            "---------- Forwarded message ---------\nFrom: Sam Ito",
		"German":               "Am 02.11.2026 um 10:00 schrieb Sam Ito <sam@larkmoor.example>:",
		"French":               "Le lun. 2 nov. 2026 à 10:00, Sam Ito <sam@larkmoor.example> a écrit :",
		"Spanish":              "El lun, 2 nov 2026 a las 10:00, Sam Ito (<sam@larkmoor.example>) escribió:",
		"signature":            "-- ",
	} {
		got := prose.Sentences("Agreed.\n\n" + mark + "\n\nI'll open the gate. Can you close it?")
		assert.Equal(t, "Agreed.", got[0].Text, name)
		assert.Len(t, got, 1, name)
	}
	var own []string
	for _, s := range prose.Sentences("On Mon, Sam Ito wrote:\n> I'll open the gate.\n\nThanks for that.\n\n> Can you close it?\n\nI'll close it.") {
		own = append(own, s.Text)
	}
	assert.Equal(t, []string{"Thanks for that.", "I'll close it."}, own, "answers between")
	assert.Len(t, prose.Sentences("From: the harbour it is a mile.\nTo: the station two."), 2)
}
