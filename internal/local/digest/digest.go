// Package digest reads what a conversation or a meeting comes to: what it is
// about, what was decided, what is to be done by whom, and what nobody answered.
// It works by phrase rules, in English, by what headings and labels name in
// German, French and Spanish, too, and by which words a talk keeps coming back to.
// It quotes: each part of a digest is a sentence that somebody wrote or said, with
// its source.
package digest

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// How much a digest holds at the most.
const (
	mostPoints    = 6
	mostDecisions = 10
	mostActions   = 12
	mostQuestions = 8
)

// Digest is what a talk comes to. Everything is in the order it was said.
type Digest struct {
	Gist      []speech.Statement // two or three sentences: what it is about, what came of it
	Points    []speech.Statement
	Decisions []Decision
	Actions   []Action
	Questions []speech.Statement // those that nobody answered
	People    []store.Person     // who wrote or spoke, programs aside, who says most first
	Tone      Tone
}

// Decision is something decided, and what it took the place of.
type Decision struct {
	speech.Statement
	Instead []speech.Statement // earlier decisions that it reversed or changed

	weak     bool // one only if it takes another back
	filed    bool // its writer called it one
	accepted bool // it was only proposed, and somebody agreed
}

// Action is something that somebody is to do and has not reported done.
type Action struct {
	speech.Statement
	Owner string    // a name, or several with "and" between; "" when nobody in particular
	Due   time.Time // the last moment of the day until when, as it was said; zero if unknown

	filed  bool // its writer called it one
	agreed bool // its owner said yes
	turn   int  // in which it was said
}

// Empty reports whether nothing was found.
func (d Digest) Empty() bool {
	return len(d.Gist)+len(d.Points)+len(d.Decisions)+len(d.Actions)+len(d.Questions) == 0
}

// Reader makes digests.
type Reader struct{ signals speech.Reader }

// NewReader returns a reader.
func NewReader() Reader { return Reader{signals: speech.NewReader()} }

// Messages digests messages, oldest first, of one conversation. With topic words
// it is about what speaks of them alone.
func (r Reader) Messages(me speech.Self, messages []store.Message, topic string) Digest {
	return digest(r.talks(me, messages), topic)
}

// Meeting digests what was said in a meeting; its summary is not looked at.
func (r Reader) Meeting(me speech.Self, m store.Meeting) Digest {
	return digest(r.meeting(me, m), "")
}

// Note digests what somebody wrote down of a meeting.
func (r Reader) Note(n store.Note) Digest {
	t := r.minutes(n)
	if len(t.said) == 0 {
		return Digest{}
	}
	return digest([]talk{t}, "")
}

func digest(talks []talk, topic string) Digest {
	w := weigh(talks)
	about := newTopic(topic)
	var d Digest
	for _, t := range talks {
		d.Decisions = append(d.Decisions, t.decisions()...)
		todo := t.actions()
		d.Actions = append(d.Actions, todo...)
		for _, s := range t.openQuestions() { // "can you send it?" is something to do
			if !slices.ContainsFunc(todo, func(a Action) bool { return inOrder(a.Statement, s) == 0 }) {
				d.Questions = append(d.Questions, s)
			}
		}
	}
	d.Decisions = slices.DeleteFunc(supersede(d.Decisions), func(one Decision) bool { return !about.met(one.Statement) })
	d.Actions = slices.DeleteFunc(d.Actions, func(one Action) bool { return !about.met(one.Statement) })
	d.Questions = slices.DeleteFunc(d.Questions, func(one speech.Statement) bool { return !about.met(one) || settledBy(one, d.Decisions) })

	d.Decisions = best(d.Decisions, mostDecisions, func(one Decision) (speech.Statement, float64) {
		return one.Statement, w.score(one.Statement) + sureness(one)
	})
	d.Actions = best(d.Actions, mostActions, func(one Action) (speech.Statement, float64) {
		return one.Statement, w.score(one.Statement) + urgency(one)
	})
	d.Questions = best(d.Questions, mostQuestions, func(one speech.Statement) (speech.Statement, float64) {
		return one, w.score(one)
	})
	d.Points = w.points(talks, about)
	d.Gist = gist(talks, w, about, d)
	d.People = people(talks)
	d.Tone = tone(talks, about)
	return d
}

// settledBy reports whether a later decision has most words of what was open.
func settledBy(open speech.Statement, decisions []Decision) bool {
	const enough = 0.5
	terms := common(open.Text, open.Text)
	return slices.ContainsFunc(decisions, func(d Decision) bool {
		return inOrder(open, d.Statement) < 0 && terms > 1 && float64(common(open.Text, d.Text)) >= enough*float64(terms)
	})
}

// best keeps those of the highest scores that say different things, in their
// order.
func best[T any](all []T, most int, value func(T) (speech.Statement, float64)) []T {
	type ranked struct {
		one   T
		said  speech.Statement
		score float64
	}
	var order []ranked
	for _, one := range all {
		said, score := value(one)
		order = append(order, ranked{one, said, score})
	}
	slices.SortStableFunc(order, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.score, a.score), inOrder(a.said, b.said))
	})
	var kept []ranked
	for _, r := range order {
		same := func(k ranked) bool {
			return prose.Alike(k.said.Text, r.said.Text) && numbers(k.said.Text) == numbers(r.said.Text)
		}
		if len(kept) < most && !slices.ContainsFunc(kept, same) {
			kept = append(kept, r)
		}
	}
	slices.SortStableFunc(kept, func(a, b ranked) int { return inOrder(a.said, b.said) })
	out := make([]T, len(kept))
	for i, r := range kept {
		out[i] = r.one
	}
	return out
}

// numbers are those in a text: what is said of one day or file is not said of
// another.
func numbers(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return !strings.ContainsFunc(w, unicode.IsDigit) }), " ")
}

// inOrder is the order in which statements were made.
func inOrder(a, b speech.Statement) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Source.ID, b.Source.ID), cmp.Compare(a.Order, b.Order))
}

// people are those who speak, who says most first.
func people(talks []talk) []store.Person {
	type share struct {
		who   store.Person
		said  int
		first time.Time
	}
	shares := map[string]*share{}
	for _, t := range talks {
		for _, u := range t.said {
			if u.machine || u.author == (store.Person{}) {
				continue
			}
			key := cmp.Or(u.author.Email, u.author.Name)
			if shares[key] == nil {
				shares[key] = &share{who: u.author, first: u.at}
			}
			shares[key].said += 1 + len(u.said)
		}
	}
	var order []*share
	for _, s := range shares {
		order = append(order, s)
	}
	slices.SortFunc(order, func(a, b *share) int {
		return cmp.Or(cmp.Compare(b.said, a.said), a.first.Compare(b.first), cmp.Compare(speech.Call(a.who), speech.Call(b.who)))
	})
	var out []store.Person
	for _, s := range order {
		out = append(out, s.who)
	}
	return out
}
