package people

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
)

// Name is what somebody is called, in a form in which spellings can be compared:
// without accents and in Latin letters, without titles, companies and pronouns,
// given name first.
type Name struct {
	Words    []string // of two letters or more, lower case
	Initials []string // single letters between them or in their place
	leading  string   // the initial that stands for the given name: the j of "J. Smith"
}

// ParseName reads a display name. What is none, such as an address, has no words.
func ParseName(display string) Name {
	text := bare(display)
	if strings.ContainsRune(text, '@') || strings.Contains(text, "://") {
		return Name{}
	}
	text = givenFirst(text)
	var name Name
	for i, word := range words(text) {
		switch {
		case honorific(word):
		case utf8.RuneCountInString(word) > 1:
			name.Words = append(name.Words, word)
		case unicode.IsDigit(firstRune(word)):
		default:
			if i == 0 {
				name.leading = word
			}
			name.Initials = append(name.Initials, word)
		}
	}
	return name
}

// Key is the same for spellings of the same name.
func (n Name) Key() string { return strings.Join(n.Words, " ") }

// Full reports whether a name has a given name and a surname.
func (n Name) Full() bool { return len(n.Words) > 1 || len(n.Words) == 1 && wholeInOneWord(n.Words[0]) }

func (n Name) equal(o Name) bool {
	return slices.Equal(n.Words, o.Words) && slices.Equal(n.Initials, o.Initials)
}

func (n Name) given() string {
	if len(n.Words) == 0 {
		return ""
	}
	return n.Words[0]
}

func (n Name) surname() string {
	if len(n.Words) == 0 {
		return ""
	}
	return n.Words[len(n.Words)-1]
}

// couldBe reports whether nothing in two names says that they are two people's:
// "Anna Novak", "A. Novak", "Anna", "Anna M. Novak". Somebody may change a
// surname; who has another given name is somebody else.
func (n Name) couldBe(o Name) bool {
	switch {
	case len(n.Words) == 0 || len(o.Words) == 0:
		return len(n.Words) == len(o.Words)
	case n.leading != "" || o.leading != "":
		return n.surname() == o.surname() && n.initial() == o.initial()
	}
	return sameGiven(n.given(), o.given()) || !n.Full() && slices.Contains(o.Words, n.given()) || !o.Full() && slices.Contains(n.Words, o.given())
}

// alike reports whether two names are spellings of one: surnames agree, and given
// names as far as they are written out. Initials between them agree.
func (n Name) alike(o Name) bool {
	return len(n.Words) > 0 && len(o.Words) > 0 && n.surname() == o.surname() && n.initial() == o.initial() &&
		n.couldBe(o) && !n.middlesDiffer(o)
}

// middlesDiffer reports whether both have initials between, and other ones.
func (n Name) middlesDiffer(o Name) bool {
	return n.leading == "" && o.leading == "" && len(n.Initials) > 0 && len(o.Initials) > 0 && !slices.Equal(n.Initials, o.Initials)
}

// initial is the first letter of the given name: of Bob it is that of Robert.
func (n Name) initial() string {
	if n.leading != "" {
		return n.leading
	}
	return string(firstRune(longForm(n.given())))
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// bare is a display name without what people and programs add to it: quotes,
// "(she/her)", "[Acme]", "| Acme", " - Acme", "via the list".
func bare(display string) string {
	text, _, _ := strings.Cut(display, " via ")
	for _, brackets := range []string{"()", "[]", "<>", "{}"} {
		for {
			from := strings.IndexByte(text, brackets[0])
			if from < 0 {
				break
			}
			to := strings.IndexByte(text[from:], brackets[1])
			if to < 0 {
				text = text[:from]
				break
			}
			text = text[:from] + " " + text[from+to+1:]
		}
	}
	for _, end := range []string{" | ", " - ", " – ", " — ", " / ", " @ ", " on behalf of "} {
		text, _, _ = strings.Cut(text, end)
	}
	return strings.Trim(strings.TrimSpace(text), `'"“”„‘’`)
}

// givenFirst turns "Novak, Anna" round. "Anna Novak, PhD" stays.
func givenFirst(text string) string {
	if !strings.Contains(text, ",") {
		return text
	}
	parts := strings.Split(text, ",")
	parts = slices.DeleteFunc(parts, func(part string) bool {
		all := words(part)
		return len(all) == 0 || !slices.ContainsFunc(all, func(w string) bool { return !honorific(w) })
	})
	switch len(parts) {
	case 0:
		return ""
	case 2:
		return parts[1] + " " + parts[0]
	}
	return parts[0]
}

// words splits a name into words of letters and digits in the form in which they
// are compared.
func words(text string) []string {
	var all []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !apostrophe(r)
	}) {
		for _, part := range apartAtCase(word) {
			if folded := fold(part); folded != "" {
				all = append(all, folded)
			}
		}
	}
	return all
}

func apostrophe(r rune) bool { return strings.ContainsRune("'’‘`´ʹʼ", r) }

// apartAtCase splits AnnaNovak. McNovak is one word.
func apartAtCase(word string) []string {
	runes := []rune(word)
	for i := 3; i < len(runes)-2; i++ {
		if unicode.IsUpper(runes[i]) && unicode.IsLower(runes[i-1]) && unicode.IsLower(runes[i+1]) && unicode.IsUpper(runes[0]) && string(runes[:i]) != "Mac" {
			return append([]string{string(runes[:i])}, apartAtCase(string(runes[i:]))...)
		}
	}
	return []string{word}
}

// fold is a word in Latin letters without accents: Müller, Mueller and Muller are
// one. Chinese, Japanese and Korean words stay as they are, because many of them
// sound alike.
func fold(word string) string {
	if strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII }) && !eastAsian(word) {
		word = unidecode.Unidecode(word)
	}
	word = strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, word)
	var b strings.Builder
	for i, r := range word {
		if r == 'e' && i > 0 && strings.IndexByte("aou", word[i-1]) >= 0 && !ownVowel(word[i+1:]) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ownVowel reports whether an e before the rest of a word is no umlaut's, though it
// stands behind an a, o or u: as in Zoe, and in Michael and Michaela, who are not Michał
// and Michala.
func ownVowel(rest string) bool { return rest == "" || rest == "l" || rest == "la" }

func eastAsian(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
	})
}

// wholeInOneWord reports whether a word is a surname with a given name, as
// Chinese, Japanese and Korean names are written.
func wholeInOneWord(word string) bool {
	n := utf8.RuneCountInString(word)
	return n >= 2 && n <= 5 && eastAsian(word)
}

// honorific reports whether a word stands before or after names and is of none.
func honorific(word string) bool {
	switch word {
	case "dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "herr", "frau", "hr", "fr", "mme", "mlle", "dipl", "ing", "mag",
		"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "msc", "bsc", "cpa", "cfa", "pmp":
		return true
	}
	return false
}
