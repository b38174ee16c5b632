package attrove

import "net/http"

const groupGoals = "Goals"

// GoalsIn filters goals.
type GoalsIn struct {
	Lifecycle     Lifecycle `json:"lifecycle,omitempty" evidence:"D" jsonschema_description:"Only goals in this lifecycle."`
	Health        Health    `json:"health,omitempty" evidence:"D" jsonschema_description:"Only goals in this health."`
	NextMoveOwner MoveOwner `json:"next_move_owner,omitempty" evidence:"D" jsonschema_description:"Only goals where this side moves next."`
	Acknowledged  *bool     `json:"acknowledged,omitempty" evidence:"P-38" jsonschema_description:"Whether silence is acknowledged."`
	Cut
}

// GoalEventsIn asks for goal events since a watermark.
type GoalEventsIn struct {
	Since        DateTime `json:"since,omitempty" evidence:"D" jsonschema_description:"watermark.occurred_at of the poll before."`
	SinceEventID string   `json:"since_event_id,omitempty" evidence:"D" jsonschema_description:"watermark.event_id of the poll before."`
	Types        []string `json:"types,omitempty" evidence:"D" jsonschema_description:"Only these events, such as goals.risk_detected."`
	Cut
}

// ConfirmGoalStatusIn confirms or overrides lifecycle or health (contract section 6.4).
type ConfirmGoalStatusIn struct {
	GoalRef
	Lifecycle Lifecycle `json:"lifecycle,omitempty" evidence:"D" jsonschema_description:"The lifecycle to set."`
	Health    Health    `json:"health,omitempty" evidence:"D" jsonschema_description:"The health to set."`
	Reason    string    `json:"reason" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"Why, in the user's words."`
	Command
}

// LifecycleIn archives or cancels a goal (contract section 6.4).
type LifecycleIn struct {
	GoalRef
	Reason string `json:"reason" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"Why, in the user's words."`
	Command
}

// Command is what makes a command on a goal's lifecycle safe and accountable.
// Initiator and IdempotencyKey are never a model's to set (P-08).
type Command struct {
	ExpectedLifecycleVersion int       `json:"expected_lifecycle_version,omitempty" evidence:"D" jsonschema_description:"lifecycle_version as last seen."`
	IdempotencyKey           string    `json:"idempotency_key,omitempty" mcp:"-" evidence:"D" jsonschema_description:"Makes a repeat change nothing."`
	Initiator                Initiator `json:"initiator,omitempty" mcp:"-" evidence:"D" jsonschema_description:"Who wanted it."`
}

// ReopenGoalIn brings a closed goal back (P-36).
type ReopenGoalIn struct {
	GoalRef
	ExpectedLifecycle        Lifecycle `json:"expected_lifecycle" evidence:"D" jsonschema_description:"lifecycle as last seen."`
	ExpectedLifecycleVersion int       `json:"expected_lifecycle_version" evidence:"D" jsonschema_description:"lifecycle_version as last seen."`
	ReasonCode               string    `json:"reason_code" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"A short code of your choice."`
	Reason                   string    `json:"reason" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"Why, in the user's words."`
	IdempotencyKey           string    `json:"idempotency_key,omitempty" mcp:"-" evidence:"D" jsonschema_description:"Makes a repeat change nothing."`
	Initiator                Initiator `json:"initiator,omitempty" mcp:"-" evidence:"D" jsonschema_description:"Who wanted it."`
}

// AcknowledgeGoalIn says that a goal's silence is expected (P-36).
type AcknowledgeGoalIn struct {
	GoalRef
	Until   DateTime `json:"until" evidence:"D" jsonschema_description:"Until when silence is expected."`
	Reason  string   `json:"reason,omitempty" evidence:"D" jsonschema_description:"Why."`
	Channel string   `json:"channel,omitempty" evidence:"D" jsonschema_description:"Where that was agreed."`
}

// ClearAcknowledgmentIn resumes silence monitoring (P-36).
type ClearAcknowledgmentIn struct {
	GoalRef
	Reason string `json:"reason,omitempty" evidence:"D" jsonschema_description:"Why."`
}

// DraftFollowUpIn asks for a draft (P-36).
type DraftFollowUpIn struct {
	GoalRef
	Directive string `json:"directive,omitempty" evidence:"D" jsonschema_description:"What the draft should say or how."`
}

// SnapshotsIn asks for a goal's snapshots.
type SnapshotsIn struct {
	GoalRef
	Cut
}

// The operations on goals (contract section 6).
var (
	CreateGoal = Operation[CreateGoalIn, Goal]{Meta{
		Name: "create_goal", Row: 28, Group: groupGoals, Method: http.MethodPost, Path: "/v1/users/{user_id}/goals",
		Summary: "Create a goal.", Effect: Write, Status: 201, Evidence: Documented}}
	ListGoals = Operation[GoalsIn, Page[Goal]]{Meta{
		Name: "list_goals", Row: 29, Group: groupGoals, Method: http.MethodGet, Path: "/v1/users/{user_id}/goals",
		Summary: "List goals.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	ListGoalEvents = Operation[GoalEventsIn, GoalEventsPage]{Meta{
		Name: "list_goal_events", Row: 30, Group: groupGoals, Method: http.MethodGet, Path: "/v1/users/{user_id}/goal-events",
		Summary: "List goal events.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	GetGoal = Operation[GoalRef, Goal]{Meta{
		Name: "get_goal", Row: 31, Group: groupGoals, Method: http.MethodGet, Path: "/v1/users/{user_id}/goals/{goal_id}",
		Summary: "Get a goal with its latest snapshot.", Effect: Read, Status: 200, Evidence: Documented}}
	UpdateGoal = Operation[UpdateGoalIn, Goal]{Meta{
		Name: "update_goal", Row: 32, Group: groupGoals, Method: http.MethodPatch, Path: "/v1/users/{user_id}/goals/{goal_id}",
		Summary: "Update a goal.", Effect: Undoable, Status: 200, Evidence: Documented}}
	EvaluateGoal = Operation[GoalRef, GoalRun]{Meta{
		Name: "evaluate_goal", Row: 33, Group: groupGoals, Method: http.MethodPost, Path: "/v1/users/{user_id}/goals/{goal_id}/evaluate",
		Summary: "Queue an evaluation of a goal.", Effect: Write, Status: 202, Evidence: Documented}}
	ConfirmGoalStatus = Operation[ConfirmGoalStatusIn, Goal]{Meta{
		Name: "confirm_goal_status", Row: 34, Group: groupGoals, Method: http.MethodPost, Path: "/v1/users/{user_id}/goals/{goal_id}/status",
		Summary: "Confirm or override a goal's status.", Effect: Undoable, Status: 200, Evidence: Documented}}
	GetGoalEvidence = Operation[GoalRef, GoalEvidence]{Meta{
		Name: "get_goal_evidence", Row: 35, Group: groupGoals, Method: http.MethodGet, Path: "/v1/users/{user_id}/goals/{goal_id}/evidence",
		Summary: "Get what a goal rests on.", Effect: Read, Status: 200, Evidence: Documented}}
	ListGoalSnapshots = Operation[SnapshotsIn, Page[Snapshot]]{Meta{
		Name: "list_goal_snapshots", Row: 36, Group: groupGoals, Method: http.MethodGet, Path: "/v1/users/{user_id}/goals/{goal_id}/snapshots",
		Summary: "List a goal's snapshots.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	ArchiveGoal = Operation[LifecycleIn, Goal]{Meta{
		Name: "archive_goal", Row: 37, Group: groupGoals, Method: http.MethodPost, Path: "/v1/users/{user_id}/goals/{goal_id}/archive",
		Summary: "Archive a goal: stop watching, without a verdict.", Effect: Undoable, Status: 200, Evidence: Documented}}
	CancelGoal = Operation[LifecycleIn, Goal]{Meta{
		Name: "cancel_goal", Row: 38, Group: groupGoals, Method: http.MethodPost, Path: "/v1/users/{user_id}/goals/{goal_id}/cancel",
		Summary: "Cancel a goal: the outcome is given up.", Effect: Undoable, Status: 200, Evidence: Documented}}
)

// Operations on goals that the SDK or the official MCP server has and the
// reference page does not list; their paths are our guess (contract section 6.5).
var (
	ReopenGoal = Operation[ReopenGoalIn, Goal]{Meta{
		Name: "reopen_goal", Group: groupGoals, Method: http.MethodPost, Path: "/v1/users/{user_id}/goals/{goal_id}/reopen",
		Summary: "Reopen a closed goal.", Effect: Undoable, Status: 200, Evidence: "P-36"}}
	// To acknowledge is a Write, so nobody is asked: it ends by itself, on its day or
	// with the first word from them, shows with the goal, and moves no lifecycle.
	AcknowledgeGoal = Operation[AcknowledgeGoalIn, Goal]{Meta{
		Name: "acknowledge_goal", Group: groupGoals, Method: http.MethodPost, Path: "/v1/users/{user_id}/goals/{goal_id}/acknowledge",
		Summary: "Acknowledge that a goal's silence is expected.", Effect: Write, Status: 200, Evidence: "P-36"}}
	ClearGoalAcknowledgment = Operation[ClearAcknowledgmentIn, Goal]{Meta{
		Name: "clear_goal_acknowledgment", Group: groupGoals, Method: http.MethodPost, Path: "/v1/users/{user_id}/goals/{goal_id}/clear-acknowledgment",
		Summary: "Resume monitoring a goal's silence.", Effect: Write, Status: 200, Evidence: "P-36"}}
	DraftGoalFollowUp = Operation[DraftFollowUpIn, FollowUp]{Meta{
		Name: "draft_goal_follow_up", Group: groupGoals, Method: http.MethodPost, Path: "/v1/users/{user_id}/goals/{goal_id}/draft-follow-up",
		Summary: "Draft a follow-up for a quiet goal; nothing is sent.", Effect: Read, Status: 200, Evidence: "P-36", Timeout: SlowTimeout}}
)
