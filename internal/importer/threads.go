package importer

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
)

// threadWindow is how long after its first message a thread that is only held
// together by its subject may go on.
const threadWindow = 60 * 24 * time.Hour

// maxParticipants is how many participants of a message are remembered.
const maxParticipants = 16

// threads finds out which messages belong together. What it finds does not
// depend on the order in which messages are added.
type threads struct {
	openers *sorter
	edges   *sorter
	links   links // nil once they are stored
	stored  linkFile
}

// opener is a message that refers to no other, and whose subject tells something.
type opener struct {
	topic, message, list key
	at                   int64 // Unix seconds
	people               []key // who takes part
}

// beforeEpoch is added to times so that the bytes of those before 1970 are in order, too.
const beforeEpoch = 1 << 63

// record is in the order of topics and times.
func (o opener) record() []byte {
	raw := make([]byte, 0, (4+maxParticipants)*keySize)
	raw = binary.BigEndian.AppendUint64(o.topic.appendTo(raw), uint64(o.at)+beforeEpoch) //nolint:gosec // it wraps, and back
	for _, k := range slices.Concat([]key{o.message, o.list}, o.people) {
		raw = k.appendTo(raw)
	}
	return raw
}

// openerIn is what record has written.
func openerIn(raw []byte) opener {
	keys := make([]key, 0, len(raw)/keySize)
	for one := range slices.Chunk(raw, keySize) {
		keys = append(keys, keyIn(one))
	}
	return opener{topic: keys[0], at: int64(uint64(keys[1]) - beforeEpoch), message: keys[2], list: keys[3], people: keys[4:]} //nolint:gosec // as above
}

func newThreads(s *scratch) *threads {
	return &threads{openers: newSorter(s), edges: newSorter(s)}
}

// tie is what a message says of its thread.
type tie struct {
	self   key
	refs   []key // what it refers to, oldest first
	opener opener
}

func tieOf(h mail.Header, at time.Time) tie {
	one := tie{self: messageKey(h)}
	for _, ref := range h.References() {
		one.refs = append(one.refs, keyOf(ref))
	}
	topic := mail.Topic(h.Get("Subject"))
	if len(one.refs) > 0 || at.IsZero() || mail.IsGeneric(topic) {
		return one
	}
	one.opener = opener{topic: keyOf(topic), message: one.self, at: at.Unix()}
	if list := h.List(); list != "" {
		one.opener.list = keyOf(list)
	}
	for _, address := range h.Addresses("From", "To", "Cc") {
		if len(one.opener.people) < maxParticipants {
			one.opener.people = append(one.opener.people, keyOf(address.Email))
		}
	}
	return one
}

// add takes note of a message.
func (t *threads) add(one tie) error {
	if one.opener.topic != 0 {
		if err := t.openers.add(one.opener.record()); err != nil {
			return err
		}
	}
	if len(one.refs) == 0 {
		return nil
	}
	first := one.refs[0]
	if first != one.self {
		if err := t.link(one.self, byItself, first); err != nil {
			return err
		}
	}
	for _, middle := range one.refs[1:] {
		if middle != first && middle != one.self {
			if err := t.link(middle, byOthers, first); err != nil {
				return err
			}
		}
	}
	return nil
}

// ground is on what ground one message is taken to stand before another. The least
// counts.
type ground byte

const (
	bySubject ground = iota
	byItself         // its own References begin so
	byOthers         // References of others do
)

// link takes note of what may stand before a message. Of several opinions on the same
// ground the least counts, so that order does not matter.
func (t *threads) link(message key, why ground, first key) error {
	record := append(message.appendTo(make([]byte, 0, 2*keySize+1)), byte(why))
	return t.edges.add(first.appendTo(record))
}

// seal joins what only subjects hold together, and follows each message to the
// first of its thread. Call it once, after all is added.
func (t *threads) seal() error {
	if err := t.joinBySubject(); err != nil {
		return err
	}
	edges := t.edges.sorted()
	t.links = make([]link, 0, t.edges.added)
	for record, err := range edges {
		if err != nil {
			return err
		}
		message := keyIn(record)
		if n := len(t.links); n == 0 || t.links[n-1].message != message {
			t.links = append(t.links, link{message, keyIn(record[keySize+1:])})
		}
	}
	t.openers, t.edges = nil, nil // a large mailbox needs the memory
	for i := range t.links {
		t.follow(i)
	}
	return nil
}

// begun is a thread that its subject holds together.
type begun struct {
	message, list key
	at            int64
	people        []key // of all messages that joined
}

// joinBySubject makes threads of messages with the same subject, which come in
// the order of time: a message joins the latest thread that began within the
// window and has enough of the same participants.
func (t *threads) joinBySubject() error {
	var topic key
	var all []begun // within the window
	for record, err := range t.openers.sorted() {
		if err != nil {
			return err
		}
		o := openerIn(record)
		if o.topic != topic {
			topic, all = o.topic, nil
		}
		for len(all) > 0 && o.at-all[0].at > int64(threadWindow.Seconds()) {
			all = all[1:]
		}
		i := len(all) - 1
		for i >= 0 && !all[i].takes(o) {
			i--
		}
		if i < 0 {
			all = append(all, begun{o.message, o.list, o.at, o.people})
			continue
		}
		if joined := &all[i]; o.message != joined.message {
			if err := t.link(o.message, bySubject, joined.message); err != nil {
				return err
			}
		}
		all[i].join(o)
	}
	return nil
}

func (b *begun) join(o opener) {
	for _, person := range o.people {
		if len(b.people) < 4*maxParticipants && !slices.Contains(b.people, person) {
			b.people = append(b.people, person)
		}
	}
}

// takes reports whether a message shares the list of the thread, or two participants:
// one alone is in a personal mailbox no more than its owner.
func (b *begun) takes(o opener) bool {
	if b.list != 0 && b.list == o.list {
		return true
	}
	shared := 0
	for _, person := range o.people {
		if slices.Contains(b.people, person) {
			shared++
		}
	}
	return shared > 0 && shared >= min(2, len(b.people), len(o.people))
}

// follow finds the first message of a thread, and notes it for all messages on
// the way there, so that no part of a long way is gone twice.
func (t *threads) follow(i int) {
	if next, linked := t.links.find(t.links[i].first); !linked || t.links[next].first == t.links[next].message {
		return // as with most
	}
	var path []int
	at := map[int]int{} // the place of each in path
	var first key
	for {
		if from, again := at[i]; again {
			first = t.links[path[from]].message
			for _, around := range path[from:] { // messages that refer to each other in a circle
				first = min(first, t.links[around].message)
			}
			break
		}
		at[i] = len(path)
		path = append(path, i)
		first = t.links[i].first
		next, linked := t.links.find(first)
		if !linked {
			break
		}
		i = next
	}
	for _, passed := range path {
		t.links[passed].first = first
	}
}

// firstOf is the first message of the thread that a message belongs to, once they are
// sealed and until they are stored.
func (t *threads) firstOf(message key) key {
	if i, linked := t.links.find(message); linked {
		return t.links[i].first
	}
	return message
}

// store has the threads take hardly any memory from here on.
func (t *threads) store(s *scratch) (err error) {
	t.stored, err = t.links.store(s)
	t.links = nil
	return err
}

// of returns the id of the thread that a message belongs to, once they are stored.
func (t *threads) of(message key) (string, error) {
	first, err := t.stored.firstOf(message)
	return fmt.Sprintf("thread:%016x", uint64(first)), err
}
