package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

// survey is what the headers of all files say.
type survey struct {
	messages    int
	threads     *threads
	people      *people
	first, last time.Time
	seen        map[key]key // by id, what tells messages with the same id apart
}

func surveyAll(ctx context.Context, sources []*source, o Options) (*survey, error) {
	s := &survey{threads: newThreads(), people: newPeople(), seen: map[key]key{}}
	for _, src := range sources {
		if err := s.file(ctx, src, o); err != nil {
			return nil, fmt.Errorf("look through %s: %w", src.path, err)
		}
	}
	s.threads.seal()
	return s, nil
}

func (s *survey) file(ctx context.Context, src *source, o Options) error {
	latest := o.Now().Add(clockSkew)
	inSentFolder := mail.IsSentFolder(src.name)
	reader := src.reader(0)
	for n := 1; ; n++ {
		msg, err := reader.NextHeader()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		s.message(src, msg, latest, inSentFolder)
		if n%64 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			o.Reporter.Progress(Progress{Path: src.path, Phase: Surveying, Messages: n, Done: msg.End, Total: src.size})
		}
	}
}

func (s *survey) message(src *source, msg mbox.Message, latest time.Time, inSentFolder bool) {
	s.messages++
	h := mail.ReadHeader(msg.Raw)
	at, _ := h.When(mail.Context{Envelope: msg.EnvelopeDate(), Latest: latest})
	s.threads.add(h, at)
	s.people.add(h, inSentFolder || h.Sent())
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
	case h.MessageID() == "":
		// Its id will be made of its content, which is not read here.
	case before == looks:
		src.roles[msg.Offset] = secondCopy
	default:
		src.roles[msg.Offset] = namesake
	}
}

// threadCount is how many threads the messages make.
func (s *survey) threadCount() int {
	roots := map[key]bool{}
	for message := range s.seen {
		roots[s.threads.firstOf(message)] = true
	}
	return len(roots)
}

// whoever says who the user is: whom the options name, or whom the mail suggests.
func (s *survey) whoever(o Options) Proposal {
	if len(o.Me) > 0 {
		return Proposal{Me: o.Me, Why: "as you said: " + strings.Join(o.Me, ", ")}
	}
	return s.people.propose()
}
