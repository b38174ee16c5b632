package digest

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// utterance is what one person says at a stretch: a message, or a turn of a
// meeting.
type utterance struct {
	author  store.Person
	at      time.Time
	to      []store.Person
	said    []speech.Statement
	words   string          // all of it, plain
	quotes  string          // what a message quotes, plain
	marks   []mark          // of what was written, by the order of the sentence
	seconds map[string]bool // who put a sign of assent to it
	machine bool
	foreign bool // it is not in English, which the phrases are
}

// medium is how people talk, which tells what counts as an answer.
type medium int

const (
	mail    medium = iota
	chat           // replies stand in their thread
	channel        // replies stand anywhere below
	spoken
	minuted // what was said, as somebody wrote it down
)

// talk is what people said to each other, oldest first: a thread, what stands in
// a channel outside of threads, or a meeting.
type talk struct {
	medium medium
	said   []utterance
	names  map[string]string // first names in lower case, in minutes initials, and whose they are; "" for several
}

// talks parts messages by thread. In a channel most messages are threads of
// their own and answer each other all the same.
func (r Reader) talks(me speech.Self, messages []store.Message) []talk {
	size := map[string]int{}
	for _, m := range messages {
		size[m.ThreadID]++
	}
	at := map[string]int{}
	var all []talk
	for _, m := range once(messages) {
		key, how := m.ThreadID, chat
		switch {
		case m.Source == "email" || m.Subject != "":
			how = mail
		case size[m.ThreadID] == 1 && m.Conversation != "":
			key, how = m.ConversationID, channel
		}
		i, ok := at[key]
		if !ok {
			i = len(all)
			at[key] = i
			all = append(all, talk{medium: how})
		}
		all[i].said = append(all[i].said, r.message(me, m))
	}
	for i := range all {
		all[i].names = firstNames(all[i].said)
		if !slices.ContainsFunc(all[i].said, func(u utterance) bool { return !u.machine }) { // there is nothing else to tell of
			for j := range all[i].said {
				all[i].said[j].machine = false
			}
		}
	}
	return all
}

func (r Reader) message(me speech.Self, m store.Message) utterance {
	return utterance{
		author: m.Sender(), at: m.SentAt, to: m.Recipients, said: r.signals.FromMessage(me, m),
		words: speech.Plain(m.BodyText), quotes: speech.Plain(unmarked(m.QuotedText)), marks: layOut(m.BodyText).marks,
		machine: speech.Machine(m), foreign: !prose.English(m.BodyText),
	}
}

// mark is what the layout says of a statement.
func (u utterance) mark(s speech.Statement) mark {
	if s.Order < len(u.marks) {
		return u.marks[s.Order]
	}
	return mark{}
}

// Minuted reads what somebody wrote down of a meeting, without its marks: each sentence
// is by whom its line names, and of nobody where it names none.
func (r Reader) Minuted(n store.Note) []speech.Statement {
	var all []speech.Statement
	for _, u := range r.minutes(n).said {
		all = append(all, u.said...)
	}
	return all
}

// Present are those who were there, as somebody wrote who took notes of a meeting.
func Present(n store.Note) []store.Person { return layOut(n.Body).present }

// minutes reads what somebody wrote down of a meeting: each line is of whom it
// names.
func (r Reader) minutes(n store.Note) talk {
	t := talk{medium: minuted, names: map[string]string{}}
	lay := layOut(n.Body)
	for _, p := range lay.present {
		note(t.names, p)
		noteInitials(t.names, p)
	}
	line, foreign := -1, !prose.English(n.Body)
	for _, s := range r.signals.FromNote(n) {
		if s.Order >= len(lay.marks) {
			break
		}
		m := lay.marks[s.Order]
		if m.text == "" || strings.HasPrefix(m.text, "#") || strings.HasPrefix(m.text, "|") {
			continue
		}
		who := store.Person{}
		if full, ok := t.person(m.who.name); ok || m.who.sure {
			who.Name = full
		}
		s.Text, s.Author, s.Mine = m.text, who, false
		if m.who.name != "" && who.Name == "" { // no name, but a heading
			s.Text = m.who.name + ": " + m.text
		}
		if last := len(t.said) - 1; last < 0 || m.line != line || t.said[last].author != who {
			t.said = append(t.said, utterance{author: who, at: s.At, marks: lay.marks, foreign: foreign})
		}
		line = m.line
		u := &t.said[len(t.said)-1]
		if n := len(u.said) - 1; n >= 0 {
			s.Before, u.said[n].After = u.said[n].Text, s.Text
		}
		u.said = append(u.said, s)
		u.words += speech.Plain(s.Text)
	}
	return t
}

// unmarked takes the marks of quoting off the lines of a text.
func unmarked(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimLeft(line, "> \t")
	}
	return strings.Join(lines, " ")
}

// once keeps only the last of what a program sent again and again, and of what
// anybody sent several times: a reminder is one thing, however often it comes.
func once(messages []store.Message) []store.Message {
	last := map[string]int{}
	for i, m := range messages {
		last[sameness(m)] = i
	}
	var kept []store.Message
	for i, m := range messages {
		if last[sameness(m)] == i {
			kept = append(kept, m)
		}
	}
	return kept
}

// sameness is equal for messages of which one is enough. Numbers make no
// difference: they count the days that a reminder waits. What is short, such as
// a yes, is always said anew.
func sameness(m store.Message) string {
	const short = 40 // bytes
	sender := m.SenderEmail + "\n" + m.SenderName + "\n"
	switch {
	case speech.Machine(m):
		return sender
	case len(m.BodyText) < short:
		return m.ID
	}
	return sender + m.ThreadID + "\n" + strings.Join(strings.FieldsFunc(speech.Plain(m.BodyText), func(r rune) bool { return !unicode.IsLetter(r) }), " ")
}

var quotation = regexp.MustCompile(`"[^"]{3,}("|$)|“[^”]{3,}(”|$)`)

// own is a sentence, plain, without what it quotes of others.
func own(text string) string {
	if strings.ContainsAny(text, `"“`) {
		text = quotation.ReplaceAllString(text, " … ")
	}
	return speech.Plain(text)
}

// firstNames maps the first names of those who speak or are spoken to.
func firstNames(said []utterance) map[string]string {
	names := map[string]string{}
	for _, u := range said {
		note(names, u.author)
		for _, p := range u.to {
			note(names, p)
		}
	}
	return names
}

func note(names map[string]string, p store.Person) {
	called := strings.ToLower(p.Name)
	if surname, given, ok := strings.Cut(called, ", "); ok { // "Ray, Bob"
		called = given + " " + surname
	}
	first, _, _ := strings.Cut(called, " ")
	if first == "" {
		return
	}
	if known, ok := names[first]; ok && !strings.EqualFold(known, p.Name) {
		names[first] = ""
		return
	}
	names[first] = p.Name
}

// noteInitials lets minutes call a person by the first letters of the name.
func noteInitials(names map[string]string, p store.Person) {
	short := initialsOf(p.Name)
	if len(short) < 2 {
		return
	}
	if known, ok := names[short]; ok && known != p.Name {
		names[short] = ""
		return
	}
	names[short] = p.Name
}

// name is what a person is called, or "" for nobody known.
func name(p store.Person) string { return cmp.Or(p.Name, p.Email) }
