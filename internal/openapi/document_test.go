package openapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/openapi"
)

type tree = map[string]any

func document(t *testing.T, o openapi.Options) tree {
	t.Helper()
	raw, err := openapi.Document(o)
	require.NoError(t, err)
	var doc tree
	require.NoError(t, json.Unmarshal(raw, &doc))
	return doc
}

// testdata/openapi-3.1.json is the OpenAPI Initiative's own schema of a document,
// version 2026-08-03.
func TestDocumentIsOpenAPI(t *testing.T) {
	meta, err := os.Open("testdata/openapi-3.1.json")
	require.NoError(t, err)
	defer func() { require.NoError(t, meta.Close()) }()
	root, err := jsonschema.UnmarshalJSON(meta)
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("meta.json", root))
	compiled, err := compiler.Compile("meta.json")
	require.NoError(t, err)
	for _, o := range []openapi.Options{{}, {Server: "http://127.0.0.1:8788"}} {
		doc := document(t, o)
		require.NoError(t, compiled.Validate(doc))
		delete(doc["info"].(tree), "title")
		require.Error(t, compiled.Validate(doc), "the schema refuses nothing")
	}
}

// References lead somewhere, and what they lead to is a JSON Schema.
func TestComponentsCompile(t *testing.T) {
	raw, err := openapi.Document(openapi.Options{})
	require.NoError(t, err)
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	require.NoError(t, compiler.AddResource("doc.json", root))
	components := root.(tree)["components"].(tree)
	require.Greater(t, len(components["schemas"].(tree)), 60)
	for name := range components["schemas"].(tree) {
		_, err := compiler.Compile("doc.json#/components/schemas/" + name)
		require.NoError(t, err, name)
	}
	everyTree("", root, func(path string, s tree) {
		ref, ok := s["$ref"].(string)
		if !ok {
			return
		}
		steps := strings.Split(ref, "/")
		require.Len(t, steps, 4, path)
		assert.Contains(t, components[steps[2]], steps[3], path)
	})
}

func everyTree(path string, v any, visit func(path string, s tree)) {
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			everyTree(fmt.Sprintf("%s/%d", path, i), item, visit)
		}
	case tree:
		visit(path, v)
		for key, value := range v {
			everyTree(path+"/"+key, value, visit)
		}
	}
}

// A reader must be able to tell Attrove's word from ours, everywhere.
func TestEverythingSaysWhatItRestsOn(t *testing.T) {
	doc := document(t, openapi.Options{})
	counted := map[string]int{}
	check := func(kind, path string, v any) {
		s := v.(tree)
		if ref, ok := s["$ref"].(string); ok && kind != "field" { // says so where it stands
			require.NotEmpty(t, ref)
			return
		}
		counted[kind]++
		assert.Contains(t, []any{"documented", "inferred", "proposed"}, s["x-attrove-evidence"], path)
		mark, _ := s["x-attrove-evidence-mark"].(string)
		assert.Equal(t, s["x-attrove-evidence"], attrove.Evidence(mark).Level(), path)
	}
	for path, item := range doc["paths"].(tree) {
		for method, one := range item.(tree) {
			at := path + " " + method
			check("operation", at, one)
			for status, answer := range one.(tree)["responses"].(tree) {
				check("response", at+" "+status, answer)
			}
		}
	}
	for _, kind := range []string{"securitySchemes", "responses"} {
		for name, one := range doc["components"].(tree)[kind].(tree) {
			check(kind, name, one)
		}
	}
	everyTree("", doc, func(path string, s tree) {
		if properties, ok := s["properties"].(tree); ok && !strings.Contains(path, "/Pagination/") { // a rule about declared fields
			for name, field := range properties {
				check("field", path+"/"+name, field)
				assert.NotEmpty(t, field.(tree)["description"], path+"/"+name)
			}
		}
		if s["in"] == "query" || s["in"] == "path" {
			check("parameter", path, s)
			assert.NotEmpty(t, s["description"], path)
		}
	})
	assert.Equal(t, 65, counted["operation"])
	assert.Greater(t, counted["field"], 300)
	assert.Greater(t, counted["parameter"], 60)
}

func TestOperationsAreTheTable(t *testing.T) {
	doc := document(t, openapi.Options{})
	var tags []any
	unlisted, ids := 0, map[any]bool{}
	for _, tag := range doc["tags"].([]any) {
		tags = append(tags, tag.(tree)["name"])
	}
	for _, op := range attrove.All() {
		m := op.Info()
		one, ok := doc["paths"].(tree)[m.Path].(tree)[strings.ToLower(m.Method)].(tree)
		require.True(t, ok, m.String())
		assert.Equal(t, m.Name, one["operationId"])
		assert.False(t, ids[m.Name], "%s twice", m.Name)
		ids[m.Name] = true
		assert.Contains(t, tags, one["tags"].([]any)[0])
		assert.Contains(t, one["responses"], strconv.Itoa(m.Status))
		if one["x-attrove-listed"] == false {
			unlisted++
		}
		assert.Equal(t, m.Listed(), one["x-attrove-listed"] == nil, m.Name)
		security := one["security"].([]any)
		switch m.Auth {
		case attrove.AuthNone:
			assert.Empty(t, security)
		case attrove.AuthUser:
			assert.Equal(t, []any{tree{"userBearer": []any{}}}, security)
		case attrove.AuthPartner:
			assert.Equal(t, []any{tree{"partnerBasic": []any{}}}, security)
		}
	}
	assert.Equal(t, 9, unlisted)
}

func TestWhereItIsServed(t *testing.T) {
	connect := func(doc tree) tree { return doc["paths"].(tree)["/integrations/connect"].(tree)["get"].(tree) }
	cloud := document(t, openapi.Options{})
	assert.Equal(t, []any{tree{"url": "https://api.attrove.com", "description": "Attrove's cloud"}}, cloud["servers"])
	assert.Equal(t, []any{tree{"url": "https://connect.attrove.com"}}, connect(cloud)["servers"])
	engine := document(t, openapi.Options{Server: "http://127.0.0.1:8788"})
	assert.Equal(t, "http://127.0.0.1:8788", engine["servers"].([]any)[0].(tree)["url"])
	assert.NotContains(t, connect(engine), "servers", "the engine serves the page itself")
}

func TestDetailsThatTheContractAsksFor(t *testing.T) {
	doc := document(t, openapi.Options{})
	schemas := doc["components"].(tree)["schemas"].(tree)
	field := func(name, of string) tree { return schemas[of].(tree)["properties"].(tree)[name].(tree) }
	t.Run("enumerations are closed on input and open on output", func(t *testing.T) {
		healths := []any{"on_track", "at_risk", "blocked", "waiting_on_human", "insufficient_evidence"}
		assert.Equal(t, healths, field("health", "ConfirmGoalStatusRequest")["enum"])
		assert.NotContains(t, field("health", "Goal"), "enum")
		assert.Equal(t, healths, field("health", "Goal")["examples"])
	})
	t.Run("a path's names are not in the body", func(t *testing.T) {
		assert.NotContains(t, schemas["ConfirmGoalStatusRequest"].(tree)["properties"], "goal_id")
	})
	t.Run("lists in a query are comma-separated", func(t *testing.T) {
		list := doc["paths"].(tree)["/v1/users/{user_id}/events"].(tree)["get"].(tree)["parameters"].([]any)
		at := slices.IndexFunc(list, func(p any) bool { return p.(tree)["name"] == "expand" })
		assert.Equal(t, []any{"form", false}, []any{list[at].(tree)["style"], list[at].(tree)["explode"]})
		assert.Contains(t, list, any(tree{"$ref": "#/components/parameters/cursor"}))
	})
	t.Run("a deadline is a time, a filter a day", func(t *testing.T) {
		assert.Equal(t, "date-time", field("deadline", "CreateGoalRequest")["format"])
		assert.Equal(t, "date", field("after_date", "SearchRequest")["format"])
	})
	t.Run("attendees may come in a string", func(t *testing.T) {
		assert.Equal(t, []any{"array", "string", "null"}, field("attendees", "Event")["type"])
		assert.Equal(t, "array", field("attendees", "PushEventRequest")["type"])
	})
	t.Run("what may be null", func(t *testing.T) {
		assert.Equal(t, []any{tree{"$ref": "#/components/schemas/NextMove"}, tree{"type": "null"}}, field("next_move", "Goal")["anyOf"])
	})
}

func TestDocumentIsTheSameEachTime(t *testing.T) {
	first, err := openapi.Document(openapi.Options{})
	require.NoError(t, err)
	for range 2 {
		again, err := openapi.Document(openapi.Options{})
		require.NoError(t, err)
		require.Equal(t, string(first), string(again))
	}
}

func TestHandler(t *testing.T) {
	want, err := openapi.Document(openapi.Options{Server: "/"})
	require.NoError(t, err)
	handler, err := openapi.Handler(openapi.Options{Server: "/"})
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("GET "+openapi.Path, handler)
	ask := func(method, known string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, openapi.Path, nil)
		r.Header.Set("If-None-Match", known)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	whole := ask(http.MethodGet, "")
	assert.Equal(t, "application/json", whole.Header().Get("Content-Type"))
	assert.Equal(t, string(want), whole.Body.String())
	tag := whole.Header().Get("ETag")
	assert.Regexp(t, `^"[0-9a-f]{64}"$`, tag)
	assert.Equal(t, http.StatusNotModified, ask(http.MethodGet, tag).Code)
	head := ask(http.MethodHead, "")
	assert.Equal(t, http.StatusOK, head.Code)
	assert.Empty(t, head.Body.String())
	assert.Equal(t, strconv.Itoa(len(want)), head.Header().Get("Content-Length"))
	assert.Equal(t, http.StatusMethodNotAllowed, ask(http.MethodPost, "").Code)
}

func BenchmarkDocument(b *testing.B) {
	for b.Loop() {
		if _, err := openapi.Document(openapi.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
