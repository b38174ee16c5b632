package answer_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests are there on every machine

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/answer"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// now is a Thursday, 12:00 in Berlin.
var now = time.Date(2026, time.November, 19, 11, 0, 0, 0, time.UTC)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

// Who appears in the tests; Sam asks.
var (
	sam   = store.Person{Email: "sam@ours.example", Name: "Sam Ito"}
	lee   = store.Person{Email: "lee@ours.example", Name: "Lee Park"}
	dana  = store.Person{Email: "dana@acme.example", Name: "Dana Whitfield"}
	rob   = store.Person{Email: "rob@zenith.example", Name: "Rob Moss"}
	robot = store.Person{Email: "no-reply@ours.example", Name: "Robot"}
)

func office(tb testing.TB) *indextest.Fixture {
	tb.Helper()
	return indextest.New(tb, store.User{Email: sam.Email, FirstName: "Sam", LastName: "Ito", Timezone: "Europe/Berlin"})
}

// letter is a message of one thread, "t" unless it is told.
func letter(sent string, from, to store.Person, subject, body string) store.Message {
	return store.Message{SentAt: at(sent), SenderEmail: from.Email, SenderName: from.Name, Recipients: []store.Person{to},
		Subject: subject, BodyText: body, ThreadID: subject}
}

// small talk, so that words are not all common ones.
func chatter(f *indextest.Fixture) {
	for i := range 40 {
		f.Message(letter("2026-09-01 09:00", lee, robot, "Lunch", "The soup of the day number "+string(rune('a'+i%26))+" is nice."))
	}
}

func query(tb testing.TB, f *indextest.Fixture, in attrove.QueryIn) attrove.QueryOut {
	tb.Helper()
	out, err := answer.New(f.Store, f.Index).Query(tb.Context(), f.User, in, now)
	require.NoError(tb, err)
	checkCitations(tb, out)
	return out
}

func ask(tb testing.TB, f *indextest.Fixture, text string) string {
	tb.Helper()
	return string(query(tb, f, attrove.QueryIn{Query: text}).Answer)
}

var citation = regexp.MustCompile(`\[((?:msg|mtg|evt|note)_[a-z0-9]+)\]`)

// checkCitations holds an answer to the rules that all answers follow: each line
// cites, and what is cited is exactly what is said to be used.
func checkCitations(tb testing.TB, out attrove.QueryOut) {
	tb.Helper()
	var cited []string
	for _, m := range citation.FindAllStringSubmatch(string(out.Answer), -1) {
		if !slices.Contains(cited, m[1]) {
			cited = append(cited, m[1])
		}
	}
	used := slices.Concat(out.UsedMessageIDs, out.UsedMeetingIDs, out.UsedEventIDs, out.UsedNoteIDs)
	assert.ElementsMatch(tb, cited, used)
	for _, line := range regexp.MustCompile(`(?m)^- .*$`).FindAllString(string(out.Answer), -1) {
		assert.Regexp(tb, citation.String()+`$`, line, "every line cites")
	}
	assert.Equal(tb, out.Answer == "", len(used) == 0)
}

func TestLookUp(t *testing.T) {
	f := office(t)
	chatter(f)
	price := f.Message(letter("2026-11-10 09:00", dana, sam, "Turbine quote", "Hi Sam,\nThe turbine costs 40,000 dollars per unit. Delivery takes long.\n\nBest,\nDana"))
	f.Message(letter("2026-11-11 09:00", dana, sam, "Weather", "It rains."))

	out := query(t, f, attrove.QueryIn{Query: "How much does the turbine cost?", IncludeSources: true})
	assert.Equal(t, attrove.ForeignText(`- Dana Whitfield wrote on Tue 10 Nov in "Turbine quote": "The turbine costs 40,000 dollars per unit." [`+price+`]`), out.Answer)
	assert.Equal(t, []string{price}, out.UsedMessageIDs)
	assert.Equal(t, []attrove.QuerySource{{Title: "Turbine quote", Snippet: "The turbine costs 40,000 dollars per unit."}}, out.Sources)

	assert.Nil(t, query(t, f, attrove.QueryIn{Query: "How much does the turbine cost?"}).Sources, "sources come only when asked for")
}

// What was noted of a topic is all that a note on it says; mail on it is none.
func TestNotes(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-10 09:00", dana, sam, "Turbine", "My notes say that the turbine is fine."))
	plan := f.Note(store.Note{CreatedAt: at("2026-11-10 10:00"), Title: "Turbine plan", Body: "Call Rob before noon.\nAsk for the price of two."})
	f.Note(store.Note{CreatedAt: at("2026-11-10 10:00"), Title: "Garden", Body: "Water it."})
	for _, text := range []string{"What do my notes say about the turbine?", "What did I note on the turbine?", "Is there anything in my notes about turbines?"} {
		got := ask(t, f, text)
		assert.Contains(t, got, `"Call Rob before noon." [`+plan+`]`, text)
		assert.Contains(t, got, `"Ask for the price of two." [`+plan+`]`, text)
		assert.NotContains(t, got, "fine", text)
		assert.NotContains(t, got, "Water", text)
	}
	assert.Empty(t, ask(t, f, "What do my notes say about zeppelins?"))
}

func TestNoEvidenceNoAnswer(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-10 09:00", dana, sam, "Turbine quote", "The turbine costs 40,000 dollars per unit."))
	for _, text := range []string{
		"Who is the CEO of Acme?", "What is the zeppelin budget?", "What did Rob say about the turbine?", "?!", "What does the soup cost in Paris?",
		"What did we promise Zenith?", "What meetings do I have tomorrow?", "Summarize my last meeting with Dana", "What needs my attention in March 2001?",
		"What was decided about the turbine?",
	} {
		out := query(t, f, attrove.QueryIn{Query: text, IncludeSources: true})
		assert.Empty(t, out.Answer, text)
		assert.Equal(t, []string{}, out.UsedMessageIDs, text)
		assert.Empty(t, out.Sources, text)
	}
}

// In a mailbox of two messages every word is a common one.
func TestTinyMailbox(t *testing.T) {
	f := office(t)
	f.Message(letter("2026-11-10 09:00", dana, sam, "Lease", "Sam, can you send me the signed lease by Friday?"))
	f.Message(letter("2026-11-10 10:00", rob, sam, "Lunch", "Pizza?"))
	assert.Contains(t, ask(t, f, "Who wants the signed lease?"), "signed lease by Friday")
	assert.Empty(t, ask(t, f, "Who wants the zeppelin?"))
}

func TestHistory(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-10 09:00", dana, sam, "Turbine quote", "The turbine costs 40,000 dollars per unit."))
	first := query(t, f, attrove.QueryIn{Query: "How much does the turbine cost?"})
	require.Len(t, first.History, 2)
	assert.Equal(t, attrove.Turn{Role: "user", Content: "How much does the turbine cost?"}, first.History[0])
	assert.Equal(t, attrove.Turn{Role: "assistant", Content: first.Answer}, first.History[1])

	second := query(t, f, attrove.QueryIn{Query: "And what about it?", History: first.History})
	assert.Contains(t, second.Answer, "40,000", "goes on with the topic before")
	assert.Len(t, second.History, 4)
	assert.Len(t, first.History, 2, "the caller's history is left alone")
}

func TestOnlyTheseIntegrations(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-18 09:00", dana, sam, "Turbine quote", "Sam, can you confirm the turbine order by Friday?"))
	talk := letter("2026-11-18 10:00", rob, sam, "", "Sam, could you check the turbine drawing by Friday?")
	talk.Source, talk.Conversation = "chat", "#turbines"
	id := f.Message(talk)
	m, err := f.Store.Message(t.Context(), f.User.ID, id)
	require.NoError(t, err)
	for _, text := range []string{"What needs my attention this week?", "Who checks the turbine drawing?"} {
		out := query(t, f, attrove.QueryIn{Query: text, IntegrationIDs: []string{m.IntegrationID}})
		assert.Equal(t, []string{id}, out.UsedMessageIDs, text)
		assert.Empty(t, query(t, f, attrove.QueryIn{Query: text, IntegrationIDs: []string{"int_none"}}).Answer)
	}
}

// Quoted text, signatures and forwards are not what the sender says.
func TestQuotedTextIsNoEvidence(t *testing.T) {
	f := office(t)
	chatter(f)
	m := letter("2026-11-18 09:00", sam, dana, "Turbine", "Thanks.\n\n> I promise to paint the turbine pink by Friday.\n-- \nSam paints turbines pink")
	m.QuotedText = "I promise to paint the turbine pink by Friday."
	f.Message(m)
	for _, text := range []string{"What did I promise this week?", "Who paints the turbine pink?", "What did I promise?"} {
		assert.Empty(t, ask(t, f, text), text)
	}
}

func TestLaterMessagesSupersede(t *testing.T) {
	f := office(t)
	chatter(f)
	old := f.Message(letter("2026-10-20 09:00", dana, sam, "Turbine test", "The turbine test is on 3 December."))
	change := f.Message(letter("2026-11-17 09:00", dana, sam, "Turbine test", "The turbine test is postponed to 10 December."))
	got := ask(t, f, "When is the turbine test?")
	assert.Equal(t, `- Latest: Dana Whitfield wrote on Tue 17 Nov in "Turbine test": "The turbine test is postponed to 10 December." [`+change+"]\n"+
		`- Before that: Dana Whitfield wrote on Tue 20 Oct in "Turbine test": "The turbine test is on 3 December." [`+old+"]", got)
}

func TestDecisions(t *testing.T) {
	f := office(t)
	chatter(f)
	id := f.Message(letter("2026-11-17 09:00", lee, sam, "Paint", "We talked about the turbine paint. We decided to paint the turbine pink. I like pink."))
	assert.Equal(t, `- Lee Park wrote on Tue 17 Nov in "Paint": "We decided to paint the turbine pink." [`+id+"]", ask(t, f, "What was decided about the turbine?"))
	assert.Equal(t, ask(t, f, "What was decided about the turbine?"), ask(t, f, "What was decided about the turbine, and is it still true?"))
}

func TestSaidLongAgo(t *testing.T) {
	f := office(t)
	f.Message(letter("2026-03-10 09:00", rob, sam, "Roof", "I measured the roof of the hall."))
	assert.Contains(t, ask(t, f, "What did Rob say?"), "the roof of the hall")
	assert.Empty(t, ask(t, f, "What did Rob say last week?"))
}

func TestWhoSaid(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-17 09:00", dana, sam, "Turbine", "I think the turbine is too loud."))
	f.Message(letter("2026-11-17 10:00", rob, sam, "Turbine", "The turbine is quiet as a mouse."))
	meeting := f.Meeting(store.Meeting{Title: "Review", StartAt: at("2026-11-16 09:00"), EndAt: at("2026-11-16 10:00"), Attendees: []store.Person{sam, dana},
		Transcript: "Sam Ito: How is the turbine?\nDana Whitfield: The turbine shakes the whole house.\nSam Ito: Oh dear."})

	got := ask(t, f, "What did Dana say about the turbine?")
	assert.Contains(t, got, `Dana Whitfield wrote on Tue 17 Nov in "Turbine": "I think the turbine is too loud."`)
	assert.Contains(t, got, `Dana Whitfield said on Mon 16 Nov in "Review": "The turbine shakes the whole house." [`+meeting+"]")
	assert.NotContains(t, got, "mouse")
	assert.NotContains(t, got, "Oh dear")

	assert.Contains(t, ask(t, f, "What did Rob Moss say about the turbine?"), "mouse")
	assert.Contains(t, ask(t, f, "Any mail from zenith.example about the turbine?"), "mouse")
}

func TestPromisesHaveADirection(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Message(letter("2026-11-10 09:00", sam, dana, "Drawing", "I will send you the drawing by Friday."))
	f.Message(letter("2026-11-11 09:00", dana, sam, "Drawing", "We will pay the invoice by Monday."))
	f.Message(letter("2026-11-11 10:00", lee, dana, "Visit", "I'll visit you on Thursday."))
	f.Message(letter("2026-11-12 09:00", sam, rob, "Other", "I will send you the other thing."))
	f.Message(letter("2026-10-01 09:00", sam, dana, "Old", "I will call you tomorrow."))
	for text, want := range map[string][3]bool{ // the drawing, the invoice, the visit
		"What did we promise Acme last week?":          {true, false, true},
		"What did I promise Dana last week?":           {true, false, false},
		"What did Dana promise?":                       {false, true, false},
		"What has Acme promised us in the last weeks?": {false, true, false},
	} {
		got := ask(t, f, text)
		assert.Equal(t, want, [3]bool{regexp.MustCompile("drawing").MatchString(got), regexp.MustCompile("invoice").MatchString(got),
			regexp.MustCompile("visit").MatchString(got)}, "%s\n%s", text, got)
		assert.NotContains(t, got, "other thing", text)
		assert.NotContains(t, got, "call you", text)
	}
	assert.Contains(t, ask(t, f, "What did we promise Acme last week?"), "Last week (Mon 9 Nov to Sun 15 Nov 2026, Europe/Berlin):\n")
}

func TestCalendar(t *testing.T) {
	f := office(t)
	early := f.Event(store.Event{Title: "Stand-up", StartAt: at("2026-11-16 08:00"), EndAt: at("2026-11-16 08:15"), Attendees: []store.Person{sam, lee}})
	review := f.Event(store.Event{Title: "Turbine review", StartAt: at("2026-11-20 13:00"), EndAt: at("2026-11-20 14:00"), Location: "Room 4", Attendees: []store.Person{sam, dana, rob}})
	// Monday 00:30 in Berlin is Sunday in UTC: it is next week's.
	night := f.Event(store.Event{Title: "Night shift", StartAt: at("2026-11-22 23:30"), EndAt: at("2026-11-23 05:00")})

	assert.Equal(t, "This week (Mon 16 Nov to Sun 22 Nov 2026, Europe/Berlin):\n"+
		"- Mon 16 Nov, 09:00 to 09:15: Stand-up (with Lee Park) ["+early+"]\n"+
		"- Fri 20 Nov, 14:00 to 15:00: Turbine review (with Dana Whitfield and Rob Moss; Room 4) ["+review+"]",
		ask(t, f, "What meetings do I have this week?"))
	assert.Contains(t, ask(t, f, "What meetings do I have next week?"), "Mon 23 Nov, 00:30 to 06:00: Night shift ["+night+"]")
	assert.Equal(t, "- Fri 20 Nov, 14:00 to 15:00: Turbine review (with Dana Whitfield and Rob Moss; Room 4) ["+review+"]", ask(t, f, "When is the turbine review?"))
	assert.Contains(t, ask(t, f, "When is my next meeting with Rob?"), review)
	assert.Empty(t, ask(t, f, "What meetings do I have on Sunday?"))
}

func TestEventsFarFromNow(t *testing.T) {
	f := office(t)
	over := f.Event(store.Event{Title: "Turbine kickoff", StartAt: at("2024-02-20 13:00"), EndAt: at("2024-02-20 14:00"), Attendees: []store.Person{sam, dana}})
	ahead := f.Event(store.Event{Title: "Turbine review", StartAt: at("2031-02-20 13:00"), EndAt: at("2031-02-20 14:00"), Attendees: []store.Person{sam, rob}})
	f.Event(store.Event{Title: "Holiday", AllDay: true, StartAt: at("2026-12-24 23:00"), EndAt: at("2026-12-25 23:00")})
	for text, want := range map[string]string{
		"When is my next meeting with Rob?":         "- Nothing sooner: Thu 20 Feb 2031, 14:00 to 15:00: Turbine review (with Rob Moss) [" + ahead + "]",
		"Prepare me for my next meeting":            "- Nothing sooner: Thu 20 Feb 2031, 14:00 to 15:00: Turbine review (with Rob Moss) [" + ahead + "]",
		"When is my next meeting with Dana?":        "- Nothing is to come, the last was: Tue 20 Feb 2024, 14:00 to 15:00: Turbine kickoff (with Dana Whitfield) [" + over + "]",
		"When is my next meeting?":                  "- Nothing sooner: Thu 20 Feb 2031",
		"When was the turbine kickoff?":             "- Tue 20 Feb 2024, 14:00 to 15:00: Turbine kickoff (with Dana Whitfield) [" + over + "]",
		"What meetings do I have in February 2031?": "- Thu 20 Feb 2031, 14:00",
	} {
		assert.Contains(t, ask(t, f, text), want, text)
	}
}

func TestLastOfManyEvents(t *testing.T) {
	f := office(t)
	for i := range 1501 { // more than are loaded at once
		begins := at("2019-01-01 09:00").AddDate(0, 0, i)
		f.Event(store.Event{Title: "Yard kickoff", StartAt: begins, EndAt: begins.Add(time.Hour)})
	}
	f.Event(store.Event{Title: "Yard kickoff", StartAt: at("2026-03-02 09:00"), EndAt: at("2026-03-02 10:00")})
	assert.Contains(t, ask(t, f, "When was the yard kickoff?"), "Mon 2 Mar, 10:00")
}

func TestAllDayEvents(t *testing.T) {
	f := office(t)
	fair := f.Event(store.Event{Title: "Fair", AllDay: true, StartAt: at("2026-11-18 23:00"), EndAt: at("2026-11-20 23:00")})
	holiday := f.Event(store.Event{Title: "Holiday", AllDay: true, StartAt: at("2026-11-19 23:00"), EndAt: at("2026-11-20 23:00")})
	assert.Equal(t, "Tomorrow (Fri 20 Nov 2026, Europe/Berlin):\n- Thu 19 Nov to Fri 20 Nov, all day: Fair ["+fair+"]\n- Fri 20 Nov, all day: Holiday ["+holiday+"]",
		ask(t, f, "What is on my calendar tomorrow?"))
	assert.Contains(t, ask(t, f, "Prepare me for the fair"), fair)
	assert.Empty(t, ask(t, f, "Prepare me for my next meeting"), "a holiday is no meeting")
}

func TestLongQuestion(t *testing.T) {
	f := office(t)
	chatter(f)
	assert.Empty(t, ask(t, f, strings.Repeat("Zeppelin from Honolulu with Grace and Abba ", 2000)))
}

func TestLastMeeting(t *testing.T) {
	f := office(t)
	f.Meeting(store.Meeting{Title: "Old review", StartAt: at("2026-10-01 09:00"), Attendees: []store.Person{sam, dana}, Summary: "Old things."})
	id := f.Meeting(store.Meeting{Title: "Review", StartAt: at("2026-11-02 09:00"), Attendees: []store.Person{sam, dana}, Summary: "The price is agreed.",
		ActionItems: []store.ActionItem{{Description: "Send the form", Assignee: "Sam Ito"}}})
	f.Meeting(store.Meeting{Title: "Internal", StartAt: at("2026-11-03 09:00"), Attendees: []store.Person{sam, lee}, Summary: "Nothing."})

	assert.Equal(t, "- Review on Mon 2 Nov with Dana Whitfield. ["+id+"]\n- The price is agreed. ["+id+"]\n- To do for Sam Ito: Send the form ["+id+"]",
		ask(t, f, "Summarize my last meeting with Dana"))
	assert.Contains(t, ask(t, f, "What are my open action items?"), "Send the form ["+id+"]")
}

func TestBriefing(t *testing.T) {
	f := office(t)
	chatter(f)
	event := f.Event(store.Event{Title: "Turbine review", StartAt: at("2026-11-20 13:00"), EndAt: at("2026-11-20 14:00"), Attendees: []store.Person{sam, dana}})
	open := f.Message(letter("2026-11-17 09:00", dana, sam, "Seats", "Can you confirm the number of seats by Friday?"))
	f.Message(letter("2026-11-17 09:00", rob, sam, "Bolts", "Can you confirm the number of bolts by Friday?"))
	met := f.Meeting(store.Meeting{Title: "Review", StartAt: at("2026-11-02 09:00"), Attendees: []store.Person{sam, dana}, Summary: "The price is agreed."})

	got := query(t, f, attrove.QueryIn{Query: "What do I need to know before my meeting with Dana tomorrow?"})
	assert.Equal(t, []string{event}, got.UsedEventIDs)
	assert.Equal(t, []string{open}, got.UsedMessageIDs)
	assert.Equal(t, []string{met}, got.UsedMeetingIDs)
}

func TestAnswersAreDeterministic(t *testing.T) {
	f := office(t)
	chatter(f)
	for i := range 30 {
		f.Message(letter("2026-11-17 09:00", dana, sam, "Bolts "+string(rune('a'+i)), "Can you confirm the bolts by Friday?"))
	}
	for _, text := range []string{"What needs my attention this week?", "Who confirms the bolts?", "What happened this week?"} {
		first := ask(t, f, text)
		assert.NotEmpty(t, first)
		for range 5 {
			assert.Equal(t, first, ask(t, f, text))
		}
	}
}

func FuzzQuery(f *testing.F) {
	fixture := office(f)
	chatter(fixture)
	fixture.Message(letter("2026-11-17 09:00", dana, sam, "Bolts", "Can you confirm the bolts by Friday? I'll wait."))
	fixture.Event(store.Event{Title: "Review", StartAt: at("2026-11-20 13:00"), EndAt: at("2026-11-20 14:00"), Attendees: []store.Person{sam, dana}})
	for _, s := range []string{"", "What needs my attention this week?", "from, by, with", "did Dana say", "\x00\xff", "before my meeting with Dana", "promise", "when is ?", "A B C", "’s"} {
		f.Add(s)
	}
	a := answer.New(fixture.Store, fixture.Index)
	f.Fuzz(func(t *testing.T, text string) {
		out, err := a.Query(t.Context(), fixture.User, attrove.QueryIn{Query: text, IncludeSources: true}, now)
		require.NoError(t, err)
		checkCitations(t, out)
	})
}
