package answer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// harbour is a meeting in which several speak of a gate.
func harbour(f *indextest.Fixture) string {
	return f.Meeting(store.Meeting{Title: "Meeting", StartAt: at("2026-11-04 09:00"), Attendees: []store.Person{sam}, Transcript: strings.Join([]string{
		"Marta Vandenberg: The copper hinges of the harbour gate are worn out.",
		"PhD B: I measured the hinges, and copper bends too easily in the cold.",
		"Marta Vandenberg: Steel would last longer, and the painter can still cover it.",
		"Ilse Kroon: The painter comes in March in any case.",
	}, "\n")})
}

// A question is answered by what holds most of its words, also where no sentence of it
// does alone, and not by what has one of them.
func TestEvidenceIsOfTheWholeMatter(t *testing.T) {
	f := office(t)
	chatter(f)
	id := harbour(f)
	f.Message(letter("2026-11-10 09:00", rob, sam, "Kitchen", "The copper pans arrived."))
	got := ask(t, f, "What was said about steel in place of copper for the gate's hinges?")
	assert.Contains(t, got, "hinges of the harbour gate")
	assert.Contains(t, got, id)
	assert.NotContains(t, got, "pans")
	for _, text := range []string{
		"What did the group say about the copper roof of the station?", "How will the painter of the church be paid?",
		"Who said that the price of copper is too high?", "What did Marta Vandenberg say about zeppelin hinges?",
	} {
		assert.Empty(t, ask(t, f, text), text)
	}
}

// Whoever asks what somebody said may have misspelt the name.
func TestWordsOfSpeakers(t *testing.T) {
	f := office(t)
	chatter(f)
	harbour(f)
	for text, want := range map[string]string{
		"What did Marta Vandenberg say about hinges in the cold?":           "worn out",
		"What did Marta Vandenburg say about hinges in the cold?":           "worn out",
		"What did Speaker B say about the hinges?":                          "I measured",
		"What did Marta Vandenberg think of steel when discussing hinges?":  "Steel would last longer",
		"What did Ilse Kroon say about the painter when asked in November?": "",
		"What did Marta Vandersteen say about hinges in the cold?":          "",
		"What did Berta Vandenberg say about hinges in the cold?":           "",
	} {
		got := ask(t, f, text)
		if want == "" {
			assert.NotContains(t, got, "worn out", text)
		} else {
			assert.Contains(t, got, want, text)
		}
	}
}

// A newsletter has words of everything.
func TestMailingsAreWeakEvidence(t *testing.T) {
	f := office(t)
	chatter(f)
	offer := "Plan your recovery after sport. Economic cars of the year. Click here to unsubscribe."
	f.Message(letter("2026-11-10 09:00", store.Person{Email: "letters@shop.example"}, sam, "Offers", offer))
	assert.Empty(t, ask(t, f, "What was the debate over the economic recovery subsidy plan?"))
	flight := f.Message(letter("2026-11-11 09:00", robot, sam, "Booking", "Your flight to Lisbon leaves on November 27 at 08:15."))
	assert.Contains(t, ask(t, f, "When does my flight to Lisbon leave?"), flight)
}

// The engine sums up a transcript in its own words: quoting these would be to
// quote twice.
func TestSummariesOfTheTranscript(t *testing.T) {
	f := office(t)
	chatter(f)
	transcript := "Dana Whitfield: The turbine hall needs a second crane."
	f.Meeting(store.Meeting{Title: "Hall", StartAt: at("2026-11-04 09:00"), Transcript: transcript, Summary: "Open: " + transcript})
	f.Meeting(store.Meeting{Title: "Roof", StartAt: at("2026-11-05 09:00"), Transcript: "Dana Whitfield: Well, hello.", Summary: "The turbine roof needs glass."})
	got := ask(t, f, "What does the turbine hall need?")
	assert.Contains(t, got, `Dana Whitfield said on Wed 4 Nov in "Hall": "The turbine hall needs a second crane."`)
	assert.Equal(t, 1, strings.Count(got, "second crane"), got)
	assert.Contains(t, ask(t, f, "What does the turbine roof need?"), "Roof of Thu 5 Nov: The turbine roof needs glass.")
}

// Words to search for may stand in the subject alone.
func TestSubjectsTellTheTopic(t *testing.T) {
	f := office(t)
	chatter(f)
	id := f.Message(letter("2026-11-10 09:00", dana, sam, "Confirmation: winch training", "We will see you on the quay. Bring gloves, as it is cold."))
	f.Message(letter("2026-11-11 09:00", dana, sam, "Training", "It was a good day."))
	assert.Contains(t, ask(t, f, "winch training confirmation"), "quay")
	assert.Contains(t, ask(t, f, "winch training confirmation"), id)
}

// Whoever has a sentence looks for just that one.
func TestRememberedSentences(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-10 09:00", lee, sam, "Hall", "Whoever wants may join the choir."))
	id := f.Message(letter("2026-11-09 09:00", dana, sam, "Hall", "Hi Sam, do you want to join the choir?"))
	assert.Regexp(t, `^- [^\n]+\[`+id+`\]`, ask(t, f, "Do you want to join the choir?"))
}

// What is told at length may have been decided without the word for it, and somebody
// may have to do it who did not say so in the words of an action item. What was said
// of it is told as that; of a subject alone it would be no answer.
func TestSaidOfWhatIsDescribed(t *testing.T) {
	f := office(t)
	chatter(f)
	id := f.Meeting(store.Meeting{Title: "Meeting", StartAt: at("2026-03-04 09:00"), Transcript: "Dana Whitfield: Then the green barrels stay in the north cellar until spring.\nRob Moss: I can sweep the north cellar."})
	said := `- Said of it: Dana Whitfield said on Wed 4 Mar in "Meeting": "Then the green barrels stay in the north cellar until spring." [` + id + "]"
	for _, text := range []string{"What was decided: green barrels in the north cellar until spring?", "Who has to Keep the green barrels in the north cellar? Any open action items?"} {
		assert.Contains(t, ask(t, f, text), said, text)
	}
	assert.Contains(t, ask(t, f, "Who has to Sweep the north cellar?"), "I can sweep")
	assert.Empty(t, ask(t, f, "What was decided about the barrels?"))
}

// A decision of something else in the same talk is no answer.
func TestDecisionsOfSomethingElse(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Meeting(store.Meeting{Title: "Meeting", StartAt: at("2026-11-04 09:00"), Transcript: "Dana Whitfield: Then the green barrels stay in the north cellar until spring.\nRob Moss: We decided to paint the cellar."})
	got := ask(t, f, "What was decided: green barrels in the north cellar until spring?")
	assert.Contains(t, got, "Said of it: Dana Whitfield")
	assert.NotContains(t, got, "paint")
	assert.Contains(t, ask(t, f, "What was decided about the cellar?"), "paint the cellar")
}

// A number is a price where something speaks of money.
func TestPrices(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-10 09:00", dana, sam, "Quay land", "The quay land covers 12 acres and was drawn anew in 1998."))
	assert.Empty(t, ask(t, f, "How much does the quay land cost?"))
	assert.Contains(t, ask(t, f, "How many acres is the quay land?"), "12 acres")
	id := f.Message(letter("2026-11-11 09:00", dana, sam, "Quay land", "They want 90,000 dollars for the quay land."))
	assert.Contains(t, ask(t, f, "How much does the quay land cost?"), id)
	assert.Contains(t, ask(t, f, "What is the price of the quay land?"), id)
}
