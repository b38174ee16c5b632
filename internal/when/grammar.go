package when

import (
	"strings"
	"time"
)

// parser reads periods from tokens. Each rule takes the index of its first
// token and returns the period and the index after its last.
type parser struct {
	toks  []token
	now   time.Time
	ahead bool // a bare name means the coming one
}

type rule func(i int) (Period, int, bool)

func (p parser) word(i int) string {
	if i < 0 || i >= len(p.toks) {
		return ""
	}
	return p.toks[i].word
}

// exactly reads the text by one of the rules, and nothing else: "-7d" is no date.
func (p parser) exactly(text string, rules ...rule) (Period, bool) {
	end := 0
	for _, t := range p.toks {
		if strings.Trim(text[end:t.start], " ,") != "" {
			return Period{}, false
		}
		end = t.end
	}
	if text[end:] != "" {
		return Period{}, false
	}
	for _, r := range rules {
		if period, next, ok := r(0); ok && next == len(p.toks) && sane(period) {
			period.Phrase = text
			return period, true
		}
	}
	return Period{}, false
}

// phrase reads a period with the preposition that leads it.
func (p parser) phrase(i int) (Period, int, bool) {
	switch p.word(i) {
	case "between":
		return p.span(i+1, "and")
	case "from":
		if period, next, ok := p.span(i+1, "to", "until", "till", "through"); ok {
			return period, next, true
		}
	case "since":
		if x, next, ok := p.operand(i + 1); ok {
			return Period{From: x.From, To: p.now}, next, x.From.Before(p.now)
		}
	case "before":
		if x, next, ok := p.operand(i + 1); ok {
			return Period{To: x.From}, next, true
		}
	case "until", "till":
		if x, next, ok := p.operand(i + 1); ok {
			return Period{To: x.To}, next, true
		}
	case "after":
		if x, next, ok := p.operand(i + 1); ok {
			return Period{From: x.To}, next, true
		}
	case "in", "during", "for", "of", "on", "over", "throughout":
		if x, next, ok := p.operand(i + 1); ok {
			return x, next, true
		}
	case "every", "each", "black", "good": // "every Monday", "Black Friday" name no day
		return Period{}, i, false
	}
	switch p.word(i - 1) {
	case "every", "each", "black", "good":
		return Period{}, i, false
	}
	return p.plain(i)
}

// span reads "X and Y", from the start of X to the end of Y.
func (p parser) span(i int, joins ...string) (Period, int, bool) {
	a, next, ok := p.operand(i)
	if !ok {
		return Period{}, i, false
	}
	for _, join := range joins {
		if p.word(next) != join {
			continue
		}
		b, end, ok := p.operand(next + 1)
		return Period{From: a.From, To: b.To}, end, ok && a.From.Before(b.To)
	}
	return Period{}, i, false
}

// operand reads what may follow a preposition: also a bare month, year, quarter
// or abbreviated day, which would be too bold to read without one ("may", "Q3
// budget", "sat").
func (p parser) operand(i int) (Period, int, bool) {
	if p.word(i) == "the" {
		i++
	}
	for _, r := range []rule{p.plain, p.short, p.named} {
		if period, next, ok := r(i); ok {
			return period, next, true
		}
	}
	return Period{}, i, false
}

// plain reads what is a date or period by itself.
func (p parser) plain(i int) (Period, int, bool) {
	rules := []rule{p.numeric, p.relativeDay, p.relativeUnit, p.count, p.endOf, p.dayMonth, p.monthYear, p.weekdayName}
	for _, r := range rules {
		if period, next, ok := r(i); ok {
			return period, next, true
		}
	}
	return Period{}, i, false
}

// short reads 7d, 24h, 2w, 3m, 1y: so long ago until now.
func (p parser) short(i int) (Period, int, bool) {
	w := p.word(i)
	if len(w) < 2 {
		return Period{}, i, false
	}
	at := strings.IndexByte("hdwmy", w[len(w)-1])
	n, ok := number(w[:len(w)-1])
	if at < 0 || !ok || n == 0 || w[0] < '0' || w[0] > '9' {
		return Period{}, i, false
	}
	return p.back([]unit{hour, days, week, month, year}[at], n), i + 1, true
}

// back is the last n units until now; all but hours start at the start of a day.
func (p parser) back(u unit, n int) Period {
	return Period{From: add(u, p.now, -n), To: p.now}
}

// numeric reads 2026-11-03, 2026-11, 2026/11/03, 3.11.2026 and RFC 3339.
func (p parser) numeric(i int) (Period, int, bool) {
	w := p.word(i)
	if len(w) < 6 || w[0] < '0' || w[0] > '9' {
		return Period{}, i, false
	}
	loc := p.now.Location()
	if t, err := time.Parse("2006-01", w); err == nil {
		return wholeUnit(month, day(t.Year(), t.Month(), 1, loc), 0), i + 1, true
	}
	for _, form := range []string{"2006-01-02", "2006/1/2", "2.1.2006"} {
		if t, err := time.Parse(form, w); err == nil {
			return oneDay(day(t.Year(), t.Month(), t.Day(), loc)), i + 1, true
		}
	}
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(w)); err == nil {
		return oneDay(t.In(loc)), i + 1, true
	}
	return Period{}, i, false
}

// dayMonth reads "3 November 2026", "3rd of Nov", "November 3rd, 2026".
func (p parser) dayMonth(i int) (Period, int, bool) {
	next := i + 1
	d, dayFirst := dayNumber(p.word(i))
	var m time.Month
	var ok bool
	if dayFirst {
		if p.word(next) == "of" {
			next++
		}
		m, ok = monthName(p.word(next))
	} else if m, ok = monthName(p.word(i)); ok {
		d, ok = dayNumber(p.word(next))
	}
	if !ok {
		return Period{}, i, false
	}
	next++
	y, hasYear := yearNumber(p.word(next))
	if hasYear {
		next++
	} else {
		y = p.yearOf(m, d)
	}
	t := day(y, m, d, p.now.Location())
	return oneDay(t), next, t.Month() == m // 31 June is no day
}

// yearOf is the year of a day named without one: the latest, or the coming one.
func (p parser) yearOf(m time.Month, d int) int {
	y := p.now.Year()
	t := day(y, m, d, p.now.Location())
	switch {
	case p.ahead && t.Before(StartOfDay(p.now)):
		return y + 1
	case !p.ahead && t.After(p.now):
		return y - 1
	}
	return y
}

// monthYear reads "March 2001".
func (p parser) monthYear(i int) (Period, int, bool) {
	m, ok := monthName(p.word(i))
	y, hasYear := yearNumber(p.word(i + 1))
	if !ok || !hasYear {
		return Period{}, i, false
	}
	return wholeUnit(month, day(y, m, 1, p.now.Location()), 0), i + 2, true
}

// weekdayName reads "Tuesday", and "Tue 3 November" as the date that it leads.
func (p parser) weekdayName(i int) (Period, int, bool) {
	if _, ok := anyWeekday(p.word(i)); ok {
		for _, r := range []rule{p.dayMonth, p.numeric} {
			if period, next, ok := r(i + 1); ok {
				return period, next, true
			}
		}
	}
	d, ok := weekday(p.word(i))
	if !ok {
		return Period{}, i, false
	}
	return p.dayPart(p.bareWeekday(d), i+1)
}

// bareWeekday is today or the latest such day, or the coming one.
func (p parser) bareWeekday(d time.Weekday) time.Time {
	diff := mondayBased(d) - mondayBased(p.now.Weekday())
	if p.ahead {
		return AddDays(p.now, (diff+7)%7)
	}
	return AddDays(p.now, -((7 - diff) % 7))
}

// weekdayOn is this week's, the last or next week's day.
func (p parser) weekdayOn(d time.Weekday, side int) Period {
	diff := mondayBased(d) - mondayBased(p.now.Weekday())
	switch {
	case side < 0 && diff >= 0:
		diff -= 7
	case side > 0:
		diff += 7
	}
	return oneDay(AddDays(p.now, diff))
}

// named reads what needs a preposition: a month, a year, a quarter, a short day.
func (p parser) named(i int) (Period, int, bool) {
	w := p.word(i)
	if y, ok := yearNumber(w); ok {
		return wholeUnit(year, day(y, time.January, 1, p.now.Location()), 0), i + 1, true
	}
	if m, ok := monthName(w); ok {
		side := -1
		if p.ahead {
			side = 1
		}
		if m == p.now.Month() {
			side = 0
		}
		return p.monthOn(m, side), i + 1, true
	}
	if d, ok := weekdayShort(w); ok {
		return oneDay(p.bareWeekday(d)), i + 1, true
	}
	if q, ok := quarterName(w); ok {
		return p.quarterOn(q, i+1)
	}
	return Period{}, i, false
}

// monthOn is a month of this year, the latest before or the next after this one.
func (p parser) monthOn(m time.Month, side int) Period {
	y := p.now.Year()
	switch {
	case side < 0 && m >= p.now.Month():
		y--
	case side > 0 && m <= p.now.Month():
		y++
	}
	return wholeUnit(month, day(y, m, 1, p.now.Location()), 0)
}

// quarterOn reads the year that may follow, else takes the latest one begun.
func (p parser) quarterOn(q, i int) (Period, int, bool) {
	first := time.Month(3*q - 2)
	at := i
	if p.word(at) == "of" {
		at++
	}
	if y, ok := yearNumber(p.word(at)); ok {
		return wholeUnit(quarter, day(y, first, 1, p.now.Location()), 0), at + 1, true
	}
	y := p.now.Year()
	if day(y, first, 1, p.now.Location()).After(p.now) && !p.ahead {
		y--
	}
	return wholeUnit(quarter, day(y, first, 1, p.now.Location()), 0), i, true
}

func anyWeekday(word string) (time.Weekday, bool) {
	if d, ok := weekday(word); ok {
		return d, true
	}
	return weekdayShort(word)
}
