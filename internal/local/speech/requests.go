package speech

import (
	_ "embed"
	"math/bits"
	"strconv"
	"strings"
)

// requestTable holds the cues by which requests are known, and the phrases of
// promises; its beginning says how to read and to change it.
//
//go:embed requests.tsv
var requestTable string

// requests weighs what speaks for a sentence that asks for something, and against
// it: the weights of its cues, summed, are the logarithm of the odds.
type requests struct {
	names    []string
	weights  []float64
	outright cues // ask by themselves; the others only add to it
	always   cues
	lengths  []length
}

// length is the cue of a sentence that has no more words.
type length struct{ words, cue int }

// From these scores on a sentence asks: with a cue that asks outright it needs less
// than to be likelier than not, without one it must be likelier, and brief. They
// were chosen where F1 on the sentences that the weights are learnt from no longer
// grows much, and what is found in other mail and meetings still is a request.
const (
	enoughOutright = -1.25
	enough         = 0.75
	brief          = 30 // words
)

// asks reports whether a sentence with these cues, and so many words, asks for
// something. Of one that promises only an outright request does: "I'll call you to
// discuss it" is none.
func (r *requests) asks(of cues, words int, promises bool) bool {
	score := r.score(r.complete(of, words))
	return of.meet(r.outright) && score > enoughOutright || score > enough && words <= brief && !promises
}

func (r *requests) score(of cues) float64 {
	sum := 0.0
	for n := range of.all {
		sum += r.weights[n]
	}
	return sum
}

// complete adds the cues that are no phrases.
func (r *requests) complete(of cues, words int) cues {
	of.join(r.always)
	for _, l := range r.lengths {
		if words <= l.words {
			of.add(l.cue)
			break
		}
	}
	return of
}

// cues is a set of cues, by their numbers.
type cues [4]uint64

func (c *cues) add(n int) { c[n/64] |= 1 << (n % 64) }

func (c *cues) join(other cues) {
	for i := range c {
		c[i] |= other[i]
	}
}

func (c *cues) meet(other cues) bool {
	for i := range c {
		if c[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

// all yields the cues of the set.
func (c *cues) all(yield func(n int) bool) {
	for i, part := range c {
		for ; part != 0; part &= part - 1 {
			if !yield(64*i + bits.TrailingZeros64(part)) {
				return
			}
		}
	}
}

// tableReader reads the table.
type tableReader struct {
	*requests
	phrases *phrases
	classes map[string][]string // those of their members that are of several words
	section string
}

// readRequests reads the table, and adds its phrases to those that are found.
func readRequests(table string, to *phrases) *requests {
	r := tableReader{requests: &requests{}, phrases: to, classes: map[string][]string{}}
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			r.section = line
		default:
			r.read(line)
		}
	}
	return r.requests
}

func (r *tableReader) read(line string) {
	switch r.section {
	case "[classes]":
		class, members, _ := strings.Cut(line, "\t")
		r.classify(class, members)
	case "[promises]":
		r.add(line, mark{promises: 1})
	case "[promises nothing]":
		r.add(line, mark{promises: -1})
	default:
		weight, rest, _ := strings.Cut(line, "\t")
		name, said, _ := strings.Cut(rest, "\t")
		r.cue(weight, name, said)
	}
}

func (r *tableReader) classify(class, members string) {
	for m := range strings.SplitSeq(members, "|") {
		if strings.Contains(m, " ") {
			r.classes[class] = append(r.classes[class], m)
		} else {
			r.phrases.classify(m, class)
		}
	}
}

func (r *tableReader) cue(weight, name, said string) {
	n := len(r.names)
	number, _ := strconv.ParseFloat(strings.TrimPrefix(weight, "="), 64) // a test has it that it is one
	r.names, r.weights = append(r.names, name), append(r.weights, number)
	var of mark
	of.cues.add(n)
	if r.section == "[asks]" {
		r.outright.add(n)
	}
	most, limits := strings.CutPrefix(said, "#")
	switch {
	case limits:
		words, _ := strconv.Atoi(most)
		r.lengths = append(r.lengths, length{words, n})
	case said == "":
		r.always.add(n)
	default:
		r.add(said, of)
	}
}

// add adds phrases, which | divides, also as they are with those members of their
// classes that are of several words; the others are known by their class.
func (r *tableReader) add(phrases string, of mark) {
	var spell func(done string, rest []string)
	spell = func(done string, rest []string) {
		if len(rest) == 0 {
			r.phrases.add(done, of)
			return
		}
		spell(done+" "+rest[0], rest[1:])
		for _, m := range r.classes[rest[0]] {
			spell(done+" "+m, rest[1:])
		}
	}
	for phrase := range strings.SplitSeq(phrases, "|") {
		spell("", strings.Fields(phrase))
	}
}
