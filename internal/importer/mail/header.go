package mail

import (
	"bufio"
	"bytes"
	"net/textproto"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"
)

// Address is a mailbox as a header names it. Email is lower case.
type Address struct {
	Email string
	Name  string
}

// Header is a message's header. Its methods answer as well as what stands there
// allows, and with nothing where nothing usable does.
type Header struct {
	fields  textproto.MIMEHeader // in UTF-8, without what is about the body
	content textproto.MIMEHeader // what is, as it stands
}

// ReadHeader reads the header at the beginning of raw.
func ReadHeader(raw []byte) Header {
	h := Header{fields: fieldsOf(raw[:len(raw)-len(bodyOf(raw))]), content: textproto.MIMEHeader{}}
	for name, values := range h.fields {
		if strings.HasPrefix(name, "Content-") {
			h.content[name] = values
			delete(h.fields, name)
			continue
		}
		for i, value := range values {
			if !utf8.ValidString(value) {
				values[i] = toUTF8([]byte(value))
			}
		}
	}
	return h
}

// fieldsOf reads a header by the book, and one that is not written so as enmime does.
func fieldsOf(head []byte) textproto.MIMEHeader {
	if !bytes.Contains(head, []byte(" :")) { // which net/textproto would count to the name of a field
		fields, err := textproto.NewReader(bufio.NewReaderSize(bytes.NewReader(head), min(len(head), 4<<10))).ReadMIMEHeader()
		if err == nil {
			return fields
		}
	}
	// The error is of the end of the input or of a line that is no field, and what
	// was read before it stands.
	fields, _ := enmime.ReadHeader(bufio.NewReader(bytes.NewReader(head)), ignoreErrors{})
	return fields
}

type ignoreErrors struct{}

func (ignoreErrors) AddError(string, string, ...any)   {}
func (ignoreErrors) AddWarning(string, string, ...any) {}

// Empty reports whether nothing in the header says whose message this is, which
// one, or when and about what it was written: then it is not mail.
func (h Header) Empty() bool {
	for _, name := range []string{"From", "Sender", "To", "Date", "Subject", "Message-Id", "Received", "List-Id"} {
		if strings.TrimSpace(h.fields.Get(name)) != "" {
			return false
		}
	}
	return true
}

// Plausible reports whether the header is that of a message: text of other kinds
// has lines of the form of fields, too.
func (h Header) Plausible() bool {
	found := 0
	for _, name := range []string{"From", "To", "Date", "Subject", "Message-Id", "Received", "Return-Path", "Mime-Version", "Sender"} {
		if _, ok := h.fields[name]; ok {
			found++
		}
	}
	return found >= 2
}

// Get returns the decoded text of a field in one line, or "".
func (h Header) Get(name string) string { return oneLine(decoded(h.fields.Get(name))) }

// decoded decodes the encoded words in a field (RFC 2047).
func decoded(value string) string {
	if !strings.Contains(value, "=?") {
		return value
	}
	part := enmime.NewPart("")
	part.Header.Set("Subject", value) // any field is decoded alike
	env, err := enmime.EnvelopeFromPart(part)
	if err != nil {
		return value
	}
	return env.GetHeader("Subject")
}

// oneLine makes text fit for a single line: no control characters, no runs of spaces.
func oneLine(text string) string {
	if isOneLine(text) {
		return text
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(text), " ")
}

// isOneLine reports whether text is ASCII that oneLine would leave as it is, as most is.
func isOneLine(text string) bool {
	before := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return text == "" || before != ' '
}

// bracketed returns what stands in the first pair of angle brackets, and what
// stands behind it.
func bracketed(value string) (inside, rest string, ok bool) {
	for {
		_, after, found := strings.Cut(value, "<")
		if !found {
			return "", "", false
		}
		end := strings.IndexAny(after, "<>")
		switch {
		case end < 0:
			return "", "", false
		case end > 0 && after[end] == '>':
			return after[:end], after[end+1:], true
		}
		value = after[end:]
	}
}

// ids returns the ids in angle brackets. A folded header may have put spaces inside.
func ids(value string) []string {
	var found []string
	for inside, rest, ok := bracketed(value); ok; inside, rest, ok = bracketed(rest) {
		if id := strings.Join(strings.Fields(inside), ""); id != "" {
			found = append(found, id)
		}
	}
	if found == nil {
		// Some programs leave the brackets out.
		if id := strings.TrimSpace(value); strings.Contains(id, "@") && !strings.ContainsAny(id, " \t<>") {
			found = append(found, id)
		}
	}
	return found
}

// MessageID returns the Message-ID without its brackets, or "".
func (h Header) MessageID() string {
	if found := ids(h.fields.Get("Message-Id")); len(found) > 0 {
		return found[0]
	}
	return ""
}

// InReplyTo returns the id of the message that this one answers, or "".
func (h Header) InReplyTo() string {
	if found := ids(h.fields.Get("In-Reply-To")); len(found) > 0 {
		return found[0]
	}
	if refs := ids(h.fields.Get("References")); len(refs) > 0 {
		return refs[len(refs)-1]
	}
	return ""
}

// References returns the ids of the messages before this one in its thread,
// oldest first (RFC 5322 section 3.6.4).
func (h Header) References() []string {
	refs := ids(h.fields.Get("References"))
	if len(refs) == 0 {
		if id := h.InReplyTo(); id != "" {
			return []string{id}
		}
	}
	return refs
}

// looseAddress finds addresses in a list that no grammar accepts.
var looseAddress = lazily(`[^\s<>()",;:'\[\]]+@[^\s<>()",;:'\[\]]+`)

// Addresses returns the addresses in the named fields, each once.
func (h Header) Addresses(names ...string) []Address {
	var all []Address
	add := func(email, name string) {
		email = strings.ToLower(oneLine(email))
		if email == "" || slices.ContainsFunc(all, func(a Address) bool { return a.Email == email }) {
			return
		}
		name = strings.Trim(oneLine(name), `"' `)
		if strings.EqualFold(name, email) {
			name = ""
		}
		all = append(all, Address{Email: email, Name: name})
	}
	for _, name := range names {
		for _, value := range h.fields[textproto.CanonicalMIMEHeaderKey(name)] {
			list, err := enmime.ParseAddressList(value)
			for _, address := range list {
				add(address.Address, address.Name)
			}
			if err != nil {
				addLoose(value, add)
			}
		}
	}
	return all
}

// addLoose takes what it can from an address list that does not parse.
func addLoose(value string, add func(email, name string)) {
	found := looseAddress().FindAllString(value, -1)
	if len(found) == 1 {
		before, _, _ := strings.Cut(value, found[0])
		add(found[0], strings.Trim(before, " \t<\"'"))
		return
	}
	for _, email := range found {
		add(email, "")
	}
}

// List returns the name of the mailing list that brought the message, or "".
func (h Header) List() string {
	id := h.Get("List-Id")
	if id == "" {
		return ""
	}
	// RFC 2919: an optional phrase, then the id in angle brackets.
	if inside, _, ok := bracketed(id); ok {
		return inside
	}
	return id
}

// Bulk reports whether a list or a program sent the message, so that its
// recipients say nothing about who reads this mailbox.
func (h Header) Bulk() bool {
	switch strings.ToLower(h.Get("Precedence")) {
	case "list", "bulk", "junk":
		return true
	}
	return h.Get("List-Id") != "" || h.Get("Mailing-List") != "" || h.Get("List-Post") != ""
}

// Labels returns the labels and the folder that an export noted.
func (h Header) Labels() []string {
	labels := h.gmailLabels()
	folder := h.Get("X-Folder")
	if i := strings.LastIndexAny(folder, `\/`); i >= 0 {
		folder = folder[i+1:]
	}
	if folder = strings.Trim(folder, "' "); folder != "" {
		labels = append(labels, folder)
	}
	return labels
}

func (h Header) gmailLabels() []string {
	var labels []string
	for _, label := range strings.Split(h.Get("X-Gmail-Labels"), ",") {
		if label = strings.Trim(label, `" `); label != "" {
			labels = append(labels, label)
		}
	}
	return labels
}

// Sent reports whether the message lay in its writer's folder of sent mail.
func (h Header) Sent() bool {
	return slices.ContainsFunc(h.Labels(), IsSentFolder)
}

// Discarded reports whether the message lay in spam or trash as Gmail labels it,
// in the language of the account. Folders that other exports note say less: in
// offices people keep what they have dealt with among the deleted items.
func (h Header) Discarded() bool {
	return slices.ContainsFunc(h.gmailLabels(), IsDiscardFolder)
}

// IsDiscardFolder reports whether mail programs name a folder of spam or trash so.
func IsDiscardFolder(name string) bool {
	switch strings.ToLower(strings.Trim(name, "_' ")) {
	case "spam", "junk", "junk e-mail", "junk email", "junk mail", "bulk mail", "trash", "bin", "deleted items", "deleted messages",
		"papierkorb", "gelöschte elemente", "gelöschte objekte", "junk-e-mail", "corbeille", "courrier indésirable", "indésirables", "papelera",
		"correo no deseado", "lixeira", "lixo", "cestino", "posta indesiderata", "prullenbak", "ongewenste e-mail", "kosz", "papperskorgen",
		"skräppost", "papirkurv", "roskakori", "спам", "корзина", "迷惑メール", "ゴミ箱", "스팸", "휴지통", "垃圾邮件", "已删除邮件", "垃圾桶":
		return true
	}
	return false
}

// Automatic reports whether a program wrote the message (RFC 3834 section 5, and
// what bounces have had since before it).
func (h Header) Automatic() bool {
	auto := strings.ToLower(h.Get("Auto-Submitted"))
	return auto != "" && !strings.HasPrefix(auto, "no") || h.Get("X-Autoreply") != "" || h.Get("X-Failed-Recipients") != ""
}

// IsSentFolder reports whether mail programs name a folder of sent mail so.
func IsSentFolder(name string) bool {
	switch strings.ToLower(strings.Trim(name, "_' ")) {
	case "sent", "sent mail", "sent_mail", "sent-mail", "sent items", "sent_items", "sent messages",
		"gesendet", "gesendete elemente", "gesendete objekte", "envoyés", "enviados", "inviata", "verzonden":
		return true
	}
	return false
}
