package importer

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/importer/calendar"
	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
	"github.com/attrove/attrove-mcp/internal/importer/meeting"
)

// maxText is how long a file may be that is read whole: a hundred times the
// transcript of a day.
const maxText = 64 << 20

// entry is a file that the user named, or one in a folder or archive.
type entry struct {
	name     string // below what the user named, slash-separated; only ever shown
	size     int64
	modified time.Time
	open     func() (io.ReadCloser, error)
	path     string // as the user would give it
	key      string // names it in the progress that is kept
	packed   bool   // it is in an archive
	beside   *entry // the chat of a meeting; nil if none
}

// raw reads all of the file, or so much of it and not the rest.
func (e *entry) raw(most int64) (raw []byte, whole bool, err error) {
	file, err := e.open()
	if err != nil {
		return nil, false, fmt.Errorf("open %s: %w", e.name, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	raw, err = io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", e.name, err)
	}
	return raw[:min(int64(len(raw)), most)], int64(len(raw)) <= most, nil
}

// collection is the content of files with one record each, in the order of
// their names. Positions are places in that order.
type collection struct {
	entries []*entry
	form    form
	season  string // what else decides what is in them: series of events go on with the year
	marks   chain
}

func (c *collection) source() string {
	switch c.form {
	case formLetter:
		return sourceEmail
	case formCalendar:
		return sourceCalendar
	case formMinutes:
		return sourceNote
	default:
		return sourceMeeting
	}
}

func (c *collection) end() int64 { return int64(len(c.entries)) }

func (c *collection) begins(int64) (bool, error) { return true, nil }

// mark implements content.
func (c *collection) mark(position int64) (string, error) {
	if position > c.end() {
		return "", nil // there are fewer files
	}
	return c.season + c.marks.mark(position, func(w io.Writer, i int64) {
		e := c.entries[i]
		_, _ = fmt.Fprintf(w, "%s\x00%d\x00%d\x00", e.name, e.size, e.modified.UnixMilli()) // a hash takes everything
	}), nil
}

// records implements content.
func (c *collection) records(from int64) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for i := from; i < c.end(); i++ {
			e := c.entries[i]
			one := record{start: i, end: i + 1, size: min(e.size, maxText), where: e.name,
				read: func(r *run, src *source) (haul, error) { return c.read(r, src, i) }}
			if !yield(one, nil) {
				return
			}
		}
	}
}

func (c *collection) read(r *run, src *source, i int64) (haul, error) {
	e := c.entries[i]
	most := int64(maxText)
	if c.form == formLetter {
		most = mbox.MaxMessage
	}
	raw, whole, err := e.raw(most)
	if err != nil {
		return haul{lost: []string{err.Error()}}, nil //nolint:nilerr // the others can be read
	}
	if !whole && c.form != formLetter {
		return haul{lost: []string{fmt.Sprintf("it is longer than the %d MiB that are read", maxText>>20)}}, nil
	}
	switch c.form {
	case formLetter:
		p := post{raw: raw, folder: c.folderOf(src, e), origin: e.name, role: src.roles.of(i)}
		if !whole {
			p.lost = max(e.size-most, 1)
		}
		return r.letter(src, p)
	case formCalendar:
		return r.calendar(raw), nil
	case formTranscript, formChat:
		return r.transcript(e, raw)
	default:
		return r.minutes(e, raw), nil
	}
}

// folderOf is the folder that a message lies in. Maildir keeps the messages of a
// folder in two below it.
func (c *collection) folderOf(src *source, e *entry) string {
	dir := path.Dir(e.name)
	if base := path.Base(dir); base == "cur" || base == "new" {
		dir = path.Dir(dir)
	}
	if dir == "." || dir == "/" || len(c.entries) == 1 && !src.found {
		return src.name
	}
	return path.Base(dir)
}

// headers implements correspondence; only collections of messages have any.
func (c *collection) headers() iter.Seq2[heading, error] {
	return func(yield func(heading, error) bool) {
		if c.form != formLetter {
			return
		}
		for i, e := range c.entries {
			one := heading{start: int64(i), end: int64(i) + 1, folder: path.Base(path.Dir(e.name)),
				read: func() (mail.Header, time.Time) { return e.header(), time.Time{} }}
			if !yield(one, nil) {
				return
			}
		}
	}
}

// sameText reports whether one of two messages says all that the other does, and
// has the same attached: a list may have added a line at its end.
func (c *collection) sameText(a, b int64) bool {
	var texts [2]string
	var attached [2][]mail.Attachment
	for i, at := range []int64{a, b} {
		raw, _, err := c.entries[at].raw(mbox.MaxMessage)
		if err != nil {
			return true // it is told when the message is read
		}
		m := mail.Read(raw, mail.Context{})
		texts[i], attached[i] = strings.Join(strings.Fields(m.Body+" "+m.Quoted), " "), m.Attachments
	}
	return slices.Equal(attached[0], attached[1]) && (strings.Contains(texts[0], texts[1]) || strings.Contains(texts[1], texts[0]))
}

// header reads the header of a message. Why it cannot is told when the message is read.
func (e *entry) header() mail.Header {
	file, err := e.open()
	if err != nil {
		return mail.Header{}
	}
	defer func() { _ = file.Close() }() // it was only read
	raw, _ := io.ReadAll(io.LimitReader(file, mbox.MaxHeader))
	return mail.ReadHeader(raw)
}

// ahead is how far into the future series of events are expanded.
const ahead = 366 * 24 * time.Hour

// horizon is to where series of events are expanded.
func (o Options) horizon() time.Time { return o.Now().Add(ahead) }

func (r *run) calendars() calendar.Options {
	return calendar.Options{Zone: r.opts.Zone, Until: r.opts.horizon()}
}

// datedItem is an event of which several versions may be about.
func datedItem(e calendar.Event) item {
	one := eventItem(e.PushEventIn)
	one.id, one.rank = e.ExternalID, fmt.Sprintf("%09d %s", max(e.Sequence, 0), e.Stamp)
	return one
}

func (r *run) calendar(raw []byte) haul {
	c, err := calendar.Read(raw, r.calendars())
	if err != nil {
		return haul{lost: []string{err.Error()}}
	}
	h := haul{remarks: c.Problems}
	for _, e := range c.Events {
		h.items = append(h.items, datedItem(e))
	}
	for _, n := range c.Undated {
		one := noteItem(n)
		one.unreadable = "its time could not be read"
		h.items = append(h.items, one)
		h.remarks = append(h.remarks, fmt.Sprintf("%q is kept as a note: its time could not be read", n.Title))
	}
	for what, n := range c.Left {
		h.leave(what, n)
	}
	return h
}

func (r *run) transcript(e *entry, raw []byte) (haul, error) {
	f := meeting.File{Name: e.name, Raw: raw, Modified: e.modified, Zone: r.opts.Zone}
	if e.beside != nil {
		var err error
		if f.Chat, _, err = e.beside.raw(maxText); err != nil {
			return haul{}, err
		}
	}
	m, err := meeting.Read(f)
	if errors.Is(err, meeting.ErrNoWords) {
		return haul{left: map[string]int{"transcripts without a word": 1}}, nil
	}
	one := meetingItem(m)
	one.id, one.rank = m.ExternalID, fmt.Sprintf("%012d", len(m.Transcript)) // with its chat before without
	return haul{items: []item{one}}, err
}

func (r *run) minutes(e *entry, raw []byte) haul {
	n, err := meeting.Minutes(meeting.File{Name: e.name, Raw: raw, Modified: e.modified, Zone: r.opts.Zone})
	if err != nil {
		return haul{left: map[string]int{"files without text": 1}}
	}
	one := noteItem(n)
	one.id, one.rank = cmp.Or(n.ExternalID, e.name), "0"
	return haul{items: []item{one}}
}
