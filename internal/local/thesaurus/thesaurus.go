// Package thesaurus knows which words of English are looked for in one another's
// place: forms that stemming keeps apart, and words of much the same meaning. Both
// lists were written from general knowledge of the language.
package thesaurus

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// forms has on each line the forms of a word.
//
//go:embed forms.txt
var forms string

// synonyms has on each line words that people use for one another.
//
//go:embed synonyms.txt
var synonyms string

// Thesaurus finds words by their stems.
type Thesaurus struct {
	forms, synonyms map[string][]string
}

// Read reads the thesaurus, which takes some milliseconds.
func Read() *Thesaurus { return &Thesaurus{table(forms), table(synonyms)} }

// Forms are forms of a lower-case word that have another stem than it: "decision" of
// "decides", and the other spelling of "realise".
func (t *Thesaurus) Forms(word string) []string {
	found := t.forms[prose.Stem(word)]
	if other, ok := acrossTheAtlantic(word); ok && !slices.Contains(found, other) {
		found = append(slices.Clip(found), other)
	}
	return found
}

// Synonyms are words, with their forms, that mean much the same as a lower-case word.
func (t *Thesaurus) Synonyms(word string) []string {
	own := t.Forms(word)
	var found []string
	for _, other := range t.synonyms[prose.Stem(word)] {
		for _, form := range append([]string{other}, t.Forms(other)...) {
			if !slices.Contains(own, form) && !slices.Contains(found, form) && prose.Stem(form) != prose.Stem(word) {
				found = append(found, form)
			}
		}
	}
	return found
}

// table has, by the stem of each word of a line, the line's words with other stems.
func table(text string) map[string][]string {
	others := map[string][]string{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(line)
		for _, word := range words {
			stem := prose.Stem(word)
			for _, other := range words {
				if prose.Stem(other) != stem && !slices.Contains(others[stem], other) {
					others[stem] = append(others[stem], other)
				}
			}
		}
	}
	return others
}

// acrossTheAtlantic is a word as it is spelled on the other side: "-ise" is British,
// "-ize" is American.
func acrossTheAtlantic(word string) (other string, ok bool) {
	const fewest = 4 // letters before the ending; shorter words, as "rise", have one spelling
	for _, ending := range []string{"e", "es", "ed", "er", "ers", "ing", "ation", "ations"} {
		for _, spelled := range [][2]string{{"is", "iz"}, {"iz", "is"}} {
			begins, ok := strings.CutSuffix(word, spelled[0]+ending)
			if ok && len(begins) >= fewest {
				return begins + spelled[1] + ending, true
			}
		}
	}
	return "", false
}
