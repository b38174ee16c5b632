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
		Description: "Start watching an outcome (a renewal, a deal, a promise): Attrove keeps judging it by new mail, meetings and notes. " +
			"Give watch_scope contacts (attrove_entities), a plain-words query or keywords.",
		Shows: wholeGoal(),
	})
}

func listGoals() *Tool {
	return Of(attrove.ListGoals, Spec{
		Name: "attrove_list_goals", Title: "Goals", Toolset: Goals,
		Description: "List goals with health and whose move is next; one call gives a ball-in-court board. " +
			"For risks and evidence of one use attrove_get_goal_status.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_goal_status"}},
	})
}

func getGoalStatus() *Tool {
	return Of(attrove.GetGoal, Spec{
		Name: "attrove_get_goal_status", Title: "One goal", Toolset: Goals,
		Description: "Get one goal in full: latest snapshot, risk signals, next actions, and the evidence they cite.",
	})
}

func evaluateGoal() *Tool {
	return Of(attrove.EvaluateGoal, Spec{
		Name: "attrove_evaluate_goal", Title: "Evaluate a goal", Toolset: Goals,
		Description: "Queue a fresh evaluation of a goal (at most 6 an hour each). Returns a run; read the outcome a little later with attrove_get_goal_status.",
	})
}

// goalNoteArgs are those of the official tool (contract section 11.2).
type goalNoteArgs struct {
	GoalID   string         `json:"goal_id" jsonschema:"minLength=1" jsonschema_description:"The goal's id, gol_..."`
	Body     string         `json:"body" jsonschema:"minLength=1" jsonschema_description:"The note's text."`
	Title    string         `json:"title,omitempty" jsonschema_description:"Its title."`
	Metadata attrove.Object `json:"metadata,omitempty" jsonschema_description:"Free-form data kept with it."`
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

func confirmGoalStatus() *Tool {
	return Of(attrove.ConfirmGoalStatus, Spec{
		Name: "attrove_confirm_goal_status", Title: "Confirm a goal's status", Toolset: Goals,
		Description: "Record the user's own decision on a goal's lifecycle or health, with the reason. " +
			"Only after the user decided: never conclude it from evidence.",
		// P-08: whoever calls through a tool is an agent, whatever it says.
		Fixed: Fields{"initiator": json.RawMessage(`"agent"`)},
		Shows: wholeGoal(),
	})
}

func goalEvents() *Tool {
	return Of(attrove.ListGoalEvents, Spec{
		Name: "attrove_goal_events", Title: "What happened to goals", Toolset: Goals,
		Description: "Poll what happened to goals (created, at risk, completed), oldest first. " +
			"Pass the watermark of one poll as since and since_event_id of the next.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_goal_status"}},
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
		Name: "attrove_draft_goal_follow_up", Title: "Draft a follow-up", Toolset: Goals,
		Description: "Draft a follow-up e-mail for a quiet goal from its evidence. Nothing is sent: show the draft to the user.",
	})
}
