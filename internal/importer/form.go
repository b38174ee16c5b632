package importer

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
	"github.com/attrove/attrove-mcp/internal/importer/meeting"
)

// form is what a file is.
type form int

// The forms that are read, besides Slack exports, which are directories.
const (
	formUnknown form = iota
	formMailbox
	formLetter // a single message
	formCalendar
	formTranscript
	formChat // of a meeting
	formMinutes
)

// String names files of the form.
func (f form) String() string {
	return [...]string{"other files", "mailboxes", "messages", "calendars", "transcripts", "chats", "minutes"}[f]
}

// expected are the files that can be imported, for people.
const expected = "a mailbox (mbox), message (.eml), calendar (.ics), Slack export, transcript (.vtt, .srt, .txt) or minutes (.md, .html, .txt), alone, in a folder, .zip or .gz"

// headSize is how much of a file tells what it is.
const headSize = 64 << 10

// headerStart is how a message begins, unless it is broken.
var headerStart = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*[ \t]*:`)

// calendarStart is how a calendar begins.
var calendarStart = regexp.MustCompile(`(?i)^\s*BEGIN\s*:\s*VCALENDAR\s`)

// formOf tells what a file is, from its beginning first and then from its name.
// Text may be anything: unless the user named the file it has to look like
// minutes to be taken for such.
func formOf(name string, head []byte, named bool) form {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	ext := strings.ToLower(path.Ext(name))
	if _, err := mbox.NewReader(bytes.NewReader(head), 0).NextHeader(); err == nil {
		return formMailbox
	}
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		return formUnknown
	case calendarStart.Match(head):
		return formCalendar
	case bytes.HasPrefix(head, []byte("WEBVTT")), (ext == ".srt" || ext == ".vtt") && len(meeting.Subtitles(head)) > 0:
		return formTranscript
	case ext == ".eml", headerStart.Match(head) && mail.ReadHeader(head).Plausible():
		return formLetter
	case bytes.IndexByte(head, 0) >= 0:
		return formUnknown
	}
	switch ext {
	case ".txt", ".md", ".markdown", ".html", ".htm", ".text":
		return textForm(name, head, named)
	}
	return formUnknown
}

func textForm(name string, head []byte, named bool) form {
	if _, ok := meeting.Chat(head); ok {
		return formChat
	}
	if _, ok := meeting.Text(head); ok && !strings.HasPrefix(strings.ToLower(path.Ext(name)), ".htm") {
		return formTranscript
	}
	if named || meeting.LooksLikeMinutes(name, head) {
		return formMinutes
	}
	return formUnknown
}

// Magic numbers at the beginning of archives (RFC 1952, and PKWARE's APPNOTE 4.3.7).
const (
	gzipMagic = "\x1f\x8b"
	zipMagic  = "PK\x03\x04"
	emptyZip  = "PK\x05\x06"
)

// archive is the magic number that a file begins with, or "".
func archive(head []byte) string {
	for _, magic := range []string{gzipMagic, zipMagic, emptyZip} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return magic
		}
	}
	return ""
}

// looksLike says what a file that cannot be imported seems to be.
func looksLike(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte(gzipMagic)), bytes.HasPrefix(head, []byte(zipMagic)),
		bytes.HasPrefix(head, []byte("BZh")), bytes.HasPrefix(head, []byte("\xfd7zXZ")), bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return "it is compressed: unpack it first"
	case len(head) > 262 && string(head[257:262]) == "ustar":
		return "it is a tar archive: unpack it first"
	case bytes.HasPrefix(head, []byte("!BDN")):
		return "it is an Outlook data file (.pst): convert it first, for example with readpst"
	case bytes.IndexByte(head, 0) >= 0:
		return "it is a binary file"
	case len(bytes.TrimSpace(head)) == 0:
		return "there is nothing in it"
	}
	return "it is of no kind that can be imported"
}
