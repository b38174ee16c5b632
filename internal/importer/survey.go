package importer

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
)

// survey is what the headers of all files say.
type survey struct {
	spam        bool // counts
	threads     *threads
	people      *people // nil once it is known who the user is
	me          Proposal
	first, last time.Time
	count       int           // of threads
	seen        map[key]key   // by id, what tells messages with the same id apart; nil once all are known
	letters     *collection   // that is looked through, if it is one
	places      map[key]int64 // in it, by id
}

func surveyAll(ctx context.Context, sources []*source, o Options) (*survey, error) {
	s := &survey{spam: o.IncludeSpam, threads: newThreads(), people: newPeople(), seen: map[key]key{}}
	for _, src := range sources {
		mail, ok := src.content.(correspondence)
		if !ok {
			continue
		}
		if err := s.source(ctx, src, mail, o); err != nil {
			return nil, fmt.Errorf("look through %s: %w", src.path, err)
		}
	}
	s.letters, s.places = nil, nil
	s.me, s.people = s.whoever(o), nil
	s.threads.seal()
	s.countThreads()
	return s, nil
}

// source puts together what the headers of a source say, in its order.
func (s *survey) source(ctx context.Context, src *source, mail correspondence, o Options) error {
	s.letters, _ = src.content.(*collection)
	s.places = map[key]int64{}
	n, latest := 0, o.Now().Add(clockSkew)
	look := func(one heading) sight { return sightOf(one, src.name, latest) }
	return inOrder(ctx, mail.headers(), look, func(one sight) {
		s.message(src, one)
		if n++; n%64 == 0 {
			o.Reporter.Progress(Progress{Path: src.path, Phase: Surveying, Items: n, Done: one.end, Total: mail.end()})
		}
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

func (s *survey) message(src *source, one sight) {
	if one.discarded && !s.spam { // spam has no threads, and nobody's friends send it
		return
	}
	s.threads.add(one.tie)
	s.people.add(one.presence)
	if !one.at.IsZero() {
		if s.first.IsZero() || one.at.Before(s.first) {
			s.first = one.at
		}
		if one.at.After(s.last) {
			s.last = one.at
		}
	}
	before, again := s.seen[one.self]
	switch {
	case !again:
		s.seen[one.self] = one.looks
		if s.letters != nil {
			s.places[one.self] = one.start
		}
	case !one.named:
		// Its id will be made of its content, which is not read here.
	case before == one.looks && s.sameText(one.self, one.start):
		src.roles[one.start] = secondCopy
	default:
		src.roles[one.start] = namesake
	}
}

// sameText reports whether the message at a place says what the first with its id
// does. Single files are saved and changed by hand; programs that write mailboxes
// give each message an id of its own.
func (s *survey) sameText(self key, at int64) bool {
	first, ok := s.places[self]
	return !ok || s.letters.sameText(first, at)
}

// countThreads counts the threads that the messages make: those whose first message
// is there, and those where it is not. It is the last that needs to know all messages,
// which takes as much memory as their threads.
func (s *survey) countThreads() {
	elsewhere := map[key]bool{}
	for message := range s.seen {
		first := s.threads.firstOf(message)
		if first == message {
			s.count++
		} else if _, here := s.seen[first]; !here {
			elsewhere[first] = true
		}
	}
	s.count, s.seen = s.count+len(elsewhere), nil
}

// whoever says who the user is: whom the options name, or whom the mail suggests.
func (s *survey) whoever(o Options) Proposal {
	if len(o.Me) > 0 {
		return Proposal{Me: o.Me, Why: "as you said: " + strings.Join(o.Me, ", "), Said: true}
	}
	return s.people.propose()
}
