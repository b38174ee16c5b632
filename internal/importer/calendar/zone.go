package calendar

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// windowsZones maps the names that Exchange and Outlook give time zones to those
// of IANA: windowsZones.xml of Unicode CLDR, territory 001. No library that is
// kept up to date offers the table on other systems than Windows.
//
//go:embed windows_zones.txt
var windowsZones string

// zone tells what instant a wall clock shows. Walls are times in UTC whose
// fields are meant as they stand.
type zone interface {
	at(wall time.Time) time.Time
	wall(instant time.Time) time.Time
}

// place is a zone of the IANA database.
type place struct{ *time.Location }

// at implements zone. A time that the clocks skip is read with the offset from
// before (RFC 5545 section 3.3.5).
func (p place) at(wall time.Time) time.Time {
	y, m, d := wall.Date()
	at := time.Date(y, m, d, wall.Hour(), wall.Minute(), wall.Second(), 0, p.Location)
	if at.Hour() != wall.Hour() || at.Minute() != wall.Minute() {
		_, before := at.Add(-24 * time.Hour).Zone()
		at = wall.Add(-time.Duration(before) * time.Second).In(p.Location)
	}
	return at
}

func (p place) wall(instant time.Time) time.Time { return wallOf(instant.In(p.Location)) }

// wallOf is what a clock in t's zone shows.
func wallOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// rules is a zone that a calendar describes itself (VTIMEZONE).
type rules struct {
	onsets []onset // in order; never empty
	before time.Duration
}

// onset is when an offset begins to hold, on the clock of the offset before.
type onset struct {
	wall time.Time
	to   time.Duration
}

func (r rules) at(wall time.Time) time.Time { return wall.Add(-r.offset(wall)) }

// wall has no need to be exact around an onset: it is for the ends of series.
func (r rules) wall(instant time.Time) time.Time {
	return wallOf(instant.UTC().Add(r.offset(instant.UTC())))
}

func (r rules) offset(wall time.Time) time.Duration {
	i, found := slices.BinarySearchFunc(r.onsets, wall, func(o onset, t time.Time) int { return o.wall.Compare(t) })
	if !found {
		i--
	}
	if i < 0 {
		return r.before
	}
	return r.onsets[i].to
}

// Calendars describe rules from 1601 on, as Windows counts time; nobody has
// events then.
const (
	firstRuleYear = 1970
	lastRuleYear  = 2100
)

// rulesOf reads a VTIMEZONE; false if it says nothing usable.
func rulesOf(c *component) (rules, bool) {
	var r rules
	first := time.Time{}
	for _, part := range slices.Concat(c.all("STANDARD"), c.all("DAYLIGHT")) {
		from, okFrom := offset(part.text("TZOFFSETFROM"))
		to, okTo := offset(part.text("TZOFFSETTO"))
		start, okStart := parseWall(part.text("DTSTART"))
		if !okFrom || !okTo || !okStart {
			continue
		}
		walls := []time.Time{start}
		for _, p := range part.each("RDATE") {
			if at, ok := parseWall(p.Value); ok {
				walls = append(walls, at)
			}
		}
		if p, ok := part.get("RRULE"); ok {
			walls = append(walls, yearly(p.Value, start)...)
		}
		for _, wall := range walls {
			r.onsets = append(r.onsets, onset{wall, to})
			if first.IsZero() || wall.Before(first) {
				first, r.before = wall, from
			}
		}
	}
	slices.SortStableFunc(r.onsets, func(a, b onset) int { return a.wall.Compare(b.wall) })
	return r, len(r.onsets) > 0
}

// yearly expands the rule of an onset.
func yearly(text string, start time.Time) []time.Time {
	option, err := ruleOf(text, place{time.UTC})
	if err != nil || option.Freq != rrule.YEARLY {
		return nil
	}
	if start.Year() < firstRuleYear {
		start = start.AddDate(firstRuleYear-start.Year(), 0, 0)
	}
	option.Dtstart = start
	last := time.Date(lastRuleYear, 1, 1, 0, 0, 0, 0, time.UTC)
	if option.Until.IsZero() || option.Until.After(last) {
		option.Until = last
	}
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil
	}
	return rule.All()
}

// offset reads "+0200" or "-053000".
func offset(text string) (time.Duration, bool) {
	if len(text) != 5 && len(text) != 7 || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	seconds := 0
	for i, unit := range []int{3600, 60, 1} {
		if 1+2*i >= len(text) {
			break
		}
		n, err := strconv.Atoi(text[1+2*i : 3+2*i])
		if err != nil || n < 0 {
			return 0, false
		}
		seconds += n * unit
	}
	if text[0] == '-' {
		seconds = -seconds
	}
	return time.Duration(seconds) * time.Second, true
}

// zones finds zones by the names that a calendar uses.
type zones struct {
	own   map[string]*component // its VTIMEZONEs
	days  zone                  // of dates: the user's
	local zone                  // of times without one
	known map[string]zone
	lost  map[string]bool // names that lead nowhere
}

func newZones(root *component, local *time.Location) *zones {
	z := &zones{own: map[string]*component{}, days: place{local}, local: place{local}, known: map[string]zone{}, lost: map[string]bool{}}
	for _, c := range root.all("VTIMEZONE") {
		z.own[c.text("TZID")] = c
	}
	for _, c := range root.all("VCALENDAR") {
		if found := location(c.text("X-WR-TIMEZONE")); found != nil {
			z.local = place{found}
		}
	}
	return z
}

// find returns the zone of a name. One that leads nowhere is taken for the
// user's own, and noted.
func (z *zones) find(name string) zone {
	name = strings.Trim(name, `"' `)
	if name == "" {
		return z.local
	}
	found, ok := z.known[name]
	if !ok {
		if found = z.look(name); found == nil {
			z.lost[name] = true
			found = z.local
		}
		z.known[name] = found
	}
	return found
}

// look tries what a name may be: best first, for what a calendar says itself
// is often only this year's rule.
func (z *zones) look(name string) zone {
	if found := location(name); found != nil {
		return place{found}
	}
	if found := windows(name); found != nil {
		return place{found}
	}
	if c := z.own[name]; c != nil {
		if found := location(c.text("X-LIC-LOCATION")); found != nil {
			return place{found}
		}
		if r, ok := rulesOf(c); ok {
			return r
		}
	}
	if found := described(name); found != nil {
		return place{found}
	}
	return nil
}

// location finds a zone by its IANA name, also at the end of a path such as
// /mozilla.org/20050126_1/Europe/Berlin.
func location(name string) *time.Location {
	parts := strings.Split(strings.Trim(name, "/"), "/")
	for n := min(len(parts), 3); n > 0; n-- {
		tail := strings.Join(parts[len(parts)-n:], "/")
		if tail == "" || tail == "Local" {
			return nil
		}
		if found, err := time.LoadLocation(tail); err == nil {
			return found
		}
	}
	return nil
}

// windows finds a zone by the name that Windows has for it.
func windows(name string) *time.Location {
	for line := range strings.Lines(windowsZones) {
		known, iana, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if strings.EqualFold(known, name) {
			return location(iana)
		}
	}
	return nil
}

var utcOffset = regexp.MustCompile(`^\((?:UTC|GMT)(?:([+-]\d{2}):?(\d{2}))?\)\s*`)

// described finds the zone of a name for people, such as Outlook shows them:
// "(UTC-05:00) Eastern Time (US & Canada)" or "Canberra, Melbourne, Sydney".
func described(name string) *time.Location {
	match := utcOffset.FindStringSubmatch(name)
	if match != nil {
		name = name[len(match[0]):]
	}
	if kind, _, ok := strings.Cut(name, " Time ("); ok {
		if found := windows(kind + " Standard Time"); found != nil {
			return found
		}
	}
	for city := range strings.SplitSeq(name, ",") {
		city = strings.ReplaceAll(strings.TrimSpace(strings.Trim(city, `\ `)), " ", "_")
		for _, continent := range []string{"Europe", "America", "Asia", "Australia", "Africa", "Pacific", "Atlantic"} {
			if found, err := time.LoadLocation(continent + "/" + city); err == nil && city != "" {
				return found
			}
		}
	}
	if match != nil {
		if ahead, ok := offset(match[1] + match[2]); ok {
			return time.FixedZone("", int(ahead.Seconds()))
		}
		return time.UTC
	}
	return nil
}
