package schema_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/schema"
)

// tree is a schema as plain JSON, so that the tests see what a client sees.
type tree = map[string]any

func parse(t *testing.T, raw json.RawMessage, err error) tree {
	t.Helper()
	require.NoError(t, err)
	var root tree
	require.NoError(t, json.Unmarshal(raw, &root))
	return root
}

// walk visits s and every schema below it, with its path.
func walk(path string, s tree, visit func(path string, s tree)) {
	visit(path, s)
	if properties, ok := s["properties"].(tree); ok {
		for name, property := range properties {
			walk(path+"/"+name, property.(tree), visit)
		}
	}
	for _, key := range []string{"items", "additionalProperties"} {
		if below, ok := s[key].(tree); ok {
			walk(path+"/"+key, below, visit)
		}
	}
}

func TestEverySchemaCompiles(t *testing.T) {
	for _, op := range attrove.All() {
		in, out := op.Types()
		for name, build := range map[string]func() (json.RawMessage, error){
			"tool input":    func() (json.RawMessage, error) { return schema.ToolInput(in, schema.Shape{}) },
			"tool output":   func() (json.RawMessage, error) { return schema.ToolOutput(out, schema.Shape{}) },
			"wire request":  func() (json.RawMessage, error) { return schema.WireRequest(in) },
			"wire response": func() (json.RawMessage, error) { return schema.WireResponse(out) },
		} {
			raw, err := build()
			require.NoError(t, err, name)
			_, err = schema.Compile(raw)
			require.NoError(t, err, name)
			again, err := build()
			require.NoError(t, err, name)
			assert.Equal(t, string(raw), string(again), "%s of %s: the same type gave two schemas", name, op.Info().Name)
		}
	}
}

// What the clients of Claude, OpenAI and Gemini all read.
func assertPortable(t *testing.T, root tree) {
	t.Helper()
	assert.Equal(t, "object", root["type"], "the root's type")
	walk("", root, func(path string, s tree) {
		for _, key := range []string{"$schema", "$id", "$ref", "$defs", "oneOf", "anyOf", "allOf", "not", "if", "patternProperties"} {
			assert.NotContains(t, s, key, path)
		}
		if properties, ok := s["properties"].(tree); ok {
			for name, property := range properties {
				assert.NotEmpty(t, property.(tree)["description"], "%s/%s has no description", path, name)
			}
		}
		if allows(s, "array") {
			items, ok := s["items"].(tree)
			assert.True(t, ok && items["type"] != nil, "%s has items without a type", path)
		}
	})
}

func allows(s tree, name string) bool {
	if list, ok := s["type"].([]any); ok {
		return slices.Contains(list, any(name))
	}
	return s["type"] == name
}

func TestToolInputsAreClosed(t *testing.T) {
	// Free-form objects are the only opening in what a model may send.
	free := []string{
		"create_user/metadata", "push_message/metadata", "push_meeting/metadata", "push_note/metadata",
	}
	var found []string
	for _, op := range attrove.All() {
		in, _ := op.Types()
		raw, err := schema.ToolInput(in, schema.Shape{})
		root := parse(t, raw, err)
		assertPortable(t, root)
		walk(op.Info().Name, root, func(path string, s tree) {
			assert.NotContains(t, s, "format", path)
			assert.NotNil(t, s["type"], path)
			if !allows(s, "object") {
				return
			}
			if _, ok := s["properties"]; !ok {
				found = append(found, path)
				return
			}
			assert.Equal(t, false, s["additionalProperties"], path)
		})
	}
	assert.Equal(t, free, found)
}

func TestToolOutputsPromiseNothing(t *testing.T) {
	untyped := map[string]bool{}
	for _, op := range attrove.All() {
		_, out := op.Types()
		raw, err := schema.ToolOutput(out, schema.Shape{})
		root := parse(t, raw, err)
		assertPortable(t, root)
		walk("", root, func(path string, s tree) {
			for key := range s {
				assert.Contains(t, []string{"type", "description", "properties", "items", "additionalProperties"}, key, "%s %s", op.Info().Name, path)
			}
			assert.NotEqual(t, false, s["additionalProperties"], path)
			if path == "" {
				return
			}
			if s["type"] == nil {
				untyped[s["description"].(string)] = true
				return
			}
			types := 2
			if allows(s, "object") && allows(s, "string") { // P-39: evidence and actions come in two forms
				types = 3
			}
			assert.True(t, allows(s, "null") && len(s["type"].([]any)) == types, "%s %s has the type %v", op.Info().Name, path, s["type"])
		})
	}
	assert.Len(t, untyped, 1, "only a goal's confidence has no known type")
}

func TestWireSaysWhatItRestsOn(t *testing.T) {
	for _, op := range attrove.All() {
		in, out := op.Types()
		request, err := schema.WireRequest(in)
		requests := parse(t, request, err)
		response, err := schema.WireResponse(out)
		responses := parse(t, response, err)
		for _, root := range []tree{requests, responses} {
			walk("", root, func(path string, s tree) {
				assert.NotEqual(t, false, s["additionalProperties"], path)
				if properties, ok := s["properties"].(tree); ok {
					for name, property := range properties {
						assert.NotEmpty(t, property.(tree)["x-attrove-evidence"], "%s/%s", path, name)
					}
				}
			})
		}
		walk("", responses, func(path string, s tree) { assert.NotContains(t, s, "enum", path) })
	}
}

// property is the schema of the property that path leads to.
func property(t *testing.T, root tree, path ...string) tree {
	t.Helper()
	for _, name := range path {
		properties, ok := root["properties"].(tree)
		require.True(t, ok, "no properties above %s", name)
		require.Contains(t, properties, name)
		root = properties[name].(tree)
	}
	return root
}

func TestModesDiffer(t *testing.T) {
	in, out := attrove.ConfirmGoalStatus.Types()
	raw, err := schema.ToolInput(in, schema.Shape{})
	tool := parse(t, raw, err)
	raw, err = schema.WireRequest(in)
	request := parse(t, raw, err)
	raw, err = schema.WireResponse(out)
	response := parse(t, raw, err)

	t.Run("what a model may not set is hidden from it", func(t *testing.T) {
		for _, name := range []string{"initiator", "idempotency_key"} {
			assert.NotContains(t, tool["properties"], name)
			assert.Contains(t, request["properties"], name)
		}
	})
	t.Run("enumerations are closed on input alone", func(t *testing.T) {
		want := []any{"active", "completed", "archived", "cancelled"}
		assert.Equal(t, want, property(t, tool, "lifecycle")["enum"])
		assert.Equal(t, want, property(t, request, "lifecycle")["enum"])
		assert.NotContains(t, property(t, response, "lifecycle"), "enum")
	})
	t.Run("formats are for the wire", func(t *testing.T) {
		assert.Equal(t, "date-time", property(t, response, "deadline")["format"])
	})
	t.Run("required fields", func(t *testing.T) {
		assert.Equal(t, []any{"goal_id", "reason"}, tool["required"])
	})
}

// TestOptionalFieldsCanBeCleared: null means left out for a model, and empty on
// the wire.
func TestOptionalFieldsCanBeCleared(t *testing.T) {
	in, _ := attrove.UpdateGoal.Types()
	raw, err := schema.ToolInput(in, schema.Shape{})
	root := parse(t, raw, err)
	assert.Equal(t, "string", property(t, root, "deadline")["type"])
	assert.Equal(t, false, property(t, root, "watch_scope")["additionalProperties"])
	want := []string{"description", "success_criteria", "completion_condition", "deadline"}
	assert.Equal(t, want, schema.Clearable(in))
	assert.Equal(t, tree{"type": "string", "enum": []any{want[0], want[1], want[2], want[3]}}, property(t, root, schema.ClearKey)["items"])

	raw, err = schema.WireRequest(in)
	root = parse(t, raw, err)
	assert.Equal(t, []any{"string", "null"}, property(t, root, "deadline")["type"])
	assert.Equal(t, []any{"object", "null"}, property(t, root, "watch_scope")["type"])
	assert.NotContains(t, root["properties"], schema.ClearKey)

	type change struct {
		By attrove.Opt[attrove.Initiator] `json:"by,omitzero" jsonschema_description:"A value or null."`
	}
	raw, err = schema.WireRequest(reflect.TypeFor[change]())
	assert.Equal(t, []any{"human", "agent", "automation", nil}, property(t, parse(t, raw, err), "by")["enum"])
}

func TestBoundsAreForChecking(t *testing.T) {
	in, _ := attrove.CreateGoal.Types()
	shown, err := schema.ToolInput(in, schema.Shape{})
	assert.NotRegexp(t, `"(min|max)[A-Za-z]+":`, string(shown))
	require.NoError(t, err)
	raw, err := schema.ToolCheck(in, schema.Shape{})
	checked := parse(t, raw, err)
	assert.EqualValues(t, 1, property(t, checked, "title")["minLength"])
	assert.EqualValues(t, 365, property(t, checked, "watch_scope", "silence_condition", "quiet_after_days")["maximum"])
	delete(property(t, checked, "title"), "minLength")
	days := property(t, checked, "watch_scope", "silence_condition", "quiet_after_days")
	delete(days, "minimum")
	delete(days, "maximum")
	assert.Equal(t, parse(t, shown, nil), checked, "nothing else differs")
}

func TestASchemaInFull(t *testing.T) {
	in, _ := attrove.ListEntities.Types()
	raw, err := schema.ToolInput(in, schema.Shape{})
	require.NoError(t, err)
	assert.JSONEq(t, `{"properties":{"entity_type":{"type":"string","enum":["person","company","other","bot","user"],"description":"Only this kind."},`+
		`"query":{"type":"string","description":"Name or address contains this."},`+
		`"limit":{"type":"integer","description":"1 to 100."},`+
		`"cursor":{"type":"string","description":"next_cursor of the page before."}},`+
		`"additionalProperties":false,"type":"object"}`, string(raw))
	assert.Regexp(t, `"entity_type".*"query".*"limit".*"cursor"`, string(raw), "properties stand in the order of the fields")
}

func TestShape(t *testing.T) {
	type more struct {
		Returned int    `json:"returned" jsonschema_description:"How many."`
		Detail   string `json:"detail,omitempty" jsonschema_description:"How much."`
	}
	shape := schema.Shape{Without: []string{"expand", "id"}, With: []reflect.Type{reflect.TypeFor[more]()}}
	in, _ := attrove.GetEvent.Types()
	raw, err := schema.ToolInput(in, shape)
	require.NoError(t, err)
	assert.JSONEq(t, `{"type":"object","additionalProperties":false,"required":["returned"],"properties":{
		"returned":{"type":"integer","description":"How many."},"detail":{"type":"string","description":"How much."}}}`, string(raw))

	raw, err = schema.ToolOutput(reflect.TypeFor[attrove.None](), shape)
	require.NoError(t, err)
	assert.JSONEq(t, `{"type":"object","properties":{
		"returned":{"type":["integer","null"],"description":"How many."},"detail":{"type":["string","null"],"description":"How much."}}}`, string(raw))
}

func TestTypesWithoutASchema(t *testing.T) {
	_, err := schema.ToolInput(reflect.TypeFor[string](), schema.Shape{})
	require.EqualError(t, err, "schema of string: not a struct")
	type odd struct {
		C chan int `json:"c"`
	}
	_, err = schema.ToolOutput(reflect.TypeFor[odd](), schema.Shape{})
	require.ErrorContains(t, err, "unsupported type chan int")
	_, err = schema.ToolOutput(reflect.TypeFor[attrove.None](), schema.Shape{With: []reflect.Type{reflect.TypeFor[int]()}})
	assert.Error(t, err)
}
