package tools

import (
	"encoding/json"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// wholeGoal is how a change of a goal shows the goal.
func wholeGoal() view.Spec {
	return view.Spec{Whole: map[string]string{"": "attrove_get_goal_status"}}
}

func createGoal() *Tool {
	return Of(attrove.CreateGoal, Spec{
		Name: "attrove_create_goal", Title: "Watch an outcome", Toolset: Goals,
		Description: "Start watching an outcome (a renewal, a deal, a promise): it is judged again whenever mail, meetings or notes about it come in. " +
			"Contacts (ids from attrove_entities) work best in watch_scope. " +
			"Look first in attrove_list_goals whether it is watched already.",
		Shows: wholeGoal(),
	})
}

func listGoals() *Tool {
	return Of(attrove.ListGoals, Spec{
		Name: "attrove_list_goals", Title: "Goals", Toolset: Goals,
		Description: "List goals with health and whose move is next; one call makes a ball-in-court board. " +
			"For risks and evidence of one use attrove_get_goal_status; for what changed lately attrove_goal_events.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_goal_status"},
			Nothing: "No goal is like that. Without arguments all are listed; attrove_create_goal watches a new one."},
	})
}

func getGoalStatus() *Tool {
	return Of(attrove.GetGoal, Spec{
		Name: "attrove_get_goal_status", Title: "One goal", Toolset: Goals,
		Description: "Get one goal in full: latest snapshot, risk signals, next move and actions, and the evidence they cite.",
	})
}

func updateGoal() *Tool {
	return Of(attrove.UpdateGoal, Spec{
		Name: "attrove_update_goal", Title: "Change a goal", Toolset: Goals,
		Description: "Change what a goal is about, what it watches or its deadline; what is left out stays. " +
			"Not for its health or end: see attrove_confirm_goal_status.",
		Asks:  Asks{Will: "Change the goal %s?", After: "It can be changed again; how it was before is not kept.", Thing: theGoal()},
		Shows: wholeGoal(),
	})
}

func evaluateGoal() *Tool {
	return Of(attrove.EvaluateGoal, Spec{
		Name: "attrove_evaluate_goal", Title: "Evaluate a goal", Toolset: Goals,
		Description: "Queue a fresh evaluation of a goal (at most 6 an hour each). Returns a run; read the outcome a little later with attrove_get_goal_status.",
	})
}

func goalEvidence() *Tool {
	return Of(attrove.GetGoalEvidence, Spec{
		Name: "attrove_goal_evidence", Title: "What a goal rests on", Toolset: Goals,
		Description: "Get what a goal's latest evaluation cites, word for word, and the notes attached by hand: why it stands as it does.",
		Shows: view.Spec{Finds: []string{"cited_in_latest_snapshot", "manual_notes"},
			Whole:   map[string]string{"cited_in_latest_snapshot[]": "attrove_get_message", "manual_notes[]": "attrove_get_note"},
			Nothing: "Nothing is cited yet. attrove_evaluate_goal looks again; attrove_add_goal_note adds what is known."},
	})
}

func goalSnapshots() *Tool {
	return Of(attrove.ListGoalSnapshots, Spec{
		Name: "attrove_goal_snapshots", Title: "A goal's history", Toolset: Goals,
		Description: "List a goal's past evaluations, newest first. Use it to see how it developed; the latest alone is in attrove_get_goal_status.",
		Shows:       view.Spec{Finds: []string{"data"}, Nothing: "It was not evaluated yet; attrove_evaluate_goal does so."},
	})
}

// goalNoteArgs are those of the official tool (contract section 11.2).
type goalNoteArgs struct {
	GoalID   string         `json:"goal_id" jsonschema:"minLength=1" jsonschema_description:"gol_..."`
	Body     string         `json:"body" jsonschema:"minLength=1" jsonschema_description:"The note's text."`
	Title    string         `json:"title,omitempty" jsonschema_description:"Its title."`
	Metadata attrove.Object `json:"metadata,omitempty" jsonschema_description:"Free-form data."`
}

// addGoalNote is a note about a goal (contract section 11.2).
func addGoalNote() *Tool {
	return As[goalNoteArgs](attrove.PushNote, Spec{
		Name: "attrove_add_goal_note", Title: "Add evidence to a goal", Toolset: Goals,
		Description: "Attach what you or the user know to a goal, as evidence for its next evaluation. For notes about anything else use attrove_push_note.",
		Fixed:       Fields{"ref_type": json.RawMessage(`"goal"`)},
	}, func(_ Env, f Fields) (attrove.Meta, error) {
		f["ref_id"] = f["goal_id"]
		delete(f, "goal_id")
		return attrove.PushNote.Meta, nil
	})
}

func goalEvents() *Tool {
	return Of(attrove.ListGoalEvents, Spec{
		Name: "attrove_goal_events", Title: "What happened to goals", Toolset: Goals,
		Description: "Poll what happened to goals (created, at risk, completed), oldest first. " +
			"Pass the watermark of one poll as since and since_event_id of the next.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_goal_status"},
			Nothing: "Nothing happened since. Poll again later from the same place."},
	})
}

func acknowledgeGoal() *Tool {
	return Of(attrove.AcknowledgeGoal, Spec{
		Name: "attrove_acknowledge_goal", Title: "Expect a goal's silence", Toolset: Goals,
		Description: "Say that a goal's silence is expected until a day, so that it raises no alarm; real activity ends it earlier.",
		Shows:       wholeGoal(),
	})
}

func clearGoalAcknowledgment() *Tool {
	return Of(attrove.ClearGoalAcknowledgment, Spec{
		Name: "attrove_clear_goal_acknowledgment", Title: "Watch a goal's silence again", Toolset: Goals,
		Description: "Take back attrove_acknowledge_goal: silence counts as a risk again at once.",
		Shows:       wholeGoal(),
	})
}

func draftGoalFollowUp() *Tool {
	return Of(attrove.DraftGoalFollowUp, Spec{
		Name: "attrove_draft_goal_follow_up", Title: "Draft a follow-up", Toolset: Goals, Short: true,
		Description: "Draft a follow-up e-mail for a quiet goal from its evidence. Nothing is sent: show the draft to the user.",
	})
}
