package index

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// maxTerms bounds the terms of one query: FTS5 limits how deep an expression
// is, and past the first few dozen words a text only repeats its topic.
const maxTerms = 64

// mostJoined is how many pairs of characters may be said again as they stand: a longer
// run of a script without spaces is a sentence.
const mostJoined = 8

// Match makes an FTS5 expression of what a user typed. Nothing in it is syntax:
// the words are taken as the tokenizer sees them, each quoted, and joined with
// OR. Stop words count only when there is nothing else. What stands between
// quotation marks counts as a phrase as well: bm25 adds phrases up, so texts that
// have the words together come first. Scripts without spaces are matched by pairs
// of characters, and as they stand. Match is "" when there is no word at all.
func Match(text string) string { return parse(text).String() }

// expression is what is looked for of a text.
type expression struct {
	words   [][]string // the operands of each, of which any stands for it
	phrases []phrase
}

// phrase is words side by side.
type phrase struct {
	operand string
	of      []string // operands of its words
}

// String is the FTS5 expression that is met by any of it.
func (e expression) String() string {
	var phrases []string
	for _, p := range e.phrases {
		phrases = append(phrases, p.operand)
	}
	return strings.Join(append(distinct(terms(e.words)), distinct(phrases)...), " OR ")
}

// terms are the operands of words. All words come before other forms of them, if
// there are more than a query takes.
func terms(words [][]string) []string {
	var first, others []string
	for _, forms := range words {
		first, others = append(first, forms[0]), append(others, forms[1:]...)
	}
	return append(first, others...)
}

func parse(text string) expression {
	dropped := prose.StopWords(text)
	if !slices.ContainsFunc(prose.Words(text), func(w string) bool { return !dropped(w) }) {
		dropped = func(string) bool { return false }
	}
	var e expression
	for r := range prose.Runs(text) {
		if dropped(r.Text) {
			continue
		}
		for _, w := range r.Words() {
			if !dropped(w) {
				e.words = append(e.words, forms(w))
			}
		}
		if n := len(r.Words()); r.Joined && n > 1 && n <= mostJoined {
			e.phrases = append(e.phrases, phrase{operand(r.Text), formsOf(r)})
		}
	}
	for _, q := range quoted(text) {
		if n := len(prose.Words(q)); n > 2 && n <= maxTerms {
			e.phrases = append(e.phrases, phrase{Phrase(q), formsOf(slices.Collect(prose.Runs(q))...)})
		}
	}
	e.words = fewer(e.words)
	return e
}

// fewer drops words that are there again, and more of them than a query takes.
func fewer(words [][]string) [][]string {
	seen := map[string]bool{}
	kept := words[:0]
	for _, forms := range words {
		if !seen[forms[0]] && len(kept) < maxTerms {
			seen[forms[0]] = true
			kept = append(kept, forms)
		}
	}
	return kept
}

// formsOf are the operands for the words of runs.
func formsOf(runs ...prose.Run) []string {
	var all []string
	for _, r := range runs {
		for _, w := range r.Words() {
			all = append(all, forms(w)...)
		}
	}
	return all
}

// forms are the operands for a word: itself, as the tokenizer stems it, or what
// it begins with in all its forms. Of ё the tokenizer makes no е, and people write
// one or the other.
func forms(word string) []string {
	beginning, ok := prose.Beginning(word)
	if !ok {
		return []string{operand(word)}
	}
	all := []string{operand(beginning) + "*"}
	for i, r := range beginning {
		if r == 'е' {
			all = append(all, operand(beginning[:i]+"ё"+beginning[i+len("е"):])+"*")
		}
	}
	return all
}

// Phrase makes an FTS5 expression that matches text only as it stands: all its
// words, side by side. It is "" when there is no word.
func Phrase(text string) string {
	var runs []string
	for r := range prose.Runs(text) {
		runs = append(runs, r.Text)
	}
	if len(runs) == 0 {
		return ""
	}
	return operand(runs...)
}

// operand quotes words for FTS5: its only syntax inside quotation marks is the
// mark itself, which is in no word.
func operand(words ...string) string {
	return `"` + strings.ReplaceAll(prose.Apart(strings.Join(words, " ")), prose.Joint, " ") + `"`
}

// distinct drops repetitions, and what is more than a query takes.
func distinct(operands []string) []string {
	seen := map[string]bool{}
	kept := operands[:0]
	for _, o := range operands {
		if !seen[o] && len(kept) < maxTerms {
			seen[o] = true
			kept = append(kept, o)
		}
	}
	return kept
}

// quoted returns what stands between pairs of double quotation marks.
func quoted(text string) []string {
	text = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`).Replace(text)
	parts := strings.Split(text, `"`)
	var phrases []string
	for i := 1; i < len(parts)-1; i += 2 {
		phrases = append(phrases, parts[i])
	}
	return phrases
}
