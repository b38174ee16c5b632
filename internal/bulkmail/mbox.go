package bulkmail

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"time"
)

// Form says what of the messages is written.
type Form int

// The forms of a mailbox.
const (
	TextOnly        Form = iota
	WithAttachments      // some 7 kB for each message, in one of twelve
)

// WriteMbox writes the first n messages as a mailbox.
func (c Corpus) WriteMbox(to io.Writer, n int, form Form) error {
	w := bufio.NewWriterSize(to, 1<<20)
	for i := range n {
		m := c.Message(i)
		if form == TextOnly {
			m.Attachment = 0
		}
		c.write(w, m)
	}
	return w.Flush() // with the first error of all that was written
}

func (c Corpus) write(w *bufio.Writer, m Message) {
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
	put("From %s %s\n", m.From.Email, m.SentAt.Format(time.ANSIC))
	put("Received: from mx%d.bulk.example (mx%d.bulk.example [192.0.2.%d])\n\tby mail.vale.example with ESMTPS; %s\n",
		m.Number%7, m.Number%7, m.Number%250, m.SentAt.Format(time.RFC1123Z))
	put("Message-ID: <%s>\nDate: %s\nFrom: %s\nTo: %s\nSubject: %s\n", ID(m.Number), m.SentAt.Format(time.RFC1123Z), address(m.From), addresses(m.To), m.Subject)
	if m.Parent >= 0 {
		put("In-Reply-To: <%s>\nReferences: <%s>", ID(m.Parent), ID(m.Root))
		if m.Parent != m.Root {
			put(" <%s>", ID(m.Parent))
		}
		put("\n")
	}
	text := m.Body
	if m.Quoted != "" {
		parent := c.opening(m.Parent)
		text += fmt.Sprintf("\nOn %s, %s wrote:\n> %s\n", parent.SentAt.Format("Mon, Jan 2, 2006 at 15:04"), parent.From.Name,
			strings.ReplaceAll(strings.TrimSpace(m.Quoted), "\n", "\n> "))
	}
	put("MIME-Version: 1.0\n")
	switch html := m.Number%3 == 0; {
	case m.Attachment > 0:
		put("Content-Type: multipart/mixed; boundary=\"mixed\"\n\n--mixed\nContent-Type: text/plain; charset=utf-8\n\n%s\n", text)
		put("--mixed\nContent-Type: application/pdf; name=\"file%d.pdf\"\nContent-Disposition: attachment; filename=\"file%[1]d.pdf\"\nContent-Transfer-Encoding: base64\n\n", m.Number)
		writeBase64(w, m.Attachment)
		put("--mixed--\n\n")
	case html:
		put("Content-Type: multipart/alternative; boundary=\"alt\"\n\n--alt\nContent-Type: text/plain; charset=utf-8\n\n%s\n", text)
		put("--alt\nContent-Type: text/html; charset=utf-8\n\n<html><head><style>p { margin: 0 }</style></head><body>\n<p>%s</p>\n</body></html>\n--alt--\n\n",
			strings.NewReplacer("\n> ", "<br>\n&gt; ", "\n\n", "</p>\n<p>").Replace(text))
	default:
		put("Content-Type: text/plain; charset=utf-8\n\n%s\n", text)
	}
}

// writeBase64 writes what stands for a file of so many bytes.
func writeBase64(w *bufio.Writer, size int) {
	const block = "what stands for a piece of a file, of fifty-seven letters" // a line of 76 characters (RFC 2045, section 6.8)
	line := base64.StdEncoding.EncodeToString([]byte(block)) + "\n"
	for ; size > 0; size -= len(block) {
		_, _ = w.WriteString(line)
	}
}

func address(p Person) string { return (&mail.Address{Name: p.Name, Address: p.Email}).String() }

func addresses(all []Person) string {
	written := make([]string, len(all))
	for i, p := range all {
		written[i] = address(p)
	}
	return strings.Join(written, ", ")
}
