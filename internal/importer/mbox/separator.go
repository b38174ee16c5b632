package mbox

import (
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

// firstField is a header field with which messages begin. Any "word:" will not
// do, for "From what I hear," may be followed by "http://...".
var firstField = regexp.MustCompile(`(?i)^(?:return-path|received|delivered-to|envelope-to|from|to|date|subject|message-id|` +
	`mime-version|content-type|sender|reply-to|list-id|status|dkim-signature|authentication-results|arc-[a-z-]+|x-[!-9;-~]+)[ \t]*:`)

// isSeparator judges a line that begins "From ". Mailboxes exist in which body
// lines of that kind are not quoted, in which separators follow no empty line,
// and in which they bear no date. Hence two of three must hold: an empty line
// before, a date within, a header field behind.
func isSeparator(line, rest []byte, blankBefore bool) bool {
	votes := 0
	if blankBefore {
		votes++
	}
	if envelopeDate.Match(line) {
		votes++
	}
	if firstField.Match(rest) {
		votes++
	}
	return votes >= 2
}

// EnvelopeDate returns the date of a separator line, zero if it has none. A line
// without a zone is in UTC, as RFC 4155 asks.
func (m Message) EnvelopeDate() time.Time {
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
