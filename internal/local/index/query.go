package index

import (
	"context"
	"fmt"
	"slices"

	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// query is a text as it is looked for.
type query struct {
	expression
	wanted wanted
	vector embed.Vector // nil without a model
}

// read takes a text apart. What occurs nowhere is looked for as what it may have
// been meant as, too.
func (x *Index) read(ctx context.Context, text string) (query, error) {
	q := query{expression: parse(text)}
	if len(q.words) == 0 {
		return q, nil
	}
	in, err := x.inflections(ctx)
	if err != nil {
		return query{}, err
	}
	short := abbreviations(text)
	for _, word := range short {
		q.words = append(q.words, []string{operand(word)})
	}
	words := distinctStems(append(topic(text), short...))
	others := x.others(text, words)
	for _, word := range words {
		if err := x.readWord(ctx, &q, in, word, others(word)); err != nil {
			return query{}, err
		}
	}
	q.wanted.wantTogether(text)
	if x.meaning != nil {
		q.vector = x.meaning.vector(ctx, text)
	}
	return q, nil
}

// readWord has q look for a word as it stands, in its other forms, and as what is said
// in its place.
func (x *Index) readWord(ctx context.Context, q *query, in inflections, word string, other others) error {
	inflected, err := in.forms(ctx, word)
	if err != nil {
		return fmt.Errorf("look for other forms: %w", err)
	}
	if err := x.also(ctx, q, word, inflected); err != nil {
		return err
	}
	var found instead
	if len(inflected) == 0 {
		if found, err = x.instead(ctx, word, other); err != nil {
			return fmt.Errorf("look for other words: %w", err)
		}
	}
	for _, operands := range [][]string{operands(found.words), spellings(found.stems)} {
		if len(operands) > 0 {
			q.words = append(q.words, operands)
		}
	}
	if found.letters != "" {
		q.words = append(q.words, []string{found.letters})
	}
	q.wanted.want(slices.Concat([]string{prose.Stem(word)}, inflected, found.stems, stems(other.forms))...)
	q.wanted.orRather(stems(other.synonyms)...)
	return nil
}

// distinctStems are the words with different stems, as many as a query takes.
func distinctStems(words []string) []string {
	var kept, seen []string
	for _, word := range words {
		stem := prose.Stem(word)
		if !slices.Contains(seen, stem) && len(seen) < maxTerms {
			kept, seen = append(kept, word), append(seen, stem)
		}
	}
	return kept
}

// also looks for other forms of a word, unless the question finds enough without: a
// form that is rarer than the word counts more to bm25 than what was asked for. What
// is found gains by each form in any case.
func (x *Index) also(ctx context.Context, q *query, word string, stems []string) error {
	if len(stems) == 0 {
		return nil
	}
	asked := forms(word)[0]
	used, _, err := x.store.Matches(ctx, asked, fewUses)
	if err != nil || used == fewUses && len(q.words) > fewWords {
		return err
	}
	for i, forms := range q.words {
		if forms[0] == asked {
			q.words[i] = append(forms, spellings(stems)...)
			break
		}
	}
	return nil
}

// spellings are the operands for stems of the index. That cuts them once more, so
// words stand for them.
func spellings(stems []string) []string {
	var all []string
	for _, stem := range stems {
		if words := spelled(stem); len(words) > 0 {
			all = append(all, operand(words[0]))
		}
	}
	return all
}

func operands(words []string) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = operand(w)
	}
	return all
}

// topic are the words of a text that are looked for: all but the stop words,
// unless there are no others.
func topic(text string) []string {
	all := prose.Words(text)
	words := slices.DeleteFunc(slices.Clone(all), prose.StopWords(text))
	if len(words) == 0 {
		return all
	}
	return words
}
