package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// group puts found items where the contract has them (section 5.5): messages by
// conversation and thread, and each kind once more in the order of rank.
func (x *Index) group(ctx context.Context, user store.User, items []Item, w wanted, in attrove.SearchIn) (attrove.SearchOut, error) {
	g := grouper{in: in, wanted: w, out: attrove.SearchOut{
		KeyMessages:   []attrove.SearchKeyMessage{},
		Conversations: map[string]attrove.SearchConversation{},
		KeyMeetings:   []attrove.SearchMeeting{},
		KeyEvents:     []attrove.SearchEvent{},
	}}
	var err error
	if g.messages, err = load(ids(items, store.KindMessage), messageID, func(ids []string) ([]store.Message, error) {
		return x.store.Messages(ctx, user.ID, store.MessageFilter{IDs: ids, Limit: len(ids)})
	}); err != nil {
		return attrove.SearchOut{}, fmt.Errorf("load messages: %w", err)
	}
	if g.meetings, err = load(ids(items, store.KindMeeting), meetingID, func(ids []string) ([]store.Meeting, error) {
		return x.store.Meetings(ctx, user.ID, store.MeetingFilter{IDs: ids, Limit: len(ids)})
	}); err != nil {
		return attrove.SearchOut{}, fmt.Errorf("load meetings: %w", err)
	}
	if g.events, err = load(ids(items, store.KindEvent), eventID, func(ids []string) ([]store.Event, error) {
		return x.store.Events(ctx, user.ID, store.EventFilter{IDs: ids, Limit: len(ids)})
	}); err != nil {
		return attrove.SearchOut{}, fmt.Errorf("load events: %w", err)
	}
	if g.notes, err = load(ids(items, store.KindNote), noteID, func(ids []string) ([]store.Note, error) {
		return x.store.Notes(ctx, user.ID, store.NoteFilter{IDs: ids, Limit: len(ids)})
	}); err != nil {
		return attrove.SearchOut{}, fmt.Errorf("load notes: %w", err)
	}
	for _, item := range items {
		g.add(item)
	}
	for _, c := range g.out.Conversations { // a thread reads from its beginning
		for _, rows := range c.Threads {
			slices.SortFunc(rows, g.inOrder)
		}
	}
	return g.out, nil
}

// ids are those of the items of one kind.
func ids(items []Item, kind store.Kind) []string {
	var out []string
	for _, item := range items {
		if item.Kind == kind {
			out = append(out, item.ID)
		}
	}
	return out
}

func messageID(m store.Message) string { return m.ID }
func meetingID(m store.Meeting) string { return m.ID }
func eventID(e store.Event) string     { return e.ID }
func noteID(n store.Note) string       { return n.ID }

// load fetches rows by id, when there are any ids.
func load[T any](ids []string, id func(T) string, fetch func(ids []string) ([]T, error)) (map[string]T, error) {
	found := map[string]T{}
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := fetch(ids)
	for _, row := range rows {
		found[id(row)] = row
	}
	return found, err
}

// grouper fills a search's answer. What was deleted since the search began is
// left out.
type grouper struct {
	in       attrove.SearchIn
	wanted   wanted
	messages map[string]store.Message
	meetings map[string]store.Meeting
	events   map[string]store.Event
	notes    map[string]store.Note
	out      attrove.SearchOut
}

func (g *grouper) add(item Item) {
	snippet := attrove.ForeignText(snippet(telling(item, g.wanted), g.wanted))
	switch item.Kind {
	case store.KindMessage:
		if m, ok := g.messages[item.ID]; ok {
			g.message(m, snippet)
		}
	case store.KindMeeting:
		if m, ok := g.meetings[item.ID]; ok {
			g.out.KeyMeetings = append(g.out.KeyMeetings, attrove.SearchMeeting{
				ID: m.ID, Title: attrove.ForeignText(m.Title), StartTime: Time(m.StartAt), EndTime: Time(m.EndAt),
				ShortSummary: attrove.ForeignText(m.ShortSummary), Provider: m.Provider, Snippet: snippet,
			})
		}
	case store.KindEvent:
		if e, ok := g.events[item.ID]; ok {
			g.out.KeyEvents = append(g.out.KeyEvents, attrove.SearchEvent{
				ID: e.ID, Title: attrove.ForeignText(e.Title), StartTime: Time(e.StartAt), EndTime: Time(e.EndAt), AllDay: e.AllDay,
			})
		}
	case store.KindNote:
		if n, ok := g.notes[item.ID]; ok {
			g.out.KeyNotes = append(g.out.KeyNotes, attrove.SearchNote{
				ID: n.ID, Title: attrove.ForeignText(n.Title), Snippet: snippet, CreatedAt: Time(n.CreatedAt),
			})
		}
	}
}

func (g *grouper) message(m store.Message, snippet attrove.ForeignText) {
	g.out.KeyMessages = append(g.out.KeyMessages, attrove.SearchKeyMessage{
		MessageID: m.ID, ConversationID: m.ConversationID, ThreadID: m.ThreadID,
		Subject: attrove.ForeignText(m.Subject), Snippet: snippet,
	})
	conversation, ok := g.out.Conversations[m.ConversationID]
	if !ok {
		conversation.Threads = map[string][]attrove.SearchThreadMessage{}
		if m.Conversation != "" {
			name := attrove.ForeignText(m.Conversation)
			conversation.ConversationName = &name
		}
		g.out.Conversations[m.ConversationID] = conversation
	}
	row := attrove.SearchThreadMessage{
		MessageID: m.ID, SenderName: attrove.ForeignText(sender(m)), ReceivedAt: Time(m.SentAt),
		IntegrationType: m.Source, RecipientNames: []attrove.ForeignText{},
	}
	if g.in.IncludeBodyText {
		row.BodyText = attrove.ForeignText(m.BodyText)
	}
	for _, r := range m.Recipients {
		row.RecipientNames = append(row.RecipientNames, attrove.ForeignText(name(r)))
	}
	conversation.Threads[m.ThreadID] = append(conversation.Threads[m.ThreadID], row)
}

// inOrder is the order in which a thread is listed, too.
func (g *grouper) inOrder(a, b attrove.SearchThreadMessage) int {
	return cmp.Or(g.messages[a.MessageID].SentAt.Compare(g.messages[b.MessageID].SentAt), cmp.Compare(a.MessageID, b.MessageID))
}

func sender(m store.Message) string {
	return name(store.Person{Email: m.SenderEmail, Name: m.SenderName})
}

// name is what to call a person: mail often has no name but the address.
func name(p store.Person) string {
	if p.Name != "" {
		return p.Name
	}
	return p.Email
}

// Time writes a time as the API does (P-06); the zero time is left out.
func Time(t time.Time) attrove.DateTime {
	if t.IsZero() {
		return ""
	}
	return attrove.DateTime(t.UTC().Format(time.RFC3339Nano))
}
