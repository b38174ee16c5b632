package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"time"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

// mailbox is the content of an mbox file. Positions are bytes.
type mailbox struct {
	file io.ReaderAt
	size int64 // when it was opened: what arrives later is for the next import
}

func (m *mailbox) source() string { return sourceEmail }

func (m *mailbox) end() int64 { return m.size }

func (m *mailbox) reader(from int64) *mbox.Reader {
	return mbox.NewReader(io.NewSectionReader(m.file, from, m.size-from), from)
}

// headers implements correspondence.
func (m *mailbox) headers() iter.Seq2[heading, error] {
	return func(yield func(heading, error) bool) {
		reader := m.reader(0)
		for {
			msg, err := reader.NextHeader()
			if errors.Is(err, io.EOF) {
				return
			}
			one := heading{start: msg.Offset, end: msg.End, size: len(msg.Raw),
				read: func() (mail.Header, time.Time) { return mail.ReadHeader(msg.Raw), msg.EnvelopeDate() }}
			if !yield(one, err) || err != nil {
				return
			}
		}
	}
}

// records implements content.
func (m *mailbox) records(from int64) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		reader := m.reader(from)
		for {
			msg, err := reader.Next()
			if errors.Is(err, io.EOF) || !yield(messageRecord(msg), err) || err != nil {
				return
			}
		}
	}
}

func messageRecord(msg mbox.Message) record {
	where := fmt.Sprintf("message at byte %d", msg.Offset)
	return record{
		start: msg.Offset, end: msg.End, size: int64(len(msg.Raw)), where: where,
		read: func(r *run, src *source) (haul, error) {
			post := post{raw: msg.Raw, envelope: msg.EnvelopeDate(), folder: src.name, role: src.roles.of(msg.Offset),
				origin: filepath.Base(src.path) + ", " + where}
			if msg.TooLarge {
				post.lost = msg.Size() - mbox.MaxMessage
			}
			return r.letter(src, post)
		},
	}
}

// sampleSize is how much of a file's beginning, and of the end of what was
// imported, must be unchanged for an import to go on behind it.
const sampleSize = 64 << 10

// mark implements content.
func (m *mailbox) mark(position int64) (string, error) {
	if position > m.size {
		return "", nil // the file became shorter
	}
	sum := sha256.New()
	for _, from := range []int64{0, max(position-sampleSize, 0)} {
		if _, err := io.Copy(sum, io.NewSectionReader(m.file, from, min(sampleSize, position-from))); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// begins implements content. No message begins where the file ended in the
// middle of one that has since been completed.
func (m *mailbox) begins(position int64) (bool, error) {
	_, err := m.reader(position).NextHeader()
	return !errors.Is(err, mbox.ErrNotMbox), nil // another error shows again when the message is read
}
