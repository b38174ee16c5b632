package prose

import (
	"regexp"
	"strings"
)

// What mail programs write above the part of a reply or a forward that somebody
// else wrote, in the languages that they are most used in; | divides it.
const (
	original = "original message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale" +
		"|исходное сообщение"
	forwarded = "forwarded message|forwarded by|weitergeleitete nachricht|message transféré|mensaje reenviado" +
		"|пересылаемое сообщение"
	// Those that have a line without dashes.
	forwardBegins = "begin forwarded message:|anfang der weitergeleiteten nachricht:" +
		"|début du message réexpédié ?:|début du message transféré ?:"

	// "On Monday Ann wrote:"
	onWords    = "on|am|le|el|il|op|den|em"
	wroteWords = "wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev"

	// Names of header lines: of the writer or a reader, and of the subject or the time.
	personHeaders = "from|to|von|de|da|van|från|fra|от|发件人|差出人|보낸 ?사람"
	titleHeaders  = "sent|subject|gesendet|betreff|envoyé|objet|enviado|asunto|assunto|inviato|oggetto" +
		"|verzonden|onderwerp|skickat|ämne|emne|отправлено|тема|主题|件名|제목"
)

// The lines that have it.
var (
	divider     = regexp.MustCompile(`(?i)^(_{10,}|-{2,} ?(` + original + `|` + forwarded + `).*|` + forwardBegins + `)$`)
	attribution = regexp.MustCompile(`(?i)^(\d{4}-\d\d-\d\d .{0,80}|.{0,80}<[^<>\s]+@[^<>\s]+>,? |(` + onWords + `) .{6,120}|)` +
		`(` + wroteWords + `)(|[^\p{L}].{0,80}):$`)
	header  = regexp.MustCompile(`(?i)^\*?(` + personHeaders + `) ?[:：]`)
	subject = regexp.MustCompile(`(?i)^\*?(` + titleHeaders + `) ?[:：]`)
)

// othersBegin reports whether a line stands above an earlier message, which the
// writer answers or forwards. Some of what does is broken over two lines.
func othersBegin(line, rest string) bool {
	switch colon := strings.IndexAny(line, ":："); {
	case line[0] == '-' || line[0] == '_':
		return divider.MatchString(line)
	case strings.HasSuffix(line, ":"):
		return divider.MatchString(line) || attribution.MatchString(line)
	case colon > 0 && colon <= headerName && header.MatchString(line):
		return titled(rest)
	}
	next, _, _ := strings.Cut(rest, "\n")
	next = strings.TrimSpace(next)
	return strings.HasSuffix(next, ":") && attribution.MatchString(line+" "+next)
}

const (
	headerName  = 12 // bytes that the name of a header line has at most
	headerLines = 5  // among so many lines a header names its subject, or when it was sent
)

// titled reports whether one of the next lines is of a header that does.
func titled(rest string) bool {
	n := 0
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		if n++; n > headerLines || line == "" {
			return false
		}
		if subject.MatchString(line) {
			return true
		}
	}
	return false
}

// quotesNext reports whether the next line that has text is marked as quoted: then
// the writer's answers may stand between such lines.
func quotesNext(rest string) bool {
	return strings.HasPrefix(strings.TrimSpace(rest), ">")
}
