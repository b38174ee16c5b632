package mail

import (
	"strings"
)

// field is what a line of a quoted header is about.
type field int

const (
	noField field = iota
	fromField
	dateField
	toField
	ccField
	subjectField
	otherField
)

// maxFieldName is how long the name of a field is at most, with what stands around it.
const maxFieldName = 40

// fieldOf tells which of the fields that mail programs print above the message that a
// reply answers a line begins, in the languages they print them in. Some set it in
// bold, as "*From:* ...".
func fieldOf(line string) field {
	name, rest, found := cutColon(line[:min(len(line), maxFieldName)])
	if !found {
		return noField
	}
	if rest = strings.TrimPrefix(rest, "*"); rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return noField // such as the scheme of a URL
	}
	switch strings.ToLower(strings.Trim(name, "* \t")) {
	case "from", "von", "de", "da", "van", "från", "kimden", "от", "发件人":
		return fromField
	case "sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "fecha", "data", "inviato", "verzonden", "skickat",
		"gönderilme", "отправлено", "дата", "发送时间":
		return dateField
	case "to", "an", "à", "para", "a", "aan", "till", "kime", "кому", "收件人":
		return toField
	case "cc", "bcc", "kopie", "копия", "抄送":
		return ccField
	case "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "ämne", "konu", "тема", "主题":
		return subjectField
	case "importance", "priority", "reply-to", "please respond to", "attachment", "attachments", "organization", "resent-from", "message-id":
		return otherField
	}
	return noField
}

// cutColon cuts text at its first colon, which in Chinese is a wide one.
func cutColon(text string) (before, after string, found bool) {
	i, width := strings.IndexByte(text, ':'), len(":")
	if wide := strings.Index(text, "："); wide >= 0 && (i < 0 || wide < i) {
		i, width = wide, len("：")
	}
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+width:], true
}

var (
	// Lotus Notes puts "Name on 05/02/2001 05:40 PM", or the name and below it
	// the date, or "From: Name    05/02/2001 05:40 PM" above "To:".
	lotusDate     = lazily(`^\s*\d{1,2}/\d{1,2}/\d{2,4} \d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?(?: \w{3})?\s*$`)
	lotusNameDate = lazily(`\S.*(?: on |\s{2,})\d{1,2}/\d{1,2}/\d{2,4} \d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?(?: \w{3})?\s*$`)
	trailingDate  = lazily(`\b\d{1,2}/\d{1,2}/\d{2,4} \d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?(?: \w{3})?\s*$`)
)

// hasDate reports whether a line can hold a date as Lotus Notes writes it.
func hasDate(line string) bool { return strings.Contains(line, "/") && strings.Contains(line, ":") }

// history reports whether the copy of an earlier message begins at line i, and
// where its header ends.
func history(lines []string, i int) (end int, ok bool) {
	line := lines[i]
	switch {
	case len(line) > maxMark:
		return i, false
	case strings.Contains(line, "--") && originalMark().MatchString(line):
		return skipHistory(lines, i+1), true
	case strings.Contains(line, "____") && ruleMark().MatchString(line):
		next := nextText(lines, i+1)
		if next < len(lines) && fieldOf(lines[next]) == fromField {
			return headerBlock(lines, next)
		}
		return i, false
	case fieldOf(line) == fromField, hasDate(line) && lotusNameDate().MatchString(line):
		return headerBlock(lines, i)
	case i+1 < len(lines) && hasDate(lines[i+1]) && lotusDate().MatchString(lines[i+1]) && strings.TrimSpace(line) != "" && len(line) < 80:
		return headerBlock(lines, i)
	case attributionAbove(lines, i):
		return i + 1, true
	}
	return i, false
}

// skipHistory returns where the header ends that begins near line i, or i.
func skipHistory(lines []string, i int) int {
	for j := i; j < len(lines) && j < i+8; j++ {
		if end, ok := headerBlock(lines, j); ok {
			return end
		}
	}
	return i
}

// headerBlock reads the printed header of a message from line i on, with lists
// of recipients that run over many lines.
func headerBlock(lines []string, i int) (end int, ok bool) {
	seen := map[field]bool{}
	slack, current := 3, noField
	for j := i; j < len(lines); j++ {
		line := lines[j]
		kind := fieldOf(line)
		switch {
		case kind != noField:
			if seen[kind] && kind != otherField {
				return end, enough(seen)
			}
			seen[kind] = true
			if trailingDate().MatchString(line) {
				seen[dateField] = true
			}
			current, slack, end = kind, slackAfter(kind), j+1
		case j == i, !seen[toField] && hasDate(line) && trailingDate().MatchString(line):
			if trailingDate().MatchString(line) {
				seen[dateField] = true
			}
			seen[fromField] = true
			end = j + 1
		case strings.TrimSpace(line) == "" && current == subjectField:
			return end, enough(seen)
		default:
			if slack--; slack < 0 {
				return end, enough(seen)
			}
			if current == subjectField && strings.TrimSpace(lines[j-1]) != "" && len(lines[j-1]) > 60 {
				end = j + 1 // a long subject runs on
			}
		}
	}
	return end, enough(seen)
}

// enough reports whether these fields make a printed header. Without a subject
// it may be anything, such as an itinerary.
func enough(seen map[field]bool) bool {
	return seen[fromField] && (seen[dateField] || seen[toField]) && seen[subjectField]
}

// slackAfter is how many lines may follow a field before the next one.
func slackAfter(kind field) int {
	switch kind {
	case toField, ccField:
		return 80
	case subjectField:
		return 2
	default:
		return 4
	}
}

// wroteAlone matches "On <date>, <name> wrote:" as programs put it above a
// history that they do not mark in any other way.
var wroteAlone = lazily(`^(?:On|Am|Le|El|Il|Op) .{8,}\d{4}.*\b` + wroteVerbs + `:\s*$`)

func attributionAbove(lines []string, i int) bool {
	if !endsInColon(lines[i]) || !wroteAlone().MatchString(lines[i]) {
		return false
	}
	next := nextText(lines, i+1)
	return next < len(lines) && !isQuoteLine(lines[next])
}
