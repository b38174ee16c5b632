package speech

import (
	"cmp"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Source is where a statement comes from.
type Source struct {
	Kind    store.Kind
	ID      string
	Title   string
	Snippet string // the words that are used of it
}

// Statement is one sentence that somebody wrote or said.
type Statement struct {
	Source  Source
	At      time.Time
	Guessed bool // nobody knows if it was then
	Author  store.Person
	Text    string
	Before  string // the sentence before it, of the same writer
	After   string // and the one after it
	Context string // what else says what it is about: its subject, its thread's people
	Signal  Signal
	Thread  string // or the meeting's id: what answers it would be there
	Order   int    // its place in the source
	Mine    bool   // the user wrote it
	Machine bool   // a program wrote it
	ToMe    bool   // it speaks to the user
	ByName  bool   // and calls them by name
}

// FromMessage reads the sentences of a message that its sender wrote.
func (r Reader) FromMessage(me Self, m store.Message) []Statement {
	sender := m.Sender()
	title := m.Subject
	if title == "" && m.Source != "email" { // of mail the conversation is only a list or a folder
		title = m.Conversation
	}
	base := Statement{
		Source: Source{Kind: store.KindMessage, ID: m.ID, Title: title}, At: m.SentAt, Author: sender,
		Thread: m.ThreadID, Mine: me.Is(sender), Machine: Machine(m), Context: title + " " + m.Conversation,
	}
	direct, others := false, map[string]bool{}
	for _, to := range m.Recipients {
		direct = direct || me.Is(to)
		if first, _, _ := strings.Cut(strings.ToLower(to.Name), " "); first != "" && first != me.FirstName {
			others[first] = true
		}
	}
	base.Context += " " + NamesOf(append([]store.Person{sender}, m.Recipients...))
	if len(m.BodyText) <= shortMessage {
		base.Context += " " + m.BodyText
	}
	var out []Statement
	mentions := m.Mentions()
	spokenTo := 0 // by name, at the beginning: 0 nobody, 1 the user, -1 somebody else
	for i, s := range prose.Sentences(m.BodyText) {
		if who := named(Addressed(s.Text), me, others); who != 0 && (i == 0 || spokenTo == 0 || strings.Contains(s.Text, "?")) {
			spokenTo = who
		}
		if !speaks(s.Text) {
			continue
		}
		st := base
		st.Text, st.Order, st.Signal = unlisted(s.Text), i, r.Read(s.Text)
		if n := len(out) - 1; n >= 0 {
			st.Before, out[n].After = out[n].Text, st.Text
		}
		st.ByName = !st.Mine && (spokenTo > 0 || me.calledIn(s.Text, spokenTo) || me.mentionedIn(s.Text, mentions))
		st.ToMe = st.ByName || !st.Mine && direct && spokenTo == 0 && len(m.Recipients) <= 3
		out = append(out, st)
	}
	return out
}

// shortMessage is how long a message may be, in bytes, that is about one thing.
const shortMessage = 400

// unlisted takes the mark of a list off its item.
func unlisted(text string) string {
	mark, rest, ok := strings.Cut(text, " ")
	if ok && len(mark) <= 3 && strings.Trim(mark, "-*•–+0123456789.)(") == "" && strings.Trim(mark, "0123456789") != "" { // "24 months" is none
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
	return strings.HasSuffix(text, "?") || hour.MatchString(text) && len(strings.Fields(text)) >= 3
}

// hour is in the line of an announcement that says when: "Thu 28 May, 14:30 - 15:30 UTC".
var hour = regexp.MustCompile(`(?:^|[^\d:])\d{1,2}:\d\d(?:[^\d:]|$)`)

// named tells whether names are the user's, or somebody else's who reads along.
func named(names []string, me Self, others map[string]bool) int {
	who := 0
	for _, n := range names {
		if n == me.FirstName {
			return 1
		}
		if others[n] {
			who = -1
		}
	}
	return who
}

// calledIn reports whether a sentence has the user's name. What is theirs speaks to
// them, too, unless somebody else is spoken to.
func (s Self) calledIn(text string, spokenTo int) bool {
	if s.FirstName == "" {
		return false
	}
	text = Plain(text)
	return HasAny(text, s.FirstName) || spokenTo == 0 && HasAny(text, s.FirstName+"'s")
}

// NamesOf are the names and addresses of people, as text.
func NamesOf(people []store.Person) string {
	var b strings.Builder
	for _, p := range people {
		b.WriteString(p.Name + " " + p.Email + " ")
	}
	return b.String()
}

// FromMeeting reads what was said in a meeting, or of it.
func (r Reader) FromMeeting(me Self, m store.Meeting) []Statement {
	base := Statement{
		Source: Source{Kind: store.KindMeeting, ID: m.ID, Title: m.Title}, At: m.StartAt, Guessed: m.Guessed(), Thread: m.ID,
		Context: m.Title + " " + NamesOf(m.Attendees),
	}
	var out []Statement
	add := func(author store.Person, text string) {
		st := base
		st.Author, st.Text, st.Order, st.Signal = author, unlisted(text), len(out), r.Read(text)
		if n := len(out) - 1; n >= 0 && out[n].Author == author {
			st.Before, out[n].After = out[n].Text, st.Text
		}
		st.Mine = me.spoke(author, m)
		out = append(out, st)
	}
	for _, s := range prose.Sentences(cmp.Or(m.Summary, m.ShortSummary)) {
		add(store.Person{}, s.Text)
	}
	for _, turn := range prose.Turns(m.Transcript) {
		words, written := Chat(turn.Text)
		if _, _, ok := Reaction(words); written && ok {
			continue
		}
		for _, s := range prose.Sentences(words) {
			if !speaks(s.Text) {
				continue
			}
			add(speaker(turn.Speaker, m.Attendees), s.Text)
		}
	}
	return out
}

// FromActionItems reads what was agreed in a meeting: each item is a promise of
// whoever it is assigned to.
func (r Reader) FromActionItems(me Self, m store.Meeting) []Statement {
	var out []Statement
	for i, item := range m.ActionItems {
		author := speaker(item.Assignee, m.Attendees)
		out = append(out, Statement{
			Source: Source{Kind: store.KindMeeting, ID: m.ID, Title: m.Title}, At: m.StartAt, Guessed: m.Guessed(), Thread: m.ID, Order: i,
			Author: author, Text: item.Description, Context: m.Title + " " + NamesOf(m.Attendees), Signal: r.Read(item.Description)&^Ask | Promise,
			Mine: me.spoke(author, m),
		})
	}
	return out
}

// nameAmong is the name under which the user is among people, empty when not.
func (s Self) nameAmong(attendees []store.Person) string {
	for _, p := range attendees {
		if s.Is(p) {
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

// FromNote reads the sentences of a note, which are the user's own.
func (r Reader) FromNote(n store.Note) []Statement {
	var out []Statement
	for i, s := range prose.Sentences(n.Body) {
		out = append(out, Statement{
			Source: Source{Kind: store.KindNote, ID: n.ID, Title: cmp.Or(n.Title, "Note")}, At: n.CreatedAt, Guessed: n.Guessed(), Text: s.Text,
			Context: n.Title, Signal: r.Read(s.Text), Thread: n.ID, Order: i, Mine: true,
		})
	}
	return out
}

// FromEvent makes a statement of an event, so that search can find it.
func FromEvent(e store.Event) Statement {
	return Statement{
		Source: Source{Kind: store.KindEvent, ID: e.ID, Title: e.Title, Snippet: e.Title}, At: e.StartAt, Text: e.Title, Thread: e.ID,
		Context: NamesOf(e.Attendees) + " " + e.Location + " " + e.Description,
	}
}
