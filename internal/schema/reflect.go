package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/invopop/jsonschema"
)

// Shape is how a schema differs from the type it is made from.
type Shape struct {
	Without []string       // properties of the type that are left out
	With    []reflect.Type // structs whose fields are added, described by their tags
}

// ToolInput is the schema of a tool's arguments: closed, with enums, and with
// dates as plain strings so that "7d" passes. Fields tagged mcp:"-" are left out.
func ToolInput(t reflect.Type, s Shape) (json.RawMessage, error) { return build(toolInput, t, s) }

// ToolOutput is the schema of a tool's result: open, nothing required, every
// property nullable, without enums, formats and bounds.
func ToolOutput(t reflect.Type, s Shape) (json.RawMessage, error) { return build(toolOutput, t, s) }

// WireRequest is the schema of what an operation is sent, with formats and, as
// x-attrove-evidence, the mark of each field.
func WireRequest(t reflect.Type) (json.RawMessage, error) { return build(wireRequest, t, Shape{}) }

// WireResponse is the schema of what an operation answers, like WireRequest but
// with open enumerations.
func WireResponse(t reflect.Type) (json.RawMessage, error) { return build(wireResponse, t, Shape{}) }

type mode int

const (
	toolInput mode = iota
	toolOutput
	wireRequest
	wireResponse
)

func (m mode) closedEnums() bool { return m == toolInput || m == wireRequest }
func (m mode) formats() bool     { return m == wireRequest || m == wireResponse }
func (m mode) evidence() bool    { return m == wireRequest || m == wireResponse }

// build reports a type that the reflector cannot handle as an error.
func build(m mode, t reflect.Type, shape Shape) (raw json.RawMessage, err error) {
	defer func() {
		if r := recover(); r != nil { // jsonschema panics on such a type
			err = fmt.Errorf("schema of %s: %v", t, r)
		}
	}()
	for _, one := range append([]reflect.Type{t}, shape.With...) {
		if one.Kind() != reflect.Struct {
			return nil, fmt.Errorf("schema of %s: not a struct", one)
		}
	}
	root := m.reflect(t)
	for _, name := range shape.Without {
		drop(root, name)
	}
	for _, more := range shape.With {
		add(root, m.reflect(more))
	}
	if m == toolOutput {
		describe(root)
		root.Type, root.Extras = "object", nil
	}
	raw, err = json.Marshal(root)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", t, err)
	}
	return raw, nil
}

func (m mode) reflect(t reflect.Type) *jsonschema.Schema {
	s := m.reflector().ReflectFromType(t)
	s.Version = ""
	m.refine(t, s)
	return s
}

func (m mode) reflector() *jsonschema.Reflector {
	return &jsonschema.Reflector{
		Anonymous:                 true,
		DoNotReference:            true,
		ExpandedStruct:            true,
		AllowAdditionalProperties: m != toolInput,
		Mapper:                    m.mapType,
	}
}

// What the named types of the contract say about themselves.
type (
	enumerated interface{ Values() []string } // the values it may take
	formatted  interface{ Format() string }   // the format of the wire value
	optional   interface{ Inner() any }       // the zero value of what it holds, beside null
	abridged   interface{ OrText() }          // an object for which a text may stand
)

// mapType makes the schema of the types that say more than their kind does. It
// must be fresh each time, because field tags change it.
func (m mode) mapType(t reflect.Type) *jsonschema.Schema {
	switch v := reflect.Zero(t).Interface().(type) {
	case enumerated:
		s := &jsonschema.Schema{Type: "string"}
		for _, value := range v.Values() {
			if m.closedEnums() {
				s.Enum = append(s.Enum, value)
			}
		}
		return s
	case formatted:
		s := &jsonschema.Schema{Type: "string"}
		if m.formats() {
			s.Format = v.Format()
		}
		return s
	case optional:
		return m.inner(reflect.TypeOf(v.Inner()))
	}
	return nil
}

// inner reflects what an optional field holds.
func (m mode) inner(t reflect.Type) *jsonschema.Schema {
	s := m.reflector().ReflectFromType(t)
	s.Version = ""
	return s
}

func drop(s *jsonschema.Schema, name string) {
	s.Properties.Delete(name)
	s.Required = slices.DeleteFunc(s.Required, func(required string) bool { return required == name })
}

func add(s, more *jsonschema.Schema) {
	for pair := more.Properties.Oldest(); pair != nil; pair = pair.Next() {
		s.Properties.Set(pair.Key, pair.Value)
	}
	s.Required = append(s.Required, more.Required...)
}
