package answer

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// How much is told of what happened.
const (
	mostGroups = 8
	mostNews   = 10
	fewNews    = 3 // if there are no more of late, older ones are told, too
)

// caughtUp quotes what matters most of a period, what belongs together side by side
// and what matters more first. With a topic it is about that, in the order of time,
// and of late rather than of long ago.
func (a *Answerer) caughtUp(ctx context.Context, q question) ([]line, error) {
	if len(q.authors) > 0 {
		return a.quotes(ctx, q)
	}
	if len(q.topic) == 0 && len(q.parties) == 0 || q.period.Phrase != "" {
		all, err := a.recent(ctx, q, lately)
		if err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(s scored) bool { return !q.concerns(s.Statement) })
		d, err := a.desk(ctx, q)
		if err != nil {
			return nil, err
		}
		return d.news(all), nil
	}
	about, err := a.about(ctx, q)
	if err != nil {
		return nil, err
	}
	for i, s := range about {
		age := max(q.now.Sub(s.At), 0)
		about[i].score = salience(s.Statement) + 3/(1+age.Hours()/(7*day).Hours())
		if slices.ContainsFunc(q.parties, func(p party) bool { return p.includes(s.Author) || p.mentioned(s.Text) }) {
			about[i].score += 1.5
		}
	}
	var picked []scored
	for _, back := range []time.Duration{lately, someday, longAgo, ever} {
		of := slices.DeleteFunc(slices.Clone(about), func(s scored) bool { return s.At.Before(q.now.Add(-back)) })
		if picked = pickSalient(of, mostLines, 2); len(picked) >= fewNews {
			break
		}
	}
	return q.quoteAll(inOrder(picked)), nil
}

// about reads what there is on a topic: what those whom the question names wrote,
// what names them and what was written to them alone, or else what has its words.
func (a *Answerer) about(ctx context.Context, q question) ([]scored, error) {
	if len(q.parties) == 0 {
		found, err := a.find(ctx, q, 2*candidates)
		fits := q.fit(found)
		return slices.DeleteFunc(fits, func(s scored) bool {
			return s.Source.Kind == store.KindEvent || s.words < ofTopic && !q.isEntitled(s.Source)
		}), err
	}
	all, err := a.recent(ctx, q, someday)
	return slices.DeleteFunc(all, func(s scored) bool {
		return !slices.ContainsFunc(q.parties, func(p party) bool {
			return p.includes(s.Author) || p.mentioned(s.Text+" "+s.Source.Title) || s.Mine && p.mentioned(s.Context)
		})
	}), err
}

// news groups statements by the company that they are about, else by thread.
func (d desk) news(all []scored) []line {
	type group struct {
		label string
		of    []scored
	}
	var groups []*group
	at := map[string]*group{}
	for _, s := range pickSalient(all, 4*mostNews, 2) {
		key, label := s.Thread, ""
		if one := d.companyOf(s.Statement); one != "" {
			key, label = "@"+one, strings.ToUpper(one[:1])+one[1:]+": "
		}
		g := at[key]
		if g == nil {
			g = &group{label: label}
			at[key] = g
			groups = append(groups, g)
		}
		if len(g.of) < 2 {
			g.of = append(g.of, s)
		}
	}
	slices.SortStableFunc(groups, func(x, y *group) int { return cmp.Compare(y.of[0].score, x.of[0].score) })
	groups = groups[:min(len(groups), mostGroups)]
	var lines []line
	for i, g := range groups {
		room := mostNews - len(lines) - (len(groups) - i - 1) // one line for each of the others
		for _, s := range inOrder(g.of[:min(len(g.of), max(room, 1))]) {
			lines = append(lines, d.q.quote(s.Statement).led(g.label))
		}
	}
	return lines
}

// companyOf is the one company that a statement or its thread names, "" for none or
// several.
func (d desk) companyOf(s speech.Statement) string {
	found := d.named(s.Source.Title + " " + s.Text)
	if len(found) != 1 {
		found = d.ofThread(s.Thread)
	}
	if len(found) == 1 {
		for label := range found {
			return label
		}
	}
	return ""
}
