package eval

import (
	"context"
	"fmt"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/attrove/attrove-mcp/internal/local/index"
)

// depth is how many results are looked at.
const depth = 10

// set is a corpus with the queries on it.
type set struct {
	name      string
	documents []document
	queries   []query
}

// measureSearch runs judged queries in dir/eval-dev over the mail and transcripts
// beside them.
func measureSearch(ctx context.Context, o Options) (Section, error) {
	out := Section{About: "known items, mail without subjects by the subjects that it had, and for meetings the passages that answer. BM25 is SQLite's\nFTS5 with the OR of a query's words, over whole items and over passages as long as ours. Found first, found among ten, mean\nreciprocal rank among ten."}
	sets, err := searchSets(o.Dir)
	if err != nil {
		return out, err
	}
	rows := make([][]Row, len(sets))
	group, ctx := errgroup.WithContext(ctx)
	for i, s := range sets {
		group.Go(func() (err error) {
			if rows[i], err = s.measure(ctx, o.Embedder); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return out, err
	}
	for _, of := range rows {
		out.Rows = append(out.Rows, of...)
	}
	return out, nil
}

func searchSets(dir string) ([]set, error) {
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
		if sets[i].queries, err = queries(filepath.Join(dir, "eval-dev", sets[i].name+"-dev.jsonl")); err != nil {
			return nil, err
		}
	}
	list, err := mailbox(filepath.Join(dir, "email", "ksummit-2023-2026.mbox"))
	if err != nil {
		return nil, err
	}
	return append(sets, bySubject("enron subjects", enron), bySubject("list subjects", list)), nil
}

// ranks are where a system has the first right result of each query, from 1; 0 for
// nowhere among ten.
type ranks struct{ items, passages []int }

// measure runs every query on every system.
func (s set) measure(ctx context.Context, model index.Vectorizer) ([]Row, error) {
	systems, err := open(ctx, s.documents, model)
	if err != nil {
		return nil, err
	}
	defer systems.close()
	var baselines, ours []found
	for _, each := range systems.baselines {
		r, err := s.ranks(ctx, each)
		if err != nil {
			return nil, err
		}
		baselines = append(baselines, found{each, r})
	}
	for _, each := range systems.ours {
		r, err := s.ranks(ctx, each)
		if err != nil {
			return nil, err
		}
		ours = append(ours, found{each, r})
	}
	items := func(f found) []int { return f.items }
	rows := s.rows("", items, baselines, ours)
	if len(s.queries) > 0 && len(s.queries[0].parts) > 0 {
		pieces := func(f found) []int { return f.passages }
		rows = append(rows, s.rows("passage ", pieces, baselines[1:], ours)...) // a whole item is no passage
	}
	return rows, nil
}

// found is what a system found.
type found struct {
	system
	ranks
}

// rows are one for each metric of ranks.
func (s set) rows(prefix string, of func(found) []int, baselines, ours []found) []Row {
	var rows []Row
	for _, metric := range []struct {
		name  string
		value func(rank int) float64
	}{
		{"hit@1", func(rank int) float64 { return is(rank == 1) }},
		{"hit@10", func(rank int) float64 { return is(rank > 0) }},
		{"MRR@10", func(rank int) float64 { return is(rank > 0) / float64(max(rank, 1)) }},
	} {
		contenders := func(all []found) []contender {
			var out []contender
			for _, f := range all {
				var values []float64
				for _, rank := range of(f) {
					values = append(values, metric.value(rank))
				}
				out = append(out, averaging(f.name, values))
			}
			return out
		}
		rows = append(rows, compare(s.name, prefix+metric.name, len(s.queries), contenders(baselines), contenders(ours)...))
	}
	return rows
}

// is makes what is so, or not, a number: 1 or 0.
func is(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

func (s set) ranks(ctx context.Context, by system) (ranks, error) {
	var r ranks
	for _, q := range s.queries {
		res, err := by.find(ctx, q.text)
		if err != nil {
			return ranks{}, fmt.Errorf("query %q: %w", q.text, err)
		}
		r.items = append(r.items, firstItem(res.items, q))
		r.passages = append(r.passages, firstPassage(res.passages, q))
	}
	return r, nil
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
		if q.judges(p) {
			return i + 1
		}
	}
	return 0
}

// judges reports whether a place answers the query.
func (q query) judges(p place) bool {
	if !q.documents[p.document] {
		return false
	}
	for _, part := range p.parts {
		if q.parts[part] {
			return true
		}
	}
	return false
}
