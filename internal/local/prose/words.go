// Package prose takes natural text apart: words as the full-text index sees
// them, stems, and sentences as people write them in mail and chat.
package prose

import (
	"unicode"
	"unicode/utf8"
)

// Words splits text as the full-text index does: FTS5's tokenizer unicode61, and
// Apart before it. They are runs of letters, numbers and private-use characters,
// in lower case; of scripts without spaces see Run.Words. Combining marks stay
// with their letter, as remove_diacritics takes them off and does not split there.
func Words(text string) []string {
	words := make([]string, 0, len(text)/6)
	for r := range Runs(text) {
		if r.Joined {
			words = append(words, r.Words()...)
		} else {
			words = append(words, r.Text)
		}
	}
	return words
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != unicode.ReplacementChar && unicode.In(r, unicode.L, unicode.N, unicode.Co, unicode.Mn)
}

// Terms are the stems of a text's words that carry meaning, each once, in order.
func Terms(text string) []string {
	var terms []string
	seen := map[string]bool{}
	for _, w := range Words(text) {
		if IsStopWord(w) {
			continue
		}
		if s := Stem(w); !seen[s] {
			seen[s] = true
			terms = append(terms, s)
		}
	}
	return terms
}

// Stems are the stems of all of a text's words and, where words are not apart,
// the characters: each of them may be one.
func Stems(text string) map[string]bool {
	set := map[string]bool{}
	for r := range Runs(text) {
		for _, w := range r.Words() {
			set[Stem(w)] = true
		}
		if r.Joined {
			for _, c := range r.Characters() {
				set[c] = true
			}
		}
	}
	return set
}

// Alike reports whether two sentences say nearly the same, as copies do.
func Alike(a, b string) bool {
	x, y := Stems(a), Stems(b)
	common := 0
	for t := range x {
		if y[t] {
			common++
		}
	}
	return common > 0 && float64(common) >= 0.75*float64(max(len(x), len(y)))
}

// StopWords tells which lower-case words of a text say nothing about its topic: those
// of English, or of the languages too that it is in.
func StopWords(text string) func(word string) bool {
	if English(text) {
		return IsStopWord
	}
	return func(word string) bool { return IsStopWord(word) || isForeign(word) || joins(word) }
}

// IsStopWord reports whether a lower-case word says nothing about a topic:
// function words, and the words in which people put questions and wishes.
func IsStopWord(word string) bool {
	switch word {
	case "a", "an", "the", "this", "that", "these", "those", "some", "any", "all", "each", "both", "such", "other", "own", "same",
		"i", "me", "my", "mine", "we", "us", "our", "ours", "you", "your", "yours", "he", "him", "his", "she", "her", "hers",
		"it", "its", "they", "them", "their", "theirs", "myself", "yourself", "itself", "themselves", "someone", "anyone", "everyone",
		"am", "is", "are", "was", "were", "be", "been", "being", "do", "does", "did", "doing", "done", "have", "has", "had", "having",
		"can", "could", "will", "would", "shall", "should", "may", "might", "must", "ll", "ve", "re", "s", "t", "d", "m", "don", "didn", "doesn", "isn", "wasn",
		"in", "on", "at", "by", "for", "from", "with", "without", "about", "against", "between", "into", "through", "during",
		"before", "after", "above", "below", "to", "of", "off", "over", "under", "out", "up", "down", "until", "upon", "toward", "towards", "per", "via",
		"and", "or", "but", "nor", "not", "no", "if", "then", "than", "so", "as", "because", "while", "since", "although", "though",
		"what", "which", "who", "whom", "whose", "when", "where", "why", "how", "there", "here",
		"again", "further", "once", "only", "just", "very", "too", "also", "more", "most", "few", "much", "many", "now", "ever", "still", "yet", "etc",
		"please", "tell", "tells", "told", "show", "shows", "find", "finds", "found", "give", "gives", "gave", "get", "gets", "got", "let", "lets",
		"know", "knows", "knew", "want", "wants", "wanted", "like", "likes", "need", "needs", "needed", "say", "said", "says":
		return true
	}
	return false
}
