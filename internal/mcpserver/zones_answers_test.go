package mcpserver_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// question asks a question in plain words.
func (z zoned) question(text string) attrove.QueryOut {
	z.Helper()
	var out attrove.QueryOut
	z.good("attrove_query", with("query", text), &out)
	return out
}

func (z zoned) answersOf(d zoneDay, from, to time.Time) {
	z.Helper()
	date := instant(z.T, d.day+"T00:00:00Z").Format("Mon 2 Jan 2006")
	short := instant(z.T, d.day+"T00:00:00Z").Format("Mon 2 Jan")
	z.at(to)
	happened := z.question("What happened yesterday?")
	assert.Contains(z, happened.Answer, fmt.Sprintf("Yesterday (%s, %s)", date, d.zone))
	assert.Contains(z, happened.Answer, "first crane")
	assert.Contains(z, happened.Answer, "last crane")
	assert.NotContains(z, happened.Answer, "before crane")
	assert.NotContains(z, happened.Answer, "after crane")

	z.at(from)
	planned := z.question("What is on my calendar today?")
	assert.Contains(z, planned.Answer, fmt.Sprintf("Today (%s, %s)", date, d.zone))
	for _, title := range []string{"day, UTC", "day, local", "day, elsewhere"} {
		assert.Contains(z, planned.Answer, short+", all day: "+title)
	}
	next := instant(z.T, off(d.day, 1)+"T00:00:00Z").Format("Mon 2 Jan")
	assert.Contains(z, planned.Answer, short+" to "+next+", all day: two days, UTC")
	assert.NotContains(z, planned.Answer, "day before")
	assert.NotContains(z, planned.Answer, "day after")
	assert.NotContains(z, planned.Answer, "from midnight")

	z.at(from.Add(12 * time.Hour))
	assert.Contains(z, z.question("Prepare me for my next meeting").Answer, "out of the day")
}

// closingOf holds that the prompt that closes a day is about that day.
func (z zoned) closingOf(d zoneDay, to time.Time) {
	z.Helper()
	z.at(to)
	got, err := prompt(z.T, z.client, "end_of_day", "day", "yesterday")
	require.NoError(z, err)
	text := messages(z.T, got)
	day := instant(z.T, d.day+"T00:00:00Z")
	assert.Contains(z, text, "The day: "+day.Format("Monday 2 January 2006"))
	assert.Contains(z, text, day.Format("Mon 2 Jan")+`, all day, "day, UTC"`)
	assert.Contains(z, text, day.AddDate(0, 0, 1).Format("Mon 2 Jan")+`, all day, "day after, UTC"`)
	assert.Contains(z, text, `"last"`)
	assert.NotContains(z, text, `"before"`)
	assert.NotContains(z, text, `"after"`)
}

// deadlineOn holds that a goal is due until the last second of a day.
func (z zoned) deadlineOn(d zoneDay, from, to time.Time) {
	z.Helper()
	z.at(from.Add(12 * time.Hour))
	last := to.Add(-time.Second)
	var goal struct {
		attrove.Goal
		Resolved map[string]string
	}
	for _, said := range []string{d.day, "today"} {
		z.good("attrove_create_goal", with("title", "Osterveld", "watch_scope", attrove.WatchScope{Keywords: []string{"Osterveld"}}, "deadline", said), &goal)
		require.NotNil(z, goal.Deadline)
		assert.Equal(z, last.UTC().Format(time.RFC3339), string(*goal.Deadline), said)
		echoed := goal.Resolved["deadline"]
		assert.Equal(z, d.day+"T23:59:59", echoed[:len("2006-01-02T15:04:05")], said)
		assert.True(z, instant(z.T, echoed).Equal(last), echoed)
		assert.Equal(z, d.zone, goal.Resolved["timezone"])
	}
	var happened struct{ Resolved map[string]string }
	z.good("attrove_goal_events", with("since", "today"), &happened)
	assert.True(z, instant(z.T, happened.Resolved["since"]).Equal(from), happened.Resolved)

	short := instant(z.T, d.day+"T00:00:00Z").Format("Mon 2 Jan")
	for _, c := range []struct {
		now  time.Time
		says string
	}{
		{from.Add(12 * time.Hour), "The deadline is " + short},
		{last, "The deadline is " + short},
		{to, "The deadline was " + short},
	} {
		z.at(c.now)
		z.good("attrove_evaluate_goal", with("goal_id", goal.ID), &attrove.GoalRun{})
		var status attrove.Goal
		z.good("attrove_get_goal_status", with("goal_id", goal.ID), &status)
		require.NotNil(z, status.LastSnapshot)
		assert.Contains(z, status.LastSnapshot.Summary, c.says, c.now)
		missed := slices.ContainsFunc(status.LastSnapshot.RiskSignals, func(r attrove.RiskSignal) bool { return r.Kind == attrove.RiskDeadline })
		assert.Equal(z, c.now.Equal(to), missed, "%s: %v", c.now, status.LastSnapshot.RiskSignals)
	}
}
