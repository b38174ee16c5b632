package answer

import (
	"context"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/when"
)

// dueLine is a line of what is due, and when that is.
type dueLine struct {
	at time.Time
	line
}

// dueThen lists what is due in a question's period, else in the coming week: what the
// user promised and is waited for, action items, what others promised, and the events
// that are deadlines.
func (a *Answerer) dueThen(ctx context.Context, q question) ([]line, error) {
	during := q.period
	if during.Phrase == "" {
		during.From, during.To = q.now, when.AddDays(q.now, 8)
	}
	q.period = when.Period{} // in which it was said does not matter
	d, err := a.desk(ctx, q)
	if err != nil {
		return nil, err
	}
	due := func(t time.Time) bool { return !t.IsZero() && during.Contains(t) }
	mine := slices.DeleteFunc(a.matters(d), func(m matter) bool {
		return m.reason != waitsForMe && m.reason != promisedByMe || !due(m.due) || !q.concerns(m.Statement)
	})
	var all []dueLine
	for _, b := range bundle(mine, mostTasks) {
		all = append(all, dueLine{b[0].due, d.line(b[0])})
	}
	tasks, err := a.tasks(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		if !due(t.due) || !q.concerns(t.Statement) {
			continue
		}
		if done, err := a.reportsDone(ctx, q, t.Statement); err != nil {
			return nil, err
		} else if !done {
			all = append(all, dueLine{t.due, d.task(t, ours)})
		}
	}
	q.whose = theirs
	promised, err := a.promisesOf(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, p := range pickSalient(promised, len(promised), 1) {
		if at := q.due(p.Statement); due(at) {
			all = append(all, dueLine{at, q.quote(p.Statement).led("Promised by others, due " + q.on(at) + ": ")})
		}
	}
	events, err := a.events(ctx, q, during.From, during.To)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		if speech.HasAny(speech.Plain(e.Title), "due|deadline|last day") {
			all = append(all, dueLine{e.StartAt, q.event(e)})
		}
	}
	slices.SortStableFunc(all, func(x, y dueLine) int { return x.at.Compare(y.at) })
	var lines []line
	for _, l := range all[:min(len(all), mostTasks)] {
		lines = append(lines, l.line)
	}
	return lines, nil
}
