package attrove_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

func decode[T any](t *testing.T, body string) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal([]byte(body), &v))
	return v
}

func TestReadersTakeBothForms(t *testing.T) {
	for _, body := range []string{`{"id":"u","email":"e","api_key":"sk_1"}`, `{"id":"u","email":"e","apiKey":"sk_1"}`} {
		user := decode[attrove.NewUser](t, body)
		assert.Equal(t, []string{"u", "e", "sk_1"}, []string{user.ID, user.Email, user.APIKey}, body)
	}
	for body, want := range map[string]attrove.EvidenceRef{
		`{"type":"note","id":"x","snippet":"s"}`: {Type: "note", ID: "x", Snippet: "s"},
		`"msg_1"`:                                {Type: "message", ID: "msg_1"},
		`"mtg_1"`:                                {Type: "meeting", ID: "mtg_1"},
		`"evt_1"`:                                {Type: "event", ID: "evt_1"},
		`"note_1"`:                               {Type: "note", ID: "note_1"},
		`"other"`:                                {ID: "other"},
		`null`:                                   {},
	} {
		assert.Equal(t, want, decode[attrove.EvidenceRef](t, body), body)
	}
	for body, want := range map[string]attrove.NextAction{
		`{"description":"Call","owner":"Ann"}`: {Description: "Call", Owner: "Ann"},
		`"Call"`:                               {Description: "Call"},
	} {
		assert.Equal(t, want, decode[attrove.NextAction](t, body), body)
	}
	for _, body := range []string{`{"event_id":"e","goal_id":"g"}`, `{"id":"e","goal_id":"g"}`} {
		assert.Equal(t, attrove.GoalEvent{EventID: "e", GoalID: "g"}, decode[attrove.GoalEvent](t, body), body)
	}
	for _, body := range []string{`{"id":"m","title":"T"}`, `{"meeting_id":"m","title":"T"}`} {
		assert.Equal(t, attrove.SearchMeeting{ID: "m", Title: "T"}, decode[attrove.SearchMeeting](t, body), body)
	}
	for _, body := range []string{`{"id":"e","title":"T"}`, `{"event_id":"e","title":"T"}`} {
		assert.Equal(t, attrove.SearchEvent{ID: "e", Title: "T"}, decode[attrove.SearchEvent](t, body), body)
	}
	for _, body := range []string{`0.9`, `"high"`, `null`} {
		snapshot := decode[attrove.Snapshot](t, `{"confidence":`+body+`}`)
		assert.JSONEq(t, body, string(snapshot.Confidence))
	}
}

func TestListsThatComeAsText(t *testing.T) {
	ann := attrove.Lenient[attrove.Attendee]{{Email: "ann@acme.com"}}
	for body, want := range map[string]attrove.Lenient[attrove.Attendee]{
		`[{"email":"ann@acme.com"}]`:           ann,
		`"[{\"email\":\"ann@acme.com\"}]"`:     ann,
		` " [{\"email\":\"ann@acme.com\"}] " `: ann,
		`null`:                                 nil,
		`"null"`:                               nil,
		`""`:                                   nil,
		`[]`:                                   {},
	} {
		event := decode[attrove.Event](t, `{"attendees":`+body+`}`)
		assert.Equal(t, want, event.Attendees, body)
	}
	var event attrove.Event
	require.Error(t, json.Unmarshal([]byte(`{"attendees":"ann"}`), &event))
	require.Error(t, json.Unmarshal([]byte(`{"attendees":7}`), &event))
}

func TestWrongKindsAreRefused(t *testing.T) {
	for body, into := range map[string]any{
		`7`:            new(attrove.EvidenceRef),
		`[]`:           new(attrove.NextAction),
		`"x"`:          new(attrove.GoalEvent),
		`{"id":7}`:     new(attrove.SearchEvent),
		`{"apiKey":7}`: new(attrove.NewUser),
	} {
		assert.Error(t, json.Unmarshal([]byte(body), into), body)
	}
}

func TestOptionalFieldsTellAbsentFromNull(t *testing.T) {
	in := decode[attrove.UpdateGoalIn](t, `{"goal_id":"g","title":"T","deadline":null}`)
	title, given := in.Title.Get()
	assert.True(t, given)
	assert.Equal(t, "T", title)
	assert.True(t, in.Deadline.Set)
	assert.True(t, in.Deadline.Null)
	assert.False(t, in.Description.Set)

	encoded, err := json.Marshal(in)
	require.NoError(t, err)
	assert.JSONEq(t, `{"goal_id":"g","title":"T","deadline":null}`, string(encoded))
}
