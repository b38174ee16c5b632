package prose

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/spanish"
)

// Language is one with Latin letters whose endings are known, and are others than
// those of English that the full-text index cuts off.
type Language int

// All languages of that kind.
const (
	German Language = iota
	French
	Spanish
	Italian
	Portuguese
	Dutch
)

// Languages lists them.
func Languages() []Language { return []Language{German, French, Spanish, Italian, Portuguese, Dutch} }

// Stem cuts a lower-case word to what its forms in the language share, without
// accents. It makes the same of most words that the index has already cut.
func (l Language) Stem(word string) string {
	env := snowballstem.NewEnv(word)
	switch l {
	case German:
		german.Stem(env)
	case French:
		french.Stem(env)
	case Spanish:
		spanish.Stem(env)
	case Italian:
		italian.Stem(env)
	case Portuguese:
		portuguese.Stem(env)
	case Dutch:
		dutch.Stem(env)
	}
	return withoutAccents(env.Current())
}

// Common are words that many texts of the language have, and hardly any English
// one, as it has "los" and "des" in names.
func (l Language) Common() []string {
	switch l {
	case German:
		return []string{"und", "nicht", "auch", "wird", "eine", "wir", "bitte", "nach"}
	case French:
		return []string{"avec", "dans", "vous", "nous", "une", "cette", "votre", "être"}
	case Spanish:
		return []string{"que", "pero", "muy", "una", "por", "está", "también", "gracias"}
	case Italian:
		return []string{"che", "della", "sono", "nel", "gli", "anche", "una", "grazie"}
	case Portuguese:
		return []string{"não", "uma", "você", "pelo", "também", "obrigado", "obrigada"}
	case Dutch:
		return []string{"het", "een", "niet", "voor", "ook", "wij", "wordt"}
	}
	return nil
}
