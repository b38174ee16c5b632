package when

import "time"

// StartOfDay is the first instant of t's calendar day in t's zone.
func StartOfDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return day(y, m, d, t.Location())
}

// NextDay is the first instant of the calendar day after t's, in t's zone.
func NextDay(t time.Time) time.Time { return AddDays(t, 1) }

// AddDays is the first instant of the calendar day n days from t's. Time.AddDate
// may end a day off it, where the clocks skip the time of day.
func AddDays(t time.Time, n int) time.Time {
	y, m, d := t.Date()
	return day(y, m, d+n, t.Location())
}

// WholeDays reads the days that an event takes as a whole, and returns them as they
// are in loc. Such days have no zone: midnight as it is written, whatever its
// offset, begins the day that it names. Any other start is taken for a midnight of
// some zone that was brought to UTC.
func WholeDays(start, end time.Time, loc *time.Location) (from, to time.Time) {
	if hour, minute, second := start.Clock(); hour != 0 || minute != 0 || second != 0 {
		start, end = start.In(loc), end.In(loc)
	}
	return SameDays(start, end, loc)
}

// SameDays returns the days between start and end, each on its own clock, as they
// are in loc: from the midnight nearest to start to the one nearest to end. There
// is at least one.
func SameDays(start, end time.Time, loc *time.Location) (from, to time.Time) {
	const half = 12 * time.Hour
	y, m, d := start.Add(half).Date()
	from = day(y, m, d, loc)
	y, m, d = end.Add(half).Date()
	if to = day(y, m, d, loc); !to.After(from) {
		to = NextDay(from)
	}
	return from, to
}

// day is the first instant of a calendar day. Some zones change their clocks at
// midnight, and then 00:00 does not exist (Cairo, Santiago) or happens twice
// (Havana); time.Date does not say which instant it picks in these cases.
func day(y int, m time.Month, d int, loc *time.Location) time.Time {
	noon := time.Date(y, m, d, 12, 0, 0, 0, loc)
	y, m, d = noon.Date() // normalises 32 January
	t := time.Date(y, m, d, 0, 0, 0, 0, loc)
	if !sameDay(t, noon) { // midnight was skipped, and t is before it
		_, end := t.ZoneBounds()
		return end
	}
	start, _ := t.ZoneBounds()
	if start.IsZero() || t.Sub(start) >= 24*time.Hour {
		return t
	}
	if t.Hour() != 0 || t.Minute() != 0 { // skipped, and t is after it
		return start
	}
	before := start.Add(-time.Nanosecond)
	if sameDay(before, noon) { // 00:00 happened twice; take the first
		_, was := before.Zone()
		_, is := t.Zone()
		return t.Add(time.Duration(is-was) * time.Second)
	}
	return t
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

// unit is a calendar unit.
type unit int

const (
	hour unit = iota
	days
	week
	month
	quarter
	year
	weekend
)

// startOf is the first instant of the unit that holds t.
func startOf(u unit, t time.Time) time.Time {
	y, m, d := t.Date()
	loc := t.Location()
	switch u {
	case hour: // not Truncate: in zones of half an hour, hours of UTC begin at half past
		return t.Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	case week:
		return day(y, m, d-mondayBased(t.Weekday()), loc)
	case weekend:
		return day(y, m, d-mondayBased(t.Weekday())+5, loc)
	case month:
		return day(y, m, 1, loc)
	case quarter:
		return day(y, m-(m-1)%3, 1, loc)
	case year:
		return day(y, time.January, 1, loc)
	default:
		return StartOfDay(t)
	}
}

// add moves t by n units and keeps the day of the month where it exists: a month
// before 31 March is 28 February, not 3 March as AddDate has it.
func add(u unit, t time.Time, n int) time.Time {
	switch u {
	case hour:
		return t.Add(time.Duration(n) * time.Hour)
	case week, weekend:
		return AddDays(t, 7*n)
	case month:
		return addMonths(t, n)
	case quarter:
		return addMonths(t, 3*n)
	case year:
		return addMonths(t, 12*n)
	default:
		return AddDays(t, n)
	}
}

func addMonths(t time.Time, n int) time.Time {
	y, m, d := t.Date()
	last := time.Date(y, m+time.Month(n)+1, 0, 12, 0, 0, 0, t.Location()).Day()
	return day(y, m+time.Month(n), min(d, last), t.Location())
}

// wholeUnit is the unit that holds t, moved by n.
func wholeUnit(u unit, t time.Time, n int) Period {
	from := add(u, startOf(u, t), n)
	if u == weekend {
		return Period{From: from, To: AddDays(from, 2)}
	}
	return Period{From: from, To: add(u, from, 1)}
}

func oneDay(t time.Time) Period { return Period{From: StartOfDay(t), To: NextDay(t)} }

// mondayBased counts the days since Monday.
func mondayBased(d time.Weekday) int { return (int(d) + 6) % 7 }
