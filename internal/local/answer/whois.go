package answer

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/prose"
)

// mostIntroductions is how many sentences tell who somebody is.
const mostIntroductions = 3

// asksWhoIs matches questions of which somebody may be all that is asked for.
var asksWhoIs = regexp.MustCompile(`(?i)^\s*who (?:is|are|was|were)\b`)

// whoIs tells who somebody is: what was said of them by which others know them, and when
// they were last in touch.
func (a *Answerer) whoIs(ctx context.Context, q question) ([]line, error) {
	if len(q.parties) == 0 {
		return nil, nil
	}
	p := q.parties[0]
	found, err := a.find(ctx, q, 4*candidates)
	if err != nil {
		return nil, err
	}
	introduces := p.introduced()
	found = slices.DeleteFunc(found, func(s scored) bool { return !introduces.MatchString(s.Text) || strings.HasSuffix(s.Text, "?") })
	var lines []line
	var told []scored
	for _, s := range slices.Backward(inOrder(found)) {
		if len(told) == mostIntroductions {
			break
		}
		if !slices.ContainsFunc(told, func(t scored) bool { return prose.Alike(t.Text, s.Text) }) {
			told = append(told, s)
			lines = append(lines, q.quote(s.Statement))
		}
	}
	touch, err := a.contacts(ctx, q)
	return append(lines, touch...), err
}

// introduced matches a sentence that tells who the party is: "Ann is our lawyer", "my
// assistant, Ann", "our new lawyer is Ann Lee", "this is Ann".
func (p party) introduced() *regexp.Regexp {
	names := []string{regexp.QuoteMeta(p.word)}
	for name := range p.names {
		names = append(names, regexp.QuoteMeta(name))
	}
	slices.Sort(names)
	name := `(?:` + strings.Join(names, "|") + `)`
	const role = `(?:the|our|my|their|his|her|an?|new|in charge|responsible|head|from|with|at)`
	return regexp.MustCompile(`(?i)\b` + name + ` (?:is|was|will be|becomes|became) (?:now |also )?` + role + `\b` +
		`|\b` + name + ` (?:joins|joined|leads|heads|runs|owns|manages|works|worked|looks after|takes over|took over)\b` +
		`|\b` + name + `(?:,| \() ?` + role + ` ` +
		`|\b` + role + ` (?:[\pL-]+ ){0,3}[\pL-]+(?: is | was |, | )` + name + `\b` +
		`|\b[\pL-]+ (?:is|was) ` + name + `(?:\.|,|$)` +
		`|\b(?:my name is|i am|i'm|i’m|this is) ` + name + `\b`)
}
