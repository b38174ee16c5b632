package goals

import (
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// risks lists what endangers the goal, each with what shows it.
func (w *writer) risks() []attrove.RiskSignal {
	all := []attrove.RiskSignal{}
	add := func(kind attrove.RiskKind, text string) {
		all = append(all, attrove.RiskSignal{Kind: kind, Description: attrove.ForeignText(text)})
	}
	if w.outcome.done != nil {
		return all
	}
	if f := w.blocker(); f != nil {
		add(attrove.RiskBlocker, w.quote(f))
	}
	if w.silence.alert {
		add(attrove.RiskSilence, w.silent())
	}
	if w.missed() || w.soon() {
		add(attrove.RiskDeadline, w.deadlineText())
	}
	if f := w.overdue(); f != nil {
		add(attrove.RiskDeadline, fmt.Sprintf("Late since %s: %s", w.on(f.due), w.quote(f)))
	}
	if f := w.firstOpen(func(f fact) bool { return f.Signal.Has(speech.Risk) && !f.wants() }); f != nil {
		add(attrove.RiskChurn, w.quote(f))
	}
	if f := w.firstOpen(func(f fact) bool { return f.Signal.Has(speech.Upset) && f.side != us }); f != nil {
		add(attrove.RiskSentiment, w.quote(f))
	}
	if f := w.outcome.dropped; f != nil {
		add(attrove.RiskChurn, w.quote(f))
	}
	if f := w.move.fact; f != nil && w.move.side == us && w.move.late {
		add(attrove.RiskOther, "Your side is late: "+w.quote(f))
	}
	if w.move.other != nil {
		add(attrove.RiskAmbiguousSignal, "Both sides have something open: "+w.quote(w.move.fact)+"; "+w.quote(w.move.other))
	}
	return all
}

// nextMove says whose move is next, and why.
func (w *writer) nextMove() attrove.NextMove {
	m := w.move
	switch {
	case m.none:
		return attrove.NextMove{Owner: attrove.MoveNone, Description: attrove.ForeignText("Nothing is open: " + w.word(m.last) + ".")}
	case m.fact != nil:
		return attrove.NextMove{Owner: owner(m.side), Description: attrove.ForeignText(w.moveText(m)), DueAt: due(m.fact)}
	case m.last < 0:
		return attrove.NextMove{Owner: attrove.MoveNone, Description: "Nobody has written."}
	case m.side == us:
		return attrove.NextMove{Owner: attrove.MoveUs, Description: attrove.ForeignText("They wrote last: " + w.word(m.last) + ".")}
	case m.side == them:
		return attrove.NextMove{Owner: attrove.MoveThem, Description: attrove.ForeignText("Your side wrote last: " + w.word(m.last) + ".")}
	}
	return attrove.NextMove{Owner: attrove.MoveAmbiguous, Description: attrove.ForeignText(w.unclear() + " The last word: " + w.word(m.last) + ".")}
}

// unclear says why nobody can tell whose move it is.
func (w *writer) unclear() string {
	switch p := w.parties; {
	case !p.known:
		return "Whose move it is cannot be told, as it is not known which addresses are yours."
	case !p.part:
		return "Whose move it is cannot be told, as nobody of your side takes part."
	case !p.two:
		return "Whose move it is cannot be told, as everybody is of your side."
	}
	return "Nothing is asked or promised that is still open."
}

func (w *writer) moveText(m move) string {
	who := "They have"
	if m.side == us {
		who = "Your side has"
	}
	what := "to answer"
	switch {
	case m.fact.Signal.Has(speech.Blocked):
		what = "to clear what blocks it"
	case !m.fact.wants():
		what = "a promise to keep"
	}
	text := who + " " + what
	if !m.fact.due.IsZero() {
		text += ", until " + w.on(m.fact.due)
	}
	return text + ": " + w.quote(m.fact) + "."
}

func owner(s side) attrove.MoveOwner {
	switch s {
	case us:
		return attrove.MoveUs
	case them:
		return attrove.MoveThem
	case nobody:
	}
	return attrove.MoveAmbiguous
}

func due(f *fact) attrove.DateTime { return index.Time(f.due.Truncate(time.Second)) }

// actions are what to do next, the most urgent first.
func (w *writer) actions() []attrove.NextAction {
	all := []attrove.NextAction{}
	add := func(text string, until attrove.DateTime) {
		all = append(all, attrove.NextAction{Description: attrove.ForeignText(text), Owner: attrove.ForeignText(attrove.MoveUs), DueAt: until})
	}
	switch m := w.move; {
	case w.outcome.done != nil:
		add("Confirm that the goal is completed: "+w.quote(w.outcome.done)+".", "")
		return all
	case w.outcome.dropped != nil:
		add("Decide whether the goal is cancelled: "+w.quote(w.outcome.dropped)+".", "")
	case m.fact == nil:
	case m.side == us && m.fact.Signal.Has(speech.Blocked):
		add("Clear what blocks it: "+w.quote(m.fact)+".", due(m.fact))
	case m.side == us && m.fact.wants():
		add("Answer "+uncited().Replace(speech.Call(m.fact.Author))+": "+w.quote(m.fact)+".", due(m.fact))
	case m.side == us:
		add("Keep the promise: "+w.quote(m.fact)+".", due(m.fact))
	case m.fact.Signal.Has(speech.Blocked):
		add("Ask who can clear what blocks it: "+w.quote(m.fact)+".", "")
	case m.late || w.silence.alert:
		add("Remind them: "+w.quote(m.fact)+".", "")
	}
	if w.silence.alert && len(all) == 0 {
		add("Get in touch: "+w.silent(), "")
	}
	if r := w.endangered(); r != nil && r != w.move.fact {
		add("Speak to them about this: "+w.quote(r)+".", "")
	}
	if w.missed() && w.move.last >= 0 {
		add("Agree on a new date. "+w.deadlineText()+" The last word: "+w.word(w.move.last)+".", "")
	}
	return all
}
