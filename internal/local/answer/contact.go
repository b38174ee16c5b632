package answer

import (
	"context"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// longAgo is how far back contacts are looked for.
const longAgo = 366 * day

// ever is all of the time.
const ever = 200 * longAgo

// contacts tells when those whom a question names last wrote, when they were last
// written to, and when they were last met.
func (a *Answerer) contacts(ctx context.Context, q question) ([]line, error) {
	if len(q.parties) == 0 {
		return nil, nil
	}
	messages, err := a.messages(ctx, q, q.now.Add(-longAgo), q.now.Add(time.Millisecond))
	if err != nil {
		return nil, err
	}
	var lines []line
	add := func(lead string, is func(store.Message) bool) {
		for _, m := range slices.Backward(messages) {
			said := a.reader.FromMessage(q.me, m)
			if len(said) == 0 || !q.inPeriod(m.SentAt) || !is(m) {
				continue
			}
			lines = append(lines, q.quote(said[0]).led(lead))
			return
		}
	}
	add("Last heard: ", func(m store.Message) bool { return anyIncludes(q.parties, m.Sender()) })
	add("Last wrote to them: ", func(m store.Message) bool {
		return q.me.Is(m.Sender()) && anyIncludes(q.parties, m.Recipients...)
	})
	if len(lines) == 0 && len(q.period.Phrase) > 0 {
		return nil, nil
	}
	met, err := a.lastMet(ctx, q)
	return append(lines, met[:min(1, len(met))]...), err
}
