package answer

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// latestFirst puts the word that counts at the front, and says of what was said
// before that it was. That word is one that changes what was said before, also if
// others fit better, or the newest on what has one value at a time, such as a
// deadline or a price, if it is another.
func (q question) latestFirst(picked, all []scored) []line {
	if len(picked) == 0 {
		return nil
	}
	counts := q.counting(picked, all)
	older := func(p scored) bool { return counts != nil && p.At.Before(counts.At) }
	newer := func(p scored) bool { return counts == nil || p.At.After(counts.At.Add(day)) }
	if !slices.ContainsFunc(picked, older) || slices.ContainsFunc(picked, newer) {
		return q.quoteAll(picked)
	}
	lines := []line{q.quote(counts.Statement).led("Latest: ")}
	for _, s := range picked {
		if s.Source.ID == counts.Source.ID && s.Order == counts.Order {
			continue
		}
		l := q.quote(s.Statement)
		if s.At.Before(counts.At) && s.Source.Kind != store.KindEvent { // the calendar's word is of now
			l = l.led("Before that: ")
		}
		lines = append(lines, l)
	}
	return lines
}

// ofTopic is the share of the topic that the own words of a statement hold which is about it.
const ofTopic = 0.6

// counting is the statement whose word counts over older ones, nil for none.
func (q question) counting(picked, all []scored) *scored {
	const (
		related, near = 0.5, 0.7 // of the best score
	)
	best := picked[0].score
	var newest *scored
	for i, s := range all {
		if s.Source.Kind == store.KindEvent || newest != nil && !s.At.After(newest.At) {
			continue
		}
		value := q.asks.value(s.Statement, q.now.Location())
		differs := func(p scored) bool {
			old := q.asks.value(p.Statement, q.now.Location())
			return old != "" && old != value && p.At.Before(s.At)
		}
		if s.Signal.Has(speech.Ask) && !s.Signal.Has(speech.Changed) { // whoever asks does not know
			continue
		}
		if changes(s.Statement) && s.score >= related*best || value != "" && s.words >= ofTopic && s.score >= near*best && slices.ContainsFunc(picked, differs) {
			newest = &all[i]
		}
	}
	return newest
}

// changes reports whether a statement says that something is another way than before.
func changes(s speech.Statement) bool {
	return s.Signal.Has(speech.Changed) || speech.HasAny(speech.Plain(s.Text),
		"moves to|moves from|move to|moving to|moved from|shifts to|shifted to|slips to|slipped to|pushed to|brought forward|is now|are now|now says|now say")
}

var figure = regexp.MustCompile(`\d[\d.,]*\d|\d`)

// value is what a statement says of what is asked for, if that can be compared; else
// it is empty.
func (k kind) value(s speech.Statement, zone *time.Location) string {
	switch k {
	case aTime:
		if p, ok := s.Ahead(zone); ok {
			return p.From.Format(time.DateOnly) + clock.FindString(s.Text)
		}
		return clock.FindString(s.Text)
	case aNumber, aPrice:
		return strings.Join(figure.FindAllString(s.Text, -1), " ")
	default:
		return ""
	}
}
