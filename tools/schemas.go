package tools

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/schema"
	"github.com/attrove/attrove-mcp/internal/view"
)

// Reflecting the schemas takes longer than the rest of a start, and hosts start
// a server several times: so they are generated.
//
//go:generate go test -run ^TestSchemasAreFresh$ -update .

// Schemas are the two schemas of a tool, and what it costs.
type Schemas struct {
	Input  string
	Output string
	Tokens int
}

// InputSchema describes the tool's arguments.
func (t *Tool) InputSchema() json.RawMessage { return json.RawMessage(generated(t.Name()).Input) }

// OutputSchema describes the tool's results.
func (t *Tool) OutputSchema() json.RawMessage { return json.RawMessage(generated(t.Name()).Output) }

// Tokens is what the tool costs every conversation that it is offered in: its
// name, description and input schema in tokens of o200k, the vocabulary that
// OpenAI publishes. Other models' differ little.
func (t *Tool) Tokens() int { return generated(t.Name()).Tokens }

// Detail is how much a result may hold.
type Detail string

// The details.
const (
	Brief Detail = "brief"
	Full  Detail = "full"
)

// Values lists the details.
func (Detail) Values() []string { return []string{string(Brief), string(Full)} }

// detailed reports whether the tool takes detail: it reads, and what it returns
// may be long.
func (t *Tool) detailed() bool {
	return t.meta().Effect == attrove.Read && !t.spec.Short && view.Shortens(t.out())
}

// detail is an argument of tools that are detailed.
type detail struct {
	Detail Detail `json:"detail,omitempty" jsonschema_description:"full: up to 40 kB."`
}

// reflectSchemas makes the schemas from the types.
func (t *Tool) reflectSchemas() (Schemas, error) {
	input, err := schema.ToolInput(t.args, t.shape())
	if err != nil {
		return Schemas{}, fmt.Errorf("input of %s: %w", t.Name(), err)
	}
	output, err := view.Schema(t.out())
	if err != nil {
		return Schemas{}, fmt.Errorf("output of %s: %w", t.Name(), err)
	}
	return Schemas{Input: string(input), Output: string(output)}, nil
}

// shape is how the tool's arguments differ from the type that describes them.
func (t *Tool) shape() schema.Shape {
	var s schema.Shape
	for name := range t.spec.Fixed {
		s.Without = append(s.Without, name)
	}
	if t.detailed() {
		s.With = []reflect.Type{reflect.TypeFor[detail]()}
	}
	return s
}

// compile makes what checks the arguments: the input schema with its bounds.
func (t *Tool) compile() (*schema.Validator, error) {
	check, err := schema.ToolCheck(t.args, t.shape())
	if err != nil {
		return nil, fmt.Errorf("input of %s: %w", t.Name(), err)
	}
	return schema.Compile(check)
}
