package attrove

import "encoding/json"

// GoalRef names one goal.
type GoalRef struct {
	GoalID string `json:"goal_id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"gol_..."`
}

// WatchScope is what a goal watches: at least one of entity_ids, seed_query and
// keywords is needed (contract section 6.1; names by rule R1).
type WatchScope struct {
	EntityIDs        []string          `json:"entity_ids,omitempty" evidence:"I+" jsonschema_description:"Contacts, ent_..."`
	SeedQuery        string            `json:"seed_query,omitempty" evidence:"I+" jsonschema_description:"What to look for, in plain words."`
	Keywords         []string          `json:"keywords,omitempty" evidence:"I+" jsonschema_description:"Words to watch for."`
	SourceTypes      []SourceType      `json:"source_types,omitempty" evidence:"I+" jsonschema_description:"Where to look; everywhere if left out."`
	SilenceCondition *SilenceCondition `json:"silence_condition,omitempty" evidence:"I+" jsonschema_description:"When silence is a risk."`
}

// SilenceCondition says when silence is a risk (contract section 6.1, P-34).
type SilenceCondition struct {
	QuietAfterDays  int          `json:"quiet_after_days" evidence:"D" jsonschema:"minimum=1,maximum=365" jsonschema_description:"Days without activity, 1 to 365."`
	ActivitySources []SourceType `json:"activity_sources,omitempty" evidence:"D" jsonschema_description:"What counts as activity; source_types if left out."`
	AlertHealth     Health       `json:"alert_health,omitempty" evidence:"D" jsonschema_description:"The health that silence brings; at_risk if left out."`
}

// CreateGoalIn is the body of CreateGoal.
type CreateGoalIn struct {
	Title               string     `json:"title" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The outcome, in a few words."`
	WatchScope          WatchScope `json:"watch_scope" evidence:"D" jsonschema_description:"What to watch; needs entity_ids, seed_query or keywords."`
	Description         string     `json:"description,omitempty" evidence:"D" jsonschema_description:"More about it."`
	SuccessCriteria     string     `json:"success_criteria,omitempty" evidence:"D" jsonschema_description:"How to tell success."`
	CompletionCondition string     `json:"completion_condition,omitempty" evidence:"D" jsonschema_description:"When it is done."`
	Deadline            DateTime   `json:"deadline,omitempty" evidence:"D" jsonschema_description:"When it is due."`
}

// UpdateGoalIn is a partial change of a goal. Lifecycle and health have their own commands.
type UpdateGoalIn struct {
	GoalRef
	Title               Opt[string]     `json:"title,omitzero" evidence:"I+" jsonschema_description:"The outcome, in a few words."`
	WatchScope          Opt[WatchScope] `json:"watch_scope,omitzero" evidence:"I+" jsonschema_description:"What to watch; replaces the scope before."`
	Description         Opt[string]     `json:"description,omitzero" mcp:"clear" evidence:"I+" jsonschema_description:"More about it."`
	SuccessCriteria     Opt[string]     `json:"success_criteria,omitzero" mcp:"clear" evidence:"I+" jsonschema_description:"How to tell success."`
	CompletionCondition Opt[string]     `json:"completion_condition,omitzero" mcp:"clear" evidence:"I+" jsonschema_description:"When it is done."`
	Deadline            Opt[DateTime]   `json:"deadline,omitzero" mcp:"clear" evidence:"I+" jsonschema_description:"When it is due."`
}

// Goal is a watched outcome (contract section 6.2).
type Goal struct {
	ID                  string          `json:"id" evidence:"D" jsonschema_description:"The goal's id."`
	Title               ForeignText     `json:"title" evidence:"D" jsonschema_description:"The outcome."`
	Description         *ForeignText    `json:"description" evidence:"D" jsonschema_description:"More about it."`
	WatchScope          WatchScope      `json:"watch_scope" evidence:"D" jsonschema_description:"What it watches."`
	SuccessCriteria     *ForeignText    `json:"success_criteria" evidence:"D" jsonschema_description:"How to tell success."`
	CompletionCondition *ForeignText    `json:"completion_condition" evidence:"D" jsonschema_description:"When it is done."`
	Deadline            *DateTime       `json:"deadline" evidence:"D" jsonschema_description:"When it is due."`
	Lifecycle           Lifecycle       `json:"lifecycle" evidence:"D" jsonschema_description:"active, completed, archived or cancelled."`
	Health              Health          `json:"health" evidence:"D" jsonschema_description:"How it does, as evaluated."`
	LifecycleVersion    int             `json:"lifecycle_version" evidence:"I" jsonschema_description:"Pass it with a command on the lifecycle."`
	LastEvaluatedAt     *DateTime       `json:"last_evaluated_at" evidence:"D" jsonschema_description:"When it was last evaluated."`
	LastSnapshot        *Snapshot       `json:"last_snapshot,omitempty" evidence:"D" jsonschema_description:"What the last evaluation found."`
	LastRun             *GoalRun        `json:"last_run,omitempty" evidence:"D" jsonschema_description:"The last evaluation run."`
	NextMove            *NextMove       `json:"next_move,omitempty" evidence:"D" jsonschema_description:"Whose move is next."`
	Acknowledgment      *Acknowledgment `json:"acknowledgment" evidence:"P-38" jsonschema_description:"That its silence is expected."`
	CreatedAt           DateTime        `json:"created_at" evidence:"D" jsonschema_description:"When it was created."`
	UpdatedAt           DateTime        `json:"updated_at" evidence:"D" jsonschema_description:"When it last changed."`
}

// Snapshot is what one evaluation found (contract section 6.2).
type Snapshot struct {
	ID                 string        `json:"id" evidence:"D" jsonschema_description:"The snapshot's id."`
	GoalID             string        `json:"goal_id" evidence:"D" jsonschema_description:"The goal."`
	Lifecycle          Lifecycle     `json:"lifecycle" evidence:"D" jsonschema_description:"The goal's lifecycle then."`
	Health             Health        `json:"health" evidence:"D" jsonschema_description:"The health found."`
	Summary            ForeignText   `json:"summary" evidence:"D" jsonschema_description:"What was found."`
	CitedEvidenceRefs  []EvidenceRef `json:"cited_evidence_refs" evidence:"D" jsonschema_description:"What it rests on."`
	RiskSignals        []RiskSignal  `json:"risk_signals" evidence:"D" jsonschema_description:"What is a risk."`
	NextActions        []NextAction  `json:"next_actions" evidence:"D" jsonschema_description:"What to do."`
	Confidence         Confidence    `json:"confidence" evidence:"D" jsonschema_description:"How sure it is; a number from 0 to 1 from the embedded engine."`
	SuggestedLifecycle *Lifecycle    `json:"suggested_lifecycle" evidence:"D" jsonschema_description:"A lifecycle for a human to confirm."`
	NextMove           *NextMove     `json:"next_move" evidence:"D" jsonschema_description:"Whose move is next."`
	PhrasedBy          string        `json:"phrased_by,omitempty" evidence:"P-39" jsonschema_description:"The language model that put the summary into words; absent where rules did."`
	CreatedAt          DateTime      `json:"created_at" evidence:"D" jsonschema_description:"When it was taken."`
}

// Confidence is how sure an evaluation is: its type is unknown, so it is kept as sent.
type Confidence = json.RawMessage

// RiskSignal is one risk that an evaluation saw.
type RiskSignal struct {
	Kind        RiskKind    `json:"kind" evidence:"D" jsonschema_description:"What kind of risk."`
	Description ForeignText `json:"description" evidence:"D" jsonschema_description:"What it is."`
}

// EvidenceRef is something that a claim rests on (P-39).
type EvidenceRef struct {
	Type       string      `json:"type" evidence:"P-39" jsonschema_description:"message, meeting, event or note."`
	ID         string      `json:"id" evidence:"P-39" jsonschema_description:"Its id."`
	Snippet    ForeignText `json:"snippet,omitempty" evidence:"P-39" jsonschema_description:"Its words."`
	OccurredAt DateTime    `json:"occurred_at,omitempty" evidence:"P-39" jsonschema_description:"When it was."`
}

// NextAction is something to do for a goal (P-39).
type NextAction struct {
	Description ForeignText `json:"description" evidence:"P-39" jsonschema_description:"What to do."`
	Owner       ForeignText `json:"owner,omitempty" evidence:"P-39" jsonschema_description:"By whom."`
	DueAt       DateTime    `json:"due_at,omitempty" evidence:"P-39" jsonschema_description:"By when."`
}

// NextMove is whose move is next (P-35).
type NextMove struct {
	Owner       MoveOwner   `json:"owner" evidence:"D" jsonschema_description:"us, them, ambiguous or none."`
	Description ForeignText `json:"description,omitempty" evidence:"P-35" jsonschema_description:"What the move is."`
	DueAt       DateTime    `json:"due_at,omitempty" evidence:"P-35" jsonschema_description:"By when."`
}

// GoalRun is one evaluation run (P-37).
type GoalRun struct {
	RunID      string   `json:"run_id" evidence:"D" jsonschema_description:"The run's id."`
	Status     string   `json:"status" evidence:"D" jsonschema_description:"queued, running, completed or failed."`
	QueuedAt   DateTime `json:"queued_at,omitempty" evidence:"P-37" jsonschema_description:"When it was queued."`
	FinishedAt DateTime `json:"finished_at,omitempty" evidence:"P-37" jsonschema_description:"When it ended."`
	Error      string   `json:"error,omitempty" evidence:"P-37" jsonschema_description:"Why it failed."`
}

// Acknowledgment says that a goal's silence is expected (P-38).
type Acknowledgment struct {
	Until          DateTime    `json:"until" evidence:"P-38" jsonschema_description:"Until when."`
	Reason         ForeignText `json:"reason,omitempty" evidence:"P-38" jsonschema_description:"Why."`
	Channel        ForeignText `json:"channel,omitempty" evidence:"P-38" jsonschema_description:"Where that was agreed."`
	AcknowledgedAt DateTime    `json:"acknowledged_at" evidence:"P-38" jsonschema_description:"When it was said."`
	AcknowledgedBy string      `json:"acknowledged_by,omitempty" evidence:"P-38" jsonschema_description:"By whom."`
}

// GoalEvidence is what a goal rests on (contract section 6.4).
type GoalEvidence struct {
	CitedInLatestSnapshot []EvidenceRef `json:"cited_in_latest_snapshot" evidence:"D" jsonschema_description:"What the last evaluation cites."`
	ManualNotes           []Note        `json:"manual_notes" evidence:"D" jsonschema_description:"Notes attached by hand."`
}

// GoalEvent is one thing that happened to a goal (P-40).
type GoalEvent struct {
	EventID    string   `json:"event_id" evidence:"P-40" jsonschema_description:"The event's id."`
	EventType  string   `json:"event_type" evidence:"D" jsonschema_description:"Such as goals.created or goals.risk_detected."`
	GoalID     string   `json:"goal_id" evidence:"P-40" jsonschema_description:"The goal."`
	OccurredAt DateTime `json:"occurred_at" evidence:"P-40" jsonschema_description:"When it happened."`
	Data       Object   `json:"data,omitempty" evidence:"P-40" jsonschema_description:"More about it."`
}

// Watermark is where to go on polling goal events.
type Watermark struct {
	EventID    string   `json:"event_id" evidence:"D" jsonschema_description:"Pass it as since_event_id."`
	OccurredAt DateTime `json:"occurred_at" evidence:"D" jsonschema_description:"Pass it as since."`
}

// GoalEventsPage is a page of goal events with where to go on later.
type GoalEventsPage struct {
	Data       []GoalEvent `json:"data" evidence:"D" jsonschema_description:"The events of this page."`
	Pagination Pagination  `json:"pagination" evidence:"D" jsonschema_description:"Where this page stands in the list."`
	Watermark  *Watermark  `json:"watermark,omitempty" evidence:"D" jsonschema_description:"Where to go on polling, once all pages are read."`
}

// FollowUp is a draft that nobody has sent (P-36).
type FollowUp struct {
	GoalID            string        `json:"goal_id" evidence:"P-36" jsonschema_description:"The goal."`
	Subject           ForeignText   `json:"subject" evidence:"P-36" jsonschema_description:"The draft's subject."`
	BodyText          ForeignText   `json:"body_text" evidence:"P-36" jsonschema_description:"The draft's text."`
	To                []ForeignText `json:"to,omitempty" evidence:"P-36" jsonschema_description:"To whom it would go."`
	CitedEvidenceRefs []EvidenceRef `json:"cited_evidence_refs" evidence:"P-36" jsonschema_description:"What it rests on."`
}
