package digest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// meeting reads a transcript: what was said, and what was written beside it. What
// one speaker says over several lines is one turn.
func (r Reader) meeting(me speech.Self, m store.Meeting) []talk {
	said, chatted := talk{medium: spoken}, talk{medium: channel}
	said.names = map[string]string{}
	m.Summary, m.ShortSummary = "", ""
	for i, turn := range turns(m.Transcript) {
		t := &said
		words, written := speech.Chat(turn.Text)
		if to, sign, ok := speech.Reaction(words); written && ok {
			chatted.second(turn.Speaker, to, sign)
			continue
		}
		if written {
			t = &chatted
		} else {
			words = unhesitating(words)
		}
		m.Transcript = turn.Speaker + ": " + words
		if turn.Speaker == "" {
			m.Transcript = words
		}
		u := utterance{author: store.Person{Name: turn.Speaker}, at: m.StartAt, words: speech.Plain(words), foreign: !prose.English(words)}
		for _, s := range r.signals.FromMeeting(me, m) {
			s.Order += turnOrder * i
			if !written {
				s.Text = tidy(s.Text)
			}
			u.author = s.Author
			u.said = append(u.said, s)
		}
		t.said = append(t.said, u)
		note(said.names, u.author)
	}
	for _, p := range m.Attendees {
		note(said.names, p)
	}
	chatted.names = said.names
	all := []talk{said, chatted}
	return slices.DeleteFunc(all, func(t talk) bool { return len(t.said) == 0 })
}

// turnOrder is how far apart the sentences of two turns are in order: no turn has
// so many.
const turnOrder = 1000

// second notes who put a sign to what was written last of what begins so, if the
// sign is one of assent.
func (t *talk) second(who, beginning, sign string) {
	if !strings.ContainsAny(sign, "👍➕💯✅✔👌") {
		return
	}
	beginning = strings.TrimRight(speech.Plain(strings.TrimRight(strings.Trim(beginning, `"`), ".…")), " ")
	for i := range slices.Backward(t.said) {
		u := &t.said[i]
		if u.author.Name == who || !strings.HasPrefix(u.words, beginning) {
			continue
		}
		if u.seconds == nil {
			u.seconds = map[string]bool{}
		}
		u.seconds[who] = true
		return
	}
}

func turns(transcript string) []prose.Turn {
	var out []prose.Turn
	last := -1 // what is said goes on below a line of the chat
	for _, turn := range prose.Turns(transcript) {
		if who, words, ok := strings.Cut(turn.Text, ": "+speech.ChatMark); ok && turn.Speaker == "" { // a name like "Bob of crane.example"
			turn.Speaker, turn.Text = who, speech.ChatMark+words
		}
		switch {
		case strings.HasPrefix(turn.Text, speech.ChatMark):
			out = append(out, turn)
		case last >= 0 && out[last].Speaker == turn.Speaker:
			out[last].Text += " " + turn.Text
		default:
			last = len(out)
			out = append(out, turn)
		}
	}
	return out
}

var (
	markup     = regexp.MustCompile(`\{[a-z]+\}|\[[a-z ]+\]|<[a-z]+>`) // {disfmarker}, [laughter]
	hesitation = regexp.MustCompile(`(?i)(^|[\s,])(?:(?:u[hm]+|uhm|e[rm]|mm+|hmm+|you know|i mean)\b[,.…]*` +
		`|(?:like|yeah|kind of|sort of),)`)
	opening = regexp.MustCompile(`^(?i)(so|yeah|yes|yep|okay|ok|well|right|and|but|alright|all right|also|then|like|now` +
		`|cool|great|anyway|basically|actually|obviously|sure)\b[,.]+\s*`)
)

// pause is where somebody stops before a verb, which a recorder takes for the end
// of a sentence: "We are going to… Send it".
var pause = regexp.MustCompile(`\b(?:to|will|would|can|should|gonna|also|just)… +\p{Lu}\p{Ll}+ `)

// unhesitating takes out of speech what nobody writes down: sounds, and words that
// are said twice.
func unhesitating(text string) string {
	text = markup.ReplaceAllString(text, " ")
	text = pause.ReplaceAllStringFunc(text, func(found string) string {
		before, after, _ := strings.Cut(found, "…")
		return before + strings.ToLower(after)
	})
	text = hesitation.ReplaceAllString(text, "$1")
	var out []string
	for _, word := range strings.Fields(text) {
		out = append(out, word)
		for _, n := range []int{1, 2, 3} { // "the… the", "it's not, it's not"
			if len(out) >= 2*n && same(out[len(out)-n:], out[len(out)-2*n:len(out)-n]) {
				out = append(out[:len(out)-2*n], out[len(out)-n:]...)
			}
		}
	}
	return strings.Join(out, " ")
}

// same reports whether words are those said before them, whatever stands between.
func same(again, before []string) bool {
	for i := range again {
		said := strings.TrimRight(before[i], ",….-")
		if said == "" || !strings.EqualFold(said, strings.TrimRight(again[i], ",….-")) || i == len(again)-1 && strings.ContainsAny(before[i], ".?!") {
			return false
		}
	}
	return true
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
