package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"iter"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer/mail"
)

// content is what a source holds: records, one behind the other, at positions
// that stay the same from one import to the next as long as what lies before
// them does. There is one implementation per shape of file: mailboxes of any
// size, collections of files with one record each, and Slack exports.
type content interface {
	// source is where most of what it holds is from, as the engine names it.
	source() string
	// end is the position behind the last record.
	end() int64
	// mark stands for all that lies before a position.
	mark(position int64) (string, error)
	// begins reports whether a record begins at a position.
	begins(position int64) (bool, error)
	// records hands out the records from a position on, in order.
	records(from int64) iter.Seq2[record, error]
}

// correspondence is content of mail, whose threads and people show once the
// headers of all of it are known.
type correspondence interface {
	content
	headers() iter.Seq2[heading, error]
}

// chain is the mark of content that is a list. It goes on from where it was last
// asked for, so that marks now and then cost no more than one of all.
type chain struct {
	sum hash.Hash
	at  int64
}

// mark returns what stands for the first of a list, each as describe writes it.
func (c *chain) mark(position int64, describe func(w io.Writer, i int64)) string {
	if c.sum == nil || position < c.at {
		c.sum, c.at = sha256.New(), 0
	}
	for ; c.at < position; c.at++ {
		describe(c.sum, c.at)
	}
	return hex.EncodeToString(c.sum.Sum(nil))
}

// heading is the header of a message and what its place says about it.
type heading struct {
	start, end int64
	size       int    // bytes that it takes in memory
	folder     string // in which it lies

	// read reads it, perhaps while others are read, and the date of a mailbox's
	// separator line.
	read func() (h mail.Header, envelope time.Time)
}

// record is the smallest part of a source that is read and acknowledged whole:
// a message, a calendar, a day of a chat.
type record struct {
	start, end int64
	size       int64  // bytes that it takes in memory
	where      string // for people, such as "message at byte 17"

	// read reads it, perhaps while others are read. What is wrong with the record
	// itself is told in the haul; an error ends the import.
	read func(*run, *source) (haul, error)
}

// haul is what a record holds. Nothing of it is dropped in silence: what is not
// pushed is counted under why.
type haul struct {
	items   []item
	known   int            // copies of what has been read before
	spam    bool           // the items are left out where spam is
	left    map[string]int // what is left out on purpose, by what it is
	lost    []string       // what could not be read and is not kept
	remarks []string       // what is wrong with something that is kept
}

func (h *haul) leave(what string, n int) {
	if h.left == nil {
		h.left = map[string]int{}
	}
	h.left[what] += n
}

// item is one thing to push.
type item struct {
	push   func(context.Context, Pusher) (attrove.PushReceipt, error)
	source string    // as the engine names it: email, slack, calendar, meeting, note
	at     time.Time // zero if unknown

	// Where the same thing may come in several versions, id tells which is which,
	// and the one with the greatest rank counts.
	id, rank string

	unreadable string // why its text is only a placeholder; "" if it is not
	encrypted  bool
}

// Sources of items besides the source that a message names itself.
const (
	sourceEmail    = "email"
	sourceCalendar = "calendar"
	sourceMeeting  = "meeting"
	sourceNote     = "note"
)

func messageItem(in attrove.PushMessageIn) item {
	return item{source: in.Source, at: timeOf(in.SentAt), push: func(ctx context.Context, p Pusher) (attrove.PushReceipt, error) {
		return p.PushMessage(ctx, in)
	}}
}

func eventItem(in attrove.PushEventIn) item {
	return item{source: sourceCalendar, at: timeOf(in.StartTime), push: func(ctx context.Context, p Pusher) (attrove.PushReceipt, error) {
		return p.PushEvent(ctx, in)
	}}
}

func meetingItem(in attrove.PushMeetingIn) item {
	return item{source: sourceMeeting, at: timeOf(in.StartTime), push: func(ctx context.Context, p Pusher) (attrove.PushReceipt, error) {
		return p.PushMeeting(ctx, in)
	}}
}

func noteItem(in attrove.PushNoteIn) item {
	return item{source: sourceNote, push: func(ctx context.Context, p Pusher) (attrove.PushReceipt, error) {
		return p.PushNote(ctx, in)
	}}
}

// timeOf reads a time that this package has written.
func timeOf(text attrove.DateTime) time.Time {
	at, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return time.Time{}
	}
	return at
}
