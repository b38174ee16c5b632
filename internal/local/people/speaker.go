package people

import (
	"regexp"
	"strings"
	"unicode"
)

// maxName is how long a name may be, in bytes: what is longer is a sentence.
const maxName = 120

// umlauts matches what may transcribe one. Handles are kept in databases, and have
// always been without, also where an e is no umlaut's.
var umlauts = regexp.MustCompile(`([aou])e`)

// NameHandle is the handle of somebody who is known by a name alone. A full name is
// one person's wherever it stands; a single word is somebody's in one series of
// meetings, whose title it comes with, and nobody's without. "" for what names
// nobody: "Speaker 1".
func NameHandle(display, series string) string {
	name := ParseName(display)
	key := umlauts.ReplaceAllString(name.Key(), "$1")
	if len(name.Words) == 0 || len(display) > maxName || placeholder(name.Words[0]) {
		return ""
	}
	if name.leading != "" || len(name.Words) == 1 && len(name.Initials) > 0 {
		key = strings.Join(append([]string{key}, name.Initials...), " ")
	} else if name.Full() {
		return key
	}
	if series = Series(series); series == "" {
		return ""
	}
	return key + " · " + series
}

// Series is the part of a meeting's title that the meetings of a series share: it
// is without numbers and dates.
func Series(title string) string {
	var kept []string
	for word := range strings.FieldsSeq(strings.ToLower(title)) {
		word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if word != "" && !strings.ContainsFunc(word, unicode.IsDigit) && !month(word) {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

func month(word string) bool {
	switch word {
	case "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
		"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec":
		return true
	}
	return false
}

// placeholder reports whether a program writes a word where it knows no name.
func placeholder(word string) bool {
	switch word {
	case "speaker", "sprecher", "participant", "teilnehmer", "attendee", "unknown", "unbekannt", "guest", "host", "user", "caller", "iphone", "ipad", "me", "you",
		"everyone", "all", "room", "recording", "operator", "moderator", "phone", "zoom", "anonymous", "transcript":
		return true
	}
	return false
}

// Sender finds out who wrote a message that a mailing list sent on under its own
// address: "Anna Novak via Devs" <devs@lists.example.org>, or
// anna=acme.com@dmarc.example.org. List is that address, and "" where the message
// comes from its writer. A writer whose address the list has taken away has none.
func Sender(address, name string) (writer, writerName, list string) {
	if original, ok := rewritten(address); ok {
		return original, name, ""
	}
	if !strings.Contains(name, "via ") { // nearly always
		return address, name, ""
	}
	if match := viaList.FindStringSubmatch(name); match != nil {
		who := strings.Trim(strings.TrimSpace(match[1]), `'"`)
		if original := strings.ToLower(who); ParseAddress(original).domain != "" && !strings.Contains(who, " ") {
			return original, "", address
		}
		if ParseName(who).Full() {
			return "", who, address
		}
	}
	return address, name, ""
}

var viaList = regexp.MustCompile(`^(.+?)\s+(?:via|\(via)\s+\S`)

// rewritten reads the address that a list has put into its own (as the IETF's
// DMARC workaround does).
func rewritten(address string) (string, bool) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || !strings.Contains(address[at:], "dmarc") && !strings.Contains(address[at:], "lists.") {
		return "", false
	}
	name, domain, ok := strings.Cut(strings.Replace(address[:at], "=40", "=", 1), "=")
	if !ok || name == "" || !strings.Contains(domain, ".") || strings.Contains(domain, "=") {
		return "", false
	}
	return name + "@" + domain, true
}

// SameSpeaker returns which of several names a speaker's is, if it is clearly one:
// "Anna" is the one attendee called Anna.
func SameSpeaker(speaker string, names []string) (int, bool) {
	said := ParseName(speaker)
	if len(said.Words) == 0 {
		return 0, false
	}
	found, sure := -1, false
	for i, text := range names {
		name := ParseName(text)
		switch {
		case len(name.Words) == 0:
		case said.equal(name) || said.Full() && said.Key() == name.Key():
			if sure {
				return 0, false
			}
			found, sure = i, true
		case sure || !said.calls(name):
		case found >= 0:
			found = -2
		case found == -1:
			found = i
		}
	}
	return max(found, 0), found >= 0
}
