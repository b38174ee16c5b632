package prompts

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// circle is the people whom a prompt is about, without the user. Where there are
// people of other companies, they are the ones who matter.
type circle struct {
	people []attrove.Attendee
	theirs bool   // they are of other companies than the user's
	called string // what the user calls them, such as a company; "" for their names
}

// circle is the people at a meeting.
func (d *desk) circle(people []attrove.Attendee) circle {
	var all, theirs []attrove.Attendee
	for _, p := range people {
		if d.mine(p.Email) || p.Email == "" && p.Name == "" {
			continue
		}
		all = append(all, p)
		if p.Email != "" && d.me.Email != "" && domain(p.Email) != domain(attrove.ForeignText(d.me.Email)) {
			theirs = append(theirs, p)
		}
	}
	if len(theirs) > 0 {
		return circle{people: theirs[:min(len(theirs), maxPeople)], theirs: true}
	}
	return circle{people: all[:min(len(all), maxPeople)]}
}

func domain(address attrove.ForeignText) string {
	_, after, _ := strings.Cut(strings.ToLower(string(address)), "@")
	return after
}

// names are what a question calls them by; at most three.
func (c circle) names() string {
	if c.called != "" {
		return c.called
	}
	var names []string
	for _, p := range c.people {
		if name := oneLine(first(p.Name, p.Email)); len(names) < 3 && len(name) <= maxTitle {
			names = append(names, name)
		}
	}
	return strings.Join(names, " and ")
}

// given is what was promised between the user's side and a circle.
type given struct {
	circle       circle
	ours, theirs *answer[attrove.QueryOut] // nil when it was not asked
}

// promisesWith asks for the promises both ways. Colleagues are on one side.
func promisesWith(d *desk, c circle) given {
	g := given{circle: c}
	names := c.names()
	if names == "" {
		return g
	}
	g.ours = query(d, "What did we promise "+names+"?", "what you promised them")
	if c.theirs {
		g.theirs = query(d, "What did "+names+" promise us?", "what they promised you")
	}
	return g
}

// add adds the sections about promises.
func (g given) add(t *brief) {
	name := "Promises around them, on your side"
	if g.theirs != nil {
		name = "What we promised them"
	}
	if g.ours != nil {
		know(t.d, g.ours)
		t.quote(name, g.ours, "No promise was found.")
	}
	if g.theirs != nil {
		t.quote("What they promised us", g.theirs, "No promise was found.")
	}
}

// met reports whether one of them was at a meeting.
func (c circle) met(m attrove.Meeting) bool {
	return slices.ContainsFunc(m.Attendees, func(there attrove.Attendee) bool {
		return slices.ContainsFunc(c.people, func(p attrove.Attendee) bool { return same(p, there) })
	})
}

func same(a, b attrove.Attendee) bool {
	if a.Email != "" && b.Email != "" {
		return strings.EqualFold(string(a.Email), string(b.Email))
	}
	return a.Name != "" && strings.EqualFold(string(a.Name), string(b.Name))
}

// mail asks for what they wrote lately: those from outside by their domains, so
// that colleagues of theirs count, others one by one.
func (c circle) mail(d *desk) []*answer[attrove.Page[attrove.Message]] {
	q := question{what: "their latest messages", tool: "attrove_messages"}
	in := attrove.MessagesIn{StartDate: d.day(-mailAgo), EndDate: d.day(0), Expand: []attrove.MessageExpand{"body_text"}, Cut: attrove.Cut{Limit: 40}}
	var domains []string
	var asked []*answer[attrove.Page[attrove.Message]]
	for _, p := range c.people {
		switch at := domain(p.Email); {
		case at == "" || slices.Contains(domains, at):
		case c.theirs:
			domains = append(domains, at)
		case len(asked) < 3:
			one := in
			one.SenderEmail, one.Limit = string(p.Email), 10
			asked = append(asked, ask(d, q, attrove.ListMessages, one))
		}
	}
	if len(domains) > 0 {
		in.SenderDomains = domains
		asked = append(asked, ask(d, q, attrove.ListMessages, in))
	}
	return asked
}

func allOK[Out any](answers []*answer[Out]) bool {
	return !slices.ContainsFunc(answers, func(a *answer[Out]) bool { return !a.ok() })
}

// messagesOf are the messages of several answers.
func messagesOf(answers []*answer[attrove.Page[attrove.Message]]) []attrove.Message {
	var all []attrove.Message
	for _, a := range answers {
		all = append(all, a.Value.Data...)
	}
	return all
}

// contacts asks for the ids that goals watch them by.
func (c circle) contacts(d *desk) []*answer[attrove.Page[attrove.Entity]] {
	var asked []*answer[attrove.Page[attrove.Entity]]
	for _, p := range c.people {
		if p.Email != "" {
			asked = append(asked, ask(d, question{what: "who somebody is in the contacts", tool: "attrove_entities"}, attrove.ListEntities,
				attrove.EntitiesIn{Query: string(p.Email), Cut: attrove.Cut{Limit: 5}}))
		}
	}
	return asked
}

// touches reports whether a goal is about them or about the meeting: it watches
// one of them, or for a word that the meeting or their names and addresses have.
func (c circle) touches(g attrove.Goal, e attrove.Event, contacts []*answer[attrove.Page[attrove.Entity]]) bool {
	for _, found := range contacts {
		for _, one := range found.Value.Data {
			if slices.Contains(g.WatchScope.EntityIDs, one.ID) {
				return true
			}
		}
	}
	text := strings.ToLower(string(e.Title+" "+e.Description) + mentions(c.people))
	return slices.ContainsFunc(g.WatchScope.Keywords, func(word string) bool {
		return len(word) >= 4 && strings.Contains(text, strings.ToLower(word))
	})
}

// mentions are the names and addresses of people in one text.
func mentions(people []attrove.Attendee) string {
	var b strings.Builder
	for _, p := range people {
		b.WriteString(" " + string(p.Name) + " " + string(p.Email))
	}
	return b.String()
}
