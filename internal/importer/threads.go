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
	root     map[key]key // what a message's own References begin with
	hint     map[key]key // what other messages' References say stands before it
	subjects map[key][]opener
	sealed   []link // by message
}

// link is a message, and the first of its thread.
type link struct{ message, first key }

// opener is a message that refers to no other.
type opener struct {
	message key
	at      int64 // Unix seconds
	list    key
	people  []key
}

func newThreads() *threads {
	return &threads{root: map[key]key{}, hint: map[key]key{}, subjects: map[key][]opener{}}
}

// tie is what a message says of its thread.
type tie struct {
	self  key
	refs  []key // what it refers to, oldest first
	topic key   // of an opener whose subject tells something
	opener
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
	one.topic = keyOf(topic)
	one.opener = opener{message: one.self, at: at.Unix()}
	if list := h.List(); list != "" {
		one.list = keyOf(list)
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
	if one.topic != 0 {
		t.subjects[one.topic] = append(t.subjects[one.topic], one.opener)
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
	for subject, openers := range t.subjects {
		delete(t.subjects, subject) // a large mailbox needs the memory
		slices.SortFunc(openers, func(a, b opener) int {
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.message, b.message))
		})
		t.joinBySubject(openers)
	}
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

// joinBySubject makes threads of messages with the same subject, which come in
// the order of time: a message joins the latest thread that began within the
// window and has enough of the same participants.
func (t *threads) joinBySubject(openers []opener) {
	var begun []opener // with the participants of all that joined
	for _, o := range openers {
		i := len(begun) - 1
		inWindow := func() bool { return i >= 0 && o.at-begun[i].at <= int64(threadWindow.Seconds()) }
		for inWindow() && !together(begun[i], o) {
			i--
		}
		if !inWindow() {
			o.people = slices.Clone(o.people)
			begun = append(begun, o)
			continue
		}
		if o.message != begun[i].message {
			t.root[o.message] = begun[i].message
		}
		for _, person := range o.people {
			if len(begun[i].people) < 4*maxParticipants && !slices.Contains(begun[i].people, person) {
				begun[i].people = append(begun[i].people, person)
			}
		}
	}
}

// together reports whether two messages share a list, or two participants: one
// alone is in a personal mailbox no more than its owner.
func together(a, b opener) bool {
	if a.list != 0 && a.list == b.list {
		return true
	}
	shared := 0
	for _, person := range b.people {
		if slices.Contains(a.people, person) {
			shared++
		}
	}
	return shared > 0 && shared >= min(2, len(a.people), len(b.people))
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
