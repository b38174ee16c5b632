package schema_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/schema"
)

func validatorOf(tb testing.TB, in reflect.Type) *schema.Validator {
	tb.Helper()
	raw, err := schema.ToolCheck(in, schema.Shape{})
	require.NoError(tb, err)
	v, err := schema.Compile(raw)
	require.NoError(tb, err)
	return v
}

func TestProblemsAreSentences(t *testing.T) {
	goal := reflect.TypeFor[attrove.CreateGoalIn]()
	tests := []struct {
		name string
		in   reflect.Type
		args string
		want []schema.Problem
	}{
		{"all well", goal, `{"title":"T","watch_scope":{"keywords":["k"]},"deadline":"7d"}`, nil},
		{"no arguments where none are needed", reflect.TypeFor[attrove.Cut](), ``, nil},
		{"null for arguments", reflect.TypeFor[attrove.Cut](), `null`, nil},
		{"missing", goal, `{}`, []schema.Problem{
			{"title", "title is required"}, {"watch_scope", "watch_scope is required"}}},
		{"a wrong type", reflect.TypeFor[attrove.Cut](), `{"limit":"ten"}`, []schema.Problem{
			{"limit", "limit must be an integer, got a string"}}},
		{"a fraction", reflect.TypeFor[attrove.Cut](), `{"limit":1.5}`, []schema.Problem{
			{"limit", "limit must be an integer, got a number"}}},
		{"a list of the wrong type", reflect.TypeFor[attrove.SearchIn](), `{"query":"q","sender_domains":[1]}`, []schema.Problem{
			{"sender_domains.0", "sender_domains.0 must be a string, got a number"}}},
		{"a wrong type for what can be emptied", reflect.TypeFor[attrove.UpdateGoalIn](), `{"goal_id":"g","deadline":7}`, []schema.Problem{
			{"deadline", "deadline must be a string, got a number"}}},
		{"too small and too large", reflect.TypeFor[attrove.RelationshipsIn](), `{"limit":101,"offset":-1}`, []schema.Problem{
			{"limit", "limit must be at most 100"}, {"offset", "offset must be at least 0"}}},
		{"empty", reflect.TypeFor[attrove.GoalRef](), `{"goal_id":""}`, []schema.Problem{
			{"goal_id", "goal_id must not be empty"}}},
		{"an empty list", reflect.TypeFor[attrove.UpdateConversationsIn](), `{"conversations":[]}`, []schema.Problem{
			{"conversations", "conversations must list at least 1"}}},
		{"none of the values", reflect.TypeFor[attrove.EntitiesIn](), `{"entity_type":"robot"}`, []schema.Problem{
			{"entity_type", "entity_type must be one of person, company, other, bot, user"}}},
		{"a misspelt name", reflect.TypeFor[attrove.SearchIn](), `{"query":"q","afterdate":"7d"}`, []schema.Problem{
			{"afterdate", "there is no argument afterdate; did you mean after_date?"}}},
		{"half a name", reflect.TypeFor[attrove.SearchIn](), `{"query":"q","domains":["acme.com"]}`, []schema.Problem{
			{"domains", "there is no argument domains; did you mean sender_domains?"}}},
		{"an unknown name", reflect.TypeFor[attrove.GoalRef](), `{"goal_id":"g","zzz":1}`, []schema.Problem{
			{"zzz", "there is no argument zzz; there are goal_id"}}},
		{"a name where none is taken", reflect.TypeFor[attrove.None](), `{"limit":1}`, []schema.Problem{
			{"limit", "there is no argument limit; nothing is taken here"}}},
		{"a nested misspelt name", goal, `{"title":"T","watch_scope":{"keyword":["k"],"silence_condition":{}}}`, []schema.Problem{
			{"watch_scope.keyword", "there is no argument watch_scope.keyword; did you mean keywords?"},
			{"watch_scope.silence_condition.quiet_after_days", "watch_scope.silence_condition.quiet_after_days is required"}}},
		{"a model that plays the human", reflect.TypeFor[attrove.LifecycleIn](), `{"goal_id":"g","reason":"r","initiator":"human"}`, []schema.Problem{
			{"initiator", "there is no argument initiator; there are expected_lifecycle_version, goal_id, reason"}}},
		{"a list for the arguments", goal, `[]`, []schema.Problem{{"", "the arguments must be an object, got a list"}}},
		{"broken JSON", goal, `{"title":`, []schema.Problem{{"", "the arguments are not valid JSON"}}},
		{"a number of a million digits", goal, `{"title":"T","watch_scope":{},"x":[1e1000000]}`, []schema.Problem{
			{"", "the arguments hold the number 1e1000000, which is too long; put it into a string"}}},
		{"a tiny one", goal, `{"title":1E-1000000}`, []schema.Problem{
			{"", "the arguments hold the number 1E-1000000, which is too long; put it into a string"}}},
		{"one that is written out", reflect.TypeFor[attrove.Cut](), `{"limit":` + strings.Repeat("1", 401) + `}`, []schema.Problem{
			{"", "the arguments hold the number " + strings.Repeat("1", 100) + "…, which is too long; put it into a string"}}},
		{"a large one", reflect.TypeFor[attrove.Cut](), `{"limit":1e999}`, []schema.Problem{{"limit", "limit must be at most 100"}}},
		{"a name that is a book", reflect.TypeFor[attrove.None](), `{"` + strings.Repeat("é", 1<<19) + `":1}`, []schema.Problem{
			{strings.Repeat("é", 100) + "…", "there is no argument " + strings.Repeat("é", 100) + "…; nothing is taken here"}}},
		{"two values", goal, `{} {}`, []schema.Problem{{"", "the arguments are not valid JSON"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, validatorOf(t, tt.in).Validate(json.RawMessage(tt.args)))
		})
	}
}

func TestProblemsAreFew(t *testing.T) {
	var args []string
	for i := range 5000 {
		args = append(args, fmt.Sprintf(`"unknown_%d":1`, i))
	}
	problems := validatorOf(t, reflect.TypeFor[attrove.SearchIn]()).Validate(json.RawMessage("{" + strings.Join(args, ",") + "}"))
	require.Len(t, problems, 9)
	assert.Equal(t, schema.Problem{Message: "and there are 4993 more problems"}, problems[8])
}

// TestDeepArguments: encoding/json allows ten thousand levels.
func TestDeepArguments(t *testing.T) {
	v := validatorOf(t, reflect.TypeFor[attrove.PushNoteIn]())
	deep := func(levels int) json.RawMessage {
		return json.RawMessage(`{"body":"b","metadata":{"deep":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `}}`)
	}
	assert.Equal(t, deep(9000), v.Repair(deep(9000)))
	assert.Empty(t, v.Validate(deep(9000)))
	assert.Equal(t, []schema.Problem{{Message: "the arguments are not valid JSON"}}, v.Validate(v.Repair(deep(20_000))))
}

func TestRepair(t *testing.T) {
	tests := []struct {
		name string
		in   reflect.Type
		args string
		want string
	}{
		{"what is right stays byte for byte", reflect.TypeFor[attrove.CreateUserIn](), ` {"email": "a",  "metadata":{"n":9007199254740993, "l":"7"}}`, `{"email": "a",  "metadata":{"n":9007199254740993, "l":"7"}}`},
		{"nothing", reflect.TypeFor[attrove.None](), ``, `{}`},
		{"a number in a string", reflect.TypeFor[attrove.Cut](), `{"limit":"42","cursor":"7"}`, `{"cursor":"7","limit":42}`},
		{"a boolean in a string", reflect.TypeFor[attrove.SearchIn](), `{"query":"true","include_body_text":"true"}`, `{"include_body_text":true,"query":"true"}`},
		{"one for a list", reflect.TypeFor[attrove.SearchIn](), `{"query":"q","sender_domains":"acme.com"}`, `{"query":"q","sender_domains":["acme.com"]}`},
		{"a list in a string", reflect.TypeFor[attrove.SearchIn](), `{"query":"q","sender_domains":"[\"a.com\",\"b.com\"]"}`, `{"query":"q","sender_domains":["a.com","b.com"]}`},
		{"an object in a string", reflect.TypeFor[attrove.CreateGoalIn](), `{"title":"T","watch_scope":"{\"keywords\":\"k\",\"silence_condition\":{\"quiet_after_days\":\"5\"}}"}`,
			`{"title":"T","watch_scope":{"keywords":["k"],"silence_condition":{"quiet_after_days":5}}}`},
		{"an object for a list of objects", reflect.TypeFor[attrove.UpdateConversationsIn](), `{"conversations":{"id":"c","sync_enabled":"false"}}`, `{"conversations":[{"id":"c","sync_enabled":false}]}`},
		{"null for what may be left out", reflect.TypeFor[attrove.Cut](), `{"limit":5,"cursor":null}`, `{"limit":5}`},
		{"null where it would erase", reflect.TypeFor[attrove.UpdateGoalIn](), `{"goal_id":"g","deadline":null,"clear":"title"}`, `{"clear":["title"],"goal_id":"g"}`},
		{"null for what is required", reflect.TypeFor[attrove.GoalRef](), `{"goal_id":null}`, `{"goal_id":null}`},
		{"a word for a number", reflect.TypeFor[attrove.Cut](), `{"limit":"ten"}`, `{"limit":"ten"}`},
		{"a number for a string", reflect.TypeFor[attrove.GoalRef](), `{"goal_id":7}`, `{"goal_id":7}`},
		{"a number for a list of strings", reflect.TypeFor[attrove.SearchIn](), `{"query":"q","sender_domains":7}`, `{"query":"q","sender_domains":7}`},
		{"null in a string", reflect.TypeFor[attrove.Cut](), `{"limit":"null"}`, `{"limit":"null"}`},
		{"null in a string, where null would erase", reflect.TypeFor[attrove.UpdateGoalIn](), `{"goal_id":"g","watch_scope":"null"}`, `{"goal_id":"g","watch_scope":"null"}`},
		{"an unknown name", reflect.TypeFor[attrove.Cut](), `{"zzz":"7"}`, `{"zzz":"7"}`},
		{"broken JSON", reflect.TypeFor[attrove.Cut](), `{"limit":`, `{"limit":`},
		{"a list", reflect.TypeFor[attrove.Cut](), `["7"]`, `["7"]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, string(validatorOf(t, tt.in).Repair(json.RawMessage(tt.args))))
		})
	}
}

// Whatever comes in, repairing keeps JSON valid, is done after one pass, and
// never breaks what was right.
func FuzzRepair(f *testing.F) {
	v := validatorOf(f, reflect.TypeFor[attrove.CreateGoalIn]())
	for _, seed := range []string{`{}`, `{"title":"T","watch_scope":"{\"keywords\":\"k\"}"}`, `{"watch_scope":{"source_types":"\"messages\""}}`,
		`{"watch_scope":{"keywords":[["k"],null,{}]}}`, `[]`, `"{}"`, `7`, `{"title":null}`, `{"watch_scope":[[]]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, args []byte) {
		repaired := v.Repair(args)
		if json.Valid(args) && !json.Valid(repaired) {
			t.Fatalf("%s became %s", args, repaired)
		}
		if again := v.Repair(repaired); string(again) != string(repaired) {
			t.Fatalf("%s became %s and then %s", args, repaired, again)
		}
		if v.Validate(args) == nil && v.Validate(repaired) != nil {
			t.Fatalf("%s was right and became %s", args, repaired)
		}
	})
}

func TestCompileRefusesABrokenSchema(t *testing.T) {
	for _, raw := range []string{`{`, `{"type":7}`, `{"type":"strnig"}`, `{"properties":[]}`} {
		_, err := schema.Compile(json.RawMessage(raw))
		assert.Error(t, err, raw)
	}
}

func BenchmarkToolInput(b *testing.B) {
	in, _ := attrove.CreateGoal.Types()
	for b.Loop() {
		if _, err := schema.ToolInput(in, schema.Shape{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	in, _ := attrove.CreateGoal.Types()
	raw, err := schema.ToolCheck(in, schema.Shape{})
	require.NoError(b, err)
	for b.Loop() {
		if _, err := schema.Compile(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRepairAndValidate(b *testing.B) {
	v := validatorOf(b, reflect.TypeFor[attrove.CreateGoalIn]())
	args := json.RawMessage(`{"title":"Renew","watch_scope":{"keywords":["renewal"],"silence_condition":{"quiet_after_days":5}}}`)
	for b.Loop() {
		if problems := v.Validate(v.Repair(args)); problems != nil {
			b.Fatal(problems)
		}
	}
}
