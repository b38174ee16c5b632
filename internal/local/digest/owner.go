package digest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What the patterns of owners are made of.
const (
	andWords   = `(?:and|und|et|y|e)`
	oneOwner   = `@?[\pL.'’-]+(?: \p{Lu}[\pL.'’-]*){0,2}`              // "ann", "Ann Lee", "@ann"
	anotherOne = `(?:, | ` + andWords + ` |, and | ?& ?| ?/ ?| ?\+ ?)` // leads from one to the next
	fullName   = `\p{Lu}[\pL.'’-]+(?: \p{Lu}[\pL.'’-]+)?`
	mention    = `@[\pL\d._-]+`
	hasTo      = ` to| will| should| must| needs to| has to`
	ownerIs    = `owner|assignee|assigned to|responsible` +
		`|verantwortlich|zuständig|responsable|pilote|assigné à|asignado a|encargad[oa]`
)

var (
	// "Ann and Bob to send …", "@ann: send …", "Ann – send …"
	ownerFirst = regexp.MustCompile(`^(` + oneOwner + `(?:` + anotherOne + oneOwner + `){0,3})(:|,| [–—-]|` + hasTo + `)\s+(\S.*)$`)
	// "Ann sends …", "Ann und Bob schicken …": a verb in any language.
	ownerBegins = regexp.MustCompile(`^(` + fullName + `(?: (?:` + andWords + `|&) ` + fullName + `)?) \p{Ll}`)
	// "@ann send …", "@ann, @bob: send …"
	mentionedFirst = regexp.MustCompile(`^(` + mention + `(?:(?:,? ` + andWords + ` |, | ?& ?)` + mention + `)*)[:,]?\s+\S`)
	// "Send … (Ann)", "Send … [AB]", "Send … @ann", "Send … – Ann Lee", "Send …, owner: Ann"
	ownerLast = regexp.MustCompile(`^(\S.*?)\s*(?:[(\[]([^()\[\]]{1,60})[)\]]|(` + mention + `)| [–—-] ([^–—-]{1,40})` +
		`|[,;.]? (?:` + ownerIs + `) ?: ?(\S.{0,40}))[.\s]*$`)
	parts    = regexp.MustCompile(`\s*(?:,| ` + andWords + ` |&|/|\+)\s*`)
	initials = regexp.MustCompile(`^\p{Lu}{2,4}$`)
)

// filedOwner is who is to do what a writer filed as an action, and the text
// without a mere "Ann:".
func (t talk) filedOwner(m mark) (owner, text string) {
	if m.owner != "" {
		return t.owners(m.owner, anyName), m.text
	}
	if f := mentionedFirst.FindStringSubmatch(m.text); f != nil {
		return t.owners(f[1], anyName), m.text
	}
	if f := ownerFirst.FindStringSubmatch(m.text); f != nil {
		sure := knownName
		if f[2] == " to" || f[2] == " will" {
			sure = anyName
		}
		if owner := t.owners(f[1], sure); owner != "" {
			if f[2] == ":" {
				return owner, f[3]
			}
			return owner, m.text
		}
	}
	if m.who.name != "" {
		return t.owners(m.who.name, anyName), m.text
	}
	if f := ownerBegins.FindStringSubmatch(m.text); f != nil {
		if owner := t.owners(f[1], knownName); owner != "" {
			return owner, m.text
		}
	}
	if l := ownerLast.FindStringSubmatch(m.text); l != nil {
		sure := knownName
		if l[3] != "" || l[5] != "" {
			sure = anyName
		}
		if owner := t.owners(l[2]+l[3]+l[4]+l[5], sure); owner != "" {
			return owner, m.text
		}
	}
	return "", m.text
}

// ownerJoint stands between several owners.
const ownerJoint = " and "

// Owners are the owners one by one; none is nobody in particular.
func (a Action) Owners() []string {
	if a.Owner == "" {
		return nil
	}
	return strings.Split(a.Owner, ownerJoint)
}

// sureness of a name: where nothing but a name can stand, any word will do.
type nameKind int

const (
	knownName nameKind = iota // of who is in the talk, or initials in minutes
	anyName
)

// owners are the people that a text names, in full as far as they are known; ""
// if it names none, or all.
func (t talk) owners(text string, kind nameKind) string {
	var out []string
	for _, part := range parts.Split(strings.TrimSpace(text), -1) {
		part, at := strings.CutPrefix(strings.Trim(part, " .:"), "@")
		if oneOf(strings.ToLower(part), nobodyWords) {
			return ""
		}
		full, ok := t.person(part)
		if !ok && (kind == knownName && !at || len(strings.Fields(part)) > 3 || part == "") {
			return ""
		}
		if !ok {
			full = part
		}
		out = append(out, full)
	}
	return strings.Join(out, ownerJoint)
}

// person finds who is called so: by the first name, all of the name, or in
// minutes by the initials.
func (t talk) person(name string) (full string, ok bool) {
	if full, ok := t.named(name); ok {
		return full, true
	}
	if first, rest, ok := strings.Cut(name, " "); ok {
		full, known := t.named(first)
		if known && strings.HasSuffix(strings.ToLower(full), strings.ToLower(rest)) {
			return full, true
		}
	}
	return name, t.medium == minuted && initials.MatchString(name)
}

// named is the name of whom a word calls: the full one if one person has it.
func (t talk) named(word string) (string, bool) {
	if t.medium == minuted && initials.MatchString(word) {
		full, ok := t.names[word]
		if full == "" {
			full = word
		}
		return full, ok
	}
	full, ok := t.names[strings.ToLower(word)]
	if !ok {
		return "", false
	}
	if full == "" {
		return word, true
	}
	return full, true
}

// initialsOf are the first letters of a name's words: "AL" of "Ann Lee".
func initialsOf(name string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' }) {
		if first, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(first) {
			b.WriteRune(first)
		}
	}
	return b.String()
}
