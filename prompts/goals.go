package prompts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// since is how far back a prompt looks for changes unless it is told otherwise.
const since = 7

// activeGoals asks for the goals that are watched. The list leads with what
// changed last.
func activeGoals(d *desk) *answer[attrove.Page[attrove.Goal]] {
	return ask(d, question{what: "the goals", tool: "attrove_list_goals"}, attrove.ListGoals,
		attrove.GoalsIn{Lifecycle: attrove.LifecycleActive, Cut: attrove.Cut{Limit: attrove.MaxLimit}})
}

// goalEvents asks what happened to goals since a moment.
func goalEvents(d *desk, from time.Time) *answer[attrove.GoalEventsPage] {
	return ask(d, question{what: "what happened to goals", tool: "attrove_goal_events"}, attrove.ListGoalEvents,
		attrove.GoalEventsIn{Since: attrove.DateTime(from.Format(time.RFC3339)), Cut: attrove.Cut{Limit: attrove.MaxLimit}})
}

// acknowledged reports whether a goal's silence is expected now.
func (d *desk) acknowledged(g attrove.Goal) bool {
	return g.Acknowledgment != nil && (g.Acknowledgment.Until == "" || after(g.Acknowledgment.Until, d.now))
}

// owner is whose move a goal waits for.
func owner(g attrove.Goal) attrove.MoveOwner {
	switch {
	case g.NextMove != nil && g.NextMove.Owner != "":
		return g.NextMove.Owner
	case g.LastSnapshot != nil && g.LastSnapshot.NextMove != nil && g.LastSnapshot.NextMove.Owner != "":
		return g.LastSnapshot.NextMove.Owner
	}
	return attrove.MoveAmbiguous
}

// goal is a row about a goal, with its next move.
func (d *desk) goal(g attrove.Goal) string {
	facts := []string{words(g.Health)}
	if g.Lifecycle != attrove.LifecycleActive {
		facts = append(facts, words(g.Lifecycle))
	}
	if g.Deadline != nil {
		late := "due"
		if *g.Deadline != "" && !after(*g.Deadline, d.now) {
			late = "was due"
		}
		facts = append(facts, with(late, d.moment(*g.Deadline)))
	}
	if a := g.Acknowledgment; d.acknowledged(g) {
		text := "silence expected until " + d.moment(a.Until)
		if a.Reason != "" {
			text += " because " + quoted(a.Reason, 200)
		}
		facts = append(facts, text)
	}
	text := row(title(g.Title), g.ID, facts...)
	move := g.NextMove
	if move == nil && g.LastSnapshot != nil {
		move = g.LastSnapshot.NextMove
	}
	if move != nil {
		text += excerpt(move.Description, 700)
	}
	return text
}

// finding is what the last evaluation of a goal found, below its row.
func (d *desk) finding(s *attrove.Snapshot) string {
	if s == nil {
		return ""
	}
	var b strings.Builder
	if s.Summary != "" {
		b.WriteString("  Evaluated " + d.moment(s.CreatedAt) + ":\n" + excerpt(s.Summary, 500))
	}
	for _, r := range s.RiskSignals[:min(len(s.RiskSignals), 3)] {
		if told(string(s.Summary), string(r.Description)) {
			b.WriteString("  Risk (" + words(r.Kind) + "), as above\n")
			continue
		}
		b.WriteString("  Risk (" + words(r.Kind) + "):\n" + excerpt(r.Description, 300))
	}
	if s.SuggestedLifecycle != nil && *s.SuggestedLifecycle != "" {
		b.WriteString("  The evaluation suggests " + words(*s.SuggestedLifecycle) + "; only the user can confirm that.\n")
	}
	if refs := evidence(s.CitedEvidenceRefs); refs != "" {
		b.WriteString("  Evidence: " + refs + "\n")
	}
	return b.String()
}

// told reports whether a text says already what another says, or what that says
// after its first words.
func told(text, again string) bool {
	_, rest, _ := strings.Cut(again, ": ")
	return again != "" && strings.Contains(text, again) || len(rest) > 40 && strings.Contains(text, rest)
}

// maxRefs is how many pieces of evidence a row names.
const maxRefs = 8

// evidence is the ids that something rests on.
func evidence(refs []attrove.EvidenceRef) string {
	var ids []string
	for _, r := range refs {
		if id := "[" + oneLine(r.ID) + "]"; r.ID != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) > maxRefs {
		return strings.Join(ids[:maxRefs], " ") + fmt.Sprintf(" and %d more", len(ids)-maxRefs)
	}
	return strings.Join(ids, " ")
}

// change is what happened to one goal, latest first.
type change struct {
	goal  string
	last  attrove.DateTime
	said  []string
	kinds []string
}

// maxSaid is how much of what happened to one goal is told.
const maxSaid = 4

// changes tells, goal by goal, what happened; that they were evaluated is no news
// by itself, nor that the same happened before. The goal that changed last comes
// first.
func (d *desk) changes(events []attrove.GoalEvent) []change {
	sorted := slices.Clone(events)
	slices.SortStableFunc(sorted, func(a, b attrove.GoalEvent) int {
		return cmp.Or(cmp.Compare(a.OccurredAt, b.OccurredAt), cmp.Compare(b.EventType, a.EventType))
	})
	var all []change
	for _, e := range slices.Backward(sorted) {
		said := happened(e)
		if said == "" {
			continue
		}
		i := slices.IndexFunc(all, func(c change) bool { return c.goal == e.GoalID })
		if i < 0 {
			i, all = len(all), append(all, change{goal: e.GoalID, last: e.OccurredAt})
		}
		if c := &all[i]; len(c.said) < maxSaid && !slices.Contains(c.kinds, said) {
			c.kinds, c.said = append(c.kinds, said), append(c.said, said+" on "+d.moment(e.OccurredAt))
		}
	}
	return all
}

// happened is an event in a few words, "" when it is none to tell.
func happened(e attrove.GoalEvent) string {
	kind := strings.TrimPrefix(oneLine(e.EventType), "goals.")
	switch kind {
	case "evaluated", "updated":
		return ""
	case "health_changed":
		if moved, ok := e.Data["health"].(map[string]any); ok {
			from, _ := moved["from"].(string)
			to, _ := moved["to"].(string)
			return "from " + brieflyWords(from) + " to " + brieflyWords(to)
		}
	case "risk_detected":
		if kinds, ok := e.Data["risk_kinds"].([]any); ok && len(kinds) > 0 {
			names := make([]string, len(kinds))
			for i, one := range kinds {
				name, _ := one.(string)
				names[i] = brieflyWords(name)
			}
			return "risk seen (" + strings.Join(names, ", ") + ")"
		}
	}
	return brieflyWords(kind)
}

// brieflyWords are those of a field that the contract leaves open.
func brieflyWords(text string) string {
	short, _ := view.Clip(words(text), 40)
	return short
}

// changed are rows about what happened to goals, with what those are called. What
// happened at one time is in the goals' order.
func (d *desk) changed(events []attrove.GoalEvent, goals []attrove.Goal) []string {
	place := func(id string) int { return slices.IndexFunc(goals, func(g attrove.Goal) bool { return g.ID == id }) }
	all := d.changes(events)
	slices.SortStableFunc(all, func(a, b change) int {
		return cmp.Or(cmp.Compare(b.last, a.last), cmp.Compare(place(a.goal), place(b.goal)))
	})
	var rows []string
	for _, c := range all {
		name := "a goal that is not active"
		if i := place(c.goal); i >= 0 {
			name = title(goals[i].Title)
		}
		rows = append(rows, row(name, c.goal, strings.Join(c.said, "; ")))
	}
	return rows
}

// goalRows are rows about the goals that keep fits.
func (d *desk) goalRows(goals []attrove.Goal, keep func(attrove.Goal) bool) []string {
	var rows []string
	for _, g := range goals {
		if keep(g) {
			rows = append(rows, d.goal(g))
		}
	}
	return rows
}
