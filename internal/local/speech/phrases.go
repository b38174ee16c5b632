package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// phrases finds phrases in sentences, all of them in one pass over the words. It
// is a trie: a phrase is a way from its root, word by word.
type phrases struct {
	words   map[string]word
	classes map[word][]word // by word: the classes that it is of
	next    map[step]node
	ends    []mark // by node: what the phrases that end there stand for
}

// word is the number of a word, or of a class of words; 0 is any other word.
type word int32

type node int32

type step struct {
	from node
	word word
}

// mark is what phrases stand for.
type mark struct {
	signals  Signal
	cues     cues
	promises int // beginnings of promises, less those that promise nothing
}

// What stands among the words of a phrase for what is no word.
const (
	beginning = "<"
	ending    = ">"
	pause     = "," // any mark between words but a colon
	colon     = ":"
	asking    = "?"
	number    = "0"
	link      = "://"
	anything  = "*" // one word, whichever
)

func newPhrases() *phrases {
	return &phrases{words: map[string]word{}, classes: map[word][]word{}, next: map[step]node{}, ends: make([]mark, 1)}
}

func (p *phrases) word(text string) word {
	w, ok := p.words[text]
	if !ok {
		w = word(len(p.words) + 1) //nolint:gosec // there are some thousands
		p.words[text] = w
	}
	return w
}

// classify makes a word one of a class, by whose name phrases hold it.
func (p *phrases) classify(text, class string) {
	w := p.word(text)
	p.classes[w] = append(p.classes[w], p.word(class))
}

// add adds a phrase.
func (p *phrases) add(phrase string, of mark) {
	at := node(0)
	for text := range strings.FieldsSeq(phrase) {
		s := step{at, p.word(text)}
		to, ok := p.next[s]
		if !ok {
			to = node(len(p.ends)) //nolint:gosec // there are some thousands
			p.next[s] = to
			p.ends = append(p.ends, mark{})
		}
		at = to
	}
	p.ends[at].join(of)
}

func (m *mark) join(other mark) {
	m.signals |= other.signals
	m.cues.join(other.cues)
	m.promises += other.promises
}

// find finds what the phrases of a sentence stand for, and counts its words. In
// what the sentence quotes nothing is asked or promised.
func (p *phrases) find(sentence string) (found mark, words int) {
	r := reading{phrases: p, anything: p.words[anything]}
	r.follow(beginning)
	stop, quoted := "", 0 // the mark after the last word, and where a quotation ends
	for i := 0; i < len(sentence); {
		rest := sentence[i:]
		first, size := utf8.DecodeRuneInString(rest)
		r.quoting = i < quoted
		switch {
		case inWord(first):
			if stop != "" {
				r.follow(stop)
				stop = ""
			}
			size = r.read(rest)
			words++
		case !r.quoting && quotes(sentence[:i], first):
			quoted = i + size + quotation(rest[size:])
			stop = pause
		case first == '?':
			stop = asking
		case first == ':':
			stop = colon
		case stop == "" && pauses(rest, first):
			stop = pause
		}
		i += size
	}
	if stop == asking {
		r.follow(asking)
	}
	r.follow(ending)
	return r.found, words
}

// pauses reports whether a mark parts what is before it from what follows. A
// hyphen is one of a word.
func pauses(text string, first rune) bool {
	return strings.ContainsRune(",;.!…–—", first) || strings.HasPrefix(text, "- ")
}

// quotes reports whether a mark opens a quotation after what is before it: none
// follows a word, as that of inches does.
func quotes(before string, first rune) bool {
	return first == '“' || first == '"' && (before == "" || strings.ContainsRune(" ([:,–—-", rune(before[len(before)-1])))
}

// quotation is how long what stands in quotation marks is, with the closing one.
func quotation(text string) int {
	if end := strings.IndexAny(text, `"”`); end >= 0 {
		_, size := utf8.DecodeRuneInString(text[end:])
		return end + size
	}
	return len(text)
}

// reading is the state of a pass over a sentence.
type reading struct {
	*phrases
	anything word
	open     [32]node // where the phrases are that may still come true; no sentence has so many
	many     int
	quoting  bool
	found    mark
}

// read goes on with the word that text begins with, and returns its length.
func (r *reading) read(text string) int {
	for _, scheme := range []string{"http" + link, "https" + link, "www."} {
		if strings.HasPrefix(text, scheme) {
			r.follow(link)
			return len(text) - len(strings.TrimLeftFunc(text, func(c rune) bool { return !unicode.IsSpace(c) }))
		}
	}
	var lower [24]byte // longer words are in no phrase
	size, n := 0, 0
	for _, c := range text {
		if !inWord(c) {
			break
		}
		size += utf8.RuneLen(c)
		if c = unicode.ToLower(c); c == '’' {
			c = '\''
		}
		if n+utf8.UTFMax <= len(lower) {
			n += utf8.EncodeRune(lower[n:], c)
		}
	}
	switch said := lower[:n]; {
	case said[0] >= '0' && said[0] <= '9':
		r.follow(number)
	default:
		r.step(r.words[string(said)])
	}
	return size
}

func inWord(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsDigit(c) || c == '\'' || c == '’'
}

func (r *reading) follow(text string) { r.step(r.words[text]) }

// step goes on from where the phrases are, and begins new ones.
func (r *reading) step(w word) {
	open, many := r.open, r.many
	r.many = 0
	if w != 0 {
		r.enter(0, w)
	}
	for _, at := range open[:many] {
		if w != 0 {
			r.enter(at, w)
		}
		r.enterStep(step{at, r.anything})
	}
}

// enter follows a word, and the classes that it is of, from one node.
func (r *reading) enter(at node, w word) {
	r.enterStep(step{at, w})
	for _, class := range r.classes[w] {
		r.enterStep(step{at, class})
	}
}

func (r *reading) enterStep(s step) {
	to, ok := r.next[s]
	if !ok || r.many == len(r.open) {
		return
	}
	if r.quoting {
		r.found.signals |= r.ends[to].signals
	} else {
		r.found.join(r.ends[to])
	}
	r.open[r.many] = to
	r.many++
}
