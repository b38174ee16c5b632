// Package mail reads single messages (RFC 5322, MIME) into what is worth
// keeping of them: who, when, which thread, the new text and the quoted text.
// It reads as much of a broken message as can be read.
package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Message is a message as read.
type Message struct {
	ID          string // the Message-ID without brackets, or a hash of the content
	Header      Header
	Date        time.Time
	DateSource  DateSource
	From        Address // zero if unknown
	Recipients  []Address
	Subject     string
	Body        string // the new text; never empty
	Quoted      string // what it quotes of earlier messages
	Attachments []Attachment
	Calendars   [][]byte // invitations and the like
	Unreadable  string   // why Body is not what somebody wrote
	Encrypted   bool     // only a key could open it
}

// Context is what the place where a message lies says about it.
type Context struct {
	Envelope time.Time // date of its separator line, if there is one
	Latest   time.Time // dates later than this are mistakes
}

// noHeader is why something among messages is not read as one.
const noHeader = "it has no mail header: nothing says who wrote it, when, or about what"

// Read reads a message. What cannot be read of it is kept as it stands, or as a
// placeholder, and marked.
func Read(raw []byte, at Context) Message { return ReadHeader(raw).Read(raw, at) }

// Read is the function of this name for a message whose header this is.
func (h Header) Read(raw []byte, at Context) Message {
	root, err := h.parts(bodyOf(raw))
	if err != nil {
		return h.readBroken(raw, at, err)
	}
	var c content
	c.read(root)
	if h.Empty() {
		return h.anonymous(raw, at, c)
	}
	msg := h.message(raw, at)
	msg.Attachments, msg.Calendars, msg.Encrypted = c.attachments, c.calendars, c.sealed != ""
	msg.Unreadable = unreadable(root, c)
	msg.setText(strings.Join(c.text, "\n\n"))
	return msg
}

// readBroken keeps what can be kept of a message whose MIME structure enmime
// gives up on: the header, and the body if a person could read it as it is.
func (h Header) readBroken(raw []byte, at Context, cause error) Message {
	if h.Empty() {
		return h.anonymous(raw, at, content{})
	}
	msg := h.message(raw, at)
	text := toUTF8(bodyOf(raw))
	if garbled(text) || strings.TrimSpace(text) == "" {
		msg.Unreadable = "its MIME structure is broken: " + oneLine(cause.Error())
	}
	msg.setText(tidy(text))
	return msg
}

// anonymous keeps what lies among messages and says nothing of itself: the text
// that MIME finds in it, or all of it as it stands.
func (h Header) anonymous(raw []byte, at Context, c content) Message {
	msg := h.message(raw, at)
	msg.Attachments, msg.Calendars = c.attachments, c.calendars
	msg.Unreadable = noHeader
	msg.setText("")
	text := strings.Join(c.text, "\n\n")
	if head := raw[:len(raw)-len(bodyOf(raw))]; !bytes.Contains(bytes.ToLower(head), []byte("content-type:")) {
		text = tidy(toUTF8(raw))
	}
	if !garbled(text) && strings.TrimSpace(text) != "" {
		msg.Body = text
	}
	return msg
}

// message is what the header says of a message.
func (h Header) message(raw []byte, at Context) Message {
	msg := Message{Header: h, ID: h.MessageID(), Subject: h.Get("Subject"), Recipients: h.Addresses("To", "Cc", "Bcc")}
	if from := h.Addresses("From", "Sender"); len(from) > 0 {
		msg.From = from[0]
	}
	if msg.ID == "" {
		msg.ID = ContentID(h, raw)
	}
	msg.Date, msg.DateSource = h.When(at)
	return msg
}

// ContentID stands in for a Message-ID: the same for the same message in
// another mailbox, where only line ends and trace fields differ.
func ContentID(h Header, raw []byte) string {
	hash := sha256.New()
	for _, name := range []string{"From", "To", "Cc", "Date", "Subject"} {
		hash.Write([]byte(name + ":" + h.Get(name) + "\n"))
	}
	body := bytes.ReplaceAll(bodyOf(raw), []byte("\r\n"), []byte("\n"))
	hash.Write(bytes.TrimSpace(body))
	return "sha256:" + hex.EncodeToString(hash.Sum(nil))
}

// bodyOf returns what follows the first empty line.
func bodyOf(raw []byte) []byte {
	for i := 0; i < len(raw); {
		line, rest, _ := bytes.Cut(raw[i:], []byte("\n"))
		if len(bytes.TrimRight(line, "\r")) == 0 {
			return rest
		}
		i += len(line) + 1
	}
	return nil
}

// setText sets Body and Quoted, with a placeholder where there is no text.
func (m *Message) setText(text string) {
	switch {
	case m.Encrypted:
		m.Body = "(This message is encrypted.)"
	case m.Unreadable != "":
		m.Body = "(This message could not be read: " + m.Unreadable + ".)"
	case strings.TrimSpace(text) == "":
		m.Body = "(This message has no text.)"
		if names := attachmentNames(m.Attachments); names != "" {
			m.Body = "(This message has no text, only attachments: " + names + ".)"
		}
	case IsForward(m.Subject):
		m.Body, m.Quoted = SplitForward(text)
	default:
		m.Body, m.Quoted = Split(text)
	}
}

func attachmentNames(attachments []Attachment) string {
	names := make([]string, 0, len(attachments))
	for _, a := range attachments {
		if a.Name != "" {
			names = append(names, a.Name)
		} else {
			names = append(names, a.Type)
		}
	}
	return strings.Join(names, ", ")
}
