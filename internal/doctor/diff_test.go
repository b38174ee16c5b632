package doctor_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/doctor"
)

type tree = map[string]any

// at goes down a tree.
func at(v any, path ...string) tree {
	for _, step := range path {
		v = v.(tree)[step]
	}
	return v.(tree)
}

const (
	goals = "/v1/users/{user_id}/goals"
	notes = "/v1/users/{user_id}/notes"
)

// Each change to the document is found, by its name and nothing else.
func TestCompare(t *testing.T) {
	raw, spec := ours(t)
	for name, tc := range map[string]struct {
		change func(doc tree)
		want   []doctor.Difference
	}{
		"an operation less": {func(doc tree) { delete(at(doc, "paths", goals), "post") },
			[]doctor.Difference{{Operation: "create_goal", Where: "operation", Ours: "POST /v1/users/{}/goals"}}},
		"an operation more": {func(doc tree) { at(doc, "paths", goals)["put"] = tree{"operationId": "replaceGoals"} },
			[]doctor.Difference{{Operation: "replaceGoals", Where: "operation", Theirs: "PUT /v1/users/{}/goals"}}},
		"a path parameter by another name": {func(doc tree) {
			paths := at(doc, "paths")
			paths["/v1/users/{id}/goals/"] = paths[goals]
			delete(paths, goals)
		}, nil},
		"another way to authenticate": {func(doc tree) {
			at(doc, "components", "securitySchemes")["other"] = tree{"type": "apiKey", "in": "header", "name": "X-Client-Id"}
			at(doc, "paths", "/v1/users", "post")["security"] = []any{tree{"other": []any{}}}
		}, []doctor.Difference{{Operation: "create_user", Where: "security", Theirs: "header X-Client-Id", Ours: "basic"}}},
		"a parameter by another name": {func(doc tree) {
			for _, p := range at(doc, "paths", goals, "get")["parameters"].([]any) {
				if p.(tree)["name"] == "next_move_owner" {
					p.(tree)["name"] = "owner"
				}
			}
		}, []doctor.Difference{
			{Operation: "list_goals", Where: "query next_move_owner", Ours: "string, optional", Mark: "D"},
			{Operation: "list_goals", Where: "query owner", Theirs: "string, optional"}}},
		"a list that is repeated": {func(doc tree) {
			for _, p := range at(doc, "paths", notes, "get")["parameters"].([]any) {
				if p.(tree)["name"] == "ids" {
					delete(p.(tree), "explode")
				}
			}
		}, []doctor.Difference{{Operation: "list_notes", Where: "query ids as a list", Theirs: "repeated", Ours: "comma-separated", Mark: "P-06b"}}},
		"a field of a request": {func(doc tree) {
			query := at(doc, "components", "schemas", "QueryRequest")
			properties := at(query, "properties")
			properties["prompt"], query["required"] = properties["query"], []any{"prompt"}
			delete(properties, "query")
		}, []doctor.Difference{
			{Operation: "query", Where: "request.query", Ours: "string, required", Mark: "D"},
			{Operation: "query", Where: "request.prompt", Theirs: "string, required"}}},
		"a field of a row": {func(doc tree) {
			at(doc, "components", "schemas", "Calendar", "properties", "is_active")["type"] = "string"
			delete(at(doc, "paths"), "/v1/users/{user_id}/calendars/{id}")
		}, []doctor.Difference{
			{Operation: "list_calendars", Where: "response.data[].is_active", Theirs: "string", Ours: "boolean", Mark: "P-41"},
			{Operation: "get_calendar", Where: "operation", Ours: "GET /v1/users/{}/calendars/{}"},
			{Operation: "update_calendar", Where: "operation", Ours: "PATCH /v1/users/{}/calendars/{}"}}},
		"what is required": {func(doc tree) {
			at(doc, "components", "schemas", "SyncStats")["required"] = []any{"user_id", "totals"}
		}, []doctor.Difference{{Operation: "get_sync_stats", Where: "response.data.integrations", Theirs: "optional", Ours: "required", Mark: "P-25"}}},
		"values": {func(doc tree) {
			at(doc, "components", "schemas", "Integration", "properties", "auth_status")["enum"] = []any{"ok", "expired"}
			at(doc, "components", "schemas", "PushReceipt", "properties", "status")["enum"] = []any{"processing", "queued", "indexed", "failed"}
		}, []doctor.Difference{
			{Operation: "get_integration", Where: "response.data.auth_status values", Theirs: "expired, ok", Mark: "D"},
			{Operation: "list_integrations", Where: "response.data[].auth_status values", Theirs: "expired, ok", Mark: "D"}}},
		"no envelope": {func(doc tree) {
			at(doc, "paths", "/v1/users/{user_id}/sync-stats", "get", "responses", "200", "content", "application/json")["schema"] =
				tree{"$ref": "#/components/schemas/SyncStats"}
		}, []doctor.Difference{{Operation: "get_sync_stats", Where: "response envelope", Theirs: "bare", Ours: "in data", Mark: "P-03"}}},
		"a bare list": {func(doc tree) {
			at(doc, "paths", "/v1/users/{user_id}/integrations", "get", "responses", "200", "content", "application/json")["schema"] =
				tree{"type": "array", "items": tree{"$ref": "#/components/schemas/Integration"}}
		}, []doctor.Difference{{Operation: "list_integrations", Where: "response envelope", Theirs: "a bare list", Ours: "a page", Mark: "P-03"}}},
		"statuses": {func(doc tree) {
			responses := at(doc, "paths", notes, "post", "responses")
			responses["201"], responses["500"], responses["418"] = responses["202"], responses["5XX"], responses["400"]
			for _, gone := range []string{"202", "5XX", "413"} {
				delete(responses, gone)
			}
		}, []doctor.Difference{
			{Operation: "push_note", Where: "status", Ours: "202"}, {Operation: "push_note", Where: "status", Ours: "413"},
			{Operation: "push_note", Where: "status", Theirs: "201"}, {Operation: "push_note", Where: "status", Theirs: "418"}}},
		"one default for all errors": {func(doc tree) {
			responses := at(doc, "paths", notes, "post", "responses")
			for status := range responses {
				if status[0] != '2' {
					delete(responses, status)
				}
			}
			responses["default"] = tree{"$ref": "#/components/responses/NotFound"}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var doc tree
			require.NoError(t, json.Unmarshal(raw, &doc))
			tc.change(doc)
			changed, err := json.Marshal(doc)
			require.NoError(t, err)
			theirs, err := doctor.ReadSpec(changed)
			require.NoError(t, err)
			assert.ElementsMatch(t, tc.want, doctor.Compare(spec, theirs))
		})
	}
}
