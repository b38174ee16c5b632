package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// How long passages are, in words. A passage is what a question is matched
// with, so it should hold one topic: a few turns of talk, or a whole mail of
// usual length. Talk overlaps, so that what spans a cut is still found and most
// of what is said is in the middle of a passage: each word is in three of them.
const (
	mailWords    = 300
	talkWords    = 220
	overlapWords = 150
)

// QuoteMark leads each line of a passage that the message quotes and its writer
// did not write.
const QuoteMark = "> "

// CutMessage makes the passages of a message: its own text, then what it
// quotes, which matters where the quoted message itself is not there.
func CutMessage(m store.Message) []store.Passage {
	var people []string
	people = append(people, m.SenderName, m.SenderEmail)
	for _, r := range m.Recipients {
		people = append(people, r.Name, r.Email)
	}
	base := store.Passage{
		Kind: store.KindMessage, ItemID: m.ID, Title: m.Subject, People: join(people), At: m.SentAt,
		Domain: store.Domain(m.SenderEmail), Source: m.Source, IntegrationID: m.IntegrationID,
		ConversationID: m.ConversationID, ThreadID: m.ThreadID,
	}
	bodies := Cut(m.BodyText, mailWords, 0)
	for _, quoted := range Cut(m.QuotedText, mailWords, 0) {
		bodies = append(bodies, QuoteMark+strings.ReplaceAll(quoted, "\n", "\n"+QuoteMark))
	}
	return passages(base, bodies)
}

// CutMeeting makes the passages of a meeting: its summary and action items,
// then the transcript along the turns of its speakers.
func CutMeeting(m store.Meeting) []store.Passage {
	base := store.Passage{
		Kind: store.KindMeeting, ItemID: m.ID, Title: m.Title, People: names(m.Attendees), At: m.StartAt,
		Source: m.Source, IntegrationID: m.IntegrationID,
	}
	summary := m.Summary
	if summary == "" {
		summary = m.ShortSummary
	}
	outcome := []string{summary}
	for _, item := range m.ActionItems {
		outcome = append(outcome, strings.TrimSpace(item.Assignee+" "+item.Description))
	}
	bodies := Cut(strings.Join(outcome, "\n"), mailWords, 0)
	return passages(base, append(bodies, Cut(m.Transcript, talkWords, overlapWords)...))
}

// CutEvent makes the passage of a calendar event.
func CutEvent(e store.Event) []store.Passage {
	base := store.Passage{
		Kind: store.KindEvent, ItemID: e.ID, Title: e.Title, People: names(e.Attendees), At: e.StartAt,
		Source: e.Source, IntegrationID: e.IntegrationID,
	}
	return passages(base, Cut(join([]string{e.Location, e.Description}), mailWords, 0))
}

// CutNote makes the passages of a note.
func CutNote(n store.Note) []store.Passage {
	base := store.Passage{
		Kind: store.KindNote, ItemID: n.ID, Title: n.Title, At: n.CreatedAt,
		Source: n.Source, IntegrationID: n.IntegrationID,
	}
	return passages(base, Cut(n.Body, mailWords, 0))
}

// passages numbers the bodies; an item without any has its title and people.
func passages(base store.Passage, bodies []string) []store.Passage {
	if len(bodies) == 0 {
		bodies = []string{""}
	}
	out := make([]store.Passage, len(bodies))
	for i, body := range bodies {
		out[i] = base
		out[i].Seq, out[i].Body = i, body
	}
	return out
}

func names(people []store.Person) string {
	var all []string
	for _, p := range people {
		all = append(all, p.Name, p.Email)
	}
	return join(all)
}

func join(parts []string) string { return strings.Join(strings.Fields(strings.Join(parts, " ")), " ") }

// part is a piece of text that is not cut: a line, or a sentence of a long one.
type part struct{ start, end, words int }

// Cut splits text at lines into pieces of at most so many words, each a part of
// the text as it stands; a piece repeats up to overlap words of the one before.
func Cut(text string, most, overlap int) []string {
	var out []string
	parts := split(text, most)
	for i := 0; i < len(parts); {
		words, j := 0, i
		for j < len(parts) && (j == i || words+parts[j].words <= most) {
			words += parts[j].words
			j++
		}
		if piece := strings.TrimSpace(text[parts[i].start:parts[j-1].end]); piece != "" {
			out = append(out, piece)
		}
		if j == len(parts) {
			return out
		}
		next, repeated := j, 0
		for next-1 > i && repeated+parts[next-1].words <= overlap {
			next--
			repeated += parts[next].words
		}
		i = next
	}
	return out
}

// split returns the lines of text, those of more than most words cut at
// sentences, and where there are none after so many words.
func split(text string, most int) []part {
	var parts []part
	start := 0
	for line := range strings.Lines(text) {
		end := start + len(line)
		if n := wordCount(line); n <= most {
			parts = append(parts, part{start, end, n})
		} else {
			parts = append(parts, splitLine(text, start, end, most)...)
		}
		start = end
	}
	return parts
}

func splitLine(text string, start, end, most int) []part {
	var parts []part
	from, words := start, 0 // of the part that is being made
	flush := func(at int) {
		if at > from {
			parts = append(parts, part{from, at, words})
		}
		from, words = at, 0
	}
	counted := start
	take := func(to int) {
		n := wordCount(text[counted:to])
		if words > 0 && words+n > most/2 {
			flush(counted)
		}
		for n > most { // no sentence is so long; a table or a log is
			counted += afterWords(text[counted:to], most)
			words = most
			flush(counted)
			n -= most
			if next, _ := utf8.DecodeRuneInString(text[counted:to]); !unicode.IsSpace(next) { // the cut made two words of one
				n++
			}
		}
		words += n
		counted = to
	}
	for _, s := range prose.Sentences(text[start:end]) {
		take(start + s.End) // with what stands before it, such as a quote mark
	}
	take(end)
	flush(end)
	return parts
}

// charsPerWord is how many characters take the place of a word in scripts that
// put no spaces between words.
const charsPerWord = 2

// wordCount is how long text is, in words.
func wordCount(text string) int {
	words, unspaced, inWord := 0, 0, false
	for _, r := range text {
		space := unicode.IsSpace(r)
		if !space && !inWord {
			words++
		}
		inWord = !space
		if prose.Unspaced(r) {
			unspaced++
		}
	}
	return words + unspaced/charsPerWord
}

// afterWords is the offset after the first n words of text, 1 or more.
func afterWords(text string, n int) int {
	inWord, words, unspaced := false, 0, 0
	for i, r := range text {
		space := unicode.IsSpace(r) // as strings.Fields has it
		if inWord && space {
			words++
		}
		if i > 0 && words+unspaced/charsPerWord >= n {
			return i
		}
		if prose.Unspaced(r) {
			unspaced++
		}
		inWord = !space
	}
	return len(text)
}
