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
// dates as plain strings so that "7d" passes. Fields tagged mcp:"-" are left
// out; those tagged mcp:"clear" can be emptied by naming them in ClearKey.
// It keeps to the words that the function calling of Claude, OpenAI and Gemini
// all take: bounds and null among the types are not among them.
func ToolInput(t reflect.Type, s Shape) (json.RawMessage, error) {
	return builder{mode: toolInput}.build(t, s)
}

// ToolCheck is ToolInput with the bounds, for holding arguments to them.
func ToolCheck(t reflect.Type, s Shape) (json.RawMessage, error) {
	return builder{mode: toolCheck}.build(t, s)
}

// ToolOutput is the schema of a tool's result: open, nothing required, every
// property nullable, without enums, formats and bounds.
func ToolOutput(t reflect.Type, s Shape) (json.RawMessage, error) {
	return builder{mode: toolOutput}.build(t, s)
}

// WireRequest is the schema of what an operation is sent, with formats and, as
// x-attrove-evidence and x-attrove-evidence-mark, on what each field rests.
func WireRequest(t reflect.Type) (json.RawMessage, error) {
	return builder{mode: wireRequest}.build(t, Shape{})
}

// WireResponse is the schema of what an operation answers, like WireRequest but
// with open enumerations: the known values are examples.
func WireResponse(t reflect.Type) (json.RawMessage, error) {
	return builder{mode: wireResponse}.build(t, Shape{})
}

type mode int

const (
	toolInput mode = iota
	toolCheck
	toolOutput
	wireRequest
	wireResponse
)

func (m mode) arguments() bool   { return m == toolInput || m == toolCheck }
func (m mode) closedEnums() bool { return m.arguments() || m == wireRequest }
func (m mode) formats() bool     { return m == wireRequest || m == wireResponse }
func (m mode) evidence() bool    { return m == wireRequest || m == wireResponse }

// builder makes schemas in one mode. With a refer, a struct within another is a
// reference to what refer names.
type builder struct {
	mode
	refer func(reflect.Type) (ref string, err error)
}

// build reports a type that the reflector cannot handle as an error.
func (b builder) build(t reflect.Type, shape Shape) (raw json.RawMessage, err error) {
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
	root := b.reflect(t)
	for _, name := range shape.Without {
		drop(root, name)
	}
	for _, more := range shape.With {
		add(root, b.reflect(more))
	}
	switch b.mode {
	case toolInput:
		unbound(root)
	case toolOutput:
		describe(root)
		root.Type, root.Extras = "object", nil
	default: // stays as it is
	}
	raw, err = json.Marshal(root)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", t, err)
	}
	return raw, nil
}

func (b builder) reflect(t reflect.Type) *jsonschema.Schema {
	s := b.reflector(t).ReflectFromType(t)
	s.Version = ""
	b.refine(t, s)
	if names := Clearable(t); len(names) > 0 && b.arguments() {
		s.Properties.Set(ClearKey, clearing(names))
	}
	return s
}

// reflector reflects root itself and, with a refer, the structs in it by reference.
func (b builder) reflector(root reflect.Type) *jsonschema.Reflector {
	return &jsonschema.Reflector{
		Anonymous:                 true,
		DoNotReference:            true,
		ExpandedStruct:            true,
		AllowAdditionalProperties: !b.arguments(),
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			if s := b.mapType(t); s != nil || t == root {
				return s
			}
			return b.reference(t)
		},
	}
}

// reference refers to a struct, or is nil where schemas stand in full. A panic
// is how a mapper fails; build reports it.
func (b builder) reference(t reflect.Type) *jsonschema.Schema {
	if b.refer == nil || t.Kind() != reflect.Struct {
		return nil
	}
	ref, err := b.refer(t)
	if err != nil {
		panic(err)
	}
	return &jsonschema.Schema{Ref: ref}
}

// What the named types of the contract say about themselves.
type (
	enumerated interface{ Values() []string } // the values it may take
	formatted  interface{ Format() string }   // the format of the wire value
	optional   interface{ Inner() any }       // the zero value of what it holds, beside null
	abridged   interface{ OrText() }          // an object for which a text may stand
	texted     interface{ InText() }          // a list that may come as null or as a text that holds it
)

// mapType makes the schema of the types that say more than their kind does. It
// must be fresh each time, because field tags change it.
func (b builder) mapType(t reflect.Type) *jsonschema.Schema {
	switch v := reflect.Zero(t).Interface().(type) {
	case enumerated:
		s := &jsonschema.Schema{Type: "string"}
		for _, value := range v.Values() {
			switch {
			case b.closedEnums():
				s.Enum = append(s.Enum, value)
			case b.mode == wireResponse:
				s.Examples = append(s.Examples, value)
			}
		}
		return s
	case formatted:
		s := &jsonschema.Schema{Type: "string"}
		if b.formats() {
			s.Format = v.Format()
		}
		return s
	case optional:
		return b.inner(reflect.TypeOf(v.Inner()))
	}
	return nil
}

// inner reflects what an optional field holds.
func (b builder) inner(t reflect.Type) *jsonschema.Schema {
	if s := b.reference(t); s != nil {
		return s
	}
	s := b.reflector(t).ReflectFromType(t)
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
