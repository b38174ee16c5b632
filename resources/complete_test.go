package resources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestComplete(t *testing.T) {
	l := answers{
		"/goals": page(`{"id":"gol_1","title":"Osterveld renewal","lifecycle":"active"},{"id":"gol_2","title":"Renew Osterveld's depots","lifecycle":"active"},` +
			`{"id":"gol_3","title":"Hire","lifecycle":"archived"}`),
		"/notes":            page(`{"id":"note_1","body":"Call Ann"}`),
		"/meetings":         page(`{"id":"mtg_1","title":"Review"}`),
		"/entities":         page(`{"id":"ent_1","name":"Ann Lee"},{"id":"ent_2","name":"Bo Lee"}`),
		"/messages":         page(`{"id":"msg_1","thread_id":"thr_1","subject":"Quote"},{"id":"msg_2","thread_id":"thr_1","subject":"Re: Quote"},{"id":"msg_3"}`),
		"/threads/discover": page(`{"thread_id":"thr_2","title":"The quote"},{"thread_id":"thr_3","title":"About something else"}`),
	}.library(t)
	for _, c := range []struct {
		path, typed string
		want        []string
	}{
		{"goals/{goal_id}", "", []string{"osterveld-renewal~gol_1", "renew-osterveld-s-depots~gol_2", "hire~gol_3"}},
		{"goals/{goal_id}", "OST", []string{"osterveld-renewal~gol_1", "renew-osterveld-s-depots~gol_2"}},
		{"goals/{goal_id}/evidence", "ren", []string{"renew-osterveld-s-depots~gol_2", "osterveld-renewal~gol_1"}},
		{"goals/{goal_id}/snapshots", "gol_3", []string{"hire~gol_3"}},
		{"goals/{goal_id}", "osterveld-renewal~gol", []string{"osterveld-renewal~gol_1"}},
		{"goals/{goal_id}", "osterveld-r", []string{"osterveld-renewal~gol_1"}},
		{"goals/{goal_id}", "nothing", nil},
		{"notes/{note_id}", "call", []string{"call-ann~note_1"}},
		{"meetings/{meeting_id}", "re", []string{"review~mtg_1"}},
		{"entities/{entity_id}", "lee", []string{"ann-lee~ent_1", "bo-lee~ent_2"}},
		{"threads/{thread_id}", "", []string{"quote~thr_1"}},
		{"threads/{thread_id}", "quo", []string{"the-quote~thr_2"}},
	} {
		name := c.path[strings.Index(c.path, "{")+1 : strings.Index(c.path, "}")]
		got, err := l.Complete(t.Context(), me, "attrove://"+c.path, name, c.typed)
		require.NoError(t, err)
		assert.Equal(t, c.want, got.Values, "%s %q", c.path, c.typed)
		assert.False(t, got.More)
	}
	for template, argument := range map[string]string{"attrove://goals": "goal_id", "attrove://goals/{goal_id}": "id", "attrove://goals/gol_1": "goal_id", "": ""} {
		_, err := l.Complete(t.Context(), me, template, argument, "")
		require.ErrorContains(t, err, "INVALID_ARGUMENT", template)
	}
}

// TestAtMostAHundredCompletions is the protocol's limit, which mcp-go leaves to us.
func TestAtMostAHundredCompletions(t *testing.T) {
	var rows []string
	for i := range 130 {
		rows = append(rows, fmt.Sprintf(`{"id":"mtg_%d","title":"Sync"}`, i))
	}
	for more, body := range map[bool]string{
		true:  page(strings.Join(rows, ",")),
		false: page(strings.Join(rows[:100], ",")),
	} {
		got, err := answers{"/meetings": body}.library(t).Complete(t.Context(), me, "attrove://meetings/{meeting_id}", "meeting_id", "s")
		require.NoError(t, err)
		assert.Len(t, got.Values, 100)
		assert.Equal(t, more, got.More)
	}
	got, err := answers{"/meetings": `{"data":[` + rows[0] + `],"pagination":{"has_more":true,"next_cursor":"c"}}`}.library(t).
		Complete(t.Context(), me, "attrove://meetings/{meeting_id}", "meeting_id", "")
	require.NoError(t, err)
	assert.True(t, got.More, "the upstream has others")
}
