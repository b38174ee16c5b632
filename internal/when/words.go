package when

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// token is a word of the text in lower case, without a possessive 's, and where
// it stands.
type token struct {
	word       string
	start, end int
}

// tokenize splits text into words. Marks that hold a date together stay inside
// a word: 2026-11-03, 3.11.2026, 10:00.
func tokenize(text string) []token {
	var toks []token
	start, last := -1, rune(0)
	flush := func(end int) {
		if start >= 0 {
			end = start + len(strings.TrimRight(text[start:end], "-/.:+'’"))
			toks = append(toks, token{word: fold(text[start:end]), start: start, end: end})
		}
		start = -1
	}
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r)
		joins := start >= 0 && strings.ContainsRune("-/.:+", r) && (unicode.IsLetter(last) || unicode.IsDigit(last))
		switch {
		case inside:
			if start < 0 {
				start = i
			}
		case !joins && r != '\'' && r != '’' || start < 0:
			flush(i)
		}
		last = r
	}
	flush(len(text))
	return toks
}

func fold(word string) string {
	word = strings.ReplaceAll(strings.ToLower(word), "’", "'")
	return strings.TrimRight(strings.TrimSuffix(word, "'s"), "'")
}

// looksAhead reports whether a text asks about what is to come.
func looksAhead(text string) bool {
	ahead := false
	toks := tokenize(text)
	for i, t := range toks {
		switch t.word {
		case "did", "was", "were", "had", "said", "happened", "ago":
			return false
		case "will", "upcoming", "coming", "due", "agenda", "planned", "scheduled", "schedule", "free", "available", "meet":
			ahead = true
		case "should": // "what should I do on Monday"
			ahead = true
		case "have": // "do I have", "do we have"
			ahead = ahead && !shouldHave(toks[:i]) || i >= 2 && toks[i-2].word == "do"
		}
	}
	return ahead
}

// shouldHave reports whether "have" after these words tells of what did not happen, and
// not of what is to come: "who should have called".
func shouldHave(before []token) bool {
	for i := len(before) - 1; i >= 0 && len(before)-i <= 4; i-- {
		if before[i].word == "should" {
			return true
		}
	}
	return false
}

// weekday reads the name of a day; abbreviations only where the caller knows
// that a day stands there, because "sat" and "sun" are words.
func weekday(word string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if word == strings.ToLower(d.String()) {
			return d, true
		}
	}
	return 0, false
}

func weekdayShort(word string) (time.Weekday, bool) {
	switch word {
	case "tues":
		return time.Tuesday, true
	case "thur", "thurs":
		return time.Thursday, true
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if word == strings.ToLower(d.String()[:3]) {
			return d, true
		}
	}
	return 0, false
}

// Months is a regular expression of the names of months in English, in full or
// shortened, in lower case.
const Months = `jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?`

func monthName(word string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		if name := strings.ToLower(m.String()); word == name || word == name[:3] {
			return m, true
		}
	}
	return time.September, word == "sept"
}

func unitName(word string) (unit, bool) {
	switch strings.TrimSuffix(word, "s") {
	case "hour":
		return hour, true
	case "day":
		return days, true
	case "week":
		return week, true
	case "month":
		return month, true
	case "quarter":
		return quarter, true
	case "year":
		return year, true
	case "weekend":
		return weekend, true
	}
	return 0, false
}

// number reads a count of at most four digits, or a small number in words.
func number(word string) (int, bool) {
	switch word {
	case "a", "an":
		return 1, true
	case "couple":
		return 2, true
	case "few":
		return 3, true
	}
	small := strings.Fields("zero one two three four five six seven eight nine ten eleven twelve")
	for n, w := range small {
		if w == word {
			return n, true
		}
	}
	if len(word) > 4 {
		return 0, false
	}
	n, err := strconv.Atoi(word)
	return n, err == nil && n >= 0
}

// dayNumber reads 3, 3rd, 21st.
func dayNumber(word string) (int, bool) {
	for _, suffix := range []string{"st", "nd", "rd", "th"} {
		word = strings.TrimSuffix(word, suffix)
	}
	if len(word) == 0 || len(word) > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(word)
	return n, err == nil && n >= 1 && n <= 31
}

// yearNumber reads the year of a message that can exist: mail is younger than 1970.
func yearNumber(word string) (int, bool) {
	if len(word) != 4 {
		return 0, false
	}
	n, err := strconv.Atoi(word)
	return n, err == nil && n >= 1970 && n <= 2199
}

// quarterName reads q1 to q4.
func quarterName(word string) (int, bool) {
	if len(word) == 2 && word[0] == 'q' && word[1] >= '1' && word[1] <= '4' {
		return int(word[1] - '0'), true
	}
	return 0, false
}
