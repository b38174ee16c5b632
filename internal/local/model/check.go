package model

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/prose"
)

const (
	maxText      = 1000 // characters of a summary
	maxSentences = 4
)

var (
	citation = regexp.MustCompile(`\[([^\[\]]*)\]`)
	late     = regexp.MustCompile(`([.!?])(["”]?)((?: \[[^\[\]]*\])+)[.!?]?`) // citations that follow the full stop
	number   = regexp.MustCompile(`[0-9]+(?:[.,][0-9]+)*`)
	address  = regexp.MustCompile(`\S*(?:://|@|[\pL\pN]\.\pL{2})\S*`) // URLs, mail addresses, names of hosts
	passing  = regexp.MustCompile(`(?i)\b(?:today|tonight|yesterday|tomorrow|ago|(?:hour|day|week|month)s?)\b`)
)

// Plain makes white space plain and puts citations before the full stop, where
// the rules write them.
func Plain(text string) string {
	return late.ReplaceAllString(strings.Join(strings.Fields(text), " "), "$2$3$1")
}

// Check says why text cannot stand for the summary of a finding, without its
// words. It is to be a few sentences of plain text, each of which cites, and to
// hold no citation, number or address that the finding does not.
func Check(text string, f goals.Finding) error {
	if err := checkForm(text, maxText); err != nil {
		return err
	}
	if err := checkCitations(text, f.Cited); err != nil {
		return err
	}
	return checkWords(citation.ReplaceAllString(text, " "), known(f))
}

// checkForm checks that text is short, and can be printed.
func checkForm(text string, most int) error {
	switch {
	case utf8.RuneCountInString(text) > most:
		return fmt.Errorf("it has more than %d characters", most)
	case !utf8.ValidString(text), strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("it holds what cannot be printed")
	}
	return nil
}

func checkCitations(text string, cited []attrove.EvidenceRef) error {
	for _, id := range citation.FindAllStringSubmatch(text, -1) {
		if !slices.ContainsFunc(cited, func(ref attrove.EvidenceRef) bool { return ref.ID == id[1] }) {
			return errors.New("it cites what the finding does not")
		}
	}
	sentences := prose.Sentences(text)
	if len(sentences) == 0 || len(sentences) > maxSentences {
		return fmt.Errorf("it has %d sentences, not 1 to %d", len(sentences), maxSentences)
	}
	for _, s := range sentences {
		if !citation.MatchString(s.Text) {
			return errors.New("a sentence cites nothing")
		}
	}
	return nil
}

// checkWords checks that words are plain, and their numbers and addresses against
// what is known.
func checkWords(words, known string) error {
	if strings.ContainsAny(words, "[]<>`*") {
		return errors.New("it holds markup")
	}
	in := numbers(known)
	for n := range numbers(words) {
		if !in[n] {
			return errors.New("it holds a number that it cannot know")
		}
	}
	known = strings.ToLower(known)
	for _, a := range address.FindAllString(words, -1) {
		if !strings.Contains(known, strings.ToLower(strings.Trim(a, `.,;:!?()"'`))) {
			return errors.New("it holds an address that it cannot know")
		}
	}
	return nil
}

// numbers are those of a text, without what parts their digits.
func numbers(text string) map[string]bool {
	found := map[string]bool{}
	for _, n := range number.FindAllString(text, -1) {
		found[strings.TrimLeft(strings.NewReplacer(".", "", ",", "").Replace(n), "0")] = true
	}
	return found
}

// known is all that a finding says, but for its ids.
func known(f goals.Finding) string {
	all := []string{f.Summary, string(f.NextMove.Description), string(f.NextMove.DueAt)}
	for _, risk := range f.Risks {
		all = append(all, string(risk.Description))
	}
	for i, text := range all {
		all[i] = citation.ReplaceAllString(text, " ")
	}
	for _, ref := range f.Cited {
		all = append(all, string(ref.Snippet), string(ref.OccurredAt))
	}
	return strings.Join(all, "\n")
}

// Lasting reports whether what a summary says of time stays true as days pass.
func Lasting(text string) bool { return !passing.MatchString(text) }
