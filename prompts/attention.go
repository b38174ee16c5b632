package prompts

import (
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/when"
)

// soon is how many days ahead a prompt shows the calendar; from a Friday it reaches
// the Monday.
const soon = 3

// attention is what a user looks at first in the morning.
func attention() *Prompt {
	return &Prompt{
		name: "attention", title: "What needs my attention?",
		description: "What waits for you, what others owe you, what changed about your goals since last time, and what comes up in the next days.",
		tool:        "attrove_query",
		arguments:   []Argument{sinceArgument()},
		write:       writeAttention,
	}
}

// sinceArgument is how far back changes are looked for.
func sinceArgument() Argument {
	return Argument{Name: "since", Title: "Since", suggest: daysBack,
		Description: "When you last looked: a day such as yesterday, monday, 3d or 2026-11-03. Seven days ago if left out."}
}

// lastTime is the moment that the argument names.
func (d *desk) lastTime(a args) (time.Time, error) {
	said := a["since"]
	if said == "" {
		return when.AddDays(d.now, -since), nil
	}
	from, err := when.ParseDate(said, d.now)
	switch {
	case err != nil:
		return from, invalid("since", err.Error())
	case from.After(d.now):
		return from, invalid("since", "it must not be in the future")
	}
	return from, nil
}

func writeAttention(d *desk, a args) (*brief, error) {
	from, err := d.lastTime(a)
	if err != nil {
		return nil, err
	}
	goals, events := activeGoals(d), goalEvents(d, from)
	open := query(d, "What needs my attention this week?", "what mail, chat and meetings leave open")
	planned := calendar(d, 0, soon)
	sources := ask(d, question{what: "the connected services", tool: "attrove_integrations"}, attrove.ListIntegrations, attrove.None{})
	d.wait()
	know(d, goals)
	know(d, open)
	know(d, sources)

	t := d.brief("What needs my attention")
	t.goalsByMove(goals, events, from)
	t.quote("What mail, chat and meetings leave open this week", open, "Nothing was found.")
	t.add(section{title: "Calendar until " + d.date(stamp(when.AddDays(d.now, soon))), rows: d.agenda(planned.Value.Data), none: unless(planned.ok(), "Nothing is planned."),
		most: 1800, rest: "attrove_events", more: planned.Paging.HasMore})
	t.add(section{title: "Sources that bring in nothing new", rows: d.broken(sources.Value.Data), most: 600, rest: "attrove_integrations"})
	t.job = `Tell me what needs my attention, most urgent first.
Write at most seven points. Each: what it is and who waits (a name), since when or by when, the next step for me, and the ids it rests on. Merge what is about the same thing: a goal and the mail behind it are one point.
Order: what is overdue or due next, what blocks others, what others owe me and I should chase, then the rest. Begin with one sentence on what changed since last time. End with what is in the calendar that I should prepare (the prompt meeting_prep does that). If nothing is urgent, say so in one sentence and do not fill the list.`
	return t, nil
}

// goalsByMove adds what changed about goals, and whose move the active ones wait for.
func (t *brief) goalsByMove(goals *answer[attrove.Page[attrove.Goal]], events *answer[attrove.GoalEventsPage], from time.Time) {
	d := t.d
	t.add(section{title: "Goals: changed since " + d.date(stamp(from)), rows: d.changed(events.Value.Data, goals.Value.Data),
		none: unless(events.ok(), "Nothing changed."), most: 1500, rest: "attrove_goal_events", more: events.Paging.HasMore})
	if goals.ok() && len(goals.Value.Data) == 0 {
		t.add(section{title: "Goals", none: "No goal is active."})
		return
	}
	on := func(side attrove.MoveOwner) []string {
		return d.goalRows(goals.Value.Data, func(g attrove.Goal) bool { return owner(g) == side && !d.acknowledged(g) })
	}
	t.add(section{title: "Goals: our move", rows: on(attrove.MoveUs), none: unless(goals.ok(), "None."), most: 3500, rest: "attrove_list_goals", more: goals.Paging.HasMore})
	t.add(section{title: "Goals: their move", rows: on(attrove.MoveThem), none: unless(goals.ok(), "None."), most: 2500, rest: "attrove_list_goals"})
}

// unless is what an empty section says: nothing where there was no answer, since
// that is told elsewhere.
func unless(ok bool, none string) string {
	if ok {
		return none
	}
	return "This could not be gathered."
}

// broken are rows about services that do not sync.
func (d *desk) broken(all []attrove.Integration) []string {
	var rows []string
	for _, one := range all {
		if !one.IsActive || !slices.Contains([]string{"", "connected"}, one.AuthStatus) {
			rows = append(rows, row(words(one.Provider)+" "+title(one.Name), one.ID, words(one.AuthStatus)))
		}
	}
	return rows
}

// stamp is a moment as the contract writes it.
func stamp(t time.Time) attrove.DateTime { return attrove.DateTime(t.Format(time.RFC3339)) }
