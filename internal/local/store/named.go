package store

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/people"
	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// Participants are the message's sender and recipients, and whom a chat message
// mentions.
func (m Message) Participants() []Participant {
	chat := signsOf(m.Metadata)
	address, name, list := people.Sender(lower(m.SenderEmail), m.SenderName)
	sender := Participant{Handle: address, Name: name, Bot: chat.Bot, Role: RoleSender}
	switch {
	case address == "" && chat.SenderID != "":
		sender.Handle = chat.SenderID
	case address == "":
		sender.Handle = people.NameHandle(name, "")
	default:
		sender.ID = chat.SenderID
	}
	all := []Participant{sender}
	if list != "" {
		all = append(all, Participant{Handle: list, Role: RoleRecipient})
	}
	all = append(all, addressed(RoleRecipient, "", m.Recipients)...)
	for _, who := range chat.Mentions {
		one := Participant{Handle: lower(who.Email), Name: who.Name, ID: who.ID, Role: RoleMentioned}
		if one.Handle == "" {
			one.Handle, one.ID = who.ID, ""
		}
		all = append(all, one)
	}
	return all
}

// Sender is who wrote the message, as it says.
func (m Message) Sender() Person {
	p := Person{Email: m.SenderEmail, Name: m.SenderName}
	if p.Email == "" {
		p.Account = signsOf(m.Metadata).SenderID
	}
	return p
}

// Mentions are whom the text of a chat message names.
func (m Message) Mentions() []Person {
	var all []Person
	for _, who := range signsOf(m.Metadata).Mentions {
		all = append(all, Person{Email: lower(who.Email), Name: who.Name, Account: who.ID})
	}
	return all
}

// chatSigns are what a message's metadata says of people (attrove.MetaSenderID,
// MetaBot and MetaMentions).
type chatSigns struct {
	SenderID string `json:"sender_id"`
	Bot      bool   `json:"bot"`
	Mentions []struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Email string `json:"email"`
	} `json:"mentions"`
}

// signsOf reads what is there of them: metadata is whatever was pushed.
func signsOf(metadata json.RawMessage) (signs chatSigns) {
	if bytes.Contains(metadata, []byte(`"sender_id"`)) || bytes.Contains(metadata, []byte(`"bot"`)) || bytes.Contains(metadata, []byte(`"mentions"`)) {
		if json.Unmarshal(metadata, &signs) != nil {
			return chatSigns{}
		}
	}
	if !strings.Contains(signs.SenderID, ":") { // it would be a name
		signs.SenderID = ""
	}
	return signs
}

// Participants are the meeting's attendees, and who speaks in its transcript. A
// speaker who is clearly one of the attendees is that one.
func (m Meeting) Participants() []Participant {
	all := addressed(RoleAttendee, m.Title, m.Attendees)
	listed := map[string]bool{}
	for _, a := range m.Attendees {
		listed[a.Name] = true
	}
	for _, name := range speakers(m.Transcript) {
		if !listed[name] {
			all = append(all, unaddressed(RoleAttendee, m.Title, Person{Name: name}, m.Attendees)...)
		}
	}
	return all
}

// speakers are who speaks in a transcript, each once. Where few lines have a
// speaker, what stands before a colon is something else: "Decision: ...".
func speakers(transcript string) []string {
	turns := prose.Turns(transcript)
	seen := map[string]bool{}
	var names []string
	spoken := 0
	for _, turn := range turns {
		if turn.Speaker == "" {
			continue
		}
		spoken++
		if !seen[turn.Speaker] {
			seen[turn.Speaker] = true
			names = append(names, turn.Speaker)
		}
	}
	if 10*spoken < 8*len(turns) {
		return nil
	}
	return names
}

// Participants are the event's attendees.
func (e Event) Participants() []Participant { return addressed(RoleAttendee, e.Title, e.Attendees) }

// addressed are people in a role. One without an address is known by the name,
// unless that is clearly somebody's of the others.
func addressed(role Role, series string, all []Person) []Participant {
	out := make([]Participant, 0, len(all))
	for _, p := range all {
		if p.Email != "" {
			out = append(out, Participant{Handle: lower(p.Email), Name: p.Name, Role: role})
			continue
		}
		out = append(out, unaddressed(role, series, p, all)...)
	}
	return out
}

// unaddressed is somebody of whom there is only a name, or nobody.
func unaddressed(role Role, series string, p Person, others []Person) []Participant {
	var names []string
	for _, o := range others {
		if o.Email != "" && o.Name != "" {
			names = append(names, o.Name)
		}
	}
	if _, same := people.SameSpeaker(p.Name, names); same {
		return nil
	}
	handle := people.NameHandle(p.Name, series)
	if handle == "" {
		return nil
	}
	return []Participant{{Handle: handle, Name: p.Name, Role: role}}
}

// lower is the form in which addresses are compared.
func lower(address string) string { return strings.ToLower(strings.TrimSpace(address)) }
