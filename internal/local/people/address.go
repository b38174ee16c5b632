package people

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Kind is what is behind a handle.
type Kind int

// The kinds.
const (
	Person Kind = iota
	Other       // a mailing list, or an office that many people answer for
	Bot
	Company
)

// Address is an e-mail address in its parts.
type Address struct {
	local  string // without what stands after a plus
	tagged bool   // something did
	domain string
}

// ParseAddress reads a handle. What is no address has no parts.
func ParseAddress(handle string) Address {
	at := strings.LastIndexByte(handle, '@')
	if at <= 0 || at == len(handle)-1 {
		return Address{}
	}
	a := Address{local: handle[:at], domain: handle[at+1:]}
	if plus := strings.IndexByte(a.local, '+'); plus > 0 {
		a.local, a.tagged = a.local[:plus], true
	}
	return a
}

// KindOf tells what a handle is, as far as it says so itself.
func KindOf(handle string) Kind {
	if strings.HasPrefix(handle, "@") {
		return Company
	}
	a := ParseAddress(handle)
	if a.domain == "" {
		return Person
	}
	plain := strings.Map(letters, a.local)
	switch {
	case machine(plain) || strings.HasSuffix(a.local, "[bot]") || strings.HasSuffix(a.local, "-bot") || strings.HasSuffix(a.local, "_bot"):
		return Bot
	case office(plain), a.list():
		return Other
	}
	return Person
}

func letters(r rune) rune {
	if r >= 'a' && r <= 'z' || r > 0x7f {
		return r
	}
	return -1
}

// machine reports whether programs write under such a name.
func machine(local string) bool {
	for _, part := range []string{"noreply", "donotreply", "dontreply", "noresponse", "mailerdaemon", "postmaster", "notification", "notify", "bounce", "autoreply", "autoresponder"} {
		if strings.Contains(local, part) {
			return true
		}
	}
	switch local {
	case "alert", "alerts", "bot", "cron", "daemon", "jenkins", "jira", "bugzilla", "bugzilladaemon", "buildbot", "syzbot", "root", "www", "wwwdata", "nobody", "mailer":
		return true
	}
	return false
}

// office reports whether an address of such a name is a task's and not a person's
// (RFC 2142 has some of these).
func office(local string) bool {
	switch local {
	case "abuse", "accounting", "accounts", "admin", "administration", "all", "billing", "board", "booking", "bookings", "careers", "compliance", "contact",
		"dev", "devops", "editor", "einkauf", "enquiries", "everyone", "events", "everybody", "feedback", "finance", "hallo", "hello", "help", "helpdesk", "hi",
		"hostmaster", "hr", "info", "infos", "inquiries", "invoice", "invoices", "it", "jobs", "kontakt", "legal", "list", "mail", "marketing", "media", "membership",
		"news", "newsletter", "office", "ops", "order", "orders", "partners", "payroll", "personal", "post", "press", "presse", "privacy", "procurement",
		"purchasing", "rechnung", "reception", "recruiting", "redaktion", "registration", "sales", "security", "service", "services", "staff", "subscriptions", "support",
		"team", "ticket", "tickets", "training", "travel", "updates", "verkauf", "vertrieb", "web", "webmaster", "welcome":
		return true
	}
	return false
}

// list reports whether an address is a mailing list's, or its administration's.
func (a Address) list() bool {
	labels := strings.Split(a.domain, ".")
	for _, label := range labels[:len(labels)-1] {
		switch label {
		case "list", "lists", "groups", "googlegroups", "mailman", "listserv", "vger", "freelists", "lists-outbound":
			return true
		}
	}
	for _, end := range []string{"-list", "-l", "-dev", "-devel", "-users", "-announce", "-discuss", "-request", "-owner", "-subscribe", "-unsubscribe", "-admin", "-team", "-commits", "-bugs"} {
		if strings.HasSuffix(a.local, end) {
			return true
		}
	}
	return strings.HasPrefix(a.local, "owner-") || strings.HasPrefix(a.local, "list-")
}

func (a Address) gmail() bool { return a.domain == "gmail.com" || a.domain == "googlemail.com" }

// mailbox is what is the same for all addresses that one mailbox gets: Gmail takes
// dots for nothing, and what stands after a plus is the receiver's own mark (RFC
// 5233). "" for what is no address.
func (a Address) mailbox() string {
	switch {
	case a.domain == "":
		return ""
	case a.gmail():
		return strings.ReplaceAll(a.local, ".", "") + "@gmail.com"
	}
	return a.local + "@" + a.domain
}

// Organization is the registrable domain of an address, which one owner has:
// acme.co.uk of mail.acme.co.uk. It is "" for the addresses of mail providers, which
// belong to nobody's organization.
func Organization(address string) string {
	domain := address[strings.LastIndexByte(address, '@')+1:]
	owner, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(domain))
	if err != nil || len(owner) == len(address) || provider(owner) {
		return ""
	}
	return owner
}

// provider reports whether everybody can have an address of a domain.
func provider(domain string) bool {
	label, _, _ := strings.Cut(domain, ".")
	switch label {
	case "gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "ymail", "rocketmail", "aol", "icloud", "gmx", "proton", "protonmail",
		"fastmail", "hushmail", "tutanota", "zoho", "yandex", "qq", "163", "126", "sina", "foxmail", "naver", "hanmail", "daum", "rediffmail", "posteo",
		"freenet", "t-online", "libero", "virgilio", "laposte", "wanadoo", "seznam", "privaterelay", "mailinator":
		return true
	}
	switch domain {
	case "me.com", "mac.com", "mail.com", "email.com", "web.de", "mail.ru", "inbox.ru", "list.ru", "bk.ru", "free.fr", "orange.fr", "sfr.fr", "wp.pl", "o2.pl", "onet.pl",
		"op.pl", "abv.bg", "ukr.net", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "earthlink.net", "btinternet.com",
		"hey.com", "pm.me", "duck.com", "bigpond.com", "shaw.ca", "rogers.com", "terra.com.br", "uol.com.br", "bol.com.br", "tiscali.it", "alice.it", "arcor.de", "mailbox.org":
		return true
	}
	return false
}

// brand is the name by which an organization's domains under several suffixes go:
// acme of acme.com and acme.de. Short ones are too many people's.
func (a Address) brand() string {
	owner := Organization(a.local + "@" + a.domain)
	label, _, _ := strings.Cut(owner, ".")
	if len(label) < 4 {
		return owner
	}
	return label
}

// tokens are the words before the @.
func (a Address) tokens() []string {
	all := strings.FieldsFunc(a.local, func(r rune) bool { return strings.ContainsRune("._-", r) })
	for i, token := range all {
		all[i] = fold(token)
	}
	return slices.DeleteFunc(all, func(token string) bool { return token == "" })
}

// impliedName is what an address calls its owner that has no name: anna.novak@.
func (a Address) impliedName() (Name, bool) {
	tokens := a.tokens()
	if len(tokens) < 2 || len(tokens) > 3 || a.domain == "" {
		return Name{}, false
	}
	var name Name
	for i, token := range tokens {
		switch {
		case strings.ContainsAny(token, "0123456789"):
			return Name{}, false
		case len(token) > 2:
			name.Words = append(name.Words, token)
		case len(token) == 1 && i > 0:
			name.Initials = append(name.Initials, token)
		default:
			return Name{}, false
		}
	}
	return name, len(name.Words) > 1
}

// derived reports whether an address says no more of its owner than the name
// does: anna.novak, anovak, novaka or anna for Anna Novak.
func (a Address) derived(n Name) bool {
	rest := strings.Join(a.tokens(), "")
	parts := slices.Clone(n.Words)
	parts = append(parts, longForm(n.given()))
	slices.SortFunc(parts, func(x, y string) int { return len(y) - len(x) })
	for _, part := range parts {
		rest = strings.Replace(rest, part, "", 1)
	}
	for _, part := range append(slices.Clone(n.Words), n.Initials...) {
		if part != "" {
			rest = strings.Replace(rest, part[:1], "", 1)
		}
	}
	return rest == ""
}

// belies reports whether an address clearly names somebody else: bob.jones@ under
// the name of Anna Novak, such as an assistant's.
func (a Address) belies(n Name) bool {
	name, ok := a.impliedName()
	if !ok || len(n.Words) == 0 {
		return false
	}
	for _, token := range name.Words {
		for _, word := range n.Words {
			if strings.HasPrefix(token, word) || strings.HasPrefix(word, token) || longForm(token) == longForm(word) {
				return false
			}
		}
	}
	return true
}
