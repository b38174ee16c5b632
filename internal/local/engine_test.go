package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/openapi/openapitest"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

var now = time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC) // a Tuesday

// fixture is an engine, a client of it, and its local user.
type fixture struct {
	engine *local.Engine
	client *attrove.Client
	me     attrove.Caller
}

func options() local.Options {
	return local.Options{Now: func() time.Time { return now }, Me: []string{"Me@Example.com"}, Name: "Mia Example",
		ClientID: "partner", ClientSecret: "partner-secret"}
}

// start starts an engine, the log of which may repeat nothing that it is told or
// tells; it also goes to whoever reads it.
func start(tb testing.TB, o local.Options, readers ...io.Writer) fixture {
	tb.Helper()
	logs := safetest.Log(tb, io.MultiWriter(readers...), "partner-secret")
	o.Log = logs.Logger
	engine := local.New(o)
	tb.Cleanup(func() { require.NoError(tb, engine.Close()) })
	client, err := attrove.NewClient(attrove.ClientOptions{Transport: logs.Between(tb, openapitest.Transport(tb, engine.Transport())), ClientID: "partner", ClientSecret: "partner-secret"})
	require.NoError(tb, err)
	me, err := engine.LocalCaller(tb.Context())
	require.NoError(tb, err)
	return fixture{engine, client, me}
}

// call calls an operation that is to succeed.
func call[In, Out any](tb testing.TB, f fixture, op attrove.Operation[In, Out], in In) Out {
	tb.Helper()
	reply, err := op.Call(tb.Context(), f.client, f.me, in)
	require.NoError(tb, err)
	out, err := reply.Value()
	require.NoError(tb, err)
	return out
}

// refused calls an operation that is to fail.
func refused(tb testing.TB, f fixture, op attrove.Any, args string) *attrove.Error {
	tb.Helper()
	_, err := f.client.Do(tb.Context(), op.Info(), f.me, json.RawMessage(args))
	var failure *attrove.Error
	require.ErrorAs(tb, err, &failure)
	return failure
}

// newUser adds a user and returns the fixture as that user sees it.
func newUser(tb testing.TB, f fixture, in attrove.CreateUserIn) fixture {
	tb.Helper()
	user := call(tb, f, attrove.CreateUser, in)
	f.me = attrove.Caller{UserID: user.ID, Key: attrove.Secret(user.APIKey)}
	return f
}

func TestPushedMessageIsFound(t *testing.T) {
	f := start(t, options())
	receipt := call(t, f, attrove.PushMessage, attrove.PushMessageIn{
		Source: "Email", BodyText: "We agreed to renew in March.", Subject: "Renewal", SenderEmail: "Ann@Acme.com",
		SenderName: "Ann", Recipients: []attrove.Address{{Email: "me@example.com", Name: "Mia"}},
		SentAt: "2026-11-02T10:00:00+01:00", ExternalThreadID: "t", ExternalID: "<1@acme>",
		Metadata: attrove.Object{attrove.MetaQuotedText: "will you renew?", attrove.MetaConversation: "inbox", "labels": []string{"a"}},
	})
	assert.Equal(t, attrove.PushQueued, receipt.Status)
	assert.Nil(t, receipt.IndexedAt)

	got := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: receipt.ID, Expand: []attrove.MessageExpand{"headers"}})
	assert.Equal(t, attrove.Message{
		ID: receipt.ID, IntegrationID: got.IntegrationID, IntegrationType: "email", ConversationID: got.ConversationID,
		ThreadID: got.ThreadID, Subject: "Renewal", SenderName: "Ann", SenderEmail: "ann@acme.com",
		RecipientNames: []attrove.ForeignText{"Mia"}, RecipientEmails: []attrove.ForeignText{"me@example.com"},
		BodyText: "We agreed to renew in March.", QuotedText: "will you renew?",
		Headers: map[string]string{"conversation": "inbox", "labels": `["a"]`}, ReceivedAt: "2026-11-02T09:00:00Z",
	}, got)

	found := call(t, f, attrove.Search, attrove.SearchIn{Query: "renewing"})
	require.Len(t, found.KeyMessages, 1)
	assert.Equal(t, receipt.ID, found.KeyMessages[0].MessageID)
	conversation := found.Conversations[got.ConversationID]
	require.NotNil(t, conversation.ConversationName)
	assert.EqualValues(t, "inbox", *conversation.ConversationName)
	assert.Contains(t, conversation.Threads, got.ThreadID)
}

func TestRePushReplaces(t *testing.T) {
	f := start(t, options())
	push := func(body string) attrove.PushReceipt {
		return call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: body, ExternalID: "n1"})
	}
	first := push("about apples")
	again := push("about pears")
	assert.Equal(t, first.ID, again.ID)

	notes := call(t, f, attrove.ListNotes, attrove.NotesIn{})
	require.Len(t, notes.Data, 1)
	assert.EqualValues(t, "about pears", notes.Data[0].Body)
	assert.Equal(t, attrove.PushIndexed, notes.Data[0].Status)
	assert.NotEmpty(t, *notes.Data[0].IndexedAt)
	stats := call(t, f, attrove.GetSyncStats, attrove.None{})
	assert.Equal(t, attrove.SyncTotals{Notes: 1}, stats.Totals)
}

func TestArchiveHidesAndPushBringsBack(t *testing.T) {
	f := start(t, options())
	note := attrove.PushNoteIn{Body: "apples", ExternalID: "n1"}
	meeting := attrove.PushMeetingIn{Title: "Apples", StartTime: "2026-11-02T10:00:00Z", ExternalID: "m1"}
	noteID, meetingID := call(t, f, attrove.PushNote, note).ID, call(t, f, attrove.PushMeeting, meeting).ID
	call(t, f, attrove.PushMeeting, attrove.PushMeetingIn{Title: "Pears", StartTime: "2026-11-03T08:00:00Z"})
	assert.ElementsMatch(t, []attrove.SourceCoverage{{Source: "note", First: "2026-11-03T09:30:00Z", Last: "2026-11-03T09:30:00Z", Count: 1},
		{Source: "meeting", First: "2026-11-02T10:00:00Z", Last: "2026-11-03T08:00:00Z", Count: 2}}, covered(t, f))

	assert.Equal(t, attrove.Archived{ID: noteID, Archived: true}, call(t, f, attrove.DeleteNoteByExternalID, attrove.ExternalRef{ExternalID: "n1"}))
	assert.Equal(t, attrove.Archived{ID: meetingID, Archived: true}, call(t, f, attrove.DeleteMeeting, attrove.MeetingRef{ID: meetingID}))
	assert.Empty(t, call(t, f, attrove.ListNotes, attrove.NotesIn{}).Data)
	assert.Len(t, call(t, f, attrove.ListMeetings, attrove.MeetingsIn{}).Data, 1)
	assert.Equal(t, []attrove.SourceCoverage{{Source: "meeting", First: "2026-11-03T08:00:00Z", Last: "2026-11-03T08:00:00Z", Count: 1}},
		covered(t, f), "what is out of sight covers nothing")
	assert.Empty(t, call(t, f, attrove.Search, attrove.SearchIn{Query: "apples"}).KeyMeetings)
	assert.Equal(t, attrove.SyncTotals{Meetings: 1}, call(t, f, attrove.GetSyncStats, attrove.None{}).Totals)
	failure := refused(t, f, attrove.DeleteNote, fmt.Sprintf(`{"note_id":%q}`, noteID))
	assert.Equal(t, attrove.CodeNotFound, failure.Code)
	assert.Contains(t, failure.Message, "archived")

	assert.Equal(t, noteID, call(t, f, attrove.PushNote, note).ID)
	assert.Len(t, call(t, f, attrove.ListNotes, attrove.NotesIn{}).Data, 1)
}

// covered is what the engine says its data covers.
func covered(t *testing.T, f fixture) []attrove.SourceCoverage {
	t.Helper()
	reply, err := attrove.GetProfile.Call(t.Context(), f.client, f.me, attrove.None{})
	require.NoError(t, err)
	var coverage attrove.Coverage
	require.NoError(t, json.Unmarshal([]byte(reply.Header.Get(attrove.CoverageHeader)), &coverage))
	assert.Equal(t, "local", coverage.Backend)
	return coverage.Sources
}

func TestUsersSeeTheirOwnAlone(t *testing.T) {
	f := start(t, options())
	other := newUser(t, f, attrove.CreateUserIn{Email: "other@example.com", Timezone: "Europe/Berlin"})
	note := call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "mine"})
	message := call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "chat", BodyText: "mine", SenderEmail: "a@b.org"})
	mine := call(t, f, attrove.GetMessage, attrove.MessageIn{ID: message.ID})
	meeting := call(t, f, attrove.PushMeeting, attrove.PushMeetingIn{Title: "mine", StartTime: "2026-11-02T10:00:00Z", ExternalID: "m"})
	event := call(t, f, attrove.PushEvent, attrove.PushEventIn{Title: "mine", StartTime: "2026-11-02T10:00:00Z", EndTime: "2026-11-02T11:00:00Z"})
	entity := call(t, f, attrove.ListEntities, attrove.EntitiesIn{}).Data[0]

	for _, tc := range []struct {
		op   attrove.Any
		args string
	}{
		{attrove.GetNote, `{"note_id":"` + note.ID + `"}`},
		{attrove.DeleteNote, `{"note_id":"` + note.ID + `"}`},
		{attrove.GetMessage, `{"id":"` + message.ID + `"}`},
		{attrove.GetIntegration, `{"integration_id":"` + mine.IntegrationID + `"}`},
		{attrove.ListThreadMessages, `{"thread_id":"` + mine.ThreadID + `"}`},
		{attrove.GetEntity, `{"id":"` + entity.ID + `"}`},
		{attrove.GetMeeting, `{"id":"` + meeting.ID + `"}`},
		{attrove.DeleteMeeting, `{"id":"` + meeting.ID + `"}`},
		{attrove.DeleteMeetingByExternalID, `{"external_id":"m"}`},
		{attrove.GetEvent, `{"id":"` + event.ID + `"}`},
	} {
		assert.Equal(t, 404, refused(t, other, tc.op, tc.args).Status, tc.op.Info().Name)
	}
	assert.Empty(t, call(t, other, attrove.ListMessages, attrove.MessagesIn{ThreadID: mine.ThreadID}).Data)
	assert.Empty(t, call(t, other, attrove.Search, attrove.SearchIn{Query: "mine"}).KeyMessages)

	stranger := other
	stranger.me.UserID = f.me.UserID // another's id with one's own key
	assert.Equal(t, 404, refused(t, stranger, attrove.GetProfile, `{}`).Status)
	stranger.me.Key = "sk_wrong"
	assert.Equal(t, attrove.CodeAuthentication, refused(t, stranger, attrove.GetProfile, `{}`).Code)
}

// TestOnlyUser: from the second user on, nobody is taken for the first.
func TestOnlyUser(t *testing.T) {
	f := start(t, options())
	who, err := f.engine.OnlyUser(t.Context())
	require.NoError(t, err)
	assert.Equal(t, f.me, who)
	newUser(t, f, attrove.CreateUserIn{Email: "other@example.com", Timezone: "Europe/Berlin"})
	_, err = f.engine.OnlyUser(t.Context())
	var failure *attrove.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, attrove.CodeForbidden, failure.Code)
	assert.Contains(t, failure.Message, "has 2 users")
	assert.Contains(t, failure.Message, "attrove-mcp api")
}

func TestCreateUser(t *testing.T) {
	f := start(t, options())
	in := attrove.CreateUserIn{Email: "Ann@Example.com", FirstName: "Ann", Timezone: "Europe/Berlin", Metadata: attrove.Object{"plan": "x"}}
	ann := newUser(t, f, in)
	profile := call(t, ann, attrove.GetProfile, attrove.None{})
	assert.Equal(t, attrove.User{ID: ann.me.UserID, Email: "Ann@Example.com", FirstName: "Ann", Timezone: "Europe/Berlin",
		Metadata: attrove.Object{"plan": "x"}, CreatedAt: "2026-11-03T09:30:00Z", UpdatedAt: "2026-11-03T09:30:00Z"}, profile)

	again := refused(t, f, attrove.CreateUser, `{"email":"ann@example.COM"}`)
	assert.Equal(t, attrove.CodeUserExists, again.Code)
	assert.NotContains(t, again.Error(), "sk_")
	assert.Equal(t, "email", refused(t, f, attrove.CreateUser, `{"email":"nobody"}`).Field)
	assert.Equal(t, "timezone", refused(t, f, attrove.CreateUser, `{"email":"a@b.org","timezone":"Mars/Olympus"}`).Field)
}

func TestPartnerCredentials(t *testing.T) {
	engine := start(t, options()).engine
	for name, tc := range map[string]struct {
		o  attrove.ClientOptions
		ok bool
	}{
		"basic":        {attrove.ClientOptions{ClientID: "partner", ClientSecret: "partner-secret"}, true},
		"headers":      {attrove.ClientOptions{ClientID: "partner", ClientSecret: "partner-secret", PartnerAuth: attrove.PartnerHeaders}, true},
		"wrong secret": {attrove.ClientOptions{ClientID: "partner", ClientSecret: "x"}, false},
		"wrong id":     {attrove.ClientOptions{ClientID: "x", ClientSecret: "partner-secret"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			tc.o.Transport = openapitest.Transport(t, engine.Transport())
			client, err := attrove.NewClient(tc.o)
			require.NoError(t, err)
			_, err = attrove.CreateUser.Call(t.Context(), client, attrove.Caller{}, attrove.CreateUserIn{Email: t.Name()[len("TestPartner"):] + "@example.com"})
			if tc.ok {
				require.NoError(t, err)
				return
			}
			var failure *attrove.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, attrove.CodeAuthentication, failure.Code)
		})
	}
	bare := start(t, local.Options{})
	assert.Equal(t, attrove.CodeAuthentication, refused(t, bare, attrove.CreateUser, `{"email":"a@b.org"}`).Code)
}

func TestLocalUserKeepsWhatItWasTold(t *testing.T) {
	path := t.TempDir() + "/a.db"
	first := options()
	first.Path, first.Timezone = path, "Europe/Berlin"
	f := start(t, first)
	id := f.me.UserID
	require.NoError(t, f.engine.Close())

	later := start(t, local.Options{Path: path})
	profile := call(t, later, attrove.GetProfile, attrove.None{})
	assert.Equal(t, id, profile.ID)
	assert.Equal(t, "me@example.com", profile.Email)
	assert.Equal(t, "Europe/Berlin", profile.Timezone)
	assert.NotEqual(t, f.me.Key.Reveal(), later.me.Key.Reveal(), "the key is the process's")
	later.me.Key = f.me.Key
	assert.Equal(t, 401, refused(t, later, attrove.GetProfile, `{}`).Status)
}

func TestSampleIsLoadedOnce(t *testing.T) {
	o := options()
	o.Path = t.TempDir() + "/a.db"
	loads := 0
	o.Sample = func(ctx context.Context, at time.Time, push func(context.Context, attrove.Any, json.RawMessage) error) error {
		loads++
		assert.Equal(t, now, at)
		return push(ctx, attrove.PushNote, json.RawMessage(`{"body":"sample"}`))
	}
	for range 2 {
		f := start(t, o)
		assert.Len(t, call(t, f, attrove.ListNotes, attrove.NotesIn{}).Data, 1)
		require.NoError(t, f.engine.Close())
	}
	assert.Equal(t, 1, loads)
}

func TestOpenErrorsSayWhy(t *testing.T) {
	f := fixture{engine: local.New(local.Options{Path: t.TempDir()})} // a directory
	t.Cleanup(func() { require.NoError(t, f.engine.Close()) })
	_, err := f.engine.LocalCaller(t.Context())
	require.ErrorContains(t, err, "is a directory")
	require.NoError(t, f.engine.Close())
	_, err = f.engine.LocalCaller(t.Context())
	assert.ErrorContains(t, err, "closed")
}

func TestQueryAnswersFromWhatWasPushed(t *testing.T) {
	f := start(t, options())
	pushMessages(t, f, 20)
	receipt := call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", SenderEmail: "ann@acme.com", SenderName: "Ann",
		Subject: "Launch date", BodyText: "The launch of the Falcon project moves to 12 December.", SentAt: "2026-11-02T10:00:00Z"})
	out := call(t, f, attrove.Query, attrove.QueryIn{Query: "What is the launch date of the Falcon project?", IncludeSources: true})
	assert.Contains(t, out.Answer, "12 December")
	assert.Equal(t, []string{receipt.ID}, out.UsedMessageIDs)
	assert.NotEmpty(t, out.Sources)
	assert.Empty(t, call(t, f, attrove.Query, attrove.QueryIn{Query: "What is the airspeed of a swallow?"}).Answer)
}
