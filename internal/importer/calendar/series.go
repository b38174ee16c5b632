package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// expand returns when a series takes place, on the clock of its start's zone, in
// order; false if the event is no series. The end of a rule lies on that clock,
// too, so that clocks which go forward or back move nothing.
func (r *reader) expand(v version, start moment) ([]time.Time, bool) {
	rules, dates := v.each("RRULE"), v.each("RDATE")
	if len(rules) == 0 && len(dates) == 0 {
		return nil, false
	}
	walls := []time.Time{start.wall} // the first counts, whatever the rule says
	for _, p := range rules {
		more, err := r.repeat(p.Value, start)
		if err != nil {
			r.problem("%q repeats by a rule that could not be read, only its first time is imported: %v", v.text("SUMMARY"), err)
			continue
		}
		walls = append(walls, more...)
	}
	for _, p := range dates {
		for _, m := range r.zones.moments(p) {
			walls = append(walls, wallIn(m, start))
		}
	}
	slices.SortFunc(walls, time.Time.Compare)
	walls = slices.Compact(walls)
	for _, p := range v.each("EXDATE") {
		for _, out := range r.zones.moments(p) {
			walls = slices.DeleteFunc(walls, func(wall time.Time) bool {
				return same(moment{wall: wall, zone: start.zone, day: start.day}, out)
			})
		}
	}
	if more := len(walls) - MaxPerSeries; more > 0 {
		r.problem("%q takes place %d times: only the last %d are imported", v.text("SUMMARY"), len(walls), MaxPerSeries)
		walls = walls[more:]
	}
	return walls, true
}

// wallIn is what the clock of a series shows at m.
func wallIn(m, start moment) time.Time {
	if m.day || start.day {
		return time.Date(m.wall.Year(), m.wall.Month(), m.wall.Day(), start.wall.Hour(), start.wall.Minute(), start.wall.Second(), 0, time.UTC)
	}
	return start.zone.wall(m.instant())
}

// earliest is before when only what repeats every year is followed: rules walk
// from where they begin.
const earliest = 1900

// repeat follows a rule up to the end of the window.
func (r *reader) repeat(text string, start moment) ([]time.Time, error) {
	option, err := ruleOf(text, start.zone)
	switch {
	case err != nil:
		return nil, err
	case option.Freq == rrule.SECONDLY || option.Freq == rrule.MINUTELY:
		return nil, fmt.Errorf("no appointment repeats %s", option.Freq)
	case start.wall.Year() < earliest && option.Freq != rrule.YEARLY:
		return nil, fmt.Errorf("it begins before %d", earliest)
	}
	option.Dtstart = start.wall
	last := start.zone.wall(r.opts.Until)
	if option.Until.IsZero() || option.Until.After(last) {
		option.Until = last
	}
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, err
	}
	var walls []time.Time
	next := rule.Iterator()
	for wall, ok := next(); ok; wall, ok = next() {
		if walls = append(walls, wall); len(walls) > 2*MaxPerSeries {
			walls = slices.Delete(walls, 0, MaxPerSeries)
		}
	}
	return walls, nil
}

// ruleOf reads a rule, without what no rule has, and its end on the clock of a
// zone: rules give it in UTC, or as a day, which counts whole.
func ruleOf(text string, in zone) (*rrule.ROption, error) {
	var parts []string
	var until time.Time
	for part := range strings.SplitSeq(strings.ToUpper(strings.TrimSpace(text)), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "UNTIL":
			at, ok := parseWall(value)
			if !ok {
				return nil, fmt.Errorf("its end is no time: %.40q", value)
			}
			switch {
			case isDate(value):
				at = at.Add(24*time.Hour - time.Second)
			case strings.HasSuffix(value, "Z"):
				at = in.wall(at)
			}
			until = at
		case "FREQ", "COUNT", "INTERVAL", "WKST", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY",
			"BYWEEKNO", "BYMONTH", "BYSETPOS":
			if value != "" {
				parts = append(parts, name+"="+value)
			}
		}
	}
	option, err := rrule.StrToROption(strings.Join(parts, ";"))
	if err != nil {
		return nil, err
	}
	option.Until = until
	return option, nil
}
