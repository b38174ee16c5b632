package model

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/when"
)

const (
	maxAnswer = 2500 // characters

	monthName = `\b(` + when.Months + `)\b`
)

var (
	quotation = regexp.MustCompile(`["“][^"“”]*["”]`)
	letters   = regexp.MustCompile(`\pL+`)
	dayMonth  = regexp.MustCompile(`(?i)\b([0-9]{1,2})(?:st|nd|rd|th)?(?: of)? ` + monthName)
	monthDay  = regexp.MustCompile(`(?i)` + monthName + ` ([0-9]{1,2})(?:st|nd|rd|th)?\b`)

	// What days and months are called, in full or by their first letters.
	calendarName = regexp.MustCompile(`^(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?$|^` + monthName + `$`)

	// Days that are others tomorrow.
	near = regexp.MustCompile(`\b(?:today|tonight|yesterday|tomorrow|ago|(?:this|next|last|coming) (?:morning|afternoon|evening|night|week|weekend|month|quarter|year|(?:mon|tues|wednes|thurs|fri|satur|sun)day))\b`)
)

// CheckAnswer says why text cannot stand for the answer to a question, without its
// words. It is to be sentences of plain text. Each cites lines of the evidence, and
// holds no name, number, day, address or quotation that those lines do not. What it
// says with the words that are left, nothing can check.
func CheckAnswer(text string, q Question) error {
	if err := checkForm(text, maxAnswer); err != nil {
		return err
	}
	sentences := prose.Sentences(quotation.ReplaceAllStringFunc(text, unended))
	if len(sentences) == 0 || len(sentences) > q.maxSentences() {
		return fmt.Errorf("it has %d sentences, not 1 to %d", len(sentences), q.maxSentences())
	}
	used := map[int]bool{}
	for _, s := range sentences {
		if err := q.checkSentence(text[s.Start:s.End], used); err != nil {
			return err
		}
	}
	if q.Whole && len(used) < len(q.Evidence) {
		return errors.New("it leaves some of the evidence out")
	}
	return nil
}

// unended is a quotation without what ends sentences, byte for byte.
func unended(quotation string) string {
	return strings.NewReplacer(".", ",", "!", ",", "?", ",", "…", "‥", "。", "、", "！", "，", "？", "，").Replace(quotation)
}

func (q Question) checkSentence(s string, used map[int]bool) error {
	var cited []string
	for _, m := range citation.FindAllStringSubmatch(s, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 || n > len(q.Evidence) {
			return errors.New("it cites what is not in the evidence")
		}
		used[n] = true
		cited = append(cited, q.Evidence[n-1])
	}
	if len(cited) == 0 {
		return errors.New("a sentence cites nothing")
	}
	known := q.sources(strings.Join(cited, "\n"))
	s = citation.ReplaceAllString(s, " ")
	for _, words := range quotation.FindAllString(s, -1) {
		if !strings.Contains(known.quote, plainWords(words)) {
			return errors.New("it quotes what is not in the evidence")
		}
	}
	own := quotation.ReplaceAllString(s, " ")
	if strings.ContainsAny(own, "\"“”") {
		return errors.New("a quotation has no end")
	}
	return known.check(own)
}

// sources are what a sentence may repeat: the lines that it cites.
type sources struct {
	text  string
	quote string // its words alone
	own   string // in lower case, without what is quoted: who was quoted called another day "today"
	words map[string]bool
	days  map[string]bool
	plain map[string]bool // words of the question that are no names
}

func (q Question) sources(cited string) sources {
	k := sources{
		// A date of this year is written without it.
		text: cited + " " + strconv.Itoa(q.Now.Year()), quote: plainWords(cited),
		own: strings.ToLower(quotation.ReplaceAllString(cited, " ")), words: map[string]bool{}, days: days(cited), plain: map[string]bool{},
	}
	for _, w := range letters.FindAllString(cited, -1) {
		k.words[wordKey(w)] = true
	}
	for _, w := range letters.FindAllString(q.Text, -1) {
		if strings.ToLower(w) == w {
			k.plain[wordKey(w)] = true
		}
	}
	return k
}

// check checks what a sentence says in its own words.
func (k sources) check(own string) error {
	if err := checkWords(own, k.text); err != nil {
		return err
	}
	for d := range days(own) {
		if !k.days[d] {
			return errors.New("it holds a date that the evidence does not")
		}
	}
	for _, d := range near.FindAllString(strings.ToLower(own), -1) {
		if !strings.Contains(k.own, d) {
			return errors.New("it holds a day that passes")
		}
	}
	for i, w := range letters.FindAllString(own, -1) {
		if amount(w) && !k.words[wordKey(w)] {
			return errors.New("it holds an amount that the evidence does not")
		}
		if !k.may(w, i == 0) {
			return errors.New("it holds a name that the evidence does not")
		}
	}
	return nil
}

// amount reports whether a word is a number. One is not: "this one", "one of them".
func amount(word string) bool {
	return slices.Contains(strings.Fields("two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "+
		"eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen twice half double triple"), strings.ToLower(word))
}

// may reports whether a word may stand in a sentence: if it is no name, or one that
// is known. At the beginning, where every word has a capital, it is taken for a
// name unless it is one of those that sentences begin with.
func (k sources) may(word string, first bool) bool {
	lower := strings.ToLower(word)
	if lower == word || strings.ToUpper(lower) == lower || prose.IsStopWord(lower) || k.words[wordKey(word)] || k.plain[wordKey(word)] {
		return true
	}
	return first && slices.Contains(openers(), lower)
}

// openers are words that sentences begin with and that are no names, besides the
// stop words.
func openers() []string {
	return strings.Fields("according accordingly additionally afterwards although another currently earlier finally first furthermore however in initially instead " +
		"last later latest meanwhile moreover nobody nothing neither none one originally overall previously recently second similarly subsequently third yes")
}

// wordKey is a word by its stem, and a day or month by its first three letters, as
// they are abbreviated.
func wordKey(word string) string {
	lower := strings.ToLower(word)
	if calendarName.MatchString(lower) {
		return lower[:3]
	}
	return prose.Stem(lower)
}

// days are the days of months that a text names, as in 3 May and May 3rd.
func days(text string) map[string]bool {
	found := map[string]bool{}
	add := func(day, month string) { found[strings.TrimLeft(day, "0")+" "+strings.ToLower(month[:3])] = true }
	for _, m := range dayMonth.FindAllStringSubmatch(text, -1) {
		add(m[1], m[2])
	}
	for _, m := range monthDay.FindAllStringSubmatch(text, -1) {
		add(m[2], m[1])
	}
	return found
}

// plainWords are the words of a text in lower case, between single spaces, so that
// the marks around a quotation do not matter.
func plainWords(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	return " " + strings.Join(words, " ") + " "
}
