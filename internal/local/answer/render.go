package answer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/speech"
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
	source speech.Source
}

// line is a line of an answer: a sentence, and perhaps another on the same thing.
type line []sentence

func (l line) String() string {
	var parts []string
	for _, s := range l {
		parts = append(parts, s.text+" ["+s.source.ID+"]")
	}
	return strings.Join(parts, " ")
}

// led puts words before a line.
func (l line) led(by string) line {
	l[0].text = by + l[0].text
	return l
}

// draft is the body of an answer, with what it rests on; empty where there is none.
type draft struct {
	text    string
	sources []speech.Source // as they are cited, some more than once
	by      string          // the language model that wrote it; "" for quotations
}

// quoted is a draft of lines, which quote.
func quoted(lines []line) draft {
	var d draft
	for _, l := range lines {
		d.text += "- " + l.String() + "\n"
		for _, s := range l {
			d.sources = append(d.sources, s.source)
		}
	}
	return d
}

// then puts another draft below.
func (d draft) then(below draft) draft {
	return draft{text: d.text + below.text, sources: slices.Concat(d.sources, below.sources), by: d.by}
}

// compose makes the answer of a draft.
func compose(q question, in attrove.QueryIn, d draft) attrove.QueryOut {
	out := attrove.QueryOut{
		PhrasedBy: d.by,
		History:   append([]attrove.Turn{}, in.History...), UsedMessageIDs: []string{}, UsedMeetingIDs: []string{},
		UsedEventIDs: []string{}, UsedNoteIDs: []string{},
	}
	seen := map[string]bool{}
	for _, s := range d.sources {
		if seen[s.ID] {
			continue
		}
		seen[s.ID] = true
		use(&out, s)
		if in.IncludeSources {
			out.Sources = append(out.Sources, attrove.QuerySource{Title: attrove.ForeignText(s.Title), Snippet: attrove.ForeignText(s.Snippet)})
		}
	}
	if d.text != "" {
		out.Answer = attrove.ForeignText(header(q) + strings.TrimSuffix(d.text, "\n"))
	}
	out.History = append(out.History, attrove.Turn{Role: roleUser, Content: attrove.ForeignText(q.asked)},
		attrove.Turn{Role: roleAssistant, Content: out.Answer})
	return out
}

func use(out *attrove.QueryOut, s speech.Source) {
	switch s.Kind {
	case store.KindMessage:
		out.UsedMessageIDs = append(out.UsedMessageIDs, s.ID)
	case store.KindMeeting:
		out.UsedMeetingIDs = append(out.UsedMeetingIDs, s.ID)
	case store.KindEvent:
		out.UsedEventIDs = append(out.UsedEventIDs, s.ID)
	case store.KindNote:
		out.UsedNoteIDs = append(out.UsedNoteIDs, s.ID)
	}
}

// ofPeriod leads to a period that says as much without it: "for tomorrow's".
var ofPeriod = regexp.MustCompile(`(?i)^(?:on|in|for|of|over|during|throughout)\s+(?:the\s+)?`)

// header says which period was understood.
func header(q question) string {
	p := q.period
	if p.Phrase == "" {
		return ""
	}
	phrase := strings.TrimSuffix(strings.TrimSuffix(ofPeriod.ReplaceAllString(p.Phrase, ""), "'s"), "’s")
	phrase = strings.ToUpper(phrase[:1]) + phrase[1:]
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
func (q question) on(t time.Time) string { return speech.On(t, q.now) }

// clock writes a time of day.
func (q question) clock(t time.Time) string { return t.In(q.now.Location()).Format("15:04") }

// quote is a statement as a line.
func (q question) quote(s speech.Statement) line { return line{{s.Quote(q.now), s.Cited()}} }
