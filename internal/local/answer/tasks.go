package answer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// mostTasks is how many lines a list of tasks has.
const mostTasks = 2 * mostMatters

// task is something that somebody is to do.
type task struct {
	speech.Statement // Author is its owner, if any
	due              time.Time
}

// openTasks lists what is to be done: the action items of meetings and minutes, and
// where nobody else is meant what the user promised and what others wait for.
func (a *Answerer) openTasks(ctx context.Context, q question) ([]line, error) {
	d, err := a.desk(ctx, q)
	if err != nil {
		return nil, err
	}
	who := q.owners()
	var lines []line
	if !q.ofLastMeeting() && (who == mine || who == ours && len(q.topic) == 0 && len(q.parties) == 0) {
		all := slices.DeleteFunc(a.matters(d), func(m matter) bool {
			return m.reason != waitsForMe && m.reason != promisedByMe || m.score < weak || !q.inPeriod(m.At) || !q.concerns(m.Statement)
		})
		lines = d.first(bundle(all, mostMatters))
	}
	all, err := a.tasks(ctx, d)
	if err != nil {
		return nil, err
	}
	late := speech.HasAny(speech.Plain(q.text), "dropping the ball|overdue|late|forgot|forgotten|missed")
	for _, t := range all {
		if len(lines) >= mostTasks {
			break
		}
		if !q.owns(t, who) || who != mine && late && (t.due.IsZero() || t.due.After(d.at)) {
			continue
		}
		if done, err := a.reportsDone(ctx, q, t.Statement); err != nil {
			return nil, err
		} else if done {
			continue
		}
		lines = append(lines, d.task(t, who))
	}
	return lines, nil
}

// owners tells whose tasks a question wants: the user's own, those of whom it names
// (theirs), or everybody's (ours).
func (q question) owners() side {
	text := speech.Plain(plainQuestion(q.text, q.parties))
	switch {
	case speech.HasAny(text, "i|my|me|mine"):
		return mine
	case slices.ContainsFunc(q.parties, func(p party) bool { return p.company == "" && !p.empty() }):
		return theirs
	}
	return ours
}

// owns reports whether a task is one that a question wants.
func (q question) owns(t task, who side) bool {
	about := q
	switch who {
	case mine:
		if !t.Mine {
			return false
		}
	case theirs:
		if !anyIncludes(q.parties, t.Author) {
			return false
		}
		about.parties = slices.DeleteFunc(slices.Clone(q.parties), func(p party) bool { return p.includes(t.Author) })
	case ours:
	}
	return q.inPeriod(t.At) && about.concerns(t.Statement)
}

// task writes a task as a line.
func (d desk) task(t task, who side) line {
	text := "Action item"
	if owner := speech.Call(t.Author); who != mine && t.Author.Name+t.Author.Email != "" {
		text += " of " + owner
	}
	text += fmt.Sprintf(" from %q on %s", t.Source.Title, d.q.on(t.At))
	if !t.due.IsZero() {
		text += d.dueText(t.due)
	}
	return line{{text + ": " + speech.Clip(t.Text), t.Cited()}}
}

// tasks are the action items of a period, those that are due first at the front, and
// what was said of one thing later in the place of what was said before.
func (a *Answerer) tasks(ctx context.Context, d desk) ([]task, error) {
	from := d.at.Add(-someday)
	if d.q.period.Phrase != "" {
		from = d.q.period.From
	}
	meetings, err := a.meetings(ctx, d.q, from, d.at.Add(time.Millisecond), 50)
	if err != nil {
		return nil, err
	}
	var all []task
	for _, m := range meetings { // newest first
		for _, s := range a.reader.FromActionItems(d.q.me, m) {
			all = append(all, task{Statement: s, due: d.dueOf(s)})
		}
	}
	notes, err := a.minuted(ctx, d.q, from, d.at)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		for _, action := range a.digests.Note(n).Actions {
			s := action.Statement
			s.Author, s.Mine = store.Person{Name: action.Owner}, d.q.me.FirstName != "" && speech.SameName(d.q.me.FirstName, action.Owner)
			all = append(all, task{Statement: s, due: action.Due})
		}
	}
	if d.q.ofLastMeeting() {
		all = ofLatest(ofGathering(all, speech.Plain(d.q.text)))
	}
	var kept []task
	for _, t := range all {
		again := func(k task) bool { return k.Author == t.Author && prose.Alike(k.Text, t.Text) }
		if !slices.ContainsFunc(kept, again) {
			kept = append(kept, t)
		}
	}
	never := d.at.AddDate(100, 0, 0)
	urgent := func(t task) time.Time {
		if t.due.IsZero() {
			return never
		}
		return t.due
	}
	slices.SortStableFunc(kept, func(x, y task) int {
		return cmp.Or(urgent(x).Compare(urgent(y)), y.At.Compare(x.At), cmp.Compare(x.Source.ID, y.Source.ID), cmp.Compare(x.Order, y.Order))
	})
	return kept, nil
}

// ofLastMeeting reports whether only tasks of the last meeting are wanted.
func (q question) ofLastMeeting() bool {
	plain := speech.Plain(q.text)
	return speech.HasAny(plain, "last|latest|previous") && gatheringWord.MatchString(plain)
}

// ofGathering are the tasks of the kind of meeting that a question names, if it is a
// kind: a stand-up is a meeting, but not every meeting is a stand-up.
func ofGathering(all []task, plain string) []task {
	kind := strings.TrimSuffix(joined(gatheringWord.FindString(plain)), "s")
	switch kind {
	case "meeting", "call", "session", "conversation", "minute":
		return all
	}
	return slices.DeleteFunc(all, func(t task) bool { return !strings.Contains(joined(t.Source.Title), kind) })
}

// joints are what may stand between the parts of a word: "stand-up".
var joints = strings.NewReplacer(" ", "", "-", "", ":", "")

// joined is a text without joints.
func joined(text string) string { return joints.Replace(strings.ToLower(text)) }

// ofLatest are the tasks of the meeting that was last.
func ofLatest(all []task) []task {
	var last task
	for _, t := range all {
		if t.At.After(last.At) {
			last = t
		}
	}
	return slices.DeleteFunc(all, func(t task) bool { return t.Source.ID != last.Source.ID })
}

// dueOf is until when an action item is to be done.
func (d desk) dueOf(s speech.Statement) time.Time {
	said := s.At.In(d.q.now.Location())
	if period, ok := when.FindDeadline(s.Text, said); ok {
		return period.To.Add(-time.Second)
	}
	return time.Time{}
}
