package answer

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const day = 24 * time.Hour

// How far back a question goes that names no period: about what happened, and
// about somebody or something.
const (
	lately  = 14 * day
	someday = 60 * day
)

// quotes answers what somebody said: about a topic the sentences of theirs that
// fit, without one what they said that matters most.
func (a *Answerer) quotes(ctx context.Context, q question) ([]line, error) {
	asked := speech.HasAny(speech.Plain(q.text), "ask|asked|asks")
	if len(q.authors) == 0 {
		return a.whoSaid(ctx, q, asked)
	}
	of := q.authors
	if wants := kindOf(plainQuestion(q.text, nil)); wants.required() && !slices.ContainsFunc(of, party.known) {
		lines, err := a.saidOf(ctx, q, wants)
		if err != nil || len(lines) > 0 {
			return lines, err
		}
	}
	other := func(s scored) bool { return !anyIncludes(of, s.Author) || asked && !s.Signal.Has(speech.Ask) }
	if len(q.topic) > 0 {
		found, err := a.find(ctx, q, 6*candidates)
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, other)
		return q.latestFirst(pick(q.fit(found)), q.fit(found)), nil
	}
	for _, back := range []time.Duration{someday, longAgo} {
		all, err := a.recent(ctx, q, back)
		if err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, other)
		picked := pickSalient(all, mostLines, 1)
		if len(picked) == 0 { // they only told something
			for i := range all {
				all[i].score = 1
			}
			picked = pickSalient(all, mostLines, 1)
		}
		if len(picked) > 0 || q.period.Phrase != "" {
			return q.quoteAll(inOrder(picked)), nil
		}
	}
	return nil, nil
}

// saidOf answers how much or when somebody said who is known to nobody, with what others
// say that name them: "how much did Orr Plumbing ask for".
func (a *Answerer) saidOf(ctx context.Context, q question, wants kind) ([]line, error) {
	of := q.authors
	q.parties = slices.DeleteFunc(slices.Clone(q.parties), func(p party) bool { return !p.known() })
	q.authors, q.asks = nil, wants
	if err := a.setTopic(ctx, &q); err != nil {
		return nil, err
	}
	q.intent = lookUp
	found, err := a.find(ctx, q, candidates)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(s scored) bool {
		return !slices.ContainsFunc(of, func(p party) bool { return p.mentioned(s.Text) })
	})
	return q.whenLines(q.fit(found)), nil
}

// whoSaid quotes those who said something, or only those who asked for it.
func (a *Answerer) whoSaid(ctx context.Context, q question, asked bool) ([]line, error) {
	found, err := a.find(ctx, q, candidates)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(s scored) bool {
		return s.Source.Kind == store.KindEvent || asked && !s.Signal.Has(speech.Ask)
	})
	return q.quoteAll(pick(q.fit(found))), nil
}

// decided quotes decisions, and first what changed them.
func (a *Answerer) decided(ctx context.Context, q question) ([]line, error) {
	states := func(s scored) bool { return !s.Signal.Has(speech.Decided|speech.Changed) || s.Signal.Has(speech.Ask) }
	if len(q.topic) > 0 {
		found, err := a.find(ctx, q, 2*candidates)
		if err != nil {
			return nil, err
		}
		fits := q.fit(found)
		if len(fits) > 0 && q.describes() { // a decision of something else in the same talk
			best := fits[0].score
			fits = slices.DeleteFunc(fits, func(s scored) bool { return s.score < nearBest*best })
		}
		fits = slices.DeleteFunc(fits, states)
		return q.latestFirst(pick(fits), fits), nil
	}
	return a.allDecided(ctx, q)
}

// allDecided lists the decisions of a period, and what each took the place of.
func (a *Answerer) allDecided(ctx context.Context, q question) ([]line, error) {
	from, to := q.span(someday)
	messages, err := a.messages(ctx, q, from, to)
	if err != nil {
		return nil, err
	}
	found := a.digests.Messages(q.me, messages, "").Decisions
	meetings, err := a.meetings(ctx, q, from, to, 50)
	if err != nil {
		return nil, err
	}
	for _, m := range meetings {
		if m.Summary+m.ShortSummary == "" {
			found = append(found, a.digests.Meeting(q.me, m).Decisions...)
			continue
		}
		m.Transcript = ""
		for _, s := range a.reader.FromMeeting(q.me, m) {
			if s.Signal.Has(speech.Decided) || changes(s) {
				found = append(found, digest.Decision{Statement: s})
			}
		}
	}
	notes, err := a.minuted(ctx, q, from, to)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		found = append(found, a.digests.Note(n).Decisions...)
	}
	slices.SortStableFunc(found, func(x, y digest.Decision) int { return x.At.Compare(y.At) })
	var lines []line
	for _, d := range found[max(0, len(found)-2*mostLines):] {
		if !q.concerns(d.Statement) {
			continue
		}
		l := q.quote(d.Statement)
		for _, before := range d.Instead {
			l = append(l, q.quote(before).led("Before that: ")...)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// span is the question's period up to now, or so far back.
func (q question) span(back time.Duration) (from, to time.Time) {
	from, to = q.period.From, q.period.To
	if q.period.Phrase == "" {
		from = q.now.Add(-back)
	}
	if to.IsZero() || to.After(q.now) {
		to = q.now.Add(time.Millisecond)
	}
	return from, to
}

// recent reads all that was written and said in the question's period, or so far
// back.
func (a *Answerer) recent(ctx context.Context, q question, back time.Duration) ([]scored, error) {
	from, to := q.span(back)
	written, err := a.written(ctx, q, from, to, func(store.Message) bool { return true })
	if err != nil {
		return nil, err
	}
	var out []scored
	for _, s := range written {
		out = append(out, scored{Statement: s, score: salience(s)})
	}
	meetings, err := a.meetings(ctx, q, from, to, 50)
	if err != nil {
		return nil, err
	}
	for _, m := range meetings {
		m.Transcript = "" // its summary says what mattered
		for i, s := range a.reader.FromMeeting(q.me, m) {
			out = append(out, scored{Statement: s, score: salience(s) + 2/float64(1+i)})
		}
	}
	return out, nil
}

// written reads the messages of a period that are wanted.
func (a *Answerer) written(ctx context.Context, q question, from, to time.Time, wanted func(store.Message) bool) ([]speech.Statement, error) {
	messages, err := a.messages(ctx, q, from, to)
	var all []speech.Statement
	for _, m := range messages {
		if wanted(m) {
			all = append(all, a.reader.FromMessage(q.me, m)...)
		}
	}
	return all, err
}

// salience is how much a statement matters when nothing in particular is asked.
func salience(s speech.Statement) float64 {
	score := 0.0
	for _, w := range []struct {
		signal speech.Signal
		weight float64
	}{{speech.Decided, 3}, {speech.Risk, 3}, {speech.Blocked, 2.5}, {speech.Overdue, 2.5}, {speech.Quiet, 2}, {speech.Changed, 2}, {speech.Promise, 1.5}, {speech.Ask, 1.5}, {speech.Awaits, 1}, {speech.Settled, 0.5}} {
		if s.Signal.Has(w.signal) {
			score += w.weight
		}
	}
	if s.ToMe && score > 0 {
		score++
	}
	if s.Machine { // and rarely matters
		score -= 4
	}
	return score
}

// pickSalient takes the statements that matter most, so many of each thread.
func pickSalient(all []scored, most, ofThread int) []scored {
	slices.SortStableFunc(all, func(x, y scored) int {
		return cmp.Or(cmp.Compare(y.score, x.score), y.At.Compare(x.At), cmp.Compare(x.Source.ID, y.Source.ID), cmp.Compare(x.Order, y.Order))
	})
	var picked []scored
	seen, said := map[string]int{}, map[store.Saying]bool{}
	for _, s := range all {
		if len(picked) == most || s.score <= 0 {
			break
		}
		if said[sayingOf(s.Statement)] {
			continue
		}
		said[sayingOf(s.Statement)] = true
		if seen[s.Thread] < ofThread && (s.Signal.Has(speech.Promise) || len(prose.Terms(s.Text)) > 1) {
			seen[s.Thread]++
			picked = append(picked, s)
		}
	}
	return picked
}

func sayingOf(s speech.Statement) store.Saying {
	one := store.Saying{Title: s.Source.Title, By: s.Author, Text: s.Text}
	if s.Mine {
		one.By = store.Person{}
	}
	return one
}

// inOrder sorts by time.
func inOrder(all []scored) []scored {
	slices.SortStableFunc(all, func(x, y scored) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Source.ID, y.Source.ID), cmp.Compare(x.Order, y.Order))
	})
	return all
}
