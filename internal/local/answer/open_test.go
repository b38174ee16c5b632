package answer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// kickoff is a meeting with action items of three, one of which is done.
func kickoff(f *indextest.Fixture) (meeting, done string) {
	meeting = f.Meeting(store.Meeting{
		Title: "Turbine kickoff", StartAt: at("2026-11-09 09:00"), Attendees: []store.Person{sam, lee, dana}, Summary: "The turbine is planned.",
		ActionItems: []store.ActionItem{
			{Description: "Order the copper bolts by November 13", Assignee: "Lee Park"},
			{Description: "Send the wiring diagram by November 20", Assignee: "Dana Whitfield"},
			{Description: "Book the crane", Assignee: "Sam Ito"},
		},
	})
	done = f.Message(letter("2026-11-12 09:00", lee, sam, "Bolts", "The copper bolts are ordered, all sorted."))
	return meeting, done
}

func TestTasksOfOthers(t *testing.T) {
	f := office(t)
	chatter(f)
	meeting, _ := kickoff(f)
	diagram := `Action item of Dana Whitfield from "Turbine kickoff" on Mon 9 Nov, due Fri 20 Nov: Send the wiring diagram by November 20 [` + meeting + "]"
	crane := `Action item of Sam Ito from "Turbine kickoff" on Mon 9 Nov: Book the crane [` + meeting + "]"

	assert.Equal(t, "- "+diagram, ask(t, f, "What does Dana still have to do?"))
	assert.Equal(t, "- "+diagram+"\n- "+crane, ask(t, f, "What's outstanding from the turbine kickoff?"), "the bolts are ordered")
	assert.Equal(t, `- Action item from "Turbine kickoff" on Mon 9 Nov: Book the crane [`+meeting+"]", ask(t, f, "What are my open action items?"))
	assert.Empty(t, ask(t, f, "Which tasks are assigned to Lee?"))
	assert.Empty(t, ask(t, f, "Which tasks are assigned to Rob?"))
}

func TestWhoIsLate(t *testing.T) {
	f := office(t)
	chatter(f)
	id := f.Meeting(store.Meeting{Title: "Kickoff", StartAt: at("2026-11-09 09:00"), Attendees: []store.Person{sam, dana}, ActionItems: []store.ActionItem{
		{Description: "Send the wiring diagram by November 13", Assignee: "Dana Whitfield"}, {Description: "Paint the shed by November 27", Assignee: "Dana Whitfield"}}})
	assert.Equal(t, `- Action item of Dana Whitfield from "Kickoff" on Mon 9 Nov, was due Fri 13 Nov: Send the wiring diagram by November 13 [`+id+"]", ask(t, f, "Who's dropping the ball?"))
}

// Minutes that somebody wrote down are a meeting's, and not the user's own words.
func TestMinutesInNotes(t *testing.T) {
	f := office(t)
	chatter(f)
	id := f.Note(store.Note{CreatedAt: at("2026-11-10 10:00"), Title: "Harbour meeting", Body: "Present: Ann Lee, Bob Ray\n\n- We decided to paint the harbour gate green.\n- ACTION: Bob to order the green paint"})
	for text, want := range map[string]string{
		"What was discussed in the harbour meeting?": "To do for Bob Ray: Bob to order the green paint [" + id + "]",
		"What are the open action items?":            `Action item of Bob Ray from "Harbour meeting" on Tue 10 Nov: Bob to order the green paint [` + id + "]",
		"Which decisions were made last week?":       "paint the harbour gate green",
	} {
		assert.Contains(t, ask(t, f, text), want, text)
	}
	assert.Empty(t, ask(t, f, "What are my action items?"))
}

func TestKeptPromises(t *testing.T) {
	f := office(t)
	chatter(f)
	given := f.Message(letter("2026-11-09 09:00", sam, dana, "Drawing", "I will send you the drawing of the gate by Wednesday."))
	kept := f.Message(letter("2026-11-11 09:00", sam, dana, "Drawing", "As promised, attached is the drawing."))
	assert.Equal(t, `- Was due Wed 11 Nov: You wrote on Mon 9 Nov in "Drawing": "I will send you the drawing of the gate by Wednesday." [`+given+
		`] Later: You wrote on Wed 11 Nov in "Drawing": "As promised, attached is the drawing." [`+kept+"]", ask(t, f, "What did I promise Dana?"))
}

// Whoever sat in a meeting of many was promised nothing by that.
func TestPromisesAreToSomebody(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Meeting(store.Meeting{Title: "Big meeting", StartAt: at("2026-11-09 09:00"), Attendees: []store.Person{sam, lee, dana, rob},
		Transcript: "Sam Ito: Lee, I will send you the ladder tomorrow.\nSam Ito: Rob, I will bring you the hammer on Friday."})
	got := ask(t, f, "What did I promise Rob?")
	assert.Contains(t, got, "hammer")
	assert.NotContains(t, got, "ladder")
}

func TestLastContact(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-02 09:00", dana, sam, "Gate", "The gate is painted now."))
	heard := f.Message(letter("2026-11-10 09:00", dana, sam, "Fence", "The fence is painted as well."))
	wrote := f.Message(letter("2026-11-12 09:00", sam, dana, "Fence", "That is very good news."))
	met := f.Meeting(store.Meeting{Title: "Review", StartAt: at("2026-11-04 09:00"), Attendees: []store.Person{sam, dana}, Summary: "Paint."})
	assert.Equal(t, `- Last heard: Dana Whitfield wrote on Tue 10 Nov in "Fence": "The fence is painted as well." [`+heard+"]\n"+
		`- Last wrote to them: You wrote on Thu 12 Nov in "Fence": "That is very good news." [`+wrote+"]\n"+
		"- Last met: Review on Wed 4 Nov with Dana Whitfield. ["+met+"]", ask(t, f, "When did I last hear from Dana?"))
	assert.Empty(t, ask(t, f, "When did I last hear from Rob?"))
}

func TestBriefingTellsMore(t *testing.T) {
	f := office(t)
	chatter(f)
	alone := f.Event(store.Event{Title: "Write the report", StartAt: at("2026-11-19 12:00"), EndAt: at("2026-11-19 13:00"), Attendees: []store.Person{sam}})
	f.Event(store.Event{Title: "Canceled: Fence", StartAt: at("2026-11-19 13:00"), EndAt: at("2026-11-19 14:00"), Attendees: []store.Person{sam, rob}})
	next := f.Event(store.Event{Title: "Gate", StartAt: at("2026-11-20 13:00"), EndAt: at("2026-11-20 14:00"), Attendees: []store.Person{sam, dana}})
	promise := f.Message(letter("2026-11-12 09:00", sam, dana, "Hinges", "I will bring you the new hinges on Friday."))
	decided := f.Message(letter("2026-11-13 09:00", dana, sam, "Colour", "We decided to paint the gate green."))
	paper := f.Message(letter("2026-11-16 09:00", dana, sam, "Plan", "Attached is the drawing of the gate."))
	last := f.Message(letter("2026-11-18 09:00", dana, sam, "Weather", "It will rain in the whole valley."))

	got := ask(t, f, "Prepare me for my next meeting")
	for _, want := range []string{
		"Fri 20 Nov, 14:00 to 15:00: Gate (with Dana Whitfield) [" + next + "]", "Last heard: Dana Whitfield wrote on Wed 18 Nov", last,
		"Your promise, was due Fri 13 Nov", promise, "Decided: Dana Whitfield", decided, "Document: Dana Whitfield", paper,
	} {
		assert.Contains(t, got, want)
	}
	assert.NotContains(t, got, alone)
	assert.NotContains(t, got, "Fence")
}

func TestCatchingUpPutsTogetherAndFirst(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-12 09:00", robot, sam, "Deals", "We decided to give you 50 percent. Click here to unsubscribe."))
	f.Message(letter("2026-11-12 10:00", lee, sam, "Kitchen", "Could you look at the kitchen tap some day?"))
	first := f.Message(letter("2026-11-12 11:00", dana, sam, "Acme contract", "We are evaluating other vendors and decided to cancel the contract."))
	second := f.Message(letter("2026-11-13 11:00", lee, sam, "Acme invoice", "The invoice is overdue and I am blocked by it."))
	got := ask(t, f, "What happened last week?")
	assert.Regexp(t, `(?s)^Last week [^\n]+\n- Acme: [^\n]+\[`+first+`\]\n- Acme: [^\n]+\[`+second+`\]\n- .*kitchen`, got)
	assert.NotContains(t, got, "percent")
}
