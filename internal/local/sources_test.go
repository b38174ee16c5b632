package local_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// chat is a message to a channel.
func chat(channel, text, externalID string) attrove.PushMessageIn {
	return attrove.PushMessageIn{Source: "chat", BodyText: text, SenderEmail: "ann@acme.com", ExternalID: externalID,
		SentAt: "2026-11-02T10:00:00Z", Metadata: attrove.Object{attrove.MetaConversation: channel}}
}

func TestConversations(t *testing.T) {
	f := start(t, options())
	for i := range 3 {
		call(t, f, attrove.PushMessage, chat(fmt.Sprint("#c", i), "hello", ""))
		call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", Subject: fmt.Sprint("Offer ", i), BodyText: "hello",
			ExternalThreadID: strconv.Itoa(i), SentAt: "2026-11-02T10:00:00Z"})
	}
	call(t, f, attrove.PushMessage, chat("#c1", "later", "x"))
	var got []attrove.Conversation
	in := attrove.ConversationsIn{Cut: attrove.Cut{Limit: 4}}
	for {
		page := call(t, f, attrove.ListConversations, in)
		got = append(got, page.Data...)
		if !page.Pagination.HasMore {
			break
		}
		require.Len(t, page.Data, 4)
		in.Cursor = page.Pagination.NextCursor
	}
	require.Len(t, got, 6, "each once")
	seen := map[string]attrove.Conversation{}
	for _, c := range got {
		seen[string(*c.Name)] = c
	}
	last := attrove.DateTime("2026-11-02T10:00:00Z")
	channel := seen["#c1"]
	assert.Equal(t, attrove.Conversation{ID: channel.ID, Name: channel.Name, IntegrationID: channel.IntegrationID, IntegrationType: "chat",
		Kind: "channel", MessageCount: 2, LastMessageAt: &last, SyncEnabled: true}, channel)
	assert.Equal(t, "thread", seen["Offer 2"].Kind, "a thread is known by its subject")

	assert.Len(t, call(t, f, attrove.ListConversations, attrove.ConversationsIn{IntegrationID: channel.IntegrationID}).Data, 3)
	assert.Empty(t, call(t, newUser(t, f, attrove.CreateUserIn{Email: "x@example.com"}), attrove.ListConversations, attrove.ConversationsIn{}).Data)
	assert.Equal(t, attrove.CodeInvalidCursor, refused(t, f, attrove.ListConversations, `{"cursor":"x"}`).Code)
}

func TestConversationThatDoesNotSync(t *testing.T) {
	f := start(t, options())
	kept := call(t, f, attrove.PushMessage, chat("#a", "apples", "1"))
	call(t, f, attrove.PushMessage, chat("#b", "apples", "2"))
	row := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: kept.ID})
	sync := func(on bool) attrove.Page[attrove.Conversation] {
		return call(t, f, attrove.UpdateConversations, attrove.UpdateConversationsIn{
			Conversations: []attrove.ConversationSync{{ID: row.ConversationID, SyncEnabled: on}}})
	}
	changed := sync(false)
	require.Len(t, changed.Data, 1)
	assert.False(t, changed.Data[0].SyncEnabled)

	skipped := call(t, f, attrove.PushMessage, chat("#a", "pears", "3"))
	assert.Equal(t, attrove.PushQueued, skipped.Status)
	call(t, f, attrove.PushMessage, chat("#a", "plums", "1"))
	call(t, f, attrove.PushMessage, chat("#b", "pears", "4"))
	assert.Contains(t, refused(t, f, attrove.GetMessage, fmt.Sprintf(`{"id":%q}`, skipped.ID)).Message, "does not sync")
	assert.EqualValues(t, "apples", call(t, f, attrove.GetMessage, attrove.MessageIn{ID: kept.ID}).BodyText, "what is there stays as it is")
	assert.Len(t, call(t, f, attrove.Search, attrove.SearchIn{Query: "pears"}).KeyMessages, 1)
	stats := call(t, f, attrove.GetSyncStats, attrove.None{})
	assert.Equal(t, 3, stats.Totals.Messages)
	assert.Equal(t, 2, stats.Integrations[0].Skipped)
	off := false
	assert.Len(t, call(t, f, attrove.ListConversations, attrove.ConversationsIn{SyncEnabled: &off}).Data, 1)

	assert.True(t, sync(true).Data[0].SyncEnabled)
	assert.Equal(t, skipped.ID, call(t, f, attrove.PushMessage, chat("#a", "pears", "3")).ID)
	assert.EqualValues(t, "pears", call(t, f, attrove.GetMessage, attrove.MessageIn{ID: skipped.ID}).BodyText)
	assert.Equal(t, 1, call(t, f, attrove.GetSyncStats, attrove.None{}).Integrations[0].Skipped)
}

func TestConversationsChangeAllOrNone(t *testing.T) {
	f := start(t, options())
	other := newUser(t, f, attrove.CreateUserIn{Email: "x@example.com"})
	mine := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: call(t, f, attrove.PushMessage, chat("#a", "x", "")).ID}).ConversationID
	theirs := call(t, other, attrove.GetMessage, attrove.MessageIn{ID: call(t, other, attrove.PushMessage, chat("#a", "x", "")).ID}).ConversationID

	failure := refused(t, f, attrove.UpdateConversations, fmt.Sprintf(
		`{"conversations":[{"id":%q,"sync_enabled":false},{"id":%q,"sync_enabled":false}]}`, mine, theirs))
	assert.Equal(t, 404, failure.Status)
	assert.Contains(t, failure.Message, theirs)
	for _, f := range []fixture{f, other} {
		assert.True(t, call(t, f, attrove.ListConversations, attrove.ConversationsIn{}).Data[0].SyncEnabled, "nothing was changed")
	}
	for name, body := range map[string]string{
		"conversations":                 `{"conversations":[]}`,
		"conversations[0].sync_enabled": fmt.Sprintf(`{"conversations":[{"id":%q}]}`, mine),
		"conversations[0].id":           `{"conversations":[{"sync_enabled":true}]}`,
		"conversations[1].id":           fmt.Sprintf(`{"conversations":[{"id":%[1]q,"sync_enabled":true},{"id":%[1]q,"sync_enabled":false}]}`, mine),
	} {
		failure := refused(t, f, attrove.UpdateConversations, body)
		assert.Equal(t, 422, failure.Status, name)
		assert.Equal(t, name, failure.Field)
	}
}

func TestCalendars(t *testing.T) {
	f := start(t, options())
	assert.Empty(t, call(t, f, attrove.ListCalendars, attrove.Cut{}).Data)
	event := call(t, f, attrove.PushEvent, attrove.PushEventIn{Title: "Launch", Description: "apples", StartTime: "2026-11-03T12:00:00Z",
		EndTime: "2026-11-03T13:00:00Z", Attendees: []attrove.Attendee{{Email: "ann@acme.com"}, {Email: "bob@acme.com"}}}).ID
	call(t, f, attrove.PushMeeting, attrove.PushMeetingIn{Title: "Launch review", StartTime: "2026-11-02T12:00:00Z"})
	page := call(t, f, attrove.ListCalendars, attrove.Cut{})
	require.Len(t, page.Data, 1)
	calendar := page.Data[0]
	assert.True(t, calendar.IsActive)
	assert.Equal(t, "calendar", calendar.Provider)
	assert.Equal(t, calendar, call(t, f, attrove.GetCalendar, attrove.CalendarRef{ID: calendar.ID}))

	inSight := func() []int {
		return []int{
			len(call(t, f, attrove.ListEvents, attrove.EventsIn{}).Data),
			len(call(t, f, attrove.Search, attrove.SearchIn{Query: "launch"}).KeyEvents),
			len(call(t, f, attrove.Query, attrove.QueryIn{Query: "What is on my calendar today?"}).UsedEventIDs),
			len(call(t, f, attrove.ListRelationships, attrove.RelationshipsIn{}).Data),
			len(covered(t, f)),
		}
	}
	assert.Equal(t, []int{1, 1, 1, 1, 2}, inSight())
	assert.False(t, call(t, f, attrove.UpdateCalendar, attrove.UpdateCalendarIn{CalendarRef: attrove.CalendarRef{ID: calendar.ID}}).IsActive)
	assert.Equal(t, []int{0, 0, 0, 0, 1}, inSight())
	assert.Contains(t, refused(t, f, attrove.GetEvent, fmt.Sprintf(`{"id":%q}`, event)).Message, "calendar is not active")
	assert.Len(t, call(t, f, attrove.Search, attrove.SearchIn{Query: "launch"}).KeyMeetings, 1, "meetings are in no calendar")
	assert.True(t, call(t, f, attrove.UpdateCalendar, attrove.UpdateCalendarIn{CalendarRef: attrove.CalendarRef{ID: calendar.ID}, IsActive: true}).IsActive)
	assert.Equal(t, []int{1, 1, 1, 1, 2}, inSight())

	other := newUser(t, f, attrove.CreateUserIn{Email: "x@example.com"})
	assert.Empty(t, call(t, other, attrove.ListCalendars, attrove.Cut{}).Data)
	assert.Equal(t, 404, refused(t, other, attrove.GetCalendar, fmt.Sprintf(`{"id":%q}`, calendar.ID)).Status)
	assert.Equal(t, 404, refused(t, other, attrove.UpdateCalendar, fmt.Sprintf(`{"id":%q,"is_active":false}`, calendar.ID)).Status)
	assert.Equal(t, "is_active", refused(t, f, attrove.UpdateCalendar, fmt.Sprintf(`{"id":%q}`, calendar.ID)).Field)
}

// integrationOf is the integration that things of a provider came from.
func integrationOf(t *testing.T, f fixture, provider string) attrove.Integration {
	t.Helper()
	for _, n := range call(t, f, attrove.ListIntegrations, attrove.None{}).Data {
		if n.Provider == provider {
			return n
		}
	}
	require.Fail(t, "no integration", provider)
	return attrove.Integration{}
}

func TestDisconnectRemovesWhatCameFromIt(t *testing.T) {
	f := start(t, options())
	var ids []string
	for i := range 250 { // more than one transaction removes
		ids = append(ids, call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", BodyText: fmt.Sprint("apples ", i),
			SenderEmail: fmt.Sprintf("p%d@acme.com", i%10), Recipients: []attrove.Address{{Email: "me@example.com"}},
			SentAt: "2026-11-02T10:00:00Z", ExternalID: strconv.Itoa(i)}).ID)
	}
	call(t, f, attrove.PushMessage, chat("#a", "apples", "c"))
	call(t, f, attrove.PushEvent, attrove.PushEventIn{Title: "Lunch", StartTime: "2026-11-03T12:00:00Z", EndTime: "2026-11-03T13:00:00Z",
		Attendees: []attrove.Attendee{{Email: "p1@acme.com"}}})
	gone := integrationOf(t, f, "email")

	call(t, f, attrove.DisconnectIntegration, attrove.IntegrationRef{IntegrationID: gone.ID})
	assert.Equal(t, 404, refused(t, f, attrove.GetIntegration, fmt.Sprintf(`{"integration_id":%q}`, gone.ID)).Status)
	assert.Equal(t, 404, refused(t, f, attrove.DisconnectIntegration, fmt.Sprintf(`{"integration_id":%q}`, gone.ID)).Status)
	assert.Equal(t, 404, refused(t, f, attrove.GetMessage, fmt.Sprintf(`{"id":%q}`, ids[0])).Status)
	assert.Len(t, call(t, f, attrove.ListMessages, attrove.MessagesIn{}).Data, 1)
	assert.Len(t, call(t, f, attrove.Search, attrove.SearchIn{Query: "apples"}).KeyMessages, 1)
	assert.Len(t, call(t, f, attrove.ListConversations, attrove.ConversationsIn{}).Data, 1)
	assert.Empty(t, call(t, f, attrove.ListRelationships, attrove.RelationshipsIn{}).Data)
	var people []attrove.ForeignText
	for _, e := range call(t, f, attrove.ListEntities, attrove.EntitiesIn{}).Data {
		people = append(people, e.ExternalIDs...)
	}
	assert.ElementsMatch(t, []attrove.ForeignText{"ann@acme.com", "p1@acme.com", "acme.com"}, people, "whom nothing names any more is gone")
	assert.Equal(t, attrove.SyncTotals{Messages: 1, Conversations: 1, Events: 1, Entities: 3}, call(t, f, attrove.GetSyncStats, attrove.None{}).Totals)

	again := call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", BodyText: "apples", ExternalID: "0"})
	assert.NotEqual(t, ids[0], again.ID)
	assert.NotEqual(t, gone.ID, integrationOf(t, f, "email").ID)
}

// TestDisconnectGoesOnAlone: a mailbox takes longer than a caller waits.
func TestDisconnectGoesOnAlone(t *testing.T) {
	f := start(t, options())
	for i := range 400 {
		call(t, f, attrove.PushMessage, chat("#a", fmt.Sprint("apples ", i), ""))
	}
	ref := attrove.IntegrationRef{IntegrationID: integrationOf(t, f, "chat").ID}
	state := func() string { // connected, disconnecting or ""
		n, err := valueOf(attrove.GetIntegration.Call(t.Context(), f.client, f.me, ref))
		var failure *attrove.Error
		assert.True(t, err == nil || errors.As(err, &failure) && failure.Status == http.StatusNotFound, "%v", err)
		return n.AuthStatus
	}
	ctx, leave := context.WithCancel(t.Context())
	var caller sync.WaitGroup
	caller.Go(func() {
		_, _ = attrove.DisconnectIntegration.Call(ctx, f.client, f.me, ref) // it depends on who is quicker
	})
	require.Eventually(t, func() bool { return state() != "connected" }, time.Minute, time.Millisecond)
	leave()
	caller.Wait()
	require.Eventually(t, func() bool { return state() == "" }, time.Minute, 5*time.Millisecond)
	assert.Empty(t, call(t, f, attrove.ListMessages, attrove.MessagesIn{}).Data)
}

func TestDisconnectOnlyWhatIsTheUsers(t *testing.T) {
	f := start(t, options())
	other := newUser(t, f, attrove.CreateUserIn{Email: "x@example.com"})
	call(t, f, attrove.PushMessage, chat("#a", "apples", ""))
	call(t, other, attrove.PushMessage, chat("#a", "apples", ""))
	mine := integrationOf(t, f, "chat")
	assert.Equal(t, 404, refused(t, other, attrove.DisconnectIntegration, fmt.Sprintf(`{"integration_id":%q}`, mine.ID)).Status)
	call(t, f, attrove.DisconnectIntegration, attrove.IntegrationRef{IntegrationID: mine.ID})
	assert.Len(t, call(t, other, attrove.Search, attrove.SearchIn{Query: "apples"}).KeyMessages, 1)
	assert.Len(t, call(t, other, attrove.ListEntities, attrove.EntitiesIn{EntityType: "person"}).Data, 1)
}

func TestAttendeesMustBeAList(t *testing.T) {
	f := start(t, options())
	push := func(attendees string) string {
		return `{"title":"Sync","start_time":"2026-11-02T10:00:00Z","end_time":"2026-11-02T11:00:00Z","attendees":` + attendees + `}`
	}
	for attendees, want := range map[string]string{
		`"Ann, Bob"`:     "must be a list, not a string that is no JSON list",
		`["Ann"]`:        "must be an object, not string",
		`"[\"Ann\"]"`:    "must be an object, not string",
		`{"name":"Ann"}`: "must be a list, not object",
	} {
		for _, op := range []attrove.Any{attrove.PushMeeting, attrove.PushEvent} {
			failure := refused(t, f, op, push(attendees))
			assert.Equal(t, "attendees", failure.Field, attendees)
			assert.Contains(t, failure.Message, want, attendees)
		}
	}
	_, err := f.client.Do(t.Context(), attrove.PushMeeting.Info(), f.me, []byte(push(`"[{\"name\":\"Ann\"}]"`)))
	require.NoError(t, err, "the JSON of a list is one (contract section 2.3)")
	got := call(t, f, attrove.ListMeetings, attrove.MeetingsIn{Expand: []attrove.MeetingExpand{"attendees"}}).Data[0]
	assert.Equal(t, attrove.Lenient[attrove.Attendee]{{Name: "Ann"}}, got.Attendees)
}

func TestDisconnectingIsPublished(t *testing.T) {
	o, _ := moved()
	f := start(t, o)
	url, arrived := listener(t, http.StatusOK)
	call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: url, Events: []string{"integrations.disconnected"}})
	call(t, f, attrove.PushMessage, chat("#a", "apples", ""))
	gone := integrationOf(t, f, "chat").ID
	call(t, f, attrove.DisconnectIntegration, attrove.IntegrationRef{IntegrationID: gone})
	assert.JSONEq(t, `{"type":"integrations.disconnected","timestamp":"2026-11-03T09:30:00Z","data":{"integration_id":"`+gone+`","user_id":"`+
		f.me.UserID+`"}}`, string((<-arrived).body))
}
