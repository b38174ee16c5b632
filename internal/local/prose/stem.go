package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/go-porterstemmer"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/russian"
	"golang.org/x/text/unicode/norm"
)

// Stem cuts a lower-case word to what its forms share. Words in Latin letters are
// cut as the index's tokenizer porter does, without their accents; that knows
// English, and of other languages little more than the plural. Cyrillic words are
// cut as Russian ones, which the index does not do: see Beginning.
func Stem(word string) string {
	switch {
	case unicode.Is(unicode.Cyrillic, firstLetter(word)):
		env := snowballstem.NewEnv(plainCyrillic(word))
		russian.Stem(env)
		return env.Current()
	case Latin(word):
		return porterstemmer.StemString(withoutAccents(word))
	}
	return porterstemmer.StemString(word)
}

// Beginning is what the forms of a word begin with, where the index does not cut
// them itself: "договор" for "договору". Without ok the word stands for itself.
func Beginning(word string) (stem string, ok bool) {
	const fewest = 3 // letters; the forms of a shorter stem are others' words
	if !unicode.Is(unicode.Cyrillic, firstLetter(word)) {
		return "", false
	}
	stem = Stem(word)
	return stem, utf8.RuneCountInString(stem) >= fewest && strings.HasPrefix(plainCyrillic(word), stem)
}

func firstLetter(word string) rune {
	r, _ := utf8.DecodeRuneInString(word)
	return r
}

// plainCyrillic writes ё as most people do.
func plainCyrillic(word string) string { return strings.ReplaceAll(word, "ё", "е") }

// withoutAccents takes off what the index's remove_diacritics does.
func withoutAccents(word string) string {
	if !strings.ContainsFunc(word, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return word
	}
	return strings.Map(func(r rune) rune {
		if isMark(r) {
			return -1
		}
		return r
	}, norm.NFD.String(word))
}
