package attrove_test

import (
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

// listed is Attrove's reference page; U stands for /v1/users/{user_id}.
const listed = `
1 POST /v1/users
2 POST U/connect-sessions
3 GET /integrations/connect
4 POST U/integrations/connect
5 GET /v1/users/settings
6 PATCH /v1/users/settings
7 POST /v1/webhooks
8 GET /v1/webhooks
9 GET /v1/webhooks/{id}
10 PATCH /v1/webhooks/{id}
11 POST /v1/webhooks/{id}/test
12 POST /v1/webhooks/{id}/rotate-secret
13 DELETE /v1/webhooks/{id}
14 GET /v1/webhooks/{id}/deliveries
15 GET U
16 GET U/sync-stats
17 GET U/conversations
18 PATCH U/conversations
19 POST U/search
20 POST U/query
21 GET U/integrations/{integration_id}
22 DELETE U/integrations/{integration_id}
23 GET U/messages
24 GET U/messages/{id}
25 GET U/entities
26 GET U/entities/{id}
27 GET U/entities/relationships
28 POST U/goals
29 GET U/goals
30 GET U/goal-events
31 GET U/goals/{goal_id}
32 PATCH U/goals/{goal_id}
33 POST U/goals/{goal_id}/evaluate
34 POST U/goals/{goal_id}/status
35 GET U/goals/{goal_id}/evidence
36 GET U/goals/{goal_id}/snapshots
37 POST U/goals/{goal_id}/archive
38 POST U/goals/{goal_id}/cancel
39 GET U/calendars
40 GET U/calendars/{id}
41 PATCH U/calendars/{id}
42 GET U/events
43 GET U/events/{id}
44 GET U/meetings
45 GET U/meetings/{id}
46 PATCH U/meetings/{id}
47 POST U/meetings/{id}/regenerate-summary
48 POST U/threads/discover
49 POST U/threads/{conversation_id}/analyze
50 GET U/threads/{thread_id}/messages
51 POST U/messages
52 POST U/meetings
53 POST U/events
54 POST U/notes
55 GET U/notes
56 GET U/notes/{note_id}`

// unlisted is what Attrove's SDK or MCP server has besides.
const unlisted = `
0 GET U/integrations
0 POST U/goals/{goal_id}/reopen
0 POST U/goals/{goal_id}/acknowledge
0 POST U/goals/{goal_id}/clear-acknowledgment
0 POST U/goals/{goal_id}/draft-follow-up
0 DELETE U/meetings/{id}
0 DELETE U/meetings
0 DELETE U/notes/{note_id}
0 DELETE U/notes`

func TestTableIsTheReferencePage(t *testing.T) {
	want := strings.Split(strings.TrimSpace(strings.ReplaceAll(listed+unlisted, " U", " /v1/users/{user_id}")), "\n")
	var got []string
	for _, op := range attrove.All() {
		m := op.Info()
		got = append(got, fmt.Sprintf("%d %s %s", m.Row, m.Method, m.Path))
	}
	assert.Equal(t, want, got)
}

// The page itself, where it is at hand, must say the same. It calls one
// parameter by two names, of which the table takes the longer.
func TestTableAgreesWithTheEndpointList(t *testing.T) {
	page, err := os.ReadFile(realdata.Dir(t, "..", "api", "endpoints.md"))
	require.NoError(t, err)
	rows := regexp.MustCompile("(?m)^\\| (\\d+) \\| ([^|]+) \\| (\\w+) \\| `([^`?]+)[^`]*` \\|").FindAllStringSubmatch(string(page), -1)
	require.Len(t, rows, 56)
	operations := map[int]attrove.Meta{}
	for _, op := range attrove.All() {
		if m := op.Info(); m.Listed() {
			operations[m.Row] = m
		}
	}
	for _, row := range rows {
		number, err := strconv.Atoi(row[1])
		require.NoError(t, err)
		m := operations[number]
		path := strings.ReplaceAll(row[4], "/integrations/{id}", "/integrations/{integration_id}")
		assert.Equal(t, []string{row[2], row[3], path}, []string{m.Group, m.Method, m.Path}, "row %d", number)
	}
}

func TestOperationsAreWellFormed(t *testing.T) {
	names := map[string]bool{}
	for _, op := range attrove.All() {
		m := op.Info()
		t.Run(m.Name, func(t *testing.T) {
			assert.False(t, names[m.Name], "the name is not unique")
			names[m.Name] = true
			assert.Regexp(t, `^[a-z]+(_[a-z]+)*$`, m.Name)
			assert.Regexp(t, `^[A-Z].*\.$`, m.Summary)
			assert.NotEmpty(t, m.Group)
			assert.True(t, knownMark(m.Evidence), "evidence %q", m.Evidence)
			assert.Equal(t, m.Listed(), m.Evidence == attrove.Documented, "evidence %q", m.Evidence)
			assert.GreaterOrEqual(t, m.Status, 200)
			assert.LessOrEqual(t, m.Deadline(), attrove.SlowTimeout)
			assert.Equal(t, m.Name == "connect_page", m.Page != "")

			in, _ := op.Types()
			given := fieldNames(in)
			for _, name := range m.PathNames() {
				if name == "user_id" && m.Auth == attrove.AuthUser {
					continue
				}
				assert.Contains(t, given, name, "a path parameter that no field fills")
			}
			if m.Auth == attrove.AuthUser {
				assert.NotContains(t, given, "user_id", "a user operation takes the caller's id")
			}
			if m.Method == http.MethodGet {
				assert.Equal(t, attrove.Read, m.Effect)
			}
			assertPaging(t, op)
		})
	}
	assert.Len(t, names, 65)
}

// assertPaging checks that a page can be asked for and read.
func assertPaging(t *testing.T, op attrove.Any) {
	t.Helper()
	m := op.Info()
	in, out := op.Types()
	turn := map[attrove.Paging]string{attrove.PageCursor: "cursor", attrove.PageOffset: "offset"}
	if m.Paging == attrove.PageNone {
		assert.NotContains(t, fieldNames(in), "cursor")
		return
	}
	assert.Subset(t, fieldNames(in), []string{"limit", turn[m.Paging]})
	assert.Subset(t, fieldNames(out), []string{"data", "pagination"})
	assert.Equal(t, attrove.Bare, m.Envelope)
}

// What travels in a query must be a scalar or a list of strings.
func TestQueryFieldsCanTravelInAQuery(t *testing.T) {
	for _, op := range attrove.All() {
		if !op.Info().InQuery() {
			continue
		}
		in, _ := op.Types()
		for _, field := range reflect.VisibleFields(in) {
			if field.Anonymous {
				continue
			}
			kind := deref(field.Type)
			if kind.Kind() == reflect.Slice {
				assert.Equal(t, reflect.String, kind.Elem().Kind(), "%s: %s", op.Info(), field.Name)
				continue
			}
			assert.Contains(t, []reflect.Kind{reflect.String, reflect.Int, reflect.Bool}, kind.Kind(), "%s: %s", op.Info(), field.Name)
		}
	}
}

// A misspelt tag key does nothing and says nothing, so each key is checked.
func TestEveryFieldHasItsTags(t *testing.T) {
	var (
		tagForm     = regexp.MustCompile(`^(\w+:"(?:[^"\\]|\\.)*"( |$))+$`)
		tagKey      = regexp.MustCompile(`(\w+):"(?:[^"\\]|\\.)*"`)
		keys        = []string{"json", "evidence", "jsonschema", "jsonschema_description", "mcp"}
		constraints = regexp.MustCompile(`^((minLength|maxLength|minimum|maximum|minItems|maxItems)=\d+(,|$))+$`)
		jsonTag     = regexp.MustCompile(`^[a-z]+(_[a-z]+)*(,omitempty|,omitzero)?$`)
	)
	seen := map[reflect.Type]bool{}
	for _, op := range attrove.All() {
		in, out := op.Types()
		for _, root := range []reflect.Type{in, out} {
			walkFields(root, seen, func(owner reflect.Type, field reflect.StructField) {
				where := fmt.Sprintf("%s.%s", owner.Name(), field.Name)
				tag := field.Tag
				assert.Regexp(t, tagForm, string(tag), where)
				for _, match := range tagKey.FindAllStringSubmatch(string(tag), -1) {
					assert.Contains(t, keys, match[1], where)
				}
				assert.Regexp(t, jsonTag, tag.Get("json"), where)
				assert.True(t, knownMark(attrove.Evidence(tag.Get("evidence"))), "%s: evidence %q", where, tag.Get("evidence"))
				assert.Regexp(t, `\S.*\S`, tag.Get("jsonschema_description"), where)
				if value, ok := tag.Lookup("jsonschema"); ok {
					assert.Regexp(t, constraints, value, where)
				}
				if value, ok := tag.Lookup("mcp"); ok {
					assert.Contains(t, []string{"-", "clear", "secret"}, value, where)
				}
				if _, optional := reflect.Zero(field.Type).Interface().(interface{ Inner() any }); optional {
					assert.True(t, strings.HasSuffix(tag.Get("json"), ",omitzero"), "%s would always be sent", where)
				}
			})
		}
	}
	assert.Greater(t, len(seen), 60, "the walk reached too little")
}

func knownMark(e attrove.Evidence) bool {
	return slices.Contains([]attrove.Evidence{attrove.Documented, attrove.InferredHigh, attrove.Inferred, attrove.InferredLow}, e) ||
		regexp.MustCompile(`^P-(0[1-9]|[1-3]\d|4[0-6])b?$`).MatchString(string(e))
}

func fieldNames(t reflect.Type) []string {
	var names []string
	for _, field := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func deref(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// walkFields visits each named field of t and of what t holds.
func walkFields(t reflect.Type, seen map[reflect.Type]bool, visit func(owner reflect.Type, field reflect.StructField)) {
	if optional, ok := reflect.Zero(t).Interface().(interface{ Inner() any }); ok {
		t = reflect.TypeOf(optional.Inner())
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		walkFields(t.Elem(), seen, visit)
	case reflect.Map:
		if t.Elem().Kind() != reflect.Interface {
			walkFields(t.Elem(), seen, visit)
		}
	case reflect.Struct:
		if seen[t] {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			field := t.Field(i)
			if !field.Anonymous {
				visit(t, field)
			}
			walkFields(field.Type, seen, visit)
		}
	default: // holds no fields
	}
}
