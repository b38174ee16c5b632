package answer

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	candidates = 15 // items of each kind that are read for an answer
	mostLines  = 6

	// enough is the share of a question's words, weighed by how rare they are,
	// that a sentence and what is around it must hold to be evidence. A word that is
	// nowhere weighs most, so what nobody wrote about has no answer. Of a long
	// question nobody repeats so much.
	enough     = 0.6
	enoughLong = 0.45
	longTopic  = 6 // words

	// nearBest is the part of the best score that the other sentences reach.
	nearBest = 0.6
)

// scored is a statement with how well it fits.
type scored struct {
	speech.Statement
	score float64
	words float64 // the share of the topic that its own words hold
}

// find searches for the question's words and reads the statements of what is found.
func (a *Answerer) find(ctx context.Context, q question, limit int) ([]scored, error) {
	req := index.Request{Text: q.search, Limit: limit, Now: q.now}
	if q.period.Phrase != "" {
		req.From, req.To = q.period.From, q.period.To
	}
	for id := range q.integrations {
		req.IntegrationIDs = append(req.IntegrationIDs, id)
	}
	slices.Sort(req.IntegrationIDs)
	if q.intent == noted {
		req.Kinds = []store.Kind{store.KindNote}
	}
	items, err := a.index.Find(ctx, q.user, req)
	if err != nil {
		return nil, err
	}
	var out []scored
	for _, item := range items {
		if item.Kind != store.KindEvent && item.At.After(q.now) { // not yet written, by the engine's clock
			continue
		}
		statements, err := a.read(ctx, q, item)
		if err != nil {
			return nil, err
		}
		for _, s := range statements {
			out = append(out, scored{Statement: s, score: item.Score / items[0].Score})
		}
	}
	return out, nil
}

// read reads the statements of an item; of a meeting, those of the passages found.
// What a statement is about is also told by what stands around it.
func (a *Answerer) read(ctx context.Context, q question, item index.Item) ([]speech.Statement, error) {
	switch item.Kind {
	case store.KindMessage:
		m, err := a.store.Message(ctx, q.user.ID, item.ID)
		all := a.reader.FromMessage(q.me, m)
		for i := range all {
			all[i].Context += " " + all[i].Before + " " + all[i].After
		}
		return all, err
	case store.KindMeeting:
		m, err := a.store.Meeting(ctx, q.user.ID, item.ID)
		return a.heard(q, m, item.Passages), err
	case store.KindNote:
		n, err := a.store.Note(ctx, q.user.ID, item.ID)
		return a.reader.FromNote(n), err
	case store.KindEvent:
		e, err := a.store.Event(ctx, q.user.ID, item.ID)
		return []speech.Statement{speech.FromEvent(e)}, err
	}
	return nil, nil
}

// heard reads a meeting's summary and the passages of it that were found.
func (a *Answerer) heard(q question, m store.Meeting, passages []store.Passage) []speech.Statement {
	const most = 6 // passages
	transcript := m.Transcript
	m.Transcript = ""
	all := a.reader.FromMeeting(q.me, m)
	m.Summary, m.ShortSummary = "", ""
	seen := map[string]bool{}
	for _, p := range passages[:min(most, len(passages))] {
		if !strings.Contains(transcript, p.Body) {
			continue
		}
		m.Transcript = p.Body
		for _, s := range a.reader.FromMeeting(q.me, m) {
			if said := s.Author.Name + s.Text; !seen[said] { // passages overlap
				seen[said] = true
				s.Context += " " + p.Body
				s.Order += len(all)
				all = append(all, s)
			}
		}
	}
	return all
}

// fit scores statements by the topic and keeps those that hold enough of it,
// best first.
func (q question) fit(all []scored) []scored {
	total := 0.0
	for _, w := range q.weight {
		total += w
	}
	least := enough
	if len(q.topic) >= longTopic || q.terse {
		least = enoughLong
	}
	shared := overlap{weight: q.weight}
	var kept []scored
	for _, s := range all {
		inText, around := shared.of(s.Statement)
		if total == 0 || around/total < least || !q.names(s.Statement) {
			continue
		}
		if q.intent == noted { // what a note is about, all of it says
			inText = around
		}
		kind := q.asks.in(s.Statement)
		if !kind && q.asks.required() {
			continue
		}
		if inText == 0 && q.intent != said && !kind { // whom a question names may speak of its topic in other words
			continue
		}
		words := 0.7
		if kind { // what is asked for need not stand beside the topic's words: its subject may have them
			words = 0.3
		}
		s.words = inText / total
		found := 0.6 // what the search's opinion counts
		if q.terse {
			found = 0.9
		}
		s.score = (words*inText + (1-words)*around) / total * (1 - found + found*s.score)
		if s.Machine {
			s.score *= 0.5
		}
		if strings.HasSuffix(s.Text, ":") { // it only leads to what follows
			s.score *= 0.7
		}
		if kind {
			s.score *= 1.3
		}
		if q.asks == aTime && speech.HasAny(speech.Plain(s.Text), "due|deadline|by|until|before|at the latest|no later|ends|expires") {
			s.score *= 1.2
		}
		kept = append(kept, s)
	}
	slices.SortStableFunc(kept, func(x, y scored) int {
		return cmp.Or(cmp.Compare(y.score, x.score), y.At.Compare(x.At), cmp.Compare(x.Order, y.Order))
	})
	return kept
}

// names reports whether a statement is by, to or about everybody whom the question
// names; of several of whom words are wanted, one is enough.
func (q question) names(s speech.Statement) bool {
	for _, p := range q.parties {
		if p.includes(s.Author) || p.mentioned(s.Text+" "+s.Context) {
			continue
		}
		if len(q.authors) > 0 && p.company == "" && anyIncludes(q.authors, s.Author) {
			continue
		}
		return false
	}
	return true
}

// overlap tells what statements hold of the terms, in their words alone and with what
// is around them. That is the same for many in a row.
type overlap struct {
	weight  map[string]float64
	context string
	around  map[string]bool
}

func (o *overlap) of(s speech.Statement) (inText, around float64) {
	if o.around == nil || s.Context != o.context {
		o.context, o.around = s.Context, prose.Stems(s.Context)
	}
	text := prose.Stems(s.Text)
	for t, w := range o.weight {
		if text[t] {
			inText += w
		}
		if text[t] || o.around[t] {
			around += w
		}
	}
	return inText, around
}

// pick takes the best that say different things, some of each source.
func pick(all []scored) []scored {
	var picked []scored
	of := map[string]int{}
	for _, s := range all {
		if len(picked) == mostLines || len(picked) > 0 && s.score < nearBest*picked[0].score {
			break
		}
		if of[s.Source.ID] == mostOf(s.Source.Kind) || slices.ContainsFunc(picked, func(p scored) bool { return prose.Alike(p.Text, s.Text) }) {
			continue
		}
		of[s.Source.ID]++
		picked = append(picked, s)
	}
	return picked
}

// mostOf is how many sentences of one source are quoted. A meeting is about many
// things, and says of each in several turns.
func mostOf(kind store.Kind) int {
	if kind == store.KindMeeting {
		return 4
	}
	return 2
}

// lookUp quotes the sentences that fit best. What takes back an earlier
// statement comes first.
func (a *Answerer) lookUp(ctx context.Context, q question) ([]line, error) {
	found, err := a.find(ctx, q, candidates)
	if err != nil {
		return nil, err
	}
	fits := q.fit(found)
	lines := q.latestFirst(pick(fits), fits)
	if q.asks != aPlace || len(q.topic) == 0 {
		return lines, nil
	}
	events, err := a.events(ctx, q, q.now, time.Time{}) // which know where they are
	for _, e := range slices.Backward(events[:min(len(events), 2)]) {
		lines = slices.Insert(lines, 0, q.event(e))
	}
	return lines, err
}

func (q question) quoteAll(all []scored) []line {
	var lines []line
	for _, s := range all {
		lines = append(lines, q.quote(s.Statement))
	}
	return lines
}
