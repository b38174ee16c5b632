package prose

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence is one sentence, or one line of a list, with its whitespace made
// plain, and where it stands in the text.
type Sentence struct {
	Text       string
	Start, End int
}

// Sentences splits the writer's own words into sentences: quoted lines, what
// follows the start of a quoted reply, and the signature are left out. Lines
// that a mail program wrapped are joined, lists and short lines are not.
func Sentences(text string) []Sentence {
	var out []Sentence
	for _, b := range blocks(text) {
		for start := b.start; start < b.end; {
			end := sentenceEnd(text[:b.end], start)
			if s := strings.Join(strings.Fields(text[start:end]), " "); s != "" {
				out = append(out, Sentence{Text: s, Start: start, End: end})
			}
			start = end
		}
	}
	return out
}

type span struct{ start, end int }

var listItem = regexp.MustCompile(`^\s*([-*•–+]|\(?[0-9]{1,2}[.)]|\(?[a-z][.)])\s+\S`)

// blocks joins the lines that belong together.
func blocks(text string) []span {
	var out []span
	open := false
	last := ""
	for start := 0; start < len(text); {
		end := start + strings.IndexByte(text[start:], '\n')
		next := end + 1
		if end < start {
			end, next = len(text), len(text)
		}
		line := strings.TrimRight(text[start:end], "\r\t ")
		trimmed := strings.TrimSpace(line)
		switch {
		case text[start:end] == "-- " || trimmed == "--":
			return out
		case trimmed != "" && othersBegin(trimmed, text[next:]):
			if !quotesNext(text[next:]) {
				return out
			}
			open = false
		case trimmed == "" || strings.HasPrefix(trimmed, ">"):
			open = false
		case open && continues(last, trimmed):
			out[len(out)-1].end = end
		default:
			out = append(out, span{start, end})
			open = true
		}
		last = trimmed
		start = next
	}
	return out
}

// continues reports whether a line goes on with the sentence of the line
// before: mail programs wrap late, people end a line early.
func continues(before, line string) bool {
	if listItem.MatchString(line) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(line)
	if unicode.IsLower(first) {
		return true
	}
	const wrapped = 55 // columns; no program wraps narrower
	return utf8.RuneCountInString(before) >= wrapped
}

// sentenceEnd finds where the sentence that begins at start ends.
func sentenceEnd(text string, start int) int {
	for i := start; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch r {
		case '。', '！', '？':
			return i
		case '.', '!', '?', '…':
			for i < len(text) && strings.IndexByte(".!?\"')", text[i]) >= 0 {
				i++
			}
			if i == len(text) || endsHere(text[start:i], text[i:], r) {
				return i
			}
		}
	}
	return len(text)
}

// endsHere decides about a full stop: white space and the start of a sentence
// must follow it, and no abbreviation precede it.
func endsHere(before, after string, mark rune) bool {
	rest := strings.TrimLeft(after, " \t\r\n")
	if len(rest) == len(after) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(rest)
	if unicode.IsLower(first) {
		return mark != '.' && mark != '…'
	}
	return mark != '.' || !abbreviation(before) && !dayOfMonth(before, rest)
}

// dayOfMonth reports whether a text ends in the day of a German date, "3. Dezember",
// whose month comes after it.
func dayOfMonth(text, after string) bool {
	word := strings.TrimSuffix(text[strings.LastIndexAny(text, " \t\r\n(")+1:], ".")
	if len(word) == 0 || len(word) > 2 || strings.Trim(word, "0123456789") != "" {
		return false
	}
	end := strings.IndexFunc(after, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(after)
	}
	switch after[:end] {
	case "Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember":
		return true
	}
	return false
}

// abbreviation reports whether text ends in a word that keeps its full stop.
func abbreviation(text string) bool {
	word := text[strings.LastIndexAny(text, " \t\r\n(")+1:]
	word = strings.ToLower(strings.TrimRight(word, "."))
	if strings.TrimSpace(text) == word+"." {
		return listItem.MatchString(text + " x") // "2. dates"
	}
	if first, size := utf8.DecodeRuneInString(word); size == len(word) && unicode.IsLetter(first) {
		return word != "i" // initials; but "so do I."
	}
	switch word {
	case "mr", "mrs", "ms", "dr", "prof", "hon", "rev", "st", "sr", "jr", "vs", "e.g", "i.e", "eg", "ie", "cf", "approx", "no", "nos", "inc", "ltd", "corp", "co",
		"fig", "sec", "dept", "est", "ext", "tel", "u.s", "u.k", "ph.d", "z.b", "d.h", "bzw", "ca", "nr", "dipl",
		"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec":
		return true
	}
	return false
}

// Turn is what one speaker of a transcript says before another does.
type Turn struct {
	Speaker string // "" when the transcript names none
	Text    string
}

// Turns reads a transcript of "Speaker: words" lines.
func Turns(transcript string) []Turn {
	var turns []Turn
	for line := range strings.Lines(transcript) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		speaker, words := Speaker(line)
		turns = append(turns, Turn{Speaker: speaker, Text: words})
	}
	return turns
}

// title is a full stop that belongs to a name: "Mr. Bruce Stanton", "T. Wong".
var title = regexp.MustCompile(`\b(Mr|Mrs|Ms|Dr|Prof|Hon|St|Jr|Sr|[A-Z])\.`)

// Speaker parts "Dana Whitfield: words". Names are short and have no full stop
// in them but a title's, which a sentence with a colon rarely manages.
func Speaker(line string) (name, words string) {
	at := strings.Index(line, ": ")
	if at <= 0 || at > 60 {
		return "", line
	}
	name = strings.TrimSpace(line[:at])
	called, _, _ := strings.Cut(name, " (") // "Katya (Lantern)"
	if strings.ContainsAny(title.ReplaceAllString(name, ""), ".?!;\"") || len(strings.Fields(called)) > 5 {
		return "", line
	}
	return name, strings.TrimSpace(line[at+2:])
}
