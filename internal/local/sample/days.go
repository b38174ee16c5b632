package sample

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// days counts working days around a time. Day 0 is today, or on a weekend the
// working day before it, so that whatever the weekday the work stays on working
// days and in order.
type days struct{ zero time.Time }

func newDays(now time.Time) days {
	zero := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	for weekend(zero) {
		zero = zero.AddDate(0, 0, -1)
	}
	return days{zero}
}

func weekend(t time.Time) bool {
	return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
}

// day is midnight of the working day that is n after day 0.
func (d days) day(n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	t := d.zero
	for n > 0 {
		t = t.AddDate(0, 0, step)
		if !weekend(t) {
			n--
		}
	}
	return t
}

// at is a time of day on working day n, as the wall clock shows it.
func (d days) at(n int, clock time.Duration) time.Time {
	t := d.day(n)
	return time.Date(t.Year(), t.Month(), t.Day(), int(clock.Hours()), int(clock.Minutes())%60, 0, 0, t.Location())
}

var placeholder = regexp.MustCompile(`\{(\w+):([+-]?\d+)\}`)

// expand replaces the dates in a text that was written on working day today:
//
//	{date:3}     March 12
//	{weekday:3}  Thursday
//	{day:3}      today, tomorrow, yesterday or the weekday
//	{days:3}     the number of calendar days between the two
//
// A capital letter gives a capital letter. Unknown kinds stay as they are.
func (d days) expand(text string, today int) string {
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		m := placeholder.FindStringSubmatch(match)
		n, err := strconv.Atoi(m[2])
		if err != nil {
			return match
		}
		word := d.word(strings.ToLower(m[1]), d.day(today), d.day(n))
		if word == "" {
			return match
		}
		if m[1][0] < 'a' {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		return word
	})
}

// word says day when on day today; it is empty for an unknown kind.
func (d days) word(kind string, today, when time.Time) string {
	distance := calendarDays(today, when)
	switch kind {
	case "date":
		return when.Format("January 2")
	case "days":
		return strconv.Itoa(max(distance, -distance))
	case "weekday":
		return when.Weekday().String()
	case "day":
		switch distance {
		case 0:
			return "today"
		case 1:
			return "tomorrow"
		case -1:
			return "yesterday"
		}
		return when.Weekday().String()
	}
	return ""
}

// calendarDays counts midnights, which are not always 24 hours apart.
func calendarDays(from, to time.Time) int {
	return int(utcMidnight(to).Sub(utcMidnight(from)) / (24 * time.Hour))
}

func utcMidnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
