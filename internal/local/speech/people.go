package speech

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/people"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Self is the user for whom something is read.
type Self struct {
	FirstName string // lower case
	addresses map[string]bool
	companies map[string]bool // the own registrable domains
	handles   map[string]bool // accounts, and names in meetings
}

// NewSelf knows the user by their addresses, and their colleagues by the domains.
func NewSelf(user store.User) Self {
	s := Self{addresses: map[string]bool{}, FirstName: strings.ToLower(user.FirstName), companies: map[string]bool{}, handles: map[string]bool{}}
	for _, h := range append(user.Own(), user.Handles...) {
		if !strings.Contains(h, "@") {
			s.handles[h] = true
		}
	}
	for _, a := range append(user.Own(), user.Email) {
		if a = strings.ToLower(a); a == "" || a == store.PlaceholderEmail {
			continue
		}
		s.addresses[a] = true
		if domain := Organization(a); domain != "" {
			s.companies[domain] = true
		}
		if local, _, ok := strings.Cut(a, "@"); ok && s.FirstName == "" {
			s.FirstName, _, _ = strings.Cut(local, ".")
		}
	}
	return s
}

// Addresses are those of the user, in order.
func (s Self) Addresses() []string { return slices.Sorted(maps.Keys(s.addresses)) }

// Is reports whether somebody is the user.
func (s Self) Is(p store.Person) bool {
	return s.addresses[strings.ToLower(p.Email)] || s.handles[p.Account]
}

// spoke reports whether the user is a speaker of a meeting.
func (s Self) spoke(speaker store.Person, m store.Meeting) bool {
	if s.Is(speaker) || speaker.Name != "" && strings.EqualFold(speaker.Name, s.nameAmong(m.Attendees)) {
		return true
	}
	return len(s.handles) > 0 && speaker.Email == "" && s.handles[people.NameHandle(speaker.Name, m.Title)]
}

// mentionedIn reports whether a sentence of a chat message names the user, as those
// of the mentions do that are them.
func (s Self) mentionedIn(sentence string, mentions []store.Person) bool {
	return slices.ContainsFunc(mentions, func(p store.Person) bool { return s.Is(p) && strings.Contains(sentence, "@"+p.Name) })
}

// Ours reports whether somebody is of the user's own company.
func (s Self) Ours(p store.Person) bool { return s.Is(p) || s.companies[Organization(p.Email)] }

// Organization is the registrable domain of an address, which one owner has:
// acme.co.uk of mail.acme.co.uk. It is "" for the addresses of mail providers, which
// belong to nobody's organization.
func Organization(address string) string { return people.Organization(strings.ToLower(address)) }

// Company is the name by which people call the owner of an address: the label of
// its registrable domain. Others may have the same name under another suffix.
func Company(address string) string {
	label, _, _ := strings.Cut(Organization(address), ".")
	return label
}

// Machine reports whether a message was written by a program, or to thousands:
// nobody waits for an answer to it.
func Machine(m store.Message) bool {
	local, _, _ := strings.Cut(strings.ToLower(m.SenderEmail), "@")
	local = strings.NewReplacer("-", "", "_", "", ".", "").Replace(local)
	for _, part := range []string{"noaddress", "webmaster", "newsletter", "editor"} {
		if strings.Contains(local, part) {
			return true
		}
	}
	switch local {
	case "hello", "news", "letter", "info", "marketing", "updates", "alerts", "status", "trips", "digest":
		return !begins(m.Subject, "re:")
	}
	if robot(m) {
		return true
	}
	for _, mark := range []string{"automatic reply", "auto reply", "autoreply", "out of office", "automatische antwort", "abwesenheitsnotiz", "réponse automatique", "respuesta automática"} {
		if begins(m.Subject, mark) || begins(m.BodyText, mark) {
			return true
		}
	}
	return HasAny(Plain(withoutFooter(m.BodyText)), "unsubscribe|no longer receive|be removed from|remove your email|opt out")
}

// begins is strings.HasPrefix in any case.
func begins(text, with string) bool {
	return len(text) >= len(with) && strings.EqualFold(text[:len(with)], with)
}

// robot reports whether the sender says of itself that it is a program.
func robot(m store.Message) bool {
	if bytes.Contains(m.Metadata, []byte(`"`+attrove.MetaBot+`":true`)) {
		return true
	}
	local, _, _ := strings.Cut(strings.ToLower(m.SenderEmail), "@")
	name := strings.ToLower(m.SenderName)
	return people.KindOf(strings.ToLower(m.SenderEmail)) == people.Bot || strings.HasSuffix(Plain(name), " bot ") || namesRobot(local) || namesRobot(name)
}

// namesRobot reports whether a name is one word that ends as programs' do, and
// families' seldom: Abbot, Talbot and Cabot.
func namesRobot(name string) bool {
	before, ok := strings.CutSuffix(name, "bot")
	return ok && !strings.ContainsAny(before, " .") && !strings.HasSuffix(before, "ab") && !strings.HasSuffix(before, "tal") && !strings.HasSuffix(before, "ca")
}

// withoutFooter is a text without what a mailing list writes under what people
// write to it: how to leave it makes nobody's mail a mailing.
func withoutFooter(text string) string {
	const most = 800 // bytes; what is longer is no footer
	lines := strings.SplitAfter(text, "\n")
	for size := 0; len(lines) > 0; lines = lines[:len(lines)-1] {
		line := strings.TrimRight(lines[len(lines)-1], "\r\n")
		if size += len(line); size > most {
			break
		}
		if line == "-- " || len(line) >= 20 && strings.Trim(line, "_") == "" {
			return strings.Join(lines[:len(lines)-1], "")
		}
	}
	return text
}

// SameName reports whether a word is one of the words of a name.
func SameName(word, name string) bool {
	for _, part := range prose.Words(name) {
		if part == word {
			return true
		}
	}
	return false
}

// Call is what to call a person in an answer.
func Call(p store.Person) string {
	if p.Name != "" {
		return p.Name
	}
	if p.Email != "" {
		return p.Email
	}
	return "Somebody"
}

// Addressed finds out whom the beginning of a text speaks to: "Dana, can you",
// "Hi Dana,". Empty when it speaks to nobody by name.
func Addressed(text string) []string {
	lead, _, ok := strings.Cut(text, ",")
	var names []string
	for rest := text; ok && len(lead) <= 24 && len(names) < 4; {
		words := strings.Fields(lead)
		if len(words) > 0 && greeting(words[0]) {
			words = words[1:]
		}
		if len(words) == 0 || len(words) > 2 || !Capitalized(words[0]) {
			break
		}
		names = append(names, strings.ToLower(words[0]))
		_, rest, _ = strings.Cut(rest, ",")
		lead, _, ok = strings.Cut(rest, ",")
	}
	return names
}

func greeting(word string) bool {
	switch strings.ToLower(strings.Trim(word, ",")) {
	case "hi", "hello", "hey", "dear", "morning", "thanks", "and", "good", "ok", "yes", "no":
		return true
	}
	return false
}

// Capitalized reports whether a word begins as a name does.
func Capitalized(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first)
}
