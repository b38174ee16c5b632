package answer

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	openFor = 30 * day // what nobody came back to for longer is over
	maxSent = 500      // of the user's messages that tell whom they know
)

// desk is what lies in front of the user at a time.
type desk struct {
	q        question
	at       time.Time // the end of what is known
	from     time.Time // what is older is over
	threads  map[string][]store.Message
	order    []string // thread ids, by their first message
	lastFrom map[string]time.Time
	labels   map[string]bool            // the companies that write
	inThread map[string]map[string]bool // labels by thread, as far as they were asked for

	writtenTo map[string]bool // by the user, and lately by colleagues; empty where nothing sent is known
}

// desk loads what lies before the user, and whom they know.
func (a *Answerer) desk(ctx context.Context, q question) (desk, error) {
	d := desk{
		q: q, at: q.now, threads: map[string][]store.Message{}, lastFrom: map[string]time.Time{},
		labels: map[string]bool{}, inThread: map[string]map[string]bool{}, writtenTo: map[string]bool{},
	}
	if !q.period.To.IsZero() && q.period.To.Before(q.now) {
		d.at = q.period.To
	}
	d.from = d.at.Add(-openFor)
	messages, err := a.messages(ctx, q, d.from, d.at.Add(time.Millisecond))
	if err != nil {
		return d, err
	}
	for _, m := range messages {
		if _, ok := d.threads[m.ThreadID]; !ok {
			d.order = append(d.order, m.ThreadID)
		}
		d.threads[m.ThreadID] = append(d.threads[m.ThreadID], m)
		d.lastFrom[m.SenderEmail] = m.SentAt
		if label := speech.Company(m.SenderEmail); label != "" && !q.me.Ours(m.Sender()) && !speech.Machine(m) {
			d.labels[label] = true
		}
		d.knows(m)
	}
	for _, address := range q.me.Addresses() {
		known, err := a.store.WrittenTo(ctx, q.user.ID, address, d.at, maxSent)
		if err != nil {
			return d, err
		}
		for _, other := range known {
			d.writtenTo[other] = true
		}
	}
	return d, nil
}

// knows takes note of whom the user's side writes to.
func (d desk) knows(m store.Message) {
	if !d.q.me.Ours(m.Sender()) {
		return
	}
	for _, r := range m.Recipients {
		d.writtenTo[r.Email] = true
	}
}

// stranger reports whether a message comes from outside, from somebody to whom
// the user's side has not written. Who has no address writes where the user reads
// along, in a chat.
func (d desk) stranger(m store.Message) bool {
	return len(d.writtenTo) > 0 && m.SenderEmail != "" && !d.q.me.Ours(m.Sender()) && !d.writtenTo[m.SenderEmail]
}

// about names the companies that a statement is about: that of the people
// outside if it is one, else those that its subject and words, its message or its
// thread name.
func (d desk) about(s speech.Statement, m store.Message) []string {
	found := map[string]bool{}
	for _, p := range append(m.Recipients, m.Sender()) {
		if label := speech.Company(p.Email); d.labels[label] {
			found[label] = true
		}
	}
	for _, text := range []string{m.Subject + " " + s.Text, m.BodyText} {
		if len(found) != 1 {
			found = d.named(text)
		}
	}
	if len(found) != 1 {
		found = d.ofThread(m.ThreadID)
	}
	var labels []string
	for l := range found {
		labels = append(labels, l)
	}
	slices.Sort(labels)
	return labels
}

// named are the companies that a text names.
func (d desk) named(text string) map[string]bool {
	found := map[string]bool{}
	for _, w := range prose.Words(text) {
		if d.labels[w] {
			found[w] = true
		}
	}
	return found
}

// ofThread are the companies that a thread names anywhere.
func (d desk) ofThread(id string) map[string]bool {
	known, ok := d.inThread[id]
	if !ok {
		known = map[string]bool{}
		for _, m := range d.threads[id] {
			maps.Copy(known, d.named(m.BodyText))
		}
		d.inThread[id] = known
	}
	return known
}
