package answer

import (
	"context"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// unread says how much of what a question is about the rules cannot read, as they
// know English: to somebody who writes in German, that nothing is promised would
// be wrong. There is no such line for questions that words answer, and where most
// is English.
func (a *Answerer) unread(ctx context.Context, q question) ([]line, error) {
	switch q.intent {
	case attention, tasks, promises, decisions:
	default:
		return nil, nil
	}
	const most, worthSaying = 200, 0.1 // messages that are looked at, the share of them
	from, to := q.period.From, q.period.To
	if q.period.Phrase == "" {
		from = q.now.Add(-openFor)
	}
	if to.IsZero() || to.After(q.now) {
		to = q.now.Add(time.Millisecond)
	}
	messages, err := a.lastMessages(ctx, q, from, to, most)
	if err != nil {
		return nil, err
	}
	of := q
	of.topic = nil // its words are English, too
	read, foreign := 0, 0
	var last store.Message // that is foreign
	for _, m := range messages {
		people := speech.NamesOf(append([]store.Person{m.Sender()}, m.Recipients...))
		about := speech.Statement{Author: m.Sender(), Text: m.BodyText, Context: m.Subject + " " + people}
		if speech.Machine(m) || !of.concerns(about) {
			continue
		}
		read++
		if !prose.English(m.BodyText) {
			foreign++
			last = m
		}
	}
	if foreign == 0 || float64(foreign) < worthSaying*float64(read) {
		return nil, nil
	}
	text := fmt.Sprintf("Requests, promises and decisions are recognized in English only; of the last messages of that time, %d of %d are in other languages, such as this:", foreign, read)
	return []line{{{text, speech.Source{Kind: store.KindMessage, ID: last.ID, Title: last.Subject, Snippet: speech.Clip(last.BodyText)}}}}, nil
}
