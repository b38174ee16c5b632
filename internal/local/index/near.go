package index

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/antzucaro/matchr"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// How far words that occur nowhere are looked for as what they may have been meant
// as: people mistype, and transcripts are full of names as a machine heard them.
const (
	fewestLetters = 5 // of shorter words too many others are near
	longWord      = 8 // letters, from which on two may be wrong
	sameStart     = 2 // letters that are right: they hardly ever are not
	mostNear      = 4 // words in the place of one
	mostInitials  = 5 // letters of an abbreviation

	nearWords = 20_000 // words that are looked at
)

// instead is what stands for a word that hardly occurs.
type instead struct {
	words   []string // others that are said for it
	stems   []string // words that it is mistaken for, as they are stemmed
	letters string   // the operand for it with its letters apart, as in "A.P.I."; "" for none
}

// instead looks for what a word may stand for.
func (x *Index) instead(ctx context.Context, word string, other others) (instead, error) {
	if len(word) < sameStart || !plain(word) {
		return instead{}, nil
	}
	uses, _, err := x.store.Matches(ctx, operand(word), fewUses)
	if err != nil {
		return instead{}, err
	}
	var found instead
	if found.words, err = other.instead(ctx, x.store, uses); err != nil || uses > 0 || len(found.words) > 0 {
		return found, err
	}
	if len(word) <= mostInitials {
		found.letters = operand(strings.Split(word, "")...)
	}
	found.stems, err = x.near(ctx, prose.Stem(word))
	return found, err
}

// near returns the stems in the index that differ least from one that is not.
func (x *Index) near(ctx context.Context, stem string) ([]string, error) {
	if len(stem) < fewestLetters {
		return nil, nil
	}
	bounded, cancel := context.WithTimeout(ctx, x.limits.patience)
	defer cancel()
	known, err := x.store.Words(bounded, stem[:sameStart], nearWords)
	if bounded.Err() != nil && ctx.Err() == nil {
		return nil, nil // it takes too long: the word stands for itself
	}
	if err != nil {
		return nil, err
	}
	return nearest(stem, known), nil
}

// nearest are the stems among known with the fewest letters wrong.
func nearest(stem string, known []string) []string {
	var found []string
	least := 2
	for _, other := range known {
		if distance := apart(stem, other); distance < least {
			least, found = distance, []string{other}
		} else if distance == least {
			found = append(found, other)
		}
	}
	return found[:min(len(found), mostNear)]
}

// apart is how many letters of a stem another one has wrong, as far as people, or
// machines that listen, get so many wrong; else it is far.
func apart(stem, other string) int {
	const far, least = 3, 1
	if len(other) > fewestLetters && strings.HasPrefix(stem, other) { // with an ending that is none, or that stemming does not know
		return least
	}
	if len(other) < fewestLetters-1 || max(len(stem)-len(other), len(other)-len(stem)) >= far || !plain(other) {
		return far
	}
	distance := matchr.OSA(stem, other)
	if distance == 2 && len(stem) < longWord && !alike(stem, other) {
		return far
	}
	return distance
}

// alike reports whether two words sound the same.
func alike(a, b string) bool {
	first, second := matchr.DoubleMetaphone(a)
	other, another := matchr.DoubleMetaphone(b)
	return first == other || second == another
}

// abbreviations are those of a text that are written with dots, without them.
func abbreviations(text string) []string {
	var words []string
	for _, field := range strings.Fields(text) {
		letters := strings.Split(strings.Trim(field, `.,;:!?()"'`), ".")
		if len(letters) > 1 && !slices.ContainsFunc(letters, func(l string) bool { return utf8.RuneCountInString(l) != 1 }) {
			words = append(words, strings.ToLower(strings.Join(letters, "")))
		}
	}
	return words
}

// plain reports whether a word is of Latin letters without marks: of those it is
// known how they sound.
func plain(word string) bool {
	return !slices.ContainsFunc([]byte(word), func(b byte) bool { return b >= utf8.RuneSelf || b < 'a' || b > 'z' })
}
