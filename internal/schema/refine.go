package schema

import (
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// On what an operation or a field rests: the level in words, and our mark.
const (
	EvidenceKey = "x-attrove-evidence"
	MarkKey     = "x-attrove-evidence-mark"
)

// refine walks the type beside its schema and applies what only the type knows:
// hidden fields, evidence, and which fields may be null.
func (b builder) refine(t reflect.Type, s *jsonschema.Schema) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if inner, ok := InnerOf(t); ok {
		b.refine(inner, s)
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		if s.Properties != nil {
			b.refineFields(t, s)
		}
		// A result shows what Attrove sent, in either form, and clients hold it to the schema.
		if t.Implements(reflect.TypeFor[abridged]()) && b.mode == toolOutput {
			extra(s, "type", []string{s.Type, "string", "null"})
			s.Type = ""
		}
	case reflect.Slice:
		if s.Items != nil {
			b.refine(t.Elem(), s.Items)
		}
		if t.Implements(reflect.TypeFor[texted]()) && b.mode == wireResponse {
			extra(s, "type", []string{s.Type, "string", "null"})
			s.Type = ""
		}
	case reflect.Map:
		if s.AdditionalProperties != nil {
			b.refine(t.Elem(), s.AdditionalProperties)
		}
	default: // holds no fields
	}
}

func (b builder) refineFields(t reflect.Type, s *jsonschema.Schema) {
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		property, ok := s.Properties.Get(name)
		if name == "" || !ok {
			continue
		}
		if b.arguments() && field.Tag.Get("mcp") == "-" {
			drop(s, name)
			continue
		}
		b.refine(field.Type, property)
		if mark := field.Tag.Get("evidence"); mark != "" && b.evidence() {
			extra(property, EvidenceKey, attrove.Evidence(mark).Level())
			extra(property, MarkKey, mark)
		}
		if _, ok := InnerOf(field.Type); b.evidence() && (ok || field.Type.Kind() == reflect.Pointer) {
			nullable(property)
		}
	}
}

// ClearKey is the argument of a tool that names the fields to empty. Null cannot
// say so: a client in a strict mode sends it for whatever it leaves out.
const ClearKey = "clear"

// Clearable lists the fields of t, a struct, that may be emptied.
func Clearable(t reflect.Type) []string {
	var names []string
	for _, field := range reflect.VisibleFields(t) {
		if field.Tag.Get("mcp") == "clear" {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return names
}

func clearing(names []string) *jsonschema.Schema {
	item := &jsonschema.Schema{Type: "string"}
	for _, name := range names {
		item.Enum = append(item.Enum, name)
	}
	return &jsonschema.Schema{Type: "array", Items: item, Description: "Fields to empty."}
}

// unbound takes the bounds from a schema.
func unbound(s *jsonschema.Schema) {
	s.MinLength, s.MaxLength, s.MinItems, s.MaxItems = nil, nil, nil, nil
	s.Minimum, s.Maximum = "", ""
	if s.Properties != nil {
		for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
			unbound(pair.Value)
		}
	}
	if s.Items != nil {
		unbound(s.Items)
	}
}

// InnerOf returns what a field of a partial change holds, which may be null; of
// any other field it says that it is none.
func InnerOf(t reflect.Type) (inner reflect.Type, ok bool) {
	if v, is := reflect.Zero(t).Interface().(optional); is {
		return reflect.TypeOf(v.Inner()), true
	}
	return nil, false
}

// nullable allows null beside what the schema allows. The library knows one
// type only and would write oneOf, which not every client reads.
func nullable(s *jsonschema.Schema) {
	if s.Ref != "" {
		s.AnyOf = []*jsonschema.Schema{{Ref: s.Ref}, {Type: "null"}}
		s.Ref = ""
	}
	if s.Type == "" {
		return
	}
	extra(s, "type", []string{s.Type, "null"})
	s.Type = ""
	if s.Enum != nil {
		s.Enum = append(s.Enum, nil)
	}
}

func extra(s *jsonschema.Schema, key string, value any) {
	if s.Extras == nil {
		s.Extras = map[string]any{}
	}
	s.Extras[key] = value
}

// describe takes from a schema whatever promises something.
func describe(s *jsonschema.Schema) {
	kept := jsonschema.Schema{
		Type: s.Type, Description: s.Description, Properties: s.Properties,
		Items: s.Items, AdditionalProperties: s.AdditionalProperties, Extras: s.Extras,
	}
	*s = kept
	nullable(s)
	if s.Properties != nil {
		for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
			describe(pair.Value)
		}
	}
	if s.Items != nil {
		describe(s.Items)
	}
	if s.AdditionalProperties != nil {
		describe(s.AdditionalProperties)
	}
}
