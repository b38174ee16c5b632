package resources

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// How many goals a list shows: active ones, and closed ones after them.
const (
	maxActive = 50
	maxClosed = 15
)

// goals is all of a user's goals at a glance.
func goals() *Resource {
	return &Resource{
		path: "goals", title: "Goals", tool: "attrove_list_goals", priority: 1,
		description: "The watched outcomes by whose move is next, with health and deadline: a ball-in-court board.",
		read:        readGoals, watched: true,
	}
}

func readGoals(ctx context.Context, r reading) (*page, []view.Notes, error) {
	all, err := listGoals(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	p := newPage(r, "Goals")
	if len(all.active)+len(all.closed) == 0 {
		p.text("No goals are watched yet. The tool `attrove_create_goal` watches one.")
	}
	sides := map[attrove.MoveOwner][]attrove.Goal{}
	for _, g := range all.active {
		sides[owner(g)] = append(sides[owner(g)], g)
	}
	p.board("Our move", sides[attrove.MoveUs])
	p.board("Their move", sides[attrove.MoveThem])
	p.board("Unclear whose move", sides[attrove.MoveAmbiguous])
	p.board("Nobody has to move", sides[attrove.MoveNone])
	p.board("Closed", all.closed)
	p.rest(all.paging, r.resource.tool)
	return p, all.notes, nil
}

// board is one column of the board.
func (p *page) board(title string, goals []attrove.Goal) {
	if len(goals) == 0 {
		return
	}
	p.section(title)
	for _, g := range goals {
		p.item(link(g.Title, address(goalPath, g.ID)), p.state(g))
		if g.NextMove != nil {
			p.quote("  ", g.NextMove.Description)
		}
	}
}

// owner is whose move is next. What Attrove does not document counts as nobody's.
func owner(g attrove.Goal) attrove.MoveOwner {
	if g.NextMove != nil {
		switch o := g.NextMove.Owner; o {
		case attrove.MoveUs, attrove.MoveThem, attrove.MoveAmbiguous:
			return o
		default:
		}
	}
	return attrove.MoveNone
}

// state is how a goal stands, in a few words of ours.
func (r reading) state(g attrove.Goal) string {
	parts := []string{words(g.Health)}
	if g.Lifecycle != attrove.LifecycleActive {
		parts = []string{words(g.Lifecycle)}
	}
	if due := orEmpty(g.Deadline); due != "" {
		parts = append(parts, "due "+r.moment(due))
	}
	if g.Acknowledgment != nil {
		parts = append(parts, "silence expected until "+r.moment(g.Acknowledgment.Until))
	}
	return strings.Join(parts, ", ")
}

// goalList is a user's goals, active ones apart.
type goalList struct {
	active, closed []attrove.Goal
	paging         view.Paging // of the active ones
	notes          []view.Notes
}

func listGoals(ctx context.Context, r reading) (goalList, error) {
	var active, all shown[attrove.Page[attrove.Goal]]
	g, ctx := errgroup.WithContext(ctx)
	whole := map[string]string{"data[]": "attrove_get_goal_status"}
	g.Go(func() (err error) {
		active, err = show(ctx, r, attrove.ListGoals, attrove.GoalsIn{Lifecycle: attrove.LifecycleActive, Cut: attrove.Cut{Limit: maxActive}}, view.Full, whole)
		return err
	})
	g.Go(func() (err error) {
		all, err = show(ctx, r, attrove.ListGoals, attrove.GoalsIn{Cut: attrove.Cut{Limit: attrove.MaxLimit}}, view.Full, whole)
		return err
	})
	if err := g.Wait(); err != nil {
		return goalList{}, err
	}
	closed := func(g attrove.Goal) bool { return g.Lifecycle != attrove.LifecycleActive }
	list := goalList{active: slices.DeleteFunc(active.Value.Data, closed), paging: active.Paging, notes: []view.Notes{active.Notes}}
	for _, one := range all.Value.Data {
		if closed(one) && len(list.closed) < maxClosed {
			list.closed = append(list.closed, one)
		}
	}
	return list, nil
}

// findGoals finds goals by their titles, active ones first.
func findGoals(ctx context.Context, r reading, _ string) ([]thing, bool, error) {
	all, err := listGoals(ctx, r)
	if err != nil {
		return nil, false, err
	}
	found := make([]thing, 0, len(all.active)+len(all.closed))
	for _, g := range append(all.active, all.closed...) {
		found = append(found, thing{id: g.ID, title: flat(g.Title), description: describeGoal(r, g), priority: weight(g),
			modified: max(g.UpdatedAt, orEmpty(g.LastEvaluatedAt))})
	}
	return found, all.paging.HasMore, nil
}

func describeGoal(r reading, g attrove.Goal) string {
	if g.Lifecycle != attrove.LifecycleActive {
		return "A goal: " + r.state(g)
	}
	return "A goal: " + r.state(g) + ", next move: " + mover(owner(g))
}

// mover is whose move it is, in words of ours.
func mover(o attrove.MoveOwner) string {
	switch o {
	case attrove.MoveUs:
		return "ours"
	case attrove.MoveThem:
		return "theirs"
	case attrove.MoveAmbiguous:
		return "unclear whose"
	case attrove.MoveNone:
		return "nobody's"
	}
	return words(o)
}

// weight is how much a goal matters among all that is listed.
func weight(g attrove.Goal) float64 {
	switch {
	case g.Lifecycle != attrove.LifecycleActive:
		return 0.2
	case owner(g) == attrove.MoveUs, g.Health == attrove.HealthAtRisk, g.Health == attrove.HealthBlocked, g.Health == attrove.HealthWaitingOnHuman:
		return 0.9
	}
	return 0.6
}
