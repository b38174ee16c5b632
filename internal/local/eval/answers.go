package eval

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// measureAnswers asks about meetings, calls and a mailbox what is known to be
// answered there, and what is not: the questions about one of them in another, and
// what somebody said who never spoke.
func measureAnswers(ctx context.Context, o Options) (out Section, err error) {
	out.About = "questions whose answers are known to lie in some turns of a meeting or in a mail: whether there is an answer, whether what it\n" +
		"cites first is right, whether any sentence that it quotes is of those turns, how many of its sentences are, and how many of the\n" +
		"words of people's own answers it has; and questions without an answer. Beside it, BM25's first passage."
	sets, err := searchSets(o.Dir)
	if err != nil {
		return out, err
	}
	mail, calls, meetings := sets[0], sets[1], sets[2]
	desks := map[string]*asked{}
	for _, s := range sets {
		desk, err := newAsked(ctx, s.documents)
		if err != nil {
			return out, err
		}
		defer func() { err = errors.Join(err, desk.close()) }()
		desks[s.name] = desk
	}
	for _, known := range []struct {
		name    string
		desk    *asked
		queries []query
	}{
		{meetings.name, desks[meetings.name], meetings.queries},
		{meetings.name + ", unseen", desks[meetings.name], only(meetings.queries, unseen)},
		{calls.name + " decisions", desks[calls.name], phrased(calls.queries, "decision", "What was decided: %s?")},
		{calls.name + " actions", desks[calls.name], phrased(calls.queries, "action", "Who has to %s?")},
		{mail.name, desks[mail.name], mail.queries},
	} {
		rows, err := known.desk.known(ctx, known.name, known.queries)
		if err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, rows...)
	}
	for _, unknown := range []struct {
		name    string
		desk    *asked
		queries []query
	}{
		{"meetings' questions to calls", desks[calls.name], meetings.queries},
		{"meetings' questions to mail", desks[mail.name], meetings.queries},
		{"calls' points to meetings", desks[meetings.name], calls.queries},
		{"said by nobody", desks[meetings.name], saidByNobody(meetings.queries)},
	} {
		row, err := unknown.desk.unknown(ctx, unknown.name, unknown.queries)
		if err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

func only(all []query, is func(text string) bool) []query {
	var some []query
	for _, q := range all {
		if is(q.text) {
			some = append(some, q)
		}
	}
	return some
}

// phrased makes questions of the points of a kind.
func phrased(all []query, kind, form string) []query {
	var some []query
	for _, q := range all {
		if q.kind == kind {
			q.text = fmt.Sprintf(form, q.text)
			some = append(some, q)
		}
	}
	return some
}

// speakers are those of whom somebody wants to know what they said: all of several,
// as what one of them said is an answer.
var speakers = regexp.MustCompile(`^(What did )(?:[A-Z]\w*\s(?:and )?)+`)

// saidByNobody makes of questions after what somebody said such after what somebody
// said who never spoke.
func saidByNobody(all []query) []query {
	var some []query
	for _, q := range all {
		if text := speakers.ReplaceAllString(q.text, "${1}Zebedee Quillfeather "); text != q.text {
			some = append(some, query{text: text})
		}
	}
	return some
}

// asked is a workspace with some documents, and BM25 over the same.
type asked struct {
	workspace *workspace
	plain     *corpus
	documents map[string]document // by the id in the workspace
	named     map[string]document
}

func newAsked(ctx context.Context, docs []document) (_ *asked, err error) {
	a := &asked{documents: map[string]document{}, named: map[string]document{}}
	for _, d := range docs {
		a.named[d.name] = d
	}
	if a.workspace, err = newWorkspace(ctx); err != nil {
		return nil, err
	}
	names, err := a.workspace.push(ctx, docs)
	for id, name := range names {
		a.documents[id] = a.named[name]
	}
	if err == nil {
		a.plain, err = load(ctx, docs, index.CutMessage, plainly)
	}
	if err != nil {
		return nil, errors.Join(err, a.workspace.close())
	}
	return a, nil
}

func (a *asked) close() error { return errors.Join(a.workspace.close(), a.plain.store.Close()) }

// scores are what the answers of a system to each question are worth.
type scores struct {
	any, item, turns, words []float64
	right, quotes           []float64
}

func (s *scores) add(o scores) {
	s.any, s.item, s.turns, s.words = append(s.any, o.any...), append(s.item, o.item...), append(s.turns, o.turns...), append(s.words, o.words...)
	s.right, s.quotes = append(s.right, o.right...), append(s.quotes, o.quotes...)
}

// known are the rows of questions that have an answer.
func (a *asked) known(ctx context.Context, set string, all []query) ([]Row, error) {
	var base, ours scores
	for _, q := range all {
		reply, err := ask(ctx, a.workspace, attrove.Query, attrove.QueryIn{Query: q.text})
		if err != nil {
			return nil, fmt.Errorf("ask %q: %w", q.text, err)
		}
		hits, err := a.plain.bm25(ctx, q.text)
		if err != nil {
			return nil, fmt.Errorf("query %q: %w", q.text, err)
		}
		ours.add(a.judge(q, reply))
		base.add(a.judgePassage(q, hits))
	}
	row := func(metric string, base, ours []float64) Row {
		return compare(set, metric, len(ours), []contender{averaging("first passage", base)}, averaging("ours", ours))
	}
	rows := []Row{row("answered", base.any, ours.any), row("right first", base.item, ours.item)}
	if len(all) > 0 && len(all[0].parts) > 0 {
		rows = append(rows, row("right turns", base.turns, ours.turns),
			compare(set, "right sentences", len(all), []contender{share("first passage", base)}, share("ours", ours)))
	}
	if len(all) > 0 && all[0].answer != "" {
		rows = append(rows, row("words of the answer", base.words, ours.words))
	}
	return rows, nil
}

// share is a contender that scores how many of all its sentences are right.
func share(name string, s scores) contender {
	return contender{name, func(sample []int) float64 {
		right, quotes := 0.0, 0.0
		for _, i := range sample {
			right, quotes = right+s.right[i], quotes+s.quotes[i]
		}
		return right / max(quotes, 1)
	}}
}

// unknown is the row of questions that have no answer.
func (a *asked) unknown(ctx context.Context, set string, all []query) (Row, error) {
	var base, ours []float64
	for _, q := range all {
		reply, err := ask(ctx, a.workspace, attrove.Query, attrove.QueryIn{Query: q.text})
		if err != nil {
			return Row{}, fmt.Errorf("ask %q: %w", q.text, err)
		}
		hits, err := a.plain.bm25(ctx, q.text)
		if err != nil {
			return Row{}, fmt.Errorf("query %q: %w", q.text, err)
		}
		base, ours = append(base, is(len(hits.items) == 0)), append(ours, is(reply.Answer == ""))
	}
	return compare(set, "no answer", len(ours), []contender{averaging("first passage", base)}, averaging("ours", ours)), nil
}

// quotation is a sentence that an answer quotes, or that stands in it as it is,
// with the id of its source.
var quotation = regexp.MustCompile(`(?:"([^"\n]+)"|- ([^"\n]+)) \[(\w+)\]`)

func (a *asked) judge(q query, out attrove.QueryOut) scores {
	text := string(out.Answer)
	var right, quotes float64
	first := ""
	for _, m := range quotation.FindAllStringSubmatch(text, -1) {
		quote, d := m[1]+m[2], a.documents[m[3]]
		if quotes++; first == "" {
			first = d.name
		}
		if q.judges(place{d.name, d.holding(strings.TrimSuffix(quote, "…"))}) {
			right++
		}
	}
	return scores{[]float64{is(text != "")}, []float64{is(q.documents[first])}, []float64{is(right > 0)}, []float64{recalled(q.answer, text)}, []float64{right}, []float64{quotes}}
}

func (a *asked) judgePassage(q query, hits results) scores {
	var text strings.Builder
	right := 0.0
	if len(hits.passages) > 0 {
		p := hits.passages[0]
		right = is(q.judges(p))
		for _, l := range a.named[p.document].lines {
			if len(l.parts) > 0 && strings.Contains(" "+strings.Join(p.parts, " ")+" ", " "+l.parts[0]+" ") {
				text.WriteString(l.text + "\n")
			}
		}
	}
	return scores{[]float64{is(len(hits.items) > 0)}, []float64{is(firstItem(hits.items, q) == 1)}, []float64{right}, []float64{recalled(q.answer, text.String())}, []float64{right}, []float64{1}}
}

// recalled is how many of the words of meaning of one text are in another.
func recalled(of, text string) float64 {
	has, terms, n := prose.Stems(text), prose.Terms(of), 0.0
	for _, t := range terms {
		n += is(has[t])
	}
	return n / float64(max(len(terms), 1))
}

// holding are the parts of a document that hold a text, whatever stands between
// the words.
func (d document) holding(text string) []string {
	var parts []string
	words := " " + strings.Join(prose.Words(text), " ") + " "
	for _, l := range d.lines {
		if strings.Contains(" "+strings.Join(prose.Words(l.text), " ")+" ", words) {
			parts = append(parts, l.parts...)
		}
	}
	return parts
}
