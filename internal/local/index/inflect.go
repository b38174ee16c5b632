package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// How far words are looked for in their other forms. The index cuts off English
// endings only; of what it has of other languages, a search picks the forms itself.
const (
	fewestShared = 3      // letters that forms share; of fewer, too much else begins so
	mostForms    = 24     // of a word
	oneInMany    = 10_000 // passages, of which one is enough to look for a language's forms
	usesCounted  = 30     // passages from which is told whose word one is
	fewUses      = 5      // passages with a word itself, from which on a question needs no other forms of it to be answered
	fewWords     = 2      // a query of no more has nothing else to find things by
)

// Forms are the stems that other forms of a word have in the index, in the languages
// that it is used in: "rechnung" for "Rechnungen". English forms have one stem.
func (x *Index) Forms(ctx context.Context, word string) ([]string, error) {
	in, err := x.inflections(ctx)
	if err != nil {
		return nil, err
	}
	return in.forms(ctx, strings.ToLower(word))
}

// inflections finds the other forms of words.
type inflections struct {
	store     *store.Store
	languages []prose.Language // that the passages are written in
	patience  time.Duration    // for each word
}

// written remembers the languages of a store, which it takes as long as a search to
// find out.
type written struct {
	mu        sync.Mutex
	last      int64 // passage, when they were looked for
	languages []prose.Language
}

// inflections reads which languages there are forms of.
func (x *Index) inflections(ctx context.Context) (inflections, error) {
	const part = 100 // of the passages that come in, after which languages are looked for again
	last, err := x.store.LastPassage(ctx)
	if err != nil {
		return inflections{}, err
	}
	x.written.mu.Lock()
	defer x.written.mu.Unlock()
	if grown := last - x.written.last; grown < 0 || grown > x.written.last/part {
		if x.written.languages, err = languages(ctx, x.store, last); err != nil {
			return inflections{}, err
		}
		x.written.last = last
	}
	return inflections{x.store, x.written.languages, x.limits.patience}, nil
}

// languages are those that the passages up to the last are written in.
func languages(ctx context.Context, s *store.Store, last int64) ([]prose.Language, error) {
	enough := 1 + int(last)/oneInMany
	var found []prose.Language
	for _, l := range prose.Languages() {
		passages, _, err := s.Matches(ctx, anyOf(l.Common()), enough)
		if err != nil {
			return nil, fmt.Errorf("look for languages: %w", err)
		}
		if passages == enough {
			found = append(found, l)
		}
	}
	return found, nil
}

// forms are the stems in the index of the other forms of a word.
func (in inflections) forms(ctx context.Context, word string) ([]string, error) {
	if len(in.languages) == 0 || !prose.Latin(word) {
		return nil, nil
	}
	bounded, cancel := context.WithTimeout(ctx, in.patience)
	defer cancel()
	var found []string
	for _, l := range in.languages {
		others, err := in.formsIn(bounded, l, word)
		if bounded.Err() != nil && ctx.Err() == nil {
			break // it takes too long: those found will do
		}
		if err != nil {
			return nil, err
		}
		for _, other := range others {
			if !slices.Contains(found, other) {
				found = append(found, other)
			}
		}
	}
	return found[:min(len(found), mostForms)], nil
}

// formsIn are forms in one language. That a word and a form only look like words of
// it, in a mailbox that has English too, shows in what stands around them.
func (in inflections) formsIn(ctx context.Context, l prose.Language, word string) ([]string, error) {
	used, err := in.used(ctx, l, operand(word))
	if err != nil || !used {
		return nil, err
	}
	own := prose.Stem(word)
	var found []string
	for _, written := range append([]string{word}, l.Variants(word)...) {
		others, err := in.alike(ctx, l, written)
		if err != nil {
			return nil, err
		}
		for _, other := range others[:min(len(others), mostForms)] {
			if other == own || slices.Contains(found, other) {
				continue
			}
			if used, err = in.used(ctx, l, operand(spelled(other)[0])); err != nil {
				return nil, err
			}
			if used {
				found = append(found, other)
			}
		}
	}
	return found, nil
}

// alike are the stems in the index that are cut to the same in a language as a word
// is; all of them can be spelled.
func (in inflections) alike(ctx context.Context, l prose.Language, word string) ([]string, error) {
	stem := l.Stem(word)
	if len(stem) < fewestShared {
		return nil, nil
	}
	begins := stem[:max(fewestShared, len(stem)-1)] // the last letter may be another one: "journal", "journaux"
	if strings.Contains(word, "ß") {
		begins = strings.Replace(stem, "ss", "ß", 1)
	}
	known, err := in.store.Words(ctx, begins, nearWords)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(known, func(other string) bool {
		return !slices.ContainsFunc(spelled(other), func(word string) bool { return l.Stem(word) == stem })
	}), nil
}

// used reports whether a word is used in a language no less than in English.
func (in inflections) used(ctx context.Context, l prose.Language, word string) (bool, error) {
	inLanguage, _, err := in.store.Matches(ctx, word+" AND ("+anyOf(l.Common())+")", usesCounted)
	if err != nil {
		return false, err
	}
	inEnglish, _, err := in.store.Matches(ctx, word+" AND ("+anyOf(commonInEnglish())+")", usesCounted)
	return inLanguage >= inEnglish, err
}

func commonInEnglish() []string { return []string{"the", "and", "you", "with", "are"} }

func anyOf(words []string) string { return strings.Join(operands(words), " OR ") }

// spelled are words of which the index makes the stem: "hau" is from "Haus", as
// English endings are cut off in all languages.
func spelled(stem string) []string {
	var words []string
	for _, ending := range []string{"", "s", "e", "es"} {
		if word := stem + ending; prose.Stem(word) == stem {
			words = append(words, word)
		}
	}
	return words
}
