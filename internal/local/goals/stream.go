package goals

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/people"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// How much is read for one evaluation, however much there is.
const (
	reach       = 400 * day // what is older is over
	maxPassages = 1000      // that match words
	maxItems    = 300       // that are looked at
	maxEntries  = 600       // with the rest of their threads, the newest of which come first
	maxInThread = 100       // messages of each, the newest
	maxNotes    = 50        // attached to the goal
)

// entry is one item of a stream.
type entry struct {
	ref     store.ItemRef
	title   string
	place   string // what an answer to it would stand in: its thread, conversation or meeting
	author  store.Person
	people  []store.Person // all whom it names, its author too
	side    side           // its author's; of a meeting, them if anybody from outside was there
	machine bool           // a program wrote it
	manual  bool           // a note that was attached to the goal
	focused bool           // all of it is about the goal; of others only sentences are

	message store.Message
	meeting store.Meeting
	note    store.Note
}

// stream is what there is on a goal.
type stream struct {
	scope   scope
	me      speech.Self
	parties parties
	now     time.Time // in the user's zone
	entries []entry   // oldest first
}

// gather collects a goal's stream.
func (e *Evaluator) gather(ctx context.Context, user store.User, g store.Goal, now time.Time) (*stream, error) {
	sc, err := e.scope(ctx, user, g)
	if err != nil {
		return nil, err
	}
	s := &stream{scope: sc, me: speech.NewSelf(user), now: now}
	refs, err := e.candidates(ctx, user, sc, now)
	if err != nil {
		return nil, err
	}
	if err := e.load(ctx, user, s, refs); err != nil {
		return nil, err
	}
	s.sort()
	s.dropStrangers() // before they bring along the rest of a thread
	if err := e.expand(ctx, user, s); err != nil {
		return nil, err
	}
	s.sort()
	s.dropStrangers()
	notes, err := e.store.Notes(ctx, user.ID, store.NoteFilter{RefType: "goal", RefID: g.ID, Limit: maxNotes})
	if err != nil {
		return nil, fmt.Errorf("notes on the goal: %w", err)
	}
	for _, n := range notes {
		if !n.CreatedAt.After(now) {
			s.add(entryOfNote(n, true))
		}
	}
	s.sort()
	s.parties = newParties(s.me, s.entries)
	for i := range s.entries {
		s.entries[i].side = s.parties.ofEntry(s.entries[i])
	}
	return s, nil
}

// candidates are the items that may belong to the goal, newest first.
func (e *Evaluator) candidates(ctx context.Context, user store.User, sc scope, now time.Time) ([]store.ItemRef, error) {
	from, to := now.Add(-reach), now.Add(time.Millisecond)
	var found []store.ItemRef
	if match := sc.match(); match != "" {
		some, err := e.store.Mentions(ctx, store.MentionQuery{UserID: user.ID, Match: match, Kinds: sc.kinds, From: from, To: to, Limit: maxPassages})
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	if ids := slices.Concat(sc.entities, sc.beside); len(ids) > 0 {
		some, err := e.store.Involving(ctx, store.InvolvingQuery{UserID: user.ID, EntityIDs: ids, Kinds: sc.kinds, From: from, To: to, Limit: maxItems})
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	slices.SortFunc(found, func(a, b store.ItemRef) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	found = slices.Compact(found)
	return found[:min(len(found), maxItems)], nil
}

// load reads the candidates and keeps what belongs to the goal.
func (e *Evaluator) load(ctx context.Context, user store.User, s *stream, refs []store.ItemRef) error {
	ids := map[store.Kind][]string{}
	for _, r := range refs {
		ids[r.Kind] = append(ids[r.Kind], r.ID)
	}
	if of := ids[store.KindMessage]; len(of) > 0 {
		all, err := e.store.Messages(ctx, user.ID, store.MessageFilter{IDs: of, Limit: len(of)})
		if err != nil {
			return err
		}
		for _, m := range all {
			s.admit(entryOfMessage(m), textOf(m.Subject, m.BodyText), namesOf(m.Conversation, append(m.Recipients, m.Sender())))
		}
	}
	if of := ids[store.KindMeeting]; len(of) > 0 {
		all, err := e.store.Meetings(ctx, user.ID, store.MeetingFilter{IDs: of, Limit: len(of)})
		if err != nil {
			return err
		}
		for _, m := range all {
			s.admit(entryOfMeeting(m), textOf(m.Title, m.ShortSummary, m.Summary, m.Transcript), namesOf("", m.Attendees))
		}
	}
	if of := ids[store.KindEvent]; len(of) > 0 {
		all, err := e.store.Events(ctx, user.ID, store.EventFilter{IDs: of, Limit: len(of)})
		if err != nil {
			return err
		}
		for _, v := range all {
			s.admit(entryOfEvent(v), textOf(v.Title, v.Description), namesOf(v.Location, v.Attendees))
		}
	}
	if of := ids[store.KindNote]; len(of) > 0 {
		all, err := e.store.Notes(ctx, user.ID, store.NoteFilter{IDs: of, Limit: len(of)})
		if err != nil {
			return err
		}
		for _, n := range all {
			s.admit(entryOfNote(n, false), textOf(n.Title, n.Body), text{})
		}
	}
	return nil
}

func namesOf(place string, people []store.Person) text { return textOf(place, speech.NamesOf(people)) }

// admit takes an item into the stream if it belongs to the goal. A long item
// that only mentions it among other things is not all about it.
func (s *stream) admit(e entry, t, around text) {
	involves := func(handles map[string]bool) bool {
		return slices.ContainsFunc(e.people, func(p store.Person) bool {
			return handles[p.Email] || p.Email == "" && handles[people.NameHandle(p.Name, e.title)]
		})
	}
	title := textOf(e.title)
	switch {
	case involves(s.scope.people), s.scope.tells(title, around), s.scope.tells(around, text{}):
		e.focused = true
	case involves(s.scope.weak) && s.scope.mentions(t):
		e.focused = s.scope.mentions(title)
	case !s.scope.tells(t, around):
		return
	default:
		e.focused = e.ref.Kind == store.KindMessage && len(e.message.BodyText) <= shortMessage
	}
	s.add(e)
}

// shortMessage is how long a message may be, in bytes, that is about one thing.
const shortMessage = 400

// expand reads the whole threads of messages that belong to the goal: replies
// rarely repeat the keyword. They are about it as far as their thread is.
func (e *Evaluator) expand(ctx context.Context, user store.User, s *stream) error {
	focused, order := map[string]bool{}, []string{}
	for _, en := range slices.Backward(s.entries) {
		id := en.message.ThreadID
		if id == "" {
			continue
		}
		if _, known := focused[id]; !known {
			order = append(order, id)
		}
		focused[id] = focused[id] || en.focused
	}
	have := map[string]bool{}
	for _, en := range s.entries {
		have[en.ref.ID] = true
	}
	for _, id := range order {
		if len(s.entries) >= maxEntries {
			break
		}
		thread, err := e.store.Messages(ctx, user.ID, store.MessageFilter{ThreadID: id, To: s.now.Add(time.Millisecond), Limit: maxInThread})
		if err != nil {
			return fmt.Errorf("thread: %w", err)
		}
		for _, m := range thread {
			if !have[m.ID] {
				en := entryOfMessage(m)
				en.focused = focused[id]
				s.add(en)
			}
		}
	}
	return nil
}

func (s *stream) add(e entry) { s.entries = append(s.entries, e) }

// sort puts the entries in the order of their time, each once.
func (s *stream) sort() {
	slices.SortFunc(s.entries, func(a, b entry) int {
		return cmp.Or(a.ref.At.Compare(b.ref.At), cmp.Compare(a.ref.ID, b.ref.ID), compareBool(b.manual, a.manual))
	})
	s.entries = slices.CompactFunc(s.entries, func(a, b entry) bool { return a.ref.ID == b.ref.ID })
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func entryOfMessage(m store.Message) entry {
	e := entry{
		ref: m.Ref(), title: cmp.Or(m.Subject, m.Conversation), place: m.ThreadID, author: m.Sender(),
		machine: speech.Machine(m), message: m,
	}
	if m.Source != "email" { // in chat an answer stands in the channel, not in a thread
		e.place = m.ConversationID
	}
	e.people = append([]store.Person{e.author}, m.Recipients...)
	return e
}

func entryOfMeeting(m store.Meeting) entry {
	return entry{ref: m.Ref(), title: m.Title, place: m.ID, people: m.Attendees, meeting: m}
}

func entryOfEvent(v store.Event) entry {
	return entry{ref: v.Ref(), title: v.Title, place: v.ID, people: v.Attendees}
}

func entryOfNote(n store.Note, manual bool) entry {
	return entry{
		ref: store.ItemRef{Kind: store.KindNote, ID: n.ID, At: n.CreatedAt}, title: cmp.Or(n.Title, "Note"), place: n.ID,
		manual: manual, focused: manual, note: n,
	}
}
