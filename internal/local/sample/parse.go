package sample

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A data file is sections of entries:
//
//	# a comment, before the first section
//	## the section's title: a subject, a channel, a meeting, an event, a note
//	key: value
//	=== -3 14:05 who and whom
//	text, to the next entry or section
//
// The number counts working days from today (see days), -12..10/5 repeats every
// fifth of them and -15..-14 is a span. A time of day may be a range or "all day".

// section is a mail thread, a chat channel, a meeting, an event or a note.
type section struct {
	id      string // stable: file and number in the file
	title   string
	params  map[string]string
	entries []entry
}

// entry is one dated piece of a section.
type entry struct {
	id string // stable: section and number in the section
	stamp
	rest string // of the line, after the time
	text string
}

// stamp is when something happens: working days from today, and times of day.
type stamp struct {
	first, last, step int // step is 0 unless it repeats
	from, to          time.Duration
	allDay            bool
}

func parseFile(id, text string) ([]section, error) {
	var sections []section
	for number, line := range strings.Split(text, "\n") {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			sections = append(sections, section{
				id: fmt.Sprintf("%s/%d", id, len(sections)+1), title: title, params: map[string]string{},
			})
			continue
		}
		if len(sections) == 0 {
			continue
		}
		if err := sections[len(sections)-1].add(line); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", id, number+1, err)
		}
	}
	return sections, nil
}

// add takes the next line of a section.
func (s *section) add(line string) error {
	if head, ok := strings.CutPrefix(line, "=== "); ok {
		when, rest, err := parseStamp(head)
		if err != nil {
			return err
		}
		id := fmt.Sprintf("%s/%d", s.id, len(s.entries)+1)
		s.entries = append(s.entries, entry{id: id, stamp: when, rest: rest})
		return nil
	}
	if len(s.entries) > 0 {
		s.entries[len(s.entries)-1].text += line + "\n"
		return nil
	}
	if key, value, ok := strings.Cut(line, ": "); ok {
		s.params[key] = value
		return nil
	}
	if line != "" {
		return fmt.Errorf("%q is neither an entry nor key: value", line)
	}
	return nil
}

var stampForm = regexp.MustCompile(
	`^(-?\d+)(?:\.\.(-?\d+)(?:/(\d+))?)?(?: (all day|\d\d:\d\d)(?:-(\d\d:\d\d))?)?(?: (.*))?$`)

func parseStamp(head string) (stamp, string, error) {
	m := stampForm.FindStringSubmatch(head)
	if m == nil {
		return stamp{}, "", fmt.Errorf("%q does not begin with a day and a time", head)
	}
	var s stamp
	s.first = atoi(m[1])
	s.last = s.first
	if m[2] != "" {
		s.last = atoi(m[2])
	}
	s.step = atoi(m[3])
	s.allDay = m[4] == "all day"
	s.from, s.to = clock(m[4]), clock(m[5])
	return s, m[6], nil
}

// atoi reads digits that a pattern has matched; nothing counts as 0.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // the pattern lets nothing else through
	return n
}

// clock reads a time of day that a pattern has matched, as time since midnight.
func clock(hhmm string) time.Duration {
	hours, minutes, _ := strings.Cut(hhmm, ":")
	return time.Duration(atoi(hours))*time.Hour + time.Duration(atoi(minutes))*time.Minute
}

// lines yields the lines of text that are not blank.
func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}
