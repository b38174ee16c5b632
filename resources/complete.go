package resources

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/slug"
)

// maxCompletions is the most that the protocol takes.
const maxCompletions = 100

// Completion is what may be meant by what was typed so far.
type Completion struct {
	Values []string // slug~id, the best first
	More   bool     // whether there are others
}

// Complete completes the argument of a template with the caller's own things:
// those whose title or id begins with what was typed, then those of whose title
// some word does.
func (l *Library) Complete(ctx context.Context, who attrove.Caller, template, argument, typed string) (Completion, error) {
	i := slices.IndexFunc(l.all, func(r *Resource) bool { return r.find != nil && r.URI() == template })
	if i < 0 {
		return Completion{}, &attrove.Error{Code: attrove.CodeInvalidArgument, Message: fmt.Sprintf("there is no resource template %q", template)}
	}
	r := l.all[i]
	if argument != r.argument() {
		return Completion{}, &attrove.Error{Code: attrove.CodeInvalidArgument, Field: argument, Message: "the one argument of " + template + " is " + r.argument()}
	}
	typed = strings.ToLower(strings.TrimSpace(typed))
	looked := typed
	if slug.Has(typed) { // the user goes on from what was offered
		words, _, _ := strings.Cut(typed, "~")
		looked = strings.ReplaceAll(words, "-", " ")
	}
	found, more, err := r.find(ctx, newReading(ctx, l.env, who, r), looked)
	if err != nil {
		return Completion{}, err
	}
	var begin, within []string
	for _, t := range found {
		value := slug.Join(t.title, t.id)
		switch {
		case begins(t, value, typed):
			begin = append(begin, value)
		case slices.ContainsFunc(strings.Fields(strings.ToLower(t.title)), func(word string) bool { return strings.HasPrefix(word, typed) }):
			within = append(within, value)
		}
	}
	values := append(begin, within...)
	if len(values) > maxCompletions {
		values, more = values[:maxCompletions], true
	}
	return Completion{Values: values, More: more}, nil
}

func begins(t thing, value, typed string) bool {
	for _, text := range []string{strings.ToLower(t.title), value, strings.ToLower(t.id)} {
		if strings.HasPrefix(text, typed) {
			return true
		}
	}
	return false
}
