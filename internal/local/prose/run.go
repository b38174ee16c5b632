package prose

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Run is a stretch of letters and numbers: one word or, in a script that puts no
// spaces between words, any number of them.
type Run struct {
	Text   string // in lower case
	At     int    // where it begins, in bytes
	Joined bool   // it is in such a script
}

// Runs takes text apart at what is in no word, and where scripts that put spaces
// between words meet others: "Q3予算" is two runs.
func Runs(text string) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		start, joined, letters := 0, false, false // of the run that is open
		flush := func(end int) bool {
			return !letters || yield(Run{strings.ToLower(text[start:end]), start, joined})
		}
		open := false
		for i, r := range text {
			mark := isMark(r)
			in := mark || wordRune(r)
			if open && (!in || !mark && letters && Unspaced(r) != joined) {
				if !flush(i) {
					return
				}
				open = false
			}
			if in && !open {
				start, open, letters = i, true, false
			}
			if in && !mark {
				joined, letters = Unspaced(r), true
			}
		}
		if open {
			flush(len(text))
		}
	}
}

// Words are those of the run. Where they are not apart, nobody can tell without a
// dictionary which they are, so all pairs of neighbouring characters stand for
// them, and a character that is alone for itself.
func (r Run) Words() []string {
	if !r.Joined {
		return []string{r.Text}
	}
	chars := r.Characters()
	if len(chars) == 1 {
		return chars
	}
	pairs := make([]string, len(chars)-1)
	for i := range pairs {
		pairs[i] = chars[i] + chars[i+1]
	}
	return pairs
}

// Characters are those of the run, with the marks on them.
func (r Run) Characters() []string {
	chars := make([]string, 0, len(r.Text)/3) // bytes of most that are joined
	start, letter := 0, false
	for i, c := range r.Text {
		if letter && !isMark(c) {
			chars = append(chars, r.Text[start:i])
			start = i
		}
		letter = letter || !isMark(c)
	}
	return append(chars, r.Text[start:])
}

func isMark(r rune) bool { return r >= 0x300 && unicode.Is(unicode.Mn, r) }

// Unspaced reports whether a character is of a script whose words are not found
// by the spaces between them: Chinese and Japanese have none, and Korean writes
// particles to the words.
func Unspaced(r rune) bool {
	if r < '\u1100' || r > '\u11ff' && r < '\u2e80' || r == unicode.ReplacementChar { // but Hangul Jamo, all are far up
		return false
	}
	return r == 'ー' || r == 'ｰ' || r >= '々' && r <= '〇' ||
		unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo) && wordRune(r)
}

// Joint stands between characters that Apart sets apart: a control character
// that is in no word, and in hardly any text.
const Joint = "\x1f"

// Apart puts a Joint beside each unspaced character that touches another letter,
// so that the full-text index takes it for a word of its own: what it has of
// "予算" is found by "予", by "算" and, as a phrase, by "予算". Other text stays as
// it is.
func Apart(text string) string {
	if !strings.ContainsFunc(text, Unspaced) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + len(text)/3)
	before := ' ' // what stands before, without marks
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if touch(before, r) {
			b.WriteString(Joint)
		}
		b.WriteString(text[i : i+size])
		if !isMark(r) {
			before = r
		}
		i += size
	}
	return b.String()
}

// Together takes back what Apart did, and nothing else.
func Together(text string) string {
	if !strings.Contains(text, Joint) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	before := ' '
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		if !strings.HasPrefix(text[i:], Joint) || !touch(before, next) {
			b.WriteString(text[i : i+size])
			if !isMark(r) {
				before = r
			}
		}
		i += size
	}
	return b.String()
}

// touch reports whether two characters would be of one word to the index, and
// must not be.
func touch(before, r rune) bool {
	return (Unspaced(before) || Unspaced(r)) && !isMark(r) && wordRune(before) && wordRune(r)
}
