package view

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escapes are the control sequences of terminals (ECMA-48): CSI, then OSC and
// its like if they end, then single ones.
var escapes = regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]?" +
	"|(?:\x1b[\\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\x07\x1b\u009c\n]*(?:\x07|\x1b\\\\|\u009c)" +
	"|\x1b[ -/]*[0-~]?")

// Clean takes from text whatever a reader does not see and a model does: terminal
// escapes, control characters, bidirectional marks, invisible characters. Line
// breaks and tabs stay. The result is valid UTF-8.
func Clean(text string) string {
	if tidy(text) {
		return text
	}
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	if strings.ContainsAny(text, "\x1b\u0090\u0098\u009b\u009d\u009e\u009f") {
		text = escapes.ReplaceAllString(text, "")
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var b strings.Builder
	b.Grow(len(text))
	last := utf8.RuneError
	for i, r := range text {
		switch {
		case r == '\n', r == '\t':
		case r == '\r', r == '\u0085', r == '\u2028', r == '\u2029':
			r = '\n'
		case joins(r):
			next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
			if !joined(last, r, next) {
				continue
			}
		case invisible(r):
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// tidy reports whether text is printable ASCII, as most is.
func tidy(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < ' ' || c > '~') && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// emojiStyle asks for the colourful form of the character before it.
const emojiStyle = '\ufe0f'

// joins reports whether r belongs between characters of some scripts, and in
// emoji: anywhere else it hides something.
func joins(r rune) bool { return r == '\u200c' || r == '\u200d' || r == emojiStyle }

// joined reports whether r, which joins, stands where it belongs.
func joined(last, r, next rune) bool {
	if r == emojiStyle {
		return joinable(last)
	}
	return (joinable(last) || last == emojiStyle) && joinable(next)
}

func joinable(r rune) bool {
	return r != utf8.RuneError && r > 0xff && !joins(r) && !invisible(r)
}

// invisible reports whether r shows nothing. The number signs of Arabic and its
// neighbours are format characters too, but they show.
func invisible(r rune) bool {
	if unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Variation_Selector,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point)
}
