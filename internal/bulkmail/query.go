package bulkmail

import (
	"strings"
)

// Query returns what somebody may look for in the first n messages: the nth such
// query, of all kinds in turn.
func (c Corpus) Query(number, n int) string {
	r := c.random(number, forQuery)
	m := c.opening(r.IntN(n))
	topic := c.topic(m.Root)
	switch kind := r.Float64(); {
	case kind < 0.35: // a subject, as one remembers it
		return strings.ToLower(c.subject(m.Root))
	case kind < 0.6: // a thing and a word that is in much mail
		return word(topic[0]) + " " + word(mandelbrot(r, 30, 1000)) + " " + word(topic[1])
	case kind < 0.75:
		return "what did " + m.From.Name + " say about the " + word(topic[2]) + " " + word(topic[3]) + "?"
	case kind < 0.9: // words as texts have them
		words := strings.Fields(c.body(m.Number, m.Root))
		at := r.IntN(max(1, len(words)-5))
		return strings.Join(words[at:min(at+5, len(words))], " ")
	default: // words that are in much mail
		return word(mandelbrot(r, 30, 300)) + " " + word(mandelbrot(r, 30, 300)) + " " + word(mandelbrot(r, 30, 300))
	}
}

// Question is Query as one asks a person.
func (c Corpus) Question(number, n int) string {
	r := c.random(number, forQuery)
	m := c.opening(r.IntN(n))
	topic := c.topic(m.Root)
	switch number % 6 {
	case 0:
		return "What did " + m.From.Name + " say about the " + word(topic[0]) + " " + word(topic[1]) + "?"
	case 1:
		return "When is the " + word(topic[0]) + " " + word(topic[2]) + "?"
	case 2:
		return "What was decided about " + c.subject(m.Root) + "?"
	case 3:
		return "What needs my attention this week?"
	case 4:
		return "What did we promise " + m.From.Name + "?"
	default:
		return "Who wrote about the " + word(topic[0]) + " and the " + word(mandelbrot(r, 30, 1000)) + "?"
	}
}
