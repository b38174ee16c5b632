package index

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// maxTerms bounds the terms of one query: FTS5 limits how deep an expression
// is, and past the first few dozen words a text only repeats its topic.
const maxTerms = 64

// Match makes an FTS5 expression of what a user typed. Nothing in it is syntax:
// the words are taken as the tokenizer sees them, each quoted, and joined with
// OR. Stop words count only when there is nothing else. Two words of the topic
// that stand side by side count as a phrase as well, and so does what stands
// between quotation marks: bm25 adds phrases up, so texts that have the words
// together come first. Match is "" when there is no word at all.
func Match(text string) string {
	words := prose.Words(text)
	dropped := prose.IsStopWord
	if !slices.ContainsFunc(words, func(w string) bool { return !prose.IsStopWord(w) }) {
		dropped = func(string) bool { return false }
	}
	var terms, phrases []string
	for i, w := range words {
		if dropped(w) {
			continue
		}
		terms = append(terms, operand(w))
		if i+1 < len(words) && !dropped(words[i+1]) {
			phrases = append(phrases, operand(w, words[i+1]))
		}
	}
	for _, phrase := range quoted(text) {
		if words := prose.Words(phrase); len(words) > 2 && len(words) <= maxTerms {
			phrases = append(phrases, operand(words...))
		}
	}
	return strings.Join(append(distinct(terms), distinct(phrases)...), " OR ")
}

// Phrase makes an FTS5 expression that matches text only as it stands: all its
// words, side by side. It is "" when there is no word.
func Phrase(text string) string {
	words := prose.Words(text)
	if len(words) == 0 {
		return ""
	}
	return operand(words...)
}

// operand quotes words for FTS5: its only syntax inside quotation marks is the
// mark itself, which is in no word.
func operand(words ...string) string { return `"` + strings.Join(words, " ") + `"` }

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
