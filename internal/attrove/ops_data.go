package attrove

import "net/http"

const groupData = "User Data"

// SyncStats says how much of a user's data is there (P-25).
type SyncStats struct {
	UserID       string            `json:"user_id" evidence:"P-25" jsonschema_description:"The user."`
	LastSyncedAt DateTime          `json:"last_synced_at,omitempty" evidence:"P-25" jsonschema_description:"When anything last came in."`
	Totals       SyncTotals        `json:"totals" evidence:"P-25" jsonschema_description:"What is stored, by kind."`
	Integrations []IntegrationSync `json:"integrations" evidence:"P-25" jsonschema_description:"The same for each integration."`
}

// SyncTotals counts what is stored (P-25).
type SyncTotals struct {
	Messages      int `json:"messages" evidence:"P-25" jsonschema_description:"Messages."`
	Conversations int `json:"conversations" evidence:"P-25" jsonschema_description:"Conversations."`
	Meetings      int `json:"meetings" evidence:"P-25" jsonschema_description:"Meetings."`
	Events        int `json:"events" evidence:"P-25" jsonschema_description:"Calendar events."`
	Notes         int `json:"notes" evidence:"P-25" jsonschema_description:"Notes."`
	Entities      int `json:"entities" evidence:"P-25" jsonschema_description:"Contacts."`
}

// IntegrationSync is the state of one integration (P-25).
type IntegrationSync struct {
	IntegrationID string   `json:"integration_id" evidence:"P-25" jsonschema_description:"The integration."`
	Provider      string   `json:"provider" evidence:"P-25" jsonschema_description:"Its provider."`
	Status        string   `json:"status" evidence:"P-25" jsonschema_description:"How its sync stands."`
	LastSyncedAt  DateTime `json:"last_synced_at,omitempty" evidence:"P-25" jsonschema_description:"When anything last came in."`
	Items         int      `json:"items" evidence:"P-25" jsonschema_description:"Items stored."`
	Pending       int      `json:"pending,omitempty" evidence:"P-25" jsonschema_description:"Items pushed and not yet indexed."`
	Failed        int      `json:"failed,omitempty" evidence:"P-25" jsonschema_description:"Items that could not be indexed."`
	Skipped       int      `json:"skipped,omitempty" evidence:"P-25" jsonschema_description:"Items pushed to a conversation that does not sync, and so not stored."`
}

// ConversationsIn filters conversations (P-26).
type ConversationsIn struct {
	IntegrationID string `json:"integration_id,omitempty" evidence:"P-26" jsonschema_description:"Only this integration."`
	SyncEnabled   *bool  `json:"sync_enabled,omitempty" evidence:"P-26" jsonschema_description:"Only those that sync, or only those that do not."`
	Cut
}

// Conversation groups threads: a channel, a list, a mailbox (P-26).
type Conversation struct {
	ID              string       `json:"id" evidence:"I+" jsonschema_description:"The conversation's id."`
	Name            *ForeignText `json:"name" evidence:"D" jsonschema_description:"Its name, or else what it is about."`
	IntegrationID   string       `json:"integration_id" evidence:"P-26" jsonschema_description:"Where it lives."`
	IntegrationType string       `json:"integration_type" evidence:"P-26" jsonschema_description:"The kind of that integration."`
	Kind            string       `json:"kind,omitempty" evidence:"P-26" jsonschema_description:"What kind of conversation it is, such as channel or thread."`
	MessageCount    int          `json:"message_count,omitempty" evidence:"P-26" jsonschema_description:"Messages in it."`
	LastMessageAt   *DateTime    `json:"last_message_at" evidence:"P-26" jsonschema_description:"When the last one came."`
	SyncEnabled     bool         `json:"sync_enabled" evidence:"P-26" jsonschema_description:"Whether it syncs: whether messages pushed to it are stored."`
}

// ConversationSync switches the sync of one conversation (P-26).
type ConversationSync struct {
	ID          string `json:"id" evidence:"P-26" jsonschema:"minLength=1" jsonschema_description:"The conversation."`
	SyncEnabled bool   `json:"sync_enabled" evidence:"P-26" jsonschema_description:"Whether it syncs."`
}

// UpdateConversationsIn is the body of UpdateConversations (P-26).
type UpdateConversationsIn struct {
	Conversations []ConversationSync `json:"conversations" evidence:"P-26" jsonschema:"minItems=1,maxItems=100" jsonschema_description:"The conversations to change."`
}

// SearchIn is the body of Search (contract section 5.5).
type SearchIn struct {
	Query           string   `json:"query" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"What to look for: plain words, no operators."`
	AfterDate       Date     `json:"after_date,omitempty" evidence:"D" jsonschema_description:"Not before this day."`
	BeforeDate      Date     `json:"before_date,omitempty" evidence:"D" jsonschema_description:"Not after this day."`
	SenderDomains   []string `json:"sender_domains,omitempty" evidence:"D" jsonschema_description:"Only senders of these domains, such as acme.com."`
	IncludeBodyText bool     `json:"include_body_text,omitempty" evidence:"D" jsonschema_description:"Return the messages' text too."`
}

// SearchOut is what a search found. Conversations and threads are keyed by id;
// the best hits are in KeyMessages, in rank order.
type SearchOut struct {
	KeyMessages   []SearchKeyMessage            `json:"key_messages" evidence:"D" jsonschema_description:"The best messages, best first."`
	Conversations map[string]SearchConversation `json:"conversations" evidence:"D" jsonschema_description:"Found messages by conversation id, then thread id."`
	KeyMeetings   []SearchMeeting               `json:"key_meetings" evidence:"D" jsonschema_description:"The best meetings, best first."`
	KeyEvents     []SearchEvent                 `json:"key_events" evidence:"D" jsonschema_description:"The best calendar events, best first."`
	KeyNotes      []SearchNote                  `json:"key_notes,omitempty" evidence:"P-27" jsonschema_description:"The best notes, best first; from the embedded engine only."`
	Warnings      []string                      `json:"warnings,omitempty" evidence:"D" jsonschema_description:"What went wrong without failing the search."`
}

// SearchKeyMessage refers to a found message (P-27).
type SearchKeyMessage struct {
	MessageID      string      `json:"message_id" evidence:"P-27" jsonschema_description:"The message."`
	ConversationID string      `json:"conversation_id,omitempty" evidence:"P-27" jsonschema_description:"Its conversation."`
	ThreadID       string      `json:"thread_id,omitempty" evidence:"P-27" jsonschema_description:"Its thread."`
	Subject        ForeignText `json:"subject,omitempty" evidence:"P-27" jsonschema_description:"Its subject."`
	Snippet        ForeignText `json:"snippet,omitempty" evidence:"P-27" jsonschema_description:"The passage that matched."`
}

// SearchConversation holds the found messages of one conversation by thread id.
type SearchConversation struct {
	ConversationName *ForeignText                     `json:"conversation_name" evidence:"D" jsonschema_description:"The conversation's name."`
	Threads          map[string][]SearchThreadMessage `json:"threads" evidence:"D" jsonschema_description:"Found messages by thread id."`
}

// SearchThreadMessage is a found message.
type SearchThreadMessage struct {
	MessageID       string        `json:"message_id" evidence:"D" jsonschema_description:"The message."`
	SenderName      ForeignText   `json:"sender_name" evidence:"D" jsonschema_description:"Who wrote it."`
	BodyText        ForeignText   `json:"body_text,omitempty" evidence:"D" jsonschema_description:"Its text, with include_body_text."`
	ReceivedAt      DateTime      `json:"received_at" evidence:"D" jsonschema_description:"When it came."`
	IntegrationType string        `json:"integration_type" evidence:"D" jsonschema_description:"Where it came from, such as gmail or slack."`
	RecipientNames  []ForeignText `json:"recipient_names" evidence:"D" jsonschema_description:"To whom it went."`
}

// SearchMeeting is a found meeting (P-27).
type SearchMeeting struct {
	ID           string      `json:"id" evidence:"P-27" jsonschema_description:"The meeting."`
	Title        ForeignText `json:"title" evidence:"P-27" jsonschema_description:"Its title."`
	StartTime    DateTime    `json:"start_time" evidence:"P-27" jsonschema_description:"When it began."`
	EndTime      DateTime    `json:"end_time,omitempty" evidence:"P-27" jsonschema_description:"When it ended."`
	ShortSummary ForeignText `json:"short_summary,omitempty" evidence:"P-27" jsonschema_description:"What it was about."`
	Provider     string      `json:"provider,omitempty" evidence:"P-27" jsonschema_description:"Where it was held."`
	Snippet      ForeignText `json:"snippet,omitempty" evidence:"P-27" jsonschema_description:"The passage that matched."`
}

// SearchEvent is a found calendar event (P-27).
type SearchEvent struct {
	ID        string      `json:"id" evidence:"P-27" jsonschema_description:"The event."`
	Title     ForeignText `json:"title" evidence:"P-27" jsonschema_description:"Its title."`
	StartTime DateTime    `json:"start_time" evidence:"P-27" jsonschema_description:"When it begins."`
	EndTime   DateTime    `json:"end_time,omitempty" evidence:"P-27" jsonschema_description:"When it ends."`
	AllDay    bool        `json:"all_day,omitempty" evidence:"P-27" jsonschema_description:"Whether it takes whole days."`
}

// SearchNote is a found note. Attrove's search documents no notes; this list is ours.
type SearchNote struct {
	ID        string      `json:"id" evidence:"P-27" jsonschema_description:"The note."`
	Title     ForeignText `json:"title,omitempty" evidence:"P-27" jsonschema_description:"Its title."`
	Snippet   ForeignText `json:"snippet,omitempty" evidence:"P-27" jsonschema_description:"The passage that matched."`
	CreatedAt DateTime    `json:"created_at" evidence:"P-27" jsonschema_description:"When it was written."`
}

// QueryIn is the body of Query (contract section 5.6, P-28).
type QueryIn struct {
	Query          string   `json:"query" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The question, in plain words."`
	IntegrationIDs []string `json:"integration_ids,omitempty" evidence:"D" jsonschema_description:"Only these integrations."`
	IncludeSources bool     `json:"include_sources,omitempty" evidence:"D" jsonschema_description:"Return title and snippet of each source."`
	History        []Turn   `json:"history,omitempty" evidence:"D" jsonschema_description:"Earlier questions and answers, for a follow-up."`
}

// Turn is one side's words in a conversation with Query (P-28).
type Turn struct {
	Role    string      `json:"role" evidence:"P-28" jsonschema_description:"user or assistant."`
	Content ForeignText `json:"content" evidence:"P-28" jsonschema_description:"The words."`
}

// QueryOut is the answer to a question, with what it rests on. An empty answer
// means that nothing relevant was found.
type QueryOut struct {
	Answer         ForeignText   `json:"answer" evidence:"D" jsonschema_description:"The answer; empty when nothing relevant was found."`
	PhrasedBy      string        `json:"phrased_by,omitempty" evidence:"P-28" jsonschema_description:"The language model that wrote the answer from the sources; absent where they are quoted."`
	History        []Turn        `json:"history" mcp:"-" evidence:"D" jsonschema_description:"Pass it with a follow-up question."`
	UsedMessageIDs []string      `json:"used_message_ids" evidence:"D" jsonschema_description:"Messages the answer rests on."`
	UsedMeetingIDs []string      `json:"used_meeting_ids" evidence:"D" jsonschema_description:"Meetings the answer rests on."`
	UsedEventIDs   []string      `json:"used_event_ids" evidence:"D" jsonschema_description:"Calendar events the answer rests on."`
	UsedNoteIDs    []string      `json:"used_note_ids" evidence:"D" jsonschema_description:"Notes the answer rests on."`
	Sources        []QuerySource `json:"sources,omitempty" evidence:"D" jsonschema_description:"Title and snippet of each, with include_sources."`
}

// QuerySource is one source of an answer.
type QuerySource struct {
	Title   ForeignText `json:"title" evidence:"D" jsonschema_description:"What the source is."`
	Snippet ForeignText `json:"snippet" evidence:"D" jsonschema_description:"Its words."`
}

// IntegrationRef names one integration.
type IntegrationRef struct {
	IntegrationID string `json:"integration_id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The integration's id."`
}

// Integration is a connected source (contract section 5.7).
type Integration struct {
	ID         string      `json:"id" evidence:"D" jsonschema_description:"The integration's id."`
	Provider   string      `json:"provider" evidence:"D" jsonschema_description:"Such as gmail, slack or google_calendar."`
	Name       ForeignText `json:"name" evidence:"D" jsonschema_description:"Its name, often an account."`
	IsActive   bool        `json:"is_active" evidence:"D" jsonschema_description:"Whether it syncs."`
	AuthStatus string      `json:"auth_status" evidence:"D" jsonschema_description:"Whether its sign-in still holds; reconnect unless it says connected."`
}

// MessagesIn filters messages (P-31).
type MessagesIn struct {
	IDs            []string        `json:"ids,omitempty" evidence:"P-31" jsonschema:"maxItems=100" jsonschema_description:"Only these, up to 100."`
	StartDate      Date            `json:"start_date,omitempty" evidence:"P-31" jsonschema_description:"Not before this day."`
	EndDate        Date            `json:"end_date,omitempty" evidence:"P-31" jsonschema_description:"Not after this day."`
	IntegrationID  string          `json:"integration_id,omitempty" evidence:"P-31" jsonschema_description:"Only this integration."`
	ConversationID string          `json:"conversation_id,omitempty" evidence:"P-31" jsonschema_description:"Only this conversation."`
	ThreadID       string          `json:"thread_id,omitempty" evidence:"P-31" jsonschema_description:"Only this thread."`
	SenderEmail    string          `json:"sender_email,omitempty" evidence:"P-31" jsonschema_description:"Only from this address."`
	SenderDomains  []string        `json:"sender_domains,omitempty" evidence:"P-31" jsonschema_description:"Only senders of these domains."`
	Expand         []MessageExpand `json:"expand,omitempty" evidence:"P-31" jsonschema_description:"Parts to add to each message."`
	Cut
}

// MessageIn names one message.
type MessageIn struct {
	ID     string          `json:"id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"msg_..."`
	Expand []MessageExpand `json:"expand,omitempty" evidence:"P-31" jsonschema_description:"Parts to add to the message."`
}

// Message is an e-mail, a chat message or the like (P-31).
type Message struct {
	ID              string            `json:"id" evidence:"D" jsonschema_description:"The message's id."`
	IntegrationID   string            `json:"integration_id" evidence:"P-31" jsonschema_description:"Where it came from."`
	IntegrationType string            `json:"integration_type" evidence:"P-31" jsonschema_description:"The kind of that integration."`
	ConversationID  string            `json:"conversation_id" evidence:"P-31" jsonschema_description:"Its conversation."`
	ThreadID        string            `json:"thread_id" evidence:"P-31" jsonschema_description:"Its thread."`
	Subject         ForeignText       `json:"subject,omitempty" evidence:"P-31" jsonschema_description:"Its subject."`
	SenderName      ForeignText       `json:"sender_name" evidence:"D" jsonschema_description:"Who wrote it."`
	SenderEmail     ForeignText       `json:"sender_email,omitempty" evidence:"P-31" jsonschema_description:"The writer's address."`
	RecipientNames  []ForeignText     `json:"recipient_names" evidence:"D" jsonschema_description:"To whom it went."`
	RecipientEmails []ForeignText     `json:"recipient_emails,omitempty" evidence:"P-31" jsonschema_description:"Their addresses."`
	BodyText        ForeignText       `json:"body_text,omitempty" evidence:"P-31" jsonschema_description:"Its text, without quoted replies where they could be told apart."`
	BodyHTML        ForeignText       `json:"body_html,omitempty" evidence:"P-31" jsonschema_description:"Its HTML."`
	Headers         map[string]string `json:"headers,omitempty" evidence:"P-31" jsonschema_description:"Its headers."`
	Raw             ForeignText       `json:"raw,omitempty" evidence:"P-44" jsonschema_description:"The message as it came."`
	QuotedText      ForeignText       `json:"quoted_text,omitempty" evidence:"P-31" jsonschema_description:"What it quotes; from the embedded engine only."`
	ReceivedAt      DateTime          `json:"received_at" evidence:"D" jsonschema_description:"When it came."`
}

// EntitiesIn filters contacts (P-32).
type EntitiesIn struct {
	EntityType EntityType `json:"entity_type,omitempty" evidence:"P-32" jsonschema_description:"Only this kind."`
	Query      string     `json:"query,omitempty" evidence:"P-32" jsonschema_description:"Name or address contains this."`
	Cut
}

// EntityRef names one contact.
type EntityRef struct {
	ID string `json:"id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"ent_..."`
}

// Entity is a contact: a person, a company, a bot (contract section 5.11).
type Entity struct {
	ID          string        `json:"id" evidence:"D" jsonschema_description:"The contact's id."`
	Name        ForeignText   `json:"name" evidence:"D" jsonschema_description:"Its name."`
	EntityType  EntityType    `json:"entity_type" evidence:"D" jsonschema_description:"person, company, other, bot or user."`
	ExternalIDs []ForeignText `json:"external_ids" evidence:"D" jsonschema_description:"Addresses and other ids."`
	IsBot       bool          `json:"is_bot" evidence:"D" jsonschema_description:"Whether a program writes."`
	AvatarURI   *string       `json:"avatar_uri" evidence:"D" jsonschema_description:"A picture."`
}

// RelationshipsIn asks for a part of the relationship graph.
type RelationshipsIn struct {
	EntityID string `json:"entity_id,omitempty" evidence:"P-32" jsonschema_description:"Only relationships of this contact."`
	Limit    int    `json:"limit,omitempty" evidence:"I+" jsonschema:"minimum=1,maximum=100" jsonschema_description:"1 to 100."`
	Offset   int    `json:"offset,omitempty" evidence:"I+" jsonschema:"minimum=0" jsonschema_description:"Rows to skip."`
}

// Relationship is two contacts that appear together (contract section 5.13).
type Relationship struct {
	EntityA           Entity    `json:"entity_a" evidence:"D" jsonschema_description:"One contact."`
	EntityB           Entity    `json:"entity_b" evidence:"D" jsonschema_description:"The other."`
	CoOccurrenceCount int       `json:"co_occurrence_count" evidence:"D" jsonschema_description:"How often they appear together."`
	LastInteractionAt *DateTime `json:"last_interaction_at" evidence:"D" jsonschema_description:"When they last did."`
}

// The operations on a user's data (contract section 5).
var (
	GetProfile = Operation[None, User]{Meta{
		Name: "get_profile", Row: 15, Group: groupData, Method: http.MethodGet, Path: "/v1/users/{user_id}",
		Summary: "Retrieve the user's profile.", Effect: Read, Status: 200, Evidence: Documented}}
	GetSyncStats = Operation[None, SyncStats]{Meta{
		Name: "get_sync_stats", Row: 16, Group: groupData, Method: http.MethodGet, Path: "/v1/users/{user_id}/sync-stats",
		Summary: "Get sync statistics.", Effect: Read, Status: 200, Evidence: Documented}}
	ListConversations = Operation[ConversationsIn, Page[Conversation]]{Meta{
		Name: "list_conversations", Row: 17, Group: groupData, Method: http.MethodGet, Path: "/v1/users/{user_id}/conversations",
		Summary: "List conversations.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	UpdateConversations = Operation[UpdateConversationsIn, Page[Conversation]]{Meta{
		Name: "update_conversations", Row: 18, Group: groupData, Method: http.MethodPatch, Path: "/v1/users/{user_id}/conversations",
		Summary: "Change which conversations sync.", Effect: Undoable, Envelope: Bare, Status: 200, Evidence: Documented}}
	Search = Operation[SearchIn, SearchOut]{Meta{
		Name: "search", Row: 19, Group: groupData, Method: http.MethodPost, Path: "/v1/users/{user_id}/search",
		Summary: "Search messages, meetings and calendar events by meaning.", Effect: Read, Envelope: Bare, Status: 200, Evidence: Documented, Timeout: SlowTimeout}}
	Query = Operation[QueryIn, QueryOut]{Meta{
		Name: "query", Row: 20, Group: groupData, Method: http.MethodPost, Path: "/v1/users/{user_id}/query",
		Summary: "Ask a question and get an answer with its sources.", Effect: Read, Envelope: Bare, Status: 200, Evidence: Documented, Timeout: SlowTimeout}}
	GetIntegration = Operation[IntegrationRef, Integration]{Meta{
		Name: "get_integration", Row: 21, Group: groupData, Method: http.MethodGet, Path: "/v1/users/{user_id}/integrations/{integration_id}",
		Summary: "Get an integration.", Effect: Read, Status: 200, Evidence: Documented}}
	DisconnectIntegration = Operation[IntegrationRef, None]{Meta{
		Name: "disconnect_integration", Row: 22, Group: groupData, Method: http.MethodDelete, Path: "/v1/users/{user_id}/integrations/{integration_id}",
		Summary: "Disconnect an integration and remove what came from it.", Effect: Destroy, Status: 204, Evidence: Documented, Timeout: SlowTimeout}}
	ListMessages = Operation[MessagesIn, Page[Message]]{Meta{
		Name: "list_messages", Row: 23, Group: groupData, Method: http.MethodGet, Path: "/v1/users/{user_id}/messages",
		Summary: "List and filter messages.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	GetMessage = Operation[MessageIn, Message]{Meta{
		Name: "get_message", Row: 24, Group: groupData, Method: http.MethodGet, Path: "/v1/users/{user_id}/messages/{id}",
		Summary: "Fetch a single message.", Effect: Read, Status: 200, Evidence: Documented}}
	ListEntities = Operation[EntitiesIn, Page[Entity]]{Meta{
		Name: "list_entities", Row: 25, Group: groupData, Method: http.MethodGet, Path: "/v1/users/{user_id}/entities",
		Summary: "List contacts.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	GetEntity = Operation[EntityRef, Entity]{Meta{
		Name: "get_entity", Row: 26, Group: groupData, Method: http.MethodGet, Path: "/v1/users/{user_id}/entities/{id}",
		Summary: "Retrieve a contact.", Effect: Read, Status: 200, Evidence: Documented}}
	ListRelationships = Operation[RelationshipsIn, Page[Relationship]]{Meta{
		Name: "list_relationships", Row: 27, Group: groupData, Method: http.MethodGet, Path: "/v1/users/{user_id}/entities/relationships",
		Summary: "Get the relationship graph.", Effect: Read, Paging: PageOffset, Envelope: Bare, Status: 200, Evidence: Documented}}
	// ListIntegrations is what the SDK's integrations.list() calls; its path is inferred (contract section 5.7).
	ListIntegrations = Operation[None, Page[Integration]]{Meta{
		Name: "list_integrations", Group: groupData, Method: http.MethodGet, Path: "/v1/users/{user_id}/integrations",
		Summary: "List connected services.", Effect: Read, Envelope: Bare, Status: 200, Evidence: InferredHigh}}
)
