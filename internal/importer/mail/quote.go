package mail

import (
	"strings"
)

// Split parts the text of a message into what its writer wrote and what it
// quotes of earlier messages, both in their order. Text that is forwarded
// counts as the message's own, for it is what the message brings; what the
// forwarded message quotes in turn does not. A message that is nothing but a
// quote keeps all its text as its own.
func Split(text string) (fresh, quoted string) {
	return split(text, 0)
}

// SplitForward is Split for a message whose subject says that it forwards
// another, which programs often mark no differently from a reply.
func SplitForward(text string) (fresh, quoted string) {
	return split(text, 1)
}

// split takes the first forwards histories for forwarded ones.
func split(text string, forwards int) (fresh, quoted string) {
	s := splitter{lines: strings.Split(text, "\n")}
	s.quoted = make([]bool, len(s.lines))
	s.mark(forwards)
	fresh, quoted = s.collect(false), s.collect(true)
	if fresh == "" {
		return strings.TrimSpace(text), ""
	}
	return fresh, quoted
}

// splitter marks the quoted lines of a text.
type splitter struct {
	lines  []string
	quoted []bool
}

func (s *splitter) mark(forwards int) {
	for i := 0; i < len(s.lines); {
		line := s.lines[i]
		switch {
		case isQuoteLine(line):
			s.markAttribution(i)
			for i < len(s.lines) && s.continuesQuote(i) {
				s.quoted[i] = true
				i++
			}
		case isForwardMark(s.lines, i):
			i = skipHistory(s.lines, i+1)
		default:
			end, ok := history(s.lines, i)
			switch {
			case !ok:
				i++
			case forwards > 0:
				forwards--
				i = end
			default:
				i = s.markHistory(i, end)
			}
		}
	}
}

// markHistory marks the history that begins at i with a header ending at end:
// the earlier message as such, to the end of the text. If however what follows
// is quoted with ">", only the header is marked, for answers may stand between.
func (s *splitter) markHistory(i, end int) int {
	next := nextText(s.lines, end)
	if next >= len(s.lines) || !isQuoteLine(s.lines[next]) {
		end = len(s.lines)
	}
	for ; i < end; i++ {
		s.quoted[i] = true
	}
	return end
}

// continuesQuote reports whether line i belongs to the quote before it: quoted
// itself, or an empty line between quoted ones.
func (s *splitter) continuesQuote(i int) bool {
	if isQuoteLine(s.lines[i]) {
		return true
	}
	next := nextText(s.lines, i)
	return next > i && next < len(s.lines) && isQuoteLine(s.lines[next])
}

// markAttribution marks the line or lines before the quote at i that say whose
// words they are.
func (s *splitter) markAttribution(i int) {
	last := i - 1
	for last >= 0 && i-last < 5 && elision().MatchString(s.lines[last]) {
		last--
	}
	if last < 0 || s.quoted[last] || !endsInColon(s.lines[last]) {
		return
	}
	for first := last; first >= 0 && last-first < 4; first-- {
		if s.quoted[first] || strings.TrimSpace(s.lines[first]) == "" {
			return
		}
		joined := strings.Join(strings.Fields(strings.Join(s.lines[first:last+1], " ")), " ")
		if len(joined) > maxMark {
			return
		}
		whole := datedAttribution().MatchString(joined)
		if !whole && first == last && attribution().MatchString(joined) {
			whole = s.startsAttribution(first)
		}
		if whole || first < last && namedAttribution().MatchString(joined) {
			for j := first; j < i; j++ {
				s.quoted[j] = true
			}
			return
		}
	}
}

// startsAttribution reports whether an attribution that ends on this line also
// begins on it, and not on the line before.
func (s *splitter) startsAttribution(i int) bool {
	if i == 0 {
		return true
	}
	before := strings.TrimSpace(s.lines[i-1])
	return before == "" || !opening().MatchString(before) && !strings.HasPrefix(strings.TrimSpace(s.lines[i]), "<")
}

// collect joins the lines that are quoted, or those that are not, with an empty
// line where others lay between.
func (s *splitter) collect(quoted bool) string {
	size := 0
	for i, line := range s.lines {
		if s.quoted[i] == quoted {
			size += len(line) + len("\n\n")
		}
	}
	var b strings.Builder
	b.Grow(size)
	gap := false
	for i, line := range s.lines {
		if s.quoted[i] != quoted || strings.TrimSpace(line) == "" {
			gap = true
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
			if gap {
				b.WriteByte('\n')
			}
		}
		b.WriteString(line)
		gap = false
	}
	return strings.TrimSpace(b.String())
}

// isQuoteLine reports whether a line is quoted with ">".
func isQuoteLine(line string) bool {
	return strings.HasPrefix(strings.TrimLeft(line, " \t"), ">")
}

// maxMark is how long what introduces a quote can be.
const maxMark = 600

func endsInColon(line string) bool {
	line = strings.TrimRight(line, " \t")
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")
}

// nextText returns the first line from i that is not empty, or len(lines).
func nextText(lines []string, i int) int {
	for i < len(lines) && strings.TrimSpace(lines[i]) == "" {
		i++
	}
	return i
}

const wroteVerbs = `(?:wrote|writes|said|schrieb|schreibt|a écrit|écrit|escribió|escreveu|ha scritto|scrive|skrev|schreef|napisał|пишет|написал|kirjoitti|yazdı|写道|のメッセージ)`

var (
	// What stands between an attribution and its quote: nothing, "[...]", "<snip>".
	elision = lazily(`(?i)^[\s.…\[\](){}<>*=~-]*(?:snip|cut|trimmed|deleted)?[\s.…\[\](){}<>*=~-]*$`)
	// On <date>, <name> wrote: and the like, on one line or several joined.
	datedAttribution = lazily(`(?i)^\W{0,3}(?:on|am|le|el|il|op|den|em|no dia|w dniu|в|at|mon|tue|wed|thu|fri|sat|sun)\b.*\d.*` + wroteVerbs + `[^.!?]{0,150}[:：]$`)
	// <name> wrote: over several lines, and <date>, <name>: as some programs have it.
	namedAttribution = lazily(`(?i)^[^.!?]{0,80}<[^<>]+@[^<>]+>,? ?` + wroteVerbs + `[:：]$`)
	// What a single line before a quote ends with.
	attribution = lazily(`(?i)` + wroteVerbs + `[^.!?]{0,150}[:：]$|\d{1,2}:\d{2}.{0,120}[:：]$|<[^<>]+@[^<>]+>[:：]$`)
	// How an attribution over several lines begins.
	opening = lazily(`(?i)^(?:on|am|le|el|il|op|den|em|at)\b.*\d`)

	// The line that tells Outlook's history from what was written above it.
	originalMark = lazily(`(?i)^\s*-{2,}\s*(?:original(?:[ -](?:message|appointment|nachricht|meddelande))|ursprüngliche (?:nachricht|mitteilung)|message d['’]origine|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|reply (?:message|above this line)|исходное сообщение|原始邮件)\s*-{2,}\s*$`)
	ruleMark     = lazily(`^\s*_{10,}\s*$`)

	forwardMark = lazily(`(?i)^\s*(?:-{3,}\s*forwarded (?:message|by\b.*?)(?:\s*-{3,})?|-{3,}\s*(?:weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato)\s*-{3,}|begin forwarded message:|-{2,}\s*start of forwarded message\s*-{2,})\s*$`)
)

// isForwardMark reports whether line i, or it and the next if it was wrapped,
// says that what follows is forwarded.
func isForwardMark(lines []string, i int) bool {
	line := strings.TrimSpace(lines[i])
	dashes := strings.HasPrefix(line, "--")
	if !dashes && !endsInColon(line) || len(line) > maxMark {
		return false // most lines, without the cost of a regular expression
	}
	if dashes && !strings.HasSuffix(line, "---") && i+1 < len(lines) && strings.HasSuffix(strings.TrimSpace(lines[i+1]), "---") {
		line += " " + strings.TrimSpace(lines[i+1])
	}
	return forwardMark().MatchString(line)
}
