// Package audit keeps a log of who did what with which tool, without anything
// that was said in doing it.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/telemetry"
)

// Which calls are noted.
type Which int

const (
	// Changes are the calls that may change something, and all that are refused.
	Changes Which = iota
	// Everything is reads too.
	Everything
)

// Log is an audit log: one line of JSON a call. It is safe for concurrent use.
type Log struct {
	path  string // "" when it is no file of its own
	which Which
	now   func() time.Time
	ids   *regexp.Regexp
	keys  *regexp.Regexp

	mu  sync.Mutex
	out io.WriteCloser
}

// Open opens the log at path. It is made for its owner alone; to one that is there
// lines are added, and it keeps its mode.
func Open(path string, which Which) (*Log, error) {
	l := newLog(which)
	l.path = path
	return l, l.open()
}

// To is a log in w.
func To(w io.Writer, which Which) *Log {
	l := newLog(which)
	l.out = unclosed{w}
	return l
}

func newLog(which Which) *Log {
	return &Log{
		which: which, now: time.Now,
		ids:  regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$`),
		keys: regexp.MustCompile(`(?i)(sk|pit|whsec)_`),
	}
}

type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// Reload opens the file again, which a rotation may have moved away. When that
// fails, lines go where they went.
func (l *Log) Reload(context.Context) error {
	if l.path == "" {
		return nil
	}
	return l.open()
}

func (l *Log) open() error {
	file, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	old := l.out
	l.out = file
	if old != nil {
		return old.Close()
	}
	return nil
}

// Close closes the file.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Close()
}

// line is what is noted of a call. A field more is a promise more to those who are
// in it: whoever adds one changes docs/operations.md.
type line struct {
	Time     time.Time     `json:"time"`
	User     string        `json:"user,omitempty"`    // as Attrove knows them, which is what an operator looks for
	Subject  string        `json:"subject,omitempty"` // of the token, hashed: it may be an address
	Tool     string        `json:"tool,omitempty"`    // of the catalogue
	Objects  []string      `json:"objects,omitempty"`
	Decision gate.Decision `json:"decision"`
	Outcome  string        `json:"outcome"` // ok, asked, or the code of the error
	Millis   int64         `json:"ms"`
	Trace    string        `json:"trace,omitempty"`
}

// Note notes a call if it is one of those that the log is for. The subject is that
// of the token that it came with, "" where it came with a key.
func (l *Log) Note(ctx context.Context, r gate.Record, subject string) error {
	if l.which == Changes && !notable(r) {
		return nil
	}
	one := line{
		Time: l.now().UTC().Truncate(time.Millisecond), User: l.id(r.User), Tool: r.Tool,
		Decision: r.Decision, Outcome: r.Outcome, Millis: r.Took.Milliseconds(), Trace: telemetry.TraceID(ctx),
	}
	if subject != "" {
		one.Subject = hash(subject)
	}
	for _, id := range r.Objects {
		if one.Objects = append(one.Objects, l.object(id, r)); len(one.Objects) == maxObjects {
			break
		}
	}
	encoded, err := json.Marshal(one)
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.out.Write(append(encoded, '\n')); err != nil { // one write: lines do not mix
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}

// maxObjects is how many ids a line holds.
const maxObjects = 10

// notable reports whether a call may have changed something or was refused, here
// or by Attrove.
func notable(r gate.Record) bool {
	return r.Effect != attrove.Read || r.Decision != gate.Allowed ||
		slices.Contains([]string{attrove.CodeAuthentication, attrove.CodeForbidden, attrove.CodeInternal}, r.Outcome)
}

// object is the id of something. What Attrove did not take for one may be anything
// that a model wrote, and only its hash is noted, by which it can be recognized.
func (l *Log) object(id string, r gate.Record) string {
	if r.Outcome == gate.OutcomeOK || r.Outcome == gate.OutcomeAsked || r.Decision == gate.Declined {
		return l.id(id)
	}
	return hash(id)
}

// id is s if it can be no more than an id, and else its hash.
func (l *Log) id(s string) string {
	if s == "" || l.ids.MatchString(s) && !l.keys.MatchString(s) {
		return s
	}
	return hash(s)
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:8])
}
