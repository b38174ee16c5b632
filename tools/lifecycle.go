package tools

import "github.com/attrove/attrove-mcp/internal/attrove"

// Whether a goal has ended is for people to say (contract section 6.1); each of
// these records what one has decided.

func confirmGoalStatus() *Tool {
	return Of(attrove.ConfirmGoalStatus, Spec{
		Name: "attrove_confirm_goal_status", Title: "Confirm a goal's status", Toolset: Goals,
		Description: "Record the user's own verdict on a goal: its health, or that it is completed, with the reason. " +
			"Only after the user decided: never conclude it from evidence.",
		Asks: Asks{
			Will:  "Record this as your own verdict on the goal %s?",
			After: "You can change it later; a goal that is closed by it can be reopened.",
			Thing: theGoal(),
		},
		Shows: wholeGoal(),
	})
}

func archiveGoal() *Tool {
	return Of(attrove.ArchiveGoal, Spec{
		Name: "attrove_archive_goal", Title: "Stop watching a goal", Toolset: Goals,
		Description: "Archive a goal: stop watching it, without a verdict. Only when the user decided so. " +
			"For success use attrove_confirm_goal_status; for giving up attrove_cancel_goal.",
		Asks:  Asks{Will: "Stop watching the goal %s?", After: "It can be reopened later.", Thing: theGoal()},
		Shows: wholeGoal(),
	})
}

func cancelGoal() *Tool {
	return Of(attrove.CancelGoal, Spec{
		Name: "attrove_cancel_goal", Title: "Give up a goal", Toolset: Goals,
		Description: "Cancel a goal: its outcome is given up. Only when the user decided so.",
		Asks:        Asks{Will: "Give up the goal %s?", After: "It can be reopened later.", Thing: theGoal()},
		Shows:       wholeGoal(),
	})
}

func reopenGoal() *Tool {
	return Of(attrove.ReopenGoal, Spec{
		Name: "attrove_reopen_goal", Title: "Watch a goal again", Toolset: Goals,
		Description: "Bring a completed, archived or cancelled goal back. " +
			"Take lifecycle and lifecycle_version from attrove_get_goal_status. Only when the user decided so.",
		Asks:  Asks{Will: "Watch the goal %s again?", After: "It can be archived again.", Thing: theClosedGoal()},
		Shows: wholeGoal(),
	})
}
