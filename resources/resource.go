// Package resources declares what a person or a model can open and keep beside a
// conversation: the goals, the notes and what they lead to, as Markdown. There is
// one declaration per kind, in one ordered list.
package resources

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// MIMEType is what every resource is.
const MIMEType = "text/markdown"

// ErrNotFound says that a URI names nothing, or nothing of the caller's.
var ErrNotFound = errors.New("there is no such resource")

// Env is what all reads and subscriptions share.
type Env struct {
	Client  *attrove.Client
	Zone    *time.Location   // the user's; nil is the profile's, else UTC
	Now     func() time.Time // nil is the system's clock
	Setup   string           // what to tell a user whose key is missing; "" for the usual
	Poll    time.Duration    // how often to look for changes while somebody listens; 0 is DefaultPoll
	Changes *Bell            // rings when there are some; nil never does
}

// Resource is a kind of thing that can be read.
type Resource struct {
	path        string // below attrove://, such as goals/{goal_id}
	title       string
	description string
	tool        string  // returns the same as data, and what a page leaves out
	priority    float64 // among the others, from 0 to 1; 0 is unsaid

	read func(context.Context, reading) (*page, []view.Notes, error)
	// find looks for things of this kind whose name may begin with typed; more says
	// that there are others. Nil where there is one thing only.
	find    func(ctx context.Context, r reading, typed string) (found []thing, more bool, err error)
	own     int  // how many of the things that it finds are listed
	watched bool // whether its changes are noticed
}

// URI is where the resource is, or the template of where one of them is.
func (r *Resource) URI() string { return scheme + r.path }

// Title is the name for people.
func (r *Resource) Title() string { return r.title }

// Description tells what is there.
func (r *Resource) Description() string { return r.description }

// Tool is the tool that returns the same as data. Where that is off, so is the
// resource.
func (r *Resource) Tool() string { return r.tool }

// Templated reports whether the URI is a template.
func (r *Resource) Templated() bool { return strings.Contains(r.path, "{") }

// argument is the name in the template, such as goal_id.
func (r *Resource) argument() string {
	_, after, _ := strings.Cut(r.path, "{")
	name, _, _ := strings.Cut(after, "}")
	return name
}

// pattern is the path with {} for the argument.
func (r *Resource) pattern() string { return strings.Replace(r.path, r.argument(), "", 1) }

// thing is one of a user's things.
type thing struct {
	id          string
	title       string // one clean line
	description string
	priority    float64
	modified    attrove.DateTime
}

// Library is the resources that are on. It is safe for concurrent use.
type Library struct {
	env     Env
	all     []*Resource
	watcher *watcher
}

// New returns the library of the resources whose tool is on.
func New(env Env, on func(tool string) bool) *Library {
	if env.Now == nil {
		env.Now = time.Now
	}
	if env.Poll <= 0 {
		env.Poll = DefaultPoll
	}
	off := func(r *Resource) bool { return !on(r.tool) }
	return &Library{env: env, all: slices.DeleteFunc(Catalog(), off), watcher: newWatcher(env)}
}

// Within is the library where only tools are on for which on says so, too.
func (l *Library) Within(on func(tool string) bool) *Library {
	off := func(r *Resource) bool { return !on(r.tool) }
	return &Library{env: l.env, all: slices.DeleteFunc(slices.Clone(l.all), off), watcher: l.watcher}
}

// Catalog lists every resource in the order in which clients see them.
func Catalog() []*Resource {
	return []*Resource{goals(), goal(), evidence(), snapshots(), notes(), note(), integrations(), meeting(), thread(), entity()}
}

// Templates lists the resources whose URI is a template.
func (l *Library) Templates() []*Resource {
	return slices.DeleteFunc(slices.Clone(l.all), func(r *Resource) bool { return !r.Templated() })
}

// Page is what a read returns.
type Page struct {
	URI  string // as it was asked for
	Text string // Markdown
}

// Read returns what is at uri for who. What is not there, or not theirs, is
// ErrNotFound; other errors are *attrove.Error.
func (l *Library) Read(ctx context.Context, who attrove.Caller, uri string) (Page, error) {
	found, id := l.at(uri)
	if found == nil {
		return Page{}, ErrNotFound
	}
	r := newReading(ctx, l.env, who, found)
	r.id = id
	go r.zone() // while the rest is on its way
	p, notes, err := found.read(ctx, r)
	switch e := (*attrove.Error)(nil); {
	case errors.As(err, &e) && id != "" && e.Guess == "" && (e.Code == attrove.CodeNotFound || e.Code == attrove.CodeGone):
		return Page{}, ErrNotFound
	case err != nil:
		return Page{}, err
	}
	p.left(notes)
	return Page{URI: uri, Text: p.String()}, nil
}

// Kind is the template or URI of the resource that uri is one of, for logs; ""
// when there is none.
func (l *Library) Kind(uri string) string {
	if found, _ := l.at(uri); found != nil {
		return found.URI()
	}
	return ""
}

// at is the resource that uri is one of, and its id.
func (l *Library) at(uri string) (found *Resource, id string) {
	pattern, id, ok := split(uri)
	i := slices.IndexFunc(l.all, func(r *Resource) bool { return ok && r.pattern() == pattern })
	if i < 0 {
		return nil, ""
	}
	return l.all[i], id
}

// Explain says in a sentence or two what an error means, and what to do.
func (l *Library) Explain(err error) string {
	p := view.Explain(err)
	if p.Code == attrove.CodeMissingKey && l.env.Setup != "" {
		p.Next = l.env.Setup
	}
	return strings.TrimSpace(fmt.Sprintf("%s: %s. %s", p.Code, strings.TrimSuffix(view.Clean(p.Message), "."), p.Next))
}
