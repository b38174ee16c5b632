package importer

import (
	"cmp"
	"crypto/sha256"
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

// key stands for an id, an address or a subject. Eight bytes of each are what
// makes it possible to know all messages of a large mailbox at once.
type key uint64

func keyOf(text string) key {
	sum := sha256.Sum256([]byte(text))
	return key(binary.BigEndian.Uint64(sum[:]))
}

// messageKey stands for a message, with or without a Message-ID.
func messageKey(h mail.Header) key {
	if id := h.MessageID(); id != "" {
		return keyOf(id)
	}
	return keyOf("header\x00" + h.Get("From") + "\x00" + h.Get("To") + "\x00" + h.Get("Date") + "\x00" + h.Get("Subject"))
}

// threads finds out which messages belong together. What it finds does not
// depend on the order in which messages are added.
type threads struct {
	root    map[key]key // what a message's own References begin with
	hint    map[key]key // what other messages' References say stands before it
	openers []opener
	people  []key  // who takes part in what openers, one after the other
	sealed  []link // by message
}

// link is a message, and the first of its thread.
type link struct{ message, first key }

// opener is a message that refers to no other, and whose subject tells something. It
// holds no pointers, which would all have to be followed whenever garbage is collected.
type opener struct {
	topic, message, list key
	at                   int64 // Unix seconds
	from, to             int   // where in the people of threads those of the message are
}

func newThreads() *threads {
	return &threads{root: map[key]key{}, hint: map[key]key{}}
}

// tie is what a message says of its thread.
type tie struct {
	self   key
	refs   []key // what it refers to, oldest first
	opener opener
	people []key // of an opener
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
		if len(one.people) < maxParticipants {
			one.people = append(one.people, keyOf(address.Email))
		}
	}
	return one
}

// add takes note of a message.
func (t *threads) add(one tie) {
	if o := one.opener; o.topic != 0 {
		o.from = len(t.people)
		t.people = append(t.people, one.people...)
		o.to = len(t.people)
		t.openers = append(t.openers, o)
	}
	if len(one.refs) == 0 {
		return
	}
	first := one.refs[0]
	if first != one.self {
		t.root[one.self] = first
	}
	for _, middle := range one.refs[1:] {
		if middle != first && middle != one.self {
			// The least of several opinions, so that order does not matter.
			if known, ok := t.hint[middle]; !ok || first < known {
				t.hint[middle] = first
			}
		}
	}
}

// seal joins what only subjects hold together, and follows each message to the
// first of its thread. Call it once, after all is added.
func (t *threads) seal() {
	slices.SortFunc(t.openers, func(a, b opener) int {
		return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(a.at, b.at), cmp.Compare(a.message, b.message))
	})
	for rest := t.openers; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].topic == rest[0].topic {
			n++
		}
		t.joinBySubject(rest[:n])
		rest = rest[n:]
	}
	t.openers, t.people = nil, nil // a large mailbox needs the memory
	for _, known := range []map[key]key{t.root, t.hint} {
		for message := range known {
			t.follow(message)
		}
	}
	t.compact()
}

// compact keeps what was found where it takes less memory.
func (t *threads) compact() {
	t.sealed = make([]link, 0, len(t.root)+len(t.hint))
	for message := range t.hint {
		t.sealed = append(t.sealed, link{message, t.before(message)})
		delete(t.root, message)
	}
	for message, first := range t.root {
		t.sealed = append(t.sealed, link{message, first})
	}
	slices.SortFunc(t.sealed, func(a, b link) int { return cmp.Compare(a.message, b.message) })
	t.root, t.hint = nil, nil
}

// begun is a thread that its subject holds together.
type begun struct {
	opener
	people []key // of all messages that joined
}

// joinBySubject makes threads of messages with the same subject, which come in
// the order of time: a message joins the latest thread that began within the
// window and has enough of the same participants.
func (t *threads) joinBySubject(openers []opener) {
	var all []begun
	for _, o := range openers {
		people := t.people[o.from:o.to]
		i := len(all) - 1
		inWindow := func() bool { return i >= 0 && o.at-all[i].at <= int64(threadWindow.Seconds()) }
		for inWindow() && !all[i].takes(o, people) {
			i--
		}
		if !inWindow() {
			all = append(all, begun{o, slices.Clone(people)})
			continue
		}
		joined := &all[i]
		if o.message != joined.message {
			t.root[o.message] = joined.message
		}
		for _, person := range people {
			if len(joined.people) < 4*maxParticipants && !slices.Contains(joined.people, person) {
				joined.people = append(joined.people, person)
			}
		}
	}
}

// takes reports whether a message shares the list of the thread, or two participants:
// one alone is in a personal mailbox no more than its owner.
func (b begun) takes(o opener, people []key) bool {
	if b.list != 0 && b.list == o.list {
		return true
	}
	shared := 0
	for _, person := range people {
		if slices.Contains(b.people, person) {
			shared++
		}
	}
	return shared > 0 && shared >= min(2, len(b.people), len(people))
}

// follow finds the first message of a thread, and notes it for all messages on
// the way there, so that no part of a long way is gone twice. It needs no memory
// but that of what it changes.
func (t *threads) follow(message key) {
	if first := t.before(message); t.before(first) == first {
		return // as with most
	}
	var path []key
	at := map[key]int{} // the place of each in path
	for {
		next := t.before(message)
		if next == message {
			break
		}
		if i, ok := at[message]; ok {
			message = slices.Min(path[i:]) // messages that refer to each other in a circle
			break
		}
		at[message] = len(path)
		path = append(path, message)
		message = next
	}
	for _, passed := range path {
		if _, ok := t.root[passed]; ok {
			t.root[passed] = message
		} else {
			t.hint[passed] = message
		}
	}
}

// before is what stands before a message: itself, if nothing does.
func (t *threads) before(message key) key {
	if next, ok := t.root[message]; ok {
		return next
	}
	if next, ok := t.hint[message]; ok {
		return next
	}
	return message
}

// of returns the id of the thread that a message belongs to.
func (t *threads) of(message key) string {
	return fmt.Sprintf("thread:%016x", uint64(t.firstOf(message)))
}

// firstOf is the first message of a thread, once the threads are sealed.
func (t *threads) firstOf(message key) key {
	i, found := slices.BinarySearchFunc(t.sealed, message, func(l link, message key) int { return cmp.Compare(l.message, message) })
	if !found {
		return message
	}
	return t.sealed[i].first
}
