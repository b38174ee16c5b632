package digest

import (
	"cmp"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// How long a sentence is that can stand for others, in words of meaning.
const (
	fewestTerms = 4
	mostTerms   = 40
)

// weights are how much the words of talks matter: those that many people come
// back to matter more than those said once.
type weights map[string]float64

// weigh counts in how many sentences, and by how many people, each word is used.
// Names of things count more, those of the people who talk not at all.
func weigh(talks []talk) weights {
	uses, total := map[string]*use{}, 0
	for _, t := range talks {
		for _, u := range t.said {
			if u.machine {
				continue
			}
			total += len(u.said)
			for _, s := range u.said {
				count(uses, s.Text, cmp.Or(u.author.Email, u.author.Name))
			}
		}
	}
	w := weights{}
	for term, of := range uses {
		n := float64(of.sentences)
		if of.sentences < 2 && total > 12 || len(term) < 3 || chatter(term) {
			continue
		}
		common := math.Min(2*n/float64(total), 0.8)
		w[term] = math.Log(1+n) * (1 + 0.5*math.Log(float64(len(of.by)))) * (1 - common)
		if 2*of.capital > of.sentences {
			w[term] *= 1.5
		}
	}
	for _, t := range talks {
		for first := range t.names {
			delete(w, prose.Stem(first))
		}
	}
	return w
}

// use is how a word is used.
type use struct {
	sentences int
	capital   int // of them, those that write it like a name
	by        map[string]bool
}

func count(uses map[string]*use, text, who string) {
	capital := map[string]bool{}
	for i, word := range strings.Fields(text) {
		if i > 0 && strings.ContainsFunc(word, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) }) {
			for _, w := range prose.Words(word) {
				capital[prose.Stem(w)] = true
			}
		}
	}
	for _, term := range prose.Terms(text) {
		if uses[term] == nil {
			uses[term] = &use{by: map[string]bool{}}
		}
		uses[term].sentences++
		uses[term].by[who] = true
		if capital[term] {
			uses[term].capital++
		}
	}
}

// score is how well a statement stands for the talk.
func (w weights) score(s speech.Statement) float64 { return w.of(prose.Terms(s.Text), s.Text) }

func (w weights) of(terms []string, text string) float64 { return w.sum(terms) * shape(terms, text) }

// sum is what words weigh together, and less the more there are.
func (w weights) sum(terms []string) float64 {
	sum := 0.0
	for _, term := range terms {
		sum += w[term]
	}
	return sum / (6 + float64(len(terms)))
}

// shape is how far a text is fit to stand by itself.
func shape(terms []string, text string) float64 {
	fit := 1.0
	if len(terms) < fewestTerms || len(terms) > mostTerms {
		fit *= 0.5
	}
	if leansOn(text) {
		fit *= 0.6
	}
	if strings.Contains(text, "… ") { // it was begun anew
		fit *= 0.7
	}
	return fit
}

// leansOn reports whether a sentence goes on with another one, or is broken off.
func leansOn(text string) bool {
	first, _, _ := strings.Cut(text, " ")
	return oneOf(strings.ToLower(strings.Trim(first, ",")), "and|or|but|because|which|that|so|then|this|these|those|it|it's|he|she|they|him|not|also|who|where|same|otherwise|if") ||
		strings.HasSuffix(text, "…") || strings.HasSuffix(text, "-") || strings.HasSuffix(text, ",")
}

// points are the sentences that together say most of what the talks come back
// to: each further one counts for what those before it left out.
func (w weights) points(talks []talk, about topic) []speech.Statement {
	if len(talks) > 1 && talks[0].medium == spoken { // a chat beside it is about it
		talks = talks[:1]
	}
	all := candidates(talks, about)
	left := maps.Clone(w)
	var picked []speech.Statement
	for len(picked) < mostPoints && len(all) > 0 {
		for i := range all {
			all[i].score = left.sum(all[i].terms) * all[i].shape
			if all[i].score > 0 {
				all[i].score += all[i].bearing
			}
		}
		at := 0
		for i := range all {
			if all[i].score > all[at].score {
				at = i
			}
		}
		best := all[at]
		if best.score == 0 {
			break
		}
		all = slices.Delete(all, at, at+1)
		if slices.ContainsFunc(picked, func(p speech.Statement) bool { return prose.Alike(p.Text, best.Text) }) {
			continue
		}
		for _, term := range best.terms {
			left[term] *= 0.2
		}
		picked = append(picked, best.Statement)
	}
	slices.SortStableFunc(picked, inOrder)
	return picked
}

// candidate is a statement that may be a point.
type candidate struct {
	speech.Statement
	terms   []string
	shape   float64
	bearing float64
	score   float64
}

func candidates(talks []talk, about topic) []candidate {
	var all []candidate
	for _, t := range talks {
		for _, u := range t.said {
			for _, s := range u.said {
				if tells(s) && about.met(s) && !u.machine {
					terms := prose.Terms(s.Text)
					all = append(all, candidate{Statement: s, terms: terms, shape: shape(terms, s.Text), bearing: 0.25 * bearing(s)})
				}
			}
		}
	}
	return all
}

// program is what belongs to a program or to its changes: calls, assignments,
// "file.c | 12 ++--".
var program = regexp.MustCompile(`\w\(\)? ?\{|[;{}]$|<- |\s[=!<>]=\s|\|\s+\d+ [+-]|insertions?\(\+\)|^(?:\+\+\+|---|@@|#')`)

// tells reports whether a statement says something by itself.
func tells(s speech.Statement) bool {
	text := speech.Plain(s.Text)
	last := s.Text[len(s.Text)-1]
	if strings.IndexByte("?:,", last) >= 0 || strings.Contains(s.Text, "://") && len(s.Text) < 120 || strings.Count(s.Text, "://") > 1 || strings.Contains(s.Text, "```") || prose.Alike(s.Text, s.Source.Title) || program.MatchString(s.Text) {
		return false
	}
	return len(prose.Terms(s.Text)) >= fewestTerms && !speech.HasAny(text, boilerplate) &&
		!speech.HasAny(text, "i don't know|i'm not sure|thank you|thanks|my screen") && !speech.HasAny(text, procedure)
}

// bearing is what a statement does beside informing, as far as it matters for
// what a talk comes to.
func bearing(s speech.Statement) float64 {
	score := 0.0
	for _, w := range []struct {
		signal speech.Signal
		weight float64
	}{{speech.Decided, 1}, {speech.Risk, 1}, {speech.Blocked, 1}, {speech.Overdue, 1}, {speech.Changed, 0.75}, {speech.Promise, 0.25}} {
		if s.Signal.Has(w.signal) {
			score += w.weight
		}
	}
	return score
}

// topic is what a digest is to be about; none is everything.
type topic map[string]bool

// newTopic takes the words of instructions that name a topic, not those that say
// what to do with it.
func newTopic(instructions string) topic {
	t := topic{}
	for _, word := range prose.Words(instructions) {
		switch word {
		case "focus", "look", "looking", "list", "extract", "summarize", "summarise", "summary", "analyze", "analyse", "only", "decisions", "decision", "decided", "action", "actions", "items", "item",
			"questions", "question", "open", "points", "point", "key", "anything", "everything", "related", "regarding", "concerning", "thread", "conversation", "messages", "message", "especially", "mainly", "important":
			continue
		}
		if !prose.IsStopWord(word) {
			t[prose.Stem(word)] = true
		}
	}
	return t
}

// met reports whether a statement is about the topic: one of its words is in it,
// or in the sentence before if it says little by itself.
func (t topic) met(s speech.Statement) bool {
	const few = 3
	if len(t) == 0 {
		return true
	}
	terms := prose.Terms(s.Text)
	if len(terms) < few {
		terms = append(terms, prose.Terms(s.Before)...)
	}
	return slices.ContainsFunc(terms, func(term string) bool { return t[term] })
}
