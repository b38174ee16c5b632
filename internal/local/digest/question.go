package digest

import (
	"regexp"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// How soon somebody answers in a channel, in messages and in time.
const (
	answerSteps = 8
	answerTime  = 12 * time.Hour
)

// code is what a program writes, or is written in: file.c:12: or a = b.
var code = regexp.MustCompile(`\S\.\w+:\d+|\s[=!<>]=?\s|[;{}]|://`)

// openQuestions finds the questions that nobody answered.
func (t talk) openQuestions() []speech.Statement {
	var out []speech.Statement
	for i, u := range t.said {
		if u.machine {
			continue
		}
		for j, s := range u.said {
			if m := u.mark(s); m.filed == wondered {
				if t.medium == minuted {
					s.Text = m.text
				}
				out = append(out, s)
				continue
			}
			if t.leavesOpen(u, s) || !s.Machine && t.asks(u, j) && !t.answered(i, s, evades) {
				out = append(out, s)
			}
		}
	}
	return out
}

// leavesOpen reports whether a statement says itself that something is not known or
// not decided. Where people write, they mostly ask.
func (t talk) leavesOpen(u utterance, s speech.Statement) bool {
	text := own(s.Text)
	return t.medium == spoken && !u.foreign && !strings.HasSuffix(s.Text, "?") && len(prose.Terms(s.Text)) > 2 && !broken(s.Text) &&
		speech.HasAny(text, openWords) && !speech.HasAny(text, "if|any open|no open|not an open")
}

// asks reports whether a statement is a question that somebody may answer. In
// speech those in the middle of a turn are mostly put to nobody, and in mail those
// in the middle of a paragraph lead to what their writer has to say.
func (t talk) asks(u utterance, n int) bool {
	s := u.said[n]
	text := speech.Plain(s.Text)
	if !strings.HasSuffix(strings.TrimRight(s.Text, `"')”’ `), "?") || len(strings.Fields(s.Text)) < 4 || len(prose.Terms(s.Text)) < 2 {
		return false
	}
	if code.MatchString(s.Text) || strings.HasSuffix(s.Text, "?)") || strings.Count(s.Text, `"`)%2 != 0 { // or it is somebody else's
		return false
	}
	if speech.HasAny(text, noQuestion) && len(strings.Fields(s.Text)) < 12 {
		return false
	}
	switch t.medium {
	case spoken:
		return n >= len(u.said)-2
	case mail:
		return u.mark(s).last || strings.HasSuffix(s.After, "?") || speech.HasAny(text, "can you|could you|would you|will you|do you|did you|have you|are you")
	case chat, channel, minuted:
	}
	return true
}

// answered reports whether somebody else came back to a question, with more than
// leaves it open.
func (t talk) answered(at int, s speech.Statement, leavesOpen func(utterance) bool) bool {
	asker := t.said[at]
	if t.medium == minuted { // what the next line does not leave open is settled, or nobody asked
		return at+1 == len(t.said) || !speech.HasAny(t.said[at+1].words, noAnswer)
	}
	steps := 0
	quoted := speech.Plain(s.Text)
	quoted = quoted[:min(len(quoted), 60)]
	for _, u := range t.said[at+1:] {
		if steps++; t.medium == channel && (steps > answerSteps || u.at.Sub(asker.at) > answerTime) {
			break
		}
		if t.medium == spoken && steps > 3 {
			break
		}
		if u.machine {
			continue
		}
		if sameSpeaker(u, asker) {
			if t.medium != spoken && common(strings.Join(texts(u.said), " "), s.Text) >= 3 { // they found out themselves
				return true
			}
			continue
		}
		switch t.medium {
		case mail: // who quotes a question, or nothing at all, answers it
			if u.quotes != "" && u.quotes != " " && !strings.Contains(u.quotes, quoted) {
				continue
			}
		case channel:
			if steps > 1 && common(u.words, s.Text) == 0 && !namesSpeaker(u.words, asker) {
				continue
			}
		case chat, spoken, minuted:
		}
		if !leavesOpen(u) {
			return true
		}
	}
	return false
}

func texts(all []speech.Statement) []string {
	var out []string
	for _, s := range all {
		out = append(out, s.Text)
	}
	return out
}

func sameSpeaker(a, b utterance) bool {
	if a.author.Email != "" || b.author.Email != "" {
		return a.author.Email == b.author.Email
	}
	return a.author.Name == b.author.Name
}

func namesSpeaker(words string, u utterance) bool {
	first, _, _ := strings.Cut(strings.ToLower(u.author.Name), " ")
	return first != "" && strings.Contains(words, " "+first+" ")
}

// evades reports whether what follows a question leaves it open: a question
// back, or the promise to find out.
func evades(u utterance) bool {
	if speech.HasAny(u.words, noAnswer) && len(u.said) <= 4 {
		return true
	}
	return len(u.said) > 0 && len(u.said) <= 2 && strings.HasSuffix(u.said[len(u.said)-1].Text, "?") && !strings.HasSuffix(u.said[0].Text, ".")
}

// assents reports whether what follows a wish only says that it will be granted.
func assents(u utterance) bool {
	return len(u.said) <= 4 && speech.HasAny(u.words, assentWords) || evades(u)
}
