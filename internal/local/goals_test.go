package local_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
)

// clock is a clock that stands still until it is set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// startClocked is start with a clock that can be moved.
func startClocked(t *testing.T, o local.Options) (fixture, *clock) {
	t.Helper()
	c := &clock{at: now}
	o.Now = c.now
	return start(t, o), c
}

const day = 24 * time.Hour

// renewal is a goal on mail about Osterveld, and quiet after five days.
func renewal() attrove.CreateGoalIn {
	return attrove.CreateGoalIn{Title: "Renew Osterveld", WatchScope: attrove.WatchScope{Keywords: []string{"Osterveld"},
		SilenceCondition: &attrove.SilenceCondition{QuietAfterDays: 5}}}
}

// promise is what makes the renewal on track, and a move of theirs.
const promise = "We are glad to renew. I will send you the signed contract."

// mail pushes a message about Osterveld, and waits until it has come in.
func mail(t *testing.T, f fixture, body string, at time.Time) string {
	t.Helper()
	id := call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", Subject: "Osterveld renewal", BodyText: body,
		SenderEmail: "jan@osterveld.example", SenderName: "Jan Osterveld", Recipients: []attrove.Address{{Email: "me@example.com", Name: "Mia"}},
		SentAt: attrove.DateTime(at.Format(time.RFC3339)), ExternalThreadID: "osterveld", ExternalID: at.String()}).ID
	require.NoError(t, f.engine.Drain(t.Context()))
	return id
}

// refusal calls an operation that is to fail, and checks how.
func refusal(t *testing.T, f fixture, op attrove.Any, args string, status int, code string) *attrove.Error {
	t.Helper()
	failure := refused(t, f, op, args)
	assert.Equal(t, status, failure.Status, failure.Message)
	assert.Equal(t, code, failure.Code, failure.Message)
	return failure
}

// eventTypes are what happened to a user's goals, in order.
func eventTypes(t *testing.T, f fixture) []string {
	t.Helper()
	var types []string
	for _, e := range call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{Cut: attrove.Cut{Limit: 100}}).Data {
		types = append(types, e.EventType)
	}
	return types
}

func TestCreatedGoalIsEvaluated(t *testing.T) {
	f := start(t, options())
	id := mail(t, f, promise, now.Add(-day))
	in := renewal()
	in.Description, in.SuccessCriteria, in.CompletionCondition = "The contract", "Signed", "Both signatures"
	in.Deadline = "2026-12-01T10:00:00+01:00"
	created := call(t, f, attrove.CreateGoal, in)
	assert.Regexp(t, `^gol_`, created.ID)
	assert.EqualValues(t, "Renew Osterveld", created.Title)
	assert.EqualValues(t, "The contract", *created.Description)
	assert.EqualValues(t, "Signed", *created.SuccessCriteria)
	assert.EqualValues(t, "Both signatures", *created.CompletionCondition)
	assert.EqualValues(t, "2026-12-01T09:00:00Z", *created.Deadline)
	assert.Equal(t, in.WatchScope, created.WatchScope)
	assert.Equal(t, attrove.LifecycleActive, created.Lifecycle)
	assert.Equal(t, attrove.HealthInsufficientEvidence, created.Health, "P-33")
	assert.Equal(t, 1, created.LifecycleVersion)
	assert.Nil(t, created.LastEvaluatedAt)
	assert.Nil(t, created.LastSnapshot)
	assert.Nil(t, created.Acknowledgment)

	got := call(t, f, attrove.GetGoal, attrove.GoalRef{GoalID: created.ID})
	require.NotNil(t, got.LastSnapshot)
	assert.Equal(t, attrove.DateTime("2026-11-03T09:30:00Z"), *got.LastEvaluatedAt)
	assert.Equal(t, attrove.HealthOnTrack, got.Health)
	assert.Equal(t, got.Health, got.LastSnapshot.Health)
	assert.Equal(t, attrove.MoveThem, got.NextMove.Owner)
	assert.Equal(t, got.NextMove, got.LastSnapshot.NextMove)
	assert.Equal(t, created.ID, got.LastSnapshot.GoalID)
	assert.Equal(t, attrove.LifecycleActive, got.LastSnapshot.Lifecycle)
	assert.JSONEq(t, string(got.LastSnapshot.Confidence), fmt.Sprint(confidence(t, *got.LastSnapshot)), "a number")
	require.NotNil(t, got.LastRun)
	assert.Equal(t, "completed", got.LastRun.Status)
	require.Len(t, got.LastSnapshot.CitedEvidenceRefs, 1)
	assert.Equal(t, "message", got.LastSnapshot.CitedEvidenceRefs[0].Type)
	assert.Equal(t, id, got.LastSnapshot.CitedEvidenceRefs[0].ID)

	list := call(t, f, attrove.ListGoals, attrove.GoalsIn{})
	require.Len(t, list.Data, 1)
	assert.Equal(t, got.NextMove, list.Data[0].NextMove, "rows include next_move")
	evidence := call(t, f, attrove.GetGoalEvidence, attrove.GoalRef{GoalID: created.ID})
	assert.Equal(t, got.LastSnapshot.CitedEvidenceRefs, evidence.CitedInLatestSnapshot)
	assert.Empty(t, evidence.ManualNotes)
	assert.Equal(t, []string{"goals.created", "goals.evaluated", "goals.health_changed"}, eventTypes(t, f))
}

// TestTimesAreAnsweredAsTheyAreKept: a time from an answer is good for later calls.
func TestTimesAreAnsweredAsTheyAreKept(t *testing.T) {
	o := options()
	o.Now = func() time.Time { return now.Add(1234567 * time.Nanosecond).In(time.FixedZone("", 3600)) }
	f := start(t, o)
	made := call(t, f, attrove.CreateGoal, renewal())
	assert.EqualValues(t, "2026-11-03T09:30:00.001Z", made.CreatedAt)
	assert.Equal(t, made.CreatedAt, call(t, f, attrove.GetGoal, attrove.GoalRef{GoalID: made.ID}).CreatedAt)
	assert.NotEmpty(t, call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{Since: made.CreatedAt}).Data)
}

func confidence(t *testing.T, s attrove.Snapshot) float64 {
	t.Helper()
	var n float64
	require.NoError(t, json.Unmarshal(s.Confidence, &n))
	assert.GreaterOrEqual(t, n, 0.0)
	assert.LessOrEqual(t, n, 1.0)
	return n
}

func TestGoalScopeIsChecked(t *testing.T) {
	f := start(t, options())
	mail(t, f, "Hello.", now)
	entity := call(t, f, attrove.ListEntities, attrove.EntitiesIn{}).Data[0].ID
	const terms = "Provide at least one valid entity_ids, seed_query, or keywords anchor"
	for name, c := range map[string]struct{ scope, code, path, message string }{
		"no anchor":      {`{}`, attrove.CodeGoalInvalidScope, "watch_scope", terms},
		"empty anchors":  {`{"entity_ids":[],"seed_query":" ","keywords":[" "]}`, attrove.CodeGoalInvalidScope, "watch_scope", terms},
		"unknown entity": {`{"entity_ids":["` + entity + `","ent_gone","ent_lost"]}`, attrove.CodeGoalInvalidScope, "watch_scope.entity_ids", "ent_gone, ent_lost"},
		"source type":    {`{"keywords":["a"],"source_types":["mail"]}`, attrove.CodeValidation, "watch_scope.source_types", `not "mail"`},
		"quiet too short": {`{"keywords":["a"],"silence_condition":{"quiet_after_days":0}}`, attrove.CodeValidation,
			"watch_scope.silence_condition.quiet_after_days", "from 1 to 365"},
		"quiet too long": {`{"keywords":["a"],"silence_condition":{"quiet_after_days":366}}`, attrove.CodeValidation,
			"watch_scope.silence_condition.quiet_after_days", "from 1 to 365"},
		"alert health": {`{"keywords":["a"],"silence_condition":{"quiet_after_days":5,"alert_health":"on_track"}}`, attrove.CodeValidation,
			"watch_scope.silence_condition.alert_health", "at_risk, blocked, waiting_on_human"},
		"activity source": {`{"keywords":["a"],"silence_condition":{"quiet_after_days":5,"activity_sources":["fax"]}}`, attrove.CodeValidation,
			"watch_scope.silence_condition.activity_sources", `not "fax"`},
	} {
		t.Run(name, func(t *testing.T) {
			failure := refusal(t, f, attrove.CreateGoal, `{"title":"T","watch_scope":`+c.scope+`}`, 422, c.code)
			assert.Equal(t, c.path, failure.Field)
			assert.Contains(t, failure.Message, c.message)
		})
	}
	assert.Empty(t, call(t, f, attrove.ListGoals, attrove.GoalsIn{}).Data)
	goal := call(t, f, attrove.CreateGoal, attrove.CreateGoalIn{Title: "T", WatchScope: attrove.WatchScope{EntityIDs: []string{entity}}})
	refusal(t, f, attrove.UpdateGoal, fmt.Sprintf(`{"goal_id":%q,"watch_scope":{}}`, goal.ID), 422, attrove.CodeGoalInvalidScope)
	refusal(t, f, attrove.CreateGoal, `{"watch_scope":{"keywords":["a"]}}`, 422, attrove.CodeValidation)
	refusal(t, f, attrove.CreateGoal, `{"title":"T","watch_scope":{"keywords":["a"]},"deadline":"2026-12-01"}`, 422, attrove.CodeValidation)
}

func TestUpdateChangesWhatItNames(t *testing.T) {
	f, clock := startClocked(t, options())
	in := renewal()
	in.Description, in.Deadline = "The contract", "2026-12-01T10:00:00Z"
	goal := call(t, f, attrove.CreateGoal, in)
	call(t, f, attrove.GetGoal, attrove.GoalRef{GoalID: goal.ID}) // evaluated
	clock.forward(time.Hour)
	got := call(t, f, attrove.UpdateGoal, attrove.UpdateGoalIn{GoalRef: attrove.GoalRef{GoalID: goal.ID},
		Title: attrove.Some("Renew Osterveld for two years"), Deadline: attrove.Opt[attrove.DateTime]{Set: true, Null: true}})
	assert.EqualValues(t, "Renew Osterveld for two years", got.Title)
	assert.Nil(t, got.Deadline)
	assert.EqualValues(t, "The contract", *got.Description)
	assert.EqualValues(t, "2026-11-03T10:30:00Z", got.UpdatedAt)
	assert.Equal(t, goal.CreatedAt, got.CreatedAt)
	assert.Equal(t, 1, got.LifecycleVersion)

	events := call(t, f, attrove.ListGoalEvents, attrove.GoalEventsIn{Types: []string{"goals.updated"}}).Data
	require.Len(t, events, 1)
	assert.Equal(t, attrove.Object{"goal_id": goal.ID, "actor": f.me.UserID, "fields": []any{"deadline", "title"}}, events[0].Data)
	again := call(t, f, attrove.GetGoal, attrove.GoalRef{GoalID: goal.ID})
	assert.EqualValues(t, "2026-11-03T10:30:00Z", *again.LastEvaluatedAt, "what it watches changed")

	clock.forward(time.Hour)
	same := call(t, f, attrove.UpdateGoal, attrove.UpdateGoalIn{GoalRef: attrove.GoalRef{GoalID: goal.ID}, Description: attrove.Some("The contract")})
	assert.Equal(t, got.UpdatedAt, same.UpdatedAt, "nothing changed")
	cleared := call(t, f, attrove.UpdateGoal, attrove.UpdateGoalIn{GoalRef: attrove.GoalRef{GoalID: goal.ID}, Description: attrove.Opt[string]{Set: true, Null: true}})
	assert.Nil(t, cleared.Description)
	for args, field := range map[string]string{`"title":null`: "title", `"title":" "`: "title", `"watch_scope":null`: "watch_scope", `"deadline":"soon"`: "deadline"} {
		failure := refusal(t, f, attrove.UpdateGoal, fmt.Sprintf(`{"goal_id":%q,%s}`, goal.ID, args), 422, attrove.CodeValidation)
		assert.Equal(t, field, failure.Field)
	}
	refusal(t, f, attrove.UpdateGoal, fmt.Sprintf(`{"goal_id":%q,"lifecycle":"completed"}`, goal.ID), 400, attrove.CodeInvalidRequest)
}
