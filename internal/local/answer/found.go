package answer

import (
	"context"
	"maps"
	"slices"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// mostFound is how many messages a list has.
const mostFound = 10

// messagesFound lists the messages that a question wants to see, newest first, each by the
// sentence that fits best.
func (a *Answerer) messagesFound(ctx context.Context, q question) ([]line, error) {
	var all []scored
	var err error
	if len(q.topic) > 0 {
		all, err = a.find(ctx, q, 6*candidates)
		all = q.fit(all)
	} else if len(q.parties) > 0 || q.period.Phrase != "" {
		all, err = a.exchanged(ctx, q)
	}
	if err != nil {
		return nil, err
	}
	best := map[string]scored{}
	for _, s := range all {
		if s.Source.Kind != store.KindMessage || len(q.authors) > 0 && !anyIncludes(q.authors, s.Author) {
			continue
		}
		if b, ok := best[s.Source.ID]; !ok || s.says() > b.says() {
			best[s.Source.ID] = s
		}
	}
	all = inOrder(slices.Collect(maps.Values(best)))
	slices.Reverse(all)
	return q.quoteAll(all[:min(len(all), mostFound)]), nil
}

// says is how much a sentence says of its message, to somebody who looks for that.
func (s scored) says() float64 {
	const whole = 8 // terms; more do not make a sentence say more
	return 4*s.score + salience(s.Statement)/4 + float64(min(len(prose.Terms(s.Text)), whole))/whole
}

// exchanged reads the messages of a period, or of the last year, that are from or to
// those whom a question names.
func (a *Answerer) exchanged(ctx context.Context, q question) ([]scored, error) {
	from, to := q.span(longAgo)
	written, err := a.written(ctx, q, from, to, func(m store.Message) bool {
		return len(q.parties) == 0 || anyIncludes(q.parties, append(slices.Clone(m.Recipients), m.Sender())...)
	})
	var all []scored
	for _, s := range written {
		all = append(all, scored{Statement: s})
	}
	return all, err
}
