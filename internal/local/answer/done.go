package answer

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// reportsDone reports whether somebody wrote later that what was to be done is done.
func (a *Answerer) reportsDone(ctx context.Context, q question, s speech.Statement) (bool, error) {
	later, err := a.settledBy(ctx, q, s)
	return later != nil, err
}

// settledBy is the later statement that says that something is done: in the same
// thread by the same side, or elsewhere of the same thing by its words. It is nil if
// there is none.
func (a *Answerer) settledBy(ctx context.Context, q question, s speech.Statement) (*speech.Statement, error) {
	if s.Source.Kind == store.KindMessage {
		if done, err := a.settledInThread(ctx, q, s); done != nil || err != nil {
			return done, err
		}
	}
	about := q
	about.search, about.period = s.Text, when.Period{Phrase: "since", From: s.At.Add(time.Second), To: q.now}
	items, err := a.search(ctx, about, 5)
	if err != nil {
		return nil, err
	}
	found, err := a.readAll(ctx, about, items)
	if err != nil {
		return nil, err
	}
	terms := matterOf(s.Text)
	for i, f := range found {
		n := common(terms, f.Text)
		if isDone(f.Statement) && f.Source.ID != s.Source.ID && n >= 2 && 5*n >= 2*len(terms) {
			return &found[i].Statement, nil
		}
	}
	return nil, nil
}

// settledInThread is the statement later in the thread that says that something is
// done: of whoever was to do it, of the same thing or with what was promised, or of
// their side with the thing itself.
func (a *Answerer) settledInThread(ctx context.Context, q question, s speech.Statement) (*speech.Statement, error) {
	const most = 100 // messages of a thread that are read
	messages, err := a.store.ThreadMessages(ctx, q.user.ID, s.Thread, nil, most)
	if err != nil {
		return nil, err
	}
	terms := matterOf(s.Text)
	for _, m := range messages {
		if !m.SentAt.After(s.At) || m.SentAt.After(q.now) {
			continue
		}
		for _, later := range a.reader.FromMessage(q.me, m) {
			brings := speech.HasAny(speech.Plain(later.Text), "attached|as promised|here is|here are|here it is|here you go|enclosed")
			n := common(terms, later.Text)
			if isDone(later) && (later.Author == s.Author && (brings || n > 1) || q.sameSide(later, s) && brings && n > 0) {
				return &later, nil
			}
		}
	}
	return nil, nil
}

// matterOf are the terms of a text that say what it is about: neither days nor
// numbers.
func matterOf(text string) []string {
	return slices.DeleteFunc(prose.Terms(text), func(t string) bool {
		return strings.Trim(t, "0123456789") == "" || slices.Contains([]string{"januari", "februari", "march", "april", "june", "juli", "august", "septemb", "octob", "novemb", "decemb"}, t)
	})
}

// common counts the terms that a text has.
func common(terms []string, text string) int {
	has, n := prose.Stems(text), 0
	for _, t := range terms {
		if has[t] {
			n++
		}
	}
	return n
}

// doneWords say that something is done, besides those of speech.Settled.
const doneWords = "is live|are live|finished|completed|is ready|are ready|delivered|arrived|sent|went out|closed|switched on|works now|done"

// isDone reports whether a statement says that something is done.
func isDone(s speech.Statement) bool {
	text := speech.Plain(s.Text)
	if !s.Signal.Has(speech.Settled) && !speech.HasAny(text, doneWords) || s.Signal.Has(speech.Ask|speech.Promise|speech.Overdue|speech.Blocked) || strings.HasSuffix(s.Text, "?") {
		return false
	}
	return !speech.HasAny(text, "not|isn't|hasn't|haven't|wasn't|didn't|aren't|never|still|if|until|unless|when|once|should|must|to be")
}
