package importer

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// scratch is a file for what does not fit in memory. It is made when something is
// written to it.
type scratch struct {
	dir     string
	file    *os.File
	closing func() error
	end     int64
}

// write puts bytes behind all others, and returns where they can be read.
func (s *scratch) write(raw []byte) (*io.SectionReader, error) {
	if s.file == nil {
		var err error
		if s.file, s.closing, err = temporary(s.dir); err != nil {
			return nil, fmt.Errorf("make a file for what the headers say: %w", err)
		}
	}
	from := s.end
	if _, err := s.file.WriteAt(raw, from); err != nil {
		return nil, fmt.Errorf("keep what the headers say: %w", err)
	}
	s.end += int64(len(raw))
	return io.NewSectionReader(s, from, int64(len(raw))), nil
}

// ReadAt implements io.ReaderAt, once something is written.
func (s *scratch) ReadAt(raw []byte, from int64) (int, error) { return s.file.ReadAt(raw, from) }

// close ends the file. What was written is gone.
func (s *scratch) close() error {
	if s.file == nil {
		return nil
	}
	return s.closing()
}

// sorter sorts records by their bytes, any number of them in the same memory: as
// many as fit are sorted and written to a file, and all are merged from there.
type sorter struct {
	scratch *scratch
	most    int     // bytes in memory
	text    []byte  // of the records in memory, one behind the other
	places  []place // of them in text
	runs    []*io.SectionReader
	added   int // records, but for those that came again within a run
}

// place is where a record lies. Its first bytes tell it from most others.
type place struct {
	first    uint64
	from, to uint32
}

const (
	placeSize    = 16
	minRecord    = 8 // bytes
	maxRecord    = 255
	sorterMemory = 8 << 20
	runBuffer    = 16 << 10 // for each run that is merged
)

func newSorter(s *scratch) *sorter { return &sorter{scratch: s, most: sorterMemory} }

// add adds a copy of a record, of minRecord to maxRecord bytes.
func (s *sorter) add(record []byte) error {
	from := len(s.text)
	s.text = append(s.text, record...)
	s.places = append(s.places, place{binary.BigEndian.Uint64(record), uint32(from), uint32(len(s.text))}) //nolint:gosec // far less than most
	if len(s.text)+placeSize*len(s.places) < s.most {
		return nil
	}
	return s.spill()
}

// sort sorts what is in memory, and drops what is there more than once.
func (s *sorter) sort() {
	slices.SortFunc(s.places, func(a, b place) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		return bytes.Compare(s.record(a), s.record(b))
	})
	s.places = slices.CompactFunc(s.places, func(a, b place) bool { return a.first == b.first && bytes.Equal(s.record(a), s.record(b)) })
	s.added += len(s.places)
}

func (s *sorter) record(p place) []byte { return s.text[p.from:p.to] }

// spill writes what is in memory to the file, sorted, each record behind its length.
func (s *sorter) spill() error {
	s.sort()
	raw := make([]byte, 0, len(s.text)+len(s.places))
	for _, p := range s.places {
		raw = append(append(raw, byte(p.to-p.from)), s.record(p)...) //nolint:gosec // no more than maxRecord
	}
	run, err := s.scratch.write(raw)
	s.runs, s.text, s.places = append(s.runs, run), s.text[:0], s.places[:0]
	return err
}

// sorted hands out the records in order, each once. A record is the sorter's, and
// good until the next. Call it once, after all are added.
func (s *sorter) sorted() iter.Seq2[[]byte, error] {
	if len(s.runs) > 0 {
		return s.merged()
	}
	s.sort()
	return func(yield func([]byte, error) bool) {
		for _, p := range s.places {
			if !yield(s.record(p), nil) {
				return
			}
		}
	}
}

// merged hands out the records of all runs.
func (s *sorter) merged() iter.Seq2[[]byte, error] {
	err := s.spill()
	s.text, s.places = nil, nil
	return func(yield func([]byte, error) bool) {
		var m merge
		if err == nil {
			m, err = newMerge(s.runs)
		}
		var last []byte
		for err == nil && len(m) > 0 {
			if record := m[0].record; !bytes.Equal(record, last) {
				if !yield(record, nil) {
					return
				}
				last = append(last[:0], record...)
			}
			err = m.next()
		}
		if err != nil {
			yield(nil, fmt.Errorf("read what the headers say: %w", err))
		}
	}
}

// merge is a heap of runs that are read, the one with the least record first.
type merge []*reading

type reading struct {
	from   *bufio.Reader
	record []byte
}

func newMerge(runs []*io.SectionReader) (merge, error) {
	var m merge
	for _, run := range runs {
		one := &reading{from: bufio.NewReaderSize(run, runBuffer)}
		more, err := one.next()
		if err != nil {
			return nil, err
		}
		if more {
			m = append(m, one)
		}
	}
	slices.SortFunc(m, func(a, b *reading) int { return bytes.Compare(a.record, b.record) }) // which is a heap
	return m, nil
}

// next reads the record behind the least.
func (m *merge) next() error {
	all := *m
	more, err := all[0].next()
	if err != nil {
		return err
	}
	if !more {
		last := len(all) - 1
		all[0], all = all[last], all[:last]
		*m = all
	}
	for at := 0; ; {
		least := at
		for _, below := range [...]int{2*at + 1, 2*at + 2} {
			if below < len(all) && bytes.Compare(all[below].record, all[least].record) < 0 {
				least = below
			}
		}
		if least == at {
			return nil
		}
		all[at], all[least] = all[least], all[at]
		at = least
	}
}

// next reads the next record, and reports false at the end.
func (r *reading) next() (more bool, err error) {
	if r.record != nil {
		_, _ = r.from.Discard(1 + len(r.record)) // it was peeked, so it is there
	}
	length, err := r.from.Peek(1)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	raw, err := r.from.Peek(1 + int(length[0]))
	if err != nil {
		return false, err
	}
	r.record = raw[1:]
	return true, nil
}
