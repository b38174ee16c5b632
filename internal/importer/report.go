package importer

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dustin/go-humanize"
	"golang.org/x/term"
)

// Reporter is told how an import goes. It is called from several goroutines.
type Reporter interface {
	// Progress says where the import is. It is called for every record.
	Progress(p Progress)
	// Note gives a line that is worth keeping, such as what could not be imported.
	Note(line string)
}

// Phase is what an import is doing.
type Phase string

// What there is to do: mailboxes in archives are unpacked before the two passes
// of an import, and what Recall names is looked for between these.
const (
	Unpacking Phase = "unpacking"
	Surveying Phase = "looking through"
	Recalling Phase = "looking again through"
	Pushing   Phase = "importing"
)

// Progress is where an import is in one source.
type Progress struct {
	Path        string
	Phase       Phase
	Items       int   // dealt with
	Done, Total int64 // bytes, files or days, as the source is counted; Total is 0 while unknown
}

type silent struct{}

func (silent) Progress(Progress) {}
func (silent) Note(string)       {}

// NewReporter returns a Reporter that redraws one line if w is a terminal, and
// otherwise now and then writes a plain one.
func NewReporter(w io.Writer, now func() time.Time) Reporter {
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return &lineReporter{w: w, now: now, every: 100 * time.Millisecond, begin: clearLine}
	}
	return &lineReporter{w: w, now: now, every: 5 * time.Second, end: "\n"}
}

// clearLine goes back to the beginning of a terminal's line and empties it.
const clearLine = "\r\x1b[K"

// lineReporter writes progress lines at intervals, each between begin and end.
// On a terminal begin clears the line that stands there.
type lineReporter struct {
	w          io.Writer
	now        func() time.Time
	every      time.Duration
	begin, end string

	mu      sync.Mutex
	last    time.Time
	started time.Time // of this phase of this file
	from    Progress  // where that began
}

func (r *lineReporter) Progress(p Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if r.from.Path != p.Path || r.from.Phase != p.Phase {
		r.from, r.started, r.last = p, now, now
		return
	}
	if now.Sub(r.last) < r.every {
		return
	}
	r.last = now
	r.print(r.begin + r.line(p, now.Sub(r.started)) + r.end)
}

func (r *lineReporter) Note(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.print(r.begin + line + "\n")
}

// print writes to a terminal or a log, where a failure has nowhere to go.
func (r *lineReporter) print(text string) { _, _ = io.WriteString(r.w, text) }

func (r *lineReporter) line(p Progress, elapsed time.Duration) string {
	var b strings.Builder
	if p.Phase == Unpacking {
		return fmt.Sprintf("%s %s: %s", p.Phase, filepath.Base(p.Path), humanize.IBytes(uint64(max(p.Done, 0))))
	}
	fmt.Fprintf(&b, "%s %s: %s", p.Phase, filepath.Base(p.Path), count(p.Items, "item"))
	if p.Total > 0 {
		fmt.Fprintf(&b, ", %d %%", 100*p.Done/p.Total)
	}
	seconds := elapsed.Seconds()
	if seconds <= 0 {
		return b.String()
	}
	fmt.Fprintf(&b, ", %s a second", comma(int(float64(p.Items-r.from.Items)/seconds)))
	if rate := float64(p.Done-r.from.Done) / seconds; rate > 0 {
		left := time.Duration(float64(p.Total-p.Done) / rate * float64(time.Second))
		fmt.Fprintf(&b, ", %s left", left.Round(time.Second))
	}
	return b.String()
}

// String tells a person what the import did.
func (s Summary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s imported now, %s already there, %s left out, %s failed\n",
		count(s.Found(), "item"), comma(s.New()), comma(s.Known), comma(s.LeftOut()), comma(s.Failed))
	if s.New() > 0 {
		fmt.Fprintf(&b, "imported: %s\n", listed(s.Pushed, imported))
	}
	if s.Unreadable > 0 || s.Undated > 0 || s.Encrypted > 0 {
		fmt.Fprintf(&b, "of these %s without their text, %s encrypted, %s without a date; all are kept and marked\n",
			comma(s.Unreadable), comma(s.Encrypted), comma(s.Undated))
	}
	if s.LeftOut() > 0 {
		fmt.Fprintf(&b, "left out: %s\n", listed(s.Left, leftOut))
	}
	if s.Left[spam] > 0 {
		b.WriteString("to import what lies in spam and trash, too, add --include-spam\n")
	}
	if !s.First.IsZero() {
		fmt.Fprintf(&b, "from %s to %s", s.First.Format(time.DateOnly), s.Last.Format(time.DateOnly))
		if s.Threads > 0 {
			fmt.Fprintf(&b, ", %s of mail", count(s.Threads, "thread"))
		}
		b.WriteByte('\n')
	}
	for _, p := range s.Problems {
		fmt.Fprintf(&b, "failed: %s\n", p)
	}
	if more := s.Failed - len(s.Problems); more > 0 {
		fmt.Fprintf(&b, "and %s more\n", comma(more))
	}
	b.WriteString(s.Me.String())
	return b.String()
}

// listed names counts, each with what it counts.
func listed(counts map[string]int, name func(n int, what string) string) string {
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, name(counts[what], what))
	}
	return strings.Join(parts, ", ")
}

func leftOut(n int, what string) string { return comma(n) + " " + what }

// imported says how much of what a source holds there is, for people.
func imported(n int, source string) string {
	switch source {
	case sourceCalendar:
		return count(n, "event")
	case sourceMeeting, sourceNote:
		return count(n, source)
	}
	return count(n, "message") + " (" + source + ")"
}

// String tells a person who the user seems to be, and why.
func (p Proposal) String() string {
	var b strings.Builder
	switch {
	case len(p.Me) == 0 && p.Why == "":
		return ""
	case len(p.Me) == 0:
		fmt.Fprintf(&b, "you: unknown (%s); say who you are: attrove-mcp people me ADDRESS\n", p.Why)
	case p.Why == "":
		fmt.Fprintf(&b, "you: %s\n", strings.Join(p.Me, ", "))
	default:
		fmt.Fprintf(&b, "you: %s (%s); if that is wrong: attrove-mcp people me ADDRESS\n", strings.Join(p.Me, ", "), p.Why)
	}
	for _, c := range p.Candidates {
		fmt.Fprintf(&b, "  %s: %s\n", c.Address, c.Why)
	}
	return b.String()
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return comma(n) + " " + noun
}

// were is count for things that something was done to.
func were(n int) string {
	if n == 1 {
		return "its one item was"
	}
	return "its " + comma(n) + " items were"
}

func comma(n int) string { return humanize.Comma(int64(n)) }
