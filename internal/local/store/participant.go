package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Role is how an item names a person.
type Role string

// The roles of people in items.
const (
	RoleSender    Role = "sender"
	RoleRecipient Role = "recipient"
	RoleAttendee  Role = "attendee"
)

// Participant is a person that an item names. One without an address is nobody
// that other items could name too, and is not kept.
type Participant struct {
	Person
	Type string // as Entity.Type
	Role Role
}

// ItemRef names an item, with its own time: when it was sent, or began.
type ItemRef struct {
	Kind Kind
	ID   string
	At   time.Time
}

// Ref names the message.
func (m Message) Ref() ItemRef { return ItemRef{KindMessage, m.ID, m.SentAt} }

// Ref names the meeting.
func (m Meeting) Ref() ItemRef { return ItemRef{KindMeeting, m.ID, m.StartAt} }

// Ref names the event.
func (e Event) Ref() ItemRef { return ItemRef{KindEvent, e.ID, e.StartAt} }

// Participants are the message's sender and recipients.
func (m Message) Participants() []Participant {
	sender := Participant{Person: Person{Email: m.SenderEmail, Name: m.SenderName}, Role: RoleSender}
	return append([]Participant{sender}, inRole(RoleRecipient, m.Recipients)...)
}

// Participants are the meeting's attendees.
func (m Meeting) Participants() []Participant { return inRole(RoleAttendee, m.Attendees) }

// Participants are the event's attendees.
func (e Event) Participants() []Participant { return inRole(RoleAttendee, e.Attendees) }

func inRole(role Role, people []Person) []Participant {
	all := make([]Participant, len(people))
	for i, p := range people {
		all[i] = Participant{Person: p, Role: role}
	}
	return all
}

// SetParticipants puts people in the place of those that an item named, each in
// the first role it has, and keeps them as entities.
func (tx *Tx) SetParticipants(userID string, item ItemRef, people []Participant) error {
	if err := tx.exec(`DELETE FROM participants WHERE item_id = ?`, item.ID); err != nil {
		return fmt.Errorf("remove participants: %w", err)
	}
	people = distinct(people)
	named := make([][2]string, len(people))
	for i, p := range people {
		if err := tx.meet(userID, p, item.At); err != nil {
			return fmt.Errorf("keep a person: %w", err)
		}
		named[i] = [2]string{p.Email, string(p.Role)}
	}
	// One statement for all: every mail that is pushed comes by here.
	err := tx.exec(`INSERT INTO participants (entity, kind, at, item_id, role, party)
		SELECT e.seq, ?, ?, ?, p.value ->> 1, ? FROM json_each(?) p CROSS JOIN entities e ON e.user_id = ? AND e.handle = p.value ->> 0`,
		item.Kind, millis(item.At), item.ID, len(people), encodeList(named), userID)
	if err != nil {
		return fmt.Errorf("add participants: %w", err)
	}
	return nil
}

// distinct is each address once, in lower case, with a name if it came with one.
func distinct(people []Participant) []Participant {
	place := make(map[string]int, len(people))
	out := make([]Participant, 0, len(people))
	for _, p := range people {
		p.Email = strings.ToLower(strings.TrimSpace(p.Email))
		i, again := place[p.Email]
		switch {
		case p.Email == "":
		case !again:
			place[p.Email] = len(out)
			out = append(out, p)
		case out[i].Name == "":
			out[i].Name = p.Name
		}
	}
	return out
}

// InvolvingQuery asks for the items that name any of some entities. Empty fields
// ask for nothing, apart from EntityIDs: no entity is in no item.
type InvolvingQuery struct {
	UserID    string
	EntityIDs []string
	Kinds     []Kind
	From, To  time.Time // [From, To)
	Limit     int
}

// Involving returns the items that name any of the entities, newest first. It
// reads no more of the index than it returns, for each entity and kind.
func (s *Store) Involving(ctx context.Context, q InvolvingQuery) ([]ItemRef, error) {
	kinds := q.Kinds
	if len(kinds) == 0 {
		kinds = []Kind{KindMessage, KindMeeting, KindEvent}
	}
	var found []ItemRef
	for _, id := range q.EntityIDs {
		for _, kind := range kinds {
			var where conditions
			where.add("entity = (SELECT seq FROM entities WHERE id = ? AND user_id = ?)", id, q.UserID)
			where.add("kind = ?", kind)
			where.period("at", q.From, q.To)
			if kind == KindEvent {
				where.add(inActiveCalendar)
			}
			items, err := collect(ctx, s, scanItemRef, `SELECT kind, item_id, at FROM participants p WHERE `+where.String()+
				` ORDER BY at DESC, item_id DESC LIMIT ?`, append(where.args, q.Limit)...)
			if err != nil {
				return nil, fmt.Errorf("items of an entity: %w", err)
			}
			found = append(found, items...)
		}
	}
	slices.SortFunc(found, func(a, b ItemRef) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	found = slices.Compact(found)
	return found[:min(len(found), q.Limit)], nil
}

func scanItemRef(rows *sql.Rows) (ItemRef, error) {
	var r ItemRef
	var at int64
	err := rows.Scan(&r.Kind, &r.ID, &at)
	r.At = fromMillis(at)
	return r, err
}
