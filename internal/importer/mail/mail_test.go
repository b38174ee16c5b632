package mail

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/realdata"
)

var (
	latest   = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	envelope = time.Date(2023, 5, 6, 7, 8, 9, 0, time.UTC)
)

func read(t *testing.T, text string) Message {
	t.Helper()
	return Read([]byte(text), Context{Latest: latest})
}

func TestReadPlainMessage(t *testing.T) {
	msg := read(t, "Message-ID: <1@example.com>\nDate: Mon, 5 Jun 2023 10:00:00 +0200\n"+
		"From: Ada Lovelace <Ada@Example.com>\nTo: Bob <bob@example.com>, carol@example.org\nCc: bob@example.com\n"+
		"Subject: =?utf-8?q?K=C3=A4se?= and\n wine\nIn-Reply-To: <0@example.com>\nReferences: <root@example.com> <0@example.com>\n\nHello\n")
	assert.Equal(t, "1@example.com", msg.ID)
	assert.Equal(t, time.Date(2023, 6, 5, 8, 0, 0, 0, time.UTC), msg.Date)
	assert.Equal(t, FromDateField, msg.DateSource)
	assert.Equal(t, Address{Email: "ada@example.com", Name: "Ada Lovelace"}, msg.From)
	assert.Equal(t, []Address{{"bob@example.com", "Bob"}, {"carol@example.org", ""}}, msg.Recipients)
	assert.Equal(t, "Käse and wine", msg.Subject)
	assert.Equal(t, []string{"root@example.com", "0@example.com"}, msg.Header.References())
	assert.Equal(t, "0@example.com", msg.Header.InReplyTo())
	assert.Equal(t, "Hello", msg.Body)
	assert.Empty(t, msg.Unreadable)
}

func TestReadBody(t *testing.T) {
	const multi = "From: a@example.com\nMIME-Version: 1.0\nContent-Type: multipart/%s; boundary=b\n\n"
	tests := []struct {
		name, text, want string
	}{
		{"latin-1", "From: a\nContent-Type: text/plain; charset=iso-8859-1\n\ncaf\xe9", "café"},
		{"quoted-printable", "From: a\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\ncaf=C3=A9 =\nau lait", "café au lait"},
		{"base64 koi8-r", "From: a\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n8NLJ18XU\n", "Привет"},
		{"UTF-8 declared as ASCII", "From: a\nContent-Type: text/plain; charset=us-ascii\n\ncafé", "café"},
		{"undeclared windows-1252", "From: a\n\nsmart \x93quotes\x94", "smart “quotes”"},
		{"HTML only", "From: a\nContent-Type: text/html\n\n<style>p{}</style><p>One &amp; two</p><p>three</p>", "One & two\n\nthree"},
		{"plain before HTML", fmt.Sprintf(multi, "alternative") +
			"--b\nContent-Type: text/html\n\n<p>html</p>\n--b\nContent-Type: text/plain\n\nplain\n--b--\n", "plain"},
		{"HTML for an empty plain part", fmt.Sprintf(multi, "alternative") +
			"--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\n", "html"},
		{"a list's footer does not hide an HTML body", fmt.Sprintf(multi, "mixed") +
			"--b\nContent-Type: text/html\n\n<p>html</p>\n--b\nContent-Type: text/plain\n\nfooter\n--b--\n", "html\n\nfooter"},
		{"format=flowed", "From: a\nContent-Type: text/plain; format=flowed\n\nOne line \nin two.\nAnother.\n", "One line in two.\nAnother."},
		{"text/enriched", "From: a\nContent-Type: text/enriched\n\n<bold>Now</bold><param>x</param> 1 << 2", "Now 1 < 2"},
		{"control characters", "From: a\n\nnul\x00 bell\x07 cr\r\nend", "nul bell cr\nend"},
		{"missing boundary", "From: a\nContent-Type: multipart/mixed\n\nreadable all the same\n", "readable all the same"},
		{"unclosed multipart", fmt.Sprintf(multi, "mixed") + "--b\n\nnot closed", "not closed"},
		{"no text", "From: a\n\n", "(This message has no text.)"},
		{"corrupt base64 keeps its beginning", "From: a\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVsbG8gd29ybGQ=\n!!!!\n", "Hello world"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, read(t, tt.text).Body)
		})
	}
}

// Parts in parts without an end take no more time than their length warrants.
func TestReadDeepParts(t *testing.T) {
	nested := func(levels int) string {
		var b strings.Builder
		b.WriteString("From: a@example.com\n")
		for i := range levels {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%[1]d\n", i)
		}
		return b.String() + "Content-Type: text/plain\n\nhello\n"
	}
	assert.Equal(t, "hello", read(t, nested(40)).Body)
	odd := strings.Replace(nested(40), "--b0\n", "--b0\nno field\n", 1)
	for _, text := range []string{nested(5000), odd} {
		assert.Contains(t, read(t, text).Body, "hello")
	}
}

func TestReadAttachments(t *testing.T) {
	msg := read(t, "From: a@example.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"+
		"--b\nContent-Type: application/pdf; name=\"offer.pdf\"\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n"+
		"--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=notes.txt\n\nnot the body\n--b--\n")
	assert.Equal(t, []Attachment{{"offer.pdf", "application/pdf", 5}, {"notes.txt", "text/plain", 12}}, msg.Attachments)
	assert.Equal(t, "(This message has no text, only attachments: offer.pdf, notes.txt.)", msg.Body)
	assert.Empty(t, msg.Unreadable, "it has no text, which is not the same as unreadable")
}

func TestReadUnreadable(t *testing.T) {
	tests := map[string]string{
		"encrypted": "From: a\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIAG\n",
		"garbled":   "From: a\nContent-Type: text/plain; charset=utf-8\n\n" + strings.Repeat("\x01\x02\x03", 50),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			msg := read(t, text)
			assert.NotEmpty(t, msg.Unreadable)
			assert.Equal(t, name == "encrypted", msg.Encrypted)
			assert.Contains(t, msg.Body, name)
			assert.NotContains(t, msg.Body, "\x01")
		})
	}
}

func TestReadWithoutHeader(t *testing.T) {
	for text, body := range map[string]string{
		"": "could not be read", "\n": "could not be read", "\x00\x01\x02": "could not be read",
		"just text\nand more\n": "just text\nand more", "X-Nothing: known\n\nbody": "X-Nothing: known\n\nbody",
		"Content-Type: text/html\n\n<p>Hi <b>there</b></p>": "Hi *there*",
	} {
		msg := read(t, text)
		assert.Contains(t, msg.Body, body, "%q", text)
		assert.Contains(t, msg.Unreadable, "no mail header", "%q", text)
		assert.NotEmpty(t, msg.ID)
	}
}

func TestContentIDIsThatOfTheSameMessageElsewhere(t *testing.T) {
	here := read(t, "From: a@example.com\nSubject: s\n\nbody\n\n").ID
	assert.True(t, strings.HasPrefix(here, "sha256:"))
	assert.Equal(t, here, read(t, "Received: by x\r\nFrom: a@example.com\r\nSubject: s\r\nX-Status: R\r\n\r\nbody\r\n").ID)
	assert.NotEqual(t, here, read(t, "From: a@example.com\nSubject: s\n\nanother body\n").ID)
	assert.NotEqual(t, here, read(t, "From: b@example.com\nSubject: s\n\nbody\n").ID)
}

func TestWhen(t *testing.T) {
	date := time.Date(2023, 6, 5, 8, 0, 0, 0, time.UTC)
	const received = "Received: from a by b (x; y) id 1;\n Mon, 5 Jun 2023 08:00:00 +0000 (UTC)\n"
	tests := []struct {
		name, header string
		envelope     time.Time
		want         time.Time
		source       DateSource
	}{
		{"RFC 5322", "Date: Mon, 5 Jun 2023 10:00:00 +0200 (CEST)\n", envelope, date, FromDateField},
		{"no zone", "Date: Mon, 5 Jun 2023 08:00:00\n", envelope, date, FromDateField},
		{"ctime", "Date: Mon Jun  5 08:00:00 2023\n", envelope, date, FromDateField},
		{"ISO 8601", "Date: 2023-06-05T08:00:00Z\n", envelope, date, FromDateField},
		{"no date", "From: a\n", envelope, envelope, FromEnvelope},
		{"nonsense", "Date: yesterday\n", envelope, envelope, FromEnvelope},
		{"the future", "Date: Mon, 5 Jun 2043 10:00:00 +0200\n", envelope, envelope, FromEnvelope},
		{"before there was mail", "Date: Thu, 1 Jan 1970 00:00:00 +0000\n", envelope, envelope, FromEnvelope},
		{"received only", received, time.Time{}, date, FromReceived},
		{"nothing", "From: a\n", time.Time{}, time.Time{}, FromNowhere},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, source := ReadHeader([]byte(tt.header + "\n")).When(Context{Envelope: tt.envelope, Latest: latest})
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.source, source)
		})
	}
}

func TestBrokenHeaders(t *testing.T) {
	subject := func(h Header) []string { return []string{h.Get("Subject")} }
	id := func(h Header) []string { return []string{h.MessageID()} }
	people := func(h Header) []string {
		found := []string{}
		for _, a := range h.Addresses("From", "To") {
			found = append(found, strings.TrimSpace(a.Name+" "+a.Email))
		}
		return found
	}
	tests := []struct {
		name, header string
		get          func(Header) []string
		want         []string
	}{
		{"8-bit subject", "Subject: caf\xe9\n", subject, []string{"café"}},
		{"8-bit UTF-8 subject", "Subject: café\n", subject, []string{"café"}},
		{"folded Message-ID", "Message-ID:\n <1@exam\n ple.com>\n", id, []string{"1@example.com"}},
		{"Message-ID without brackets", "Message-ID: 1@example.com\n", id, []string{"1@example.com"}},
		{"empty Message-ID", "Message-ID: <>\n", id, []string{""}},
		{"In-Reply-To with words", "In-Reply-To: Your message of \"Mon, 5 Jun\" <1@example.com>\n", Header.References, []string{"1@example.com"}},
		{"unquoted comma in a name", "To: Doe, Jane <jane@example.com>, bob@example.com\n", people, []string{"jane@example.com", "bob@example.com"}},
		{"unclosed bracket", "From: Jane <jane@example.com\n", people, []string{"Jane jane@example.com"}},
		{"undisclosed recipients", "To: undisclosed-recipients:;\n", people, []string{}},
		{"name that is the address", "From: \"a@example.com\" <a@example.com>\n", people, []string{"a@example.com"}},
		{"space before the colon", "Subject : one\n", subject, []string{"one"}},
		{"continued without an indent", "Subject: one\nand two\nFrom: a@example.com\n", subject, []string{"one and two"}},
		{"name that is none", "Sub(ject\x01: no\nSubject: one\n", subject, []string{"one"}},
		{"control character", "Subject: one\x02two\n", subject, []string{"one two"}},
		{"labels and folder", "X-Gmail-Labels: Sent,\"Big deals\"\nX-Folder: \\A_Jan2002\\Notes Folders\\'sent mail\n", Header.Labels,
			[]string{"Sent", "Big deals", "sent mail"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, tt.get(ReadHeader([]byte(tt.header+"\n"))))
		})
	}
}

func TestWhereMailCameFrom(t *testing.T) {
	list := ReadHeader([]byte("List-Id: \"Tea time\" <tea.example.com>\n\n"))
	assert.Equal(t, "tea.example.com", list.List())
	assert.True(t, list.Bulk())
	assert.False(t, list.Sent())
	assert.True(t, ReadHeader([]byte("X-Folder: \\Ada\\Sent Items\n\n")).Sent())
	assert.False(t, ReadHeader([]byte("X-Folder: \\Ada\\Inbox\n\n")).Bulk())
}

func TestTopic(t *testing.T) {
	tests := map[string]string{
		"Budget 2024":              "budget 2024",
		"Re: Budget 2024":          "budget 2024",
		"RE: FW: AW: Budget  2024": "budget 2024",
		"Re[2]: Budget 2024":       "budget 2024",
		"[ops] Re: Budget 2024":    "[ops] budget 2024",
		"Re: [ops] Budget 2024":    "[ops] budget 2024",
		"Regarding the budget":     "regarding the budget",
		"Re:":                      "",
	}
	for subject, want := range tests {
		assert.Equal(t, want, Topic(subject), subject)
	}
}

func TestIsGeneric(t *testing.T) {
	for _, subject := range []string{"", "Re:", "FW: ", "hello", "Re: Hello!", "(no subject)", "Meeting", "Test", "update...", "???", "2024", "Re: Thanks!!"} {
		assert.True(t, IsGeneric(Topic(subject)), subject)
	}
	for _, subject := range []string{"Budget 2024", "Meeting on Thursday's outage", "hello kitty licence", "Westgate"} {
		assert.False(t, IsGeneric(Topic(subject)), subject)
	}
}

// Nothing that these corpora do to mail may make reading it panic or yield an
// empty or undecodable text.
func TestNastyMail(t *testing.T) {
	for _, dir := range []string{"usrp-real", "mikel-mail", "stalwart"} {
		root := realdata.Dir(t, "email", "nasty-eml", dir)
		entries, err := os.ReadDir(root)
		require.NoError(t, err)
		require.NotEmpty(t, entries)
		unread := 0
		for _, e := range entries {
			raw, err := os.ReadFile(filepath.Join(root, e.Name()))
			require.NoError(t, err)
			msg := read(t, string(raw))
			if msg.Unreadable != "" && !msg.Encrypted {
				unread++
			}
			assert.NotEmpty(t, strings.TrimSpace(msg.Body), e.Name())
			assert.NotEmpty(t, msg.ID, e.Name())
			assert.Equal(t, strings.ToValidUTF8(msg.Body+msg.Quoted+msg.Subject, ""), msg.Body+msg.Quoted+msg.Subject, e.Name())
		}
		if dir == "usrp-real" {
			assert.Zero(t, unread, "these are all real mails")
		}
	}
}

// What a person reads in these real mails, in each character set.
func TestRealCharsets(t *testing.T) {
	tests := map[string]string{
		"charset-gbk-01.eml":         "Hi，everyone.I am trying to study how to pre distort",
		"charset-iso-2022-jp-01.eml": "I’m hoping for some advice",
		"charset-cp1252-01.eml":      "Schöne Grüße",
	}
	for name, want := range tests {
		raw, err := os.ReadFile(realdata.Dir(t, "email", "nasty-eml", "usrp-real", name))
		require.NoError(t, err)
		assert.Contains(t, read(t, string(raw)).Body, want, name)
	}
}

// Whatever lies among messages, something of it is kept, and fit to be pushed.
func FuzzRead(f *testing.F) {
	f.Add([]byte("From: a@example.com\nSubject: =?utf-8?q?x?=\n\nbody"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b\nContent-Type: application/pkcs7-mime\n\n0\x80\n--b--"))
	f.Add([]byte("\x00\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		msg := Read(raw, Context{Latest: latest})
		require.NotEmpty(t, msg.ID)
		require.NotEmpty(t, strings.TrimSpace(msg.Body))
		require.True(t, utf8.ValidString(msg.ID+msg.Body+msg.Quoted+msg.Subject+msg.From.Name+msg.From.Email))
	})
}
