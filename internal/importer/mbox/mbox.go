// Package mbox splits a mailbox file into messages: mboxo, mboxrd and mboxcl,
// LF or CRLF, of any size, from the start or from any message's offset.
//
// It exists because emersion/go-mbox knows no byte offsets, so that an import
// could neither resume nor say where a broken message lies, takes every line
// that begins "From " for a separator, and sets no bound on a message's size.
package mbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxMessage is how much of a message is kept at most. Text stands before what is
// attached, and mail systems let through hardly any message that is longer.
const MaxMessage = 32 << 20

// MaxHeader is how much of a message NextHeader keeps at most.
const MaxHeader = 1 << 20

const (
	bufferSize = 64 << 10
	lookahead  = 4 << 10 // must hold a separator line and the beginning of the next
)

// ErrNotMbox is returned when what is read does not begin with a separator line.
var ErrNotMbox = errors.New(`does not begin with a "From " separator line`)

// Message is one message of a mailbox.
type Message struct {
	Offset   int64  // of its separator line in the file
	End      int64  // where the next separator line or the end of the file is
	Envelope string // its separator line without "From " and the line ending
	Raw      []byte // header and body, ">From " unquoted; the caller's to keep
	TooLarge bool   // it is longer than MaxMessage, and Raw is only its beginning
}

// Size is the number of bytes the message takes in the file.
func (m Message) Size() int64 { return m.End - m.Offset }

// Reader reads a mailbox message by message. It holds one message at a time.
type Reader struct {
	br     *bufio.Reader
	offset int64
	max    int
	begun  bool
	raw    []byte // for the next message
}

// NewReader reads a mailbox from r, which is at the given offset of its file:
// 0, or where a message begins.
func NewReader(r io.Reader, offset int64) *Reader {
	return &Reader{br: bufio.NewReaderSize(r, bufferSize), offset: offset, max: MaxMessage}
}

// Next returns the next message, or io.EOF.
func (r *Reader) Next() (Message, error) { return r.next(whole) }

// NextHeader returns the next message with Raw cut behind its header and the
// empty line that ends it, or io.EOF. It is for looking through a mailbox quickly.
func (r *Reader) NextHeader() (Message, error) { return r.next(header) }

// part is how much of a message is kept.
type part int

const (
	whole part = iota
	header
)

func (r *Reader) next(want part) (Message, error) {
	if err := r.start(); err != nil {
		return Message{}, err
	}
	msg := Message{Offset: r.offset}
	envelope, err := r.appendLine(nil, lookahead)
	if err != nil {
		return Message{}, err
	}
	msg.Envelope = string(bytes.TrimRight(envelope[len(separator):], "\r\n"))

	// The line after a separator line is never one itself: a second "From " line
	// there is somebody's mistake, not a message without a header.
	blank, inHeader, length := false, true, 0
	raw := r.raw[:0]
	for {
		line, err := r.peekLine()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return Message{}, err
		}
		if length > 0 && line == fromLine && r.atSeparator(blank) {
			break
		}
		if line == quotedFrom && !inHeader {
			r.skip(1)
		}
		before := r.offset
		if raw, err = r.appendLine(raw, r.room(want, inHeader)-len(raw)); err != nil {
			return Message{}, err
		}
		length += int(r.offset - before)
		blank = line == blankLine
		inHeader = inHeader && !blank
	}
	msg.End = r.offset
	msg.TooLarge = want == whole && length > r.max
	msg.Raw = r.handOver(raw)
	if want == whole && blank && !msg.TooLarge {
		msg.Raw = trimBlankLine(msg.Raw)
	}
	return msg, nil
}

// handOver makes raw the caller's: a copy that takes no more room than it needs, or
// raw itself where a copy would be large.
func (r *Reader) handOver(raw []byte) []byte {
	if len(raw) > bufferSize {
		r.raw = nil
		return raw
	}
	r.raw = raw
	return bytes.Clone(raw)
}

// room is how long Raw may become.
func (r *Reader) room(want part, inHeader bool) int {
	switch {
	case want == whole:
		return r.max
	case inHeader:
		return MaxHeader
	default:
		return 0
	}
}

// start skips empty lines before the first message and makes sure that one begins.
func (r *Reader) start() error {
	if !r.begun && r.offset == 0 {
		if bom, _ := r.br.Peek(3); string(bom) == "\xef\xbb\xbf" {
			r.skip(3)
		}
	}
	for {
		line, err := r.peekLine()
		switch {
		case err != nil:
			return err
		case line == blankLine:
			if _, err := r.appendLine(nil, 0); err != nil {
				return err
			}
		case line == fromLine && r.atSeparator(true):
			r.begun = true
			return nil
		default:
			return fmt.Errorf("byte %d: %w", r.offset, ErrNotMbox)
		}
	}
}

// lineKind is what the first bytes of a line say about it.
type lineKind int

const (
	otherLine  lineKind = iota
	blankLine           // empty
	fromLine            // begins "From "
	quotedFrom          // begins ">From ", ">>From " and so on
)

// peekLine looks at the line that comes next; io.EOF when there is none.
func (r *Reader) peekLine() (lineKind, error) {
	head, err := r.br.Peek(len(separator))
	if len(head) == 0 {
		if errors.Is(err, io.EOF) {
			return otherLine, io.EOF
		}
		return otherLine, fmt.Errorf("read mailbox at byte %d: %w", r.offset, err)
	}
	switch {
	case head[0] == '\n' || len(head) > 1 && head[0] == '\r' && head[1] == '\n':
		return blankLine, nil
	case bytes.Equal(head, separator):
		return fromLine, nil
	case head[0] == '>':
		ahead, _ := r.br.Peek(lookahead) // shorter at the end of the file
		if bytes.HasPrefix(bytes.TrimLeft(ahead, ">"), separator) {
			return quotedFrom, nil
		}
	}
	return otherLine, nil
}

// atSeparator reports whether the line that comes next, which begins "From ",
// is a separator line.
func (r *Reader) atSeparator(blankBefore bool) bool {
	ahead, _ := r.br.Peek(lookahead) // shorter at the end of the file
	line, rest, _ := bytes.Cut(ahead, newline)
	return isSeparator(line, rest, blankBefore)
}

func (r *Reader) skip(n int) {
	discarded, _ := r.br.Discard(n) // the bytes were peeked, so they are there
	r.offset += int64(discarded)
}

// appendLine reads a line with its ending and appends at most keep bytes of it to dst.
func (r *Reader) appendLine(dst []byte, keep int) ([]byte, error) {
	for {
		part, err := r.br.ReadSlice('\n')
		r.offset += int64(len(part))
		n := min(len(part), max(keep, 0))
		dst = append(dst, part[:n]...)
		keep -= n
		switch {
		case err == nil, errors.Is(err, io.EOF):
			return dst, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return dst, fmt.Errorf("read mailbox at byte %d: %w", r.offset, err)
		}
	}
}

// trimBlankLine drops the empty line that stands before a separator line.
func trimBlankLine(raw []byte) []byte {
	for _, ending := range []string{"\r\n", "\n"} {
		if cut, ok := bytes.CutSuffix(raw, []byte(ending)); ok && (len(cut) == 0 || bytes.HasSuffix(cut, newline)) {
			return cut
		}
	}
	return raw
}
