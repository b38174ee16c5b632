package schema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Problem is what is wrong with one argument.
type Problem struct {
	Field   string // its path, with dots; "" for the arguments as a whole
	Message string // a sentence that names it
}

// Validator checks arguments against one schema. It is safe for concurrent use.
type Validator struct {
	schema *jsonschema.Schema
	root   *node
}

// Compile makes a validator of a schema, such as this package builds.
func Compile(raw json.RawMessage) (*Validator, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	const url = "schema.json"
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(url, doc); err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	compiled, err := compiler.Compile(url)
	if err != nil {
		return nil, fmt.Errorf("compile schema: %w", err)
	}
	root := new(node)
	if err := json.Unmarshal(raw, root); err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	return &Validator{schema: compiled, root: root}, nil
}

// maxProblems is how many problems are told; more help nobody.
const maxProblems = 8

// Validate returns what is wrong with args, sorted by field; nothing if all is
// well. No arguments are an empty object.
func (v *Validator) Validate(args json.RawMessage) []Problem {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(orEmpty(args)))
	if err != nil {
		return []Problem{{Message: "the arguments are not valid JSON"}}
	}
	if number, found := longNumber(value); found {
		return []Problem{{Message: "the arguments hold the number " + shorten(number) + ", which is too long; put it into a string"}}
	}
	var failure *jsonschema.ValidationError
	if err := v.schema.Validate(value); !errors.As(err, &failure) {
		return nil
	}
	problems := v.problems(failure)
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Message, b.Message))
	})
	problems = slices.Compact(problems)
	if more := len(problems) - maxProblems; more > 0 {
		problems = append(problems[:maxProblems], Problem{Message: fmt.Sprintf("and there are %d more problems", more)})
	}
	return problems
}

// longNumber finds a number whose value would take long to compute: the
// validator does so with all digits, and 1e1000000 has a million.
func longNumber(value any) (number string, found bool) {
	switch v := value.(type) {
	case json.Number:
		_, exponent, _ := strings.Cut(strings.ToLower(v.String()), "e")
		return v.String(), len(v) > 400 || len(strings.TrimLeft(exponent, "+-0")) > 3
	case []any:
		for _, item := range v {
			if number, found = longNumber(item); found {
				return number, true
			}
		}
	case map[string]any:
		for _, member := range v {
			if number, found = longNumber(member); found {
				return number, true
			}
		}
	}
	return "", false
}

// problems collects what the leaves say; the nodes above only say where.
func (v *Validator) problems(failure *jsonschema.ValidationError) []Problem {
	if len(failure.Causes) == 0 {
		return v.root.at(failure.InstanceLocation).explain(failure)
	}
	var all []Problem
	for _, cause := range failure.Causes {
		all = append(all, v.problems(cause)...)
	}
	return all
}

func orEmpty(args json.RawMessage) json.RawMessage {
	if args = bytes.TrimSpace(args); len(args) == 0 || string(args) == "null" {
		return json.RawMessage("{}")
	}
	return args
}

// node is as much of a schema as explaining and repairing need.
type node struct {
	Type       types            `json:"type"`
	Properties map[string]*node `json:"properties"`
	Required   []string         `json:"required"`
	Items      *node            `json:"items"`
}

// UnmarshalJSON also reads the schemas true and false, which say nothing here.
func (n *node) UnmarshalJSON(data []byte) error {
	type plain node
	if string(data) == "true" || string(data) == "false" {
		return nil
	}
	return json.Unmarshal(data, (*plain)(n))
}

// types are the types that a schema allows; none means any.
type types []string

// UnmarshalJSON reads one name or a list of them.
func (t *types) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*t = make(types, 1)
		return json.Unmarshal(data, &(*t)[0])
	}
	return json.Unmarshal(data, (*[]string)(t))
}

// allow reports whether a value of a kind that kindOf names may stand here.
func (t types) allow(kind string) bool {
	return len(t) == 0 || slices.Contains(t, kind) || kind == "number" && slices.Contains(t, "integer")
}

// at finds the schema of a place in the arguments, never nil.
func (n *node) at(path []string) *node {
	for _, step := range path {
		if n == nil {
			break
		}
		if property, ok := n.Properties[step]; ok {
			n = property
		} else {
			n = n.Items
		}
	}
	if n == nil {
		return new(node)
	}
	return n
}

func (n *node) names() []string {
	names := make([]string, 0, len(n.Properties))
	for name := range n.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func fieldName(path ...string) string { return shorten(strings.Join(path, ".")) }

// shorten keeps what a caller made up from filling an error.
func shorten(name string) string {
	const most = 100
	if runes := []rune(name[:min(len(name), 4*most+4)]); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}
