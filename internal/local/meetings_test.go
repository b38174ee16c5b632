package local_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

const transcript = `Ann Lee: The harbour master asked for the blue crane before the season begins.
Bob Ray: It costs forty thousand with the long arm of the crane.
Ann Lee: Okay, let's go with the blue crane. Bob, can you order the crane with the long arm?
Bob Ray: I'll order it by Friday.
`

// pushMeeting pushes one and returns it as it is stored.
func pushMeeting(t *testing.T, f fixture, in attrove.PushMeetingIn) attrove.Meeting {
	t.Helper()
	in.Title, in.StartTime, in.ExternalID = "Yard", "2026-11-02T10:00:00Z", "yard"
	return call(t, f, attrove.GetMeeting, attrove.MeetingIn{ID: call(t, f, attrove.PushMeeting, in).ID})
}

func TestUpdateMeeting(t *testing.T) {
	f := start(t, options())
	was := pushMeeting(t, f, attrove.PushMeetingIn{Summary: "They spoke of cranes.", ShortSummary: "Cranes."})
	items := attrove.Some([]attrove.ActionItem{{Description: "paint the fence", Assignee: "Bob"}, {Description: "sell the dredger"}})
	want := was
	want.Title, want.Summary, want.ActionItems = "Yard and fence", "They spoke of fences.", items.Value
	got := call(t, f, attrove.UpdateMeeting, attrove.UpdateMeetingIn{ID: was.ID, Title: attrove.Some("Yard and fence"), Summary: attrove.Some("They spoke of fences."), ActionItems: items})
	assert.Equal(t, want, got)
	assert.Equal(t, want, call(t, f, attrove.GetMeeting, attrove.MeetingIn{ID: was.ID}))

	found := func(query string) int {
		return len(call(t, f, attrove.Search, attrove.SearchIn{Query: query}).KeyMeetings)
	}
	assert.Equal(t, 1, found("fences"), "its passages are new")
	assert.Equal(t, 1, found("dredger"))
	assert.Zero(t, found("cranes"), "and the old ones gone")

	cleared := call(t, f, attrove.UpdateMeeting, attrove.UpdateMeetingIn{ID: was.ID, Summary: attrove.Opt[string]{Set: true, Null: true},
		ShortSummary: attrove.Opt[string]{Set: true, Null: true}, ActionItems: attrove.Opt[[]attrove.ActionItem]{Set: true, Null: true}})
	assert.Empty(t, cleared.Summary)
	assert.Empty(t, cleared.ShortSummary)
	assert.Empty(t, cleared.ActionItems)
	assert.EqualValues(t, "Yard and fence", cleared.Title)
	assert.Zero(t, found("dredger"))
}

func TestUpdateMeetingRefuses(t *testing.T) {
	f := start(t, options())
	m := pushMeeting(t, f, attrove.PushMeetingIn{})
	for body, field := range map[string]string{
		`{"id":"%"}`:                                     "title, summary",
		`{"id":"%","title":""}`:                          "title",
		`{"id":"%","title":null}`:                        "title",
		`{"id":"%","title":7}`:                           "title",
		`{"id":"%","action_items":[{"assignee":"Bob"}]}`: "action_items[0].description",
		`{"id":"%","action_items":[{"description":"x"},{"description":""}]}`: "action_items[1].description",
		`{"id":"%","transcript":"x"}`:                                        "transcript",
	} {
		failure := refused(t, f, attrove.UpdateMeeting, with(body, m.ID))
		assert.Contains(t, []int{400, 422}, failure.Status, body)
		assert.Contains(t, failure.Message, field, body)
	}
	assert.Equal(t, m, call(t, f, attrove.GetMeeting, attrove.MeetingIn{ID: m.ID}))
	notThere(t, f, m.ID, attrove.UpdateMeeting, `{"id":"%","title":"Mine"}`)
}

// with puts an id in the place of %.
func with(body, id string) string { return strings.ReplaceAll(body, "%", id) }

// notThere checks that a meeting answers 404 to another user, and to everybody
// once it is archived.
func notThere(t *testing.T, f fixture, id string, op attrove.Any, body string) {
	t.Helper()
	stranger := newUser(t, f, attrove.CreateUserIn{Email: "x@example.com"})
	assert.Equal(t, 404, refused(t, stranger, op, with(body, id)).Status)
	assert.Equal(t, 404, refused(t, f, op, with(body, "mtg_x")).Status)
	call(t, f, attrove.DeleteMeeting, attrove.MeetingRef{ID: id})
	failure := refused(t, f, op, with(body, id))
	assert.Equal(t, 404, failure.Status)
	assert.Contains(t, failure.Message, "archived")
}

func TestMeetingsWithoutSummaryGetOne(t *testing.T) {
	f := start(t, options())
	m := pushMeeting(t, f, attrove.PushMeetingIn{Transcript: transcript})
	assert.Contains(t, m.ShortSummary, "Let's go with the blue crane.")
	assert.Contains(t, m.Summary, "Decided: Ann Lee: Let's go with the blue crane.")
	assert.Contains(t, m.ActionItems, attrove.ActionItem{Description: "Bob, can you order the crane with the long arm? (by 6 November 2026)", Assignee: "Bob Ray"})
	assert.Equal(t, transcript, string(m.Transcript))

	again := pushMeeting(t, f, attrove.PushMeetingIn{Transcript: transcript, Summary: "Said otherwise."})
	assert.EqualValues(t, "Said otherwise.", again.Summary, "what was pushed stays")
	assert.Empty(t, again.ShortSummary)
	mine := pushMeeting(t, f, attrove.PushMeetingIn{Transcript: transcript, ActionItems: attrove.Lenient[attrove.ActionItem]{{Description: "sail"}}})
	assert.NotEmpty(t, mine.Summary)
	assert.Equal(t, attrove.Lenient[attrove.ActionItem]{{Description: "sail"}}, mine.ActionItems)
}

// TestMeetingsAreCutAnew has a meeting without passages stand for one that an older
// program cut.
func TestMeetingsAreCutAnew(t *testing.T) {
	o := options()
	o.Path = filepath.Join(t.TempDir(), "a.db")
	f := start(t, o)
	m := pushMeeting(t, f, attrove.PushMeetingIn{Transcript: transcript})
	m = call(t, f, attrove.UpdateMeeting, attrove.UpdateMeetingIn{ID: m.ID, Summary: attrove.Opt[string]{Set: true, Null: true}})
	require.NoError(t, f.engine.Close())
	db, err := sql.Open("sqlite", o.Path)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), "DELETE FROM passages; PRAGMA user_version = 14")
	require.NoError(t, errors.Join(err, db.Close()))

	f = start(t, o)
	assert.Len(t, call(t, f, attrove.Search, attrove.SearchIn{Query: "blue crane"}).KeyMeetings, 1)
	assert.Equal(t, m, call(t, f, attrove.GetMeeting, attrove.MeetingIn{ID: m.ID}), "and nothing else is new")
}

func TestRegenerateSummary(t *testing.T) {
	f := start(t, options())
	m := pushMeeting(t, f, attrove.PushMeetingIn{Transcript: transcript})
	written := call(t, f, attrove.UpdateMeeting, attrove.UpdateMeetingIn{ID: m.ID, Summary: attrove.Some("My own words on the dredger."), ActionItems: attrove.Opt[[]attrove.ActionItem]{Set: true, Null: true}})
	assert.Equal(t, written, call(t, f, attrove.GetMeeting, attrove.MeetingIn{ID: m.ID}), "nobody writes over it")

	assert.Equal(t, attrove.Regenerated{ID: m.ID, Status: "queued"}, call(t, f, attrove.RegenerateMeetingSummary, attrove.MeetingRef{ID: m.ID}))
	assert.Equal(t, m, call(t, f, attrove.GetMeeting, attrove.MeetingIn{ID: m.ID}), "unless asked to")
	assert.Empty(t, call(t, f, attrove.Search, attrove.SearchIn{Query: "dredger"}).KeyMeetings)
	require.Len(t, call(t, f, attrove.Search, attrove.SearchIn{Query: "blue crane"}).KeyMeetings, 1)

	bare := pushMeeting(t, f, attrove.PushMeetingIn{Summary: "Only this."})
	failure := refused(t, f, attrove.RegenerateMeetingSummary, `{"id":"`+bare.ID+`"}`)
	assert.Equal(t, 422, failure.Status)
	assert.Contains(t, failure.Message, "transcript")
	notThere(t, f, bare.ID, attrove.RegenerateMeetingSummary, `{"id":"%"}`)
}

func TestSummariesArePublished(t *testing.T) {
	o, _ := moved()
	f := start(t, o)
	url, arrived := listener(t, http.StatusOK)
	call(t, f, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: url, Events: []string{attrove.EventSummaryReady}})
	m := pushMeeting(t, f, attrove.PushMeetingIn{Transcript: transcript})
	call(t, f, attrove.RegenerateMeetingSummary, attrove.MeetingRef{ID: m.ID})
	for range 2 { // the one of its own accord, the one that was asked for
		var event struct {
			Type string
			Data map[string]string
		}
		require.NoError(t, json.Unmarshal((<-arrived).body, &event))
		assert.Equal(t, attrove.EventSummaryReady, event.Type)
		assert.Equal(t, m.ID, event.Data["meeting_id"])
		assert.Equal(t, f.me.UserID, event.Data["user_id"])
	}
}

// A summary that waits to be written gives way to what a person writes.
func TestWhatAPersonWritesStays(t *testing.T) {
	f := start(t, options())
	m := pushMeeting(t, f, attrove.PushMeetingIn{Transcript: transcript})
	for range 20 {
		call(t, f, attrove.RegenerateMeetingSummary, attrove.MeetingRef{ID: m.ID})
		call(t, f, attrove.UpdateMeeting, attrove.UpdateMeetingIn{ID: m.ID, Summary: attrove.Some("Mine.")})
		assert.EqualValues(t, "Mine.", call(t, f, attrove.GetMeeting, attrove.MeetingIn{ID: m.ID}).Summary)
	}
}
