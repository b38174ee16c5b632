package schema

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Repair accepts what models often get wrong and what cannot be misunderstood:
// the JSON of a number, boolean, list or object in a string; a single value for
// a list of such; null for an optional argument that is never null. What is
// right stays as it is, byte for byte.
func (v *Validator) Repair(args json.RawMessage) json.RawMessage {
	args = orEmpty(args)
	if !json.Valid(args) {
		return args // Validate says so
	}
	return v.root.repair(args)
}

func (n *node) repair(raw json.RawMessage) json.RawMessage {
	kind := kindOf(raw)
	if kind == "string" && !n.Type.allow(kind) {
		raw = n.unquote(raw)
		kind = kindOf(raw)
	}
	switch {
	case kind == "object" && n.Type.allow(kind):
		return n.repairObject(raw)
	case kind == "array" && n.Type.allow(kind) && n.Items != nil:
		return n.repairList(raw)
	case !n.Type.allow(kind) && n.Type.allow("array") && n.Items != nil && kind != "null":
		if item := n.Items.repair(raw); n.Items.Type.allow(kindOf(item)) {
			return slices.Concat([]byte{'['}, item, []byte{']'})
		}
	}
	return raw
}

// unquote returns the JSON in a string, if it is of a kind that is wanted.
func (n *node) unquote(raw json.RawMessage) json.RawMessage {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return raw
	}
	inner := bytes.TrimSpace([]byte(text))
	if !json.Valid(inner) {
		return raw
	}
	switch kind := kindOf(inner); kind {
	case "string", "null":
		return raw
	default:
		if !n.Type.allow(kind) {
			return raw
		}
	}
	return inner
}

func (n *node) repairObject(raw json.RawMessage) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return raw
	}
	changed := false
	for name, value := range fields {
		property, ok := n.Properties[name]
		switch {
		case !ok:
		case kindOf(value) == "null" && !property.Type.allow("null") && !slices.Contains(n.Required, name):
			delete(fields, name)
			changed = true
		default:
			repaired := property.repair(value)
			changed = changed || !bytes.Equal(repaired, value)
			fields[name] = repaired
		}
	}
	return encodeIf(changed, fields, raw)
}

func (n *node) repairList(raw json.RawMessage) json.RawMessage {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return raw
	}
	changed := false
	for i, item := range items {
		items[i] = n.Items.repair(item)
		changed = changed || !bytes.Equal(items[i], item)
	}
	return encodeIf(changed, items, raw)
}

func encodeIf[T any](changed bool, value T, raw json.RawMessage) json.RawMessage {
	if !changed {
		return raw
	}
	encoded, err := json.Marshal(value)
	if err != nil { // it was valid JSON a moment ago
		return raw
	}
	return encoded
}

// kindOf names the type of a JSON value as JSON Schema does.
func kindOf(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "null"
	}
	switch raw[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}
