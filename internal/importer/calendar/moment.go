package calendar

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// moment is a date, or a date and time on the clock of a zone.
type moment struct {
	wall time.Time
	zone zone
	day  bool // it is a date
}

func (m moment) instant() time.Time { return m.zone.at(m.wall) }

// plausible is whether an event can be then: calendars also hold history, and the
// zero of some clock.
func (m moment) plausible() bool { return m.wall.Year() > 1601 && m.wall.Year() <= 2200 }

// moment reads the first value of a property; false if there is none.
func (z *zones) moment(p ics.BaseProperty) (moment, bool) {
	all := z.moments(p)
	if len(all) == 0 {
		return moment{}, false
	}
	return all[0], true
}

// moments reads the values of a property; those that cannot be read are left out.
// Of a period its beginning counts. Dates stand for themselves in every zone.
func (z *zones) moments(p ics.BaseProperty) []moment {
	value, name := p.Value, parameter(p, "TZID")
	var all []moment
	for text := range strings.SplitSeq(value, ",") {
		text, _, _ = strings.Cut(strings.TrimSpace(text), "/")
		m := moment{zone: z.days, day: isDate(text)}
		switch {
		case m.day:
		case strings.HasSuffix(text, "Z") || strings.HasSuffix(text, "z"):
			m.zone = place{time.UTC}
		default:
			m.zone = z.find(name)
		}
		var ok bool
		if m.wall, ok = parseWall(text); ok {
			all = append(all, m)
		}
	}
	return all
}

// isDate says so also of dates that do not say it (VALUE=DATE).
func isDate(text string) bool { return len(text) == len("20060102") || len(text) == len("2006-01-02") }

// parseWall reads a date or date and time, as RFC 5545 writes it or ISO 8601.
func parseWall(text string) (time.Time, bool) {
	text = strings.TrimRight(strings.ToUpper(strings.TrimSpace(text)), "Z")
	for _, layout := range []string{"20060102T150405", "20060102", "20060102T1504", "2006-01-02T15:04:05", "2006-01-02"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// lengthOf matches a duration. Weeks and days behind the T are somebody's
// mistake that means what it says.
var lengthOf = regexp.MustCompile(`(?i)^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$`)

// duration reads a length of time; false if there is none or it is negative.
func duration(text string) (time.Duration, bool) {
	match := lengthOf.FindStringSubmatch(strings.TrimSpace(text))
	if match == nil {
		return 0, false
	}
	const day = 24 * time.Hour
	var sum time.Duration
	for i, unit := range []time.Duration{7 * day, day, 7 * day, day, time.Hour, time.Minute, time.Second} {
		if n, err := strconv.Atoi(match[i+1]); err == nil { // "" is none
			sum += time.Duration(n) * unit
		}
	}
	return sum, true
}
