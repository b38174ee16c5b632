package digest

import (
	"cmp"
	"math"
	"slices"
	"strings"

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
func weigh(talks []talk) weights {
	sentences := map[string]int{}
	speakers := map[string]map[string]bool{}
	total := 0
	for _, t := range talks {
		for _, u := range t.said {
			if u.machine {
				continue
			}
			for _, s := range u.said {
				total++
				for _, term := range prose.Terms(s.Text) {
					sentences[term]++
					if speakers[term] == nil {
						speakers[term] = map[string]bool{}
					}
					speakers[term][cmp.Or(u.author.Email, u.author.Name)] = true
				}
			}
		}
	}
	w := weights{}
	for term, n := range sentences {
		if n < 2 && total > 12 || len(term) < 3 || chatter(term) {
			continue
		}
		share := float64(n) / float64(total)
		w[term] = math.Log(1+float64(n)) * (1 + 0.5*math.Log(float64(len(speakers[term])))) * (1 - math.Min(share*2, 0.8))
	}
	return w
}

// chatter are stems that many sentences have and that say nothing.
func chatter(term string) bool {
	switch term {
	case "think", "thing", "go", "realli", "actual", "someth", "kind", "sort", "bit", "lot", "sure", "mean", "yeah", "okai", "ok", "right", "well", "probabl", "mayb",
		"thank", "good", "great", "look", "see", "make", "sai", "talk", "guess", "basic", "pretti", "yes", "hi", "hello", "one", "two", "us", "wai", "come", "take", "work", "time", "people", "peopl", "point", "question", "hei", "alreadi":
		return true
	}
	return false
}

// score is how well a statement stands for the talk.
func (w weights) score(s speech.Statement) float64 {
	terms := prose.Terms(s.Text)
	sum := 0.0
	for _, term := range terms {
		sum += w[term]
	}
	score := sum / (4 + float64(len(terms)))
	if len(terms) < fewestTerms || len(terms) > mostTerms {
		score *= 0.5
	}
	return score
}

// points are the sentences that together say most of what the talks come back
// to: each further one counts for what those before it left out.
func (w weights) points(talks []talk, about topic) []speech.Statement {
	var all []speech.Statement
	for _, t := range talks {
		for _, u := range t.said {
			for _, s := range u.said {
				if tells(s) && about.met(s) {
					all = append(all, s)
				}
			}
		}
	}
	left := weights{}
	for term, weight := range w {
		left[term] = weight
	}
	var picked []speech.Statement
	for len(picked) < mostPoints {
		at, best := -1, 0.0
		for i, s := range all {
			if score := left.score(s) + 0.25*bearing(s); score > best {
				at, best = i, score
			}
		}
		if at < 0 || left.score(all[at]) == 0 {
			break
		}
		for _, term := range prose.Terms(all[at].Text) {
			left[term] *= 0.2
		}
		picked = append(picked, all[at])
		all = slices.Delete(all, at, at+1)
	}
	slices.SortStableFunc(picked, inOrder)
	return picked
}

// tells reports whether a statement says something by itself.
func tells(s speech.Statement) bool {
	text := speech.Plain(s.Text)
	if strings.HasSuffix(s.Text, "?") || strings.HasSuffix(s.Text, ":") || strings.HasSuffix(s.Text, ",") || strings.Contains(s.Text, "://") && len(s.Text) < 120 {
		return false
	}
	return len(prose.Terms(s.Text)) >= fewestTerms && !speech.HasAny(text, "i don't know|i'm not sure|thank you|thanks|welcome everyone|welcome to|my screen|unsubscribe")
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
	if s.Machine {
		score -= 3
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
// or in the sentence before.
func (t topic) met(s speech.Statement) bool {
	if len(t) == 0 {
		return true
	}
	return slices.ContainsFunc(prose.Terms(s.Text+" "+s.Before), func(term string) bool { return t[term] })
}
