package answer

import (
	_ "embed" // the table of the words
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/when"
)

// questionWords are the words with which people ask in German, French and Spanish, with
// their English: language, words, English, one of a line. Weekdays and months are not among
// them, which package when knows, nor what a question is about: that is looked for as it stands.
//
//go:embed questions.tsv
var questionWords string

// mostTogether is how many words of a question are one phrase of the table, at the most.
const mostTogether = 4

// interpreter puts the words with which a question is asked into English, by language.
type interpreter []map[string]string

func newInterpreter() interpreter {
	var all interpreter
	last := ""
	for line := range strings.Lines(questionWords) {
		language, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if language != last {
			all = append(all, map[string]string{})
			last = language
		}
		words, english, _ := strings.Cut(rest, "\t") // nothing of "est-ce que"
		all[len(all)-1][words] = english
	}
	return all
}

// inEnglish is a question with the words with which it is asked in English, if it is
// asked in a language of the table.
func (all interpreter) inEnglish(question string) string {
	const enough = 2 // words of a language, and more than there are of English
	pieces := pieces(question)
	most, best := enough-1, question
	for _, language := range all {
		if text, n := translate(pieces, language); n > most {
			most, best = n, text
		}
	}
	if best == question {
		return question
	}
	best = verbLast.ReplaceAllString(best, "$1$2 $4$3")
	return verbFirst.ReplaceAllString(best, "what did $2 $1")
}

// English has the verb behind whoever does it: not at the end as German, and not before
// the name as Spanish.
var (
	verbLast  = regexp.MustCompile(`(\bdid )(i|we|they|\p{Lu}[\pL.-]*(?: \p{Lu}[\pL.-]*)*)( .*?)? (said|written|asked|proposed|promised|decided|agreed)\b`)
	verbFirst = regexp.MustCompile(`\bwhat (?:us |me )?(said|wrote|asked|promised|proposed) (\p{Lu}[\pL.-]*(?: \p{Lu}[\pL.-]*)*)`)
)

// piece is a word of a text with what stands before it.
type piece struct{ before, word string }

// pieces takes a text apart. The last piece may have no word.
func pieces(text string) []piece {
	var all []piece
	for text != "" {
		begin := strings.IndexFunc(text, inWord)
		if begin < 0 {
			return append(all, piece{before: text})
		}
		end := strings.IndexFunc(text[begin:], func(r rune) bool { return !inWord(r) })
		if end < 0 {
			end = len(text) - begin
		}
		all = append(all, piece{text[:begin], text[begin : begin+end]})
		text = text[begin+end:]
	}
	return all
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// translate puts the words of a language into English, and counts those that are no
// English words, less the English ones beside them.
func translate(question []piece, language map[string]string) (text string, n int) {
	question = slices.Clone(question) // other languages are tried, too
	var b strings.Builder
	for i := 0; i < len(question); {
		english, used := longest(question[i:], language)
		if used == 0 {
			if prose.IsStopWord(strings.ToLower(question[i].word)) {
				n--
			}
			b.WriteString(question[i].before + question[i].word)
			i++
			continue
		}
		if used > 1 || !prose.IsStopWord(strings.ToLower(question[i].word)) {
			n++
		}
		b.WriteString(apart(question[i].before) + english)
		i += used
		if i < len(question) {
			question[i].before = apart(question[i].before)
		}
	}
	return b.String(), n
}

// apart is what stands between two words, which are no longer joined: "l'offre".
func apart(between string) string {
	if between != "" && strings.Trim(between, "'’-") == "" {
		return " "
	}
	return between
}

// longest is the English of as many words as there is a phrase of.
func longest(question []piece, language map[string]string) (english string, used int) {
	phrase := ""
	for i, p := range question[:min(mostTogether, len(question))] {
		if p.word == "" || i > 0 && strings.Trim(p.before, " '’-") != "" {
			break
		}
		if i > 0 {
			phrase += " "
		}
		phrase += strings.ToLower(p.word)
		if e, ok := language[phrase]; ok {
			english, used = e, i+1
		} else if e = when.EnglishName(phrase); e != "" {
			english, used = e, 1
		}
	}
	return english, used
}
