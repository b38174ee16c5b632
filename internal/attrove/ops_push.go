package attrove

import "net/http"

const (
	groupPush  = "Push"
	groupNotes = "Notes"
)

// Address is someone a message went to (P-45).
type Address struct {
	Email string `json:"email,omitempty" evidence:"P-45" jsonschema_description:"The address."`
	Name  string `json:"name,omitempty" evidence:"P-45" jsonschema_description:"The name."`
}

// PushMessageIn is the body of PushMessage (contract section 10, P-45).
type PushMessageIn struct {
	Source           string    `json:"source" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"Where it comes from: email, chat, sms, call or another word."`
	BodyText         string    `json:"body_text" evidence:"D" jsonschema_description:"Its text."`
	Subject          string    `json:"subject,omitempty" evidence:"P-45" jsonschema_description:"Its subject."`
	SenderEmail      string    `json:"sender_email,omitempty" evidence:"D" jsonschema_description:"The writer's address."`
	SenderName       string    `json:"sender_name,omitempty" evidence:"P-45" jsonschema_description:"The writer's name."`
	Recipients       []Address `json:"recipients,omitempty" evidence:"P-45" jsonschema_description:"To whom it went."`
	SentAt           DateTime  `json:"sent_at,omitempty" evidence:"P-45" jsonschema_description:"When it was sent; now if left out."`
	ExternalThreadID string    `json:"external_thread_id,omitempty" evidence:"P-45" jsonschema_description:"Your own id of its thread."`
	ExternalID       string    `json:"external_id,omitempty" evidence:"D" jsonschema_description:"Your own id of it; pushing the same again replaces it."`
	Metadata         Object    `json:"metadata,omitempty" evidence:"P-45" jsonschema_description:"Free-form data."`
}

// PushMeetingIn is the body of PushMeeting (contract section 10, P-45).
type PushMeetingIn struct {
	Title        string              `json:"title" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"Its title."`
	StartTime    DateTime            `json:"start_time" evidence:"D" jsonschema_description:"When it began, RFC 3339."`
	EndTime      DateTime            `json:"end_time,omitempty" evidence:"D" jsonschema_description:"When it ended, RFC 3339."`
	Transcript   string              `json:"transcript,omitempty" evidence:"D" jsonschema_description:"Every word, best as Speaker: words, a line each."`
	Summary      string              `json:"summary,omitempty" evidence:"D" jsonschema_description:"What was said."`
	ShortSummary string              `json:"short_summary,omitempty" evidence:"D" jsonschema_description:"A sentence or two."`
	Attendees    Lenient[Attendee]   `json:"attendees,omitempty" evidence:"D" jsonschema_description:"Who was there."`
	ActionItems  Lenient[ActionItem] `json:"action_items,omitempty" evidence:"D" jsonschema_description:"What is to be done."`
	ExternalID   string              `json:"external_id,omitempty" evidence:"D" jsonschema_description:"Your own id of it; pushing the same again replaces it."`
	Metadata     Object              `json:"metadata,omitempty" evidence:"P-45" jsonschema_description:"Free-form data."`
}

// PushEventIn is the body of PushEvent (P-45).
type PushEventIn struct {
	Title       string            `json:"title" evidence:"P-45" jsonschema:"minLength=1" jsonschema_description:"Its title."`
	StartTime   DateTime          `json:"start_time" evidence:"P-45" jsonschema_description:"When it begins, RFC 3339."`
	EndTime     DateTime          `json:"end_time" evidence:"P-45" jsonschema_description:"When it ends, RFC 3339."`
	AllDay      bool              `json:"all_day,omitempty" evidence:"P-45" jsonschema_description:"Whether it takes whole days."`
	Description string            `json:"description,omitempty" evidence:"P-45" jsonschema_description:"What it is about."`
	Location    string            `json:"location,omitempty" evidence:"P-45" jsonschema_description:"Where it is."`
	Attendees   Lenient[Attendee] `json:"attendees,omitempty" evidence:"P-45" jsonschema_description:"Who is invited."`
	ExternalID  string            `json:"external_id,omitempty" evidence:"P-45" jsonschema_description:"Your own id of it; pushing the same again replaces it."`
}

// PushNoteIn is the body of PushNote (contract section 10).
type PushNoteIn struct {
	Body       string  `json:"body" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The note's text."`
	Title      string  `json:"title,omitempty" evidence:"D" jsonschema_description:"Its title."`
	RefType    RefType `json:"ref_type,omitempty" evidence:"D" jsonschema_description:"What it is about; goes with ref_id."`
	RefID      string  `json:"ref_id,omitempty" evidence:"D" jsonschema_description:"The id of that thing."`
	ExternalID string  `json:"external_id,omitempty" evidence:"I+" jsonschema_description:"Your own id of it; pushing the same again replaces it."`
	Metadata   Object  `json:"metadata,omitempty" evidence:"D" jsonschema_description:"Free-form data."`
}

// PushReceipt says that a pushed item is taken, and how far it has come. It is
// searchable once indexed.
type PushReceipt struct {
	ID        string     `json:"id" evidence:"D" jsonschema_description:"The item's id."`
	UserID    string     `json:"user_id" evidence:"D" jsonschema_description:"Whose it is."`
	Status    PushStatus `json:"status" evidence:"D" jsonschema_description:"queued, processing, indexed or failed."`
	IndexedAt *DateTime  `json:"indexed_at" evidence:"D" jsonschema_description:"When it became searchable."`
}

// NotesIn filters notes. Offset is what the official MCP tool takes, and cursor
// what the SDK returns (contract section 2.1).
type NotesIn struct {
	IDs     []string `json:"ids,omitempty" evidence:"D" jsonschema:"maxItems=100" jsonschema_description:"Only these, up to 100."`
	RefType RefType  `json:"ref_type,omitempty" evidence:"D" jsonschema_description:"Only notes about this kind of thing."`
	RefID   string   `json:"ref_id,omitempty" evidence:"D" jsonschema_description:"Only notes about this thing."`
	Offset  int      `json:"offset,omitempty" evidence:"D" jsonschema:"minimum=0" jsonschema_description:"Rows to skip; cursor is the better way."`
	Cut
}

// NoteRef names one note.
type NoteRef struct {
	NoteID string `json:"note_id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"note_..."`
}

// Note is a saved note (contract section 10).
type Note struct {
	ID        string      `json:"id" evidence:"D" jsonschema_description:"The note's id."`
	Title     ForeignText `json:"title,omitempty" evidence:"D" jsonschema_description:"Its title."`
	Body      ForeignText `json:"body" evidence:"D" jsonschema_description:"Its text."`
	RefType   RefType     `json:"ref_type,omitempty" evidence:"D" jsonschema_description:"What it is about."`
	RefID     string      `json:"ref_id,omitempty" evidence:"D" jsonschema_description:"The id of that thing."`
	Status    PushStatus  `json:"status,omitempty" evidence:"D" jsonschema_description:"How far it has come."`
	IndexedAt *DateTime   `json:"indexed_at,omitempty" evidence:"D" jsonschema_description:"When it became searchable."`
	CreatedAt DateTime    `json:"created_at" evidence:"D" jsonschema_description:"When it was written."`
	UpdatedAt DateTime    `json:"updated_at" evidence:"D" jsonschema_description:"When it last changed."`
}

// The operations that push (contract section 10).
var (
	PushMessage = Operation[PushMessageIn, PushReceipt]{Meta{
		Name: "push_message", Row: 51, Group: groupPush, Method: http.MethodPost, Path: "/v1/users/{user_id}/messages",
		Summary: "Push a message.", Effect: Write, Status: 202, Evidence: Documented}}
	PushMeeting = Operation[PushMeetingIn, PushReceipt]{Meta{
		Name: "push_meeting", Row: 52, Group: groupPush, Method: http.MethodPost, Path: "/v1/users/{user_id}/meetings",
		Summary: "Push a meeting.", Effect: Write, Status: 202, Evidence: Documented}}
	PushEvent = Operation[PushEventIn, PushReceipt]{Meta{
		Name: "push_event", Row: 53, Group: groupPush, Method: http.MethodPost, Path: "/v1/users/{user_id}/events",
		Summary: "Push a calendar event.", Effect: Write, Status: 202, Evidence: Documented}}
	PushNote = Operation[PushNoteIn, PushReceipt]{Meta{
		Name: "push_note", Row: 54, Group: groupPush, Method: http.MethodPost, Path: "/v1/users/{user_id}/notes",
		Summary: "Push a note.", Effect: Write, Status: 202, Evidence: Documented}}
)

// The operations on notes (contract section 10). The two that delete are known
// from the official MCP server; their paths are our guess.
var (
	ListNotes = Operation[NotesIn, Page[Note]]{Meta{
		Name: "list_notes", Row: 55, Group: groupNotes, Method: http.MethodGet, Path: "/v1/users/{user_id}/notes",
		Summary: "List notes.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	GetNote = Operation[NoteRef, Note]{Meta{
		Name: "get_note", Row: 56, Group: groupNotes, Method: http.MethodGet, Path: "/v1/users/{user_id}/notes/{note_id}",
		Summary: "Get a note.", Effect: Read, Status: 200, Evidence: Documented}}
	DeleteNote = Operation[NoteRef, Archived]{Meta{
		Name: "delete_note", Group: groupNotes, Method: http.MethodDelete, Path: "/v1/users/{user_id}/notes/{note_id}",
		Summary: "Archive a note.", Effect: Undoable, Status: 200, Evidence: "P-43"}}
	DeleteNoteByExternalID = Operation[ExternalRef, Archived]{Meta{
		Name: "delete_note_by_external_id", Group: groupNotes, Method: http.MethodDelete, Path: "/v1/users/{user_id}/notes",
		Summary: "Archive a note by its external id.", Effect: Undoable, Status: 200, Evidence: "P-43"}}
)
