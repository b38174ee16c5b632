package prompts

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// maxReviewed is how many goals a review looks into.
const maxReviewed = 24

// goalReview is the board of whose move it is.
func goalReview() *Prompt {
	return &Prompt{
		name: "goal_review", title: "Review my goals",
		description: "A ball-in-court board of your goals: our move, their move, unclear, and acknowledged apart, each with why and with its evidence. Name a goal to review that one.",
		tool:        "attrove_list_goals",
		arguments: []Argument{{Name: "goal", Title: "Goal", suggest: goalNames,
			Description: "One goal, by its id or words of its title. All active goals if left out."}},
		write: writeGoalReview,
	}
}

func writeGoalReview(d *desk, a args) (*brief, error) {
	from, err := d.lastTime(nil)
	if err != nil {
		return nil, err
	}
	events := goalEvents(d, from)
	goals, err := d.reviewed(a["goal"])
	if err != nil {
		return nil, err
	}
	t := d.brief("Goal review")
	t.add(section{title: "Changed since " + d.date(stamp(from)), rows: d.changed(concerning(events.Value.Data, goals, a["goal"] != ""), goals),
		none: unless(events.ok(), "Nothing changed."), most: 1500, rest: "attrove_goal_events", more: events.Paging.HasMore})
	rows := func(keep func(attrove.Goal) bool) []string {
		var rows []string
		for _, g := range goals {
			if keep(g) {
				rows = append(rows, d.goal(g)+d.finding(g.LastSnapshot))
			}
		}
		return rows
	}
	for _, side := range []struct {
		title string
		owner attrove.MoveOwner
	}{{"Our move", attrove.MoveUs}, {"Their move", attrove.MoveThem}, {"Ambiguous: whose move it is cannot be told", attrove.MoveAmbiguous}, {"Nobody has to move", attrove.MoveNone}} {
		t.add(section{title: side.title, most: 6000, rest: "attrove_list_goals",
			rows: rows(func(g attrove.Goal) bool { return court(g) == side.owner && !d.acknowledged(g) })})
	}
	t.add(section{title: "Acknowledged: silence is expected for now", rows: rows(d.acknowledged), most: 2500, rest: "attrove_list_goals"})
	if len(goals) == 0 {
		t.b.WriteString("\nNo goal is active.\n")
	}
	t.job = `Review these goals with me as a board.
Four parts, empty ones left out: our move, their move, ambiguous, and acknowledged (only named, with until when). In each the most urgent first: deadline, then blocked or at risk, then how long it has waited.
Per goal two or three lines: health and what it rests on, the next step and who takes it, by when, with the ids of the evidence. For their move say when and how I could ask; for ambiguous say what one answer would settle it.
Begin with what changed since last time. Where an evaluation suggests that a goal is done or lost, name the evidence and ask me; do not confirm it. End with the one goal that I should act on first.`
	return t, nil
}

// court is the side of the board that a goal is on.
func court(g attrove.Goal) attrove.MoveOwner {
	if side := owner(g); slices.Contains([]attrove.MoveOwner{attrove.MoveUs, attrove.MoveThem, attrove.MoveNone}, side) {
		return side
	}
	return attrove.MoveAmbiguous
}

// concerning are the events of these goals, or all of them.
func concerning(events []attrove.GoalEvent, goals []attrove.Goal, only bool) []attrove.GoalEvent {
	if !only {
		return events
	}
	return slices.DeleteFunc(slices.Clone(events), func(e attrove.GoalEvent) bool {
		return !slices.ContainsFunc(goals, func(g attrove.Goal) bool { return g.ID == e.GoalID })
	})
}

// reviewed are the goals of a review, each with its latest snapshot.
func (d *desk) reviewed(said string) ([]attrove.Goal, error) {
	if said != "" {
		g, err := d.oneGoal(said)
		return []attrove.Goal{g}, err
	}
	active := activeGoals(d)
	d.wait()
	know(d, active)
	if active.err != nil {
		return nil, shown(active.err)
	}
	goals := active.Value.Data
	whole := make([]*answer[attrove.Goal], min(len(goals), maxReviewed))
	for i := range whole {
		whole[i] = getGoal(d, goals[i].ID, "what the evaluation of a goal found")
	}
	d.wait()
	for i, g := range whole {
		if g.ok() {
			goals[i] = g.Value
		}
	}
	return goals, nil
}

func getGoal(d *desk, id, what string) *answer[attrove.Goal] {
	return ask(d, question{what: what, tool: "attrove_get_goal_status", budget: view.Brief}, attrove.GetGoal, attrove.GoalRef{GoalID: id})
}

// oneGoal is the goal that a user means, by its id or by words of its title.
func (d *desk) oneGoal(said string) (attrove.Goal, error) {
	id, ok := idIn(said, "gol_")
	if !ok {
		all := ask(d, question{what: "the goals", tool: "attrove_list_goals"}, attrove.ListGoals, attrove.GoalsIn{Cut: attrove.Cut{Limit: attrove.MaxLimit}})
		d.wait()
		know(d, all)
		if all.err != nil {
			return attrove.Goal{}, shown(all.err)
		}
		fits := func(g attrove.Goal) bool { return holds(string(g.Title), said) }
		i := slices.IndexFunc(all.Value.Data, func(g attrove.Goal) bool { return fits(g) && g.Lifecycle == attrove.LifecycleActive })
		if i < 0 {
			i = slices.IndexFunc(all.Value.Data, fits)
		}
		if i < 0 {
			return attrove.Goal{}, invalid("goal", "no goal has these words in its title; take one from the completions")
		}
		id = all.Value.Data[i].ID
	}
	one := getGoal(d, id, "the goal")
	d.wait()
	know(d, one)
	return one.Value, refused("goal", "there is no goal of this id", one.err)
}

// holds reports whether a text has all these words.
func holds(text, said string) bool {
	text = strings.ToLower(text)
	for word := range strings.FieldsSeq(strings.ToLower(said)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
