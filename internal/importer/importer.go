// Package importer pushes mailboxes through the Push API.
//
// An import goes through its files twice. The survey reads headers only and
// finds the threads, the period and who the mailbox seems to belong to; it needs
// nothing of an earlier run, so that an import that goes on after an
// interruption finds the same threads. The second pass reads the messages and
// pushes them, several at a time, and notes for each file up to where all of it
// has been acknowledged. What was pushed beyond that is pushed again, which the
// upsert by external_id (P-09) makes harmless.
package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// DefaultConcurrency is how many messages are pushed at the same time.
const DefaultConcurrency = 8

// clockSkew is how far in the future a date may lie and still be believed.
const clockSkew = 48 * time.Hour

// Pusher pushes one message. Its errors are *attrove.Error where they come from
// upstream.
type Pusher interface {
	Push(ctx context.Context, msg attrove.PushMessageIn) (attrove.PushReceipt, error)
}

// Options say what to import, and where to.
type Options struct {
	Paths       []string // mbox files, also in .gz and .zip, and folders of such
	Push        Pusher
	Target      string   // names what Push leads to, such as origin and user: progress is kept per target
	StateDir    string   // where progress is kept; made if absent
	Reporter    Reporter // nil reports nothing
	Concurrency int      // 0 is DefaultConcurrency
	Me          []string // who the user is; empty leaves it to a proposal
	Now         func() time.Time
}

// Summary is what an import did.
type Summary struct {
	Messages    int // in the files
	Pushed      int // by this run
	Known       int // already there: pushed by an earlier run, or a second copy
	Unreadable  int // pushed with a placeholder for their text
	Undated     int // pushed without a date
	LeftOut     int // kept out by the organization's settings
	Failed      int // not pushed, each with a problem
	Threads     int
	First, Last time.Time // the period of the messages; zero if unknown
	Problems    []Problem // the first maxProblems of them
	Me          Proposal
}

// Problem is what is wrong with one message.
type Problem struct {
	Path   string
	Offset int64 // of the message in the file
	Reason string
}

// String names the message and says what is wrong.
func (p Problem) String() string {
	return fmt.Sprintf("%s, message at byte %d: %s", p.Path, p.Offset, p.Reason)
}

// maxProblems is how many problems a summary keeps; each is reported in any case.
const maxProblems = 100

// Run imports the files. When it stops early, running it again with the same
// options goes on where it stopped; the summary then says what was done before.
func Run(ctx context.Context, o Options) (Summary, error) {
	o, err := o.complete()
	if err != nil {
		return Summary{}, err
	}
	sources, err := openAll(ctx, o)
	defer closeAll(sources)
	if err != nil {
		return Summary{}, err
	}
	if !slices.ContainsFunc(sources, (*source).hasWork) {
		return nothingNew(sources, o), nil
	}
	s, err := surveyAll(ctx, sources, o)
	if err != nil {
		return Summary{}, err
	}
	run := newRun(o, s)
	for _, src := range sources {
		if err := run.file(ctx, src); err != nil {
			return run.summary(), &StoppedError{Path: src.path, Cause: err}
		}
	}
	return run.summary(), nil
}

// StoppedError says that an import ended early. Another with the same options goes on
// from there.
type StoppedError struct {
	Path  string // of the file it was at
	Cause error
}

// Error says so to whoever ran the import as a command.
func (s *StoppedError) Error() string {
	return fmt.Sprintf("import of %s stopped; what was pushed is kept, run the same command again to go on: %v", s.Path, s.Cause)
}

// Unwrap returns why.
func (s *StoppedError) Unwrap() error { return s.Cause }

// nothingNew is the summary of an import whose files are all done.
func nothingNew(sources []*source, o Options) Summary {
	var sum Summary
	for _, src := range sources {
		sum.Messages += src.state.Messages
		sum.Known += src.state.Messages - src.state.Skipped
		o.Reporter.Note(fmt.Sprintf("%s: nothing new since its %s were imported", src.path, count(src.state.Messages, "message")))
	}
	sum.Me = Proposal{Me: o.Me}
	return sum
}

func (o Options) complete() (Options, error) {
	switch {
	case len(o.Paths) == 0:
		return o, errors.New("no files to import: give at least one mbox file, or a .zip or .gz of such")
	case o.StateDir == "":
		return o, errors.New("no directory to keep the progress of imports in")
	}
	if o.Concurrency <= 0 {
		o.Concurrency = DefaultConcurrency
	}
	if o.Reporter == nil {
		o.Reporter = silent{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	me := make([]string, 0, len(o.Me))
	for _, address := range o.Me {
		if address = strings.ToLower(strings.TrimSpace(address)); address != "" {
			me = append(me, address)
		}
	}
	o.Me = me
	return o, nil
}
