package sample

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// outcome is a goal that Tessa watches.
type outcome struct {
	since    int // the working day on which she began
	title    string
	criteria string
	people   []string // handles
	keywords []string
	quiet    int // days of silence that are a risk; 0 for none
	deadline int // working day; 0 for none
}

// outcomes are the goals on the stories that the package comment tells, in the
// order in which they were set.
func outcomes() []outcome {
	return []outcome{
		{since: -20, title: "Fenwright reseller agreement", people: []string{"rory"}, keywords: []string{"Fenwright"}},
		{since: -14, title: "Osterveld renewal", criteria: "Renewal signed for 24 months", people: []string{"ruben"},
			keywords: []string{"Osterveld", "Q-1184"}, quiet: 5, deadline: 9},
		{since: -14, title: "Pellworth renewal", criteria: "Order form PW-2031 signed", people: []string{"adaeze", "tomas"},
			keywords: []string{"Pellworth", "PW-2031"}, quiet: 7},
		{since: -14, title: "Vanterre pilot starts", criteria: "The data protection addendum is signed", people: []string{"lucien", "ilse"},
			keywords: []string{"Vanterre", "addendum"}},
		{since: -9, title: "Win Corvane back", people: []string{"brooke"}, keywords: []string{"Corvane"}},
		{since: -5, title: "Hire Leonie Haas", criteria: "Offer accepted by Leonie", people: []string{"leonie"}, keywords: []string{"Leonie", "scorecard"}},
	}
}

// lookedAt are the working days on which Tessa looked at her goals, at nine. Each
// costs evaluations, so they are few.
func lookedAt() []int { return []int{-20, -14, -9, -5, -1} }

// Goals sets the goals on what Load pushed, each on its day, and looks at them on
// the days since and now, so that they have a history. Call calls an operation when
// it was a time.
func Goals(ctx context.Context, now time.Time, call func(ctx context.Context, at time.Time, op attrove.Any, args json.RawMessage) (json.RawMessage, error)) error {
	zone, err := time.LoadLocation(User().Timezone)
	if err != nil {
		return err
	}
	people, err := readPeople()
	if err != nil {
		return err
	}
	d := newDays(now.In(zone))
	for _, n := range lookedAt() {
		at := d.at(n, 9*time.Hour)
		for _, o := range outcomes() {
			if o.since != n {
				continue
			}
			ids, err := entities(ctx, at, o, people, call)
			if err != nil {
				return err
			}
			if _, err := do(ctx, at, call, attrove.CreateGoal, o.goal(d, ids)); err != nil {
				return err
			}
		}
		if _, err := do(ctx, at, call, attrove.ListGoals, attrove.GoalsIn{}); err != nil {
			return err
		}
	}
	_, err = do(ctx, now, call, attrove.ListGoals, attrove.GoalsIn{})
	return err
}

// goal is o as the API takes it.
func (o outcome) goal(d days, ids []string) attrove.CreateGoalIn {
	in := attrove.CreateGoalIn{Title: o.title, SuccessCriteria: o.criteria, WatchScope: attrove.WatchScope{EntityIDs: ids, Keywords: o.keywords}}
	if o.quiet > 0 {
		in.WatchScope.SilenceCondition = &attrove.SilenceCondition{QuietAfterDays: o.quiet}
	}
	if o.deadline != 0 {
		in.Deadline = wireTime(d.at(o.deadline, 17*time.Hour))
	}
	return in
}

// entities finds the contacts that o watches.
func entities(ctx context.Context, at time.Time, o outcome, people map[string]attrove.Address,
	call func(context.Context, time.Time, attrove.Any, json.RawMessage) (json.RawMessage, error)) ([]string, error) {
	var ids []string
	for _, handle := range o.people {
		found, err := do(ctx, at, call, attrove.ListEntities, attrove.EntitiesIn{Query: people[handle].Email})
		if err != nil {
			return nil, err
		}
		if len(found.Data) != 1 {
			return nil, fmt.Errorf("sample workspace: %d contacts have the address of %s", len(found.Data), handle)
		}
		ids = append(ids, found.Data[0].ID)
	}
	return ids, nil
}

// do calls an operation with its types.
func do[In, Out any](ctx context.Context, at time.Time, call func(context.Context, time.Time, attrove.Any, json.RawMessage) (json.RawMessage, error),
	op attrove.Operation[In, Out], in In) (Out, error) {
	var out Out
	args, err := json.Marshal(in)
	if err != nil {
		return out, fmt.Errorf("sample workspace: %w", err)
	}
	reply, err := call(ctx, at, op, args)
	if err == nil {
		err = json.Unmarshal(reply, &out)
	}
	if err != nil {
		return out, fmt.Errorf("sample workspace: %s: %w", op.Name, err)
	}
	return out, nil
}
