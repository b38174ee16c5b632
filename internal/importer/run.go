package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

const (
	// saveEvery is after how many messages the progress is kept.
	saveEvery = 256
	// maxInFlight bounds the messages in memory, besides their number.
	maxInFlight = 64 << 20
	// maxRefusedInARow is how many messages may be refused one after the other
	// before the fault is taken to lie not with the messages.
	maxRefusedInARow = 20
)

// run is the second pass over the files.
type run struct {
	opts   Options
	survey *survey
	push   Pusher
	memory *semaphore.Weighted

	mu     sync.Mutex
	sum    Summary
	inARow int // messages refused since the last that was pushed
}

func newRun(o Options, s *survey) *run {
	return &run{
		opts: o, survey: s, push: retrying(o.Push), memory: semaphore.NewWeighted(maxInFlight),
		sum: Summary{
			Messages: s.messages, Threads: s.threadCount(), First: s.first, Last: s.last, Me: s.whoever(o),
		},
	}
}

func (r *run) summary() Summary {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sum
}

// file pushes what remains of one file and keeps its progress.
func (r *run) file(ctx context.Context, src *source) error {
	r.mu.Lock()
	r.sum.Known += src.state.Messages - len(src.state.Retry) - src.state.Skipped
	r.mu.Unlock()
	if !src.hasWork() {
		return nil
	}
	err := r.again(ctx, src)
	if err == nil {
		err = r.rest(ctx, src)
	}
	if saveErr := src.store.save(src); err == nil {
		err = saveErr
	}
	return err
}

// again tries once more what an earlier run could not push.
func (r *run) again(ctx context.Context, src *source) error {
	var still []int64
	for i, offset := range src.state.Retry {
		msg, err := src.reader(offset).Next()
		if err != nil {
			return err
		}
		out, err := r.one(ctx, src, msg)
		if err != nil {
			src.state.Retry = slices.Concat(still, src.state.Retry[i:])
			return err
		}
		if out == notTaken {
			still = append(still, offset)
		}
	}
	src.state.Retry = still
	return nil
}

// rest pushes what lies behind the offset of the file's state.
func (r *run) rest(ctx context.Context, src *source) error {
	book := newLedger(src, r.opts.Reporter)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(r.opts.Concurrency)
	readErr := r.read(ctx, src, book, group)
	if err := group.Wait(); err != nil {
		return err
	}
	return readErr
}

// read hands the messages of a file out to the group, no more at a time than
// the limits on their number and size allow.
func (r *run) read(ctx context.Context, src *source, book *ledger, group *errgroup.Group) error {
	reader := src.reader(src.state.Offset)
	for {
		msg, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		entry, err := book.begin(ctx, msg)
		if err != nil {
			return err
		}
		size := min(int64(len(msg.Raw)), maxInFlight)
		if err := r.memory.Acquire(ctx, size); err != nil {
			return err
		}
		group.Go(func() error {
			defer r.memory.Release(size)
			out, err := r.one(ctx, src, msg)
			if err != nil {
				return err
			}
			return book.settle(entry, out)
		})
	}
}

// outcome is what became of a message.
type outcome int

const (
	taken    outcome = iota // it is there
	notTaken                // upstream refused it
	skipped                 // there is nothing in it that could be pushed
)

// one reads and pushes one message. An error ends the import.
func (r *run) one(ctx context.Context, src *source, msg mbox.Message) (outcome, error) {
	if src.roles[msg.Offset] == secondCopy {
		r.mu.Lock()
		r.sum.Known++
		r.mu.Unlock()
		return taken, nil
	}
	if msg.TooLarge {
		r.problem(src, msg, fmt.Sprintf("it is %d MiB long, more than the %d MiB that are read", msg.Size()>>20, mbox.MaxMessage>>20))
		return skipped, nil
	}
	m, err := mail.Read(msg.Raw, mail.Context{Envelope: msg.EnvelopeDate(), Latest: r.opts.Now().Add(clockSkew)})
	if err != nil {
		r.problem(src, msg, err.Error())
		return skipped, nil
	}
	if src.roles[msg.Offset] == namesake {
		m.ID = mail.ContentID(m.Header, msg.Raw)
	}
	receipt, err := r.push.Push(ctx, r.message(src, m))
	switch {
	case err == nil && receipt.Status == attrove.PushFailed:
		return notTaken, r.refuse(src, msg, errors.New("it was accepted, but then could not be processed"))
	case err == nil:
		r.accept(src, msg, m)
		return taken, nil
	case judge(err) == left:
		r.leaveOut()
		return skipped, nil
	case judge(err) == refused:
		return notTaken, r.refuse(src, msg, err)
	default:
		return notTaken, hint(err)
	}
}

// message is what is pushed of m.
func (r *run) message(src *source, m mail.Message) attrove.PushMessageIn {
	meta := attrove.Object{attrove.MetaConversation: src.name}
	if list := m.Header.List(); list != "" {
		meta[attrove.MetaConversation] = list
	}
	if m.Quoted != "" {
		meta[attrove.MetaQuotedText] = m.Quoted
	}
	if id := m.Header.InReplyTo(); id != "" {
		meta[attrove.MetaInReplyTo] = id
	}
	if labels := m.Header.Labels(); len(labels) > 0 {
		meta[attrove.MetaLabels] = labels
	}
	if m.Unreadable != "" {
		meta[attrove.MetaUnreadable] = m.Unreadable
	}
	if len(m.Attachments) > 0 {
		meta[attrove.MetaAttachments] = m.Attachments
	}
	in := attrove.PushMessageIn{
		Source: "email", BodyText: m.Body, Subject: m.Subject, SenderEmail: m.From.Email, SenderName: m.From.Name,
		ExternalThreadID: r.survey.threads.of(messageKey(m.Header)), ExternalID: m.ID, Metadata: meta,
	}
	for _, to := range m.Recipients {
		in.Recipients = append(in.Recipients, attrove.Address{Email: to.Email, Name: to.Name})
	}
	if !m.Date.IsZero() {
		in.SentAt = attrove.DateTime(m.Date.Format(time.RFC3339))
	}
	return in
}

func (r *run) accept(src *source, msg mbox.Message, m mail.Message) {
	r.mu.Lock()
	r.inARow = 0
	r.sum.Pushed++
	if m.Unreadable != "" {
		r.sum.Unreadable++
	}
	if m.Date.IsZero() {
		r.sum.Undated++
	}
	r.mu.Unlock()
	if m.Unreadable != "" {
		r.note(src, msg, "pushed without its text: "+m.Unreadable)
	}
	if m.Date.IsZero() {
		r.note(src, msg, "pushed without a date: it has none that could be read")
	}
}

// leaveOut takes note of a message that the organization's settings keep out.
func (r *run) leaveOut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inARow = 0
	r.sum.LeftOut++
}

// refuse takes note of a message that was not accepted. It returns an error when
// so many were in a row that the rest would be refused as well.
func (r *run) refuse(src *source, msg mbox.Message, cause error) error {
	r.problem(src, msg, cause.Error())
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inARow++; r.inARow >= maxRefusedInARow {
		return fmt.Errorf("%d messages in a row were refused, the last with: %w", r.inARow, cause)
	}
	return nil
}

// problem takes note of a message that is not pushed.
func (r *run) problem(src *source, msg mbox.Message, reason string) {
	r.mu.Lock()
	r.sum.Failed++
	if len(r.sum.Problems) < maxProblems {
		r.sum.Problems = append(r.sum.Problems, Problem{Path: src.path, Offset: msg.Offset, Reason: reason})
	}
	r.mu.Unlock()
	r.note(src, msg, "not pushed: "+reason)
}

func (r *run) note(src *source, msg mbox.Message, text string) {
	r.opts.Reporter.Note(Problem{Path: src.path, Offset: msg.Offset, Reason: text}.String())
}
