package local

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// goalRoutes registers the operations on goals (contract section 6).
func goalRoutes(r *Router) {
	Handle(r, attrove.CreateGoal, createGoal)
	Handle(r, attrove.ListGoals, evaluated(listGoals))
	Handle(r, attrove.ListGoalEvents, evaluated(listGoalEvents))
	Handle(r, attrove.GetGoal, evaluated(getGoal))
	Handle(r, attrove.UpdateGoal, updateGoal)
	Handle(r, attrove.EvaluateGoal, evaluateGoal)
	Handle(r, attrove.ConfirmGoalStatus, confirmGoalStatus)
	Handle(r, attrove.GetGoalEvidence, evaluated(getGoalEvidence))
	Handle(r, attrove.ListGoalSnapshots, evaluated(listGoalSnapshots))
	Handle(r, attrove.ArchiveGoal, archiveGoal)
	Handle(r, attrove.CancelGoal, cancelGoal)
	Handle(r, attrove.ReopenGoal, reopenGoal)
	Handle(r, attrove.AcknowledgeGoal, acknowledgeGoal)
	Handle(r, attrove.ClearGoalAcknowledgment, clearGoalAcknowledgment)
	Handle(r, attrove.DraftGoalFollowUp, evaluated(draftGoalFollowUp))
}

// evaluated has a read wait for the evaluations of its user that are due or under
// way, so that whoever asks for one sees its outcome.
func evaluated[In, Out any](read func(context.Context, Caller, In) (Out, error)) func(context.Context, Caller, In) (Out, error) {
	return func(ctx context.Context, who Caller, in In) (Out, error) {
		who.core.goals.settle(ctx, who.User.ID)
		return read(ctx, who, in)
	}
}

func createGoal(ctx context.Context, who Caller, in attrove.CreateGoalIn) (attrove.Goal, error) {
	g := store.Goal{ID: store.NewID("gol"), UserID: who.User.ID, Title: strings.TrimSpace(in.Title), Description: in.Description,
		SuccessCriteria: in.SuccessCriteria, CompletionCondition: in.CompletionCondition, Scope: in.WatchScope,
		Deadline: parseTime(in.Deadline), Lifecycle: attrove.LifecycleActive, LifecycleVersion: 1,
		Health: attrove.HealthInsufficientEvidence, CreatedAt: who.Now, UpdatedAt: who.Now, NextLookAt: who.Now.Add(maxLookAge)}
	var found problems
	found.goalTexts(g.Title, g.Description, g.SuccessCriteria, g.CompletionCondition)
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return attrove.Goal{}, err
	}
	if err := who.checkScope(ctx, g.Scope); err != nil {
		return attrove.Goal{}, err
	}
	var out attrove.Goal
	err := who.core.store.Write(ctx, func(tx *store.Tx) (err error) {
		created := store.GoalEvent{Type: store.EventCreated, Data: store.GoalEventData{LifecycleVersion: g.LifecycleVersion}}
		out, err = who.save(tx, g, created)
		return err
	})
	if err != nil {
		return attrove.Goal{}, err
	}
	who.core.goals.nudge()
	return out, nil
}

// save stores a goal that a command of the caller changed, with what happened,
// and has it evaluated anew.
func (c Caller) save(tx *store.Tx, g store.Goal, events ...store.GoalEvent) (attrove.Goal, error) {
	if err := tx.SaveGoal(g); err != nil {
		return attrove.Goal{}, err
	}
	for _, e := range events {
		e.UserID, e.GoalID, e.At, e.Data.Actor = c.User.ID, g.ID, c.Now, c.User.ID
		if err := tx.AddGoalEvent(e); err != nil {
			return attrove.Goal{}, err
		}
	}
	if g.Lifecycle == attrove.LifecycleActive && len(events) > 0 {
		if _, err := tx.Evaluate(store.Evaluation{UserID: c.User.ID, GoalID: g.ID, At: c.Now, RunAt: time.Now()}); err != nil {
			return attrove.Goal{}, err
		}
	}
	state, err := tx.GoalState(g)
	return showGoalState(state), err
}

func listGoals(ctx context.Context, who Caller, in attrove.GoalsIn) (attrove.Page[attrove.Goal], error) {
	f := store.GoalFilter{Lifecycle: in.Lifecycle, Health: in.Health, NextMoveOwner: in.NextMoveOwner, Acknowledged: in.Acknowledged}
	type place struct {
		store.Look
		store.GoalPlace
	}
	pages := placePager[store.ListedGoal, attrove.Goal, place]{
		list: attrove.ListGoals.Meta,
		place: func(l store.ListedGoal) place {
			return place{f.Look, store.GoalPlace{Changed: l.Changed, At: l.CreatedAt, ID: l.ID}}
		},
		show: func(l store.ListedGoal) attrove.Goal { return showGoal(l.Goal) },
	}
	return pages.page(in.Cut, func(after *place, limit int) (_ []store.ListedGoal, err error) {
		f.Limit = limit
		if after != nil {
			f.Look, f.After = after.Look, &after.GoalPlace
		} else if f.Look, err = who.look(ctx, in); err != nil {
			return nil, err
		}
		return who.core.store.Goals(ctx, who.User.ID, f)
	})
}

// look says what the caller has not seen yet. Whoever asks for some goals only has
// not seen what happened to the others.
func (c Caller) look(ctx context.Context, in attrove.GoalsIn) (store.Look, error) {
	if in.Health != "" || in.NextMoveOwner != "" || in.Acknowledged != nil || cmp.Or(in.Lifecycle, attrove.LifecycleActive) != attrove.LifecycleActive {
		return c.core.store.Glance(ctx, c.User.ID, c.Now)
	}
	return c.core.store.Look(ctx, c.User.ID, c.Now)
}

func getGoal(ctx context.Context, who Caller, in attrove.GoalRef) (attrove.Goal, error) {
	state, err := who.core.store.GoalState(ctx, who.User.ID, in.GoalID)
	return showGoalState(state), noGoal(err)
}

// noGoal names what was not found.
func noGoal(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return notFound("goal")
	}
	return err
}

// showGoal shows a goal as in lists.
func showGoal(g store.Goal) attrove.Goal {
	out := attrove.Goal{ID: g.ID, Title: attrove.ForeignText(g.Title), Description: foreign(g.Description), WatchScope: g.Scope,
		SuccessCriteria: foreign(g.SuccessCriteria), CompletionCondition: foreign(g.CompletionCondition),
		Deadline: wireTimePointer(g.Deadline), Lifecycle: g.Lifecycle, Health: g.Health, LifecycleVersion: g.LifecycleVersion,
		LastEvaluatedAt: wireTimePointer(g.LastEvaluatedAt), NextMove: g.NextMove,
		CreatedAt: index.Time(g.CreatedAt), UpdatedAt: index.Time(g.UpdatedAt)}
	if a := g.Acknowledgment; a != nil {
		out.Acknowledgment = &attrove.Acknowledgment{Until: index.Time(a.Until), Reason: attrove.ForeignText(a.Reason),
			Channel: attrove.ForeignText(a.Channel), AcknowledgedAt: index.Time(a.At), AcknowledgedBy: a.By}
	}
	return out
}

// showGoalState shows a goal in full.
func showGoalState(s store.GoalState) attrove.Goal {
	out := showGoal(s.Goal)
	if s.Snapshot != nil {
		out.LastSnapshot = &s.Snapshot.Body
	}
	if s.Run != nil {
		run := showRun(*s.Run)
		out.LastRun = &run
	}
	return out
}

func showRun(r store.GoalRun) attrove.GoalRun {
	return attrove.GoalRun{RunID: r.ID, Status: r.Status, QueuedAt: index.Time(r.QueuedAt), FinishedAt: index.Time(r.FinishedAt), Error: r.Error}
}

// foreign is null for no text.
func foreign(text string) *attrove.ForeignText {
	if text == "" {
		return nil
	}
	shown := attrove.ForeignText(text)
	return &shown
}

func updateGoal(ctx context.Context, who Caller, in attrove.UpdateGoalIn) (attrove.Goal, error) {
	if err := checkUpdate(in); err != nil {
		return attrove.Goal{}, err
	}
	if scope, ok := in.WatchScope.Get(); ok {
		if err := who.checkScope(ctx, scope); err != nil {
			return attrove.Goal{}, err
		}
	}
	return who.command(ctx, goalCommand{goalID: in.GoalID}, func(g *store.Goal) ([]store.GoalEvent, error) {
		fields := applyUpdate(g, in)
		if len(fields) == 0 {
			return nil, nil
		}
		return []store.GoalEvent{{Type: store.EventUpdated, Data: store.GoalEventData{Fields: fields}}}, nil
	})
}

func checkUpdate(in attrove.UpdateGoalIn) error {
	var found problems
	if title, ok := in.Title.Get(); in.Title.Null || ok && strings.TrimSpace(title) == "" {
		found.add("title", "must not be empty")
	}
	found.goalTexts(in.Title.Value, in.Description.Value, in.SuccessCriteria.Value, in.CompletionCondition.Value)
	if in.WatchScope.Null {
		found.add("watch_scope", "cannot be taken away; a goal watches something")
	}
	if deadline, ok := in.Deadline.Get(); ok {
		found.add("deadline", checkTime(string(deadline)))
	}
	return found.err(http.StatusUnprocessableEntity)
}

// applyUpdate changes g and returns the names of what is not as before.
func applyUpdate(g *store.Goal, in attrove.UpdateGoalIn) []string {
	before := *g
	set(&g.Title, in.Title)
	set(&g.Scope, in.WatchScope)
	set(&g.Description, in.Description)
	set(&g.SuccessCriteria, in.SuccessCriteria)
	set(&g.CompletionCondition, in.CompletionCondition)
	if in.Deadline.Set {
		g.Deadline = parseTime(in.Deadline.Value)
	}
	g.Title = strings.TrimSpace(g.Title)
	var fields []string
	for name, changed := range map[string]bool{
		"title": g.Title != before.Title, "watch_scope": !sameScope(g.Scope, before.Scope), "description": g.Description != before.Description,
		"success_criteria": g.SuccessCriteria != before.SuccessCriteria, "deadline": !g.Deadline.Equal(before.Deadline),
		"completion_condition": g.CompletionCondition != before.CompletionCondition,
	} {
		if changed {
			fields = append(fields, name)
		}
	}
	slices.Sort(fields)
	return fields
}

// set changes a field that the update has; null is its zero value.
func set[T any](field *T, update attrove.Opt[T]) {
	if update.Set {
		*field = update.Value
	}
}
