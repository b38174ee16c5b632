package local_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// pushMessages pushes n messages, one an hour, the newest at now, and returns
// their ids, newest first.
func pushMessages(t *testing.T, f fixture, n int) []string {
	t.Helper()
	var ids []string
	for i := range n {
		ids = append(ids, call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", BodyText: fmt.Sprint("text ", i),
			SenderEmail: fmt.Sprintf("p%d@d%d.org", i, i%2), ExternalThreadID: "t",
			SentAt: attrove.DateTime(now.Add(-time.Duration(i) * time.Hour).Format(time.RFC3339))}).ID)
	}
	return ids
}

func TestPagesAreStableUnderInserts(t *testing.T) {
	f := start(t, options())
	ids := pushMessages(t, f, 7)
	var got []string
	in := attrove.MessagesIn{Cut: attrove.Cut{Limit: 3}}
	for page := 0; ; page++ {
		out := call(t, f, attrove.ListMessages, in)
		assert.Equal(t, 3, out.Pagination.Limit)
		for _, m := range out.Data {
			got = append(got, m.ID)
		}
		call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", BodyText: "newer", SentAt: "2026-11-04T00:00:00Z"})
		if !out.Pagination.HasMore {
			assert.Empty(t, out.Pagination.NextCursor)
			break
		}
		require.Less(t, page, 5)
		in.Cursor = out.Pagination.NextCursor
	}
	assert.Equal(t, ids, got)
}

func TestPagesThroughRowsOfOneTime(t *testing.T) {
	f := start(t, options())
	for i := range 5 {
		call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: fmt.Sprint("note ", i)}) // the clock stands still
	}
	seen := map[string]bool{}
	in := attrove.NotesIn{Cut: attrove.Cut{Limit: 2}}
	for _, want := range []int{2, 2, 1} {
		out := call(t, f, attrove.ListNotes, in)
		assert.Len(t, out.Data, want)
		for _, n := range out.Data {
			assert.False(t, seen[n.ID], "repeated")
			seen[n.ID] = true
		}
		in.Cursor = out.Pagination.NextCursor
	}
	assert.Len(t, seen, 5)
	assert.Len(t, call(t, f, attrove.ListNotes, attrove.NotesIn{Offset: 4}).Data, 1)
}

func TestCursorsBelongToTheirList(t *testing.T) {
	f := start(t, options())
	pushMessages(t, f, 3)
	cursor := call(t, f, attrove.ListMessages, attrove.MessagesIn{Cut: attrove.Cut{Limit: 1}}).Pagination.NextCursor
	failure := refused(t, f, attrove.ListNotes, `{"cursor":"`+cursor+`"}`)
	assert.Equal(t, attrove.CodeInvalidCursor, failure.Code)
}

func TestMessageFilters(t *testing.T) {
	f := start(t, options())
	ids := pushMessages(t, f, 30) // from 3 November 09:30 back to 2 November 04:30 UTC
	chat := call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "chat", BodyText: "hi", SentAt: "2026-10-01T00:00:00Z",
		Metadata: attrove.Object{attrove.MetaConversation: "#launch"}})
	row := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: chat.ID})

	list := func(in attrove.MessagesIn) []string {
		in.Limit = 100
		var got []string
		for _, m := range call(t, f, attrove.ListMessages, in).Data {
			got = append(got, m.ID)
		}
		return got
	}
	for name, tc := range map[string]struct {
		in   attrove.MessagesIn
		want []string
	}{
		"ids":          {attrove.MessagesIn{IDs: []string{ids[4], ids[2], "msg_x"}}, []string{ids[2], ids[4]}},
		"start":        {attrove.MessagesIn{StartDate: "2026-11-03"}, ids[:10]},
		"end counts":   {attrove.MessagesIn{StartDate: "2026-11-02", EndDate: "2026-11-02"}, ids[10:]},
		"integration":  {attrove.MessagesIn{IntegrationID: row.IntegrationID}, []string{chat.ID}},
		"conversation": {attrove.MessagesIn{ConversationID: row.ConversationID}, []string{chat.ID}},
		"thread":       {attrove.MessagesIn{ThreadID: row.ThreadID}, []string{chat.ID}},
		"sender":       {attrove.MessagesIn{SenderEmail: "P3@d1.org"}, []string{ids[3]}},
		"domain":       {attrove.MessagesIn{SenderDomains: []string{"@D1.org", "x.org"}, StartDate: "2026-11-03"}, []string{ids[1], ids[3], ids[5], ids[7], ids[9]}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, list(tc.in)) })
	}
	got := call(t, f, attrove.ListMessages, attrove.MessagesIn{IDs: ids[:1]}).Data[0]
	assert.Empty(t, got.BodyText)
	assert.Empty(t, got.Headers)
	got = call(t, f, attrove.ListMessages, attrove.MessagesIn{IDs: ids[:1], Expand: []attrove.MessageExpand{"body_text"}}).Data[0]
	assert.EqualValues(t, "text 0", got.BodyText)
}

func TestDaysAreTheUsersOwn(t *testing.T) {
	f := start(t, options())
	tokyo := newUser(t, f, attrove.CreateUserIn{Email: "t@example.com", Timezone: "Asia/Tokyo"}) // UTC+9
	ids := pushMessages(t, tokyo, 24)                                                            // 3 November 18:30 back to 2 November 19:30 there
	got := call(t, tokyo, attrove.ListMessages, attrove.MessagesIn{StartDate: "2026-11-03", EndDate: "2026-11-03", Cut: attrove.Cut{Limit: 100}})
	assert.Len(t, got.Data, 19, "from 00:30 on")
	assert.Equal(t, ids[18], got.Data[18].ID)
}

func TestThreadsReadFromTheirBeginning(t *testing.T) {
	f := start(t, options())
	ids := pushMessages(t, f, 4)
	thread := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: ids[0]}).ThreadID
	first := call(t, f, attrove.ListThreadMessages, attrove.ThreadMessagesIn{ThreadID: thread, Cut: attrove.Cut{Limit: 3}})
	require.Len(t, first.Data, 3)
	assert.Equal(t, ids[3], first.Data[0].ID)
	assert.EqualValues(t, "text 3", first.Data[0].BodyText)
	rest := call(t, f, attrove.ListThreadMessages, attrove.ThreadMessagesIn{ThreadID: thread, Cut: attrove.Cut{Cursor: first.Pagination.NextCursor}})
	require.Len(t, rest.Data, 1)
	assert.Equal(t, ids[0], rest.Data[0].ID)
	assert.Equal(t, 404, refused(t, f, attrove.ListThreadMessages, `{"thread_id":"thr_x"}`).Status)
}

func TestThreadsAndConversations(t *testing.T) {
	f := start(t, options())
	push := func(source, thread, conversation, external string) attrove.Message {
		in := attrove.PushMessageIn{Source: source, BodyText: "x", ExternalThreadID: thread, ExternalID: external}
		if conversation != "" {
			in.Metadata = attrove.Object{attrove.MetaConversation: conversation}
		}
		return call(t, f, attrove.GetMessage, attrove.MessageIn{ID: call(t, f, attrove.PushMessage, in).ID})
	}
	a, b := push("email", "t", "", "a"), push("email", "t", "", "b")
	assert.Equal(t, a.ThreadID, b.ThreadID)
	assert.Equal(t, a.ConversationID, b.ConversationID)
	assert.NotEqual(t, a.ThreadID, push("chat", "t", "", "c").ThreadID, "another integration")
	lone, other := push("email", "", "", "d"), push("email", "", "", "e")
	assert.NotEqual(t, lone.ThreadID, other.ThreadID)
	assert.NotEqual(t, lone.ConversationID, other.ConversationID)
	c, d := push("chat", "1", "#launch", "f"), push("chat", "2", "#launch", "g")
	assert.Equal(t, c.ConversationID, d.ConversationID)
	assert.NotEqual(t, c.ThreadID, d.ThreadID)

	before := call(t, f, attrove.GetSyncStats, attrove.None{}).Totals.Conversations
	moved := push("email", "t", "", "d") // the lone one turns out to be in the thread
	assert.Equal(t, lone.ID, moved.ID)
	assert.Equal(t, a.ThreadID, moved.ThreadID)
	assert.Equal(t, before-1, call(t, f, attrove.GetSyncStats, attrove.None{}).Totals.Conversations, "its own is gone")
}

func TestEventsOfADay(t *testing.T) {
	f := start(t, options())
	push := func(title, from, to string) {
		call(t, f, attrove.PushEvent, attrove.PushEventIn{Title: title, StartTime: attrove.DateTime(from), EndTime: attrove.DateTime(to),
			Description: "why", Attendees: attrove.Lenient[attrove.Attendee]{{Email: "A@b.org", Name: "Ann", Status: "accepted"}}})
	}
	push("after", "2026-11-04T00:00:00Z", "2026-11-04T01:00:00Z")
	push("late", "2026-11-03T23:00:00Z", "2026-11-04T01:00:00Z")
	push("moment", "2026-11-03T00:00:00Z", "2026-11-03T00:00:00Z")
	push("fair", "2026-11-01T00:00:00Z", "2026-11-06T00:00:00Z")
	push("before", "2026-11-02T10:00:00Z", "2026-11-03T00:00:00Z")

	titles := func(in attrove.EventsIn) (all []string) {
		for _, e := range call(t, f, attrove.ListEvents, in).Data {
			all = append(all, string(e.Title))
		}
		return all
	}
	assert.Equal(t, []string{"fair", "moment", "late"}, titles(attrove.EventsIn{StartDate: "2026-11-03", EndDate: "2026-11-03"}))
	assert.Equal(t, []string{"fair", "before", "moment", "late", "after"}, titles(attrove.EventsIn{}))

	bare := call(t, f, attrove.ListEvents, attrove.EventsIn{Cut: attrove.Cut{Limit: 1}}).Data[0]
	assert.Empty(t, bare.Description)
	assert.Empty(t, bare.Attendees)
	full := call(t, f, attrove.ListEvents, attrove.EventsIn{Expand: []attrove.EventExpand{"attendees", "description"}, Cut: attrove.Cut{Limit: 1}}).Data[0]
	assert.EqualValues(t, "why", full.Description)
	assert.Equal(t, attrove.Lenient[attrove.Attendee]{{Email: "a@b.org", Name: "Ann", Status: "accepted"}}, full.Attendees)
	assert.Equal(t, full, call(t, f, attrove.GetEvent, attrove.EventIn{ID: full.ID}))
}

func TestMeetings(t *testing.T) {
	f := start(t, options())
	in := attrove.PushMeetingIn{Title: "Sync", StartTime: "2026-11-02T10:00:00Z", EndTime: "2026-11-02T10:30:00Z",
		Transcript: "Ann: We ship on Friday.", Summary: "They ship.", ShortSummary: "Ship.",
		Attendees:   attrove.Lenient[attrove.Attendee]{{Name: "Ann"}, {Email: "bob@b.org"}},
		ActionItems: attrove.Lenient[attrove.ActionItem]{{Description: "ship", Assignee: "Ann"}},
		Metadata:    attrove.Object{attrove.MetaProvider: "zoom"}}
	id := call(t, f, attrove.PushMeeting, in).ID
	call(t, f, attrove.PushMeeting, attrove.PushMeetingIn{Title: "Older", StartTime: "2026-10-02T10:00:00Z"})

	whole := attrove.Meeting{ID: id, Title: "Sync", StartTime: "2026-11-02T10:00:00Z", EndTime: "2026-11-02T10:30:00Z", Provider: "zoom",
		ShortSummary: "Ship.", Summary: "They ship.", Transcript: "Ann: We ship on Friday.", ActionItems: in.ActionItems, Attendees: in.Attendees}
	assert.Equal(t, whole, call(t, f, attrove.GetMeeting, attrove.MeetingIn{ID: id}))

	all := call(t, f, attrove.ListMeetings, attrove.MeetingsIn{}).Data
	require.Len(t, all, 2)
	assert.Equal(t, attrove.Meeting{ID: id, Title: "Sync", StartTime: whole.StartTime, EndTime: whole.EndTime, Provider: "zoom", Attendees: in.Attendees}, all[0])
	some := call(t, f, attrove.ListMeetings, attrove.MeetingsIn{Provider: "zoom", Expand: []attrove.MeetingExpand{"short_summary", "action_items"}}).Data
	require.Len(t, some, 1)
	assert.EqualValues(t, "Ship.", some[0].ShortSummary)
	assert.Equal(t, in.ActionItems, some[0].ActionItems)
	assert.Empty(t, some[0].Summary)
	assert.Len(t, call(t, f, attrove.ListMeetings, attrove.MeetingsIn{EndDate: "2026-10-31"}).Data, 1)
	found := call(t, f, attrove.Search, attrove.SearchIn{Query: "shipping friday"})
	require.Len(t, found.KeyMeetings, 1)
	assert.Equal(t, id, found.KeyMeetings[0].ID)
}

func TestAttendeesMayBeAString(t *testing.T) {
	f := start(t, options())
	got := send(t, f, "POST", "/v1/users/{me}/meetings", `{"title":"x","start_time":"2026-11-03T10:00:00Z","attendees":"[{\"name\":\"Ann\"}]"}`)
	require.Equal(t, 202, got.status, got.raw)
	var receipt struct{ Data attrove.PushReceipt }
	require.NoError(t, json.Unmarshal([]byte(got.raw), &receipt))
	assert.EqualValues(t, "Ann", call(t, f, attrove.GetMeeting, attrove.MeetingIn{ID: receipt.Data.ID}).Attendees[0].Name)
}

func TestEntities(t *testing.T) {
	f := start(t, options())
	push := func(name, email, at string) {
		call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", BodyText: "x", SenderName: name, SenderEmail: email,
			Recipients: []attrove.Address{{Email: "ME@example.com"}}, SentAt: attrove.DateTime(at)})
	}
	push("Ann Old", "ann@acme.com", "2026-01-01T00:00:00Z")
	push("Ann New", "Ann@Acme.com", "2026-03-01T00:00:00Z")
	push("Ann Mid", "ann@acme.com", "2026-02-01T00:00:00Z")
	push("", "no-reply@shop.com", "2026-02-01T00:00:00Z")

	all := call(t, f, attrove.ListEntities, attrove.EntitiesIn{}).Data
	require.Len(t, all, 5)
	for i, e := range all {
		assert.Equal(t, i > 2, e.EntityType == "company", "companies come last")
	}
	byName := map[string]attrove.Entity{}
	for _, e := range all {
		byName[string(e.Name)] = e
	}
	ann := byName["Ann New"]
	assert.Equal(t, attrove.Entity{ID: ann.ID, Name: "Ann New", EntityType: "person", ExternalIDs: []attrove.ForeignText{"ann@acme.com"}}, ann)
	assert.EqualValues(t, "user", byName["me@example.com"].EntityType)
	assert.True(t, byName["no-reply@shop.com"].IsBot)
	assert.Equal(t, ann, call(t, f, attrove.GetEntity, attrove.EntityRef{ID: ann.ID}))

	assert.Len(t, call(t, f, attrove.ListEntities, attrove.EntitiesIn{EntityType: "bot"}).Data, 1)
	assert.Len(t, call(t, f, attrove.ListEntities, attrove.EntitiesIn{Query: "ACME"}).Data, 2)
	assert.Empty(t, call(t, f, attrove.ListEntities, attrove.EntitiesIn{Query: "%"}).Data, "no wildcard")
	first := call(t, f, attrove.ListEntities, attrove.EntitiesIn{Cut: attrove.Cut{Limit: 4}})
	rest := call(t, f, attrove.ListEntities, attrove.EntitiesIn{Cut: attrove.Cut{Limit: 4, Cursor: first.Pagination.NextCursor}})
	assert.Equal(t, all, append(first.Data, rest.Data...))
}

func TestIntegrationsAppearWithTheirData(t *testing.T) {
	f := start(t, options())
	assert.Empty(t, call(t, f, attrove.ListIntegrations, attrove.None{}).Data)
	call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", BodyText: "x", SentAt: "2026-11-01T00:00:00Z"})
	call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", BodyText: "y", SentAt: "2026-11-02T00:00:00Z"})
	call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "x"})

	all := call(t, f, attrove.ListIntegrations, attrove.None{}).Data
	require.Len(t, all, 2)
	for _, n := range all {
		assert.True(t, n.IsActive)
		assert.Equal(t, "connected", n.AuthStatus)
		assert.Equal(t, n, call(t, f, attrove.GetIntegration, attrove.IntegrationRef{IntegrationID: n.ID}))
	}
	stats := call(t, f, attrove.GetSyncStats, attrove.None{})
	assert.Equal(t, attrove.SyncTotals{Messages: 2, Conversations: 2, Notes: 1}, stats.Totals)
	assert.Len(t, stats.Integrations, 2)

	assert.ElementsMatch(t, []attrove.SourceCoverage{
		{Source: "email", First: "2026-11-01T00:00:00Z", Last: "2026-11-02T00:00:00Z", Count: 2},
		{Source: "note", First: "2026-11-03T09:30:00Z", Last: "2026-11-03T09:30:00Z", Count: 1},
	}, covered(t, f))
}

// TestWhoTheUserIsMayComeLast: an import proposes it when all mail is there.
func TestWhoTheUserIsMayComeLast(t *testing.T) {
	o := options()
	o.Me = nil
	f := start(t, o)
	push := attrove.PushMessageIn{Source: "email", BodyText: "x", SenderEmail: "ann@acme.com", Recipients: []attrove.Address{{Email: "bob@b.org"}}}
	call(t, f, attrove.PushMessage, push)
	users := func() (all []attrove.ForeignText) {
		for _, e := range call(t, f, attrove.ListEntities, attrove.EntitiesIn{EntityType: "user"}).Data {
			all = append(all, e.Name)
		}
		return all
	}
	assert.Empty(t, users())
	propose(t, f, []string{"ann@acme.com"})
	assert.Equal(t, []attrove.ForeignText{"ann@acme.com"}, users())
	propose(t, f, []string{"bob@b.org"})
	assert.Equal(t, []attrove.ForeignText{"ann@acme.com"}, users(), "a later proposal changes nothing")
}

func propose(t *testing.T, f fixture, addresses []string) []string {
	t.Helper()
	own, err := f.engine.ProposeMe(t.Context(), addresses)
	require.NoError(t, err)
	return own
}
