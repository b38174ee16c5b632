package tools_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/tools"
)

// One schema that a vendor's API refuses takes all tools of all servers with it.
// The rules below are what Claude, OpenAI (strict and not) and Gemini all take:
//
//	Claude   platform.claude.com/docs: agents-and-tools/tool-use/define-tools, build-with-claude/structured-outputs
//	OpenAI   developers.openai.com/api/docs: guides/function-calling, guides/structured-outputs (supported schemas)
//	Gemini   ai.google.dev/api/caching (FunctionDeclaration, Schema), cloud.google.com/vertex-ai (FunctionDeclaration)

// words are the keywords that may stand in an input schema. Gemini answers one
// that it does not know with "Unknown name" (a $ref, const, not, patternProperties,
// exclusiveMinimum); Claude's strict mode has no bounds, OpenAI's no minLength;
// format is date-time or enum alone in Gemini, and ours are words such as 7d.
func words() []string {
	return []string{"type", "description", "properties", "required", "items", "enum", "additionalProperties"}
}

// freeForm are the arguments that may hold any object, because their operation
// keeps whatever it is given. They are the only ones that are open, and OpenAI's
// strict mode, which wants all objects closed, is not to be had with them.
func freeForm() []string {
	return []string{
		"attrove_add_goal_note.metadata", "attrove_push_note.metadata", "attrove_push_meeting.metadata",
		"attrove_push_message.metadata", "attrove_create_user.metadata",
	}
}

func TestInputSchemasArePortable(t *testing.T) {
	var open []string
	for _, one := range tools.Catalog() {
		t.Run(one.Name(), func(t *testing.T) {
			// 64 characters are OpenAI's limit and Gemini's, whose older one is 63; hosts
			// put the server's name before it, as in mcp__attrove__.
			assert.Regexp(t, `^[a-z][a-z_]*$`, one.Name())
			assert.LessOrEqual(t, len("mcp__attrove-mcp__"+one.Name()), 63)
			// OpenAI takes no more.
			assert.LessOrEqual(t, utf8.RuneCountInString(one.Description()), 1024)

			var root map[string]any
			require.NoError(t, json.Unmarshal(one.InputSchema(), &root))
			// Claude refuses, or drops, a tool whose root is no object or a union.
			assert.Equal(t, "object", root["type"])
			w := walk{T: t}
			w.schema(one.Name(), root, 1)
			open = append(open, w.open...)
			// OpenAI's strict mode took 100 properties and 15,000 characters of names
			// and values at first; it takes more now.
			assert.LessOrEqual(t, w.properties, 100)
			assert.LessOrEqual(t, len(one.InputSchema()), 15_000)
		})
	}
	assert.Equal(t, freeForm(), open)
}

// walk holds a schema to the rules and counts what it has seen.
type walk struct {
	*testing.T
	properties int
	open       []string
}

func (w *walk) schema(path string, s map[string]any, depth int) {
	w.Helper()
	assert.LessOrEqual(w, depth, 5, "%s: OpenAI's strict mode took 5 levels at first", path)
	for word := range s {
		assert.Contains(w, words(), word, path)
	}
	// Gemini's type is one word, and a list with null in it an error.
	kind, _ := s["type"].(string)
	assert.Contains(w, []string{"object", "array", "string", "integer", "number", "boolean"}, kind, path)
	if kind == "object" {
		w.object(path, s, depth)
	} else {
		// Gemini: only allowed for OBJECT type.
		assert.NotContains(w, s, "properties", path)
		assert.NotContains(w, s, "required", path)
		assert.NotContains(w, s, "additionalProperties", path)
	}
	if kind == "array" {
		items, ok := s["items"].(map[string]any)
		if assert.True(w, ok, "%s: Gemini wants to know the items of a list", path) {
			w.schema(path+"[]", items, depth+1)
		}
	}
	if values, ok := s["enum"].([]any); ok {
		w.enum(path, kind, values)
	}
}

func (w *walk) object(path string, s map[string]any, depth int) {
	w.Helper()
	properties, ok := s["properties"].(map[string]any)
	if !ok && depth > 1 {
		w.open = append(w.open, path)
		return
	}
	assert.True(w, ok, "%s: OpenAI refuses an object without properties, even if there are none", path)
	// Both strict modes want every object closed.
	assert.Equal(w, false, s["additionalProperties"], path)
	required, _ := s["required"].([]any)
	for _, name := range required {
		assert.Contains(w, properties, name, "%s: Gemini refuses to require what is not there", path)
	}
	for name, property := range properties {
		w.properties++
		// Claude: [a-zA-Z0-9_.-]{1,64}; Gemini: no dots or dashes, and a letter first.
		assert.Regexp(w, `^[a-zA-Z_][a-zA-Z0-9_]{0,63}$`, name, path)
		below, ok := property.(map[string]any)
		require.True(w, ok, "%s.%s: true is a schema that few clients read", path, name)
		assert.NotEmpty(w, below["description"], "%s.%s has no description", path, name)
		w.schema(path+"."+name, below, depth+1)
	}
}

func (w *walk) enum(path, kind string, values []any) {
	w.Helper()
	assert.Equal(w, "string", kind, "%s: Gemini's enum is for strings", path)
	assert.NotEmpty(w, values, path)
	assert.LessOrEqual(w, len(values), 250, "%s: OpenAI limits long ones", path)
	for _, value := range values {
		text, ok := value.(string)
		assert.True(w, ok && text != "", "%s: Gemini refuses an empty value", path)
	}
}

// strictly is what a model in OpenAI's or Claude's strict mode sends: everything
// that there is, and null for what it would leave out.
func strictly(s map[string]any) any {
	switch s["type"] {
	case "object":
		out := map[string]any{}
		properties, _ := s["properties"].(map[string]any)
		required, _ := s["required"].([]any)
		for name, property := range properties {
			out[name] = nil
			if slices.Contains(required, any(name)) {
				out[name] = strictly(property.(map[string]any))
			}
		}
		return out
	case "array":
		return []any{strictly(s["items"].(map[string]any))}
	case "integer":
		return 1
	case "boolean":
		return true
	}
	if values, ok := s["enum"].([]any); ok {
		return values[0]
	}
	return "a@b"
}

// TestNullIsLeftOut: it must neither be refused nor erase anything.
func TestNullIsLeftOut(t *testing.T) {
	for _, one := range tools.Catalog() {
		var root map[string]any
		require.NoError(t, json.Unmarshal(one.InputSchema(), &root))
		raw, err := json.Marshal(strictly(root))
		require.NoError(t, err)
		checked, err := tools.Check(one, raw)
		require.NoError(t, err, one.Name())
		assert.NotContains(t, string(checked), "null", one.Name())
	}
}

// TestBudget: what the tools cost every conversation that they are offered in.
func TestBudget(t *testing.T) {
	byDefault, all := 0, 0
	for _, one := range tools.Catalog() {
		most := 400
		if one.Name() == "attrove_create_goal" || one.Name() == "attrove_update_goal" {
			most = 500
		}
		assert.Positive(t, one.Tokens(), one.Name())
		assert.LessOrEqual(t, one.Tokens(), most, one.Name())
		all += one.Tokens()
		if one.Toolset().Default() {
			byDefault += one.Tokens()
		}
	}
	assert.LessOrEqual(t, byDefault, 6_000, "the default toolsets")
	assert.LessOrEqual(t, all, 10_000, "all tools")
}

// TestSchemasAreCompact: white space is paid for too.
func TestSchemasAreCompact(t *testing.T) {
	for _, one := range tools.Catalog() {
		var b bytes.Buffer
		require.NoError(t, json.Compact(&b, one.InputSchema()))
		assert.Equal(t, b.String(), string(one.InputSchema()), one.Name())
	}
}
