package prompts

import (
	"slices"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// maxDirective is how long a user's wishes for a draft may be.
const maxDirective = 500

// followUp is a draft that the user may send.
func followUp() *Prompt {
	return &Prompt{
		name: "follow_up", title: "Draft a follow-up",
		description: "A follow-up for a goal that waits or went quiet, drafted from its evidence for you to send yourself. Nothing is sent.",
		tool:        "attrove_draft_goal_follow_up",
		arguments: []Argument{
			{Name: "goal", Title: "Goal", Required: true, suggest: goalNames, Description: "A goal's id, or words of its title."},
			{Name: "directive", Title: "What it should say", most: maxDirective, Description: "What the draft should say, or how: shorter, friendlier, ask for a call on Tuesday."},
		},
		write: writeFollowUp,
	}
}

func writeFollowUp(d *desk, a args) (*brief, error) {
	g, err := d.oneGoal(a["goal"])
	if err != nil {
		return nil, err
	}
	draft := ask(d, question{what: "a first draft", tool: "attrove_draft_goal_follow_up", budget: view.Brief}, attrove.DraftGoalFollowUp,
		attrove.DraftFollowUpIn{GoalRef: attrove.GoalRef{GoalID: g.ID}, Directive: a["directive"]})
	rests := ask(d, question{what: "what the goal rests on", tool: "attrove_goal_evidence", budget: view.Brief}, attrove.GetGoalEvidence, attrove.GoalRef{GoalID: g.ID})
	d.wait()
	cited := &answer[attrove.Page[attrove.Message]]{}
	if ids := messageIDs(draft.Value.CitedEvidenceRefs, rests.Value.CitedInLatestSnapshot); len(ids) > 0 {
		cited = ask(d, question{what: "the messages that it rests on", tool: "attrove_messages", budget: 8000}, attrove.ListMessages,
			attrove.MessagesIn{IDs: ids, Expand: []attrove.MessageExpand{"body_text"}, Cut: attrove.Cut{Limit: attrove.DefaultLimit}})
		d.wait()
	}

	t := d.brief("Draft a follow-up")
	t.add(section{title: "The goal", rows: []string{d.goal(g) + d.finding(g.LastSnapshot)}, most: 4000})
	t.add(section{title: "First draft, made from the evidence", rows: d.draft(draft), most: 4000, none: unless(draft.ok(), "None.")})
	t.add(section{title: "The messages that it rests on, oldest first", rows: d.messages(cited.Value.Data), most: 8000, rest: "attrove_messages"})
	t.add(section{title: "Notes attached to the goal", rows: d.notes(rests.Value.ManualNotes), most: 1500, rest: "attrove_goal_evidence"})
	t.job = `Write the follow-up for me to send myself: subject, recipients, text.
Make the first draft better, do not just repeat it: say what it is about in the first sentence, refer to what was last agreed or asked with its date, ask for one clear thing by one clear date, keep it under 120 words and in the language and tone of the messages above. Invent no fact, promise, price or date; leave [a gap] where something is missing. No ids in the text itself: list below it what each claim rests on.
`
	if wish := a["directive"]; wish != "" {
		t.job += "What I want of it: " + wish + "\n"
	}
	t.job += "Then say in one line whether now is a good time to send it, or whether it is our move or silence was agreed. It is a draft: nothing is sent, and you send nothing."
	return t, nil
}

// messageIDs are the messages among the evidence.
func messageIDs(lists ...[]attrove.EvidenceRef) []string {
	var ids []string
	for _, refs := range lists {
		for _, r := range refs {
			if r.Type == "message" && !slices.Contains(ids, r.ID) && len(ids) < attrove.DefaultLimit {
				ids = append(ids, r.ID)
			}
		}
	}
	return ids
}

// draft is a row with a draft.
func (d *desk) draft(a *answer[attrove.FollowUp]) []string {
	if !a.ok() || a.Value.BodyText == "" {
		return nil
	}
	head := row("Subject "+title(a.Value.Subject), "", with("to", names(a.Value.To, 6)), with("rests on", evidence(a.Value.CitedEvidenceRefs)))
	return []string{head + lines("  ", a.Value.BodyText)}
}

// notes are rows with what notes say.
func (d *desk) notes(all []attrove.Note) []string {
	var rows []string
	for _, n := range all {
		rows = append(rows, row(title(n.Title), n.ID, d.moment(n.CreatedAt))+excerpt(n.Body, 400))
	}
	return rows
}
