package mail

import (
	"net/mail"
	"strings"
	"time"
)

// DateSource says where a message's date comes from.
type DateSource string

// Where a date comes from, best first.
const (
	FromDateField DateSource = "date"      // the Date field
	FromEnvelope  DateSource = "separator" // the mailbox's separator line
	FromReceived  DateSource = "received"  // the last mail system that handled it
	FromNowhere   DateSource = ""          // there is no date
)

// When returns the best date there is for the message, and where it is from.
func (h Header) When(at Context) (time.Time, DateSource) {
	if sent, ok := parseDate(h.Get("Date"), at.Latest); ok {
		return sent, FromDateField
	}
	if !at.Envelope.IsZero() && !at.Envelope.After(at.Latest) {
		return at.Envelope, FromEnvelope
	}
	for _, hop := range h.fields["Received"] {
		// RFC 5322 section 3.6.7: the date follows the last semicolon.
		if i := strings.LastIndexByte(hop, ';'); i >= 0 {
			if received, ok := parseDate(oneLine(hop[i+1:]), at.Latest); ok {
				return received, FromReceived
			}
		}
	}
	return time.Time{}, FromNowhere
}

// plausible is when mail began to have these headers; what claims to be older
// has a broken clock.
var plausible = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// usualDate is how nearly all programs write a date (RFC 5322 section 3.3), but for
// the comment that may follow. It is tried first because net/mail tries a dozen others before.
const usualDate = "Mon, 2 Jan 2006 15:04:05 -0700"

// dateLayouts are wrong forms that are seen in mail, tried after RFC 5322.
var dateLayouts = []string{
	"Mon, 2 Jan 2006 15:04:05", "2 Jan 2006 15:04:05", "Mon, 2 Jan 2006 15:04", "Mon Jan 2 15:04:05 2006",
	"Mon Jan 2 15:04:05 MST 2006", "Mon Jan 2 15:04:05 -0700 2006", "Mon, 2 Jan 06 15:04:05 -0700",
	"Monday, January 2, 2006 3:04 PM", "Monday, January 2, 2006 3:04:05 PM", time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05",
}

func parseDate(text string, latest time.Time) (time.Time, bool) {
	bare, _, _ := strings.Cut(text, " (")
	at, err := time.Parse(usualDate, bare)
	if err != nil {
		at, err = mail.ParseDate(text)
	}
	for i := 0; err != nil && i < len(dateLayouts); i++ {
		at, err = time.Parse(dateLayouts[i], text)
	}
	if err != nil || at.Before(plausible) || at.After(latest) {
		return time.Time{}, false
	}
	return at.UTC(), true
}
