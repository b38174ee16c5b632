package local_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// watched starts an engine with one goal, on track by a promise of yesterday.
func watched(t *testing.T) (fixture, *clock, attrove.GoalRef) {
	t.Helper()
	f, clock := startClocked(t, options())
	mail(t, f, promise, now.Add(-day))
	ref := attrove.GoalRef{GoalID: call(t, f, attrove.CreateGoal, renewal()).ID}
	require.Equal(t, attrove.HealthOnTrack, call(t, f, attrove.GetGoal, ref).Health)
	return f, clock, ref
}

// events are what happened of one type, as data.
func events(t *testing.T, f fixture, eventType string) []attrove.Object {
	t.Helper()
	var all []attrove.Object
	for _, e := range call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{Types: []string{eventType}, Cut: attrove.Cut{Limit: 100}}).Data {
		assert.Equal(t, eventType, e.EventType)
		assert.Regexp(t, `^gev_`, e.EventID)
		all = append(all, e.Data)
	}
	return all
}

func TestClosingCommands(t *testing.T) {
	for to, op := range map[attrove.Lifecycle]attrove.Operation[attrove.LifecycleIn, attrove.Goal]{
		attrove.LifecycleArchived: attrove.ArchiveGoal, attrove.LifecycleCancelled: attrove.CancelGoal,
	} {
		t.Run(string(to), func(t *testing.T) {
			f, clock, ref := watched(t)
			clock.forward(time.Hour)
			in := attrove.LifecycleIn{GoalRef: ref, Reason: "They left the market.", Command: attrove.Command{ExpectedLifecycleVersion: 1, Initiator: "human"}}
			got := call(t, f, op, in)
			assert.Equal(t, to, got.Lifecycle)
			assert.Equal(t, 2, got.LifecycleVersion)
			assert.EqualValues(t, "2026-11-03T10:30:00Z", got.UpdatedAt)
			assert.NotNil(t, got.LastSnapshot)
			assert.Equal(t, []attrove.Object{{"goal_id": ref.GoalID, "actor": f.me.UserID, "initiator": "human", "lifecycle_version": 2.0,
				"lifecycle": map[string]any{"from": "active", "to": string(to)}}}, events(t, f, "goals."+string(to)))

			args := fmt.Sprintf(`{"goal_id":%q,"reason":"Again.","until":"2027-01-01T00:00:00Z","health":"blocked","title":"T"}`, ref.GoalID)
			for op, fields := range map[attrove.Any][]string{
				attrove.ArchiveGoal: {"reason"}, attrove.CancelGoal: {"reason"}, attrove.EvaluateGoal: nil, attrove.UpdateGoal: {"title"},
				attrove.ConfirmGoalStatus: {"health", "reason"}, attrove.AcknowledgeGoal: {"until"}, attrove.ClearGoalAcknowledgment: nil,
			} {
				failure := refusal(t, f, op, only(t, args, append(fields, "goal_id")), 409, attrove.CodeGoalTerminal)
				assert.Contains(t, failure.Message, "Terminal goals cannot be evaluated or mutated")
			}
			after := call(t, f, attrove.GetGoal, ref)
			assert.Equal(t, got.UpdatedAt, after.UpdatedAt)
			assert.NotEmpty(t, call(t, f, attrove.DraftGoalFollowUp, attrove.DraftFollowUpIn{GoalRef: ref}).Subject, "a draft changes nothing")
		})
	}
}

// only is a JSON object cut to some fields.
func only(t *testing.T, object string, names []string) string {
	t.Helper()
	var all, some = map[string]json.RawMessage{}, map[string]json.RawMessage{}
	require.NoError(t, json.Unmarshal([]byte(object), &all))
	for _, name := range names {
		some[name] = all[name]
	}
	data, err := json.Marshal(some)
	require.NoError(t, err)
	return string(data)
}

func TestReasonsAndVersionsAreRequired(t *testing.T) {
	f, _, ref := watched(t)
	id := fmt.Sprintf(`"goal_id":%q`, ref.GoalID)
	for _, c := range []struct {
		op     attrove.Any
		args   string
		status int
		code   string
		says   string
	}{
		{attrove.ArchiveGoal, `{` + id + `}`, 422, attrove.CodeValidation, "reason is required"},
		{attrove.CancelGoal, `{` + id + `,"reason":" "}`, 422, attrove.CodeValidation, "reason must not be empty"},
		{attrove.ConfirmGoalStatus, `{` + id + `,"health":"blocked"}`, 422, attrove.CodeValidation, "reason is required"},
		{attrove.ConfirmGoalStatus, `{` + id + `,"reason":"R"}`, 422, attrove.CodeValidation, "lifecycle or health is required"},
		{attrove.ConfirmGoalStatus, `{` + id + `,"reason":"R","health":"fine"}`, 422, attrove.CodeValidation, `not "fine"`},
		{attrove.ArchiveGoal, `{` + id + `,"reason":"R","initiator":"cat"}`, 422, attrove.CodeValidation, "human, agent, automation"},
		{attrove.ArchiveGoal, `{` + id + `,"reason":"R","expected_lifecycle_version":7}`, 409, attrove.CodeGoalConflict, "lifecycle_version 1, and the command expects version 7"},
		{attrove.ConfirmGoalStatus, `{` + id + `,"reason":"R","health":"blocked","expected_lifecycle_version":2}`, 409, attrove.CodeGoalConflict, "version 2"},
		{attrove.ReopenGoal, `{` + id + `,"reason":"R","reason_code":"c","expected_lifecycle":"active","expected_lifecycle_version":1}`, 409, attrove.CodeGoalConflict, "nothing to reopen"},
		{attrove.ReopenGoal, `{` + id + `,"reason":"R","reason_code":"c","expected_lifecycle":"archived","expected_lifecycle_version":1}`, 409, attrove.CodeGoalConflict, "is active at lifecycle_version 1"},
		{attrove.ReopenGoal, `{` + id + `,"reason":"R","reason_code":"c","expected_lifecycle":"archived","expected_lifecycle_version":0}`, 422, attrove.CodeValidation, "expected_lifecycle_version"},
		{attrove.ReopenGoal, `{` + id + `,"reason":"R"}`, 422, attrove.CodeValidation, "expected_lifecycle is required"},
		{attrove.AcknowledgeGoal, `{` + id + `}`, 422, attrove.CodeValidation, "until is required"},
		{attrove.AcknowledgeGoal, `{` + id + `,"until":"2026-12-01"}`, 422, attrove.CodeValidation, "RFC 3339"},
		{attrove.AcknowledgeGoal, `{` + id + `,"until":"2026-11-03T09:30:00Z"}`, 422, attrove.CodeValidation, "in the future"},
	} {
		failure := refusal(t, f, c.op, c.args, c.status, c.code)
		assert.Contains(t, failure.Message, c.says, c.args)
	}
	got := call(t, f, attrove.GetGoal, ref)
	assert.Equal(t, attrove.LifecycleActive, got.Lifecycle)
	assert.Equal(t, 1, got.LifecycleVersion)
}

// TestTextsOfGoalsAreBounded: they stand in lists.
func TestTextsOfGoalsAreBounded(t *testing.T) {
	f, _, ref := watched(t)
	long := strings.Repeat("ä", 10_001)
	for _, c := range []struct {
		op          attrove.Any
		field, args string
	}{
		{attrove.CreateGoal, "title", `"title":"LONG","watch_scope":{"keywords":["a"]}`},
		{attrove.CreateGoal, "description", `"title":"T","description":"LONG","watch_scope":{"keywords":["a"]}`},
		{attrove.CreateGoal, "watch_scope.seed_query", `"title":"T","watch_scope":{"seed_query":"LONG"}`},
		{attrove.CreateGoal, "watch_scope.keywords[1]", `"title":"T","watch_scope":{"keywords":["a","LONG"]}`},
		{attrove.UpdateGoal, "success_criteria", `"success_criteria":"LONG"`},
		{attrove.UpdateGoal, "completion_condition", `"completion_condition":"LONG"`},
		{attrove.ArchiveGoal, "reason", `"reason":"LONG"`},
		{attrove.AcknowledgeGoal, "channel", `"until":"2027-01-01T00:00:00Z","channel":"LONG"`},
		{attrove.ClearGoalAcknowledgment, "reason", `"reason":"LONG"`},
	} {
		args := "{" + strings.ReplaceAll(c.args, "LONG", long) + "}"
		if c.op.Info().Name != attrove.CreateGoal.Name {
			args = fmt.Sprintf(`{"goal_id":%q,`, ref.GoalID) + args[1:]
		}
		failure := refusal(t, f, c.op, args, 422, attrove.CodeValidation)
		assert.Equal(t, c.field, failure.Field)
		assert.Contains(t, failure.Message, "must have at most")
	}
}

func TestReopen(t *testing.T) {
	f, _, ref := watched(t)
	call(t, f, attrove.ConfirmGoalStatus, attrove.ConfirmGoalStatusIn{GoalRef: ref, Lifecycle: attrove.LifecycleCompleted, Reason: "Signed."})
	reopen := attrove.ReopenGoalIn{GoalRef: ref, ExpectedLifecycle: attrove.LifecycleCompleted, ExpectedLifecycleVersion: 2,
		ReasonCode: "premature", Reason: "It was only one signature.", Initiator: "automation"}
	got := call(t, f, attrove.ReopenGoal, reopen)
	assert.Equal(t, attrove.LifecycleActive, got.Lifecycle)
	assert.Equal(t, 3, got.LifecycleVersion)
	assert.Equal(t, []attrove.Object{{"goal_id": ref.GoalID, "actor": f.me.UserID, "initiator": "automation", "reason_code": "premature",
		"lifecycle_version": 3.0, "lifecycle": map[string]any{"from": "completed", "to": "active"}}}, events(t, f, "goals.reopened"))
	assert.Equal(t, 3, call(t, f, attrove.GetGoal, ref).LifecycleVersion)
	assert.Equal(t, attrove.GoalRun{}.Error, call(t, f, attrove.GetGoal, ref).LastRun.Error)
}

// TestReasonsAreKept: why a human wanted something is on record, and no part of
// what is told to others.
func TestReasonsAreKept(t *testing.T) {
	o := options()
	o.Path = filepath.Join(t.TempDir(), "a.db")
	f := start(t, o)
	ref := attrove.GoalRef{GoalID: call(t, f, attrove.CreateGoal, renewal()).ID}
	call(t, f, attrove.ArchiveGoal, attrove.LifecycleIn{GoalRef: ref, Reason: "They left the market."})
	assert.NotContains(t, fmt.Sprint(events(t, f, "goals.archived")), "market")
	s, err := store.Open(t.Context(), o.Path)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	kept, err := s.GoalEvents(t.Context(), f.me.UserID, store.GoalEventFilter{Types: []string{store.EventArchived}, Limit: 1})
	require.NoError(t, err)
	assert.Equal(t, "They left the market.", kept[0].Reason)
}

func TestConfirmedLifecycle(t *testing.T) {
	f, _, ref := watched(t)
	confirmed := call(t, f, attrove.ConfirmGoalStatus, attrove.ConfirmGoalStatusIn{GoalRef: ref, Lifecycle: attrove.LifecycleActive, Reason: "Still on it."})
	assert.Equal(t, 1, confirmed.LifecycleVersion, "it was active before")
	got := call(t, f, attrove.ConfirmGoalStatus, attrove.ConfirmGoalStatusIn{GoalRef: ref, Lifecycle: attrove.LifecycleCompleted,
		Health: attrove.HealthOnTrack, Reason: "Signed.", Command: attrove.Command{Initiator: "human"}})
	assert.Equal(t, attrove.LifecycleCompleted, got.Lifecycle)
	assert.Equal(t, 2, got.LifecycleVersion)
	change := map[string]any{"from": "active", "to": "completed"}
	assert.Equal(t, []attrove.Object{
		{"goal_id": ref.GoalID, "actor": f.me.UserID, "initiator": "agent", "lifecycle_version": 1.0},
		{"goal_id": ref.GoalID, "actor": f.me.UserID, "initiator": "human", "lifecycle_version": 2.0, "lifecycle": change},
	}, events(t, f, "goals.status_confirmed"))
	assert.Equal(t, []attrove.Object{{"goal_id": ref.GoalID, "actor": f.me.UserID, "initiator": "human", "lifecycle_version": 2.0, "lifecycle": change}},
		events(t, f, "goals.completed"))
}

// TestOverriddenHealth: a human's word stands against the same facts, and not
// against news.
func TestOverriddenHealth(t *testing.T) {
	f, clock, ref := watched(t)
	override := attrove.ConfirmGoalStatusIn{GoalRef: ref, Health: attrove.HealthBlocked, Reason: "Their legal team told me so."}
	assert.Equal(t, attrove.HealthBlocked, call(t, f, attrove.ConfirmGoalStatus, override).Health)

	clock.forward(time.Hour)
	call(t, f, attrove.EvaluateGoal, ref)
	got := call(t, f, attrove.GetGoal, ref)
	assert.Equal(t, attrove.HealthBlocked, got.Health, "evaluation found nothing new")
	assert.Equal(t, attrove.HealthOnTrack, got.LastSnapshot.Health, "a snapshot says what was found")
	assert.EqualValues(t, "2026-11-03T10:30:00Z", *got.LastEvaluatedAt)

	clock.forward(time.Hour)
	mail(t, f, "Good news. I will send you the contract.", now.Add(90*time.Minute))
	assert.Equal(t, attrove.HealthOnTrack, call(t, f, attrove.GetGoal, ref).Health, "they wrote after it")
	assert.Len(t, events(t, f, "goals.health_changed"), 3)

	assert.Equal(t, attrove.HealthBlocked, call(t, f, attrove.ConfirmGoalStatus, override).Health)
	clock.forward(6 * day)
	got = call(t, f, attrove.GetGoal, ref)
	assert.Equal(t, attrove.HealthAtRisk, got.LastSnapshot.Health)
	assert.Equal(t, attrove.HealthAtRisk, got.Health, "evaluation found something else")
	changes := events(t, f, "goals.health_changed")
	assert.Equal(t, map[string]any{"from": "blocked", "to": "at_risk"}, changes[len(changes)-1]["health"])
}

func TestIdempotentCommands(t *testing.T) {
	f, clock, ref := watched(t)
	cancel := func(key, reason string) attrove.LifecycleIn {
		return attrove.LifecycleIn{GoalRef: ref, Reason: reason, Command: attrove.Command{IdempotencyKey: key, ExpectedLifecycleVersion: 1}}
	}
	first := call(t, f, attrove.CancelGoal, cancel("k1", "Gone."))
	clock.forward(time.Hour)
	assert.Equal(t, first, call(t, f, attrove.CancelGoal, cancel("k1", "Gone.")), "the first outcome, and not a terminal state")
	assert.Len(t, events(t, f, "goals.cancelled"), 1)

	other := call(t, f, attrove.CreateGoal, renewal())
	for name, c := range map[string]struct {
		op   attrove.Any
		args string
	}{
		"another reason":  {attrove.CancelGoal, fmt.Sprintf(`{"goal_id":%q,"reason":"Lost.","expected_lifecycle_version":1,"idempotency_key":"k1"}`, ref.GoalID)},
		"another goal":    {attrove.CancelGoal, fmt.Sprintf(`{"goal_id":%q,"reason":"Gone.","expected_lifecycle_version":1,"idempotency_key":"k1"}`, other.ID)},
		"another command": {attrove.ArchiveGoal, fmt.Sprintf(`{"goal_id":%q,"reason":"Gone.","expected_lifecycle_version":1,"idempotency_key":"k1"}`, ref.GoalID)},
	} {
		t.Run(name, func(t *testing.T) { refusal(t, f, c.op, c.args, 409, attrove.CodeKeyReused) })
	}
	refusal(t, f, attrove.CancelGoal, fmt.Sprintf(`{"goal_id":%q,"reason":"Gone.","idempotency_key":"%0256d"}`, other.ID, 1), 422, attrove.CodeValidation)

	stranger := newUser(t, f, attrove.CreateUserIn{Email: "other@example.com"})
	theirs := call(t, stranger, attrove.CreateGoal, renewal())
	in := cancel("k1", "Gone.")
	in.GoalID = theirs.ID
	assert.Equal(t, attrove.LifecycleCancelled, call(t, stranger, attrove.CancelGoal, in).Lifecycle, "keys are each user's own")

	// A command that was refused has no outcome to repeat.
	late := attrove.LifecycleIn{GoalRef: attrove.GoalRef{GoalID: other.ID}, Reason: "R", Command: attrove.Command{IdempotencyKey: "k2", ExpectedLifecycleVersion: 2}}
	refusal(t, f, attrove.ArchiveGoal, fmt.Sprintf(`{"goal_id":%q,"reason":"R","expected_lifecycle_version":2,"idempotency_key":"k2"}`, other.ID), 409, attrove.CodeGoalConflict)
	late.ExpectedLifecycleVersion = 1
	assert.Equal(t, attrove.LifecycleArchived, call(t, f, attrove.ArchiveGoal, late).Lifecycle)

	clock.forward(24 * time.Hour)
	failure := refused(t, f, attrove.CancelGoal, fmt.Sprintf(`{"goal_id":%q,"reason":"Gone.","expected_lifecycle_version":2,"idempotency_key":"k1"}`, ref.GoalID))
	assert.Equal(t, attrove.CodeGoalTerminal, failure.Code, "a key is kept for a day")
}

func TestAcknowledgedSilence(t *testing.T) {
	f, clock, ref := watched(t)
	in := attrove.AcknowledgeGoalIn{GoalRef: ref, Until: "2026-11-20T09:00:00+01:00", Reason: "They are on holiday.", Channel: "phone"}
	got := call(t, f, attrove.AcknowledgeGoal, in)
	assert.Equal(t, &attrove.Acknowledgment{Until: "2026-11-20T08:00:00Z", Reason: "They are on holiday.", Channel: "phone",
		AcknowledgedAt: "2026-11-03T09:30:00Z", AcknowledgedBy: f.me.UserID}, got.Acknowledgment)
	assert.Equal(t, []attrove.Object{{"goal_id": ref.GoalID, "actor": f.me.UserID, "until": "2026-11-20T08:00:00Z"}}, events(t, f, "goals.acknowledged"))
	acknowledged := func(is bool) int {
		return len(call(t, f, attrove.ListGoals, attrove.GoalsIn{Acknowledged: &is}).Data)
	}
	assert.Equal(t, 1, acknowledged(true))
	assert.Equal(t, 0, acknowledged(false))

	clock.forward(8 * day)
	got = call(t, f, attrove.GetGoal, ref)
	assert.NotEqual(t, attrove.HealthAtRisk, got.Health, "the silence is expected")
	assert.NotNil(t, got.Acknowledgment)

	clock.forward(9 * day) // past the horizon
	got = call(t, f, attrove.GetGoal, ref)
	assert.Equal(t, attrove.HealthAtRisk, got.Health)
	assert.Nil(t, got.Acknowledgment)
	assert.Equal(t, 0, acknowledged(true))
	cleared := events(t, f, "goals.acknowledgment_cleared")
	require.Len(t, cleared, 1)
	assert.Equal(t, "horizon", cleared[0]["cause"])

	in.Until = "2027-03-01T00:00:00Z"
	call(t, f, attrove.AcknowledgeGoal, in)
	require.NotNil(t, call(t, f, attrove.GetGoal, ref).Acknowledgment)
	clock.forward(time.Hour)
	mail(t, f, "We are back. I will send you the contract.", clock.now())
	got = call(t, f, attrove.GetGoal, ref)
	assert.Nil(t, got.Acknowledgment, "real activity ends it")
	assert.Equal(t, "activity", events(t, f, "goals.acknowledgment_cleared")[1]["cause"])

	call(t, f, attrove.AcknowledgeGoal, in)
	clock.forward(10 * day)
	assert.NotEqual(t, attrove.HealthAtRisk, call(t, f, attrove.GetGoal, ref).Health)
	again := attrove.ClearAcknowledgmentIn{GoalRef: ref, Reason: "I want to know."}
	assert.Nil(t, call(t, f, attrove.ClearGoalAcknowledgment, again).Acknowledgment)
	assert.Equal(t, attrove.HealthAtRisk, call(t, f, attrove.GetGoal, ref).Health, "the silence counts at once")
	assert.Equal(t, "command", events(t, f, "goals.acknowledgment_cleared")[2]["cause"])
	call(t, f, attrove.ClearGoalAcknowledgment, again)
	assert.Len(t, events(t, f, "goals.acknowledgment_cleared"), 3, "there was none to clear")
}

// TestGoalsOfOthers: what is another user's is not there.
func TestGoalsOfOthers(t *testing.T) {
	f, _, ref := watched(t)
	other := newUser(t, f, attrove.CreateUserIn{Email: "other@example.com"})
	const args = `{"goal_id":%q,"reason":"R","until":"2027-01-01T00:00:00Z","health":"blocked","title":"T","expected_lifecycle":"archived",
		"expected_lifecycle_version":1,"reason_code":"c"}`
	for op, fields := range map[attrove.Any][]string{
		attrove.GetGoal: nil, attrove.UpdateGoal: {"title"}, attrove.EvaluateGoal: nil, attrove.ConfirmGoalStatus: {"health", "reason"},
		attrove.GetGoalEvidence: nil, attrove.ListGoalSnapshots: nil, attrove.ArchiveGoal: {"reason"}, attrove.CancelGoal: {"reason"},
		attrove.ReopenGoal:      {"reason", "reason_code", "expected_lifecycle", "expected_lifecycle_version"},
		attrove.AcknowledgeGoal: {"until"}, attrove.ClearGoalAcknowledgment: nil, attrove.DraftGoalFollowUp: nil,
	} {
		fields = append(fields, "goal_id")
		failure := refusal(t, other, op, only(t, fmt.Sprintf(args, ref.GoalID), fields), 404, attrove.CodeNotFound)
		assert.Equal(t, "there is no such goal", failure.Message, op.Info().Name)
		unknown := refusal(t, f, op, only(t, fmt.Sprintf(args, "gol_none"), fields), 404, attrove.CodeNotFound)
		assert.Equal(t, failure.Message, unknown.Message)
	}
	assert.Empty(t, call(t, other, attrove.ListGoals, attrove.GoalsIn{}).Data)
	assert.Empty(t, call(t, other, attrove.ListGoalEvents, attrove.GoalEventsIn{}).Data)
	entity := call(t, f, attrove.ListEntities, attrove.EntitiesIn{}).Data[0].ID
	refusal(t, other, attrove.CreateGoal, fmt.Sprintf(`{"title":"T","watch_scope":{"entity_ids":[%q]}}`, entity), 422, attrove.CodeGoalInvalidScope)
	failure := refusal(t, other, attrove.PushNote, fmt.Sprintf(`{"body":"B","ref_type":"goal","ref_id":%q}`, ref.GoalID), 422, attrove.CodeValidation)
	assert.Equal(t, "ref_id", failure.Field)
}
