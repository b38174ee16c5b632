package local

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// maxKey is how long an idempotency key may be (P-08).
const maxKey = 255

// goalCommand is a change of a goal that may come twice, or too late.
type goalCommand struct {
	goalID   string
	reason   string
	key      string
	request  []byte // a hash of operation and arguments: what a repeat must be to be one
	expected int    // the lifecycle version it was decided on; 0 for any
	closed   bool   // it is for goals that are closed; others are for active ones
}

// command runs apply on one of the caller's goals, in the transaction that keeps
// what came of it. What apply returns happened; with nothing the goal stays as it
// was.
func (c Caller) command(ctx context.Context, cmd goalCommand, apply func(*store.Goal) ([]store.GoalEvent, error)) (attrove.Goal, error) {
	var found problems
	found.atMost("idempotency_key", cmd.key, maxKey)
	found.atMost("reason", cmd.reason, maxText)
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return attrove.Goal{}, err
	}
	once := store.Command{UserID: c.User.ID, Key: cmd.key, Request: cmd.request, At: c.Now}
	var out attrove.Goal
	err := c.core.store.Write(ctx, func(tx *store.Tx) error {
		if cmd.key != "" {
			before, err := tx.Outcome(once)
			if err != nil {
				return keyReused(err)
			}
			if before != nil {
				return json.Unmarshal(before, &out)
			}
		}
		g, err := tx.Goal(c.User.ID, cmd.goalID)
		if err != nil {
			return noGoal(err)
		}
		if err := cmd.admits(g); err != nil {
			return err
		}
		events, err := apply(&g)
		if err != nil {
			return err
		}
		if len(events) > 0 {
			g.UpdatedAt = c.Now
		}
		if out, err = c.save(tx, g, events...); err != nil || cmd.key == "" {
			return err
		}
		outcome, err := json.Marshal(out)
		if err != nil {
			return fmt.Errorf("encode outcome: %w", err)
		}
		return tx.SaveOutcome(once, outcome)
	})
	if err != nil {
		return attrove.Goal{}, err
	}
	c.core.goals.nudge()
	return out, nil
}

// hashRequest tells requests apart, whose idempotency key is taken out.
func hashRequest(op attrove.Meta, in any) []byte {
	hash := sha256.Sum256(append([]byte(op.Name+" "), encode(in)...))
	return hash[:]
}

func keyReused(err error) error {
	if errors.Is(err, store.ErrKeyReused) {
		return &attrove.Error{Status: http.StatusConflict, Code: attrove.CodeKeyReused, Field: "idempotency_key",
			Message: "idempotency_key came with another command before; a new command needs a new key"}
	}
	return err
}

// admits refuses a command that comes too late.
func (cmd goalCommand) admits(g store.Goal) error {
	if cmd.expected != 0 && cmd.expected != g.LifecycleVersion {
		return lifecycleConflict(fmt.Sprintf("the goal is %s at lifecycle_version %d, and the command expects version %d; get it anew and decide again",
			g.Lifecycle, g.LifecycleVersion, cmd.expected))
	}
	if !cmd.closed && g.Lifecycle != attrove.LifecycleActive {
		return terminal(g)
	}
	return nil
}

func lifecycleConflict(message string) error {
	return &attrove.Error{Status: http.StatusConflict, Code: attrove.CodeGoalConflict, Message: message}
}

// terminal is Attrove's GoalTerminalStateError (contract section 2.4).
func terminal(g store.Goal) error {
	return &attrove.Error{Status: http.StatusConflict, Code: attrove.CodeGoalTerminal,
		Message: fmt.Sprintf("Terminal goals cannot be evaluated or mutated: this one is %s; reopen it first", g.Lifecycle)}
}

// confirmGoalStatus takes a human's word on a goal.
//
// A health that is not what evaluation found stands against it, but not for ever:
// the next evaluation that finds another health than the human contradicted, or
// activity that is newer than their word, replaces it. So a daily look at the same
// facts does not take back what a human said of them, and news does. Snapshots
// always say what was found.
func confirmGoalStatus(ctx context.Context, who Caller, in attrove.ConfirmGoalStatusIn) (attrove.Goal, error) {
	if in.Lifecycle == "" && in.Health == "" {
		return attrove.Goal{}, problems{{"lifecycle", "or health is required"}}.err(http.StatusUnprocessableEntity)
	}
	cmd := goalCommand{goalID: in.GoalID, reason: in.Reason, key: in.IdempotencyKey, expected: in.ExpectedLifecycleVersion}
	in.IdempotencyKey = ""
	cmd.request = hashRequest(attrove.ConfirmGoalStatus.Meta, in)
	return who.command(ctx, cmd, func(g *store.Goal) ([]store.GoalEvent, error) {
		data := store.GoalEventData{Initiator: initiator(in.Initiator)}
		confirmed, events := data, []store.GoalEvent(nil)
		if in.Health != "" && in.Health != g.Health {
			confirmed.Health = overrideHealth(g, in.Health, who.Now)
			changed := data
			changed.Health = confirmed.Health
			events = append(events, store.GoalEvent{Type: store.EventHealthChanged, Data: changed})
		}
		if in.Lifecycle != "" && in.Lifecycle != g.Lifecycle {
			e := closeGoal(g, in.Lifecycle, data)
			confirmed.Lifecycle = e.Data.Lifecycle
			events = append(events, e)
		}
		confirmed.LifecycleVersion = g.LifecycleVersion
		return because(in.Reason, append([]store.GoalEvent{{Type: store.EventConfirmed, Data: confirmed}}, events...)), nil
	})
}

// overrideHealth sets a health that a human said in place of another.
func overrideHealth(g *store.Goal, health attrove.Health, now time.Time) *store.Change {
	change := &store.Change{From: string(g.Health), To: string(health)}
	found := g.Health
	if g.Override != nil {
		found = g.Override.Found
	}
	g.Health, g.Override = health, &store.Override{Found: found, At: now}
	if health == found {
		g.Override = nil
	}
	return change
}

// initiator defaults to the careful answer (P-46).
func initiator(given attrove.Initiator) attrove.Initiator {
	return cmp.Or(given, attrove.Initiator("agent"))
}

// because notes the reason with what happened.
func because(reason string, events []store.GoalEvent) []store.GoalEvent {
	for i := range events {
		events[i].Reason = reason
	}
	return events
}

// closeGoal ends the watching of a goal.
func closeGoal(g *store.Goal, to attrove.Lifecycle, data store.GoalEventData) store.GoalEvent {
	types := map[attrove.Lifecycle]string{attrove.LifecycleCompleted: store.EventCompleted,
		attrove.LifecycleArchived: store.EventArchived, attrove.LifecycleCancelled: store.EventCancelled}
	data.Lifecycle = moveLifecycle(g, to)
	data.LifecycleVersion = g.LifecycleVersion
	return store.GoalEvent{Type: types[to], Data: data}
}

// moveLifecycle is the only way in which a lifecycle changes.
func moveLifecycle(g *store.Goal, to attrove.Lifecycle) *store.Change {
	change := &store.Change{From: string(g.Lifecycle), To: string(to)}
	g.Lifecycle = to
	g.LifecycleVersion++
	return change
}

func archiveGoal(ctx context.Context, who Caller, in attrove.LifecycleIn) (attrove.Goal, error) {
	return who.closeCommand(ctx, attrove.ArchiveGoal.Meta, attrove.LifecycleArchived, in)
}

func cancelGoal(ctx context.Context, who Caller, in attrove.LifecycleIn) (attrove.Goal, error) {
	return who.closeCommand(ctx, attrove.CancelGoal.Meta, attrove.LifecycleCancelled, in)
}

func (c Caller) closeCommand(ctx context.Context, op attrove.Meta, to attrove.Lifecycle, in attrove.LifecycleIn) (attrove.Goal, error) {
	cmd := goalCommand{goalID: in.GoalID, reason: in.Reason, key: in.IdempotencyKey, expected: in.ExpectedLifecycleVersion}
	in.IdempotencyKey = ""
	cmd.request = hashRequest(op, in)
	return c.command(ctx, cmd, func(g *store.Goal) ([]store.GoalEvent, error) {
		return because(in.Reason, []store.GoalEvent{closeGoal(g, to, store.GoalEventData{Initiator: initiator(in.Initiator)})}), nil
	})
}

func reopenGoal(ctx context.Context, who Caller, in attrove.ReopenGoalIn) (attrove.Goal, error) {
	if in.ExpectedLifecycleVersion < 1 {
		return attrove.Goal{}, problems{{"expected_lifecycle_version", "must be the lifecycle_version last seen"}}.err(http.StatusUnprocessableEntity)
	}
	cmd := goalCommand{goalID: in.GoalID, reason: in.Reason, key: in.IdempotencyKey, expected: in.ExpectedLifecycleVersion, closed: true}
	in.IdempotencyKey = ""
	cmd.request = hashRequest(attrove.ReopenGoal.Meta, in)
	return who.command(ctx, cmd, func(g *store.Goal) ([]store.GoalEvent, error) {
		switch {
		case in.ExpectedLifecycle != g.Lifecycle:
			return nil, lifecycleConflict(fmt.Sprintf("the goal is %s at lifecycle_version %d, and the command expects it to be %s",
				g.Lifecycle, g.LifecycleVersion, in.ExpectedLifecycle))
		case g.Lifecycle == attrove.LifecycleActive:
			return nil, lifecycleConflict("the goal is active; there is nothing to reopen")
		}
		data := store.GoalEventData{Initiator: initiator(in.Initiator), ReasonCode: in.ReasonCode}
		data.Lifecycle = moveLifecycle(g, attrove.LifecycleActive)
		data.LifecycleVersion = g.LifecycleVersion
		return because(in.Reason, []store.GoalEvent{{Type: store.EventReopened, Data: data}}), nil
	})
}

func acknowledgeGoal(ctx context.Context, who Caller, in attrove.AcknowledgeGoalIn) (attrove.Goal, error) {
	until := parseTime(in.Until)
	var found problems
	if !until.After(who.Now) {
		found.add("until", "must be in the future")
	}
	found.atMost("channel", in.Channel, maxPhrase)
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return attrove.Goal{}, err
	}
	return who.command(ctx, goalCommand{goalID: in.GoalID, reason: in.Reason}, func(g *store.Goal) ([]store.GoalEvent, error) {
		g.Acknowledgment = &store.Acknowledgment{Until: until, Reason: in.Reason, Channel: in.Channel, By: who.User.ID, At: who.Now}
		return because(in.Reason, []store.GoalEvent{{Type: store.EventAcknowledged, Data: store.GoalEventData{Until: index.Time(until)}}}), nil
	})
}

func clearGoalAcknowledgment(ctx context.Context, who Caller, in attrove.ClearAcknowledgmentIn) (attrove.Goal, error) {
	return who.command(ctx, goalCommand{goalID: in.GoalID, reason: in.Reason}, func(g *store.Goal) ([]store.GoalEvent, error) {
		if g.Acknowledgment == nil {
			return nil, nil
		}
		g.Acknowledgment = nil
		return because(in.Reason, []store.GoalEvent{{Type: store.EventUnacknowledged, Data: store.GoalEventData{Cause: "command"}}}), nil
	})
}
