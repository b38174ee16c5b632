package prompts

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// talk is the messages of one thread, of those that were asked for.
type talk struct {
	last  attrove.Message
	count int
}

// talks groups messages by thread, the latest first.
func talks(messages []attrove.Message) []talk {
	messages = slices.Clone(messages)
	slices.SortStableFunc(messages, func(a, b attrove.Message) int {
		return cmp.Or(cmp.Compare(b.ReceivedAt, a.ReceivedAt), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.BodyText, b.BodyText))
	})
	var all []talk
	place := map[string]int{}
	for _, m := range messages {
		key := cmp.Or(m.ThreadID, m.ID)
		i, known := place[key]
		if !known {
			i = len(all)
			place[key], all = i, append(all, talk{last: m})
		}
		all[i].count++
	}
	return all
}

// talk is a row about a thread, with the beginning of its last message.
func (d *desk) talk(t talk) string {
	m := t.last
	name := "(no subject)"
	switch subject := bare(m.Subject); {
	case subject != "":
		name = title(subject)
	case m.IntegrationType != "email":
		name = "In " + words(m.IntegrationType)
	}
	more := ""
	if t.count > 1 {
		more = fmt.Sprintf("%d earlier", t.count-1)
	}
	return row(name, m.ThreadID, title(first(m.SenderName, m.SenderEmail))+" on "+d.moment(m.ReceivedAt)+" ["+oneLine(m.ID)+"]", more) + excerpt(m.BodyText, 240)
}

// threads are rows about the threads of messages.
func (d *desk) threads(messages []attrove.Message) []string {
	var rows []string
	for _, t := range talks(messages) {
		rows = append(rows, d.talk(t))
	}
	return rows
}

// maxFollowed is into how many threads is looked for what came after.
const maxFollowed = 6

// followed are rows about the threads in which somebody wrote, and what the last
// word there is when it is not theirs. It asks, so it takes its time.
func (d *desk) followed(messages []attrove.Message) []string {
	all := talks(messages)
	ends := make([]*answer[attrove.Page[attrove.Message]], min(len(all), maxFollowed))
	for i := range ends {
		if id := all[i].last.ThreadID; id != "" {
			ends[i] = ask(d, question{what: "whether a thread went on", tool: "attrove_messages"}, attrove.ListMessages,
				attrove.MessagesIn{ThreadID: id, Expand: []attrove.MessageExpand{"body_text"}, Cut: attrove.Cut{Limit: 1}})
		}
	}
	d.wait()
	var rows []string
	for i, t := range all {
		text := d.talk(t)
		if i < len(ends) && ends[i] != nil && len(ends[i].Value.Data) > 0 {
			if end := ends[i].Value.Data[0]; end.ID != t.last.ID && end.ReceivedAt >= t.last.ReceivedAt {
				text += "  The last word there: " + d.from(end) + " on " + d.moment(end.ReceivedAt) + " [" + oneLine(end.ID) + "]\n" + excerpt(end.BodyText, 160)
			}
		}
		rows = append(rows, text)
	}
	return rows
}

// from is who wrote a message.
func (d *desk) from(m attrove.Message) string {
	if d.mine(m.SenderEmail) {
		return "you"
	}
	return title(first(m.SenderName, m.SenderEmail))
}
