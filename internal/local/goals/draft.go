package goals

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Draft writes a follow-up mail for a goal: to whom the next word is due, about
// what is open, in the words of what was written. It sends nothing, and says
// nothing that no item says. Last is the goal's last snapshot, nil for none: what
// a human was shown is what the mail goes on from, where it is still open.
//
// The directive changes the form ("shorter", "formal", "friendly", "firm"), or
// names a point that the mail makes in the user's words ("mention the on-site
// days") or that the user is to write ("offer a call"). Any other is refused.
func (e *Evaluator) Draft(ctx context.Context, user store.User, g store.Goal, last *attrove.Snapshot, directive string, now time.Time) (attrove.FollowUp, error) {
	form, err := readDirective(directive)
	if err != nil {
		return attrove.FollowUp{}, err
	}
	c, err := e.study(ctx, user, g, now)
	if err != nil {
		return attrove.FollowUp{}, err
	}
	d := &drafter{writer: writer{study: c, cited: []attrove.EvidenceRef{}, known: map[string]bool{}}, form: form}
	d.pick(last)
	out := attrove.FollowUp{
		GoalID: g.ID, Subject: attrove.ForeignText(d.subject()), BodyText: attrove.ForeignText(d.body(user)), CitedEvidenceRefs: []attrove.EvidenceRef{},
	}
	if d.to.Email != "" {
		out.To = []attrove.ForeignText{attrove.ForeignText(d.to.Email)}
	}
	out.CitedEvidenceRefs = d.cited
	return out, nil
}

// drafter writes one mail.
type drafter struct {
	writer
	form form
	to   store.Person
	open *fact // what it is about; nil where only silence is
	on   int   // the entry whose thread it goes on; -1 for none
}

// pick chooses what the mail is about and to whom it goes. What the last snapshot
// named as the move comes first, if it is still open.
func (d *drafter) pick(last *attrove.Snapshot) {
	d.on = -1
	d.open = d.move.fact
	if last != nil && last.NextMove != nil {
		for i := range d.facts {
			if f := &d.facts[i]; f.open && f.owner() != nobody && strings.Contains(string(last.NextMove.Description), "["+f.Source.ID+"]") {
				d.open = f
			}
		}
	}
	switch {
	case d.open != nil:
		d.on = d.open.entry
	case d.silence.asked >= 0:
		d.on = d.silence.asked
	default:
		d.on = max(d.move.last, d.silence.heard)
	}
	if d.on >= 0 {
		d.to = d.counterpart(d.entries[d.on])
	}
}

// counterpart is whom an entry leaves the next word to: who wrote it or, of what
// we wrote, the first from outside whom it went to.
func (d *drafter) counterpart(e entry) store.Person {
	if e.side == them && e.author.Email != "" || !d.parties.two && !d.me.Is(e.author) && e.author.Email != "" {
		return e.author
	}
	for _, p := range e.people {
		if d.parties.of(p) == them {
			return d.named(p)
		}
	}
	for _, p := range e.people {
		if !d.me.Is(p) && p.Email != "" {
			return d.named(p)
		}
	}
	return store.Person{}
}

// named gives an address the name that its owner writes under.
func (d *drafter) named(p store.Person) store.Person {
	for _, e := range d.entries {
		if p.Name == "" && e.author.Email == p.Email {
			p.Name = e.author.Name
		}
	}
	return p
}

func (d *drafter) subject() string {
	title := d.goal.Title
	if d.on >= 0 && d.entries[d.on].message.Subject != "" {
		title = "Re: " + speech.Subject(d.entries[d.on].message.Subject)
	}
	return title
}

// body is the mail: a greeting, what is open and since when, one clear request.
func (d *drafter) body(user store.User) string {
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	add(d.greeting())
	if d.form.warm && !d.form.short {
		add("I hope you are well.")
	}
	add(d.matter())
	if !d.form.short {
		add(d.promised())
		add(d.until())
	}
	if len(d.form.points) > 0 {
		add(strings.Join(d.form.points, " "))
	}
	add(d.request())
	closing := "Best regards"
	switch {
	case d.form.formal:
		closing = "Yours sincerely"
	case d.form.warm:
		closing = "Warm regards"
	}
	name := strings.TrimSpace(user.FirstName + " " + user.LastName)
	add(strings.TrimSuffix(closing+",\n"+name, ",\n"))
	return strings.Join(parts, "\n\n")
}

func (d *drafter) greeting() string {
	first, _, _ := strings.Cut(d.to.Name, " ")
	switch {
	case first == "":
		return "Hello,"
	case d.form.formal:
		return "Dear " + d.to.Name + ","
	}
	return "Hi " + first + ","
}

// matter says what is open, in the words and with the day of who wrote it.
func (d *drafter) matter() string {
	f := d.open
	if f == nil {
		if d.on < 0 {
			return fmt.Sprintf("I am writing about %q.", d.goal.Title)
		}
		e := d.entries[d.on]
		d.citeEntry(d.on)
		who := "we last wrote"
		if e.side == them || d.parties.of(e.author) == nobody && !d.me.Is(e.author) {
			who = "your last message came"
		}
		return fmt.Sprintf("%s on %s, about %q.", capital(who), d.writer.on(e.ref.At), speech.Subject(e.title))
	}
	who, verb := d.writerOf(f), "wrote"
	if strings.EqualFold(f.Author.Email, d.to.Email) {
		who = "you"
	}
	if f.wants() && f.owner() == them {
		verb = "asked"
	}
	if f.owner() == us && !f.wants() && who != "you" {
		verb = "wrote to you"
	}
	text := fmt.Sprintf("On %s %s %s:%s", d.writer.on(f.At), who, verb, d.words(f))
	if !f.wants() || f.owner() == us {
		return text
	}
	if d.silence.asked >= 0 && d.silence.heard >= 0 && d.entries[d.silence.heard].author.Email == d.to.Email {
		d.citeEntry(d.silence.heard)
		text += fmt.Sprintf("\n\nI last heard from you on %s.", d.writer.on(d.entries[d.silence.heard].ref.At))
	}
	return text
}

// words are a fact's and, of a message with several questions, those too.
func (d *drafter) words(f *fact) string {
	d.quote(f)
	const most = 3
	var asked []string
	for i := range d.facts {
		other := &d.facts[i]
		if other.entry == f.entry && other.open && f.wants() && other.wants() && other.toward == f.toward && len(asked) < most {
			asked = append(asked, "\n- "+speech.Quoted(other.Text))
		}
	}
	if len(asked) < 2 || d.form.short {
		return " " + speech.Quoted(f.Text)
	}
	return strings.Join(asked, "")
}

// promised names what else one of the two has promised the other.
func (d *drafter) promised() string {
	f := d.firstOpen(func(f fact) bool {
		return f.Signal.Has(speech.Promise) && !f.wants() && slices.ContainsFunc(d.entries[f.entry].people, func(p store.Person) bool { return p.Email == d.to.Email })
	})
	if f == nil || f.entry == d.on || d.entries[f.entry].ref.Kind != store.KindMessage {
		return ""
	}
	d.quote(f)
	who := d.writerOf(f)
	if f.Author.Email == d.to.Email {
		who = "you"
	}
	return fmt.Sprintf("On %s %s promised: %s", d.writer.on(f.At), who, speech.Quoted(f.Text))
}

// writerOf names who of our side wrote a fact.
func (d *drafter) writerOf(f *fact) string {
	if f.Mine {
		return "I"
	}
	return speech.Call(f.Author)
}

// until names the deadline, where somebody wrote it to them or the goal has it.
func (d *drafter) until() string {
	if dl := d.deadline; dl.said != nil && !d.passed(dl.at) && d.entries[dl.said.entry].ref.Kind == store.KindMessage && d.theyKnow(dl.said) {
		d.quote(dl.said)
		return fmt.Sprintf("The date that matters is %s.", d.writer.on(dl.at))
	}
	return ""
}

// theyKnow reports whether they have read a fact: they wrote it, or it went to them.
func (d *drafter) theyKnow(f *fact) bool {
	return f.side == them || d.reachesThem(d.entries[f.entry])
}

// request is the one thing that the mail asks for, or gives.
func (d *drafter) request() string {
	f := d.open
	ask := "Could you let me know where this stands?"
	switch {
	case f == nil:
	case f.owner() == us && f.wants():
		ask = "[Your answer here.] Is there anything else that you need from us?"
	case f.owner() == us && strings.EqualFold(f.Author.Email, d.to.Email): // a colleague's promise
		ask = "When can I expect it?"
	case f.owner() == us:
		ask = "[What was promised, or when it comes.] Does that still work for you?"
	case f.Signal.Has(speech.Blocked):
		ask = "What is needed so that it can go on, and who can give it?"
	case !f.wants():
		ask = "When can I expect it?"
	case d.passed(f.due):
		ask = fmt.Sprintf("I had asked for an answer by %s. When can I expect it?", d.writer.on(f.due))
	default:
		ask = "Could you give me an answer?"
	}
	if d.form.firm && (f == nil || f.owner() != us) {
		ask += " This is important to us."
	}
	return ask
}
