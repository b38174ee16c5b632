package attrove

import "net/http"

const groupThreads = "Threads"

// DiscoverThreadsIn is the body of DiscoverThreads (P-44).
type DiscoverThreadsIn struct {
	Query          string   `json:"query" evidence:"P-44" jsonschema:"minLength=1" jsonschema_description:"What the threads are about."`
	AfterDate      Date     `json:"after_date,omitempty" evidence:"P-44" jsonschema_description:"Not before this day."`
	BeforeDate     Date     `json:"before_date,omitempty" evidence:"P-44" jsonschema_description:"Not after this day."`
	IntegrationIDs []string `json:"integration_ids,omitempty" evidence:"P-44" jsonschema_description:"Only these integrations."`
	Limit          int      `json:"limit,omitempty" evidence:"P-44" jsonschema:"minimum=1,maximum=100" jsonschema_description:"Threads at the most."`
}

// ThreadSummary is a found thread (P-44).
type ThreadSummary struct {
	ThreadID       string        `json:"thread_id" evidence:"P-44" jsonschema_description:"The thread."`
	ConversationID string        `json:"conversation_id" evidence:"P-44" jsonschema_description:"Its conversation, which analyze takes."`
	Title          ForeignText   `json:"title,omitempty" evidence:"P-44" jsonschema_description:"What it is called."`
	Summary        ForeignText   `json:"summary,omitempty" evidence:"P-44" jsonschema_description:"What it is about."`
	Participants   []ForeignText `json:"participants,omitempty" evidence:"P-44" jsonschema_description:"Who writes in it."`
	MessageCount   int           `json:"message_count,omitempty" evidence:"P-44" jsonschema_description:"Messages in it."`
	LastMessageAt  DateTime      `json:"last_message_at,omitempty" evidence:"P-44" jsonschema_description:"When the last one came."`
	Score          float64       `json:"score,omitempty" evidence:"P-44" jsonschema_description:"How well it fits, from 0 to 1."`
}

// AnalyzeThreadIn is the body of AnalyzeThread (P-44).
type AnalyzeThreadIn struct {
	ConversationID string `json:"conversation_id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The conversation to analyze; the embedded engine takes a thread_id, too."`
	Instructions   string `json:"instructions,omitempty" evidence:"P-44" jsonschema_description:"What to look for; the embedded engine keeps to sentences that have one of these words."`
}

// ThreadAnalysis is what a conversation comes to (P-44). The embedded engine
// ends each of its sentences with the id of the message that it quotes, in
// brackets.
type ThreadAnalysis struct {
	ConversationID    string        `json:"conversation_id" evidence:"P-44" jsonschema_description:"The conversation."`
	Summary           ForeignText   `json:"summary" evidence:"P-44" jsonschema_description:"What it is about."`
	KeyPoints         []ForeignText `json:"key_points,omitempty" evidence:"P-44" jsonschema_description:"What matters in it."`
	Decisions         []ForeignText `json:"decisions,omitempty" evidence:"P-44" jsonschema_description:"What was decided, and what each decision reversed."`
	ActionItems       []ActionItem  `json:"action_items,omitempty" evidence:"P-44" jsonschema_description:"What is to be done."`
	OpenQuestions     []ForeignText `json:"open_questions,omitempty" evidence:"P-44" jsonschema_description:"What nobody answered."`
	Participants      []ForeignText `json:"participants,omitempty" evidence:"P-44" jsonschema_description:"Who takes part."`
	Sentiment         string        `json:"sentiment,omitempty" evidence:"P-44" jsonschema_description:"Its tone: positive, negative, mixed or neutral from the embedded engine."`
	MessageCount      int           `json:"message_count,omitempty" evidence:"P-44" jsonschema_description:"Messages in it; from the embedded engine only."`
	CitedEvidenceRefs []EvidenceRef `json:"cited_evidence_refs,omitempty" evidence:"P-44" jsonschema_description:"What the analysis rests on; from the embedded engine only."`
	Warnings          []string      `json:"warnings,omitempty" evidence:"P-44" jsonschema_description:"What was left out; from the embedded engine only."`
}

// ThreadMessagesIn asks for a thread's messages.
type ThreadMessagesIn struct {
	ThreadID string           `json:"thread_id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The thread's id."`
	Include  []MessageInclude `json:"include,omitempty" evidence:"P-44" jsonschema_description:"Parts of each message; body_html and headers if left out."`
	Cut
}

// The operations on threads (contract section 9).
var (
	DiscoverThreads = Operation[DiscoverThreadsIn, Page[ThreadSummary]]{Meta{
		Name: "discover_threads", Row: 48, Group: groupThreads, Method: http.MethodPost, Path: "/v1/users/{user_id}/threads/discover",
		Summary: "Find conversation threads by meaning.", Effect: Read, Envelope: Bare, Status: 200, Evidence: Documented, Timeout: SlowTimeout}}
	AnalyzeThread = Operation[AnalyzeThreadIn, ThreadAnalysis]{Meta{
		Name: "analyze_thread", Row: 49, Group: groupThreads, Method: http.MethodPost, Path: "/v1/users/{user_id}/threads/{conversation_id}/analyze",
		Summary: "Extract summary, decisions and action items from a conversation.", Effect: Read, Status: 200, Evidence: Documented, Timeout: SlowTimeout}}
	ListThreadMessages = Operation[ThreadMessagesIn, Page[Message]]{Meta{
		Name: "list_thread_messages", Row: 50, Group: groupThreads, Method: http.MethodGet, Path: "/v1/users/{user_id}/threads/{thread_id}/messages",
		Summary: "List a thread's messages.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
)
