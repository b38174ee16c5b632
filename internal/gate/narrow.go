package gate

import (
	"context"
	"fmt"
	"slices"

	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/tools"
)

// Names are what whoever writes a selection calls its parts, for errors.
type Names struct{ Toolsets, Tools, Exclude, ReadOnly string }

// flags are the names on the command line.
func flags() Names {
	return Names{Toolsets: "--toolsets", Tools: "--tools", Exclude: "--exclude-tools", ReadOnly: "--read-only"}
}

// Narrow returns what s leaves of i. Asking for what i does not have is an error,
// which names it.
func (i Inventory) Narrow(s Selection, names Names) (Inventory, error) {
	s.Toolsets, s.Tools, s.Exclude = named(s.Toolsets), named(s.Tools), named(s.Exclude)
	if err := s.check(i.all, names); err != nil {
		return Inventory{}, err
	}
	for _, set := range s.Toolsets {
		if !slices.ContainsFunc(i.all, func(t *tools.Tool) bool { return i.on(t.Name()) && belongs(t, set) }) {
			return Inventory{}, fmt.Errorf("%s: this server does not offer the toolset %q", names.Toolsets, set)
		}
	}
	for _, name := range s.Tools {
		if !i.on(name) {
			return Inventory{}, fmt.Errorf("%s: this server does not offer the tool %q", names.Tools, name)
		}
	}
	if len(s.Toolsets) == 0 && len(s.Tools) == 0 {
		s.Toolsets = []string{AllToolsets} // of what is there
	}
	left := Inventory{all: i.all, off: map[string]view.Problem{}, readOnly: i.readOnly || s.ReadOnly}
	for _, t := range i.all {
		why, off := i.off[t.Name()]
		if !off {
			why, off = s.leftOut(t, names)
		}
		if off {
			left.off[t.Name()] = why
		}
	}
	return left, left.check(names)
}

// leftOut says why a narrower selection has not a tool.
func (s Selection) leftOut(t *tools.Tool, names Names) (why view.Problem, off bool) {
	var by string
	switch {
	case s.ReadOnly && !t.Hints().ReadOnly:
		by = names.ReadOnly
	case slices.Contains(s.Exclude, t.Name()):
		by = names.Exclude
	case s.chosen(t):
		return view.Problem{}, false
	case len(s.Toolsets) > 0:
		by = names.Toolsets
	default:
		by = names.Tools
	}
	return view.Problem{Code: CodeDisabled,
		Message: fmt.Sprintf("%s is left out by %s, which came with the request", t.Name(), by),
		Next:    "Go on without it, or ask the user to change " + by + " in the settings of the client.",
	}, true
}

type narrowKey struct{}

// Narrowed is ctx for a request that is offered only what is also in i.
func Narrowed(ctx context.Context, i Inventory) context.Context {
	return context.WithValue(ctx, narrowKey{}, i)
}

type grantKey struct{}

// ReadOnly is ctx for a request that may change nothing, whatever is on. When it
// calls a tool that does, that is refused, and tried is called.
func ReadOnly(ctx context.Context, tried func()) context.Context {
	return context.WithValue(ctx, grantKey{}, tried)
}

// Narrows reports whether the request of ctx may be offered less than others.
func (g *Gate) Narrows(ctx context.Context) bool {
	_, narrowed := ctx.Value(narrowKey{}).(Inventory)
	return narrowed
}

// off says why the request of ctx is not offered a tool.
func (g *Gate) off(ctx context.Context, name string) (why view.Problem, off bool) {
	if why, off := g.inventory.off[name]; off {
		return why, true
	}
	narrowed, _ := ctx.Value(narrowKey{}).(Inventory)
	why, off = narrowed.off[name]
	return why, off
}

// granted reports whether the request of ctx may call t.
func granted(ctx context.Context, t *tools.Tool) bool {
	tried, limited := ctx.Value(grantKey{}).(func())
	if !limited || t.Hints().ReadOnly {
		return true
	}
	tried()
	return false
}
