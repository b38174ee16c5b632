// Package eval measures the engine on data whose right answers are known: what
// search finds, what questions are answered with, what sentences are taken for,
// who is taken for one person, and what a talk is said to come to.
//
// Every system is measured on the same cases, and a difference between two has
// the 95 % interval of a paired bootstrap: the cases are drawn anew with
// replacement, as many as there are, 10,000 times and always by the same seed; both
// systems are scored on each draw; the interval reaches from the 2.5th to the 97.5th
// percentile of the differences (Efron and Tibshirani, An Introduction to the
// Bootstrap, section 13.3). Cases are drawn one by one, although several may be
// of one meeting, so that an interval is rather too narrow than too wide.
package eval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/attrove/attrove-mcp/internal/local/index"
)

// Options say what is measured, and on what.
type Options struct {
	Dir      string   // holds the folders that the sections read
	Sections []string // of SectionNames; empty for all

	// Embedder has search measured with vectors, too; nil measures it without.
	Embedder index.Vectorizer
}

// section is a part of the report and how it is measured.
type section struct {
	name    string
	measure func(context.Context, Options) (Section, error)
}

// sections are all of them, in the order of the report.
func sections() []section {
	return []section{
		{"search", measureSearch},
		{"answers", measureAnswers},
		{"intents", measureIntents},
		{"people", measurePeople},
		{"threads", measureThreads},
	}
}

// SectionNames are the parts that a report may have, in order.
func SectionNames() []string {
	var names []string
	for _, s := range sections() {
		names = append(names, s.name)
	}
	return names
}

// Run measures the sections that o names, at the same time. What is missing for
// any of them is in the error.
func Run(ctx context.Context, o Options) (Report, error) {
	wanted, err := chosen(o.Sections)
	if err != nil {
		return nil, err
	}
	report, failed := make(Report, len(wanted)), make([]error, len(wanted))
	var measuring sync.WaitGroup
	for i, s := range wanted {
		measuring.Go(func() {
			if report[i], failed[i] = s.measure(ctx, o); failed[i] != nil {
				failed[i] = fmt.Errorf("%s: %w", s.name, failed[i])
			}
			report[i].Name = s.name
		})
	}
	measuring.Wait()
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	return report, nil
}

func chosen(names []string) ([]section, error) {
	for _, name := range names {
		if !slices.Contains(SectionNames(), name) {
			return nil, fmt.Errorf("there is no section %q; there are %s", name, strings.Join(SectionNames(), ", "))
		}
	}
	return slices.DeleteFunc(sections(), func(s section) bool { return len(names) > 0 && !slices.Contains(names, s.name) }), nil
}
