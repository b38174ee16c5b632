package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/people"
)

// Role is how an item names a person.
type Role string

// The roles of people in items.
const (
	RoleSender    Role = "sender"
	RoleRecipient Role = "recipient"
	RoleAttendee  Role = "attendee"
	RoleMentioned Role = "mentioned" // in the text
)

// Participant is somebody that an item names.
type Participant struct {
	Handle string // as people.Identity has it; nobody is kept without
	Name   string
	ID     string // of theirs where they write, beside an address; "" for none
	Bot    bool   // the source says that it is a program
	Role   Role
}

func (p Participant) entityType() string {
	kind := people.KindOf(p.Handle)
	if p.Bot {
		kind = people.Bot
	}
	return entityTypeOf(kind)
}

// entityTypeOf is a kind as the API has it (contract section 5.11).
func entityTypeOf(kind people.Kind) string {
	switch kind {
	case people.Bot:
		return entityBot
	case people.Company:
		return entityCompany
	case people.Other:
		return "other"
	default:
		return "person"
	}
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

// SetParticipants puts people in the place of those that an item named, each in
// the first role it has, and keeps them as entities.
func (tx *Tx) SetParticipants(userID string, item ItemRef, people []Participant) error {
	if tx.known.fresh != item.ID {
		if err := tx.exec(`DELETE FROM participants WHERE item_id = ?`, item.ID); err != nil {
			return fmt.Errorf("remove participants: %w", err)
		}
	}
	people = distinct(people)
	at := millis(item.At)
	rows := make([]any, 0, len(people)*participantColumns)
	for _, p := range people {
		m, err := tx.meet(userID, p, at)
		if err != nil {
			return fmt.Errorf("keep a person: %w", err)
		}
		rows = append(rows, m.seq, string(item.Kind), at, item.ID, string(p.Role), len(people))
		if err := tx.addSigns(m, p); err != nil {
			return fmt.Errorf("add signs: %w", err)
		}
	}
	for some := range slices.Chunk(rows, participantColumns*participantsAtOnce) {
		if err := tx.exec(insertParticipants(len(some)/participantColumns), some...); err != nil {
			return fmt.Errorf("add participants: %w", err)
		}
	}
	return nil
}

const (
	participantColumns = 6
	// participantsAtOnce is how many one statement adds at most: there is one prepared
	// for each number of them.
	participantsAtOnce = 8
)

func insertParticipants(n int) string {
	return `INSERT INTO participants (entity, kind, at, item_id, role, party) VALUES (?,?,?,?,?,?)` + strings.Repeat(",(?,?,?,?,?,?)", n-1)
}

// addSigns keeps the name and id of a person that they are told by.
func (tx *Tx) addSigns(m *met, p Participant) error {
	if p.Name != "" && len(p.Name) <= maxSign {
		if err := tx.sign(m, signName, p.Name); err != nil {
			return err
		}
	}
	if p.ID == "" {
		return nil
	}
	return tx.sign(m, signID, p.ID)
}

// The kinds of signs, and how long a name may be, in bytes, that tells anything.
const (
	signName = "name"
	signID   = "id"
	maxSign  = 200
)

// distinct is each handle once, with a name if it came with one.
func distinct(people []Participant) []Participant {
	place := make(map[string]int, len(people))
	out := make([]Participant, 0, len(people))
	for _, p := range people {
		i, again := place[p.Handle]
		switch {
		case p.Handle == "":
		case !again:
			place[p.Handle] = len(out)
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
	members, err := s.members(ctx, q.UserID, q.EntityIDs)
	if err != nil {
		return nil, err
	}
	var found []ItemRef
	for _, seq := range members {
		for _, kind := range kinds {
			var where conditions
			where.add("entity = ?", seq)
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
	slices.SortFunc(found, newestFirst)
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

// members are the entities that are linked to those of ids, and of a company
// everybody in it.
func (s *Store) members(ctx context.Context, userID string, ids []string) ([]int64, error) {
	all, err := collect(ctx, s, scalar[int64], `WITH heads AS MATERIALIZED (
			SELECT coalesce(same_as, seq) AS seq, CASE entity_type WHEN 'company' THEN organization END AS organization
			FROM entities WHERE user_id = ? AND id IN (SELECT value FROM json_each(?)))
		SELECT seq FROM heads UNION SELECT e.seq FROM heads h JOIN entities e ON e.same_as = h.seq
		UNION SELECT e.seq FROM heads h JOIN entities e ON e.user_id = ? AND e.organization = h.organization`,
		userID, encodeList(ids), userID)
	if err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	return all, nil
}

// AddressesOf returns the e-mail addresses of an entity's person, or of everybody
// in a company.
func (s *Store) AddressesOf(ctx context.Context, userID, id string) ([]string, error) {
	members, err := s.members(ctx, userID, []string{id})
	if err != nil {
		return nil, err
	}
	all, err := collect(ctx, s, scalar[string], `SELECT handle FROM entities WHERE seq IN (SELECT value FROM json_each(?)) AND instr(handle, '@') > 1`,
		encodeList(members))
	if err != nil {
		return nil, fmt.Errorf("addresses of an entity: %w", err)
	}
	return all, nil
}
