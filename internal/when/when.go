// Package when reads dates and periods as people say them in English: "this
// week", "since Monday", "last 7 days", "in March 2001", "7d", "2026-11-03". Of
// German, French and Spanish it knows until when something is due.
//
// Everything happens in the zone that now carries. A day is a calendar day, so
// it has 23 or 25 hours where the clocks change; weeks start on Monday. "Last
// Tuesday" is the latest Tuesday before today, "next Tuesday" the one of next
// week, as "next week" is the week after this one.
package when

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Period is a stretch of time, [From, To). A zero From or To is open: "before
// March" has no start.
type Period struct {
	From, To time.Time
	Phrase   string // the words it was read from
}

// Contains reports whether t falls in the period.
func (p Period) Contains(t time.Time) bool {
	return !t.Before(p.From) && (p.To.IsZero() || t.Before(p.To))
}

// ParsePeriod finds the first period named in free text. Where a name alone
// leaves the side open ("on Tuesday", "in March"), it is the latest one, unless
// the text looks ahead ("what meetings do I have on Tuesday").
func ParsePeriod(text string, now time.Time) (Period, bool) {
	p := parser{toks: tokenize(text), now: now, ahead: looksAhead(text)}
	if period, ok := p.exactly(text, p.short); ok {
		return period, true
	}
	for i := range p.toks {
		period, next, ok := p.phrase(i)
		if ok && sane(period) {
			period.Phrase = text[p.toks[i].start:p.toks[next-1].end]
			return period, true
		}
	}
	return Period{}, false
}

// Bound is one end of a period: a filter by its name, with a value that
// ParseDate reads or none.
type Bound struct{ Name, Value string }

// BoundError says which of two bounds is wrong, and why.
type BoundError struct {
	Name string
	err  error
}

// Error names the bound and says what is wrong.
func (e *BoundError) Error() string { return e.Name + ": " + e.err.Error() }

// Unwrap returns what is wrong, without the name.
func (e *BoundError) Unwrap() error { return e.err }

// ParseBounds reads the period [from, to) between two days, both counted. An
// end that is not given is the zero time. Errors are *BoundError.
func ParseBounds(first, last Bound, now time.Time) (from, to time.Time, err error) {
	if first.Value != "" {
		if from, err = ParseDate(first.Value, now); err != nil {
			return from, to, &BoundError{first.Name, err}
		}
	}
	if last.Value != "" {
		if to, err = ParseDate(last.Value, now); err != nil {
			return from, to, &BoundError{last.Name, err}
		}
		to = NextDay(to)
	}
	if first.Value != "" && last.Value != "" && !from.Before(to) {
		return from, to, &BoundError{last.Name, errors.New("must not be before " + first.Name)}
	}
	return from, to, nil
}

var errDate = errors.New("want YYYY-MM-DD, RFC 3339, or words such as 7d, yesterday, since monday, last week, 3 november")

// ParseDate reads a whole filter value and returns the start of the day that it
// names; of a longer period, of its first day.
func ParseDate(text string, now time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return StartOfDay(t.In(now.Location())), nil
	}
	p := parser{toks: tokenize(text), now: now}
	period, ok := p.exactly(text, p.short, p.phrase, p.operand)
	if !ok || period.From.IsZero() {
		return time.Time{}, fmt.Errorf("%q is not a date: %w", clip(text), errDate)
	}
	return StartOfDay(period.From), nil
}

var errDeadline = errors.New("want RFC 3339 such as 2026-11-03T17:00:00Z, or a date such as 2026-11-03, tomorrow, friday")

// ParseDeadline reads a whole value as the moment when something is due: RFC
// 3339 as it stands, a date as the last second of that day. A weekday is the
// coming one.
func ParseDeadline(text string, now time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	p := parser{toks: tokenize(text), now: now, ahead: true}
	period, ok := p.exactly(text, p.short, p.phrase, p.operand)
	if !ok || period.To.IsZero() {
		return time.Time{}, fmt.Errorf("%q is not a deadline: %w", clip(text), errDeadline)
	}
	last := period.To.Add(-time.Nanosecond)
	return NextDay(last).Add(-time.Second), nil
}

// FindDeadline finds in free text, said at now, until when something is due: "by
// Friday", "due tomorrow", "before 3 November"; in German, French and Spanish, too.
func FindDeadline(text string, now time.Time) (Period, bool) {
	toks := tokenize(text)
	p := parser{toks: toks, now: now, ahead: true}
	if period, ok := p.deadline(text); ok {
		return period, true
	}
	p.toks = inEnglish(text, toks)
	return p.deadline(text)
}

// deadline finds the first one.
func (p parser) deadline(text string) (Period, bool) {
	for i := range p.toks {
		switch p.word(i) {
		case "by", "until", "before", "due", "till":
			at := i + 1
			for p.word(at) == "on" || p.word(at) == "latest" {
				at++
			}
			if period, next, ok := p.operand(at); ok && sane(period) {
				period.Phrase = text[p.toks[i].start:p.toks[next-1].end]
				return period, true
			}
		}
	}
	return Period{}, false
}

// FindAhead finds a deadline, or else the first period in free text that is not
// over at now, as in "I will send it tomorrow".
func FindAhead(text string, now time.Time) (Period, bool) {
	if period, ok := FindDeadline(text, now); ok {
		return period, true
	}
	p := parser{toks: tokenize(text), now: now, ahead: true}
	for i := range p.toks {
		if period, next, ok := p.phrase(i); ok && sane(period) && period.To.After(now) && !period.From.IsZero() {
			period.Phrase = text[p.toks[i].start:p.toks[next-1].end]
			return period, true
		}
	}
	return Period{}, false
}

// sane refuses what arithmetic on silly numbers gives ("last 9999 years") and
// ranges the wrong way round.
func sane(p Period) bool {
	if !p.From.IsZero() && (p.From.Year() < 1 || p.From.Year() > 9999) {
		return false
	}
	if !p.To.IsZero() && (p.To.Year() < 1 || p.To.Year() > 9999) {
		return false
	}
	return p.From.IsZero() || p.To.IsZero() || p.From.Before(p.To)
}

// clip keeps an error message short when the value is not.
func clip(s string) string {
	const most = 40
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
