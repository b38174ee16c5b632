package goals

import (
	"fmt"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// writer writes claims, and keeps what they rest on.
type writer struct {
	*study
	cited []attrove.EvidenceRef
	known map[string]bool
}

// finding writes down what was found.
func (c *study) finding() Finding {
	w := &writer{study: c, cited: []attrove.EvidenceRef{}, known: map[string]bool{}}
	f := Finding{Health: c.health(), SuggestedLifecycle: c.suggestion(), NextLook: c.nextLook()}
	f.Confidence = c.confidence(f.Health)
	if !c.silence.active.IsZero() {
		f.LastActivity = c.silence.active.UTC()
	}
	f.Summary = strings.Join(w.summary(f.Health), " ")
	f.Risks = w.risks()
	f.NextMove = w.nextMove()
	f.NextActions = w.actions()
	f.Cited = w.cited
	return f
}

// quote is a fact in its own words, with its id.
func (w *writer) quote(f *fact) string {
	return uncited().Replace(f.Quote(w.now)) + w.cite(f.Source.Kind, f.Source.ID, f.Cited().Snippet, f.At)
}

// uncited takes the brackets out of what others wrote, so that nobody's words look
// like a citation.
func uncited() *strings.Replacer { return strings.NewReplacer("[", "(", "]", ")") }

// word names who wrote an entry and when, with its id.
func (w *writer) word(at int) string {
	e := w.entries[at]
	who := speech.Call(e.author)
	switch {
	case e.ref.Kind == store.KindMeeting:
		who = fmt.Sprintf("the meeting %q", e.title)
	case e.ref.Kind == store.KindNote:
		who = fmt.Sprintf("the note %q", e.title)
	case w.me.Is(e.author):
		who = "You"
	}
	return fmt.Sprintf("%s on %s", uncited().Replace(who), speech.On(e.ref.At, w.now)) + w.citeEntry(at)
}

// wrote is word of a message, as a clause.
func (w *writer) wrote(at int) string {
	e := w.entries[at]
	who := uncited().Replace(speech.Call(e.author))
	if w.me.Is(e.author) {
		who = "you"
	}
	return fmt.Sprintf("%s wrote on %s", who, speech.On(e.ref.At, w.now)) + w.citeEntry(at)
}

func (w *writer) citeEntry(at int) string {
	e := w.entries[at]
	snippet := e.title
	if said := w.said[at]; len(said) > 0 {
		snippet = said[0].Text
	}
	return w.cite(e.ref.Kind, e.ref.ID, speech.Clip(snippet), e.ref.At)
}

// cite keeps what a claim rests on, and returns its id as answers write it.
func (w *writer) cite(kind store.Kind, id, snippet string, at time.Time) string {
	if !w.known[id] {
		w.known[id] = true
		w.cited = append(w.cited, attrove.EvidenceRef{
			Type: string(kind), ID: id, Snippet: attrove.ForeignText(snippet), OccurredAt: index.Time(at),
		})
	}
	return " [" + id + "]"
}

func (w *writer) on(t time.Time) string { return speech.On(t, w.now) }

// days is a period in words.
func days(d time.Duration) string {
	switch n := int(d.Hours() / 24); n {
	case 0:
		return "less than a day"
	case 1:
		return "1 day"
	default:
		return fmt.Sprintf("%d days", n)
	}
}

// maxSentences is how long a summary is.
const maxSentences = 4

// summary says how the goal does and what shows it.
func (w *writer) summary(health attrove.Health) []string {
	if !w.evident() {
		return []string{"Nothing in the goal's watch scope says how it does."}
	}
	var all []string
	if lead := w.lead(health); lead != "" {
		all = append(all, lead)
	}
	if w.silence.alert && health != w.alertHealth() || w.silence.expects {
		all = append(all, w.silent())
	}
	if d := w.deadlineText(); d != "" {
		all = append(all, d)
	}
	cited := func(id string) bool { return strings.Contains(strings.Join(all, " "), "["+id+"]") }
	if f := w.move.fact; f != nil && !cited(f.Source.ID) {
		all = append(all, "Open: "+w.quote(f)+".")
	}
	if r := w.automatic(); r != "" {
		all = append(all, r)
	}
	if len(all) < maxSentences && w.move.last >= 0 && !cited(w.entries[w.move.last].ref.ID) {
		all = append(all, "The last word: "+w.word(w.move.last)+".")
	}
	return all[:min(len(all), maxSentences)]
}

// lead is the sentence that gives the reason for the health.
func (w *writer) lead(health attrove.Health) string {
	switch {
	case w.outcome.done != nil:
		return "It seems reached: " + w.quote(w.outcome.done) + "."
	case w.outcome.dropped != nil && health == attrove.HealthAtRisk:
		return "It seems given up: " + w.quote(w.outcome.dropped) + "."
	}
	switch health {
	case attrove.HealthBlocked:
		if f := w.blocker(); f != nil {
			return "Blocked: " + w.quote(f) + "."
		}
	case attrove.HealthAtRisk, attrove.HealthWaitingOnHuman:
	case attrove.HealthInsufficientEvidence:
		return "What there is does not say how it does: nothing is asked, promised or decided of late."
	case attrove.HealthOnTrack:
		return w.progress()
	}
	switch {
	case w.silence.alert && health == w.alertHealth():
		return w.silent()
	case health == attrove.HealthAtRisk && w.endangered() != nil:
		return "At risk: " + w.quote(w.endangered()) + "."
	case health == attrove.HealthAtRisk && w.overdue() != nil:
		f := w.overdue()
		return fmt.Sprintf("Late since %s: %s.", w.on(f.due), w.quote(f))
	case health == attrove.HealthWaitingOnHuman && w.move.fact != nil:
		return "It waits for your side: " + w.quote(w.move.fact) + "."
	}
	return ""
}

// progress is the latest of what shows that a goal goes on.
func (w *writer) progress() string {
	for i := range w.facts {
		f := &w.facts[len(w.facts)-1-i]
		if (f.done || f.Signal.Has(speech.Decided) && !f.wants()) && w.now.Sub(f.At) <= progress {
			return "On track: " + w.quote(f) + "."
		}
	}
	return ""
}

func (w *writer) blocker() *fact {
	return w.firstOpen(func(f fact) bool { return f.Signal.Has(speech.Blocked) })
}

// silent says since when nobody was heard of. It cites the last item: silence
// has no other evidence.
func (w *writer) silent() string {
	s := w.silence
	var text string
	switch {
	case s.asked >= 0 && s.heard >= 0:
		text = fmt.Sprintf("No answer for %s to what %s; the last word from them: %s", days(s.quiet), w.wrote(s.asked), w.word(s.heard))
	case s.asked >= 0:
		text = fmt.Sprintf("No answer for %s to what %s", days(s.quiet), w.wrote(s.asked))
	default:
		text = fmt.Sprintf("Nothing for %s since %s", days(s.quiet), w.word(s.heard))
	}
	if s.expects {
		text += "; that is acknowledged until " + w.on(w.goal.Acknowledgment.Until)
	}
	return text + "."
}

// deadlineText says until when it must be reached, and what moved that.
func (w *writer) deadlineText() string {
	d := w.deadline
	if d.at.IsZero() || d.at.Before(w.now.Add(-openFor)) {
		return ""
	}
	verb := "is"
	if w.passed(d.at) {
		verb = "was"
	}
	text := fmt.Sprintf("The deadline %s %s", verb, w.on(d.at))
	switch {
	case d.said == nil:
		return text + ", as the goal says."
	case d.first != nil:
		return fmt.Sprintf("%s, moved from %s: %s, after %s.", text, w.on(d.was), w.quote(d.said), w.quote(d.first))
	case !d.was.IsZero():
		return fmt.Sprintf("%s, moved from the goal's %s: %s.", text, w.on(d.was), w.quote(d.said))
	}
	return text + ": " + w.quote(d.said) + "."
}

// automatic counts reminders as one thing, with its age: they are no activity.
func (w *writer) automatic() string {
	if len(w.reminders) == 0 {
		return ""
	}
	first, last := w.entries[w.reminders[0]], w.reminders[len(w.reminders)-1]
	if len(w.reminders) == 1 {
		return fmt.Sprintf("Beside that 1 automatic message: %s.", w.word(last))
	}
	return fmt.Sprintf("Beside that %d automatic messages in %s, the latest: %s.", len(w.reminders), days(w.entries[last].ref.At.Sub(first.ref.At)), w.word(last))
}
