package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// versionField makes a command on a goal fail when the goal has changed (P-08).
const versionField = "expected_lifecycle_version"

// The most bytes of a name, and of another argument, in a question.
const (
	nameSize     = 120
	argumentSize = 300
)

// Asks is how a human is asked whether a call should be made.
type Asks struct {
	Will  string // what would happen, with %s for the name of the thing
	After string // whether it can be undone, and how
	Thing find   // finds the thing
	Said  string // an argument that the thing's name tells already
}

// Thing is what a call would change, as people know it.
type Thing struct {
	Name    string // for a sentence, in quotation marks where it is a title
	State   string // how it is now; may be other than a moment ago
	Version int    // a goal's lifecycle_version; 0 for other things

	futile error
}

// Question is what a human is asked before a call.
type Question struct {
	Text   string
	Thing  Thing
	Futile error // why the call cannot succeed as the thing is, so that nobody need be asked
}

// find looks up what a call would change.
type find func(context.Context, *Call) (Thing, error)

// look finds a thing by an operation that gets it.
func look[In, Out any](op attrove.Operation[In, Out], in func(Fields) In, describe func(Out) Thing) find {
	return func(ctx context.Context, c *Call) (Thing, error) {
		reply, err := op.Call(ctx, c.env.Client, c.who, in(c.fields))
		if err != nil {
			return Thing{}, err
		}
		found, err := reply.Value()
		if err != nil {
			return Thing{}, &attrove.Error{Code: attrove.CodeUpstream, Operation: op.Name, Message: "the answer is not what " + op.Name + " should answer"}
		}
		return describe(found), nil
	}
}

// Question words what a human is to decide. It reads the thing, so that they
// see which one it is and not what a model says of it.
func (c *Call) Question(ctx context.Context) (Question, error) {
	asks := c.tool.spec.Asks
	thing, err := asks.Thing(ctx, c)
	if err != nil {
		return Question{}, err
	}
	var expected int
	if given := c.fields[versionField]; given != nil {
		if err := json.Unmarshal(given, &expected); err != nil {
			return Question{}, invalid(versionField, versionField+" must be a whole number")
		}
	}
	if expected != 0 && thing.Version != 0 && expected != thing.Version {
		return Question{}, Changed(thing, expected)
	}
	var b strings.Builder
	subject := thing.Name
	if thing.State != "" {
		subject += " (" + oneLine(thing.State, argumentSize) + ")"
	}
	fmt.Fprintf(&b, asks.Will, subject)
	for _, line := range append(c.given(), asks.After) {
		b.WriteString("\n" + line)
	}
	return Question{Text: b.String(), Thing: thing, Futile: thing.futile}, nil
}

// Changed is the error of a call that was decided on with a goal as it was before.
func Changed(thing Thing, before int) error {
	return &attrove.Error{Code: attrove.CodeGoalConflict, Message: fmt.Sprintf(
		"the goal %s has changed meanwhile: it is at lifecycle_version %d, and this was decided at version %d; nothing was done",
		thing.Name, thing.Version, before)}
}

// given lists the arguments that the name of the thing does not tell.
func (c *Call) given() []string {
	silent := append(c.op.PathNames(), c.tool.spec.Asks.Said, "initiator", versionField, "expected_lifecycle", "external_id")
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(c.fields)) {
		if slices.Contains(silent, name) {
			continue
		}
		raw := c.fields[name]
		var text string
		switch {
		case string(raw) == "null":
			text = "(emptied)"
		case json.Unmarshal(raw, &text) == nil:
			text = quoted(text, argumentSize)
		default:
			text = oneLine(string(raw), argumentSize)
		}
		lines = append(lines, strings.ReplaceAll(name, "_", " ")+": "+text)
	}
	return lines
}

// oneLine is other people's text where it must not pass for more of the question.
func oneLine(text string, size int) string {
	clipped, _ := view.Clip(strings.Join(strings.Fields(view.Clean(text)), " "), size)
	return clipped
}

// quoted is a title in quotation marks that it cannot close.
func quoted(text string, size int) string {
	return "“" + strings.NewReplacer("“", `"`, "”", `"`).Replace(oneLine(text, size)) + "”"
}

func title(text attrove.ForeignText) string { return quoted(string(text), nameSize) }

// theGoal is the goal that a command is about: only those that are active can be
// changed (contract section 6.1).
func theGoal() find {
	return theGoalThat(func(g attrove.Goal) error {
		if slices.Contains([]attrove.Lifecycle{attrove.LifecycleCompleted, attrove.LifecycleArchived, attrove.LifecycleCancelled}, g.Lifecycle) {
			return &attrove.Error{Code: attrove.CodeGoalTerminal, Message: fmt.Sprintf("the goal %s is %s, and only an active goal can be changed; nothing was done",
				title(g.Title), g.Lifecycle)}
		}
		return nil
	})
}

// theClosedGoal is the goal that is to be brought back.
func theClosedGoal() find {
	return theGoalThat(func(g attrove.Goal) error {
		if g.Lifecycle == attrove.LifecycleActive {
			return &attrove.Error{Code: attrove.CodeGoalConflict, Message: fmt.Sprintf("the goal %s is active; there is nothing to reopen", title(g.Title))}
		}
		return nil
	})
}

func theGoalThat(fits func(attrove.Goal) error) find {
	return look(attrove.GetGoal, func(f Fields) attrove.GoalRef { return attrove.GoalRef{GoalID: f.text("goal_id")} },
		func(g attrove.Goal) Thing {
			state := string(g.Lifecycle)
			if g.Lifecycle == attrove.LifecycleActive && g.Health != "" {
				state += ", " + strings.ReplaceAll(string(g.Health), "_", " ")
			}
			return Thing{Name: title(g.Title), State: state, Version: g.LifecycleVersion, futile: fits(g)}
		})
}

func theNote() find {
	return pushed(look(attrove.GetNote, func(f Fields) attrove.NoteRef { return attrove.NoteRef{NoteID: f.text("note_id")} },
		func(n attrove.Note) Thing {
			if n.Title != "" {
				return Thing{Name: title(n.Title)}
			}
			return Thing{Name: title(n.Body)}
		}))
}

func theMeeting() find {
	get := func(f Fields) attrove.MeetingIn { return attrove.MeetingIn{ID: f.text("id")} }
	return pushed(look(attrove.GetMeeting, get,
		func(m attrove.Meeting) Thing { return Thing{Name: title(m.Title), State: string(m.StartTime)} }))
}

// pushed is for things that may be named by the id their pusher gave them, by
// which they cannot be looked up.
func pushed(byID find) find {
	return func(ctx context.Context, c *Call) (Thing, error) {
		if external := c.fields.text("external_id"); external != "" {
			return Thing{Name: "with the external id " + quoted(external, nameSize)}, nil
		}
		return byID(ctx, c)
	}
}

func theCalendar() find {
	return look(attrove.GetCalendar, func(f Fields) attrove.CalendarRef { return attrove.CalendarRef{ID: f.text("id")} },
		func(cal attrove.Calendar) Thing { return Thing{Name: title(cal.Name)} })
}

func theWebhook() find {
	return look(attrove.GetWebhook, func(f Fields) attrove.WebhookRef { return attrove.WebhookRef{ID: f.text("id")} },
		func(w attrove.Webhook) Thing { return Thing{Name: oneLine(w.URL, argumentSize)} })
}

// theIntegration says, where that is known, how much came from it. One that is
// not there may be half removed, which the same call finishes.
func theIntegration() find {
	byID := look(attrove.GetIntegration, func(f Fields) attrove.IntegrationRef {
		return attrove.IntegrationRef{IntegrationID: f.text("integration_id")}
	}, func(i attrove.Integration) Thing { return Thing{Name: title(i.Name), State: i.Provider} })
	return func(ctx context.Context, c *Call) (Thing, error) {
		thing, err := byID(ctx, c)
		var failed *attrove.Error
		if errors.As(err, &failed) && failed.Code == attrove.CodeNotFound {
			return Thing{Name: "with the id " + quoted(c.fields.text("integration_id"), nameSize)}, nil
		}
		if err != nil {
			return Thing{}, err
		}
		reply, err := attrove.GetSyncStats.Call(ctx, c.env.Client, c.who, attrove.None{})
		if err != nil {
			return thing, nil //nolint:nilerr // the question is clear without the number
		}
		if stats, err := reply.Value(); err == nil {
			for _, one := range stats.Integrations {
				if one.IntegrationID == c.fields.text("integration_id") {
					thing.State += ", " + strconv.Itoa(one.Items) + " items"
				}
			}
		}
		return thing, nil
	}
}

// theSettings are the organization's; there is one set.
func theSettings(context.Context, *Call) (Thing, error) {
	return Thing{Name: "the organization's sync settings, which hold for all its users"}, nil
}
