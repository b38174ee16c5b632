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
	people      *people
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
	s.threads.seal()
	s.countThreads()
	return s, nil
}

func (s *survey) source(ctx context.Context, src *source, mail correspondence, o Options) error {
	latest := o.Now().Add(clockSkew)
	s.letters, _ = src.content.(*collection)
	s.places = map[key]int64{}
	n := 0
	for one, err := range mail.headers() {
		if err != nil {
			return err
		}
		n++
		s.message(src, one, latest)
		if n%64 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			o.Reporter.Progress(Progress{Path: src.path, Phase: Surveying, Items: n, Done: one.end, Total: mail.end()})
		}
	}
	return nil
}

func (s *survey) message(src *source, one heading, latest time.Time) {
	h := one.header
	if h.Discarded() && !s.spam { // spam has no threads, and nobody's friends send it
		return
	}
	at, _ := h.When(mail.Context{Envelope: one.envelope, Latest: latest})
	s.threads.add(h, at)
	s.people.add(h, mail.IsSentFolder(src.name) || mail.IsSentFolder(one.folder) || h.Sent())
	if !at.IsZero() {
		if s.first.IsZero() || at.Before(s.first) {
			s.first = at
		}
		if at.After(s.last) {
			s.last = at
		}
	}
	self, looks := messageKey(h), keyOf(h.Get("From")+"\x00"+h.Get("Date")+"\x00"+h.Get("Subject"))
	before, again := s.seen[self]
	switch {
	case !again:
		s.seen[self] = looks
		if s.letters != nil {
			s.places[self] = one.start
		}
	case h.MessageID() == "":
		// Its id will be made of its content, which is not read here.
	case before == looks && s.sameText(self, one.start):
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

// countThreads counts the threads that the messages make. It is the last that
// needs to know all of them, which takes as much memory as their threads.
func (s *survey) countThreads() {
	roots := map[key]bool{}
	for message := range s.seen {
		roots[s.threads.firstOf(message)] = true
	}
	s.count, s.seen = len(roots), nil
}

// whoever says who the user is: whom the options name, or whom the mail suggests.
func (s *survey) whoever(o Options) Proposal {
	if len(o.Me) > 0 {
		return Proposal{Me: o.Me, Why: "as you said: " + strings.Join(o.Me, ", ")}
	}
	return s.people.propose()
}
