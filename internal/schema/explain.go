package schema

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// explain says in sentences what one leaf of a validation error means; n is the
// schema of the value at fault.
func (n *node) explain(leaf *jsonschema.ValidationError) []Problem {
	path := leaf.InstanceLocation
	switch k := leaf.ErrorKind.(type) {
	case *kind.Required:
		return each(k.Missing, path, func(field string) string { return field + " is required" })
	case *kind.AdditionalProperties:
		return each(k.Properties, path, func(field string) string { return n.unknown(field) })
	}
	field := fieldName(path...)
	subject := field
	if subject == "" {
		subject = "the arguments"
	}
	return []Problem{{Field: field, Message: subject + " " + predicate(leaf.ErrorKind)}}
}

func each(names, path []string, say func(field string) string) []Problem {
	problems := make([]Problem, len(names))
	for i, name := range names {
		field := fieldName(append(slices.Clone(path), name)...)
		problems[i] = Problem{Field: field, Message: say(field)}
	}
	return problems
}

func predicate(of jsonschema.ErrorKind) string {
	switch k := of.(type) {
	case *kind.Type:
		var want []string
		for _, name := range k.Want {
			if name != "null" {
				want = append(want, withArticle(name))
			}
		}
		if slices.Contains(k.Want, "null") {
			want = append(want, "null")
		}
		return fmt.Sprintf("must be %s, got %s", strings.Join(want, " or "), withArticle(k.Got))
	case *kind.Enum:
		var values []string
		for _, value := range k.Want {
			if text, ok := value.(string); ok {
				values = append(values, text)
			}
		}
		return "must be one of " + strings.Join(values, ", ")
	case *kind.Minimum:
		return "must be at least " + decimal(k.Want)
	case *kind.Maximum:
		return "must be at most " + decimal(k.Want)
	case *kind.MinLength:
		if k.Want == 1 {
			return "must not be empty"
		}
		return fmt.Sprintf("must have at least %d characters", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("must have at most %d characters", k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("must list at least %d", k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("must list at most %d", k.Want)
	}
	return "is not right: " + of.LocalizedString(message.NewPrinter(language.English))
}

func withArticle(kind string) string {
	switch kind {
	case "null":
		return kind
	case "array":
		return "a list"
	case "integer", "object":
		return "an " + kind
	}
	return "a " + kind
}

func decimal(r *big.Rat) string {
	if r.IsInt() {
		return r.RatString()
	}
	f, _ := r.Float64()
	return fmt.Sprint(f)
}

// unknown names the right argument if one is near, otherwise all of them.
func (n *node) unknown(field string) string {
	name := field[strings.LastIndex(field, ".")+1:]
	names := n.names()
	switch near := Nearest(name, names); {
	case near != "":
		return fmt.Sprintf("there is no argument %s; did you mean %s?", field, near)
	case len(names) == 0:
		return fmt.Sprintf("there is no argument %s; nothing is taken here", field)
	}
	return fmt.Sprintf("there is no argument %s; there are %s", field, strings.Join(names, ", "))
}

// Nearest is the name that was probably meant, or "": one that holds the other,
// or differs in a third of its letters at most.
func Nearest(name string, names []string) string {
	best, distance := "", max(2, len(name)/3)+1
	for _, candidate := range names {
		d := levenshtein.ComputeDistance(strings.ToLower(name), candidate)
		if len(name) > 2 && (strings.Contains(candidate, name) || strings.Contains(name, candidate)) {
			d = min(d, 1)
		}
		if d < distance {
			best, distance = candidate, d
		}
	}
	return best
}
