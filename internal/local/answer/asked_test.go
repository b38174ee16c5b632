package answer_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// lines are an answer's, without the ids of what they cite.
func linesOf(t *testing.T, answer string) string {
	t.Helper()
	return citation.ReplaceAllString(answer, "[%s]")
}

func TestWhatIsDue(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-18 09:00", dana, sam, "Seats", "Can you confirm the number of seats by Friday?"))
	f.Message(letter("2026-11-18 09:00", rob, sam, "Bolts", "I will count the bolts by tomorrow."))
	f.Message(letter("2026-11-18 09:00", rob, sam, "Roof", "I will send the drawing of the roof by Friday."))
	f.Meeting(store.Meeting{Title: "Yard review", StartAt: at("2026-11-16 09:00"), Attendees: []store.Person{sam, dana},
		ActionItems: []store.ActionItem{{Description: "Paint the gate by Friday", Assignee: "Dana Whitfield"}, {Description: "Sweep the yard by December 1", Assignee: "Sam Ito"}}})
	f.Event(store.Event{Title: "Tax form due", AllDay: true, StartAt: at("2026-11-19 23:00"), EndAt: at("2026-11-20 23:00")})
	f.Event(store.Event{Title: "Lunch", StartAt: at("2026-11-20 12:00"), EndAt: at("2026-11-20 13:00")})

	assert.Equal(t, `Tomorrow (Fri 20 Nov 2026, Europe/Berlin):
- Fri 20 Nov, all day: Tax form due [%s]
- Waiting for you, due Fri 20 Nov: Dana Whitfield asked on Wed 18 Nov in "Seats": "Can you confirm the number of seats by Friday?" [%s]
- Action item of Dana Whitfield from "Yard review" on Mon 16 Nov, due Fri 20 Nov: Paint the gate by Friday [%s]
- Promised by others, due Fri 20 Nov: Rob Moss wrote on Wed 18 Nov in "Roof": "I will send the drawing of the roof by Friday." [%s]`,
		linesOf(t, ask(t, f, "What is due tomorrow?")))
	assert.Contains(t, ask(t, f, "What is due this week?"), "count the bolts", "over is due, too")
	assert.Contains(t, ask(t, f, "What is due on 1 December?"), "Sweep the yard")
	assert.NotContains(t, ask(t, f, "What is due?"), "Sweep the yard", "the coming week")
	assert.Empty(t, ask(t, f, "What is due on 3 December?"))
}

func TestWhoIs(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-02 09:00", lee, sam, "Money", "We have a new treasurer, Rob Moss, who signs everything. Rob Moss is late again."))
	f.Message(letter("2026-11-17 09:00", rob, sam, "Money", "I have the key of the safe."))
	assert.Equal(t, `- Lee Park wrote on Mon 2 Nov in "Money": "We have a new treasurer, Rob Moss, who signs everything." [%s]
- Last heard: Rob Moss wrote on Tue 17 Nov in "Money": "I have the key of the safe." [%s]`, linesOf(t, ask(t, f, "Who is Rob Moss?")))
	assert.Empty(t, ask(t, f, "Who is Grace Hall?"))
}

// Whoever misspells a name by a letter means the one person whose name it nearly is.
func TestMisspeltNames(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-17 09:00", dana, sam, "Turbine", "I think the turbine is too loud."))
	f.Message(letter("2026-11-17 09:00", store.Person{Email: "jonas@yard.example", Name: "Jonas Orr"}, sam, "Turbine", "The turbine is pink."))
	f.Message(letter("2026-11-17 09:00", store.Person{Email: "lonas@yard.example", Name: "Jona Hall"}, sam, "Turbine", "The turbine is green."))
	for question, want := range map[string]string{
		"What did Dana Whitfeld say about the turbine?":   "too loud",
		"What did Danna Whitfield say about the turbine?": "too loud",
		"What did Jonnas say about the turbine?":          "pink",
		"What did Gonas Orr say about the turbine?":       "pink",
		"What did Jonah say about the turbine?":           "", // Jona or Jonas
		"What did Dora Whitfield say about the turbine?":  "",
	} {
		if got := ask(t, f, question); want == "" {
			assert.Empty(t, got, question)
		} else {
			assert.Contains(t, got, want, question)
		}
	}
}

func TestMovedAndCancelledEvents(t *testing.T) {
	f := office(t)
	chatter(f)
	moved := store.Event{Title: "Turbine review", StartAt: at("2026-11-24 09:00"), EndAt: at("2026-11-24 10:00"), Attendees: []store.Person{sam, dana}}
	moved.ID = f.Event(moved)
	moved.StartAt, moved.EndAt = at("2026-11-25 14:00"), at("2026-11-25 15:00")
	f.Event(moved)
	f.Event(store.Event{Title: "Canceled: Crane check", StartAt: at("2026-11-26 09:00"), EndAt: at("2026-11-26 10:00")})
	f.Event(store.Event{Title: "Lunch", StartAt: at("2026-11-26 12:00"), EndAt: at("2026-11-26 13:00")})
	f.Message(letter("2026-11-17 09:00", lee, sam, "Gate", "The gate meeting was moved to Friday. We moved the old gate to the yard."))

	was := `- Wed 25 Nov, 15:00 to 16:00: Turbine review (with Dana Whitfield; moved from Tue 24 Nov, 10:00) [%s]` + "\n"
	off := `- Thu 26 Nov, 10:00 to 11:00: Canceled: Crane check [%s]`
	assert.Equal(t, was+off+"\n"+`- Lee Park wrote on Tue 17 Nov in "Gate": "The gate meeting was moved to Friday." [%s]`, linesOf(t, ask(t, f, "Was any meeting moved?")))
	assert.Equal(t, off, linesOf(t, ask(t, f, "Were any meetings cancelled?")))
}

func TestMessagesThatAreWanted(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-02 09:00", dana, sam, "Turbine quote", "Fine. The turbine costs 40,000 dollars per unit."))
	f.Message(letter("2026-11-10 09:00", dana, sam, "Turbine order", "Could you sign the order of the turbine?"))
	f.Message(letter("2026-11-11 09:00", dana, sam, "Weather", "It rains in the yard."))
	f.Message(letter("2026-11-12 09:00", rob, sam, "Turbine", "The turbine is loud."))
	both := `- Dana Whitfield asked on Tue 10 Nov in "Turbine order": "Could you sign the order of the turbine?" [%s]
- Dana Whitfield wrote on Mon 2 Nov in "Turbine quote": "The turbine costs 40,000 dollars per unit." [%s]`
	assert.Equal(t, both, linesOf(t, ask(t, f, "Find all emails from Dana about the turbine")))
	assert.Equal(t, both, linesOf(t, ask(t, f, "Show me the emails from acme.example about the turbine")))
	assert.Equal(t, `Last week (Mon 9 Nov to Sun 15 Nov 2026, Europe/Berlin):
- Dana Whitfield wrote on Wed 11 Nov in "Weather": "It rains in the yard." [%s]
- Dana Whitfield asked on Tue 10 Nov in "Turbine order": "Could you sign the order of the turbine?" [%s]`,
		linesOf(t, ask(t, f, "List the messages from Dana last week")))
	assert.Empty(t, ask(t, f, "Find all emails from Dana about the zeppelin"))
}

func TestBriefingOfADay(t *testing.T) {
	f := office(t)
	chatter(f)
	for i, who := range []store.Person{dana, rob} {
		begins := at("2026-11-20 09:00").Add(time.Duration(i) * time.Hour)
		f.Event(store.Event{Title: "Talk with " + who.Name, StartAt: begins, EndAt: begins.Add(time.Hour), Attendees: []store.Person{sam, who}})
	}
	f.Message(letter("2026-11-17 09:00", rob, sam, "Bolts", "Can you confirm the number of bolts by Friday?"))
	got := linesOf(t, ask(t, f, "Prepare me for tomorrow's meetings"))
	assert.Equal(t, `Tomorrow (Fri 20 Nov 2026, Europe/Berlin):
- Fri 20 Nov, 10:00 to 11:00: Talk with Dana Whitfield (with Dana Whitfield) [%s]
- Fri 20 Nov, 11:00 to 12:00: Talk with Rob Moss (with Rob Moss) [%s]
- Waiting for you, due Fri 20 Nov: Rob Moss asked on Tue 17 Nov in "Bolts": "Can you confirm the number of bolts by Friday?" [%s]`, got)
}

// A stand-up is a meeting, and not every meeting is one.
func TestTasksOfAKindOfMeeting(t *testing.T) {
	f := office(t)
	for i, title := range []string{"Stand-up", "Yard review"} {
		f.Meeting(store.Meeting{Title: title, StartAt: at("2026-11-16 09:00").AddDate(0, 0, i), Attendees: []store.Person{sam, dana},
			ActionItems: []store.ActionItem{{Description: "Write of the " + title, Assignee: "Dana Whitfield"}}})
	}
	assert.Contains(t, ask(t, f, "What are the follow-ups from the last standup?"), "Write of the Stand-up")
	assert.Contains(t, ask(t, f, "What are the action items from the last meeting?"), "Write of the Yard review")
	f.Message(letter("2026-11-18 09:00", dana, sam, "Seats", "Can you confirm the number of seats by Friday?"))
	assert.Empty(t, ask(t, f, "What are the action items from the last retro?"), "neither of another meeting nor of mail")
}

// Days and hours are no amounts, and a talk has figures of everything.
func TestAmounts(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-02 09:00", dana, sam, "Harbour crane", "I saw the harbour crane on November 9 at 10:30. The harbour crane is worth 900 dollars."))
	got := ask(t, f, "How much is the harbour crane worth?")
	assert.Contains(t, got, "900 dollars")
	assert.NotContains(t, got, "10:30")
}

// Whoever is named in a promise of somebody else's did not give it, and who asks so that
// they can do something promises nothing.
func TestWhoseWordsArePromises(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-10 09:00", dana, sam, "Drawing", "You will have the drawing by Friday, that is a promise from Rob Moss and me."))
	f.Message(letter("2026-11-11 09:00", rob, sam, "Bolts", "I will count the bolts by Friday."))
	f.Message(letter("2026-11-16 09:00", rob, sam, "Nuts", "Please let me know by tomorrow so I can send the nuts to the yard."))
	got := ask(t, f, "What did Rob promise?")
	assert.Contains(t, got, "count the bolts")
	assert.NotContains(t, got, "drawing")
	for _, text := range []string{"What did Dana and Rob promise us?", "What did Dana Whitfield, Rob Moss promise?"} {
		got := ask(t, f, text)
		assert.Contains(t, got, "count the bolts", text)
		assert.Contains(t, got, "drawing", text)
	}
	assert.NotContains(t, ask(t, f, "What needs my attention?"), "Promised to you, was due Tue 17 Nov")
}

// What somebody said who never wrote is what others say that name them.
func TestSaidOfSomebody(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-10 09:00", lee, sam, "Pipes", "I got the letter of Orr Plumbing for 1,100 dollars. The bath leaks."))
	assert.Contains(t, ask(t, f, "How much did Orr Plumbing ask for?"), "1,100 dollars")
	assert.Empty(t, ask(t, f, "How much did Ray Plumbing ask for?"))
}

// News is what was written of late, though more was decided long ago.
func TestNewsOfATopic(t *testing.T) {
	f := office(t)
	chatter(f)
	for i, text := range []string{"We decided to paint the crane pink.", "The crane was moved to the yard.", "We agreed to keep the crane.", "The crane is blocked."} {
		f.Message(letter("2025-03-10 09:00", lee, sam, "Crane "+string(rune('a'+i)), text))
	}
	for i, text := range []string{"I will oil the crane.", "The crane driver is ill.", "Could you look at the crane?"} {
		f.Message(letter("2026-11-12 09:00", lee, sam, "Crane "+string(rune('k'+i)), text))
	}
	got := ask(t, f, "Catch me up on the crane")
	assert.Contains(t, got, "oil the crane")
	assert.NotContains(t, got, "2025")
}

func TestPeriodIsNamedPlainly(t *testing.T) {
	f := office(t)
	f.Event(store.Event{Title: "Turbine review", StartAt: at("2026-11-20 13:00"), EndAt: at("2026-11-20 14:00"), Attendees: []store.Person{sam, dana}})
	for _, text := range []string{"What is on tomorrow?", "What is on my calendar for tomorrow?", "Prepare me for tomorrow's meetings"} {
		assert.Contains(t, ask(t, f, text), "Tomorrow (Fri 20 Nov 2026, Europe/Berlin):\n", text)
	}
}
