package tools

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/schema"
)

// clear turns the names of fields to empty into null, which is what the
// operation takes, and refuses a change that changes nothing.
func (t *Tool) clear(fields Fields) error {
	optional := t.traits().optional
	if len(optional) == 0 {
		return nil
	}
	var names []string
	if raw, given := fields[schema.ClearKey]; given {
		if err := json.Unmarshal(raw, &names); err != nil { // the schema has been checked
			return invalid(schema.ClearKey, "clear must list names of fields")
		}
		delete(fields, schema.ClearKey)
	}
	for _, name := range names {
		if value := fields[name]; value != nil && string(value) != "null" {
			return invalid(name, name+" is given and is to be emptied: do one of them")
		}
		fields[name] = json.RawMessage("null")
	}
	if slices.ContainsFunc(optional, func(name string) bool { return fields[name] != nil }) {
		return nil
	}
	message := "there is nothing to change: give at least one of " + strings.Join(optional, ", ")
	if len(schema.Clearable(t.args)) > 0 {
		message += "; to empty a field name it in clear"
	}
	return invalid("", message)
}

// optionalFields lists the fields of a partial change.
func optionalFields(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if _, ok := schema.InnerOf(f.Type); ok {
			names = append(names, jsonName(f))
		}
	}
	return names
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
