package attrove

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"
)

// Auth says whose credentials an operation takes.
type Auth int

const (
	// AuthUser operations take the user's own sk_ key.
	AuthUser Auth = iota
	// AuthPartner operations take the partner's client id and secret.
	AuthPartner
	// AuthNone is for pages that a person opens in a browser.
	AuthNone
)

// Effect says what a call does to the world. It decides what may be retried,
// what a tool's annotations say, and what a human must confirm.
type Effect int

const (
	// Read changes nothing, whatever its method.
	Read Effect = iota
	// Write adds something.
	Write
	// Undoable changes or hides something that can be brought back.
	Undoable
	// Destroy ends something for good.
	Destroy
)

// Paging is the style in which an operation's answer is cut into pages
// (contract section 2.1).
type Paging int

const (
	// PageNone answers are whole.
	PageNone Paging = iota
	// PageCursor answers carry pagination.next_cursor.
	PageCursor
	// PageOffset answers carry pagination.offset.
	PageOffset
)

// Envelope says how a reply is wrapped on the wire (contract section 2.3, P-03).
type Envelope int

const (
	// InData replies are {"data": {...}}.
	InData Envelope = iota
	// Bare replies are the value itself: search, query and every page.
	Bare
)

// Deadlines of one call, retries included (P-29; the design caps a tool call at 45 s).
const (
	DefaultTimeout = 30 * time.Second
	SlowTimeout    = 45 * time.Second
)

// Meta is everything about an operation that its Go types do not say.
type Meta struct {
	Name     string // snake_case and unique, such as "create_goal"
	Row      int    // its row on Attrove's reference page, 1 to 56; 0 if not listed there
	Group    string // its group on that page
	Method   string
	Path     string // template, such as "/v1/users/{user_id}/goals"
	Summary  string
	Auth     Auth
	Effect   Effect
	Paging   Paging
	Envelope Envelope
	Status   int           // of success, as the engine answers (P-13); the client takes any 2xx
	Evidence Evidence      // for method and path; the fields carry their own
	Timeout  time.Duration // 0 means DefaultTimeout
	Page     string        // origin of a browser page that is opened and never called
}

// Listed reports whether Attrove's reference page has the operation.
func (m Meta) Listed() bool { return m.Row > 0 }

// Deadline is the time that one call may take, retries included.
func (m Meta) Deadline() time.Duration {
	if m.Timeout > 0 {
		return m.Timeout
	}
	return DefaultTimeout
}

// InQuery reports whether fields that are not in the path travel in the query.
func (m Meta) InQuery() bool { return m.Method == http.MethodGet || m.Method == http.MethodDelete }

// PathNames lists the names in the path template, in order.
func (m Meta) PathNames() []string {
	var names []string
	for _, segment := range strings.Split(m.Path, "/") {
		if name, ok := pathName(segment); ok {
			names = append(names, name)
		}
	}
	return names
}

func (m Meta) String() string { return fmt.Sprintf("%s (%s %s)", m.Name, m.Method, m.Path) }

// Operation is one operation of the API: its facts, and the types of what it
// takes and returns. Operation values are static data and never change.
type Operation[In, Out any] struct{ Meta }

// Any is an operation whose types are known only by reflection. Only Operation
// implements it; it lets one table hold them all.
type Any interface {
	Info() Meta
	Types() (in, out reflect.Type)
	sealed()
}

// Info returns the operation's facts.
func (o Operation[In, Out]) Info() Meta { return o.Meta }

// Types returns the types of the operation's input and output.
func (o Operation[In, Out]) Types() (in, out reflect.Type) {
	return reflect.TypeFor[In](), reflect.TypeFor[Out]()
}

func (o Operation[In, Out]) sealed() {}

// Call sends in as who and returns the reply. Errors are *Error.
func (o Operation[In, Out]) Call(ctx context.Context, c *Client, who Caller, in In) (Reply[Out], error) {
	args, err := json.Marshal(in)
	if err != nil {
		return Reply[Out]{}, fmt.Errorf("encode arguments of %s: %w", o.Name, err)
	}
	raw, err := c.Do(ctx, o.Meta, who, args)
	return Reply[Out]{raw}, err
}

// Reply is a typed view of what Attrove sent.
type Reply[Out any] struct{ RawReply }

// Value decodes the reply. Fields that Out does not know stay in Raw only.
func (r Reply[Out]) Value() (Out, error) {
	var out Out
	if err := json.Unmarshal(r.Raw, &out); err != nil {
		return out, fmt.Errorf("decode reply: %w", err)
	}
	return out, nil
}

// RawReply is a reply as JSON, out of its envelope: an object, or for a list
// {"data": [...], "pagination": {...}}. An empty answer is {}.
type RawReply struct {
	Raw    json.RawMessage
	Status int
	Header http.Header
}

// Caller is on whose behalf a call is made.
type Caller struct {
	UserID string
	Key    Secret // the user's sk_ key
}

// Secret is a credential. It prints and encodes as a mask, so that it cannot
// reach a log or a result by accident; use Reveal where it must be sent.
type Secret string

const mask = "[redacted]"

// Reveal returns the credential itself.
func (s Secret) Reveal() string { return string(s) }

// String masks the credential.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// GoString masks the credential for %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText masks the credential in JSON and logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
