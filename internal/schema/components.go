package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
)

// Components collects the structs of wire schemas, each once and referred to by
// name, as an OpenAPI document has them.
type Components struct {
	prefix  string // of every reference, such as "#/components/schemas/"
	schemas map[string]json.RawMessage
	types   map[string]reflect.Type
	names   map[use]string
}

// use is a type that is sent, or one that is returned.
type use struct {
	mode mode
	of   reflect.Type
}

// NewComponents returns an empty collection whose references begin with prefix.
func NewComponents(prefix string) *Components {
	return &Components{prefix: prefix, schemas: map[string]json.RawMessage{}, types: map[string]reflect.Type{}, names: map[use]string{}}
}

// Schemas returns the collected schemas by name.
func (c *Components) Schemas() map[string]json.RawMessage { return maps.Clone(c.schemas) }

// Request collects the schema of a request's body and returns the reference to
// it. The fields of the type that travel elsewhere are left out.
func (c *Components) Request(t reflect.Type, elsewhere ...string) (ref string, err error) {
	return c.collect(wireRequest, t, Shape{Without: elsewhere})
}

// Response collects the schema of what a response carries and returns the
// reference to it.
func (c *Components) Response(t reflect.Type) (ref string, err error) {
	return c.collect(wireResponse, t, Shape{})
}

func (c *Components) collect(m mode, t reflect.Type, shape Shape) (string, error) {
	if name, known := c.names[use{m, t}]; known {
		return c.prefix + name, nil
	}
	name, err := componentName(m, t)
	if err != nil {
		return "", err
	}
	c.names[use{m, t}] = name
	switch other, known := c.types[name]; {
	case known && other != t:
		return "", fmt.Errorf("%s and %s are both called %s", t, other, name)
	case known:
		return c.prefix + name, nil
	}
	c.types[name] = t
	raw, err := c.builder(m).build(t, shape)
	if err != nil {
		return "", err
	}
	c.schemas[name] = raw
	return c.prefix + name, nil
}

func (c *Components) builder(m mode) builder {
	return builder{mode: m, refer: func(t reflect.Type) (string, error) { return c.collect(m, t, Shape{}) }}
}

// componentName is the type's name as a reader of the document knows it:
// CreateGoalIn is CreateGoalRequest, Page[Note] is NotePage. What is both sent
// and returned needs a second name only if the two differ, as closed
// enumerations do.
func componentName(m mode, t reflect.Type) (string, error) {
	name := t.Name()
	if generic, argument, ok := strings.Cut(strings.TrimSuffix(name, "]"), "["); ok {
		name = argument[strings.LastIndex(argument, ".")+1:] + generic
	}
	if base, ok := strings.CutSuffix(name, "In"); ok {
		return base + "Request", nil
	}
	if base, ok := strings.CutSuffix(name, "Out"); ok {
		return base + "Response", nil
	}
	if m == wireResponse {
		return name, nil
	}
	sent, err := WireRequest(t)
	if err != nil {
		return "", err
	}
	returned, err := WireResponse(t)
	if err != nil {
		return "", err
	}
	if bytes.Equal(sent, returned) {
		return name, nil
	}
	return name + "Input", nil
}
