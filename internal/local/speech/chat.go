package speech

import (
	"regexp"
	"strings"
)

// ChatMark is what a transcript has before a line that was written in the meeting's
// chat.
const ChatMark = "[chat] "

// replyTo is what Zoom puts before an answer in a chat, which is the beginning of what
// it answers; reaction is what it writes, in the language of who does it, when somebody
// only sends a sign to what begins so.
var (
	replyTo  = regexp.MustCompile(`^Replying to "[^"]*"\s*`)
	reaction = regexp.MustCompile(`^(?:(?:Reacted to|A réagi à|Ha reaccionado a|Reaccionó a) (.*) (?:with|avec|con) (.*)` +
		`|Hat auf (.*) mit (.*) reagiert|Removed a .{1,20} reaction from .*)$`)
)

// Chat reports whether a line of a transcript was written in the meeting's chat, and
// returns the words alone.
func Chat(line string) (words string, written bool) {
	words, written = strings.CutPrefix(line, ChatMark)
	if written {
		words = replyTo.ReplaceAllString(words, "")
	}
	return words, written
}

// Reaction reads what stands in a chat for a sign that somebody put to what begins so.
func Reaction(words string) (to, sign string, ok bool) {
	m := reaction.FindStringSubmatch(words)
	if m == nil {
		return "", "", false
	}
	return m[1] + m[3], m[2] + m[4], true
}
