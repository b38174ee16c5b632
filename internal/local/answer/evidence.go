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

	// nearBest is the part of the best score that the other sentences reach.
	nearBest = 0.75
)

// scored is a statement with how well it fits.
type scored struct {
	speech.Statement
	score float64
	words float64 // the share of the topic that its own words hold
}

// find searches for the question's words and reads the statements of what is
// evidence of its topic.
func (a *Answerer) find(ctx context.Context, q question, limit int) ([]scored, error) {
	items, err := a.search(ctx, q, limit)
	if err != nil {
		return nil, err
	}
	least, evidence := q.least(items), map[string]float64{}
	for _, i := range items {
		evidence[i.ID] = q.evidence(i.Passages)
	}
	all, err := a.readAll(ctx, q, slices.DeleteFunc(items, func(i index.Item) bool { return evidence[i.ID] < least }))
	return slices.DeleteFunc(all, func(s scored) bool { return s.Machine && evidence[s.Source.ID] < least+mailing }), err
}

// search finds the items with the question's words, best first.
func (a *Answerer) search(ctx context.Context, q question, limit int) ([]index.Item, error) {
	req := index.Request{Text: q.search, Limit: limit, Once: true, Now: q.now}
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
	return slices.DeleteFunc(items, func(i index.Item) bool { // not yet written, by the engine's clock
		return i.Kind != store.KindEvent && i.At.After(q.now)
	}), err
}

// readAll reads the statements of items, each as good as its item is beside the best.
func (a *Answerer) readAll(ctx context.Context, q question, items []index.Item) ([]scored, error) {
	var out []scored
	for _, item := range items {
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
		return a.noted(n), err
	case store.KindEvent:
		e, err := a.store.Event(ctx, q.user.ID, item.ID)
		return []speech.Statement{speech.FromEvent(e)}, err
	}
	return nil, nil
}

// heard reads a meeting's summary and the passages of it that were found.
func (a *Answerer) heard(q question, m store.Meeting, passages []store.Passage) []speech.Statement {
	transcript := m.Transcript
	m.Transcript = ""
	var all []speech.Statement
	if q.intent == decisions || !quotes(m.Summary, transcript) {
		all = a.reader.FromMeeting(q.me, m)
	}
	m.Summary, m.ShortSummary = "", ""
	seen := map[string]bool{}
	for _, p := range passages[:min(mostPassages, len(passages))] {
		start := strings.Index(transcript, p.Body)
		if start < 0 {
			continue
		}
		m.Transcript = p.Body
		for _, s := range a.reader.FromMeeting(q.me, m) {
			if said := s.Author.Name + s.Text; !seen[said] { // passages overlap
				seen[said] = true
				s.Context += " " + p.Body
				s.Order += start
				all = append(all, s)
			}
		}
	}
	return all
}

// quotes reports whether a summary is made of what is said in the transcript: there
// it is read with what stands around it.
func quotes(summary, transcript string) bool {
	for line := range strings.Lines(summary) {
		for rest := line; ; {
			lead, after, ok := strings.Cut(rest, ": ")
			if !ok {
				break
			}
			if strings.Contains("\n"+transcript, "\n"+lead+": ") {
				return true
			}
			rest = after
		}
	}
	return false
}

// fit scores statements by how much of the topic they hold, best first.
func (q question) fit(all []scored) []scored {
	total := q.mass(everyWord)
	var kept []scored
	context, around := "", words(0) // the same for many in a row
	for i, s := range all {
		if i == 0 || s.Context != context {
			context, around = s.Context, q.wordsIn(s.Context)
		}
		own := q.wordsIn(s.Text)
		if total == 0 || own|around == 0 || !q.names(s.Statement) {
			continue
		}
		kind := q.asks.in(s.Statement)
		if !kind && q.asks.required() {
			continue
		}
		if q.intent == noted { // what a note is about, all of it says
			own |= around
		}
		// Whom a question names may speak of its topic in other words.
		if tells := own != 0 || q.intent == said || kind && q.asks.tells(s.Source) || q.isEntitled(s.Source); !tells {
			continue
		}
		s.words = q.mass(own) / total
		if s.Source.Kind == store.KindNote && q.asks.required() && q.intent != noted && s.words < ofTopic { // the date of another line
			continue
		}
		s.score = q.score(s, kind, q.mass(own|around)/total)
		kept = append(kept, s)
	}
	slices.SortStableFunc(kept, func(x, y scored) int {
		return cmp.Or(cmp.Compare(y.score, x.score), y.At.Compare(x.At), cmp.Compare(x.Order, y.Order))
	})
	return kept
}

// isEntitled reports whether a message's subject says that it is about the topic: its
// sentences need not repeat it.
func (q question) isEntitled(s speech.Source) bool {
	return s.Kind == store.KindMessage && q.wordsIn(s.Title) != 0
}

// score is how well a statement fits, of which it is known what share of the topic it
// holds with what is around it, and whether it is of the kind that is asked for.
func (q question) score(s scored, kind bool, around float64) float64 {
	own, found := 0.5, 0.6 // what its own words count, and the search's opinion of its item
	if kind {              // what is asked for need not stand beside the topic's words: its subject may have them
		own = 0.3
	}
	if q.terse {
		found = 0.9
	}
	score := (own*s.words + (1-own)*around) * (1 - found + found*s.score)
	if s.Machine {
		score *= 0.5
	}
	if strings.HasSuffix(s.Text, ":") { // it only leads to what follows
		score *= 0.7
	}
	if kind {
		score *= 1.3
	}
	if q.remembered != "" && strings.Contains(speech.Plain(s.Text), q.remembered) {
		score *= 1.5
	}
	if q.asks == aTime && speech.HasAny(speech.Plain(s.Text), "due|deadline|by|until|before|at the latest|no later|ends|expires") {
		score *= 1.2
	}
	return score
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
	lines := q.whenLines(q.fit(found))
	if q.asks != aPlace || len(q.topic) == 0 {
		return lines, nil
	}
	events, err := a.events(ctx, q, q.now, time.Time{}) // which know where they are
	for _, e := range slices.Backward(events[:min(len(events), 2)]) {
		lines = slices.DeleteFunc(lines, func(l line) bool { return l[0].source.ID == e.ID })
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
