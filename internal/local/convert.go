package local

import (
	"maps"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// messageOf is the message of a push, yet of no item, and what tells its
// conversation and thread.
func messageOf(in attrove.PushMessageIn) (store.Message, store.ThreadKeys, error) {
	keys := store.ThreadKeys{Thread: in.ExternalThreadID}
	keys.Conversation, _ = in.Metadata[attrove.MetaConversation].(string)
	quoted, _ := in.Metadata[attrove.MetaQuotedText].(string)
	rest := maps.Clone(in.Metadata)
	delete(rest, attrove.MetaQuotedText) // it has a place of its own
	metadata, err := encodeMetadata(rest)
	if err != nil {
		return store.Message{}, keys, err
	}
	m := store.Message{
		SentAt: parseTime(in.SentAt), SenderEmail: address(in.SenderEmail), SenderName: in.SenderName,
		Subject: in.Subject, BodyText: in.BodyText, QuotedText: quoted, Metadata: metadata,
	}
	for _, r := range in.Recipients {
		m.Recipients = append(m.Recipients, store.Person{Email: address(r.Email), Name: r.Name})
	}
	return m, keys, nil
}

func meetingOf(item store.Item, in attrove.PushMeetingIn) (store.Meeting, error) {
	metadata, err := encodeMetadata(in.Metadata)
	if err != nil {
		return store.Meeting{}, err
	}
	provider, _ := in.Metadata[attrove.MetaProvider].(string)
	m := store.Meeting{
		ID: item.ID, UserID: item.UserID, IntegrationID: item.IntegrationID, Source: item.Source,
		StartAt: parseTime(in.StartTime), EndAt: parseTime(in.EndTime), Title: in.Title, Provider: provider,
		Attendees: attendeesOf(in.Attendees), ShortSummary: in.ShortSummary, Summary: in.Summary,
		Transcript: in.Transcript, Metadata: metadata,
	}
	for _, a := range in.ActionItems {
		m.ActionItems = append(m.ActionItems, store.ActionItem{Description: string(a.Description), Assignee: string(a.Assignee)})
	}
	return m, nil
}

func eventOf(user store.User, item store.Item, in attrove.PushEventIn) store.Event {
	e := store.Event{
		ID: item.ID, UserID: item.UserID, IntegrationID: item.IntegrationID, Source: item.Source,
		StartAt: parseTime(in.StartTime), EndAt: parseTime(in.EndTime), AllDay: in.AllDay, Title: in.Title,
		Location: in.Location, Attendees: attendeesOf(in.Attendees), Description: in.Description,
	}
	if e.AllDay {
		e.StartAt, e.EndAt = when.WholeDays(writtenTime(in.StartTime), writtenTime(in.EndTime), user.Location())
	}
	return e
}

func noteOf(item store.Item, in attrove.PushNoteIn) (store.Note, error) {
	metadata, err := encodeMetadata(in.Metadata)
	if err != nil {
		return store.Note{}, err
	}
	written := item.PushedAt
	if text, ok := in.Metadata[attrove.MetaWrittenAt].(string); ok {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			written = at
		}
	}
	return store.Note{
		ID: item.ID, UserID: item.UserID, IntegrationID: item.IntegrationID, Source: item.Source,
		CreatedAt: written, UpdatedAt: item.PushedAt,
		RefType: string(in.RefType), RefID: in.RefID, Title: in.Title, Body: in.Body, Metadata: metadata,
	}, nil
}

func attendeesOf(attendees []attrove.Attendee) []store.Person {
	var all []store.Person
	for _, a := range attendees {
		all = append(all, store.Person{Email: address(string(a.Email)), Name: string(a.Name), Status: a.Status})
	}
	return all
}

// address is the form that addresses are compared in.
func address(text string) string { return strings.ToLower(strings.TrimSpace(text)) }
