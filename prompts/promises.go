package prompts

import "github.com/attrove/attrove-mcp/internal/attrove"

// promises is both sides' promises.
func promises() *Prompt {
	return &Prompt{
		name: "promises", title: "What did we promise?",
		description: "Promises both ways, to one person or company or to everybody: who promised what to whom, by when, and what of it is still open.",
		tool:        "attrove_query",
		arguments: []Argument{{Name: "with", Title: "With", suggest: personNames,
			Description: "A person or a company: a name, or a contact's id. Everybody if left out."}},
		write: func(d *desk, a args) (*brief, error) {
			if a["with"] == "" {
				return writeAllPromises(d), nil
			}
			return writePromisesWith(d, a["with"])
		},
	}
}

const listPromises = `List what was promised, as two lists: ours and theirs.
Each line: who promised what to whom, when they said it, by when it is due, and whether it is open, kept, late or unclear, with the ids. The data says what was said, not what was done: call a promise kept only where something later shows it, and unclear where nothing does.
Most urgent first; late ones at the top. Leave out what is no promise (a remark, a plan for oneself, something about the past) and say how many you left out.
End with the one promise of ours that I should keep next, and the one of theirs that I should ask about.`

func writeAllPromises(d *desk) *brief {
	goals := activeGoals(d)
	ours, theirs := query(d, "What did we promise?", "what you promised"), query(d, "What did they promise?", "what was promised to you")
	waiting := query(d, "Who has not answered us?", "who has not answered")
	due := query(d, "What needs my attention this week?", "what is due")
	d.wait()
	know(d, ours)
	know(d, goals)

	t := d.brief("Promises")
	t.quote("We promised", ours, "No promise was found.")
	t.quote("They promised", theirs, "No promise was found.")
	t.quote("Due or waiting this week", due, "Nothing was found.")
	t.quote("No answer yet", waiting, "Nobody was found.")
	t.add(section{title: "Goals with an open move", most: 3500, rest: "attrove_list_goals", more: goals.Paging.HasMore, none: unless(goals.ok(), "None."),
		rows: d.goalRows(goals.Value.Data, func(g attrove.Goal) bool { return court(g) == attrove.MoveUs || court(g) == attrove.MoveThem })})
	t.job = listPromises
	return t
}

func writePromisesWith(d *desk, said string) (*brief, error) {
	people, err := d.partners(said)
	if err != nil {
		return nil, err
	}
	c := d.circle(people)
	if _, ok := idIn(said, "ent_"); !ok {
		c.called = said
	}
	goals, contacts, mail := activeGoals(d), c.contacts(d), c.mail(d)
	given := promisesWith(d, c)
	d.wait()
	latest := d.followed(messagesOf(mail))
	know(d, goals)

	t := d.brief("Promises")
	var rows []string
	for _, p := range c.people {
		rows = append(rows, row(who(p.Name, p.Email), ""))
	}
	t.add(section{title: "Between you and", rows: rows, most: 800})
	given.add(t)
	t.add(section{title: "Their latest mail and messages, by thread", rows: latest, none: unless(allOK(mail), "None in the last 60 days."), most: 3500, rest: "attrove_messages"})
	touched := func(g attrove.Goal) bool {
		return c.touches(g, attrove.Event{Title: attrove.ForeignText(said)}, contacts)
	}
	t.add(section{title: "Goals that touch them", rows: d.goalRows(goals.Value.Data, touched), none: unless(goals.ok(), "None."), most: 2500, rest: "attrove_list_goals"})
	t.job = listPromises
	return t, nil
}

// partners are the people whom a user means: one contact, or those of whom the
// words are in the name or address, such as everybody at a company. Words that
// nobody has are a name that the mail may still know.
func (d *desk) partners(said string) ([]attrove.Attendee, error) {
	if id, ok := idIn(said, "ent_"); ok {
		one := ask(d, question{what: "the contact", tool: "attrove_get_entity"}, attrove.GetEntity, attrove.EntityRef{ID: id})
		d.wait()
		return []attrove.Attendee{{Name: first(one.Value.Name, address(one.Value)), Email: address(one.Value)}}, refused("with", "there is no contact of this id", one.err)
	}
	found, err := d.contacts(said)
	var people []attrove.Attendee
	for _, e := range found {
		people = append(people, attrove.Attendee{Name: e.Name, Email: address(e)})
	}
	if err != nil && fatal(err) {
		return nil, err
	}
	if len(people) == 0 {
		people = []attrove.Attendee{{Name: attrove.ForeignText(said)}}
	}
	return people, nil
}
