package prompts

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// personAgo is how many days back a person's messages are looked for.
const personAgo = 120

// whoIs is what there is about a contact.
func whoIs() *Prompt {
	return &Prompt{
		name: "who_is", title: "Who is this person?",
		description: "Who a contact is to you: addresses, whom they deal with, your meetings and mail, promises both ways, and the goals they matter to.",
		tool:        "attrove_entities",
		arguments:   []Argument{{Name: "person", Title: "Person", Required: true, suggest: personNames, Description: "A name, an address, or a contact's id."}},
		write:       writeWhoIs,
	}
}

func writeWhoIs(d *desk, a args) (*brief, error) {
	p, others, err := d.person(a["person"])
	if err != nil {
		return nil, err
	}
	c := d.circle([]attrove.Attendee{{Name: p.Name, Email: address(p)}})
	relations := ask(d, question{what: "whom they deal with", tool: "attrove_relationships"}, attrove.ListRelationships, attrove.RelationshipsIn{EntityID: p.ID, Limit: 25})
	meetings := ask(d, question{what: "meetings with them", tool: "attrove_meetings"}, attrove.ListMeetings, attrove.MeetingsIn{StartDate: d.day(-personAgo),
		EndDate: d.day(0), Expand: []attrove.MeetingExpand{"short_summary", "action_items", "attendees"}, Cut: attrove.Cut{Limit: attrove.MaxLimit}})
	wrote := &answer[attrove.Page[attrove.Message]]{}
	if from := address(p); from != "" {
		wrote = ask(d, question{what: "their messages", tool: "attrove_messages"}, attrove.ListMessages, attrove.MessagesIn{SenderEmail: string(from),
			StartDate: d.day(-personAgo), EndDate: d.day(0), Expand: []attrove.MessageExpand{"body_text"}, Cut: attrove.Cut{Limit: 40}})
	}
	goals := activeGoals(d)
	said := promisesWith(d, c)
	d.wait()
	latest := d.followed(wrote.Value.Data)
	know(d, meetings)
	know(d, goals)

	t := d.brief("Who is this?")
	t.add(section{title: "The contact", most: 600, rows: []string{row(title(p.Name), p.ID, words(p.EntityType), names(p.ExternalIDs, 6))}})
	t.add(section{title: "Deals with", rows: d.relations(relations.Value.Data, p.ID), none: unless(relations.ok(), "Nobody that is known."), most: 1200, rest: "attrove_relationships",
		more: relations.Paging.HasMore})
	t.add(section{title: "Meetings, latest first", rows: d.metBefore(meetings.Value.Data, c), none: unless(meetings.ok(), "None in the last 120 days."), most: 3000, rest: "attrove_meetings"})
	t.add(section{title: "Threads they wrote in, latest first", rows: latest, none: unless(wrote.ok() || wrote.call == nil, "None in the last 120 days."), most: 3000, rest: "attrove_messages",
		more: wrote.Paging.HasMore})
	said.add(t)
	t.add(section{title: "Goals they matter to", most: 2000, rest: "attrove_list_goals", none: unless(goals.ok(), "None."),
		rows: d.goalRows(goals.Value.Data, func(g attrove.Goal) bool {
			return slices.Contains(g.WatchScope.EntityIDs, p.ID) || c.touches(g, attrove.Event{}, nil)
		})})
	t.add(section{title: "Others of this name", rows: others, most: 600, rest: "attrove_entities"})
	t.job = `Tell me who this is, as to somebody who is about to write to them or meet them.
Two sentences first: who they are, as far as the data shows (role and company only where somebody says so), and what we have to do with each other now. Then: what we last talked about, what is open between us both ways, with dates, and whom else I deal with around them. Then how they write, in one line, if there is enough mail to tell. At most twelve lines.
If there are others of this name, say that you took this one.`
	return t, nil
}

// address is where a contact writes from.
func address(p attrove.Entity) attrove.ForeignText {
	for _, id := range p.ExternalIDs {
		if strings.Contains(string(id), "@") {
			return id
		}
	}
	return ""
}

// person is the contact that a user means, and rows about others of the name.
func (d *desk) person(said string) (attrove.Entity, []string, error) {
	if id, ok := idIn(said, "ent_"); ok {
		one := ask(d, question{what: "the contact", tool: "attrove_get_entity"}, attrove.GetEntity, attrove.EntityRef{ID: id})
		d.wait()
		return one.Value, nil, refused("person", "there is no contact of this id", one.err)
	}
	people, err := d.contacts(said)
	if err != nil {
		return attrove.Entity{}, nil, shown(err)
	}
	if len(people) == 0 {
		return attrove.Entity{}, nil, invalid("person", "no contact has this in its name or address; take one from the completions")
	}
	best := max(0, slices.IndexFunc(people, func(e attrove.Entity) bool {
		return strings.EqualFold(string(e.Name), said) || strings.EqualFold(string(address(e)), said)
	}))
	var others []string
	for i, e := range people {
		if i != best {
			others = append(others, row(title(e.Name), e.ID, names(e.ExternalIDs, 2)))
		}
	}
	return people[best], others, nil
}

// contacts are the people and companies that have these words in their names or
// addresses. Who writes without a name has none but the address, so that the words
// are also looked for one by one.
func (d *desk) contacts(said string) ([]attrove.Entity, error) {
	longest := slices.MaxFunc(strings.Fields(said), func(a, b string) int { return len(a) - len(b) })
	for _, words := range slices.Compact([]string{said, longest}) {
		found := ask(d, question{what: "contacts of this name", tool: "attrove_entities"}, attrove.ListEntities,
			attrove.EntitiesIn{Query: words, Cut: attrove.Cut{Limit: attrove.MaxLimit}})
		d.wait()
		if found.err != nil {
			return nil, found.err
		}
		people := slices.DeleteFunc(found.Value.Data, func(e attrove.Entity) bool {
			return notPerson(e) || words != said && !holds(string(e.Name)+" "+names(e.ExternalIDs, 5), said)
		})
		if len(people) > 0 {
			return people, nil
		}
	}
	return nil, nil
}

// notPerson reports whether a contact is nobody to ask about: a program, or the
// user.
func notPerson(e attrove.Entity) bool {
	return e.IsBot || e.EntityType == "bot" || e.EntityType == "user"
}

// relations are rows about whom a contact appears with, most often first.
func (d *desk) relations(all []attrove.Relationship, id string) []string {
	slices.SortStableFunc(all, func(a, b attrove.Relationship) int { return b.CoOccurrenceCount - a.CoOccurrenceCount })
	var rows []string
	for _, r := range all {
		other := r.EntityA
		if other.ID == id {
			other = r.EntityB
		}
		last := ""
		if r.LastInteractionAt != nil {
			last = with("last on", d.date(*r.LastInteractionAt))
		}
		rows = append(rows, row(title(other.Name), other.ID, names(other.ExternalIDs, 1), plural(r.CoOccurrenceCount, "time")+" together", last))
	}
	return rows
}
