package local_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestSettingsMerge(t *testing.T) {
	clock := now
	o := options()
	o.Now = func() time.Time { return clock }
	f := start(t, o)
	all := attrove.Settings{DefaultConversationSync: store.SyncAll}
	assert.Equal(t, all, call(t, f, attrove.GetSettings, attrove.None{}))

	clock = now.Add(time.Minute)
	set := call(t, f, attrove.UpdateSettings, attrove.UpdateSettingsIn{HistoryDays: attrove.Some(90),
		ExcludedDomains: attrove.Some([]string{"Bank.Example", "bücher.example", "bank.example"})})
	want := attrove.Settings{HistoryDays: 90, DefaultConversationSync: store.SyncAll,
		ExcludedDomains: []string{"bank.example", "xn--bcher-kva.example"}, UpdatedAt: "2026-11-03T09:31:00Z"}
	assert.Equal(t, want, set)
	want.DefaultConversationSync = store.SyncNone
	assert.Equal(t, want, call(t, f, attrove.UpdateSettings, attrove.UpdateSettingsIn{DefaultConversationSync: attrove.Some(store.SyncNone)}))
	assert.Equal(t, want, call(t, f, attrove.GetSettings, attrove.None{}))

	for args, field := range map[string]string{
		`{"history_days":0}`:                           "history_days",
		`{"history_days":-1}`:                          "history_days",
		`{"history_days":"many"}`:                      "history_days",
		`{"sync_interval_minutes":5}`:                  "sync_interval_minutes",
		`{"default_conversation_sync":"some"}`:         "default_conversation_sync",
		`{"excluded_domains":["ok.example","a@b.c"]}`:  "excluded_domains[1]",
		`{"excluded_domains":["com"]}`:                 "excluded_domains[0]",
		`{"excluded_domains":"bank.example"}`:          "excluded_domains",
		`{"colour":"blue"}`:                            "colour",
		`{"history_days":1,"sync_interval_minutes":5}`: "sync_interval_minutes",
	} {
		failure := refused(t, f, attrove.UpdateSettings, args)
		assert.Equal(t, field, failure.Field, args)
	}
	assert.Equal(t, want, call(t, f, attrove.GetSettings, attrove.None{}), "what is refused changes nothing")

	reply, err := f.client.Do(t.Context(), attrove.UpdateSettings.Info(), f.me,
		[]byte(`{"history_days":null,"sync_interval_minutes":null,"default_conversation_sync":null,"excluded_domains":null}`))
	require.NoError(t, err)
	assert.JSONEq(t, `{"default_conversation_sync":"all","updated_at":"2026-11-03T09:31:00Z"}`, string(reply.Raw))
}

func TestSettingsHoldForWhatIsPushedAfterwards(t *testing.T) {
	f := start(t, options())
	old := attrove.PushMessageIn{Source: "email", BodyText: "b", SenderEmail: "ann@bank.example", SentAt: "2026-09-01T10:00:00Z", ExternalID: "old"}
	call(t, f, attrove.PushMessage, old)
	call(t, f, attrove.UpdateSettings, attrove.UpdateSettingsIn{HistoryDays: attrove.Some(30),
		ExcludedDomains: attrove.Some([]string{"bank.example", "example.com"})})

	const day, evening = "2026-11-02T10:00:00Z", "2026-11-02T20:00:00Z"
	person := func(email string) attrove.Lenient[attrove.Attendee] {
		return attrove.Lenient[attrove.Attendee]{{Email: attrove.ForeignText(email)}}
	}
	fine := attrove.PushMessageIn{Source: "email", BodyText: "b", SenderEmail: "me@example.com", SentAt: day,
		Recipients: []attrove.Address{{Email: "ann@notbank.example"}}}
	kept := func(change func(*attrove.PushMessageIn)) error {
		in := fine
		change(&in)
		_, err := attrove.PushMessage.Call(t.Context(), f.client, f.me, in)
		return err
	}
	meeting := func(start, end attrove.DateTime, email string) error {
		_, err := attrove.PushMeeting.Call(t.Context(), f.client, f.me,
			attrove.PushMeetingIn{Title: "m", StartTime: start, EndTime: end, Attendees: person(email)})
		return err
	}
	event := func(start, end attrove.DateTime, email string) error {
		_, err := attrove.PushEvent.Call(t.Context(), f.client, f.me,
			attrove.PushEventIn{Title: "e", StartTime: start, EndTime: end, Attendees: person(email)})
		return err
	}
	const early, late = "2026-09-01T10:00:00Z", "2026-12-01T10:00:00Z"
	for name, err := range map[string]error{
		"one's own domain": kept(func(*attrove.PushMessageIn) {}),
		"no time":          kept(func(m *attrove.PushMessageIn) { m.SentAt = "" }),
		"meeting":          meeting(day, evening, "Bo@Other.example"),
		"event to come":    event(late, late, "bo@other.example"),
		"still going on":   event(early, late, ""),
	} {
		require.NoError(t, err, name)
	}
	for name, err := range map[string]error{
		"sender":        kept(func(m *attrove.PushMessageIn) { m.SenderEmail = "Ann@Bank.Example" }),
		"subdomain":     kept(func(m *attrove.PushMessageIn) { m.SenderEmail = "ann@mail.bank.example" }),
		"recipient":     kept(func(m *attrove.PushMessageIn) { m.Recipients = []attrove.Address{{Email: "ann@bank.example"}} }),
		"colleague":     kept(func(m *attrove.PushMessageIn) { m.Recipients = []attrove.Address{{Email: "boss@example.com"}} }),
		"old message":   kept(func(m *attrove.PushMessageIn) { m.SentAt = early }),
		"pushed again":  kept(func(m *attrove.PushMessageIn) { *m = old }),
		"old meeting":   meeting(early, "", ""),
		"meeting there": meeting(day, "", "ann@bank.example"),
		"old event":     event(early, early, ""),
		"event there":   event(late, late, "ann@bank.example"),
	} {
		var failure *attrove.Error
		require.ErrorAs(t, err, &failure, name)
		assert.Equal(t, attrove.CodeExcluded, failure.Code, name)
		assert.Equal(t, 422, failure.Status, name)
	}
	call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "a note has no date and no domain"})
	totals := call(t, f, attrove.GetSyncStats, attrove.None{}).Totals
	assert.Equal(t, [4]int{3, 1, 2, 1}, [4]int{totals.Messages, totals.Meetings, totals.Events, totals.Notes}, "and what was there stays")
}

func TestNewConversationsDoAsTheSettingsSay(t *testing.T) {
	f := start(t, options())
	push := func(conversation, id string) {
		call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "chat", BodyText: "b", ExternalID: id, SentAt: "2026-11-02T10:00:00Z",
			Metadata: attrove.Object{attrove.MetaConversation: conversation}})
	}
	push("known", "1")
	call(t, f, attrove.GetSyncStats, attrove.None{}) // waits for it
	call(t, f, attrove.UpdateSettings, attrove.UpdateSettingsIn{DefaultConversationSync: attrove.Some(store.SyncNone)})
	push("known", "2")
	push("new", "3")
	var synced []string
	for _, c := range call(t, f, attrove.ListConversations, attrove.ConversationsIn{}).Data {
		if c.SyncEnabled {
			synced = append(synced, string(*c.Name))
		}
	}
	assert.Equal(t, []string{"known"}, synced)
	assert.Equal(t, 2, call(t, f, attrove.GetSyncStats, attrove.None{}).Totals.Messages)
}

func TestImportsKeepToTheSettings(t *testing.T) {
	for name, settings := range map[string]attrove.UpdateSettingsIn{
		"domain":        {ExcludedDomains: attrove.Some([]string{"acme.com"})},
		"history":       {HistoryDays: attrove.Some(1)},
		"conversations": {DefaultConversationSync: attrove.Some(store.SyncNone)},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Now = func() time.Time { return now.AddDate(0, 0, 3) }
			s := serveSite(t, o)
			call(t, s.fixture, attrove.UpdateSettings, settings)
			done := s.finish(t, s.send(t, s.form(t, s.session(t), "a.mbox", mbox(0, 30))))
			assert.Contains(t, done.body, "Left out</dt><dd>30<")
			assert.Contains(t, done.body, "<dd>0 messages<")
			assert.Zero(t, call(t, s.fixture, attrove.GetSyncStats, attrove.None{}).Totals.Messages)
		})
	}
}
