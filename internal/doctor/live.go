package doctor

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
)

// look compares an answer with what is declared of it.
func (c *comparison) look(ours *Shape, body []byte) {
	var value any
	if json.Unmarshal(body, &value) != nil {
		c.add("answer", "no JSON", ours.kind(), "")
		return
	}
	how, inner := ours.wrapped()
	other, held := unwrap(value)
	if how == other {
		c.value("answer", ours, value)
		return
	}
	c.add("answer envelope", other, how, "P-03")
	for _, one := range held {
		c.value("answer", inner, one)
	}
}

// unwrap tells how a value is wrapped, and what the wrapping holds.
func unwrap(v any) (how string, held []any) {
	members := object(v)
	if rows, ok := v.([]any); ok {
		return wrapList, rows
	}
	switch data := members["data"].(type) {
	case []any:
		return wrapPage, data
	case map[string]any:
		if len(members) == 1 {
			return wrapData, []any{data}
		}
	}
	return wrapNone, []any{v}
}

// value compares one value. What is declared without fields may hold anything,
// and is left alone.
func (c *comparison) value(at string, ours *Shape, v any) {
	if kind := kindOf(v); !ours.allows(kind) {
		c.add(at, kind, ours.kind(), ours.Mark)
		return
	}
	switch v := v.(type) {
	case []any:
		if ours.Items != nil {
			for _, one := range v {
				c.value(at+"[]", ours.Items, one)
			}
		}
	case map[string]any:
		if ours.Values != nil { // its keys are content
			for _, one := range v {
				c.value(at+".*", ours.Values, one)
			}
		}
		if ours.Fields != nil {
			c.members(at, ours, v)
		}
	}
}

func (c *comparison) members(at string, ours *Shape, v map[string]any) {
	for _, name := range ours.names() {
		field := ours.Fields[name]
		one, given := v[name]
		switch {
		case given:
			c.value(at+"."+name, field, one)
		case field.Required:
			c.add(at+"."+name, "", field.declared(), field.Mark)
		}
	}
	var unknown []string
	for name := range v {
		if ours.Fields[name] == nil {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	if telling(unknown, ours, v) {
		for _, name := range unknown {
			c.add(at+"."+name, kindOf(v[name]), "", "")
		}
		return
	}
	for _, name := range unknown { // said once for each kind
		c.add(at+"."+withheld, kindOf(v[name]), "", "")
	}
}

// withheld stands for names that could be content.
const withheld = "(name withheld)"

var fieldForm = regexp.MustCompile(`^[a-z]{1,24}([A-Z_][a-z]{0,24}){0,5}[0-9]?$`)

// telling reports whether unknown names are names of fields. Where one does not
// look like it, or where nothing is known and all values are of one kind, they
// may be keys of a map: people, addresses, ids.
func telling(unknown []string, ours *Shape, v map[string]any) bool {
	kinds := map[string]bool{}
	for _, name := range unknown {
		if len(name) > 40 || !fieldForm.MatchString(name) {
			return false
		}
		kinds[kindOf(v[name])] = true
	}
	nothingKnown := len(unknown) == len(v) && len(ours.Fields) > 0
	return len(unknown) <= 25 && (!nothingKnown || len(kinds) > 1)
}

func (s *Shape) allows(kind string) bool {
	return len(s.Types) == 0 || slices.Contains(s.Types, kind) ||
		kind == "integer" && slices.Contains(s.Types, "number")
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		if v == math.Trunc(v) {
			return "integer"
		}
		return "number"
	case int, int64, uint64:
		return "integer"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "unknown"
}

// clip makes a stranger's words fit to be quoted in the report.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune("`|<>", r) || r > '~' {
			return '?'
		}
		return r
	}, s)
	if len(s) > 200 {
		s = s[:200] + "..."
	}
	return s
}
