package answer

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// An item is evidence by what it holds of a question's words, weighed by how rare
// they are: half of it counts where one passage has it, half where any of those found
// has it. A word that is nowhere weighs most, so what nobody wrote about has no
// answer. The more words a passage has, the less likely it has them by chance.
const (
	enough      = 0.85
	enoughGiven = 0.65  // see least
	together    = 0.075 // what each word counts that the best passage has
	mostWords   = 6     // that count so

	mailing = 0.15 // what there must be more in what a program wrote, or somebody to thousands: it has words of everything

	mostPassages = 6 // of an item that are read
)

// words are some of a topic's words: a bit for each, in its order.
type words uint64

const everyWord = ^words(0)

// wordsIn are the words that a text has.
func (q question) wordsIn(text string) words { return q.wordsAmong(prose.Stems(text)) }

// wordsAmong are the words that have one of the stems, in any of their forms.
func (q question) wordsAmong(stems map[string]bool) words {
	has := func(stem string) bool { return stems[stem] }
	var w words
	for i, t := range q.topic {
		if has(t) || slices.ContainsFunc(q.forms[t], has) {
			w |= 1 << i
		}
	}
	return w
}

// wordsJoined are the neighbours among the words that a text has written as one: "yard
// crew" in "allyardcrew 12", as files are called.
func (q question) wordsJoined(text string) words {
	text = strings.ToLower(text)
	var w words
	for i := 1; i < len(q.topic); i++ {
		if strings.Contains(text, q.topic[i-1]+q.topic[i]) {
			w |= 1<<i | 1<<(i-1)
		}
	}
	return w
}

func (w words) count() int { return bits.OnesCount64(uint64(w)) }

// mass is how much words say, by how rare they are.
func (q question) mass(w words) float64 {
	sum := 0.0
	for i, t := range q.topic {
		if w&(1<<i) != 0 {
			sum += q.weight[t]
		}
	}
	return sum
}

// least is the evidence that there must be. Less will do of words to search for, which
// somebody types who knows that they are there, and of the words of people, unless one
// of the words is in nothing that was found: of that they did not speak.
func (q question) least(found []index.Item) float64 {
	if q.terse {
		return enoughGiven
	}
	if len(q.authors) == 0 {
		return enough
	}
	var said words
	for _, item := range found {
		for _, p := range item.Passages[:min(mostPassages, len(item.Passages))] {
			said |= q.wordsIn(p.Title + " " + p.Body)
		}
	}
	if said.count() < len(q.topic) {
		return enough
	}
	return enoughGiven
}

// evidence is how much of what is asked for an item has, by the passages that were
// found of it. That those speak whose words are wanted counts as one more word, as
// rare as the others are.
func (q question) evidence(passages []store.Passage) float64 {
	total := q.mass(everyWord)
	if total == 0 {
		return enough
	}
	author := 0.0
	if len(q.authors) > 0 {
		author = total / float64(len(q.topic))
	}
	var all words
	best, spoke, n := 0.0, 0.0, 0
	for _, p := range passages[:min(mostPassages, len(passages))] {
		has := q.wordsIn(p.Title + " " + p.Body)
		held, found := q.mass(has), has.count()
		if author > 0 && q.speakIn(p) {
			held, found, spoke = held+author, found+1, author
		}
		if held > best {
			best, n = held, found
		}
		all |= has
	}
	return (best+q.mass(all)+spoke)/(2*(total+author)) + together*float64(min(n, mostWords))
}

// speakIn reports whether one of those whose words are wanted wrote or spoke in a
// passage.
func (q question) speakIn(p store.Passage) bool {
	speakers := []string{p.People}
	for line := range strings.Lines(p.Body) {
		if name, _ := prose.Speaker(line); name != "" {
			speakers = append(speakers, name)
		} else if who, _, ok := strings.Cut(line, ":"); ok && slices.ContainsFunc(q.authors, func(a party) bool { return a.mentioned(who) }) {
			return true // "**Ann Lee** says: ", as minutes have it
		}
	}
	return slices.ContainsFunc(q.authors, func(a party) bool {
		return slices.ContainsFunc(speakers, func(names string) bool {
			return a.calls(names) || slices.ContainsFunc(strings.Fields(names), func(address string) bool {
				return strings.Contains(address, "@") && a.includes(store.Person{Email: address})
			})
		})
	})
}
