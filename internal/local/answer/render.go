package answer

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// Roles in the history of a conversation (P-28).
const (
	roleUser      = "user"
	roleAssistant = "assistant"
)

// sentence is one sentence of an answer, with what it rests on.
type sentence struct {
	text   string
	source source
}

// line is a line of an answer: a sentence, and perhaps another on the same thing.
type line []sentence

func (l line) String() string {
	var parts []string
	for _, s := range l {
		parts = append(parts, s.text+" ["+s.source.id+"]")
	}
	return strings.Join(parts, " ")
}

// led puts words before a line.
func (l line) led(by string) line {
	l[0].text = by + l[0].text
	return l
}

// compose makes the answer of lines. Without lines there is none.
func compose(q question, in attrove.QueryIn, lines []line) attrove.QueryOut {
	out := attrove.QueryOut{
		History: append([]attrove.Turn{}, in.History...), UsedMessageIDs: []string{}, UsedMeetingIDs: []string{},
		UsedEventIDs: []string{}, UsedNoteIDs: []string{},
	}
	seen := map[string]bool{}
	var text strings.Builder
	for _, l := range lines {
		if text.Len() == 0 {
			text.WriteString(header(q))
		}
		text.WriteString("- " + l.String() + "\n")
		for _, s := range l {
			if seen[s.source.id] {
				continue
			}
			seen[s.source.id] = true
			use(&out, s.source)
			if in.IncludeSources {
				out.Sources = append(out.Sources, attrove.QuerySource{
					Title: attrove.ForeignText(s.source.title), Snippet: attrove.ForeignText(s.source.snippet),
				})
			}
		}
	}
	out.Answer = attrove.ForeignText(strings.TrimSuffix(text.String(), "\n"))
	out.History = append(out.History, attrove.Turn{Role: roleUser, Content: attrove.ForeignText(q.text)},
		attrove.Turn{Role: roleAssistant, Content: out.Answer})
	return out
}

func use(out *attrove.QueryOut, s source) {
	switch s.kind {
	case store.KindMessage:
		out.UsedMessageIDs = append(out.UsedMessageIDs, s.id)
	case store.KindMeeting:
		out.UsedMeetingIDs = append(out.UsedMeetingIDs, s.id)
	case store.KindEvent:
		out.UsedEventIDs = append(out.UsedEventIDs, s.id)
	case store.KindNote:
		out.UsedNoteIDs = append(out.UsedNoteIDs, s.id)
	}
}

// header says which period was understood.
func header(q question) string {
	p := q.period
	if p.Phrase == "" {
		return ""
	}
	phrase := strings.ToUpper(p.Phrase[:1]) + p.Phrase[1:]
	return fmt.Sprintf("%s (%s, %s):\n", phrase, span(p, q.now), q.now.Location())
}

// span writes a period with its last day, not with the day after it.
func span(p when.Period, now time.Time) string {
	day := func(t time.Time) string { return t.In(now.Location()).Format("Mon 2 Jan 2006") }
	last := p.To.Add(-time.Nanosecond)
	switch {
	case p.From.IsZero():
		return "until " + day(last)
	case p.To.IsZero():
		return "from " + day(p.From)
	case day(p.From) == day(last):
		return day(last)
	case p.From.Year() == last.Year():
		return p.From.In(now.Location()).Format("Mon 2 Jan") + " to " + day(last)
	}
	return day(p.From) + " to " + day(last)
}

// on names a day as near as it is.
func (q question) on(t time.Time) string {
	t = t.In(q.now.Location())
	form := "Mon 2 Jan"
	if t.Year() != q.now.Year() {
		form = "Mon 2 Jan 2006"
	}
	return t.Format(form)
}

// clock writes a time of day.
func (q question) clock(t time.Time) string { return t.In(q.now.Location()).Format("15:04") }

// by names the author of a statement from the user's side.
func by(s statement) string {
	if s.mine {
		return "You"
	}
	return call(s.author)
}

// quote is a statement as a sentence: who, when, where, and the words.
func (q question) quote(s statement) line {
	words := s.text
	switch short := len(prose.Terms(words)) < fewTerms; {
	case short && s.signal.has(ask) && s.after != "":
		words += " " + s.after
	case short && s.before != "":
		words = s.before + " " + words
	}
	words = quoted(words)
	var text string
	switch {
	case s.source.kind == store.KindEvent:
		text = fmt.Sprintf("Calendar, %s: %s", q.on(s.at), words)
	case s.source.kind == store.KindNote:
		text = fmt.Sprintf("Note of %s, %q: %s", q.on(s.at), s.source.title, words)
	case s.source.kind == store.KindMeeting && s.author.Name == "":
		text = fmt.Sprintf("%s of %s: %s", s.source.title, q.on(s.at), clip(s.text))
	default:
		text = fmt.Sprintf("%s %s on %s%s: %s", by(s), verb(s), q.on(s.at), in(s.source.title), words)
	}
	return line{{text, s.cited()}}
}

// fewTerms is how little a sentence says that needs its neighbour to be understood.
const fewTerms = 3

func verb(s statement) string {
	switch {
	case endsAsQuestion(s.text):
		return "asked"
	case s.source.kind == store.KindMeeting:
		return "said"
	}
	return "wrote"
}

// in names where something was said: a subject, a channel, a meeting.
func in(title string) string {
	for {
		rest := strings.TrimSpace(title)
		for _, prefix := range []string{"re:", "fw:", "fwd:", "aw:", "wg:"} {
			if len(rest) >= len(prefix) && strings.EqualFold(rest[:len(prefix)], prefix) {
				rest = rest[len(prefix):]
			}
		}
		if rest == title {
			break
		}
		title = rest
	}
	switch {
	case title == "":
		return ""
	case strings.HasPrefix(title, "#"):
		return " in " + title
	case strings.HasPrefix(title, "@"):
		return ""
	}
	return " in \"" + strings.ReplaceAll(clip(title), `"`, `'`) + `"`
}

func endsAsQuestion(text string) bool { return strings.HasSuffix(strings.TrimRight(text, `"' `), "?") }

// cited is the statement's source with the words that are used of it.
func (s statement) cited() source {
	src := s.source
	src.snippet = clip(s.text)
	return src
}

// quoted puts words between quotation marks, with an ellipsis where they only
// lead to a list: "you'll have a plan with".
func quoted(text string) string {
	text = strings.ReplaceAll(clip(text), `"`, `'`)
	last := text[strings.LastIndexByte(text, ' ')+1:]
	if strings.HasSuffix(text, ":") || strings.Contains(text, " ") && prose.IsStopWord(last) && strings.ToLower(last) == last {
		text += " …"
	}
	return `"` + text + `"`
}

// clip shortens a long sentence at a word.
func clip(text string) string {
	const most = 280
	if len(text) <= most {
		return text
	}
	end := most
	if space := strings.LastIndexByte(text[:most], ' '); space > most/2 {
		end = space
	}
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.TrimRight(text[:end], " ,;:") + "…"
}
