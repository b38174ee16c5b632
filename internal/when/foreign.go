package when

import (
	"slices"
	"strings"
	"time"
)

// inEnglish has the words of a text in English that name a deadline in German, French
// or Spanish: "bis zum 3. November", "avant vendredi", "para el viernes". It has none
// of a text without a word that leads to one.
func inEnglish(text string, toks []token) []token {
	if !slices.ContainsFunc(toks, func(t token) bool { return lead(t.word) != "" }) {
		return nil
	}
	var out []token
	for i, t := range toks {
		english := translated(t.word)
		switch l := lead(t.word); {
		case l != "" && !ends(toks[:i]):
			english = l
		case strings.HasPrefix(text[t.end:], "."):
			if d, m, ok := dayDotMonth(t.word); ok {
				english = d + " " + m.String()
			}
		}
		for word := range strings.FieldsSeq(strings.ToLower(english)) {
			out = append(out, token{word, t.start, t.end})
		}
	}
	return out
}

// lead is what leads to a deadline, "" for a word that does not.
func lead(word string) string {
	switch word {
	case "bis", "spätestens", "d'ici", "jusqu'à", "jusqu'au", "para", "hasta", "tardar":
		return "by"
	case "vor", "avant", "antes":
		return "before"
	}
	return ""
}

// ends reports whether what follows words is the end of a period that has a beginning:
// "vom 3. bis 5. November".
func ends(before []token) bool {
	const near = 3 // words
	return slices.ContainsFunc(before[max(0, len(before)-near):], func(t token) bool {
		return slices.Contains([]string{"von", "vom", "du", "depuis", "desde"}, t.word)
	})
}

// dayDotMonth reads the "3.11" of "bis 3.11.", which in English is a number.
func dayDotMonth(word string) (d string, m time.Month, ok bool) {
	d, rest, ok := strings.Cut(word, ".")
	_, isDay := dayNumber(d)
	n, isNumber := number(rest)
	return d, time.Month(n), ok && isDay && isNumber && n >= 1 && n <= 12
}

// translated are the English words for one of a date; none for articles, which stand
// between them. "Nächsten Freitag" is the one of next week, as it is in English, but
// "el próximo viernes" the coming one.
func translated(word string) string {
	switch word {
	case "der", "dem", "den", "des", "zum", "am", "kommenden", "le", "la", "du", "de", "à", "el", "del", "próximo":
		return ""
	case "heute", "aujourd'hui", "hoy":
		return "today"
	case "morgen", "demain", "mañana":
		return "tomorrow"
	case "übermorgen", "après-demain":
		return "day after tomorrow"
	case "pasado": // "pasado mañana"
		return "day after"
	case "nächste", "nächsten", "nächster", "kommende", "kommender", "próxima":
		return "next"
	case "diese", "dieser", "diesen", "cette", "esta":
		return "this"
	case "ende", "fin", "final", "finales":
		return "end of"
	case "wochenende":
		return "end of the week"
	case "monatsende":
		return "end of the month"
	case "jahresende":
		return "end of the year"
	case "woche", "semaine", "semana":
		return "week"
	case "monats", "monat", "mois", "mes":
		return "month"
	case "jahres", "jahr", "l'année", "año":
		return "year"
	case "1er":
		return "1"
	}
	if name := EnglishName(word); name != "" {
		return name
	}
	return word
}

// EnglishName is the English for the German, French or Spanish name of a weekday or
// month, both in lower case; "" for other words.
func EnglishName(word string) string {
	switch word {
	case "sonntag", "dimanche", "domingo":
		return "sunday"
	case "montag", "lundi", "lunes":
		return "monday"
	case "dienstag", "mardi", "martes":
		return "tuesday"
	case "mittwoch", "mercredi", "miércoles", "miercoles":
		return "wednesday"
	case "donnerstag", "jeudi", "jueves":
		return "thursday"
	case "freitag", "vendredi", "viernes":
		return "friday"
	case "samstag", "sonnabend", "samedi", "sábado", "sabado":
		return "saturday"
	case "januar", "jänner", "janvier", "enero":
		return "january"
	case "februar", "feber", "février", "fevrier", "febrero":
		return "february"
	case "märz", "mars", "marzo":
		return "march"
	case "avril", "abril":
		return "april"
	case "mai", "mayo":
		return "may"
	case "juni", "juin", "junio":
		return "june"
	case "juli", "juillet", "julio":
		return "july"
	case "août", "aout", "agosto":
		return "august"
	case "septembre", "septiembre":
		return "september"
	case "oktober", "octobre", "octubre":
		return "october"
	case "novembre", "noviembre":
		return "november"
	case "dezember", "décembre", "decembre", "diciembre":
		return "december"
	}
	return ""
}
