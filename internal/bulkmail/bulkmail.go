// Package bulkmail makes up mail for measurements: any amount of it, the same
// each time, and nobody's. Each message is made by itself from its number, so
// that a million of them take no memory.
//
// What decides how much work mail is, is like it is in mailboxes: words by a
// Zipf-Mandelbrot law with a tail that never ends, texts of log-normal length,
// threads that overlap in time, few people who write much and many who write
// once, half of the replies with a quote, a third of all with HTML.
package bulkmail

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// What a mailbox is like.
const (
	people      = 20_000
	domains     = 3_000
	replies     = 0.55 // of all messages
	meanThreads = 400  // how far back most replies reach, in messages

	medianWords = 70 // of a message's own text
	spreadWords = 0.9
	maxWords    = 3000
	maxQuoted   = 80

	topicWords = 6    // that a thread keeps coming back to
	onTopic    = 0.12 // of the words of its messages
)

// interval is the time between two messages.
const interval = 5 * time.Minute

// Corpus is mail without an end.
type Corpus struct{ seed uint64 }

// New returns a corpus; another seed is other mail.
func New(seed uint64) Corpus { return Corpus{seed} }

// Person is somebody who writes or is written to.
type Person struct{ Name, Email string }

// Me is whose mailbox it is.
func Me() Person { return Person{"Robin Vale", "robin@vale.example"} }

// Message is one message of the corpus.
type Message struct {
	Number     int
	Parent     int // that it replies to; -1 for none
	Root       int // the first of its thread
	SentAt     time.Time
	From       Person
	To         []Person
	Subject    string
	Body       string // its own text
	Quoted     string // what it quotes of its parent; "" for nothing
	Attachment int    // bytes
}

// ID is the Message-ID of a message, without brackets.
func ID(number int) string {
	return fmt.Sprintf("%x.%d@bulk.example", number*2654435761%0xffffffff, number)
}

// what a stream of random numbers is for, so that they do not depend on each other.
const (
	forThread = iota
	forPeople
	forTopic
	forText
	forShape
	forQuery
)

func (c Corpus) random(number int, use uint64) *rand.Rand {
	return rand.New(rand.NewPCG(c.seed<<8|use, uint64(number))) //nolint:gosec // the same each time is the point
}

// Message returns a message by its number, from 0.
func (c Corpus) Message(number int) Message {
	m := c.opening(number)
	shape := c.random(number, forShape)
	m.Body = c.body(number, m.Root)
	if m.Parent >= 0 {
		m.Subject = "Re: " + m.Subject
		if shape.Float64() < 0.5 {
			m.Quoted = firstWords(c.body(m.Parent, m.Root), maxQuoted)
		}
	}
	if shape.Float64() < 0.08 {
		m.Attachment = int(90_000 * math.Exp(0.6*shape.NormFloat64()))
	}
	return m
}

// opening is a message without its text.
func (c Corpus) opening(number int) Message {
	m := Message{Number: number, Parent: c.parent(number), Root: number, SentAt: Time(number)}
	for p := m.Parent; p >= 0; p = c.parent(p) {
		m.Root = p
	}
	m.Subject = c.subject(m.Root)
	party := c.party(m.Root)
	writer := c.random(number, forPeople).IntN(len(party))
	if number == m.Root {
		writer = 0
	}
	m.From = party[writer]
	for i, p := range party {
		if i != writer {
			m.To = append(m.To, p)
		}
	}
	return m
}

// Time is when a message was sent.
func Time(number int) time.Time {
	return time.Date(2016, time.January, 4, 8, 0, 0, 0, time.UTC).Add(time.Duration(number) * interval)
}

// parent is the message that one replies to, or -1.
func (c Corpus) parent(number int) int {
	r := c.random(number, forThread)
	if r.Float64() >= replies {
		return -1
	}
	return max(-1, number-1-int(math.Exp(r.Float64()*math.Log(meanThreads))))
}

// party is who takes part in a thread; who began it comes first, and the
// mailbox's owner is always among them.
func (c Corpus) party(root int) []Person {
	r := c.random(root, forPeople)
	party := []Person{somebody(r)}
	for range r.IntN(4) {
		if p := somebody(r); p != party[0] {
			party = append(party, p)
		}
	}
	at := r.IntN(len(party) + 1)
	return append(party[:at:at], append([]Person{Me()}, party[at:]...)...)
}

func somebody(r *rand.Rand) Person {
	who := mandelbrot(r, 20, people)
	first, last := capital(word(who%900)), capital(word(1000+who*7))
	return Person{first + " " + last, strings.ToLower(first+"."+last) + "@" + word(300+who%domains) + ".example"}
}

func (c Corpus) topic(root int) [topicWords]uint64 {
	r := c.random(root, forTopic)
	var ranks [topicWords]uint64
	for i := range ranks {
		ranks[i] = mandelbrot(r, 300, vocabulary)
	}
	return ranks
}

func (c Corpus) subject(root int) string {
	topic := c.topic(root)
	r := c.random(root, forText)
	words := make([]string, 2+r.IntN(topicWords-2))
	for i := range words {
		words[i] = word(topic[i])
	}
	words[0] = capital(words[0])
	if r.Float64() < 0.1 {
		words = append(words, fmt.Sprintf("INV-%05d", r.IntN(100_000)))
	}
	return strings.Join(words, " ")
}

func (c Corpus) body(number, root int) string {
	topic := c.topic(root)
	r := c.random(number, forText)
	n := min(maxWords, 4+int(medianWords*math.Exp(spreadWords*r.NormFloat64())))
	var b strings.Builder
	b.Grow(8 * n)
	line, sentence := 0, 0
	for range n {
		w := common(r)
		switch p := r.Float64(); {
		case p < onTopic:
			w = inflected(r, word(topic[r.IntN(topicWords)]))
		case p < 0.6:
			w = inflected(r, word(mandelbrot(r, 30, vocabulary)))
		}
		if sentence == 0 {
			w = capital(w)
		}
		if sentence++; sentence > 4 && r.Float64() < 0.12 {
			w, sentence = w+".", 0
		}
		if line += len(w) + 1; line > 72 {
			b.WriteByte('\n')
			line = len(w)
		} else if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	b.WriteString(".\n")
	return b.String()
}

func firstWords(text string, n int) string {
	for i := range len(text) {
		if text[i] == ' ' || text[i] == '\n' {
			if n--; n == 0 {
				return text[:i] + "\n"
			}
		}
	}
	return text
}
