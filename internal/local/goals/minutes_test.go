package goals_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// What was agreed in a meeting waits for whoever took it on, until they say
// elsewhere that it is done.
func TestActionItems(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		item     store.ActionItem
		messages []store.Message
		health   attrove.Health
		owner    attrove.MoveOwner
	}{
		"nothing": {store.ActionItem{}, nil, attrove.HealthInsufficientEvidence, attrove.MoveNone},
		"of ours": {store.ActionItem{Description: "One-page price list by Wednesday", Assignee: "Sam Reyes"}, nil,
			attrove.HealthWaitingOnHuman, attrove.MoveUs},
		"of theirs": {store.ActionItem{Description: "Signed order form by Friday", Assignee: "Dana Whitfield"}, nil,
			attrove.HealthOnTrack, attrove.MoveThem},
		"of ours, done": {store.ActionItem{Description: "One-page price list by Wednesday", Assignee: "Sam Reyes"},
			[]store.Message{letter("2026-11-18 09:00", sam, dana, "Globex prices", "The price list is attached.")}, attrove.HealthOnTrack, attrove.MoveThem},
		"of ours, something else done": {store.ActionItem{Description: "One-page price list by Wednesday", Assignee: "Sam Reyes"},
			[]store.Message{letter("2026-11-18 09:00", sam, dana, "Globex photos", "The photos are attached.")}, attrove.HealthWaitingOnHuman, attrove.MoveUs},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := office(t)
			m := store.Meeting{Title: "Globex renewal", StartAt: at("2026-11-17 15:00"), Attendees: []store.Person{sam, dana}, Summary: "We spoke of next year."}
			if tt.item.Description != "" {
				m.ActionItems = []store.ActionItem{tt.item}
			}
			f.Meeting(m)
			f.Message(tt.messages...)
			got := evaluate(t, f, f.User, renewal(), now())
			assert.Equal(t, tt.health, got.Health, got.Summary)
			assert.Equal(t, tt.owner, got.NextMove.Owner, got.NextMove.Description)
		})
	}
}
