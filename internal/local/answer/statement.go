package answer

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// source is where a sentence of an answer comes from.
type source struct {
	kind    store.Kind
	id      string
	title   string
	snippet string
}

// statement is one sentence that somebody wrote or said.
type statement struct {
	source  source
	at      time.Time
	author  store.Person
	text    string
	before  string // the sentence before it, of the same writer
	after   string // and the one after it
	context string // what else says what it is about: its subject, its thread's people
	signal  signal
	thread  string // or the meeting's id: what answers it would be there
	order   int    // its place in the source
	mine    bool   // the user wrote it
	machine bool   // a program wrote it
	toMe    bool   // it speaks to the user
	byName  bool   // and calls them by name
}

// fromMessage reads the sentences of a message that its sender wrote.
func (a *Answerer) fromMessage(me self, m store.Message) []statement {
	sender := store.Person{Email: m.SenderEmail, Name: m.SenderName}
	title := m.Subject
	if title == "" && m.Source != "email" { // of mail the conversation is only a list or a folder
		title = m.Conversation
	}
	base := statement{
		source: source{kind: store.KindMessage, id: m.ID, title: title}, at: m.SentAt, author: sender,
		thread: m.ThreadID, mine: me.is(sender), machine: machine(m), context: title + " " + m.Conversation,
	}
	direct, others := false, map[string]bool{}
	for _, r := range m.Recipients {
		direct = direct || me.is(r)
		if first, _, _ := strings.Cut(strings.ToLower(r.Name), " "); first != "" && first != me.firstName {
			others[first] = true
		}
	}
	base.context += " " + personText(append([]store.Person{sender}, m.Recipients...))
	if len(m.BodyText) <= shortMessage {
		base.context += " " + m.BodyText
	}
	var out []statement
	spokenTo := 0 // by name, at the beginning: 0 nobody, 1 the user, -1 somebody else
	for i, s := range prose.Sentences(m.BodyText) {
		if who := named(addressed(s.Text), me, others); who != 0 && (i == 0 || spokenTo == 0 || strings.Contains(s.Text, "?")) {
			spokenTo = who
		}
		if !speaks(s.Text) {
			continue
		}
		st := base
		st.text, st.order, st.signal = unlisted(s.Text), i, a.signals.read(s.Text)
		if n := len(out) - 1; n >= 0 {
			st.before, out[n].after = out[n].text, st.text
		}
		st.byName = !st.mine && (mentions(s.Text, me.firstName) || spokenTo > 0)
		st.toMe = st.byName || !st.mine && direct && spokenTo == 0 && len(m.Recipients) <= 3
		out = append(out, st)
	}
	return out
}

// shortMessage is how long a message may be, in bytes, that is about one thing.
const shortMessage = 400

// unlisted takes the mark of a list off its item.
func unlisted(text string) string {
	mark, rest, ok := strings.Cut(text, " ")
	if ok && len(mark) <= 3 && strings.Trim(mark, "-*•–+0123456789.)(") == "" {
		return rest
	}
	return text
}

// speaks reports whether a sentence is one, and not a name, a heading or a row
// of a table: in scripts that have capitals, two words without one.
func speaks(text string) bool {
	small := 0
	for _, w := range strings.Fields(text) {
		if first, _ := utf8.DecodeRuneInString(strings.Trim(w, "\"'(“„«")); unicode.IsLetter(first) && !unicode.IsUpper(first) {
			if small++; small == 2 || !unicode.IsLower(first) {
				return true
			}
		}
	}
	return strings.HasSuffix(text, "?")
}

// named tells whether names are the user's, or somebody else's who reads along.
func named(names []string, me self, others map[string]bool) int {
	who := 0
	for _, n := range names {
		if n == me.firstName {
			return 1
		}
		if others[n] {
			who = -1
		}
	}
	return who
}

func mentions(text, firstName string) bool {
	return firstName != "" && (strings.Contains(plain(text), " "+firstName+" ") || strings.Contains(plain(text), " "+firstName+"'s "))
}

func personText(people []store.Person) string {
	var b strings.Builder
	for _, p := range people {
		b.WriteString(p.Name + " " + p.Email + " ")
	}
	return b.String()
}

// fromMeeting reads what was said in a meeting, or of it.
func (a *Answerer) fromMeeting(me self, m store.Meeting) []statement {
	base := statement{
		source: source{kind: store.KindMeeting, id: m.ID, title: m.Title}, at: m.StartAt, thread: m.ID,
		context: m.Title + " " + personText(m.Attendees),
	}
	var out []statement
	add := func(author store.Person, text string) {
		st := base
		st.author, st.text, st.order, st.signal = author, unlisted(text), len(out), a.signals.read(text)
		if n := len(out) - 1; n >= 0 && out[n].author == author {
			st.before, out[n].after = out[n].text, st.text
		}
		st.mine = me.is(author) || author.Name != "" && strings.EqualFold(author.Name, myName(me, m.Attendees))
		out = append(out, st)
	}
	for _, s := range prose.Sentences(firstOf(m.Summary, m.ShortSummary)) {
		add(store.Person{}, s.Text)
	}
	for _, turn := range prose.Turns(m.Transcript) {
		for _, s := range prose.Sentences(turn.Text) {
			if !speaks(s.Text) {
				continue
			}
			add(speaker(turn.Speaker, m.Attendees), s.Text)
		}
	}
	return out
}

// myName is the name under which the user attended.
func myName(me self, attendees []store.Person) string {
	for _, p := range attendees {
		if me.is(p) {
			return p.Name
		}
	}
	return ""
}

// speaker finds the attendee of a speaker's name.
func speaker(name string, attendees []store.Person) store.Person {
	for _, p := range attendees {
		if name != "" && strings.EqualFold(p.Name, name) {
			return p
		}
	}
	return store.Person{Name: name}
}

// fromNote reads the sentences of a note, which are the user's own.
func (a *Answerer) fromNote(n store.Note) []statement {
	var out []statement
	for i, s := range prose.Sentences(n.Body) {
		out = append(out, statement{
			source: source{kind: store.KindNote, id: n.ID, title: firstOf(n.Title, "Note")}, at: n.CreatedAt, text: s.Text,
			context: n.Title, signal: a.signals.read(s.Text), thread: n.ID, order: i, mine: true,
		})
	}
	return out
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// maxMessages bounds how many messages are read for one answer.
const maxMessages = 1500

// messages loads those of a period, oldest first.
func (a *Answerer) messages(ctx context.Context, q question, from, to time.Time) ([]store.Message, error) {
	all, err := a.store.Messages(ctx, q.user.ID, store.MessageFilter{From: from, To: to, Limit: maxMessages})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(m store.Message) bool { return !q.wants(m.IntegrationID) })
	slices.Reverse(all)
	return all, nil
}

// meetings loads those that began in a period, newest first.
func (a *Answerer) meetings(ctx context.Context, q question, from, to time.Time, limit int) ([]store.Meeting, error) {
	all, err := a.store.Meetings(ctx, q.user.ID, store.MeetingFilter{From: from, To: to, Limit: limit})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(m store.Meeting) bool { return !q.wants(m.IntegrationID) }), nil
}
