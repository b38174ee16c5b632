package local

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Evaluations that a user may ask for (contract section 2.5).
const (
	evaluations      = 6
	evaluationPeriod = time.Hour
)

func evaluateGoal(ctx context.Context, who Caller, in attrove.GoalRef) (attrove.GoalRun, error) {
	var run store.GoalRun
	err := who.core.store.Write(ctx, func(tx *store.Tx) error {
		g, err := tx.Goal(who.User.ID, in.GoalID)
		if err != nil {
			return noGoal(err)
		}
		if g.Lifecycle != attrove.LifecycleActive {
			return terminal(g)
		}
		asked, err := tx.Asked(g.ID, who.Now.Add(-evaluationPeriod), who.Now)
		if err != nil {
			return err
		}
		if len(asked) >= evaluations {
			return tooOften(asked[len(asked)-evaluations].Add(evaluationPeriod).Sub(who.Now))
		}
		run, err = tx.Evaluate(store.Evaluation{UserID: who.User.ID, GoalID: g.ID, Asked: true, At: who.Now, RunAt: time.Now()})
		return err
	})
	if err != nil {
		return attrove.GoalRun{}, err
	}
	who.core.goals.nudge()
	return showRun(run), nil
}

func tooOften(wait time.Duration) error {
	seconds := max(math.Ceil(wait.Seconds()), 1)
	return &attrove.Error{Status: http.StatusTooManyRequests, Code: attrove.CodeRateLimited, RetryAfter: time.Duration(seconds) * time.Second,
		Message: fmt.Sprintf("a goal can be evaluated %d times an hour; it is evaluated by itself when something arrives", evaluations)}
}

func getGoalEvidence(ctx context.Context, who Caller, in attrove.GoalRef) (attrove.GoalEvidence, error) {
	state, err := who.core.store.GoalState(ctx, who.User.ID, in.GoalID)
	if err != nil {
		return attrove.GoalEvidence{}, noGoal(err)
	}
	out := attrove.GoalEvidence{CitedInLatestSnapshot: []attrove.EvidenceRef{}, ManualNotes: []attrove.Note{}}
	if state.Snapshot != nil {
		out.CitedInLatestSnapshot = state.Snapshot.Body.CitedEvidenceRefs
	}
	notes, err := who.core.store.Notes(ctx, who.User.ID, store.NoteFilter{RefType: refGoal, RefID: state.ID, Limit: maxGoalNotes})
	for _, n := range notes {
		out.ManualNotes = append(out.ManualNotes, showNote(n))
	}
	return out, err
}

// refGoal is the ref_type of notes about a goal.
const refGoal = "goal"

// maxGoalNotes is how many notes, the newest, a goal's evidence has: it comes
// without pages (contract section 6.4).
const maxGoalNotes = 1000

func listGoalSnapshots(ctx context.Context, who Caller, in attrove.SnapshotsIn) (attrove.Page[attrove.Snapshot], error) {
	g, err := who.core.store.Goal(ctx, who.User.ID, in.GoalID)
	if err != nil {
		return attrove.Page[attrove.Snapshot]{}, noGoal(err)
	}
	pages := pager[store.Snapshot, attrove.Snapshot]{
		list:     attrove.ListGoalSnapshots.Meta,
		position: func(s store.Snapshot) store.Position { return store.Position{At: s.At, ID: s.ID} },
		show:     func(s store.Snapshot) attrove.Snapshot { return s.Body },
	}
	return pages.page(in.Cut, func(after *store.Position, limit int) ([]store.Snapshot, error) {
		return who.core.store.Snapshots(ctx, g.ID, after, limit)
	})
}

// listGoalEvents polls what happened. An event has its place in the order of
// commits, and the watermark names the last one of the page: whoever passes it
// back gets every event after it once, whatever times they bear. Since alone
// repeats those of its very moment, for another may have followed them.
func listGoalEvents(ctx context.Context, who Caller, in attrove.GoalEventsIn) (attrove.GoalEventsPage, error) {
	type place struct{ Seq int64 }
	pages := placePager[store.GoalEvent, store.GoalEvent, place]{
		list:  attrove.ListGoalEvents.Meta,
		place: func(e store.GoalEvent) place { return place{e.Seq} },
		show:  func(e store.GoalEvent) store.GoalEvent { return e },
	}
	page, err := pages.page(in.Cut, func(after *place, limit int) ([]store.GoalEvent, error) {
		f := store.GoalEventFilter{AfterID: in.SinceEventID, From: parseTime(in.Since), Types: in.Types, Limit: limit}
		if after != nil {
			f.AfterSeq = after.Seq
		}
		return who.core.store.GoalEvents(ctx, who.User.ID, f)
	})
	if err != nil {
		return attrove.GoalEventsPage{}, err
	}
	out := attrove.GoalEventsPage{Data: []attrove.GoalEvent{}, Pagination: page.Pagination}
	if in.SinceEventID != "" && in.Since != "" { // where nothing is new, the poll goes on where it was
		out.Watermark = &attrove.Watermark{EventID: in.SinceEventID, OccurredAt: in.Since}
	}
	for _, e := range page.Data {
		shown, err := showGoalEvent(e)
		if err != nil {
			return attrove.GoalEventsPage{}, err
		}
		out.Data = append(out.Data, shown)
		out.Watermark = &attrove.Watermark{EventID: shown.EventID, OccurredAt: shown.OccurredAt}
	}
	return out, nil
}

func showGoalEvent(e store.GoalEvent) (attrove.GoalEvent, error) {
	out := attrove.GoalEvent{EventID: e.ID, EventType: e.Type, GoalID: e.GoalID, OccurredAt: index.Time(e.At)}
	if err := json.Unmarshal(encode(e.Data), &out.Data); err != nil {
		return out, fmt.Errorf("data of a goal event: %w", err)
	}
	return out, nil
}

func draftGoalFollowUp(ctx context.Context, who Caller, in attrove.DraftFollowUpIn) (attrove.FollowUp, error) {
	state, err := who.core.store.GoalState(ctx, who.User.ID, in.GoalID)
	if err != nil {
		return attrove.FollowUp{}, noGoal(err)
	}
	var last *attrove.Snapshot
	if state.Snapshot != nil {
		last = &state.Snapshot.Body
	}
	return who.core.evaluator.Draft(ctx, who.User, state.Goal, last, in.Directive, who.Now)
}
