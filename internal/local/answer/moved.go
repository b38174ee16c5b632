package answer

import (
	"context"
	"regexp"
	"slices"

	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// movedWords say that an event takes place at another time, or not at all.
var (
	movedWords     = regexp.MustCompile(`(?i)\b(?:moved?|moving|reschedul\w+|postpon\w+|push(?:ed)? back|put off|brought forward|shifted)\b`)
	cancelledWords = regexp.MustCompile(`(?i)\b(?:cancel\w*|called off)\b`)
)

// movedEvents tells which events were moved or do not take place, and who wrote of it.
func (a *Answerer) movedEvents(ctx context.Context, q question) ([]line, error) {
	from, to := q.period.From, q.period.To
	if q.period.Phrase == "" {
		from = q.now.Add(-lately)
	}
	events, err := a.events(ctx, q, from, to)
	if err != nil {
		return nil, err
	}
	onlyCancelled := !movedWords.MatchString(q.text)
	var lines []line
	for _, e := range events {
		if cancelled(e) || !onlyCancelled && !e.WasStartAt.IsZero() {
			lines = append(lines, q.event(e))
		}
	}
	told, err := a.recent(ctx, q, lately)
	if err != nil {
		return nil, err
	}
	told = slices.DeleteFunc(told, func(s scored) bool {
		speaks := cancelledWords.MatchString(s.Text) || !onlyCancelled && movedWords.MatchString(s.Text)
		return s.Machine || !speaks || !q.ofEvent(s.Statement)
	})
	for i := range told {
		told[i].score = 1
	}
	lines = append(lines, q.quoteAll(inOrder(pickSalient(told, mostLines, 1)))...)
	return lines[:min(len(lines), mostEvents)], nil
}

// ofEvent reports whether a statement speaks of people who meet, or names a time.
func (q question) ofEvent(s speech.Statement) bool {
	return gatheringWord.MatchString(s.Text) || aTime.value(s, q.now.Location()) != ""
}
