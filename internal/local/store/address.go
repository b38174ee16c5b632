package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is where something stands in a text.
type span struct{ from, to int }

// identitySpans finds what somebody may be known by in a text.
func identitySpans(text string) iter.Seq[span] {
	return func(yield func(span) bool) {
		for s := range addressSpans(text) {
			if !yield(s) {
				return
			}
		}
		for s := range accountSpans(text) {
			if !yield(s) {
				return
			}
		}
	}
}

// accountSpans finds what may be an account in a text, such as slack:U0123
// (attrove.MetaSenderID).
func accountSpans(text string) iter.Seq[span] {
	return func(yield func(span) bool) {
		for next := 0; ; {
			i := strings.IndexByte(text[next:], ':')
			if i < 0 {
				return
			}
			colon := next + i
			next = colon + 1
			from := len(strings.TrimRightFunc(text[:colon], inAccount))
			to := len(text) - len(strings.TrimLeftFunc(text[next:], inAccount))
			if from < colon && to > next && !yield(span{from, to}) {
				return
			}
		}
	}
}

func inAccount(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_'
}

// addressSpans finds what may be an e-mail address in a text. What stands before
// the @ begins in more than one place where people and programs put marks that
// an address may hold as well: 'ann@x.org', *ann@x.org*, to=ann@x.org.
func addressSpans(text string) iter.Seq[span] {
	return func(yield func(span) bool) {
		for next := 0; ; {
			i := strings.IndexByte(text[next:], '@')
			if i < 0 {
				return
			}
			at := next + i
			next = at + 1
			to := next + len(text[next:]) - len(strings.TrimLeftFunc(text[next:], inDomain))
			to = next + len(strings.TrimRight(text[next:to], ".-"))
			from := len(strings.TrimRightFunc(text[:at], inLocalPart))
			if from == at || to == next {
				continue
			}
			for from < at {
				if !yield(span{from, to}) {
					return
				}
				from = later(text, from, at)
			}
		}
	}
}

// later is where else an address may begin in text[from:at].
func later(text string, from, at int) int {
	if bare := strings.TrimLeft(text[from:at], localMarks); len(bare) < at-from {
		return at - len(bare)
	}
	if i := strings.IndexAny(text[from:at], separators); i >= 0 {
		return from + i + 1
	}
	return at
}

// localMarks may stand in an address before the @ (RFC 5322, atext), but at its
// beginning more often stand around one; separators do so anywhere.
const (
	localMarks = "!#$%&'*/=?^_`{|}~."
	separators = "&/=?`{|}"
)

func inLocalPart(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(localMarks+"+-", r)
}

func inDomain(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '.'
}

// names reports whether a text has any of the addresses or accounts, which are in
// lower case.
func names(text string, addresses map[string]bool) bool {
	for s := range identitySpans(text) {
		if addresses[strings.ToLower(text[s.from:s.to])] {
			return true
		}
	}
	return false
}

// removedMark stands where an address stood.
const removedMark = "[removed]"

// redact puts a mark in the place of the addresses and accounts, which are in
// lower case.
func redact(text string, addresses map[string]bool) string {
	text = redactSpans(text, addressSpans(text), addresses)
	return redactSpans(text, accountSpans(text), addresses)
}

func redactSpans(text string, spans iter.Seq[span], addresses map[string]bool) string {
	var b strings.Builder
	done := 0
	for s := range spans {
		if s.from >= done && addresses[strings.ToLower(text[s.from:s.to])] {
			b.WriteString(text[done:s.from])
			b.WriteString(removedMark)
			done = s.to
		}
	}
	if done == 0 {
		return text
	}
	return b.String() + text[done:]
}

// identitiesOf returns what may be an e-mail address or an account in any text of
// a JSON document, in lower case.
func identitiesOf(document []byte) ([]string, error) {
	var all []string
	tokens := json.NewDecoder(bytes.NewReader(document))
	for {
		token, err := tokens.Token()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read whom it names: %w", err)
		}
		text, ok := token.(string)
		if !ok || !utf8.ValidString(text) {
			continue
		}
		for s := range identitySpans(text) {
			all = append(all, strings.ToLower(text[s.from:s.to]))
		}
	}
}
