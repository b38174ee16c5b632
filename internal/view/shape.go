package view

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// role is what the view has to know about a place in an answer.
type role int

const (
	plain   role = iota // a value of Attrove's own: an id, a date, a number
	words               // text that other people wrote
	markup              // the same as HTML
	secret              // a credential that is shown once
	rows                // a list
	keyed               // an object whose names are data, such as ids
	fields              // an object of the contract
	unknown             // whatever is here is not in the contract
	known               // what the reader knows; it is left out
)

// shape is a Go type as the view sees it.
type shape struct {
	role   role
	elem   *shape           // of rows and keyed
	below  string           // where elem is
	fields map[string]field // of fields
}

type field struct {
	*shape
	path     string // where it is, such as data[].body_text
	optional bool   // left out when empty
}

// nowhere is the shape of what the contract does not have.
func nowhere() *shape { return &shape{role: unknown} }

// shapeOf reads a type of the contract, the value of which is at path. The types
// are not recursive.
func shapeOf(t reflect.Type, path string) *shape {
	switch t {
	case reflect.TypeFor[attrove.ForeignText]():
		return &shape{role: words}
	case reflect.TypeFor[json.RawMessage]():
		return nowhere()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return shapeOf(t.Elem(), path)
	case reflect.Slice:
		return listOf(rows, t.Elem(), path+"[]")
	case reflect.Map:
		if k := t.Elem(); k == reflect.TypeFor[string]() || k.Kind() == reflect.Interface { // mail headers, metadata
			return nowhere()
		}
		return listOf(keyed, t.Elem(), path+".*")
	case reflect.Interface:
		return nowhere()
	case reflect.Struct:
		return fieldsOf(t, path)
	default:
		return &shape{role: plain}
	}
}

func listOf(r role, elem reflect.Type, below string) *shape {
	return &shape{role: r, elem: shapeOf(elem, below), below: below}
}

func fieldsOf(t reflect.Type, path string) *shape {
	s := &shape{role: fields, fields: map[string]field{}}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			continue
		}
		at := join(path, name)
		inner := shapeOf(f.Type, at)
		switch {
		case name == "body_html" && inner.role == words:
			inner = &shape{role: markup}
		case f.Tag.Get("mcp") == "-":
			inner = &shape{role: known}
		case f.Tag.Get("mcp") == "secret":
			inner = &shape{role: secret}
		}
		optional := strings.Contains(options, "omit") || f.Type.Kind() == reflect.Pointer
		s.fields[name] = field{inner, at, optional}
	}
	return s
}

// page reports whether the type is a page of a list.
func (s *shape) page() bool {
	_, data := s.fields["data"]
	_, pagination := s.fields["pagination"]
	return data && pagination
}
