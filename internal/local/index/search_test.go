package index_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests are there on every machine

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

func berlin(tb testing.TB) *indextest.Fixture {
	tb.Helper()
	f := indextest.New(tb, store.User{Email: "sam@ours.example", Timezone: "Europe/Berlin"})
	index.Patient(f.Index)
	return f
}

func search(tb testing.TB, f *indextest.Fixture, in attrove.SearchIn) attrove.SearchOut {
	tb.Helper()
	out, err := f.Index.Search(tb.Context(), f.User, in, at("2026-11-18 12:00"))
	require.NoError(tb, err)
	return out
}

func messageIDs(out attrove.SearchOut) []string {
	var ids []string
	for _, m := range out.KeyMessages {
		ids = append(ids, m.MessageID)
	}
	return ids
}

func TestSearchGroups(t *testing.T) {
	f := berlin(t)
	dana := store.Person{Email: "dana@acme.example", Name: "Dana"}
	first := f.Message(store.Message{
		SenderEmail: dana.Email, SenderName: dana.Name, Recipients: []store.Person{{Email: "sam@ours.example"}}, ThreadID: "t1",
		Subject: "Turbine renewal", BodyText: "The turbine renewal is on my desk.", SentAt: at("2026-11-02 09:00"),
	})
	reply := f.Message(store.Message{
		SenderEmail: "sam@ours.example", SenderName: "Sam", Recipients: []store.Person{dana}, ThreadID: "t1",
		Subject: "Re: Turbine renewal", BodyText: "Thank you.", QuotedText: "The turbine renewal is on my desk.", SentAt: at("2026-11-03 09:00"),
	})
	chat := f.Message(store.Message{Source: "chat", Conversation: "#sales", SenderEmail: "li@ours.example", SenderName: "Li",
		BodyText: "Any news of the turbines?", SentAt: at("2026-11-04 09:00")})
	for i := range 80 { // or else every word would be a common one
		f.Message(store.Message{SenderEmail: "bob@other.example", Subject: "Lunch", BodyText: "Pizza today?", SentAt: at("2026-11-05 09:00").AddDate(0, 0, -i)})
	}
	meeting := f.Meeting(store.Meeting{Title: "Turbine review", StartAt: at("2026-11-06 09:00"), ShortSummary: "We reviewed.",
		Transcript: "Dana: The turbines must be serviced.\nSam: Agreed."})
	event := f.Event(store.Event{Title: "Turbine tour", StartAt: at("2026-11-20 09:00"), EndAt: at("2026-11-20 10:00")})
	note := f.Note(store.Note{Title: "Turbine prices", Body: "Do not go below 40.", CreatedAt: at("2026-11-07 09:00")})

	out := search(t, f, attrove.SearchIn{Query: "turbine renewals", IncludeBodyText: true})

	assert.Equal(t, []string{first, reply, chat}, messageIDs(out))
	require.Len(t, out.Conversations, 2)
	for id, c := range out.Conversations {
		for _, rows := range c.Threads {
			if c.ConversationName != nil {
				assert.Equal(t, attrove.ForeignText("#sales"), *c.ConversationName)
				assert.Equal(t, chat, rows[0].MessageID)
				assert.Equal(t, "chat", rows[0].IntegrationType)
				continue
			}
			require.Len(t, rows, 2, "conversation %s", id)
			assert.Equal(t, attrove.SearchThreadMessage{
				MessageID: first, SenderName: "Dana", BodyText: "The turbine renewal is on my desk.", ReceivedAt: "2026-11-02T09:00:00Z",
				IntegrationType: "email", RecipientNames: []attrove.ForeignText{"sam@ours.example"},
			}, rows[0])
		}
	}
	require.Len(t, out.KeyMeetings, 1)
	assert.Equal(t, meeting, out.KeyMeetings[0].ID)
	assert.Equal(t, attrove.ForeignText("We reviewed."), out.KeyMeetings[0].ShortSummary)
	require.Len(t, out.KeyEvents, 1)
	assert.Equal(t, event, out.KeyEvents[0].ID)
	require.Len(t, out.KeyNotes, 1)
	assert.Equal(t, note, out.KeyNotes[0].ID)
	assert.Empty(t, out.Warnings)

	plain := search(t, f, attrove.SearchIn{Query: "turbine renewals"})
	for _, c := range plain.Conversations {
		for _, rows := range c.Threads {
			assert.Empty(t, rows[0].BodyText, "text comes only when asked for")
		}
	}
}

func TestSearchWithoutHits(t *testing.T) {
	f := berlin(t)
	f.Message(store.Message{Subject: "Lunch", BodyText: "Pizza today?", SentAt: at("2026-11-05 09:00")})
	out := search(t, f, attrove.SearchIn{Query: "zeppelin"})
	assert.Equal(t, attrove.SearchOut{
		KeyMessages: []attrove.SearchKeyMessage{}, Conversations: map[string]attrove.SearchConversation{},
		KeyMeetings: []attrove.SearchMeeting{}, KeyEvents: []attrove.SearchEvent{},
	}, out)
	assert.NotEmpty(t, search(t, f, attrove.SearchIn{Query: "?!"}).Warnings)
}

// Both days of a period count, in the user's zone: in Berlin 3 November begins
// on the 2nd at 23:00 UTC.
func TestSearchDates(t *testing.T) {
	f := berlin(t)
	var ids []string
	for _, sent := range []string{"2026-11-02 22:59", "2026-11-02 23:00", "2026-11-04 22:59", "2026-11-04 23:00"} {
		ids = append(ids, f.Message(store.Message{Subject: "Report", BodyText: "The report.", SentAt: at(sent)}))
	}
	for _, tt := range []struct {
		after, before attrove.Date
		want          []string
	}{
		{"2026-11-03", "2026-11-04", ids[1:3]},
		{"2026-11-03", "", ids[1:]},
		{"", "2026-11-02", ids[:1]},
		{"2026-11-05", "2026-11-05", ids[3:]},
		{"2026-11-06", "", nil},
	} {
		out := search(t, f, attrove.SearchIn{Query: "report", AfterDate: tt.after, BeforeDate: tt.before})
		assert.ElementsMatch(t, tt.want, messageIDs(out), "%s..%s", tt.after, tt.before)
	}
}

// An event is of all the days that it takes.
func TestSearchFindsEventsThatGoOn(t *testing.T) {
	f := berlin(t)
	f.Event(store.Event{Title: "Fair", StartAt: at("2026-11-02 09:00"), EndAt: at("2026-11-05 17:00")})
	f.Message(store.Message{Subject: "Fair", BodyText: "The fair.", SentAt: at("2026-11-02 10:00")})
	for _, tt := range []struct {
		after, before attrove.Date
		found         int
	}{
		{"2026-11-03", "2026-11-03", 1},
		{"2026-11-05", "", 1},
		{"2026-11-06", "", 0},
		{"", "2026-11-02", 1},
		{"", "2026-11-01", 0},
	} {
		out := search(t, f, attrove.SearchIn{Query: "fair", AfterDate: tt.after, BeforeDate: tt.before})
		assert.Len(t, out.KeyEvents, tt.found, "%s..%s", tt.after, tt.before)
		assert.Equal(t, tt.after == "" && tt.found > 0, len(out.KeyMessages) > 0, "a message is of one day: %s..%s", tt.after, tt.before)
	}
}

func TestSearchRefusesBadDates(t *testing.T) {
	f := berlin(t)
	for _, tt := range []struct {
		in    attrove.SearchIn
		field string
		says  string
	}{
		{attrove.SearchIn{Query: "x", AfterDate: "soon"}, "after_date", "YYYY-MM-DD"},
		{attrove.SearchIn{Query: "x", BeforeDate: "2026-02-30"}, "before_date", "YYYY-MM-DD"},
		{attrove.SearchIn{Query: "x", AfterDate: "2026-11-04", BeforeDate: "2026-11-03"}, "before_date", "before after_date"},
	} {
		_, err := f.Index.Search(t.Context(), f.User, tt.in, time.Now())
		var failure *attrove.Error
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, tt.field, failure.Field)
		assert.Equal(t, 422, failure.Status)
		assert.Contains(t, failure.Message, tt.says)
	}
}

func TestSearchSenderDomains(t *testing.T) {
	f := berlin(t)
	ids := map[string]string{}
	for _, sender := range []string{"a@acme.com", "b@mail.acme.com", "c@notacme.com", "d@acme.com.evil.org"} {
		ids[sender] = f.Message(store.Message{SenderEmail: sender, Subject: "Report", BodyText: "The report.", SentAt: at("2026-11-02 09:00")})
	}
	f.Note(store.Note{Body: "The report from acme.com", CreatedAt: at("2026-11-02 09:00")})
	for _, domain := range []string{"acme.com", "ACME.com", "@acme.com", " acme.com. "} {
		out := search(t, f, attrove.SearchIn{Query: "report", SenderDomains: []string{domain}})
		assert.ElementsMatch(t, []string{ids["a@acme.com"], ids["b@mail.acme.com"]}, messageIDs(out), "%q", domain)
		assert.Empty(t, out.KeyNotes, "a note has no sender")
	}
	out := search(t, f, attrove.SearchIn{Query: "report", SenderDomains: []string{"a%", "_cme.com"}})
	assert.Empty(t, out.KeyMessages, "domains are no patterns")
}

func TestSearchOfOthersFindsNothing(t *testing.T) {
	f := berlin(t)
	f.Message(store.Message{Subject: "Report", BodyText: "The report.", SentAt: at("2026-11-02 09:00")})
	out, err := f.Index.Search(t.Context(), store.User{ID: "somebody else"}, attrove.SearchIn{Query: "report"}, time.Now())
	require.NoError(t, err)
	assert.Empty(t, out.KeyMessages)
}

func TestRanking(t *testing.T) {
	filler := strings.Repeat("We talked about many things and the weather was fine. ", 12)
	tests := []struct {
		name, query   string
		better, worse store.Message
	}{
		{"a subject says what a mail is about", "turbine service",
			store.Message{Subject: "Turbine service", BodyText: filler, SentAt: at("2026-10-01 09:00")},
			store.Message{Subject: "Other things", BodyText: filler + " turbine service", SentAt: at("2026-10-01 09:00")}},
		{"words together beat words apart", "order form",
			store.Message{Subject: "A", BodyText: "Here is the order form as promised to you.", SentAt: at("2026-10-01 09:00")},
			store.Message{Subject: "B", BodyText: "The form is empty and an order is late too.", SentAt: at("2026-10-01 09:00")}},
		{"newer of equals", "order form",
			store.Message{Subject: "A", BodyText: "Here is the order form.", SentAt: at("2026-11-01 09:00")},
			store.Message{Subject: "B", BodyText: "Here is the order form.", SentAt: at("2026-01-01 09:00")}},
		{"relevance beats age", "turbine order form",
			store.Message{Subject: "A", BodyText: "Here is the turbine order form.", SentAt: at("2020-01-01 09:00")},
			store.Message{Subject: "B", BodyText: "Here is another form of it.", SentAt: at("2026-11-01 09:00")}},
		{"own words beat quoted ones", "order form",
			store.Message{Subject: "A", BodyText: "Here is the order form.", SentAt: at("2026-10-01 09:00")},
			store.Message{Subject: "B", BodyText: "Thanks.", QuotedText: "Here is the order form.", SentAt: at("2026-10-02 09:00")}},
		{"inflected words", "renewing contracts",
			store.Message{Subject: "A", BodyText: "They renewed the contract.", SentAt: at("2026-10-01 09:00")},
			store.Message{Subject: "B", BodyText: "Nothing to see.", SentAt: at("2026-10-02 09:00")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := berlin(t)
			f.Message(tt.worse)
			best := f.Message(tt.better)
			out := search(t, f, attrove.SearchIn{Query: tt.query})
			require.NotEmpty(t, out.KeyMessages)
			assert.Equal(t, best, out.KeyMessages[0].MessageID)
		})
	}
}

// What is rare among common words must not drag everything along.
func TestSearchLeavesOutWeakHits(t *testing.T) {
	f := berlin(t)
	for range 30 {
		f.Message(store.Message{Subject: "Weekly report", BodyText: "The weekly report is attached as always.", SentAt: at("2026-10-01 09:00")})
	}
	id := f.Message(store.Message{Subject: "Zeppelin incident report", BodyText: "The zeppelin incident.", SentAt: at("2026-10-01 09:00")})
	got := messageIDs(search(t, f, attrove.SearchIn{Query: "zeppelin incident report"}))
	assert.Equal(t, id, got[0])
	assert.Len(t, got, 5, "the best few stay")
}

// A meeting found by its title shows its summary, not just any turn of it.
func TestSnippetOfATitle(t *testing.T) {
	f := berlin(t)
	f.Meeting(store.Meeting{Title: "Security review", StartAt: at("2026-11-06 09:00"), Summary: "The letter of the testers is missing. " + strings.Repeat("So it is. ", 20),
		Transcript: strings.Repeat("Dana: We talked about many things and the weather was fine.\n", 41) + "Dana: Bye."})
	out := search(t, f, attrove.SearchIn{Query: "security review"})
	require.Len(t, out.KeyMeetings, 1)
	assert.Contains(t, out.KeyMeetings[0].Snippet, "The letter of the testers is missing.")
}

func TestSnippet(t *testing.T) {
	text := strings.Repeat("One two three four five. ", 40) + "The turbine renewal is due. " + strings.Repeat("Six seven eight nine. ", 40)
	got := index.Snippet(text, "turbine renewals")
	assert.Contains(t, got, "The turbine renewal is due.")
	assert.True(t, strings.HasPrefix(got, "…") && strings.HasSuffix(got, "…"))
	assert.LessOrEqual(t, len(got), 260)
	assert.Equal(t, "short text", index.Snippet(" short\n text", "x"))
	assert.NotContains(t, index.Snippet(strings.Repeat("日本語", 200), "日本"), "\uFFFD")
}

// What a word was found by shows: another form of it, or what it was meant as.
func TestSnippetOfAnotherWord(t *testing.T) {
	f := berlin(t)
	f.Message(store.Message{SentAt: at("2026-11-05 09:00"), BodyText: strings.Repeat("Wir warten noch, und das Tor ist zu. ", 30) +
		"Die Rechnung der Turbine fehlt. " + strings.Repeat("Es wird nicht besser. ", 30)})
	for _, query := range []string{"Rechnungen", "Turbnie"} {
		out := search(t, f, attrove.SearchIn{Query: query})
		require.Len(t, out.KeyMessages, 1, query)
		assert.Contains(t, out.KeyMessages[0].Snippet, "Die Rechnung der Turbine fehlt.", query)
	}
}

func TestThreadsReadFromTheirBeginningWithinASecond(t *testing.T) {
	f := berlin(t)
	second := at("2026-11-05 09:00")
	message := func(after time.Duration, text string) string {
		return f.Message(store.Message{ThreadID: "t", BodyText: text, SentAt: second.Add(after)})
	}
	last := message(500*time.Millisecond, "turbine")
	middle := message(20*time.Millisecond, "a turbine is on my desk")
	first := message(0, "turbine on the desk of somebody else who has no use for it")
	for _, c := range search(t, f, attrove.SearchIn{Query: "turbine"}).Conversations {
		for _, rows := range c.Threads {
			require.Len(t, rows, 3)
			assert.Equal(t, []string{first, middle, last}, []string{rows[0].MessageID, rows[1].MessageID, rows[2].MessageID})
		}
	}
}
