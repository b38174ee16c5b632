package doctor_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/doctor"
	"github.com/attrove/attrove-mcp/internal/openapi"
)

func ours(t *testing.T) ([]byte, doctor.Spec) {
	t.Helper()
	raw, err := openapi.Document(openapi.Options{})
	require.NoError(t, err)
	spec, err := doctor.ReadSpec(raw)
	require.NoError(t, err)
	return raw, spec
}

func TestOurDocumentIsReadWhole(t *testing.T) {
	_, spec := ours(t)
	assert.Len(t, spec.Operations, 65)
	assert.Zero(t, spec.Unread)
	assert.Empty(t, doctor.Compare(spec, spec))
	list := spec.Operations["GET /v1/users/{}/goals"]
	assert.Equal(t, "bearer", list.Security)
	assert.Equal(t, "P-05", list.Parameters["query limit"].Mark)
	goal := list.Success.Fields["data"].Items
	assert.True(t, goal.Fields["id"].Required)
	assert.Equal(t, []string{"null", "object"}, goal.Fields["next_move"].Types)
	assert.Equal(t, "P-35", goal.Fields["next_move"].Fields["description"].Mark)
	assert.Equal(t, []string{"string"}, list.Failure.Fields["error"].Fields["code"].Types)
}

// Attrove's document may be written in any way that OpenAPI allows.
func TestOtherWaysToWrite(t *testing.T) {
	spec, err := doctor.ReadSpec([]byte(`
openapi: 3.0
info: {title: Other, version: 2026-11-01}
servers: [{url: "https://api.example.com/v1/"}]
security: [{key: []}, {}]
paths:
  /users/{userId}/notes/{noteId}:
    parameters:
      - {name: userId, in: path, required: true, schema: {type: string}}
      - $ref: '#/components/parameters/trace'
    get:
      responses:
        200:
          content:
            application/json; charset=utf-8:
              schema: {$ref: '#/components/schemas/Reply'}
        default: {$ref: '#/components/responses/Failed'}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  parameters:
    trace: {name: X-Trace, in: header, schema: {type: string}}
  responses:
    Failed: {content: {application/problem+json: {schema: {type: object, properties: {code: {type: integer}}}}}}
  schemas:
    Reply:
      allOf:
        - {type: object, required: [id], properties: {id: {type: string, nullable: true}}}
        - properties:
            parent: {$ref: '#/components/schemas/Reply'}
            kind: {enum: [a, b]}
            by:
              oneOf:
                - {type: object, required: [name], properties: {name: {type: string}}}
                - {type: string}
            labels: {additionalProperties: {type: array, items: {type: integer}}}
            far: {$ref: 'https://elsewhere.example/far.json'}
`))
	require.NoError(t, err)
	assert.Equal(t, []any{"3", "Other", "2026-11-01"}, []any{spec.OpenAPI, spec.Title, spec.Version})
	require.Contains(t, spec.Operations, "GET /v1/users/{}/notes/{}")
	get := spec.Operations["GET /v1/users/{}/notes/{}"]
	assert.Equal(t, "header X-Key or nothing", get.Security)
	assert.Equal(t, []string{"200", "default"}, get.Statuses)
	require.Contains(t, get.Parameters, "header X-Trace")
	assert.Len(t, get.Parameters, 1)
	reply := get.Success
	assert.True(t, reply.Fields["id"].Required)
	assert.Equal(t, []string{"null", "string"}, reply.Fields["id"].Types)
	assert.Equal(t, []string{"object"}, reply.Fields["parent"].Types, "a circle ends")
	assert.Equal(t, []string{"string"}, reply.Fields["kind"].Types)
	assert.Equal(t, []string{"object", "string"}, reply.Fields["by"].Types)
	assert.False(t, reply.Fields["by"].Fields["name"].Required, "it may be a string")
	assert.Equal(t, []string{"integer"}, reply.Fields["labels"].Values.Items.Types)
	assert.Empty(t, reply.Fields["far"].Types, "what is elsewhere may be anything")
	assert.Equal(t, 1, spec.Unread)
	assert.Contains(t, get.Failure.Fields, "code")
}

func TestWhatIsNoDocument(t *testing.T) {
	for name, tc := range map[string]struct{ raw, want string }{
		"nothing":          {"", "no object"},
		"a page":           {"<!doctype html><title>Log in</title>", "a page"},
		"words":            {"Not Found", "no object"},
		"a list":           {"[]", "no object"},
		"neither":          {"{a: [}", "neither JSON nor YAML"},
		"Swagger":          {`{"swagger":"2.0","paths":{}}`, "no OpenAPI 3 document"},
		"another object":   {`{"error":"unauthorized"}`, "no OpenAPI 3 document"},
		"no operations":    {`{"openapi":"3.1.0","paths":{"/x":{"summary":"s"}}}`, "without operations"},
		"odd everywhere":   {`{"openapi":"3.1.0","info":7,"servers":{},"paths":[1],"components":"c"}`, "without operations"},
		"a YAML bomb":      {yamlBomb(), "neither JSON nor YAML"},
		"a path of itself": {`{"openapi":"3.1.0","paths":{"/x":{"$ref":"#/paths/~1x"}}}`, "without operations"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := doctor.ReadSpec([]byte(tc.raw))
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func yamlBomb() string {
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := range 12 {
		fmt.Fprintf(&bomb, "a%d: &a%d [%s *a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 9), i)
	}
	return bomb.String()
}

// Each schema refers twice to the next: read out, it would have no end.
func TestADocumentThatExplodes(t *testing.T) {
	schemas := map[string]any{}
	for i := range 40 {
		next := map[string]any{"$ref": fmt.Sprintf("#/components/schemas/S%d", i+1)}
		schemas[fmt.Sprintf("S%d", i)] = map[string]any{"properties": map[string]any{"a": next, "b": next}}
	}
	schemas["S40"] = map[string]any{"type": "string"}
	raw, err := json.Marshal(map[string]any{"openapi": "3.1.0", "components": map[string]any{"schemas": schemas},
		"paths": map[string]any{"/x": map[string]any{"get": map[string]any{"responses": map[string]any{"200": map[string]any{"content": map[string]any{
			"application/json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/S0"}}}}}}}}})
	require.NoError(t, err)
	spec, err := doctor.ReadSpec(raw)
	require.NoError(t, err)
	assert.NotZero(t, spec.Unread)
}

func FuzzReadSpec(f *testing.F) {
	f.Add([]byte(`{"openapi":"3.1.0","paths":{"/x":{"get":{"parameters":[{"in":"query"}],"responses":{"":{},"200":{"$ref":"#/a"}}}}}}`))
	f.Add([]byte("openapi: 3.0.0\npaths: {/x: {get: {security: [{a: []}], responses: {default: {content: {json: {schema: {anyOf: [{}]}}}}}}}}"))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		if spec, err := doctor.ReadSpec(raw); err == nil {
			doctor.Compare(spec, spec)
		}
	})
}
