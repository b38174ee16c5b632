// Package slug puts words for people before an id, as in osterveld-renewal~gol_1,
// and takes them off again. Completions offer ids in this form.
package slug

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// mark stands between the words and the id.
const mark = "~"

// most is how many letters of a title stand before an id.
const most = 40

// Join is an id with words of its title before it.
func Join(title, id string) string {
	if words := inWords(title); words != "" {
		return words + mark + id
	}
	return id
}

// Has reports whether text has the form that Join gives.
func Has(text string) bool { return strings.Contains(text, mark) }

// ID is the id in text, which may be slug~id. It reports false when what is left
// can be no id: when it is empty, dots alone, or holds slashes, spaces or what
// does not show.
func ID(text string) (id string, ok bool) {
	id = text[strings.LastIndex(text, mark)+1:]
	odd := strings.ContainsFunc(id, func(r rune) bool { return r == '/' || r == '\\' || unicode.IsSpace(r) || !unicode.IsPrint(r) })
	return id, id != "" && strings.Trim(id, ".") != "" && !odd
}

// inWords is a title in letters that need no escapes in a URI.
func inWords(title string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(title)) {
		switch {
		case unicode.Is(unicode.Mn, r): // an accent, apart from its letter
			continue
		case r < '0', r > '9' && r < 'a', r > 'z':
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
	}
	words := b.String()
	if len(words) <= most {
		return words
	}
	if end := strings.LastIndex(words[:most+1], "-"); end > 0 {
		return words[:end]
	}
	return words[:most]
}
