package errands_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// state is all that somebody wrote or decided, by id. What the engine finds out by
// itself, such as a goal's health, is no part of it.
type state map[string]record

// record is one thing: what it is called, and what it is as JSON.
type record struct{ label, value string }

func (d desk) state() state {
	d.Helper()
	s := state{}
	for _, g := range all(d, attrove.ListGoals, func(c attrove.Cut) attrove.GoalsIn { return attrove.GoalsIn{Cut: c} }) {
		d.keep(s, g.ID, "goal "+string(g.Title), decided(g))
	}
	for _, n := range all(d, attrove.ListNotes, func(c attrove.Cut) attrove.NotesIn { return attrove.NotesIn{Cut: c} }) {
		d.keep(s, n.ID, "note "+string(n.Title), n)
	}
	for _, m := range all(d, attrove.ListMessages, func(c attrove.Cut) attrove.MessagesIn {
		return attrove.MessagesIn{Cut: c, Expand: []attrove.MessageExpand{"body_text"}}
	}) {
		d.keep(s, m.ID, "message "+string(m.Subject), m)
	}
	for _, m := range all(d, attrove.ListMeetings, func(c attrove.Cut) attrove.MeetingsIn { return attrove.MeetingsIn{Cut: c} }) {
		d.keep(s, m.ID, "meeting "+string(m.Title), m)
	}
	for _, e := range all(d, attrove.ListEvents, func(c attrove.Cut) attrove.EventsIn { return attrove.EventsIn{Cut: c} }) {
		d.keep(s, e.ID, "event "+string(e.Title), e)
	}
	for _, e := range all(d, attrove.ListEntities, func(c attrove.Cut) attrove.EntitiesIn { return attrove.EntitiesIn{Cut: c} }) {
		d.keep(s, e.ID, "contact "+string(e.Name), e.ExternalIDs)
	}
	for _, c := range all(d, attrove.ListConversations, func(c attrove.Cut) attrove.ConversationsIn { return attrove.ConversationsIn{Cut: c} }) {
		d.keep(s, c.ID, "conversation", c.SyncEnabled)
	}
	for _, c := range all(d, attrove.ListCalendars, func(c attrove.Cut) attrove.Cut { return c }) {
		d.keep(s, c.ID, "calendar "+string(c.Name), c)
	}
	for _, i := range ask(d, attrove.ListIntegrations, attrove.None{}).Data {
		d.keep(s, i.ID, "integration "+i.Provider, i.IsActive)
	}
	for _, w := range all(d, attrove.ListWebhooks, func(c attrove.Cut) attrove.Cut { return c }) {
		d.keep(s, w.ID, "webhook "+w.URL, w)
	}
	d.keep(s, "settings", "settings", ask(d, attrove.GetSettings, attrove.None{}))
	d.keep(s, "profile", "profile", ask(d, attrove.GetProfile, attrove.None{}))
	return s
}

// decided is of a goal what people decide.
func decided(g attrove.Goal) attrove.Goal {
	return attrove.Goal{ID: g.ID, Title: g.Title, Description: g.Description, WatchScope: g.WatchScope, SuccessCriteria: g.SuccessCriteria,
		CompletionCondition: g.CompletionCondition, Deadline: g.Deadline, Lifecycle: g.Lifecycle, LifecycleVersion: g.LifecycleVersion,
		Acknowledgment: g.Acknowledgment, CreatedAt: g.CreatedAt}
}

func (d desk) keep(s state, id, label string, value any) {
	d.Helper()
	raw, err := json.Marshal(value)
	require.NoError(d, err)
	s[id] = record{label, string(raw)}
}

// all reads every page of a list.
func all[In, T any](d desk, op attrove.Operation[In, attrove.Page[T]], page func(attrove.Cut) In) []T {
	d.Helper()
	var rows []T
	cut := attrove.Cut{Limit: attrove.MaxLimit}
	for {
		got := ask(d, op, page(cut))
		rows = append(rows, got.Data...)
		if cut.Cursor = got.Pagination.NextCursor; cut.Cursor == "" {
			return rows
		}
	}
}

// changesBetween says what differs: "new goal Renew", "changed goal Renew" or
// "lost goal Renew".
func changesBetween(before, after state) []string {
	var changes []string
	for id, now := range after {
		was, known := before[id]
		switch {
		case !known:
			changes = append(changes, "new "+now.label)
		case was.value != now.value:
			changes = append(changes, "changed "+now.label)
		}
	}
	for id, was := range before {
		if _, still := after[id]; !still {
			changes = append(changes, "lost "+was.label)
		}
	}
	return changes
}

var ids = regexp.MustCompile(`\b(?:msg|mtg|evt|note|gol|ent)_\w+`)

// knows checks that what results cite is there.
func (s state) knows(t *testing.T, results []json.RawMessage) {
	t.Helper()
	for _, r := range results {
		for _, id := range ids.FindAllString(string(r), -1) {
			assert.Contains(t, s, id, "no such thing")
		}
	}
}
