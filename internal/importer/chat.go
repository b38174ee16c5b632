package importer

import (
	"fmt"
	"io"
	"iter"

	"github.com/attrove/attrove-mcp/internal/importer/slack"
)

// workspace is the content of a Slack export. Positions are its days, in the
// order of their dates.
type workspace struct {
	*slack.Export
	marks chain
}

func (w *workspace) source() string { return slack.Source }

func (w *workspace) end() int64 { return int64(len(w.Days())) }

func (w *workspace) begins(int64) (bool, error) { return true, nil }

// mark implements content.
func (w *workspace) mark(position int64) (string, error) {
	if position > w.end() {
		return "", nil // there are fewer days
	}
	return w.marks.mark(position, func(sum io.Writer, i int64) {
		day := w.Days()[i]
		_, _ = fmt.Fprintf(sum, "%s\x00%d\x00", day.Path(), day.Size) // a hash takes everything
	}), nil
}

// records implements content.
func (w *workspace) records(from int64) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for i := from; i < w.end(); i++ {
			day := w.Days()[i]
			one := record{start: i, end: i + 1, size: day.Size, where: day.Path(),
				read: func(*run, *source) (haul, error) { return w.day(day), nil }}
			if !yield(one, nil) {
				return
			}
		}
	}
}

func (w *workspace) day(day slack.Day) haul {
	read, err := w.Read(day)
	if err != nil {
		return haul{lost: []string{err.Error()}}
	}
	h := haul{lost: read.Problems, left: read.Left}
	for _, m := range read.All {
		h.items = append(h.items, messageItem(m))
	}
	return h
}
