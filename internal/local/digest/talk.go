package digest

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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
	words   string // all of it, plain
	quotes  string // what a message quotes, plain
	machine bool
}

// medium is how people talk, which tells what counts as an answer.
type medium int

const (
	mail    medium = iota
	chat           // replies stand in their thread
	channel        // replies stand anywhere below
	spoken
)

// talk is what people said to each other, oldest first: a thread, what stands in
// a channel outside of threads, or a meeting.
type talk struct {
	medium medium
	said   []utterance
	names  map[string]string // first names, lower case, and whose they are; "" for several
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
		author: speech.Sender(m), at: m.SentAt, to: m.Recipients, said: r.signals.FromMessage(me, m),
		words: speech.Plain(m.BodyText), quotes: speech.Plain(unmarked(m.QuotedText)), machine: speech.Machine(m),
	}
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

// meeting reads a transcript. What one speaker says over several lines is one
// turn.
func (r Reader) meeting(me speech.Self, m store.Meeting) talk {
	t := talk{medium: spoken}
	m.Summary, m.ShortSummary = "", ""
	for _, turn := range turns(m.Transcript) {
		words := unhesitating(turn.Text)
		m.Transcript = turn.Speaker + ": " + words
		if turn.Speaker == "" {
			m.Transcript = words
		}
		u := utterance{author: store.Person{Name: turn.Speaker}, at: m.StartAt, words: speech.Plain(words)}
		for _, s := range r.signals.FromMeeting(me, m) {
			s.Order += 1000 * len(t.said) // no turn has so many sentences
			s.Text = tidy(s.Text)
			u.author = s.Author
			u.said = append(u.said, s)
		}
		t.said = append(t.said, u)
	}
	t.names = firstNames(t.said)
	for _, p := range m.Attendees {
		note(t.names, p)
	}
	return t
}

func turns(transcript string) []prose.Turn {
	var out []prose.Turn
	for _, turn := range prose.Turns(transcript) {
		if n := len(out) - 1; n >= 0 && out[n].Speaker == turn.Speaker {
			out[n].Text += " " + turn.Text
			continue
		}
		out = append(out, turn)
	}
	return out
}

var (
	markup     = regexp.MustCompile(`\{[a-z]+\}|\[[a-z ]+\]|<[a-z]+>`) // {disfmarker}, [laughter]
	hesitation = regexp.MustCompile(`(?i)(^|[\s,])(u[hm]+|uhm|e[rm]|mm+|hmm+|you know|i mean)\b[,.…]*`)
	again      = regexp.MustCompile(`(?i)\b(i|we|the|to|and|so|it|that)(,? \b(?:i|we|the|to|and|so|it|that)\b)+`)
	opening    = regexp.MustCompile(`^(?i)(so|yeah|yes|yep|okay|ok|well|right|and|but|alright|all right|also|then|like|now|cool|great)\b[,.]+\s*`)
)

// unhesitating takes out of speech what nobody writes down.
func unhesitating(text string) string {
	text = markup.ReplaceAllString(text, " ")
	text = hesitation.ReplaceAllString(text, "$1")
	text = again.ReplaceAllStringFunc(text, func(said string) string {
		words := strings.Fields(strings.ReplaceAll(said, ",", ""))
		return strings.Join(slices.CompactFunc(words, strings.EqualFold), " ")
	})
	return strings.Join(strings.Fields(text), " ")
}

// tidy makes a spoken sentence one to read: without its run-up, with a capital.
func tidy(text string) string {
	for {
		rest := opening.ReplaceAllString(text, "")
		if rest == text || rest == "" {
			break
		}
		text = rest
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, " ,", ","), ",,", ",")
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

var quotation = regexp.MustCompile(`"[^"]{3,}("|$)|“[^”]{3,}(”|$)`)

// own is a sentence, plain, without what it quotes of others.
func own(text string) string { return speech.Plain(quotation.ReplaceAllString(text, " … ")) }

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
	first, _, _ := strings.Cut(strings.ToLower(p.Name), " ")
	if first == "" {
		return
	}
	if known, ok := names[first]; ok && !strings.EqualFold(known, p.Name) {
		names[first] = ""
		return
	}
	names[first] = p.Name
}

// name is what a person is called, or "" for nobody known.
func name(p store.Person) string { return cmp.Or(p.Name, p.Email) }

// named is the name of whom a word calls: the full one if one person has it.
func (t talk) named(word string) (string, bool) {
	full, ok := t.names[strings.ToLower(word)]
	if !ok {
		return "", false
	}
	if full == "" {
		return word, true
	}
	return full, true
}
