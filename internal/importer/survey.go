package importer

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
)

// survey is what the headers of all files say.
type survey struct {
	sources     []*source
	spam        bool    // counts
	messages    *sorter // sightings, by id; nil once all are known
	threads     *threads
	people      *people // nil once it is known who the user is
	me          Proposal
	first, last time.Time
	count       int // of threads
}

// surveyAll looks through all headers. What it finds takes as little memory as it can:
// threads, which are looked up while all is pushed, are in a file.
func surveyAll(ctx context.Context, sources []*source, o Options, threads *scratch) (s *survey, err error) {
	found := &scratch{dir: o.StateDir}
	defer func() { err = errors.Join(err, found.close()) }()
	s = &survey{sources: sources, spam: o.IncludeSpam, messages: newSorter(found), threads: newThreads(found), people: newPeople()}
	for i, src := range sources {
		mail, ok := src.content.(correspondence)
		if !ok {
			continue
		}
		if err := s.source(ctx, i, mail, o); err != nil {
			return nil, fmt.Errorf("look through %s: %w", src.path, err)
		}
	}
	s.me, s.people = s.whoever(o), nil
	if err := s.threads.seal(); err != nil {
		return nil, err
	}
	if err := s.settle(ctx, newSorter(found)); err != nil {
		return nil, err
	}
	return s, s.threads.store(threads)
}

// source puts together what the headers of a source say, in its order.
func (s *survey) source(ctx context.Context, place int, mail correspondence, o Options) error {
	src := s.sources[place]
	n, latest := 0, o.Now().Add(clockSkew)
	look := func(one heading) sight { return sightOf(one, src.name, latest) }
	return inOrder(ctx, mail.headers(), look, func(one sight) error {
		if n++; n%64 == 0 {
			o.Reporter.Progress(Progress{Path: src.path, Phase: Surveying, Items: n, Done: one.end, Total: mail.end()})
		}
		return s.message(place, one)
	})
}

// sight is what a header says of its message.
type sight struct {
	start, end  int64
	self, looks key
	named       bool // it has a Message-ID
	discarded   bool
	at          time.Time
	tie         tie
	presence    presence
}

func sightOf(one heading, folder string, latest time.Time) sight {
	h, envelope := one.read()
	at, _ := h.When(mail.Context{Envelope: envelope, Latest: latest})
	return sight{
		start: one.start, end: one.end, named: h.MessageID() != "", discarded: h.Discarded(), at: at,
		self: messageKey(h), looks: keyOf(h.Get("From") + "\x00" + h.Get("Date") + "\x00" + h.Get("Subject")), tie: tieOf(h, at),
		presence: presenceOf(h, mail.IsSentFolder(folder) || mail.IsSentFolder(one.folder) || h.Sent()),
	}
}

// message takes note of a message of the source at a place.
func (s *survey) message(place int, one sight) error {
	if one.discarded && !s.spam { // spam has no threads, and nobody's friends send it
		return nil
	}
	s.people.add(one.presence)
	if !one.at.IsZero() {
		if s.first.IsZero() || one.at.Before(s.first) {
			s.first = one.at
		}
		if one.at.After(s.last) {
			s.last = one.at
		}
	}
	if err := s.threads.add(one.tie); err != nil {
		return err
	}
	return s.messages.add(sighting{one.self, place, one.start, one.looks, one.named}.record())
}

// sighting is a message, and where it is.
type sighting struct {
	self   key
	source int
	start  int64
	looks  key // what tells it from others with the same id
	named  bool
}

// record is in the order of ids, and of where they are found.
func (s sighting) record() []byte {
	raw := s.self.appendTo(make([]byte, 0, 3*keySize+5))
	raw = binary.BigEndian.AppendUint32(raw, uint32(s.source)) //nolint:gosec // there are not as many files
	raw = binary.BigEndian.AppendUint64(raw, uint64(s.start))  //nolint:gosec // it is not negative
	raw = s.looks.appendTo(raw)
	if s.named {
		return append(raw, 1)
	}
	return append(raw, 0)
}

// sightingIn is what record has written.
func sightingIn(raw []byte) sighting {
	return sighting{
		self: keyIn(raw), source: int(binary.BigEndian.Uint32(raw[keySize:])),
		start: int64(binary.BigEndian.Uint64(raw[keySize+4:])), //nolint:gosec // it was one
		looks: keyIn(raw[2*keySize+4:]), named: raw[3*keySize+4] == 1,
	}
}

// settle tells messages with the same id apart, and counts the threads that the
// messages make: those whose first message is there, and those where it is not. The
// sorter is for what it counts.
func (s *survey) settle(ctx context.Context, firsts *sorter) error {
	var original sighting
	begun := false
	for record, err := range s.messages.sorted() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		one := sightingIn(record)
		if begun && one.self == original.self {
			s.repeated(original, one)
			continue
		}
		begun, original = true, one
		if err := firsts.add(s.threads.firstOf(one.self).appendTo(nil)); err != nil {
			return err
		}
	}
	s.messages = nil
	for _, src := range s.sources {
		src.roles.sort()
	}
	for _, err := range firsts.sorted() {
		if err != nil {
			return err
		}
		s.count++
	}
	return nil
}

// repeated notes what a message is that has the id of one before it.
func (s *survey) repeated(original, one sighting) {
	switch roles := &s.sources[one.source].roles; {
	case !one.named:
		// Its id will be made of its content, which is not read here.
	case one.looks == original.looks && s.sameText(original, one):
		roles.copies = append(roles.copies, one.start)
	default:
		roles.namesakes = append(roles.namesakes, one.start)
	}
}

// sameText reports whether a message says what the first with its id does. Single
// files of a folder are saved and changed by hand; programs that write mailboxes give
// each message an id of its own.
func (s *survey) sameText(original, one sighting) bool {
	letters, single := s.sources[one.source].content.(*collection)
	return !single || original.source != one.source || letters.sameText(original.start, one.start)
}

// whoever says who the user is: whom the options name, or whom the mail suggests.
func (s *survey) whoever(o Options) Proposal {
	if len(o.Me) > 0 {
		return Proposal{Me: o.Me, Why: "as you said: " + strings.Join(o.Me, ", "), Said: true}
	}
	return s.people.propose()
}
