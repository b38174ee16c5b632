package speech

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// On names a day as near as it is.
func On(t, now time.Time) string {
	t = t.In(now.Location())
	form := "Mon 2 Jan"
	if t.Year() != now.Year() {
		form = "Mon 2 Jan 2006"
	}
	return t.Format(form)
}

// by names the author of a statement from the user's side.
func by(s Statement) string {
	if s.Mine {
		return "You"
	}
	return Call(s.Author)
}

// Quote is a statement as a sentence: who, when, where, and the words.
func (s Statement) Quote(now time.Time) string {
	words := s.Text
	switch short := len(prose.Terms(words)) < fewTerms; {
	case short && s.Signal.Has(Ask) && s.After != "":
		words += " " + s.After
	case short && s.Before != "":
		words = s.Before + " " + words
	}
	words = Quoted(words)
	var text string
	switch {
	case s.Source.Kind == store.KindEvent:
		text = fmt.Sprintf("Calendar, %s: %s", On(s.At, now), words)
	case s.Source.Kind == store.KindNote && s.Author.Name != "":
		text = fmt.Sprintf("Note of %s, %q: %s: %s", On(s.At, now), s.Source.Title, s.Author.Name, words)
	case s.Source.Kind == store.KindNote:
		text = fmt.Sprintf("Note of %s, %q: %s", On(s.At, now), s.Source.Title, words)
	case s.Source.Kind == store.KindMeeting && s.Author.Name == "":
		text = fmt.Sprintf("%s of %s: %s", s.Source.Title, On(s.At, now), Clip(s.Text))
	default:
		text = fmt.Sprintf("%s %s on %s%s: %s", by(s), verb(s), On(s.At, now), in(s.Source.Title), words)
	}
	return text
}

// fewTerms is how little a sentence says that needs its neighbour to be understood.
const fewTerms = 3

func verb(s Statement) string {
	switch {
	case endsAsQuestion(s.Text):
		return "asked"
	case s.Source.Kind == store.KindMeeting:
		return "said"
	}
	return "wrote"
}

// in names where something was said: a subject, a channel, a meeting.
func in(title string) string {
	title = Subject(title)
	switch {
	case title == "":
		return ""
	case strings.HasPrefix(title, "#"):
		return " in " + title
	case strings.HasPrefix(title, "@"):
		return ""
	}
	return " in \"" + strings.ReplaceAll(Clip(title), `"`, `'`) + `"`
}

// Subject is a subject without the marks of replies and forwards.
func Subject(title string) string {
	for {
		rest := strings.TrimSpace(title)
		for _, prefix := range []string{"re:", "fw:", "fwd:", "aw:", "wg:"} {
			if len(rest) >= len(prefix) && strings.EqualFold(rest[:len(prefix)], prefix) {
				rest = rest[len(prefix):]
			}
		}
		if rest == title {
			return title
		}
		title = rest
	}
}

func endsAsQuestion(text string) bool { return strings.HasSuffix(strings.TrimRight(text, `"' `), "?") }

// Cited is the statement's source with the words that are used of it.
func (s Statement) Cited() Source {
	src := s.Source
	src.Snippet = Clip(s.Text)
	return src
}

// Quoted puts words between quotation marks, with an ellipsis where they only
// lead to a list: "you'll have a plan with".
func Quoted(text string) string {
	text = strings.ReplaceAll(Clip(text), `"`, `'`)
	last := text[strings.LastIndexByte(text, ' ')+1:]
	if strings.HasSuffix(text, ":") || strings.Contains(text, " ") && prose.IsStopWord(last) && strings.ToLower(last) == last {
		text += " …"
	}
	return `"` + text + `"`
}

// Clip shortens a long sentence at a word.
func Clip(text string) string {
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
