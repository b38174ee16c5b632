// Package tools declares what a model can do: the tools, each on top of one
// operation of the contract, in one file per API group and one ordered list.
package tools

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"sync"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/schema"
	"github.com/attrove/attrove-mcp/internal/view"
)

// Spec is what about a tool cannot be derived from its operation.
type Spec struct {
	Name        string
	Title       string
	Description string // for a model that chooses: when this one, when another, what comes back
	Toolset     Toolset
	Fixed       Fields    // what is always sent; no arguments of the tool
	Shows       view.Spec // how its results are shown
	Short       bool      // whether they are short anyway, so that there is no detail to ask for
	Asks        Asks      // what a human is asked first; only where something can be lost
	Opens       string    // the field of a result that holds an address for the user to open
}

// Tool is something that a model can call. It is safe for concurrent use; what
// is costly about it is made on first use.
type Tool struct {
	spec Spec
	ops  []attrove.Any // the first is the tool's own
	args reflect.Type  // describes the arguments
	bind Bind          // nil when the arguments are the operation's

	validator func() (*schema.Validator, error)
	view      func() *view.View
	traits    func() traits
}

// Bind turns the arguments of a tool into those of one of its operations.
type Bind func(Env, Fields) (attrove.Meta, error)

// Of declares a tool whose arguments are its operation's.
func Of[In, Out any](op attrove.Operation[In, Out], s Spec) *Tool {
	return newTool(s, reflect.TypeFor[In](), op)
}

// As declares a tool whose arguments, described by Args, are not its operation's.
func As[Args, In, Out any](op attrove.Operation[In, Out], s Spec, bind Bind, others ...attrove.Any) *Tool {
	t := newTool(s, reflect.TypeFor[Args](), op)
	t.ops = append(t.ops, others...)
	t.bind = bind
	return t
}

func newTool(s Spec, args reflect.Type, op attrove.Any) *Tool {
	t := &Tool{spec: s, ops: []attrove.Any{op}, args: args}
	t.validator = sync.OnceValues(t.compile)
	t.traits = sync.OnceValue(t.readTraits)
	t.view = sync.OnceValue(func() *view.View { return view.New(t.out(), s.Shows) })
	return t
}

// Name is the tool's name; it begins with attrove_.
func (t *Tool) Name() string { return t.spec.Name }

// Title is the name for people.
func (t *Tool) Title() string { return t.spec.Title }

// Description tells a model when to call the tool.
func (t *Tool) Description() string { return t.spec.Description }

// Toolset is the group that the tool belongs to.
func (t *Tool) Toolset() Toolset { return t.spec.Toolset }

// Fixed is what the tool always sends.
func (t *Tool) Fixed() Fields { return maps.Clone(t.spec.Fixed) }

// Shows says how the tool's results are shown.
func (t *Tool) Shows() view.Spec { return t.spec.Shows }

// Opens names the field of a result that holds an address for the user to open,
// if there is one.
func (t *Tool) Opens() string { return t.spec.Opens }

// Operations lists what the tool may call, its own operation first.
func (t *Tool) Operations() []attrove.Any { return slices.Clone(t.ops) }

func (t *Tool) meta() attrove.Meta { return t.ops[0].Info() }

// out is the type of the tool's results: its operation's, or where a page is
// that is opened and not called.
func (t *Tool) out() reflect.Type {
	if t.meta().Page != "" {
		return reflect.TypeFor[attrove.PageLink]()
	}
	_, out := t.ops[0].Types()
	return out
}

// traits are what the types of a tool say, for every call.
type traits struct {
	sent     map[string]bool // the fields that its own operation takes
	dates    []date          // the arguments that are dates
	optional []string        // what may be given to change something
	detailed bool
}

func (t *Tool) readTraits() traits {
	all := traits{sent: map[string]bool{}, dates: datesOf(t.args), optional: optionalFields(t.args), detailed: t.detailed()}
	in, _ := t.ops[0].Types()
	for _, f := range reflect.VisibleFields(in) {
		all.sent[jsonName(f)] = true
	}
	return all
}

// sends reports whether the tool's own operation takes a field of this name.
func (t *Tool) sends(name string) bool { return t.traits().sent[name] }

// Partner reports whether the tool takes a partner's credentials, client id and
// secret, where others take a user's key.
func (t *Tool) Partner() bool { return t.meta().Auth != attrove.AuthUser }

// Hints is what a tool does to the world, as MCP's annotations say it.
type Hints struct{ ReadOnly, Destructive, Idempotent, OpenWorld bool }

// Hints follow from the operation's effect (P-46).
func (t *Tool) Hints() Hints {
	m := t.meta()
	read := m.Effect == attrove.Read
	return Hints{
		ReadOnly:    read,
		Idempotent:  read,
		Destructive: m.Effect == attrove.Destroy || m.Effect == attrove.Undoable && takesAway(m),
		OpenWorld:   true,
	}
}

// takesAway reports whether something that can be undone puts a thing out of
// use meanwhile; P-46 names them.
func takesAway(m attrove.Meta) bool {
	return m.Method == http.MethodDelete ||
		slices.Contains([]string{"archive_goal", "cancel_goal", "update_settings", "update_conversations"}, m.Name)
}
