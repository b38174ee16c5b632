package local_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// TestGoalsAreKept: without anybody reading them, goals are evaluated when
// something arrives, when time passes, and after a restart.
func TestGoalsAreKept(t *testing.T) {
	t.Parallel()
	o := options()
	o.Path = filepath.Join(t.TempDir(), "a.db")
	f, clock := startClocked(t, o)
	mail(t, f, promise, now.Add(-day))
	goal := call(t, f, attrove.CreateGoal, renewal())
	beside, err := store.Open(t.Context(), o.Path) // sees what the engine does and asks it for nothing
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, beside.Close()) })
	reaches := func(health attrove.Health, at time.Time) store.Goal {
		t.Helper()
		var g store.Goal
		require.Eventually(t, func() bool {
			g, err = beside.Goal(t.Context(), f.me.UserID, goal.ID)
			return err == nil && g.Health == health && g.LastEvaluatedAt.Equal(at)
		}, time.Minute, 10*time.Millisecond, "%s %s", g.Health, g.LastEvaluatedAt)
		return g
	}
	g := reaches(attrove.HealthOnTrack, now)
	assert.True(t, g.NextLookAt.After(now) && !g.NextLookAt.After(now.Add(day)), "%s: at least daily", g.NextLookAt)

	clock.forward(time.Hour)
	mail(t, f, "Good news. I will send you the contract.", clock.now())
	reaches(attrove.HealthOnTrack, clock.now())
	mailAbout(t, f, "lunch")
	reaches(attrove.HealthOnTrack, clock.now())

	clock.forward(5 * day) // to the moment at which the silence becomes a risk
	reaches(attrove.HealthAtRisk, clock.now())

	require.NoError(t, f.engine.Close())
	clock.forward(2 * day)
	o.Now = clock.now
	later := start(t, o)
	g = reaches(attrove.HealthAtRisk, clock.now())
	assert.Equal(t, g.ID, call(t, later, attrove.ListGoals, attrove.GoalsIn{}).Data[0].ID)
}

// TestChangedItemsWakeGoals: an evaluation is also for what is now said of
// something, and for what is no longer to be seen.
func TestChangedItemsWakeGoals(t *testing.T) {
	f, clock, ref := watched(t)
	meeting := call(t, f, attrove.PushMeeting, attrove.PushMeetingIn{Title: "Call", StartTime: "2026-11-03T09:00:00Z", Summary: "Nothing new."}).ID
	call(t, f, attrove.PushEvent, attrove.PushEventIn{Title: "Lunch", StartTime: "2026-11-03T12:00:00Z", EndTime: "2026-11-03T13:00:00Z"})
	calendar := call(t, f, attrove.ListCalendars, attrove.Cut{}).Data[0].ID
	mailed := mail(t, f, "Osterveld: I will send it tomorrow.", now.Add(-time.Hour))
	require.Contains(t, cited(call(t, f, attrove.GetGoal, ref)), mailed)
	take := func() { // the message back
		call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", BodyText: "Never mind.", SenderEmail: "jan@elsewhere.example",
			ExternalID: now.Add(-time.Hour).String()})
	}
	say := func(summary string) func() {
		return func() {
			call(t, f, attrove.UpdateMeeting, attrove.UpdateMeetingIn{ID: meeting, Summary: attrove.Some(summary)})
		}
	}
	turn := func(on bool) func() {
		return func() {
			call(t, f, attrove.UpdateCalendar, attrove.UpdateCalendarIn{CalendarRef: attrove.CalendarRef{ID: calendar}, IsActive: on})
		}
	}
	for _, c := range []struct {
		name  string
		do    func()
		wakes bool
	}{
		{"other words", say("Still nothing."), false}, {"concerns it", say("Osterveld will sign."), true}, {"no longer", say("Nothing."), true},
		{"pushed anew", take, true}, {"cited no more", take, false},
		{"calendar off", turn(false), true}, {"off again", turn(false), false}, {"on", turn(true), true},
	} {
		clock.forward(time.Minute)
		before := call(t, f, attrove.GetGoal, ref).LastEvaluatedAt
		c.do()
		assert.Equal(t, c.wakes, *before != *call(t, f, attrove.GetGoal, ref).LastEvaluatedAt, c.name)
	}
}

// cited are the ids of what the last snapshot of a goal cites.
func cited(g attrove.Goal) (ids []string) {
	for _, ref := range g.LastSnapshot.CitedEvidenceRefs {
		ids = append(ids, ref.ID)
	}
	return ids
}

// TestClockSetBack: what a clock that was ahead found and planned is no more when
// it is set back, or when the next process has another one.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	o := options()
	o.Path = filepath.Join(t.TempDir(), "a.db")
	f, clock := startClocked(t, o)
	mail(t, f, promise, now.Add(-day))
	ref := attrove.GoalRef{GoalID: call(t, f, attrove.CreateGoal, renewal()).ID}
	require.Equal(t, attrove.HealthOnTrack, call(t, f, attrove.GetGoal, ref).Health)
	clock.forward(30 * day)
	require.Equal(t, attrove.HealthAtRisk, call(t, f, attrove.GetGoal, ref).Health)
	clock.forward(-30 * day)
	back := call(t, f, attrove.GetGoal, ref)
	assert.Equal(t, attrove.HealthOnTrack, back.Health)
	assert.EqualValues(t, "2026-11-03T09:30:00Z", *back.LastEvaluatedAt)

	clock.forward(30 * day)
	require.Equal(t, attrove.HealthAtRisk, call(t, f, attrove.GetGoal, ref).Health)
	require.NoError(t, f.engine.Close())
	assert.Equal(t, attrove.HealthOnTrack, call(t, start(t, o), attrove.GetGoal, ref).Health)
}

// mailAbout pushes a message that concerns no goal.
func mailAbout(t *testing.T, f fixture, subject string) {
	t.Helper()
	call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", Subject: subject, BodyText: "Nothing of importance.", SenderEmail: "eve@example.org"})
	require.NoError(t, f.engine.Drain(t.Context()))
}

// TestOtherItemsWakeNoGoal: an evaluation is for what concerns the goal.
func TestOtherItemsWakeNoGoal(t *testing.T) {
	f, clock, ref := watched(t)
	before := call(t, f, attrove.GetGoal, ref)
	clock.forward(time.Minute)
	mailAbout(t, f, "lunch")
	assert.Equal(t, before, call(t, f, attrove.GetGoal, ref))
	mail(t, f, "I will send you the contract.", clock.now())
	assert.NotEqual(t, before.LastEvaluatedAt, call(t, f, attrove.GetGoal, ref).LastEvaluatedAt)

	clock.forward(time.Minute)
	before = call(t, f, attrove.GetGoal, ref)
	call(t, f, attrove.PushMeeting, attrove.PushMeetingIn{Title: "Osterveld call", StartTime: "2026-11-03T09:00:00Z", Summary: "Jan will sign."})
	assert.NotEqual(t, before.LastEvaluatedAt, call(t, f, attrove.GetGoal, ref).LastEvaluatedAt, "meetings count as well")
	clock.forward(time.Minute)
	before = call(t, f, attrove.GetGoal, ref)
	call(t, f, attrove.PushEvent, attrove.PushEventIn{Title: "Osterveld", StartTime: "2026-11-04T09:00:00Z", EndTime: "2026-11-04T10:00:00Z"})
	assert.NotEqual(t, before.LastEvaluatedAt, call(t, f, attrove.GetGoal, ref).LastEvaluatedAt, "and events")
}
