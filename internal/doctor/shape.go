package doctor

import (
	"maps"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/schema"
)

const markKey = schema.MarkKey

// Shape is what a schema says of a value: its types, and the shapes within it.
type Shape struct {
	Types    []string // JSON's and "integer", sorted; none means any
	Required bool     // where it stands
	Mark     string   // our evidence, in our own document
	Travels  string   // how a list travels in a query
	Enum     []string // the values of a closed enumeration, sorted
	Examples []string // likewise of an open one, in our own document
	Fields   map[string]*Shape
	Items    *Shape // of a list
	Values   *Shape // of a map
}

// shape reads a schema. What leads back into itself is an object of any kind.
func (r *reader) shape(v any, depth int) *Shape {
	r.left--
	s := object(v)
	if s == nil || depth > maxDepth || r.left < 0 {
		if s != nil {
			r.unread++
		}
		return &Shape{}
	}
	out := &Shape{Types: typesOf(s), Enum: texts(s["enum"]), Examples: texts(s["examples"])}
	if ref, ok := s["$ref"].(string); ok {
		out.merge(r.referred(ref, depth))
	}
	for _, part := range list(s["allOf"]) {
		out.merge(r.shape(part, depth+1))
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		r.alternatives(out, list(s[key]), depth)
	}
	required := list(s["required"])
	for name, field := range object(s["properties"]) {
		one := r.shape(field, depth+1)
		one.Required = slices.Contains(required, any(name))
		out.merge(&Shape{Fields: map[string]*Shape{name: one}})
	}
	if s["items"] != nil {
		out.merge(&Shape{Items: r.shape(s["items"], depth+1)})
	}
	if values := object(s["additionalProperties"]); values != nil {
		out.merge(&Shape{Values: r.shape(values, depth+1)})
	}
	if mark := text(s[markKey]); mark != "" {
		out.Mark = mark
	}
	return out
}

func (r *reader) referred(ref string, depth int) *Shape {
	if slices.Contains(r.within, ref) {
		return &Shape{Types: []string{"object"}}
	}
	r.within = append(r.within, ref)
	defer func() { r.within = r.within[:len(r.within)-1] }()
	return r.shape(r.lookup(ref), depth+1)
}

// alternatives adds what a value may be: where it may be several things, none of
// their fields is required.
func (r *reader) alternatives(out *Shape, of []any, depth int) {
	several := 0
	for _, one := range of {
		if object(one)["type"] != "null" {
			several++
		}
	}
	for _, one := range of {
		shape := r.shape(one, depth+1)
		for _, field := range shape.Fields {
			field.Required = field.Required && several == 1
		}
		out.merge(shape)
	}
}

func typesOf(s map[string]any) []string {
	var types []string
	switch t := s["type"].(type) {
	case string:
		types = []string{t}
	case []any:
		for _, one := range t {
			types = append(types, text(one))
		}
	default:
		switch {
		case s["properties"] != nil:
			types = []string{"object"}
		case s["items"] != nil:
			types = []string{"array"}
		}
		for _, value := range list(s["enum"]) {
			types = append(types, kindOf(value))
		}
	}
	if s["nullable"] == true { // OpenAPI 3.0
		types = append(types, "null")
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// texts are the strings of a list, sorted.
func texts(v any) []string {
	var all []string
	for _, one := range list(v) {
		if s := text(one); s != "" {
			all = append(all, s)
		}
	}
	slices.Sort(all)
	return all
}

func (s *Shape) merge(from *Shape) {
	s.Types = slices.Compact(slices.Sorted(slices.Values(slices.Concat(s.Types, from.Types))))
	for name, field := range from.Fields {
		if s.Fields == nil {
			s.Fields = map[string]*Shape{}
		}
		if own, ok := s.Fields[name]; ok {
			own.merge(field)
			own.Required = own.Required || field.Required
			continue
		}
		s.Fields[name] = field
	}
	if s.Enum == nil {
		s.Enum = from.Enum
	}
	if s.Examples == nil {
		s.Examples = from.Examples
	}
	if s.Items == nil {
		s.Items = from.Items
	}
	if s.Values == nil {
		s.Values = from.Values
	}
	if s.Mark == "" {
		s.Mark = from.Mark
	}
}

// kind names the types.
func (s *Shape) kind() string {
	if len(s.Types) == 0 {
		return "any"
	}
	return strings.Join(s.Types, " or ")
}

func (s *Shape) names() []string { return slices.Sorted(maps.Keys(s.Fields)) }

// The ways in which an answer is wrapped (P-03).
const (
	wrapData = "in data"
	wrapPage = "a page"
	wrapList = "a bare list"
	wrapNone = "bare"
)

// wrapped tells how an answer is wrapped, and what the wrapping holds.
func (s *Shape) wrapped() (how string, inner *Shape) {
	data := s.Fields["data"]
	switch {
	case s.Items != nil && s.Fields == nil:
		return wrapList, s.Items
	case data != nil && data.Items != nil:
		return wrapPage, data.Items
	case data != nil && len(s.Fields) == 1:
		return wrapData, data
	}
	return wrapNone, s
}
