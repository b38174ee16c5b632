package attrove

// Date is a calendar date, YYYY-MM-DD (contract section 2.2).
type Date string

// Format is the JSON Schema format of the wire value.
func (Date) Format() string { return "date" }

// DateTime is an RFC 3339 date and time with its offset (contract section 2.2).
type DateTime string

// Format is the JSON Schema format of the wire value.
func (DateTime) Format() string { return "date-time" }

// ForeignText is text that other people wrote: whoever shows it to a model must
// treat it as data and never as instructions.
type ForeignText string

// Object is a JSON object whose fields nobody has documented.
type Object map[string]any

// Lifecycle is where a goal is in its life (contract section 6.1).
type Lifecycle string

// Values lists the lifecycles that Attrove documents.
func (Lifecycle) Values() []string {
	return []string{string(LifecycleActive), string(LifecycleCompleted), string(LifecycleArchived), string(LifecycleCancelled)}
}

// The lifecycles of a goal. All but the first are terminal.
const (
	LifecycleActive    Lifecycle = "active"
	LifecycleCompleted Lifecycle = "completed"
	LifecycleArchived  Lifecycle = "archived"
	LifecycleCancelled Lifecycle = "cancelled"
)

// Health is how a goal does, as evaluated (contract section 6.1).
type Health string

// Values lists the healths that Attrove documents.
func (Health) Values() []string {
	return []string{string(HealthOnTrack), string(HealthAtRisk), string(HealthBlocked), string(HealthWaitingOnHuman), string(HealthInsufficientEvidence)}
}

// The healths of a goal; it starts with the last (P-33).
const (
	HealthOnTrack              Health = "on_track"
	HealthAtRisk               Health = "at_risk"
	HealthBlocked              Health = "blocked"
	HealthWaitingOnHuman       Health = "waiting_on_human"
	HealthInsufficientEvidence Health = "insufficient_evidence"
)

// RiskKind is the kind of a risk signal (contract section 6.1).
type RiskKind string

// Values lists the kinds that Attrove documents.
func (RiskKind) Values() []string {
	return []string{string(RiskSilence), string(RiskDeadline), string(RiskSentiment), string(RiskChurn), string(RiskBlocker),
		string(RiskAmbiguousSignal), string(RiskOther)}
}

// The kinds of risk.
const (
	RiskSilence         RiskKind = "silence"
	RiskDeadline        RiskKind = "deadline"
	RiskSentiment       RiskKind = "sentiment"
	RiskChurn           RiskKind = "churn"
	RiskBlocker         RiskKind = "blocker"
	RiskAmbiguousSignal RiskKind = "ambiguous_signal"
	RiskOther           RiskKind = "other"
)

// SourceType is what a goal watches; "events" is inferred (contract section 6.1).
type SourceType string

// Values lists the source types.
func (SourceType) Values() []string {
	return []string{string(SourceMessages), string(SourceMeetings), string(SourceEvents), string(SourceNotes)}
}

// The source types.
const (
	SourceMessages SourceType = "messages"
	SourceMeetings SourceType = "meetings"
	SourceEvents   SourceType = "events"
	SourceNotes    SourceType = "notes"
)

// MoveOwner is whose move is next (contract section 6.1).
type MoveOwner string

// Values lists the owners that Attrove documents.
func (MoveOwner) Values() []string {
	return []string{string(MoveUs), string(MoveThem), string(MoveAmbiguous), string(MoveNone)}
}

// The owners of a next move.
const (
	MoveUs        MoveOwner = "us"
	MoveThem      MoveOwner = "them"
	MoveAmbiguous MoveOwner = "ambiguous"
	MoveNone      MoveOwner = "none"
)

// Initiator is who wanted a goal command (contract section 6.1).
type Initiator string

// Values lists the initiators that Attrove documents.
func (Initiator) Values() []string {
	return []string{string(InitiatorHuman), string(InitiatorAgent), string(InitiatorAutomation)}
}

// The initiators.
const (
	InitiatorHuman      Initiator = "human"
	InitiatorAgent      Initiator = "agent"
	InitiatorAutomation Initiator = "automation"
)

// EntityType is the kind of a contact (contract section 5.11).
type EntityType string

// Values lists the types that Attrove documents.
func (EntityType) Values() []string { return []string{"person", "company", "other", "bot", "user"} }

// RefType is what a note can be attached to (contract section 10).
type RefType string

// Values lists the reference types that Attrove documents.
func (RefType) Values() []string {
	return []string{"message", "meeting", "event", "entity", "goal"}
}

// PushStatus is how far a pushed item has come (contract section 10).
type PushStatus string

// Values lists the states that Attrove documents.
func (PushStatus) Values() []string {
	return []string{string(PushQueued), string(PushProcessing), string(PushIndexed), string(PushFailed)}
}

// The states of a pushed item, in order; it ends in one of the last two.
const (
	PushQueued     PushStatus = "queued"
	PushProcessing PushStatus = "processing"
	PushIndexed    PushStatus = "indexed"
	PushFailed     PushStatus = "failed"
)

// EventExpand names the parts of an event that come only when asked for
// (contract section 7).
type EventExpand string

// Values lists the names seen in Attrove's examples.
func (EventExpand) Values() []string { return []string{"attendees", "description"} }

// MeetingExpand names the parts of a meeting that come only when asked for:
// the first two are documented, the others are P-42.
type MeetingExpand string

// Values lists the names.
func (MeetingExpand) Values() []string {
	return []string{"short_summary", "action_items", "summary", "transcript", "attendees"}
}

// MessageExpand names the parts of a message that come only when asked for (P-31).
type MessageExpand string

// Values lists the names.
func (MessageExpand) Values() []string { return []string{"body_text", "body_html", "headers"} }

// MessageInclude names the parts of a thread's messages (contract section 9).
type MessageInclude string

// Values lists the names that Attrove documents.
func (MessageInclude) Values() []string { return []string{"body_html", "headers", "raw"} }
