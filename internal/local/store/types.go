package store

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Kind is what an item is.
type Kind string

// The kinds of items.
const (
	KindMessage Kind = "message"
	KindMeeting Kind = "meeting"
	KindEvent   Kind = "event"
	KindNote    Kind = "note"
)

// User is someone whose data the store holds.
type User struct {
	ID         string
	Email      string
	FirstName  string
	LastName   string
	Timezone   string // IANA name; "" when unknown
	ExternalID string
	Metadata   json.RawMessage // nil when none
	Addresses  []string        // every address that the user says is their own, lower case; accounts, too
	Linked     []string        // further ones that were found to be theirs
	Handles    []string        // what else is: accounts in chat, and names in meetings (people.NameHandle)
	Said       bool            // the user has said so: only they change Addresses and Email
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Own are all addresses that are the user's.
func (u User) Own() []string { return slices.Concat(u.Addresses, u.Linked) }

// Location is the user's time zone: UTC when none is set or it is unknown (P-06).
func (u User) Location() *time.Location {
	if loc, err := time.LoadLocation(u.Timezone); err == nil {
		return loc
	}
	return time.UTC
}

// Person is someone named in an item. Status is set on attendees of events.
type Person struct {
	Email  string `json:"email,omitempty"`
	Name   string `json:"name,omitempty"`
	Status string `json:"status,omitempty"`

	Account string `json:"-"` // where they write, such as slack:U0123, of whom there is no address
}

// ActionItem is something to do that came out of a meeting.
type ActionItem struct {
	Description string `json:"description"`
	Assignee    string `json:"assignee,omitempty"`
}

// Message is a stored message.
type Message struct {
	ID             string
	UserID         string
	IntegrationID  string
	Source         string // the integration's provider, such as "email"
	ConversationID string
	Conversation   string // its name; "" when it has none
	ThreadID       string
	SentAt         time.Time
	SenderEmail    string // lower case
	SenderName     string
	Subject        string
	Recipients     []Person
	BodyText       string
	QuotedText     string          // what the message quotes, kept apart from its own words
	Metadata       json.RawMessage // without the quoted text; nil when none
}

// Meeting is a stored meeting.
type Meeting struct {
	ID            string
	UserID        string
	IntegrationID string
	Source        string
	StartAt       time.Time
	EndAt         time.Time // zero when unknown
	Title         string
	Provider      string
	Attendees     []Person
	ActionItems   []ActionItem
	ShortSummary  string
	Summary       string
	Transcript    string // "Speaker: words", a line each
	Metadata      json.RawMessage
}

// Guessed reports whether nothing tells when the meeting was but when its file was
// last changed.
func (m Meeting) Guessed() bool { return guessed(m.Metadata) }

// Event is a stored calendar event. One of whole days begins and ends at midnights
// of its user's zone, whatever zone that is at the time.
type Event struct {
	ID            string
	UserID        string
	IntegrationID string
	Source        string
	StartAt       time.Time
	EndAt         time.Time
	WasStartAt    time.Time // before it was moved for the last time; zero of one that never was
	AllDay        bool
	Title         string
	Location      string
	Attendees     []Person
	Description   string
}

// Note is a stored note. RefType and RefID are both set or both empty.
type Note struct {
	ID            string
	UserID        string
	IntegrationID string
	Source        string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	IndexedAt     time.Time
	Status        string // of its newest push: queued, processing, indexed or failed
	RefType       string
	RefID         string
	Title         string
	Body          string
	Metadata      json.RawMessage
}

// Guessed is Meeting.Guessed for when the note was written.
func (n Note) Guessed() bool { return guessed(n.Metadata) }

// guessed reads attrove.MetaTimeFrom: metadata is whatever was pushed.
func guessed(metadata json.RawMessage) bool {
	if !bytes.Contains(metadata, []byte(attrove.MetaTimeFrom)) {
		return false
	}
	var said attrove.Object
	return json.Unmarshal(metadata, &said) == nil && said[attrove.MetaTimeFrom] == attrove.TimeFromFile
}

// Integration is a virtual one: the source that pushed items came from.
type Integration struct {
	ID        string
	Kind      Kind
	Provider  string
	Name      string
	Items     int       // in sight
	Pending   int       // pushed and not yet indexed
	Failed    int       // could not be indexed
	Skipped   int       // not stored, because their conversation does not sync
	SyncedAt  time.Time // when an item was last indexed; zero if never
	CreatedAt time.Time

	Disconnecting bool // its data is being removed, or was when the process ended
}

// Coverage is the period and size of what one source holds.
type Coverage struct {
	Source string
	First  time.Time
	Last   time.Time
	Count  int
}
