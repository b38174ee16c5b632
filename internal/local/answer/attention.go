package answer

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// mostMatters is how much attention there is.
const mostMatters = 7

// attention lists what is open and matters most.
func (a *Answerer) attention(ctx context.Context, q question) ([]line, error) {
	d, err := a.desk(ctx, q)
	if err != nil {
		return nil, err
	}
	only := q.intent.reasons()
	all := slices.DeleteFunc(a.matters(d), func(m matter) bool {
		return m.score < weak || !q.concerns(m.Statement) || len(only) > 0 && !slices.Contains(only, m.reason)
	})
	var lines []line
	for _, b := range bundle(all, mostMatters) {
		lines = append(lines, d.line(b[0]))
		for _, more := range b[1:] { // one thing that says more about the same
			if more.reason != b[0].reason && more.Source.ID != b[0].Source.ID {
				lines[len(lines)-1] = append(lines[len(lines)-1], q.quote(more.Statement)...)
				break
			}
		}
	}
	return lines, nil
}

// openQuestions lists what others wait for the user to answer.
func (a *Answerer) openQuestions(ctx context.Context, q question) ([]line, error) {
	d, err := a.desk(ctx, q)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(a.matters(d), func(m matter) bool {
		return m.reason != waitsForMe || m.stranger || !q.inPeriod(m.At) || !q.concerns(m.Statement)
	})
	return d.first(bundle(all, 2*mostMatters)), nil
}

// first writes the strongest of each bundle.
func (d desk) first(bundles [][]matter) []line {
	var lines []line
	for _, b := range bundles {
		lines = append(lines, d.line(b[0]))
	}
	return lines
}

// concerns reports whether a statement is about the topic and people of the
// question; a question without any is about everything.
func (q question) concerns(s speech.Statement) bool {
	has := prose.Stems(s.Text + " " + s.Context)
	for _, p := range q.parties {
		if !p.includes(s.Author) && !p.mentioned(s.Text+" "+s.Context) && (p.company == "" || !has[prose.Stem(p.company)]) {
			return false
		}
	}
	return len(q.topic) == 0 || q.wordsAmong(has) != 0
}

// line writes a matter: why it is one, who said what and when.
func (d desk) line(m matter) line {
	q := d.q
	due := ""
	if !m.due.IsZero() {
		due = d.dueText(m.due)
	}
	why := ""
	switch m.reason {
	case waitsForMe:
		why = "Waiting for you" + due
	case promisedByMe:
		why = "Your promise" + due
	case promisedToMe:
		why = "Promised to you" + due
	case isBlocked:
		why = "Blocked"
	case isLate:
		why = "Late"
	case isRisk:
		why = "At risk"
	case isSilent:
		why = "Gone quiet"
		if m.Mine {
			why = fmt.Sprintf("No answer for %d days", int(d.at.Sub(m.At).Hours()/24))
		}
	case nothing:
	}
	return q.quote(m.Statement).led(why + ": ")
}

func (d desk) dueText(due time.Time) string {
	if due.Before(d.at) {
		return ", was due " + d.q.on(due)
	}
	return ", due " + d.q.on(due)
}
