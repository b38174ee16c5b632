package local_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/sample"
)

// workspace is an engine with the sample workspace, on a Thursday.
func workspace(tb testing.TB) fixture {
	tb.Helper()
	thursday := time.Date(2026, time.November, 19, 15, 0, 0, 0, time.UTC)
	return start(tb, local.Options{Now: func() time.Time { return thursday }, Me: sample.Me(), Name: sample.User().Name,
		Timezone: sample.User().Timezone, Sample: sample.Load, ClientID: "partner", ClientSecret: "partner-secret"})
}

// titled is the found thread of a title.
func titled(tb testing.TB, f fixture, in attrove.DiscoverThreadsIn, title string) attrove.ThreadSummary {
	tb.Helper()
	for _, row := range call(tb, f, attrove.DiscoverThreads, in).Data {
		if string(row.Title) == title {
			return row
		}
	}
	require.Failf(tb, "not found", "%q with %+v", title, in)
	return attrove.ThreadSummary{}
}

func TestDiscoverThreads(t *testing.T) {
	f := workspace(t)
	rows := call(t, f, attrove.DiscoverThreads, attrove.DiscoverThreadsIn{Query: "renewing Osterveld: what does it cost?", Limit: 5}).Data
	require.Len(t, rows, 5)
	for i, row := range rows {
		assert.NotEmpty(t, row.Title)
		assert.Positive(t, row.Score)
		assert.LessOrEqual(t, row.Score, 1.0)
		assert.True(t, i == 0 || row.Score <= rows[i-1].Score, "best first")
		page := call(t, f, attrove.ListThreadMessages, attrove.ThreadMessagesIn{ThreadID: row.ThreadID, Cut: attrove.Cut{Limit: 100}})
		require.Len(t, page.Data, row.MessageCount)
		last := page.Data[row.MessageCount-1]
		assert.Equal(t, last.ReceivedAt, row.LastMessageAt)
		assert.Equal(t, last.ConversationID, row.ConversationID)
		assert.Contains(t, row.Participants, last.SenderName)
		assert.Contains(t, string(page.Data[0].BodyText+page.Data[min(1, len(page.Data)-1)].BodyText), strings.TrimSuffix(string(row.Summary), "…"))
	}
	renewal := titled(t, f, attrove.DiscoverThreadsIn{Query: "Osterveld renewal pricing"}, "Osterveld renewal: term and pricing")
	assert.EqualValues(t, "My proposal: renew for 24 months, price goes up 4% once and is then fixed until the end of the term.", renewal.Summary)
	assert.Equal(t, []attrove.ForeignText{"Tessa Marlowe", "Ruben Achterberg", "Dieter Kroon"}, renewal.Participants)
}

// TestPeopleComeBeforeMachines: an invitation names a customer as often as their
// letters do, and is not what is meant.
func TestPeopleComeBeforeMachines(t *testing.T) {
	f := workspace(t)
	rows := call(t, f, attrove.DiscoverThreads, attrove.DiscoverThreadsIn{Query: "Osterveld", Limit: 1}).Data
	require.Len(t, rows, 1)
	assert.EqualValues(t, "Osterveld renewal: term and pricing", rows[0].Title)
	invitation := titled(t, f, attrove.DiscoverThreadsIn{Query: "Osterveld renewal decision call invitation", Limit: 1}, "Invitation: Osterveld renewal decision call")
	assert.Equal(t, []attrove.ForeignText{"Calendar"}, invitation.Participants, "who asks for it finds it")
}

func TestDiscoverFilters(t *testing.T) {
	f := workspace(t)
	find := func(in attrove.DiscoverThreadsIn) []attrove.ThreadSummary {
		return call(t, f, attrove.DiscoverThreads, in).Data
	}
	assert.Empty(t, find(attrove.DiscoverThreadsIn{Query: "zeppelin"}))
	assert.Empty(t, find(attrove.DiscoverThreadsIn{Query: "idempotency"}), "was said in a meeting, which is no thread")
	all := find(attrove.DiscoverThreadsIn{Query: "Corvane outage", Limit: 100})
	for _, row := range find(attrove.DiscoverThreadsIn{Query: "Corvane outage", AfterDate: "2026-11-16", Limit: 100}) {
		assert.GreaterOrEqual(t, string(row.LastMessageAt), "2026-11-16")
	}
	before := find(attrove.DiscoverThreadsIn{Query: "Corvane outage", BeforeDate: "2026-11-01", Limit: 100})
	assert.NotEmpty(t, before)
	assert.Less(t, len(before), len(all))
	mail := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: anyMessage(t, f, "email").ID})
	for _, row := range find(attrove.DiscoverThreadsIn{Query: "Corvane outage", IntegrationIDs: []string{mail.IntegrationID}, Limit: 100}) {
		assert.Equal(t, mail.IntegrationID, call(t, f, attrove.ListThreadMessages, attrove.ThreadMessagesIn{ThreadID: row.ThreadID}).Data[0].IntegrationID)
	}
	assert.Empty(t, find(attrove.DiscoverThreadsIn{Query: "Corvane outage", IntegrationIDs: []string{"int_x"}}))
	assert.Len(t, find(attrove.DiscoverThreadsIn{Query: "Corvane outage", Limit: 2}), 2)
	assert.Empty(t, call(t, newUser(t, f, attrove.CreateUserIn{Email: "x@example.com"}), attrove.DiscoverThreads, attrove.DiscoverThreadsIn{Query: "Corvane"}).Data)

	for body, field := range map[string]string{
		`{}`:                                   "query",
		`{"query":""}`:                         "query",
		`{"query":"?!"}`:                       "query",
		`{"query":"x","after_date":"someday"}`: "after_date",
		`{"query":"x","after_date":"2026-11-02","before_date":"2026-11-01"}`: "before_date",
		`{"query":"x","limit":101}`: "limit",
	} {
		failure := refused(t, f, attrove.DiscoverThreads, body)
		assert.Equal(t, 422, failure.Status, body)
		assert.Contains(t, failure.Message, field, body)
	}
}

func anyMessage(t *testing.T, f fixture, source string) attrove.Message {
	t.Helper()
	for _, m := range call(t, f, attrove.ListMessages, attrove.MessagesIn{Cut: attrove.Cut{Limit: 100}}).Data {
		if m.IntegrationType == source {
			return m
		}
	}
	require.Fail(t, "no message", source)
	return attrove.Message{}
}

var bracketed = regexp.MustCompile(`\[(msg_[^\]]+)\]`)

// analyze analyzes the conversation of a thread and checks that everything in
// the analysis is cited, and stands where it is said to.
func analyze(t *testing.T, f fixture, in attrove.AnalyzeThreadIn) attrove.ThreadAnalysis {
	t.Helper()
	out := call(t, f, attrove.AnalyzeThread, in)
	refs := map[string]bool{}
	for _, ref := range out.CitedEvidenceRefs {
		refs[ref.ID] = true
		m := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: ref.ID})
		assert.Equal(t, "message", ref.Type)
		assert.Equal(t, m.ReceivedAt, ref.OccurredAt)
		said := strings.Join(strings.Fields(string(m.BodyText)), " ")
		for _, part := range strings.SplitAfter(strings.TrimSuffix(string(ref.Snippet), "…"), ". ") {
			assert.Contains(t, said, strings.TrimSpace(part))
		}
	}
	texts := []attrove.ForeignText{out.Summary}
	texts = append(append(append(texts, out.KeyPoints...), out.Decisions...), out.OpenQuestions...)
	for _, a := range out.ActionItems {
		texts = append(texts, a.Description)
	}
	for _, text := range texts {
		ids := bracketed.FindAllStringSubmatch(string(text), -1)
		assert.NotEmpty(t, ids, text)
		for _, id := range ids {
			assert.True(t, refs[id[1]], text)
		}
	}
	return out
}

func TestAnalyzeThread(t *testing.T) {
	f := workspace(t)
	row := titled(t, f, attrove.DiscoverThreadsIn{Query: "Norrgate asset export"}, "Asset export")
	got := analyze(t, f, attrove.AnalyzeThreadIn{ConversationID: row.ConversationID})
	assert.Equal(t, row.ConversationID, got.ConversationID)
	assert.Equal(t, row.MessageCount, got.MessageCount)
	assert.Contains(t, got.Summary, "the full export isn't ready today")
	assert.ElementsMatch(t, []attrove.ForeignText{"Priya Raman", "Soo-Min Park", "Henrik Dahl"}, got.Participants)
	assert.Equal(t, "negative", got.Sentiment)
	owners := map[string]string{}
	for _, a := range got.ActionItems {
		owners[bracketed.ReplaceAllString(string(a.Description), "")] = string(a.Assignee)
	}
	assert.Equal(t, "Soo-Min Park", owners["You'll have it on November 16, that's a promise from Henrik and me. "])
	assert.Equal(t, "Henrik Dahl", owners["Henrik, Soo-Min, I'm still waiting for your asset export, promised for November 16. "])

	assert.Equal(t, got, analyze(t, f, attrove.AnalyzeThreadIn{ConversationID: row.ThreadID}), "a thread's id will do")
	narrow := analyze(t, f, attrove.AnalyzeThreadIn{ConversationID: row.ConversationID, Instructions: "look for the dry run"})
	assert.NotEmpty(t, narrow.KeyPoints)
	assert.Less(t, len(narrow.ActionItems), len(got.ActionItems))
	for _, p := range narrow.KeyPoints {
		assert.Contains(t, p, "dry run")
	}
	none := call(t, f, attrove.AnalyzeThread, attrove.AnalyzeThreadIn{ConversationID: row.ConversationID, Instructions: "zeppelins"})
	assert.Empty(t, none.KeyPoints)
	assert.Len(t, none.Warnings, 1)
}

func TestAnalysisShowsWhatWasReversedElsewhere(t *testing.T) {
	f := workspace(t)
	row := titled(t, f, attrove.DiscoverThreadsIn{Query: "v1 API switched off"}, "Decision: v1 API will be switched off")
	got := analyze(t, f, attrove.AnalyzeThreadIn{ConversationID: row.ConversationID})
	require.Len(t, got.Decisions, 1)
	assert.Regexp(t, `^Kit Nakamura, Mon 16 Nov: The v1 API will NOT be switched off on December 17 \[msg_\S+\] `+
		`Before that: Kit Nakamura, Wed 28 Oct: Decision: the v1 API will be switched off on December 17 \[msg_\S+\]$`, string(got.Decisions[0]))
}

func TestAnalysisOfWhatIsAnswered(t *testing.T) {
	f := workspace(t)
	quiet := titled(t, f, attrove.DiscoverThreadsIn{Query: "Osterveld renewal pricing"}, "Osterveld renewal: term and pricing")
	got := analyze(t, f, attrove.AnalyzeThreadIn{ConversationID: quiet.ConversationID})
	require.NotEmpty(t, got.OpenQuestions, "Ruben went quiet")
	for _, q := range got.OpenQuestions {
		assert.Contains(t, q, "Tessa Marlowe, Mon 9 Nov")
	}
	assert.Contains(t, got.OpenQuestions[0], "Would Marit like to meet")
}

func TestAnalysisOfAChannel(t *testing.T) {
	f := workspace(t)
	m := anyMessage(t, f, "chat")
	got := analyze(t, f, attrove.AnalyzeThreadIn{ConversationID: m.ConversationID})
	assert.Greater(t, got.MessageCount, 3)
	assert.NotEmpty(t, got.Summary)
}

func TestThreadsOfOthersAreNotThere(t *testing.T) {
	f := start(t, options())
	ids := pushMessages(t, f, 3)
	m := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: ids[0]})
	stranger := newUser(t, f, attrove.CreateUserIn{Email: "x@example.com"})
	for _, id := range []string{m.ConversationID, m.ThreadID, "cnv_x"} {
		failure := refused(t, stranger, attrove.AnalyzeThread, `{"conversation_id":"`+id+`"}`)
		assert.Equal(t, 404, failure.Status)
		assert.Equal(t, attrove.CodeNotFound, failure.Code)
		assert.Equal(t, 404, refused(t, stranger, attrove.ListThreadMessages, `{"thread_id":"`+id+`"}`).Status)
	}
}

func TestThreadMessagesPageToTheEnd(t *testing.T) {
	f := start(t, options())
	ids := pushMessages(t, f, 7)
	in := attrove.ThreadMessagesIn{ThreadID: call(t, f, attrove.GetMessage, attrove.MessageIn{ID: ids[0]}).ThreadID, Cut: attrove.Cut{Limit: 3}}
	var got []string
	for page := range 3 {
		out := call(t, f, attrove.ListThreadMessages, in)
		assert.Equal(t, page < 2, out.Pagination.HasMore)
		for _, m := range out.Data {
			got = append([]string{m.ID}, got...)
		}
		in.Cursor = out.Pagination.NextCursor
	}
	assert.Equal(t, ids, got, "oldest first")
	assert.Empty(t, in.Cursor)
	assert.Equal(t, attrove.CodeInvalidCursor, refused(t, f, attrove.ListThreadMessages, `{"thread_id":"`+in.ThreadID+`","cursor":"x"}`).Code)
}

func TestThreadMessagesInclude(t *testing.T) {
	f := start(t, options())
	id := call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", BodyText: "words", ExternalThreadID: "t", Metadata: attrove.Object{"list": "x"}}).ID
	thread := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: id}).ThreadID
	for _, tc := range []struct {
		include []attrove.MessageInclude
		headers bool
	}{{nil, true}, {[]attrove.MessageInclude{"headers"}, true}, {[]attrove.MessageInclude{"body_html"}, false}, {[]attrove.MessageInclude{"raw", "headers"}, true}} {
		m := call(t, f, attrove.ListThreadMessages, attrove.ThreadMessagesIn{ThreadID: thread, Include: tc.include}).Data[0]
		assert.EqualValues(t, "words", m.BodyText)
		assert.Equal(t, tc.headers, m.Headers != nil, tc.include)
	}
	assert.Equal(t, 400, refused(t, f, attrove.ListThreadMessages, `{"thread_id":"`+thread+`","include":["everything"]}`).Status)
}
