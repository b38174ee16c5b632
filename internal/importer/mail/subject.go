package mail

import (
	"strings"
	"unicode"
)

// subjectPrefix matches what programs put before the subject of a reply or a
// forward, in the languages they do so. A list's "[tag]" may stand before it.
var subjectPrefix = lazily(
	`(?i)^((?:\[[^\]]*\]\s*)*)(re|r|aw|antw|antwort|sv|vs|odp|ynt|res|fw|fwd|wg|tr|rv|enc|doorst)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*`)

// Topic is a subject without the prefixes of replies and forwards, in lower
// case, so that the messages of one conversation have the same.
func Topic(subject string) string {
	subject = oneLine(subject)
	for {
		match := subjectPrefix().FindStringSubmatch(subject)
		if match == nil {
			return strings.ToLower(strings.TrimSpace(subject))
		}
		subject = match[1] + subject[len(match[0]):]
	}
}

// IsForward reports whether a subject says that the message passes another on.
func IsForward(subject string) bool {
	match := subjectPrefix().FindStringSubmatch(oneLine(subject))
	if match == nil {
		return false
	}
	switch strings.ToLower(match[2]) {
	case "fw", "fwd", "wg", "tr", "rv", "enc", "doorst":
		return true
	}
	return false
}

// IsGeneric reports whether a topic is one that unrelated messages share, so
// that it must not make a thread of them.
func IsGeneric(topic string) bool {
	words := strings.Join(strings.FieldsFunc(topic, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	}), " ")
	letters := 0
	for _, r := range words {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < 3 {
		return true
	}
	switch words {
	case "hello", "hello there", "hallo", "hey", "hey there", "hi there", "hi all", "dear all", "greetings", "good morning",
		"question", "questions", "quick question", "one question", "a question", "frage", "fragen",
		"meeting", "meetings", "meeting request", "call", "phone call", "lunch", "dinner", "coffee", "today", "tomorrow", "appointment",
		"test", "tests", "testing", "test message", "test mail", "test email", "this is a test",
		"update", "updates", "status", "status update", "weekly update", "report", "weekly report", "daily report", "news", "newsletter",
		"no subject", "none", "untitled", "kein betreff", "subject", "message", "new message", "mail", "email",
		"info", "information", "fyi", "help", "please help", "help needed", "request", "urgent", "important", "please read", "reminder",
		"thanks", "thank you", "many thanks", "thx", "sorry", "congratulations", "congrats", "happy birthday", "welcome", "invitation",
		"follow up", "followup", "following up", "checking in", "introduction", "document", "documents", "file", "files",
		"attachment", "attached", "invoice", "resume", "cv", "notes", "forward", "fwd", "reply", "response", "feedback", "idea", "ideas",
		"proposal", "contract", "order", "payment", "issue", "problem", "error", "bug", "wow", "out of office", "automatic reply":
		return true
	}
	return false
}
