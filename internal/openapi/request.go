package openapi

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/schema"
)

type typ = reflect.Type

// fields are the fields of an operation's input, in their order.
type fields struct {
	of         typ
	names      []string
	properties map[string]json.RawMessage
	required   []string
}

func fieldsOf(in typ) (fields, error) {
	raw, err := schema.WireRequest(in)
	if err != nil {
		return fields{}, err
	}
	var object struct {
		Properties map[string]json.RawMessage
		Required   []string
	}
	if err := json.Unmarshal(raw, &object); err != nil {
		return fields{}, fmt.Errorf("schema of %s: %w", in, err)
	}
	f := fields{of: in, properties: object.Properties, required: object.Required}
	for _, field := range reflect.VisibleFields(in) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if _, ok := f.properties[name]; ok {
			f.names = append(f.names, name)
		}
	}
	return f, nil
}

// sharedParameters are those that many operations take: whose data it is, and
// the page to return.
func sharedParameters() (map[string]parameter, error) {
	page, err := fieldsOf(reflect.TypeFor[attrove.Cut]())
	if err != nil {
		return nil, err
	}
	shared := map[string]parameter{
		// No type has the user's id: the caller's key comes with it (attrove.Place).
		"user_id": {Name: "user_id", In: "path", Required: true, Description: "The user's UUID.",
			Schema: json.RawMessage(`{"type":"string","format":"uuid"}`), evidence: restsOn(attrove.Documented)},
	}
	for _, name := range page.names {
		if shared[name], err = page.parameter(name, "query"); err != nil {
			return nil, err
		}
	}
	return shared, nil
}

// parameters are what travels in the path and in the query.
func (a *author) parameters(m attrove.Meta, f fields) ([]parameter, error) {
	inPath := m.PathNames()
	var all []parameter
	for _, name := range inPath {
		if _, ok := a.shared[name]; ok {
			all = append(all, parameter{Ref: parameterRefs + name})
			continue
		}
		one, err := f.parameter(name, "path")
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	if !m.InQuery() {
		return all, nil
	}
	for _, name := range f.names {
		if slices.Contains(inPath, name) {
			continue
		}
		one, err := f.parameter(name, "query")
		if err != nil {
			return nil, err
		}
		if reflect.DeepEqual(one, a.shared[name]) {
			one = parameter{Ref: parameterRefs + name}
		}
		all = append(all, one)
	}
	return all, nil
}

// parameter is a field as a parameter, which takes over what the field's schema
// says about it.
func (f fields) parameter(name, in string) (parameter, error) {
	var s map[string]any
	if err := json.Unmarshal(f.properties[name], &s); err != nil {
		return parameter{}, fmt.Errorf("parameter %s: %w", name, err)
	}
	p := parameter{Name: name, In: in, Required: in == "path" || slices.Contains(f.required, name)}
	p.Description, _ = s["description"].(string)
	mark, _ := s[schema.MarkKey].(string)
	p.evidence = restsOn(attrove.Evidence(mark))
	if s["type"] == "array" { // comma-separated (P-06b)
		p.Style, p.Explode = "form", new(bool)
	}
	for _, key := range []string{"description", schema.EvidenceKey, schema.MarkKey} {
		delete(s, key)
	}
	var err error
	p.Schema, err = json.Marshal(s)
	return p, err
}

// body is what travels in the body, nil if nothing does. One that needs no field
// may be left out.
func (a *author) body(m attrove.Meta, f fields) (*requestBody, error) {
	if m.InQuery() {
		return nil, nil
	}
	elsewhere := m.PathNames()
	left := func(names []string) int {
		return len(slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(elsewhere, name) }))
	}
	if left(f.names) == 0 {
		return nil, nil
	}
	ref, err := a.schemas.Request(f.of, elsewhere...)
	if err != nil {
		return nil, err
	}
	return &requestBody{Required: left(f.required) > 0, Content: jsonOf(frame{Ref: ref})}, nil
}
