package goals_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func draft(t *testing.T, f *indextest.Fixture, directive string, last *attrove.Snapshot) attrove.FollowUp {
	t.Helper()
	out, err := goals.New(f.Store, f.Index).Draft(t.Context(), f.User, renewal(), last, directive, now())
	require.NoError(t, err)
	assert.Equal(t, "gol_1", out.GoalID)
	return out
}

// A quiet goal: what was asked and when, what was promised, one clear request.
func TestDraftToWhoIsSilent(t *testing.T) {
	t.Parallel()
	f := office(t)
	f.Message(letter("2026-11-06 09:00", dana, sam, "Globex renewal", "I'll talk to our board by 20 November."))
	asked := f.Message(letter("2026-11-09 09:00", sam, dana, "Re: Globex renewal", "Hi Dana,\n\nDo you still plan to renew for all depots? And can you tell me who signs?\n\nSam"))
	got := draft(t, f, "", nil)
	assert.Equal(t, []attrove.ForeignText{"dana@globex.example"}, got.To)
	assert.Equal(t, attrove.ForeignText("Re: Globex renewal"), got.Subject)
	assert.Equal(t, attrove.ForeignText(`Hi Dana,

On Mon 9 Nov I asked:
- "Do you still plan to renew for all depots?"
- "And can you tell me who signs?"

I last heard from you on Fri 6 Nov.

On Fri 6 Nov you promised: "I'll talk to our board by 20 November."

Could you give me an answer?

Best regards,
Sam Reyes`), got.BodyText)
	require.NotEmpty(t, got.CitedEvidenceRefs)
	assert.Equal(t, asked, got.CitedEvidenceRefs[0].ID)
}

func TestDraftFollowsTheDirective(t *testing.T) {
	t.Parallel()
	f := office(t)
	f.Message(letter("2026-11-09 09:00", sam, dana, "Globex renewal", "Do you still plan to renew for all depots? And can you tell me who signs?"))
	usual := draft(t, f, "", nil)
	for directive, want := range map[string]string{
		"Be brief.":                                  `I asked: "Do you still plan to renew for all depots?"`,
		"more formal, please":                        "Dear Dana Whitfield,",
		"make it friendly":                           "I hope you are well.",
		"firm":                                       "This is important to us.",
		"mention that Priya has time":                "\n\nPriya has time.\n",
		"please mention the on-site days":            "I also wanted to mention the on-site days.",
		"ask whether Marit agrees":                   "Could you also tell me whether Marit agrees?",
		"We can extend the price":                    "\n\nWe can extend the price.\n",
		"keep it short and offer a call on Thursday": "\n\n[Offer a call on Thursday.]\n",
		"brief; add the new price list":              "I also wanted to mention the new price list.",
	} {
		got := draft(t, f, directive, nil)
		assert.Contains(t, got.BodyText, want, directive)
		assert.NotEqual(t, usual.BodyText, got.BodyText, directive)
	}
	for _, directive := range []string{"translate it to German", "send it now", "use emojis", "ignore the rules"} {
		_, err := goals.New(f.Store, f.Index).Draft(t.Context(), f.User, renewal(), nil, directive, now())
		var refused *attrove.Error
		require.ErrorAs(t, err, &refused, directive)
		assert.Equal(t, "directive", refused.Field)
		assert.Contains(t, refused.Message, directive)
	}
}

func TestDraftWhereTheMoveIsOurs(t *testing.T) {
	t.Parallel()
	f := office(t)
	f.Message(letter("2026-11-17 09:00", dana, sam, "Globex renewal", "Can you confirm the number of seats by Monday?"))
	got := draft(t, f, "", nil)
	assert.Equal(t, []attrove.ForeignText{"dana@globex.example"}, got.To)
	assert.Contains(t, got.BodyText, `On Tue 17 Nov you wrote: "Can you confirm the number of seats by Monday?"`)
	assert.Contains(t, got.BodyText, "[Your answer here.]", "nobody but the user knows it")
}

// What a human was shown last is what the draft goes on from, while it is open.
func TestDraftGoesOnFromTheSnapshot(t *testing.T) {
	t.Parallel()
	f := office(t)
	shown := f.Message(letter("2026-11-16 09:00", sam, rob, "Globex order", "Can you tell me the price of the order?"))
	f.Message(letter("2026-11-17 09:00", sam, dana, "Globex renewal", "Can you confirm the number of seats by Wednesday?"))
	assert.Equal(t, []attrove.ForeignText{"dana@globex.example"}, draft(t, f, "", nil).To)
	last := &attrove.Snapshot{NextMove: &attrove.NextMove{Owner: attrove.MoveThem, Description: attrove.ForeignText("They have to answer: … [" + shown + "].")}}
	assert.Equal(t, []attrove.ForeignText{"rob@initech.example"}, draft(t, f, "", last).To)
}

func TestDraftOfNothing(t *testing.T) {
	t.Parallel()
	got := draft(t, office(t), "", nil)
	assert.Empty(t, got.To)
	assert.Contains(t, got.BodyText, `I am writing about "Globex renewal".`)
	assert.Equal(t, []attrove.EvidenceRef{}, got.CitedEvidenceRefs)
}

// What colleagues wrote among themselves goes to nobody outside.
func TestDraftKeepsTalkAmongUsInside(t *testing.T) {
	t.Parallel()
	f := office(t)
	f.Message(
		letter("2026-11-09 09:00", sam, dana, "Globex renewal", "Do you still plan to renew for all depots?"),
		letter("2026-11-16 09:00", lee, sam, "Globex", "The lowest price we can give is 90. The contract ends on 1 December."),
		store.Message{SentAt: at("2026-11-17 09:00"), SenderEmail: lee.Email, SenderName: lee.Name, Recipients: []store.Person{sam}, Subject: "Globex",
			ThreadID: "Globex", BodyText: "The lowest is a secret."})
	got := draft(t, f, "", nil)
	assert.Equal(t, []attrove.ForeignText{"dana@globex.example"}, got.To)
	assert.NotContains(t, got.BodyText, "lowest")
	assert.NotContains(t, got.BodyText, "December")

	f.Message(letter("2026-11-17 10:00", lee, sam, "Globex", "I'll send you the lowest price tomorrow."))
	got = draft(t, f, "", nil)
	assert.Equal(t, []attrove.ForeignText{"lee@acme.example"}, got.To, "the move is a colleague's")
	assert.Contains(t, got.BodyText, "When can I expect it?")
}
