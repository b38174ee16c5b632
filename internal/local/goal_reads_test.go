package local_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// titles are the goals of a list, in its order, read to the end in pages.
func titles(t *testing.T, f fixture, in attrove.GoalsIn) []string {
	t.Helper()
	all := []string{}
	for {
		page := call(t, f, attrove.ListGoals, in)
		for _, g := range page.Data {
			all = append(all, string(g.Title))
		}
		assert.Equal(t, page.Pagination.NextCursor != "", page.Pagination.HasMore)
		if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
			return all
		}
	}
}

// addGoals adds goals that are called by their keywords, a second apart.
func addGoals(t *testing.T, f fixture, clock *clock, keywords ...string) map[string]attrove.GoalRef {
	t.Helper()
	refs := map[string]attrove.GoalRef{}
	for _, word := range keywords {
		goal := call(t, f, attrove.CreateGoal, attrove.CreateGoalIn{Title: word, WatchScope: attrove.WatchScope{Keywords: []string{word}}})
		refs[word] = attrove.GoalRef{GoalID: goal.ID}
		clock.forward(time.Second)
	}
	return refs
}

func TestGoalsAreListedByWhatChanged(t *testing.T) {
	f, clock := startClocked(t, options())
	refs := addGoals(t, f, clock, "Acme", "Bolt", "Crux", "Dune", "Echo")
	assert.Equal(t, []string{"Echo", "Dune", "Crux", "Bolt", "Acme"}, titles(t, f, attrove.GoalsIn{}), "all are new, the last first")

	clock.forward(time.Hour)
	assert.Equal(t, []string{"Echo", "Dune", "Crux", "Bolt", "Acme"}, titles(t, f, attrove.GoalsIn{}), "nothing changed")
	clock.forward(time.Hour)
	for _, name := range []string{"Bolt", "Dune"} {
		call(t, f, attrove.UpdateGoal, attrove.UpdateGoalIn{GoalRef: refs[name], Description: attrove.Some("new")})
	}
	assert.Equal(t, []string{"Dune", "Bolt"}, titles(t, f, attrove.GoalsIn{Health: attrove.HealthInsufficientEvidence})[:2])
	clock.forward(time.Hour) // for that was not a look at all goals
	lead := []string{"Dune", "Bolt", "Echo", "Crux", "Acme"}
	for range 3 {
		assert.Equal(t, lead, titles(t, f, attrove.GoalsIn{Cut: attrove.Cut{Limit: 2}}), "the same look, however often and in pages")
		clock.forward(3 * time.Minute)
	}
	clock.forward(10 * time.Minute)
	assert.Equal(t, []string{"Echo", "Dune", "Crux", "Bolt", "Acme"}, titles(t, f, attrove.GoalsIn{}), "seen")

	stranger := newUser(t, f, attrove.CreateUserIn{Email: "other@example.com"})
	addGoals(t, stranger, clock, "Zulu")
	assert.Equal(t, []string{"Zulu"}, titles(t, stranger, attrove.GoalsIn{}))
}

// TestGoalPagesHoldStill: whatever happens while pages are read, each goal comes
// once.
func TestGoalPagesHoldStill(t *testing.T) {
	f, clock := startClocked(t, options())
	refs := addGoals(t, f, clock, "Acme", "Bolt", "Crux", "Dune", "Echo", "Fern")
	titles(t, f, attrove.GoalsIn{})
	clock.forward(time.Hour)
	call(t, f, attrove.UpdateGoal, attrove.UpdateGoalIn{GoalRef: refs["Bolt"], Description: attrove.Some("new")})
	var seen []string
	in := attrove.GoalsIn{Cut: attrove.Cut{Limit: 1}}
	for i := 0; ; i++ {
		page := call(t, f, attrove.ListGoals, in)
		require.Len(t, page.Data, 1)
		seen = append(seen, string(page.Data[0].Title))
		if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
			break
		}
		for name := range refs { // the listed and the others
			call(t, f, attrove.UpdateGoal, attrove.UpdateGoalIn{GoalRef: refs[name], Description: attrove.Some(strconv.Itoa(i))})
		}
		clock.forward(time.Minute)
	}
	assert.Equal(t, []string{"Bolt", "Fern", "Echo", "Dune", "Crux", "Acme"}, seen)
}

func TestGoalsAreFiltered(t *testing.T) {
	f, clock, _ := watched(t)
	refs := addGoals(t, f, clock, "Acme", "Bolt")
	call(t, f, attrove.ArchiveGoal, attrove.LifecycleIn{GoalRef: refs["Acme"], Reason: "R"})
	for want, in := range map[string]attrove.GoalsIn{
		"[Acme]":                 {Lifecycle: attrove.LifecycleArchived},
		"[Bolt Renew Osterveld]": {Lifecycle: attrove.LifecycleActive},
		"[Renew Osterveld]":      {Health: attrove.HealthOnTrack},
		"[]":                     {Health: attrove.HealthBlocked},
	} {
		assert.Equal(t, want, fmt.Sprint(titles(t, f, in)))
	}
	assert.Equal(t, []string{"Renew Osterveld"}, titles(t, f, attrove.GoalsIn{NextMoveOwner: attrove.MoveThem}))
	assert.NotContains(t, titles(t, f, attrove.GoalsIn{NextMoveOwner: attrove.MoveUs}), "Renew Osterveld")
	refusal(t, f, attrove.ListGoals, `{"health":"fine"}`, 400, attrove.CodeInvalidRequest)
	refusal(t, f, attrove.ListGoals, `{"limit":101}`, 400, attrove.CodeInvalidRequest)
	refusal(t, f, attrove.ListGoals, `{"cursor":"bogus"}`, 400, attrove.CodeInvalidCursor)
	notes := call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{Cut: attrove.Cut{Limit: 1}}).Pagination.NextCursor
	refusal(t, f, attrove.ListGoals, fmt.Sprintf(`{"cursor":%q}`, notes), 400, attrove.CodeInvalidCursor)
}

func TestEvaluationsAreLimited(t *testing.T) {
	f, clock, ref := watched(t)
	other := addGoals(t, f, clock, "Acme")["Acme"]
	clock.forward(-time.Second)
	for i := range 6 {
		run := call(t, f, attrove.EvaluateGoal, ref)
		assert.Regexp(t, `^run_`, run.RunID)
		assert.Equal(t, "queued", run.Status)
		if i%2 == 0 { // some wait for the outcome, some do not
			got := call(t, f, attrove.GetGoal, ref).LastRun
			assert.Equal(t, run.RunID, got.RunID)
			assert.Equal(t, "completed", got.Status)
			assert.NotEmpty(t, got.FinishedAt)
		}
		clock.forward(5 * time.Minute)
	}
	failure := refusal(t, f, attrove.EvaluateGoal, fmt.Sprintf(`{"goal_id":%q}`, ref.GoalID), 429, attrove.CodeRateLimited)
	assert.Equal(t, 30*time.Minute, failure.RetryAfter, "an hour after the first of them")
	call(t, f, attrove.EvaluateGoal, other)
	clock.forward(30*time.Minute - time.Second)
	refusal(t, f, attrove.EvaluateGoal, fmt.Sprintf(`{"goal_id":%q}`, ref.GoalID), 429, attrove.CodeRateLimited)
	clock.forward(time.Second)
	call(t, f, attrove.EvaluateGoal, ref)
}

// TestSnapshots: each evaluation leaves one, and of a row that say the same the
// first and the last stay.
func TestSnapshots(t *testing.T) {
	f, clock, ref := watched(t)
	list := func() []attrove.Snapshot {
		var all []attrove.Snapshot
		in := attrove.SnapshotsIn{GoalRef: ref, Cut: attrove.Cut{Limit: 1}}
		for {
			page := call(t, f, attrove.ListGoalSnapshots, in)
			all = append(all, page.Data...)
			if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
				return all
			}
		}
	}
	first := list()
	require.Len(t, first, 1)
	assert.Regexp(t, `^snp_`, first[0].ID)
	clock.forward(time.Hour)
	call(t, f, attrove.EvaluateGoal, ref)
	second := list()
	require.Len(t, second, 2)
	assert.Equal(t, first[0], second[1], "the newest is first")
	clock.forward(time.Hour)
	call(t, f, attrove.EvaluateGoal, ref)
	third := list()
	require.Len(t, third, 2)
	assert.Equal(t, first[0], third[1])
	assert.NotEqual(t, second[0].ID, third[0].ID)
	assert.Equal(t, third[0], *call(t, f, attrove.GetGoal, ref).LastSnapshot)

	mail(t, f, "We have a question: who is to sign?", clock.now())
	clock.forward(time.Minute)
	fourth := list()
	require.Len(t, fourth, 3, "another finding")
	assert.NotEqual(t, third[0].CitedEvidenceRefs, fourth[0].CitedEvidenceRefs)
	refusal(t, f, attrove.ListGoalSnapshots, fmt.Sprintf(`{"goal_id":%q,"cursor":"x"}`, ref.GoalID), 400, attrove.CodeInvalidCursor)
}

func TestNotesAreEvidence(t *testing.T) {
	f, clock, ref := watched(t)
	before := call(t, f, attrove.GetGoal, ref)
	clock.forward(time.Hour)
	id := call(t, f, attrove.PushNote, attrove.PushNoteIn{Title: "Call", Body: "Jan told me that we are blocked until their legal team releases the Osterveld contract.", RefType: "goal", RefID: ref.GoalID}).ID
	evidence := call(t, f, attrove.GetGoalEvidence, ref)
	assert.Contains(t, fmt.Sprint(evidence.CitedInLatestSnapshot), id)
	require.Len(t, evidence.ManualNotes, 1)
	assert.Equal(t, id, evidence.ManualNotes[0].ID)
	assert.EqualValues(t, "Call", evidence.ManualNotes[0].Title)
	told := call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{Types: []string{"goals.updated"}}).Data
	require.Len(t, told, 1)
	assert.Equal(t, attrove.Object{"goal_id": ref.GoalID, "fields": []any{"manual_notes"}}, told[0].Data)
	assert.NotEqual(t, *before.LastEvaluatedAt, *call(t, f, attrove.GetGoal, ref).LastEvaluatedAt, "a note is evidence for the next evaluation")

	call(t, f, attrove.DeleteNote, attrove.NoteRef{NoteID: id})
	evidence = call(t, f, attrove.GetGoalEvidence, ref)
	assert.Empty(t, evidence.ManualNotes)
	for _, cited := range evidence.CitedInLatestSnapshot {
		assert.NotEqual(t, id, cited.ID, "what is gone is no evidence")
	}

	message := call(t, f, attrove.ListMessages, attrove.MessagesIn{}).Data[0].ID
	call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "B", RefType: "message", RefID: message})
	entity := call(t, f, attrove.ListEntities, attrove.EntitiesIn{}).Data[0].ID
	call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "B", RefType: "entity", RefID: entity})
	for refType, id := range map[string]string{"goal": "gol_none", "message": "msg_none", "meeting": message, "event": "evt_none", "entity": "ent_none"} {
		failure := refusal(t, f, attrove.PushNote, fmt.Sprintf(`{"body":"B","ref_type":%q,"ref_id":%q}`, refType, id), 422, attrove.CodeValidation)
		assert.Equal(t, "ref_id", failure.Field)
		assert.Contains(t, failure.Message, id)
	}
}

func TestDraft(t *testing.T) {
	f, clock, ref := watched(t)
	clock.forward(6 * day)
	draft := call(t, f, attrove.DraftGoalFollowUp, attrove.DraftFollowUpIn{GoalRef: ref, Directive: "Be brief."})
	assert.Equal(t, ref.GoalID, draft.GoalID)
	assert.NotEmpty(t, draft.BodyText)
	assert.NotEmpty(t, draft.CitedEvidenceRefs)
	assert.Empty(t, call(t, f, attrove.ListMessages, attrove.MessagesIn{}).Data[1:], "nothing is sent")
}

// TestPolledEvents polls as documented while goals change, with random pauses,
// page sizes and clock steps: nothing is lost and nothing comes twice.
func TestPolledEvents(t *testing.T) {
	f, clock := startClocked(t, options())
	refs := addGoals(t, f, clock, "Acme", "Bolt", "Crux")
	random := rand.New(rand.NewPCG(1, 2))
	var got []attrove.GoalEvent
	var mark attrove.Watermark
	poll := func() {
		in := attrove.GoalEventsIn{Since: mark.OccurredAt, SinceEventID: mark.EventID, Cut: attrove.Cut{Limit: 1 + random.IntN(4)}}
		for {
			page := call(t, f, attrove.ListGoalEvents, in)
			got = append(got, page.Data...)
			if page.Watermark != nil {
				mark = *page.Watermark
			}
			if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
				return
			}
			if random.IntN(3) == 0 { // while the pages are drained
				call(t, f, attrove.UpdateGoal, attrove.UpdateGoalIn{GoalRef: refs["Acme"], Description: attrove.Some(strconv.Itoa(random.Int()))})
			}
		}
	}
	for range 60 {
		switch random.IntN(6) {
		case 0, 1:
			call(t, f, attrove.UpdateGoal, attrove.UpdateGoalIn{GoalRef: refs["Bolt"], Description: attrove.Some(strconv.Itoa(random.Int()))})
		case 2:
			call(t, f, attrove.ConfirmGoalStatus, attrove.ConfirmGoalStatusIn{GoalRef: refs["Crux"], Lifecycle: attrove.LifecycleActive, Reason: "R"})
		case 3:
			clock.forward(time.Duration(random.IntN(3)-1) * time.Second) // it may stand still, or be set back
		default:
			poll()
		}
	}
	poll()
	var all []attrove.GoalEvent
	in := attrove.GoalEventsIn{Cut: attrove.Cut{Limit: 100}}
	for {
		page := call(t, f, attrove.ListGoalEvents, in)
		all = append(all, page.Data...)
		if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
			break
		}
	}
	assert.Equal(t, all, got)
	assert.Greater(t, len(all), 25)
}

func TestWatermarks(t *testing.T) {
	f, clock := startClocked(t, options())
	assert.Nil(t, call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{}).Watermark, "there is nothing yet")
	addGoals(t, f, clock, "Acme")
	page := call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{})
	require.Len(t, page.Data, 2)
	last := page.Data[1]
	assert.Equal(t, &attrove.Watermark{EventID: last.EventID, OccurredAt: last.OccurredAt}, page.Watermark)

	again := call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{Since: page.Watermark.OccurredAt, SinceEventID: page.Watermark.EventID})
	assert.Empty(t, again.Data)
	assert.Equal(t, page.Watermark, again.Watermark, "where nothing is new the poll stays where it is")
	timeOnly := call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{Since: page.Watermark.OccurredAt})
	assert.Contains(t, timeOnly.Data, last, "a time alone may repeat, and loses nothing")
	clock.forward(time.Minute)
	addGoals(t, f, clock, "Bolt")
	typed := call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{Since: page.Watermark.OccurredAt, SinceEventID: page.Watermark.EventID, Types: []string{"goals.created", "goals.completed"}})
	require.Len(t, typed.Data, 1)
	assert.Equal(t, "goals.created", typed.Data[0].EventType)
	unknown := call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{Since: typed.Data[0].OccurredAt, SinceEventID: "gev_none"})
	assert.Equal(t, typed.Data[0], unknown.Data[0], "an event that is not known leaves the time")
	refusal(t, f, attrove.ListGoalEvents, `{"since":"2026-11-03"}`, 400, attrove.CodeInvalidRequest)
	refusal(t, f, attrove.ListGoalEvents, `{"cursor":"x"}`, 400, attrove.CodeInvalidCursor)
}
