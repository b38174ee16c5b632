package when

import "time"

// relativeDay reads today, yesterday, tomorrow and their neighbours.
func (p parser) relativeDay(i int) (Period, int, bool) {
	switch p.word(i) {
	case "today":
		return oneDay(p.now), i + 1, true
	case "tonight":
		return p.partOfDay(p.now, "evening"), i + 1, true
	case "yesterday":
		return p.dayPart(AddDays(p.now, -1), i+1)
	case "tomorrow":
		return p.dayPart(AddDays(p.now, 1), i+1)
	case "this":
		if part := p.partOfDay(p.now, p.word(i+1)); !part.From.IsZero() {
			return part, i + 2, true
		}
	case "day":
		switch p.word(i+1) + " " + p.word(i+2) {
		case "before yesterday":
			return oneDay(AddDays(p.now, -2)), i + 3, true
		case "after tomorrow":
			return oneDay(AddDays(p.now, 2)), i + 3, true
		}
	}
	return Period{}, i, false
}

// dayPart reads the part of the day that may follow: "yesterday evening".
func (p parser) dayPart(d time.Time, i int) (Period, int, bool) {
	if part := p.partOfDay(d, p.word(i)); !part.From.IsZero() {
		return part, i + 1, true
	}
	return oneDay(d), i, true
}

func (p parser) partOfDay(d time.Time, part string) Period {
	at := func(hours int) time.Time {
		y, m, dd := d.Date()
		return time.Date(y, m, dd, hours, 0, 0, 0, d.Location())
	}
	switch part {
	case "morning":
		return Period{From: StartOfDay(d), To: at(12)}
	case "afternoon":
		return Period{From: at(12), To: at(18)}
	case "evening", "night":
		return Period{From: at(18), To: NextDay(d)}
	}
	return Period{}
}

// relativeUnit reads this, last and next with a unit, a day, a month or a count.
func (p parser) relativeUnit(i int) (Period, int, bool) {
	var side int
	w := p.word(i + 1)
	switch p.word(i) {
	case "this", "current":
	case "last", "previous":
		side = -1
	case "next", "following":
		side = 1
	case "past": // "the past week" is seven days, "last week" is from Monday to Sunday
		return p.counted(i+1, -1)
	case "coming":
		return p.counted(i+1, 1)
	default:
		return Period{}, i, false
	}
	if side < 0 && w == "night" {
		return p.partOfDay(AddDays(p.now, -1), w), i + 2, true
	}
	if u, ok := unitName(w); ok && u != days && u != hour {
		return wholeUnit(u, p.now, side), i + 2, true
	}
	if d, ok := anyWeekday(w); ok {
		return p.weekdayOn(d, side), i + 2, true
	}
	if m, ok := monthName(w); ok {
		return p.monthOn(m, side), i + 2, true
	}
	if side == 0 {
		return Period{}, i, false
	}
	return p.counted(i+1, side)
}

// counted reads "7 days", "couple of weeks", "7d", "hour" after last or next.
func (p parser) counted(i, side int) (Period, int, bool) {
	if period, next, ok := p.short(i); ok && side < 0 {
		return period, next, true
	}
	n, next := 1, i
	if v, ok := number(p.word(i)); ok {
		n, next = v, i+1
		if v == 1 && (p.word(next) == "couple" || p.word(next) == "few") { // "a couple of"
			n, _ = number(p.word(next))
			next++
		}
	}
	if p.word(next) == "of" || p.word(next) == "business" || p.word(next) == "working" {
		next++
	}
	u, ok := unitName(p.word(next))
	if !ok || n == 0 {
		return Period{}, i, false
	}
	if side < 0 {
		return p.back(u, n), next + 1, true
	}
	if u == hour {
		return Period{From: p.now, To: add(u, p.now, n)}, next + 1, true
	}
	return Period{From: p.now, To: NextDay(add(u, p.now, n))}, next + 1, true
}

// count reads "3 days ago" and "in two weeks": the day, week, month or year
// that lies so far away.
func (p parser) count(i int) (Period, int, bool) {
	side, at := -1, i
	if p.word(i) == "in" {
		side, at = 1, i+1
	}
	n, ok := number(p.word(at))
	u, isUnit := unitName(p.word(at + 1))
	if !ok || !isUnit || u == weekend {
		return Period{}, i, false
	}
	next := at + 2
	if side < 0 {
		if p.word(next) != "ago" {
			return Period{}, i, false
		}
		next++
	}
	return wholeUnit(u, p.now, side*n), next, true
}

// endOf reads "end of the week": the last day of it.
func (p parser) endOf(i int) (Period, int, bool) {
	if p.word(i) != "end" || p.word(i+1) != "of" {
		return Period{}, i, false
	}
	at := i + 2
	if p.word(at) == "the" {
		at++
	}
	x, next, ok := p.relativeUnit(at)
	if u, isUnit := unitName(p.word(at)); !ok && isUnit {
		x, next, ok = wholeUnit(u, p.now, 0), at+1, true
	}
	for _, r := range []rule{p.relativeDay, p.dayMonth, p.weekdayName, p.named} {
		if !ok {
			x, next, ok = r(at)
		}
	}
	if !ok {
		return Period{}, i, false
	}
	return oneDay(x.To.Add(-time.Nanosecond)), next, true
}
