// Package importer pushes what a person can export through the Push API: mail,
// calendars, chat, transcripts and minutes.
//
// An import first finds its sources: a mailbox, the messages of a folder, a
// Slack export. It goes through those of mail twice. The survey reads headers
// only and finds the threads, the period and who the mail seems to belong to; it
// needs nothing of an earlier run, so that an import that goes on after an
// interruption finds the same threads. The second pass reads the records of all
// sources and pushes what they hold, several at a time, and notes for each
// source up to where all of it has been acknowledged. What was pushed beyond
// that is pushed again, which the upsert by external_id (P-09) makes harmless.
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

// DefaultConcurrency is how many records are pushed at the same time.
const DefaultConcurrency = 8

// EngineConcurrency is the same for an engine in this process, which writes what
// waits at the same time in one transaction: as many as that takes, and as many
// behind them. More cost less to write, but more to collect the garbage of.
const EngineConcurrency = 1024

// clockSkew is how far in the future a date may lie and still be believed.
const clockSkew = 48 * time.Hour

// Pusher pushes. Its errors are *attrove.Error where they come from upstream.
type Pusher interface {
	PushMessage(ctx context.Context, in attrove.PushMessageIn) (attrove.PushReceipt, error)
	PushMeeting(ctx context.Context, in attrove.PushMeetingIn) (attrove.PushReceipt, error)
	PushEvent(ctx context.Context, in attrove.PushEventIn) (attrove.PushReceipt, error)
	PushNote(ctx context.Context, in attrove.PushNoteIn) (attrove.PushReceipt, error)
}

// Options say what to import, and where to.
type Options struct {
	Paths       []string // files and folders
	Push        Pusher
	Target      string         // names what Push leads to, such as origin and user: progress is kept per target
	StateDir    string         // where progress is kept; made if absent
	Reporter    Reporter       // nil reports nothing
	Concurrency int            // 0 is DefaultConcurrency
	Me          []string       // who the user is; empty leaves it to a proposal
	IncludeSpam bool           // import what lies in spam and trash, too
	Zone        *time.Location // the user's, of days and of times without a zone; nil is UTC
	Now         func() time.Time
}

// Summary is what an import did. All that was found is in one of Pushed, Known,
// Left and Failed.
type Summary struct {
	Pushed      map[string]int // by this run, by source: email, slack, calendar, meeting, note
	Known       int            // already there: pushed by an earlier run, or a second copy
	Left        map[string]int // not pushed and not wanted, by what it is
	Failed      int            // not pushed, each with a problem
	Unreadable  int            // of the pushed: with a placeholder for their text
	Encrypted   int            // of the pushed: marked as what only a key could open
	Undated     int            // of the pushed: without a date
	Threads     int            // of mail
	Sources     []string       // that there was anything of, as in Pushed
	First, Last time.Time      // the period of mail, chat and meetings; zero if unknown
	Problems    []Problem      // the first maxProblems of them
	Me          Proposal
}

// Found is how many things there were.
func (s Summary) Found() int { return total(s.Pushed) + s.Known + total(s.Left) + s.Failed }

// New is how many of them this run has pushed.
func (s Summary) New() int { return total(s.Pushed) }

// LeftOut is how many of them were not wanted.
func (s Summary) LeftOut() int { return total(s.Left) }

func total(counts map[string]int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}

// Problem is what is wrong with one thing.
type Problem struct {
	Path   string
	Where  string // in it, such as "message at byte 17"
	Reason string
}

// String names the thing and says what is wrong.
func (p Problem) String() string { return fmt.Sprintf("%s, %s: %s", p.Path, p.Where, p.Reason) }

// maxProblems is how many problems a summary keeps; each is reported in any case.
const maxProblems = 100

// Run imports the files. When it stops early, running it again with the same
// options goes on where it stopped; the summary then says what was done before.
func Run(ctx context.Context, o Options) (Summary, error) {
	o, err := o.complete()
	if err != nil {
		return Summary{}, err
	}
	sweep(o.StateDir)
	find := &finder{opts: o}
	defer find.close()
	if err := find.all(ctx); err != nil {
		return Summary{}, err
	}
	if !slices.ContainsFunc(find.sources, (*source).hasWork) {
		return nothingNew(find.sources, o), nil
	}
	threads := &scratch{dir: o.StateDir}
	find.closers = append(find.closers, threads.close)
	s, err := surveyAll(ctx, find.sources, o, threads)
	if err != nil {
		return Summary{}, err
	}
	run := newRun(o, s)
	run.sum.Sources = sourcesOf(find.sources)
	for _, src := range find.sources {
		if err := run.source(ctx, src); err != nil {
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

// nothingNew is the summary of an import whose sources are all done.
func nothingNew(sources []*source, o Options) Summary {
	sum := Summary{Left: map[string]int{}, Sources: sourcesOf(sources), Me: Proposal{Me: o.Me, Said: len(o.Me) > 0}}
	for _, src := range sources {
		sum.Known += src.state.known()
		if src.state.Skipped > 0 {
			sum.Left[before] += src.state.Skipped
		}
		o.Reporter.Note(fmt.Sprintf("%s: nothing new since %s imported", src.path, were(src.state.known())))
	}
	return sum
}

func sourcesOf(sources []*source) []string {
	var all []string
	for _, src := range sources {
		if name := src.content.source(); !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// before is why something is left out that an earlier run left out.
const before = "by an earlier import"

func (o Options) complete() (Options, error) {
	switch {
	case len(o.Paths) == 0:
		return o, errors.New("no files to import: give at least one file or folder")
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
