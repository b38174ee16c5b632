// Package prompts declares the recurring jobs that a user starts by hand, one
// file each and one ordered list. A prompt brings its data along: what it needs is
// gathered at once and set down as text, before the model is told what to do with
// it.
package prompts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/schema"
	"github.com/attrove/attrove-mcp/internal/view"
)

// Env is what all prompts share.
type Env struct {
	Client *attrove.Client
	Now    func() time.Time // nil is the system's clock
	Zone   *time.Location   // the user's; nil is the profile's, else UTC
	Setup  string           // what to tell a user whose key is missing; "" for the usual

	Patience time.Duration // how long one call for data may take; 0 is 5 s
}

// Argument is what a user may say with a prompt.
type Argument struct {
	Name, Title, Description string
	Required                 bool

	most    int // of its bytes; 0 is maxArgument
	suggest suggest
}

// maxArgument is how long an argument may be: a name or a few words.
const maxArgument = 200

// args are what a user said, by name; what was left empty is not there.
type args map[string]string

// Prompt is a job that a user can start.
type Prompt struct {
	name, title, description string

	tool      string // what the job rests on: where that is off, so is the prompt
	arguments []Argument
	write     func(*desk, args) (*brief, error)
}

// Name is what clients call the prompt by.
func (p *Prompt) Name() string { return p.name }

// Title is the name for people.
func (p *Prompt) Title() string { return p.title }

// Description says what the prompt does.
func (p *Prompt) Description() string { return p.description }

// Arguments lists what can be said with the prompt.
func (p *Prompt) Arguments() []Argument { return slices.Clone(p.arguments) }

// Catalog lists every prompt in the order in which clients see them.
func Catalog() []*Prompt {
	return []*Prompt{attention(), meetingPrep(), goalReview(), catchUp(), whoIs(), promises(), followUp(), endOfDay()}
}

// Playbook is the prompts that are on. It is safe for concurrent use.
type Playbook struct {
	env Env
	on  func(tool string) bool
	all []*Prompt
}

// New returns the prompts whose tool is on. What else they would ask with a tool
// that is off they leave out, and say so.
func New(env Env, on func(tool string) bool) *Playbook {
	if env.Now == nil {
		env.Now = time.Now
	}
	if env.Patience == 0 {
		env.Patience = patience
	}
	off := func(p *Prompt) bool { return !on(p.tool) }
	return &Playbook{env: env, on: on, all: slices.DeleteFunc(Catalog(), off)}
}

// Within is the playbook where only tools are on for which on says so, too.
func (b *Playbook) Within(on func(tool string) bool) *Playbook {
	both := func(tool string) bool { return on(tool) && b.on(tool) }
	off := func(p *Prompt) bool { return !both(p.tool) }
	return &Playbook{env: b.env, on: both, all: slices.DeleteFunc(slices.Clone(b.all), off)}
}

// All lists the prompts that are on.
func (b *Playbook) All() []*Prompt { return slices.Clone(b.all) }

// Has reports whether there is a prompt of this name.
func (b *Playbook) Has(name string) bool {
	_, err := b.find(name)
	return err == nil
}

// Longest is the time that a whole prompt has.
func (b *Playbook) Longest() time.Duration { return inRow * b.env.Patience }

// Filled is a prompt with its data.
type Filled struct {
	Description string
	Missing     []string // codes of why something could not be gathered
	data, task  string
}

// Messages are what the user says: the data, fenced with nonce, and then what to
// do with it.
func (f Filled) Messages(nonce string) []string { return []string{view.Fence(nonce, f.data), f.task} }

// Fill gathers what a prompt needs on behalf of who. Its errors are
// *attrove.Error; those with a Field are about that argument.
func (b *Playbook) Fill(ctx context.Context, who attrove.Caller, name string, said map[string]string) (Filled, error) {
	p, err := b.find(name)
	if err != nil {
		return Filled{}, err
	}
	given, err := p.check(said)
	if err != nil {
		return Filled{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, b.Longest())
	defer cancel()
	d, err := b.sit(ctx, who)
	if err != nil {
		return Filled{}, err
	}
	text, err := p.write(d, given)
	if err == nil {
		err = d.nothing()
	}
	if err != nil {
		return Filled{}, err
	}
	return Filled{Description: p.title, Missing: d.codes(), data: text.finish(), task: text.task(d)}, nil
}

func (b *Playbook) find(name string) (*Prompt, error) {
	i := slices.IndexFunc(b.all, func(p *Prompt) bool { return p.name == name })
	if i < 0 {
		return nil, &attrove.Error{Code: attrove.CodeNotFound, Message: fmt.Sprintf("there is no prompt %q", shorten(name))}
	}
	return b.all[i], nil
}

// check refuses arguments that are not the prompt's, too long or missing, and
// drops those that say nothing.
func (p *Prompt) check(said map[string]string) (args, error) {
	names := make([]string, len(p.arguments))
	for i, a := range p.arguments {
		names[i] = a.Name
	}
	for name := range said {
		if !slices.Contains(names, name) {
			return nil, invalid(shorten(name), unknownArgument(name, names))
		}
	}
	given := args{}
	for _, a := range p.arguments {
		text := strings.Join(strings.Fields(view.Clean(said[a.Name])), " ")
		most := a.most
		if most == 0 {
			most = maxArgument
		}
		switch {
		case len(text) > most:
			return nil, invalid(a.Name, fmt.Sprintf("it may hold %d bytes at most", most))
		case text == "" && a.Required:
			return nil, invalid(a.Name, "it is required: "+a.Description)
		case text != "":
			given[a.Name] = text
		}
	}
	return given, nil
}

func unknownArgument(name string, names []string) string {
	text := "there is no such argument; "
	switch near := schema.Nearest(name, names); {
	case near != "":
		return text + "did you mean " + near + "?"
	case len(names) == 0:
		return text + "this prompt takes none"
	}
	return text + "there is " + strings.Join(names, ", ")
}

func invalid(field, message string) error {
	return &attrove.Error{Code: attrove.CodeInvalidArgument, Field: field, Message: field + ": " + message}
}

// shorten keeps a name that somebody made up short.
func shorten(name string) string {
	short, _ := view.Clip(view.Clean(name), 40)
	return strings.Join(strings.Fields(short), " ")
}

// Explain says in a sentence or two what an error means, and what to do.
func (b *Playbook) Explain(err error) string {
	p := view.Explain(err)
	if p.Code == attrove.CodeMissingKey && b.env.Setup != "" {
		p.Next = b.env.Setup
	}
	return strings.TrimSpace(fmt.Sprintf("%s: %s. %s", p.Code, strings.TrimRight(view.Clean(p.Message), ".?"), p.Next))
}
