package answer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestMovedEvents(t *testing.T) {
	f := office(t)
	chatter(f)
	e := store.Event{Title: "Turbine review", StartAt: at("2026-11-24 09:00"), EndAt: at("2026-11-24 10:00"), Attendees: []store.Person{sam, dana}}
	e.ID = f.Event(e)
	proposed := f.Message(letter("2026-11-10 09:00", sam, dana, "Turbine review", "I suggest that we hold the turbine review on Tuesday, November 24 at 10:00."))
	asked := f.Message(letter("2026-11-17 09:00", dana, sam, "Turbine review", "Could we move our turbine review to Wednesday, November 25, at 15:00?"))
	e.StartAt, e.EndAt = at("2026-11-25 14:00"), at("2026-11-25 15:00")
	f.Event(e)

	want := "- Wed 25 Nov, 15:00 to 16:00: Turbine review (with Dana Whitfield; moved from Tue 24 Nov, 10:00) [" + e.ID + "]\n" +
		`- About moving it: Dana Whitfield asked on Tue 17 Nov in "Turbine review": "Could we move our turbine review to Wednesday, November 25, at 15:00?" [` + asked + "]\n" +
		`- Before that: You wrote on Tue 10 Nov in "Turbine review": "I suggest that we hold the turbine review on Tuesday, November 24 at 10:00." [` + proposed + "]"
	for _, text := range []string{"When is the turbine review?", "Has the turbine review moved?", "Is the turbine review still on?"} {
		assert.Equal(t, want, ask(t, f, text), text)
	}

	e.Title = "Canceled: Turbine review"
	f.Event(e)
	assert.Contains(t, ask(t, f, "Is the turbine review still on?"), "Canceled: Turbine review")
	assert.Empty(t, ask(t, f, "Prepare me for my next meeting"))
}

// What has one value at a time is told by whoever said it last, and the older word
// is told as such.
func TestNewestWordFirst(t *testing.T) {
	for name, tc := range map[string]struct{ question, older, newer string }{
		"deadline": {"What is the deadline for the harbour report?", "The harbour report is due on December 3.", "The harbour report is now due on December 10."},
		"price":    {"How much does the harbour crane cost?", "The harbour crane costs 900 dollars.", "The harbour crane costs 1,100 dollars."},
		"extended": {"Until when is the harbour offer valid?", "The harbour offer is valid until November 20.", "We extend the harbour offer until November 30."},
		"reversed": {"Will the harbour gate be closed?", "The harbour gate will be closed in January.", "The harbour gate will not be closed."},
	} {
		t.Run(name, func(t *testing.T) {
			f := office(t)
			chatter(f)
			older := f.Message(letter("2026-11-02 09:00", dana, sam, "Harbour", tc.older))
			talk := letter("2026-11-16 09:00", dana, sam, "", tc.newer) // in another place
			talk.Source, talk.Conversation = "chat", "#harbour"
			newer := f.Message(talk)
			assert.Equal(t, `- Latest: Dana Whitfield wrote on Mon 16 Nov in #harbour: "`+tc.newer+`" [`+newer+"]\n"+
				`- Before that: Dana Whitfield wrote on Mon 2 Nov in "Harbour": "`+tc.older+`" [`+older+"]", ask(t, f, tc.question))
		})
	}
}

// A later figure of something else does not count.
func TestOtherFiguresDoNotCount(t *testing.T) {
	f := office(t)
	chatter(f)
	price := f.Message(letter("2026-11-02 09:00", dana, sam, "Harbour crane", "The harbour crane costs 900 dollars."))
	f.Message(letter("2026-11-16 09:00", dana, sam, "Harbour crane", "There were 14 people at lunch."))
	got := ask(t, f, "How much does the harbour crane cost?")
	assert.Regexp(t, `^- Dana Whitfield wrote on Mon 2 Nov .*\[`+price+`\]`, got)
}

func TestFreeAtAnHour(t *testing.T) {
	f := office(t)
	at11 := f.Event(store.Event{Title: "Debrief", StartAt: at("2026-11-20 10:00"), EndAt: at("2026-11-20 10:30"), Attendees: []store.Person{sam, lee}})
	at15 := f.Event(store.Event{Title: "Review", StartAt: at("2026-11-20 14:00"), EndAt: at("2026-11-20 15:00"), Attendees: []store.Person{sam, lee}})
	today := f.Event(store.Event{Title: "Lunch", StartAt: at("2026-11-19 12:00"), EndAt: at("2026-11-19 13:00"), Attendees: []store.Person{sam, lee}})
	for text, want := range map[string][]string{
		"Am I free tomorrow at 11?":    {at11},
		"Am I free tomorrow at 3 pm?":  {at15},
		"Am I free tomorrow at 3?":     {at15},
		"Am I free on Friday at 15:30": {at15},
		"Am I free tomorrow at 5 pm?":  {at11, at15}, // the day, in which it is free
		"What does my day look like?":  {today},
	} {
		got := ask(t, f, text)
		for _, id := range []string{at11, at15, today} {
			in := false
			for _, w := range want {
				in = in || w == id
			}
			if in {
				assert.Contains(t, got, id, text)
			} else {
				assert.NotContains(t, got, id, text)
			}
		}
	}
}

// What nobody said has no answer, although something near was said.
func TestNearMisses(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-10 09:00", dana, sam, "Turbine", "The turbine is loud, and the whole crew dislikes it."))
	f.Message(letter("2026-11-11 09:00", rob, sam, "Crane", "The crane arrives soon, I hope."))
	f.Meeting(store.Meeting{Title: "Review", StartAt: at("2026-11-04 09:00"), Attendees: []store.Person{sam, dana}, Transcript: "Dana Whitfield: The turbine shakes the house.\nSam Ito: Oh dear."})
	for _, text := range []string{
		"What is Dana's phone number?", "How much does the turbine cost?", "When does the crane arrive?", "What did Rob say about the turbine?",
		"What did Grace Hopper say about the turbine?", "What did Dana say about the turbine in March?", "Who repairs the zeppelin?", "What did we promise Dana?",
		"What was decided about the crane?", "What is the link to the turbine manual?", "Which tasks does Rob have?",
	} {
		assert.Empty(t, ask(t, f, text), text)
	}
}
