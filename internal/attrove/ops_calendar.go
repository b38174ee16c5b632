package attrove

import "net/http"

const (
	groupCalendar = "Calendar & Events"
	groupMeetings = "Meetings"
)

// CalendarRef names one calendar.
type CalendarRef struct {
	ID string `json:"id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The calendar's id."`
}

// Calendar is one of a user's calendars (P-41).
type Calendar struct {
	ID            string      `json:"id" evidence:"P-41" jsonschema_description:"The calendar's id."`
	Name          ForeignText `json:"name" evidence:"P-41" jsonschema_description:"Its name."`
	IntegrationID string      `json:"integration_id" evidence:"P-41" jsonschema_description:"Where it lives."`
	Provider      string      `json:"provider" evidence:"P-41" jsonschema_description:"Whose calendar it is."`
	IsPrimary     bool        `json:"is_primary" evidence:"P-41" jsonschema_description:"Whether it is the user's main one."`
	IsActive      bool        `json:"is_active" evidence:"P-41" jsonschema_description:"Whether it is used."`
	Timezone      string      `json:"timezone,omitempty" evidence:"P-41" jsonschema_description:"Its IANA time zone."`
}

// UpdateCalendarIn switches a calendar on or off (P-41).
type UpdateCalendarIn struct {
	CalendarRef
	IsActive bool `json:"is_active" evidence:"I" jsonschema_description:"Whether the calendar is used."`
}

// EventsIn filters calendar events.
type EventsIn struct {
	StartDate Date          `json:"start_date,omitempty" evidence:"D" jsonschema_description:"Not before this day."`
	EndDate   Date          `json:"end_date,omitempty" evidence:"D" jsonschema_description:"Not after this day."`
	Expand    []EventExpand `json:"expand,omitempty" evidence:"D" jsonschema_description:"Parts to add to each event."`
	Cut
}

// EventIn names one calendar event.
type EventIn struct {
	ID     string        `json:"id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"evt_..."`
	Expand []EventExpand `json:"expand,omitempty" evidence:"I" jsonschema_description:"Parts to add to the event."`
}

// Event is a calendar event (contract section 7).
type Event struct {
	ID          string            `json:"id" evidence:"D" jsonschema_description:"The event's id."`
	Title       ForeignText       `json:"title" evidence:"D" jsonschema_description:"Its title."`
	StartTime   DateTime          `json:"start_time" evidence:"D" jsonschema_description:"When it begins."`
	EndTime     DateTime          `json:"end_time" evidence:"D" jsonschema_description:"When it ends."`
	AllDay      bool              `json:"all_day" evidence:"D" jsonschema_description:"Whether it takes whole days."`
	Description ForeignText       `json:"description,omitempty" evidence:"D" jsonschema_description:"What it is about, when expanded."`
	Location    ForeignText       `json:"location,omitempty" evidence:"D" jsonschema_description:"Where it is."`
	Attendees   Lenient[Attendee] `json:"attendees,omitempty" evidence:"D" jsonschema_description:"Who is invited, when expanded."`
}

// Attendee is someone invited or present.
type Attendee struct {
	Email  ForeignText `json:"email,omitempty" evidence:"D" jsonschema_description:"The address; meetings may lack it."`
	Name   ForeignText `json:"name,omitempty" evidence:"D" jsonschema_description:"The name."`
	Status string      `json:"status,omitempty" evidence:"D" jsonschema_description:"The answer to an invitation."`
}

// MeetingsIn filters meetings.
type MeetingsIn struct {
	StartDate Date            `json:"start_date,omitempty" evidence:"D" jsonschema_description:"Not before this day."`
	EndDate   Date            `json:"end_date,omitempty" evidence:"D" jsonschema_description:"Not after this day."`
	Provider  string          `json:"provider,omitempty" evidence:"D" jsonschema_description:"Such as google_meet, zoom or teams (spelling is our guess)."`
	Expand    []MeetingExpand `json:"expand,omitempty" evidence:"D" jsonschema_description:"Parts to add to each meeting."`
	Cut
}

// MeetingIn names one meeting.
type MeetingIn struct {
	ID     string          `json:"id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"mtg_..."`
	Expand []MeetingExpand `json:"expand,omitempty" evidence:"I" jsonschema_description:"Parts to add to the meeting."`
}

// ActionItem is something that someone is to do.
type ActionItem struct {
	Description ForeignText `json:"description" evidence:"D" jsonschema_description:"What is to be done."`
	Assignee    ForeignText `json:"assignee,omitempty" evidence:"D" jsonschema_description:"By whom."`
}

// Meeting is a meeting that took place (contract section 8).
type Meeting struct {
	ID           string              `json:"id" evidence:"D" jsonschema_description:"The meeting's id."`
	Title        ForeignText         `json:"title" evidence:"D" jsonschema_description:"Its title."`
	StartTime    DateTime            `json:"start_time" evidence:"D" jsonschema_description:"When it began."`
	EndTime      DateTime            `json:"end_time,omitempty" evidence:"D" jsonschema_description:"When it ended."`
	Provider     string              `json:"provider,omitempty" evidence:"D" jsonschema_description:"Where it was held."`
	ShortSummary ForeignText         `json:"short_summary,omitempty" evidence:"D" jsonschema_description:"A sentence or two."`
	Summary      ForeignText         `json:"summary,omitempty" evidence:"D" jsonschema_description:"What was said."`
	ActionItems  Lenient[ActionItem] `json:"action_items,omitempty" evidence:"D" jsonschema_description:"What is to be done."`
	Attendees    Lenient[Attendee]   `json:"attendees,omitempty" evidence:"D" jsonschema_description:"Who was there."`
	Transcript   ForeignText         `json:"transcript,omitempty" evidence:"I+" jsonschema_description:"Every word."`
}

// UpdateMeetingIn is a partial change of a meeting (P-42).
type UpdateMeetingIn struct {
	ID           string            `json:"id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"mtg_..."`
	Title        Opt[string]       `json:"title,omitzero" evidence:"P-42" jsonschema_description:"Its title."`
	Summary      Opt[string]       `json:"summary,omitzero" mcp:"clear" evidence:"P-42" jsonschema_description:"What was said."`
	ShortSummary Opt[string]       `json:"short_summary,omitzero" mcp:"clear" evidence:"P-42" jsonschema_description:"A sentence or two."`
	ActionItems  Opt[[]ActionItem] `json:"action_items,omitzero" mcp:"clear" evidence:"P-42" jsonschema_description:"What is to be done."`
}

// MeetingRef names one meeting.
type MeetingRef struct {
	ID string `json:"id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"mtg_..."`
}

// ExternalRef names a pushed thing by the id its pusher gave it.
type ExternalRef struct {
	ExternalID string `json:"external_id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The external_id it was pushed with."`
}

// Archived says that a pushed thing is out of sight; it can be brought back (P-43).
type Archived struct {
	ID       string `json:"id" evidence:"P-43" jsonschema_description:"What was archived."`
	Archived bool   `json:"archived" evidence:"P-43" jsonschema_description:"Always true."`
}

// Regenerated says how far a new summary is (P-42).
type Regenerated struct {
	ID     string `json:"id" evidence:"P-42" jsonschema_description:"The meeting."`
	Status string `json:"status" evidence:"P-42" jsonschema_description:"How far the summary is."`
}

// The operations on calendars and events (contract section 7).
var (
	ListCalendars = Operation[Cut, Page[Calendar]]{Meta{
		Name: "list_calendars", Row: 39, Group: groupCalendar, Method: http.MethodGet, Path: "/v1/users/{user_id}/calendars",
		Summary: "List calendars.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	GetCalendar = Operation[CalendarRef, Calendar]{Meta{
		Name: "get_calendar", Row: 40, Group: groupCalendar, Method: http.MethodGet, Path: "/v1/users/{user_id}/calendars/{id}",
		Summary: "Get a calendar.", Effect: Read, Status: 200, Evidence: Documented}}
	UpdateCalendar = Operation[UpdateCalendarIn, Calendar]{Meta{
		Name: "update_calendar", Row: 41, Group: groupCalendar, Method: http.MethodPatch, Path: "/v1/users/{user_id}/calendars/{id}",
		Summary: "Switch a calendar on or off.", Effect: Undoable, Status: 200, Evidence: Documented}}
	ListEvents = Operation[EventsIn, Page[Event]]{Meta{
		Name: "list_events", Row: 42, Group: groupCalendar, Method: http.MethodGet, Path: "/v1/users/{user_id}/events",
		Summary: "List calendar events.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	GetEvent = Operation[EventIn, Event]{Meta{
		Name: "get_event", Row: 43, Group: groupCalendar, Method: http.MethodGet, Path: "/v1/users/{user_id}/events/{id}",
		Summary: "Get a calendar event.", Effect: Read, Status: 200, Evidence: Documented}}
)

// The operations on meetings (contract section 8). The two that delete are known
// from the official MCP server; their paths are our guess.
var (
	ListMeetings = Operation[MeetingsIn, Page[Meeting]]{Meta{
		Name: "list_meetings", Row: 44, Group: groupMeetings, Method: http.MethodGet, Path: "/v1/users/{user_id}/meetings",
		Summary: "List meetings.", Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	GetMeeting = Operation[MeetingIn, Meeting]{Meta{
		Name: "get_meeting", Row: 45, Group: groupMeetings, Method: http.MethodGet, Path: "/v1/users/{user_id}/meetings/{id}",
		Summary: "Get a meeting with its transcript.", Effect: Read, Status: 200, Evidence: Documented}}
	UpdateMeeting = Operation[UpdateMeetingIn, Meeting]{Meta{
		Name: "update_meeting", Row: 46, Group: groupMeetings, Method: http.MethodPatch, Path: "/v1/users/{user_id}/meetings/{id}",
		Summary: "Update a meeting.", Effect: Undoable, Status: 200, Evidence: Documented}}
	RegenerateMeetingSummary = Operation[MeetingRef, Regenerated]{Meta{
		Name: "regenerate_meeting_summary", Row: 47, Group: groupMeetings, Method: http.MethodPost, Path: "/v1/users/{user_id}/meetings/{id}/regenerate-summary",
		Summary: "Write a meeting's summary anew.", Effect: Write, Status: 202, Evidence: Documented, Timeout: SlowTimeout}}
	DeleteMeeting = Operation[MeetingRef, Archived]{Meta{
		Name: "delete_meeting", Group: groupMeetings, Method: http.MethodDelete, Path: "/v1/users/{user_id}/meetings/{id}",
		Summary: "Archive a pushed meeting.", Effect: Undoable, Status: 200, Evidence: "P-43"}}
	DeleteMeetingByExternalID = Operation[ExternalRef, Archived]{Meta{
		Name: "delete_meeting_by_external_id", Group: groupMeetings, Method: http.MethodDelete, Path: "/v1/users/{user_id}/meetings",
		Summary: "Archive a pushed meeting by its external id.", Effect: Undoable, Status: 200, Evidence: "P-43"}}
)
