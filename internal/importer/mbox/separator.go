package mbox

import (
	"bytes"
	"regexp"
	"strings"
	"time"
)

var (
	separator = []byte("From ")
	newline   = []byte("\n")
)

// envelopeDate is the ctime date of a separator line, with the zone that some
// programs put before or behind the year.
var envelopeDate = regexp.MustCompile(
	`\b((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2} \d{2}:\d{2}(?::\d{2})?)` +
		`(?: ([A-Z]{2,5}|[+-]\d{4}))? (\d{4})(?: ([A-Z]{2,5}|[+-]\d{4}))?\s*$`)

// longestField is how long the name of a header field is at most.
const longestField = 80

// beginsField reports whether text begins with a header field with which messages
// begin. Any "word:" will not do, for "From what I hear," may be followed by "http://...".
func beginsField(text []byte) bool {
	name, _, found := bytes.Cut(text[:min(len(text), longestField)], []byte(":"))
	if !found {
		return false
	}
	name = bytes.ToLower(bytes.TrimRight(name, " \t"))
	switch string(name) {
	case "return-path", "received", "delivered-to", "envelope-to", "from", "to", "date", "subject", "message-id", "mime-version",
		"content-type", "sender", "reply-to", "list-id", "status", "dkim-signature", "authentication-results":
		return true
	}
	unprinted := func(r rune) bool { return r <= ' ' || r > '~' }
	return (bytes.HasPrefix(name, []byte("x-")) || bytes.HasPrefix(name, []byte("arc-"))) && !bytes.ContainsFunc(name, unprinted)
}

// isSeparator judges a line that begins "From ". Mailboxes exist in which body
// lines of that kind are not quoted, in which separators follow no empty line,
// and in which they bear no date. Hence two of three must hold: an empty line
// before, a header field behind, a date within, which is looked for last because
// that takes longest.
func isSeparator(line, rest []byte, blankBefore bool) bool {
	field := beginsField(rest)
	if field == blankBefore {
		return field
	}
	return envelopeDate.Match(line)
}

// EnvelopeDate returns the date of a separator line, zero if it has none. A line
// without a zone is in UTC, as RFC 4155 asks.
func (m Message) EnvelopeDate() time.Time {
	// As RFC 4155 has it, and nearly all programs.
	if at, err := time.Parse(time.ANSIC, m.Envelope[max(len(m.Envelope)-len(time.ANSIC), 0):]); err == nil {
		return at
	}
	found := envelopeDate.FindStringSubmatch(m.Envelope)
	if found == nil {
		return time.Time{}
	}
	text := strings.Join(strings.Fields(found[1]), " ") + " " + found[3]
	for _, layout := range []string{"Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04 2006"} {
		if at, err := time.Parse(layout+" -0700", text+" "+found[2]+found[4]); err == nil {
			return at.UTC()
		}
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	return time.Time{}
}
