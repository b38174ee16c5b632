package resources

import (
	"context"
	"encoding/json"

	"golang.org/x/sync/errgroup"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

const goalPath = "goals/{goal_id}"

// recent is how many of a goal's snapshots its own page shows.
const recent = 5

// goal is one goal with everything that matters about it.
func goal() *Resource {
	return &Resource{
		path: goalPath, title: "A goal", tool: "attrove_get_goal_status",
		description: "One goal: its health and why, whose move is next, risks, next actions, the evidence cited, and how it developed.",
		read:        readGoal, find: findGoals, own: maxActive + maxClosed, watched: true,
	}
}

// evidence is what a goal rests on.
func evidence() *Resource {
	return &Resource{
		path: goalPath + "/evidence", title: "What a goal rests on", tool: "attrove_goal_evidence",
		description: "What a goal's latest evaluation cites, word for word, and the notes attached to it by hand.",
		read:        readEvidence, find: findGoals, watched: true,
	}
}

// snapshots is a goal's history.
func snapshots() *Resource {
	return &Resource{
		path: goalPath + "/snapshots", title: "A goal's history", tool: "attrove_goal_snapshots",
		description: "A goal's evaluations, newest first: what each found, its risks and next actions.",
		read:        readSnapshots, find: findGoals, watched: true,
	}
}

func readGoal(ctx context.Context, r reading) (*page, []view.Notes, error) {
	var is shown[attrove.Goal]
	var on shown[attrove.GoalEvidence]
	var past shown[attrove.Page[attrove.Snapshot]]
	ref := attrove.GoalRef{GoalID: r.id}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		is, err = show(ctx, r, attrove.GetGoal, ref, view.Full, nil)
		return err
	})
	g.Go(func() (err error) {
		on, err = show(ctx, r, attrove.GetGoalEvidence, ref, view.Brief, wholeEvidence())
		return err
	})
	g.Go(func() (err error) {
		past, err = show(ctx, r, attrove.ListGoalSnapshots, attrove.SnapshotsIn{GoalRef: ref, Cut: attrove.Cut{Limit: recent}}, view.Brief,
			map[string]string{"": "attrove_goal_snapshots"})
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	p := newPage(r, is.Value.Title)
	p.goal(is.Value)
	if last := is.Value.LastSnapshot; last != nil {
		p.section("Summary")
		p.quote("", last.Summary)
		p.findings("## ", *last)
	}
	p.evidence(on.Value)
	p.history(past.Value.Data)
	p.text("More: [all evidence](%s), [all evaluations](%s).", address(evidence().path, r.id), address(snapshots().path, r.id))
	return p, []view.Notes{is.Notes, on.Notes, past.Notes}, nil
}

func wholeEvidence() map[string]string {
	return map[string]string{"": "attrove_goal_evidence", "cited_in_latest_snapshot[]": "attrove_get_message", "manual_notes[]": "attrove_get_note"}
}

// goal is what a goal is and how it stands.
func (p *page) goal(g attrove.Goal) {
	p.blank()
	p.field("Health", words(g.Health)+with(", evaluated", p.moment(orEmpty(g.LastEvaluatedAt))))
	p.field("Lifecycle", words(g.Lifecycle))
	if m := g.NextMove; m != nil {
		p.field("Next move", mover(m.Owner)+with(", due", p.moment(m.DueAt)))
		p.quote("  ", m.Description)
	}
	p.field("Deadline", p.moment(orEmpty(g.Deadline)))
	if a := g.Acknowledgment; a != nil {
		p.field("Silence expected until", p.moment(a.Until)+with(", acknowledged", p.moment(a.AcknowledgedAt)))
		p.quote("  ", a.Reason)
	}
	p.field("Id", code(g.ID))
	for _, about := range []struct {
		label string
		text  *attrove.ForeignText
	}{{"About", g.Description}, {"Success is", g.SuccessCriteria}, {"Done when", g.CompletionCondition}} {
		if text := orEmpty(about.text); text != "" {
			p.b.WriteString("- " + about.label + ":\n")
			p.quote("  ", text)
		}
	}
}

// findings are the risks and next actions that an evaluation saw, under headings
// that begin with mark.
func (p *page) findings(mark string, s attrove.Snapshot) {
	if len(s.RiskSignals) > 0 {
		p.text("%sRisks\n", mark)
	}
	for _, risk := range s.RiskSignals {
		p.item(words(risk.Kind))
		p.quote("  ", risk.Description)
	}
	if len(s.NextActions) > 0 {
		p.text("%sNext actions\n", mark)
	}
	for _, action := range s.NextActions {
		p.item("To do"+with(", by", line(action.Owner)), with("due", p.moment(action.DueAt)))
		p.quote("  ", action.Description)
	}
	if to := orEmpty(s.SuggestedLifecycle); to != "" {
		p.text("Suggested for a human to confirm: %s.", words(to))
	}
}

// evidence is what a goal rests on.
func (p *page) evidence(e attrove.GoalEvidence) {
	p.section("Evidence")
	if len(e.CitedInLatestSnapshot)+len(e.ManualNotes) == 0 {
		p.b.WriteString("None yet.\n")
	}
	for _, ref := range e.CitedInLatestSnapshot {
		p.item(words(ref.Type)+" "+source(ref), p.moment(ref.OccurredAt))
		p.quote("  ", ref.Snippet)
	}
	for _, n := range e.ManualNotes {
		p.item("note "+link(n.ID, address(notePath, n.ID)), line(n.Title), p.moment(n.CreatedAt), "attached by hand")
		p.quote("  ", n.Body)
	}
}

// source names what is cited, with a link where it can be read here.
func source(ref attrove.EvidenceRef) string {
	switch ref.Type {
	case "meeting":
		return link(ref.ID, address(meetingPath, ref.ID))
	case "note":
		return link(ref.ID, address(notePath, ref.ID))
	}
	return code(ref.ID)
}

// history is a line for each evaluation.
func (p *page) history(all []attrove.Snapshot) {
	if len(all) == 0 {
		return
	}
	p.section("History")
	for _, s := range all {
		p.item(p.moment(s.CreatedAt), words(s.Health), with("confidence", confidence(s.Confidence)))
		p.quote("  ", s.Summary)
	}
}

// confidence is how sure an evaluation is, which may be a number or a word.
func confidence(c attrove.Confidence) string {
	var word string
	if json.Unmarshal(c, &word) == nil {
		return line(word)
	}
	return line(string(c))
}

func readEvidence(ctx context.Context, r reading) (*page, []view.Notes, error) {
	on, err := show(ctx, r, attrove.GetGoalEvidence, attrove.GoalRef{GoalID: r.id}, view.Full, wholeEvidence())
	if err != nil {
		return nil, nil, err
	}
	p := newPage(r, "What a goal rests on")
	p.text("Of %s.", link(r.id, address(goalPath, r.id)))
	p.evidence(on.Value)
	return p, []view.Notes{on.Notes}, nil
}

func readSnapshots(ctx context.Context, r reading) (*page, []view.Notes, error) {
	past, err := show(ctx, r, attrove.ListGoalSnapshots, attrove.SnapshotsIn{GoalRef: attrove.GoalRef{GoalID: r.id}, Cut: attrove.Cut{Limit: attrove.DefaultLimit}},
		view.Full, nil)
	if err != nil {
		return nil, nil, err
	}
	p := newPage(r, "A goal's history")
	p.text("Of %s.", link(r.id, address(goalPath, r.id)))
	if len(past.Value.Data) == 0 {
		p.text("It has not been evaluated yet.")
	}
	for _, s := range past.Value.Data {
		p.section(p.moment(s.CreatedAt) + ": " + words(s.Health))
		p.quote("", s.Summary)
		p.findings("### ", s)
	}
	p.rest(past.Paging, r.resource.tool)
	return p, []view.Notes{past.Notes}, nil
}
