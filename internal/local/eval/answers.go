package eval

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
)

// measureAnswers asks the engine questions about meetings, whose answers are known
// to lie in some turns of one of them, and then questions about the calls of another
// project, which these meetings cannot answer.
func measureAnswers(ctx context.Context, o Options) (out Section, err error) {
	out.About = "questions about meetings: whether there is an answer, whether it begins with the right meeting, and whether any sentence\n" +
		"that it quotes is of the turns that answer; and whether there is none to what was never spoken of. Beside it, BM25's first passage."
	sets, err := searchSets(o.Dir)
	if err != nil {
		return out, err
	}
	about, foreign := sets[2], sets[1]
	w, err := newWorkspace(ctx)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	names, err := w.meetings(ctx, about.documents)
	if err != nil {
		return out, err
	}
	plain, err := load(ctx, about.documents, index.CutMessage, index.CutMeeting)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, plain.store.Close()) }()
	var base, ours answered
	for _, q := range about.queries {
		reply, err := ask(ctx, w, attrove.Query, attrove.QueryIn{Query: q.text, IncludeSources: true})
		if err != nil {
			return out, fmt.Errorf("ask %q: %w", q.text, err)
		}
		ours.add(judgeAnswer(q, about.documents, names, reply))
		hits, err := plain.bm25(ctx, q.text)
		if err != nil {
			return out, fmt.Errorf("query %q: %w", q.text, err)
		}
		base.add(len(hits.items) > 0, firstItem(hits.items, q) == 1, firstPassage(hits.passages, q) == 1)
	}
	var silentBase, silentOurs []float64
	for _, q := range foreign.queries {
		reply, err := ask(ctx, w, attrove.Query, attrove.QueryIn{Query: q.text})
		if err != nil {
			return out, fmt.Errorf("ask %q: %w", q.text, err)
		}
		hits, err := plain.bm25(ctx, q.text)
		if err != nil {
			return out, fmt.Errorf("query %q: %w", q.text, err)
		}
		silentOurs, silentBase = append(silentOurs, is(reply.Answer == "")), append(silentBase, is(len(hits.items) == 0))
	}
	row := func(set, metric string, base, ours []float64) {
		out.Rows = append(out.Rows, compare(set, metric, len(ours), []contender{averaging("first passage", base)}, averaging("ours", ours)))
	}
	row("qmsum-train", "answered", base.any, ours.any)
	row("qmsum-train", "right meeting", base.meeting, ours.meeting)
	row("qmsum-train", "right turns", base.turns, ours.turns)
	row("never spoken of", "no answer", silentBase, silentOurs)
	return out, nil
}

// answered says of each question whether there was an answer, of the right meeting,
// of the right turns.
type answered struct{ any, meeting, turns []float64 }

func (a *answered) add(any, meeting, turns bool) {
	a.any, a.meeting, a.turns = append(a.any, is(any)), append(a.meeting, is(meeting)), append(a.turns, is(turns))
}

func judgeAnswer(q query, docs []document, names map[string]string, out attrove.QueryOut) (any, meeting, turns bool) {
	any = out.Answer != ""
	meeting = len(out.UsedMeetingIDs) > 0 && q.documents[names[out.UsedMeetingIDs[0]]]
	for _, s := range out.Sources {
		for _, d := range docs {
			turns = turns || q.judges(place{d.name, d.holding(string(s.Snippet))})
		}
	}
	return any, meeting, turns
}

// holding are the parts of a document whose words are all in a text, or hold it.
func (d document) holding(text string) []string {
	var parts []string
	for _, l := range d.lines {
		if text != "" && strings.Contains(l.text, text) {
			parts = append(parts, l.parts...)
		}
	}
	return parts
}
