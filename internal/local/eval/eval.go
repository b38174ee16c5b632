// Package eval measures search on judged queries against plain BM25.
//
// BM25 is what SQLite's FTS5 does with its default weights, the OR of all words
// of the query, the same tokenizer and the same text: once over whole documents,
// and for meetings once over the same passages that our search has.
package eval

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"golang.org/x/sync/errgroup"
)

// depth is how many results are looked at.
const depth = 10

// set is a corpus with the queries on it.
type set struct {
	name      string
	documents []document
	queries   []query
}

// Report is what the measurement found, set by set.
type Report []Result

// Result is how the three systems did on one set.
type Result struct {
	Set     string
	Queries int
	Judged  bool  // whether passages are judged too
	Whole   Score // BM25 over whole documents
	Pieces  Score // BM25 over our passages
	Ours    Score
}

// Score is how well a system does.
type Score struct{ Item, Passage Ranks }

// Ranks are means over queries: found first, found among ten, reciprocal rank.
type Ranks struct{ First, Ten, Reciprocal float64 }

// Run reads the queries in dir/eval-dev and the mail and transcripts beside
// them, and runs every query.
func Run(ctx context.Context, dir string) (Report, error) {
	sets, err := read(dir)
	if err != nil {
		return nil, err
	}
	report := make(Report, len(sets))
	group, ctx := errgroup.WithContext(ctx)
	for i, s := range sets {
		group.Go(func() (err error) {
			if report[i], err = s.run(ctx); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return report, nil
}

// String is the report as a table.
func (r Report) String() string {
	var out strings.Builder
	tab := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(tab, "set\tqueries\tsystem\thit@1\thit@10\tMRR@10\tpassage hit@1\tpassage hit@10\tpassage MRR@10")
	for _, res := range r {
		res.row(tab, "BM25, whole", "%.3f", res.Whole, false)
		res.row(tab, "BM25, passages", "%.3f", res.Pieces, res.Judged)
		res.row(tab, "ours", "%.3f", res.Ours, res.Judged)
		res.row(tab, "ours - whole", "%+.3f", res.Ours.Minus(res.Whole), false)
		res.row(tab, "ours - passages", "%+.3f", res.Ours.Minus(res.Pieces), res.Judged)
	}
	_ = tab.Flush() // a strings.Builder takes everything
	return out.String()
}

func (r Result) row(w io.Writer, system, format string, sc Score, passages bool) {
	_, _ = fmt.Fprintf(w, "%s\t%d\t%s", r.Set, r.Queries, system)
	sc.Item.print(w, format)
	if passages {
		sc.Passage.print(w, format)
	}
	_, _ = fmt.Fprintln(w)
}

func (r Ranks) print(w io.Writer, format string) {
	for _, v := range []float64{r.First, r.Ten, r.Reciprocal} {
		_, _ = fmt.Fprintf(w, "\t"+format, v)
	}
}

// Minus is the difference between two scores.
func (s Score) Minus(o Score) Score { return Score{s.Item.minus(o.Item), s.Passage.minus(o.Passage)} }

func (r Ranks) minus(o Ranks) Ranks {
	return Ranks{r.First - o.First, r.Ten - o.Ten, r.Reciprocal - o.Reciprocal}
}

// add counts a query whose first right result has this rank, from 1; 0 for none.
func (r *Ranks) add(rank, queries int) {
	if rank == 0 {
		return
	}
	if rank == 1 {
		r.First += 1 / float64(queries)
	}
	r.Ten += 1 / float64(queries)
	r.Reciprocal += 1 / float64(rank*queries)
}

func read(dir string) ([]set, error) {
	enron, err := mailbox(filepath.Join(dir, "email", "enron-allen-p.mbox"))
	if err != nil {
		return nil, err
	}
	ethereum, err := transcripts(filepath.Join(dir, "transcripts", "vtt-ethereum-pm", "*.vtt"), cues)
	if err != nil {
		return nil, err
	}
	qmsum, err := transcripts(filepath.Join(dir, "transcripts", "txt-qmsum", "*.txt"), turns)
	if err != nil {
		return nil, err
	}
	sets := []set{{name: "enron-aeslc", documents: enron}, {name: "ethpm-silver", documents: ethereum}, {name: "qmsum-train", documents: qmsum}}
	for i := range sets {
		path := filepath.Join(dir, "eval-dev", sets[i].name+"-dev.jsonl")
		if sets[i].queries, err = queries(path); err != nil {
			return nil, err
		}
	}
	return sets, nil
}

// run measures every system on the set.
func (s set) run(ctx context.Context) (Result, error) {
	res := Result{Set: s.name, Queries: len(s.queries), Judged: len(s.queries) > 0 && len(s.queries[0].parts) > 0}
	systems, err := open(ctx, s.documents)
	if err != nil {
		return res, err
	}
	defer systems.close()
	for _, each := range []struct {
		find system
		into *Score
	}{{systems.whole, &res.Whole}, {systems.passages, &res.Pieces}, {systems.ours, &res.Ours}} {
		if *each.into, err = s.measure(ctx, each.find); err != nil {
			return res, err
		}
	}
	return res, nil
}

func (s set) measure(ctx context.Context, find system) (Score, error) {
	var total Score
	for _, q := range s.queries {
		res, err := find(ctx, q.text)
		if err != nil {
			return Score{}, fmt.Errorf("query %q: %w", q.text, err)
		}
		total.Item.add(firstItem(res.items, q), len(s.queries))
		total.Passage.add(firstPassage(res.passages, q), len(s.queries))
	}
	return total, nil
}

func firstItem(items []string, q query) int {
	for i, name := range items[:min(len(items), depth)] {
		if q.documents[name] {
			return i + 1
		}
	}
	return 0
}

func firstPassage(passages []place, q query) int {
	for i, p := range passages[:min(len(passages), depth)] {
		if !q.documents[p.document] {
			continue
		}
		for _, part := range p.parts {
			if q.parts[part] {
				return i + 1
			}
		}
	}
	return 0
}
