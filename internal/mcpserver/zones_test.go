package mcpserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests are there on every machine

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/prompts"
	"github.com/attrove/attrove-mcp/tools"
)

// zoned is a client of a server whose user lives in a zone, at a time that can be set.
type zoned struct {
	workspace
	clock *atomic.Pointer[time.Time]
}

// openZoned opens the database at path, "" for one in memory.
func openZoned(t *testing.T, zone, path string, now time.Time) zoned {
	t.Helper()
	z := zoned{workspace{T: t, called: map[string]bool{}}, new(atomic.Pointer[time.Time])}
	z.at(now)
	show := func() time.Time { return *z.clock.Load() }
	logs := watched(t, io.Discard)
	engine := local.New(local.Options{Path: path, Now: show, Me: []string{"ann@home.example"}, Name: "Ann Holt", Timezone: zone, Log: logs.Logger})
	t.Cleanup(func() { assert.NoError(t, engine.Close()) })
	c, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "http://localhost", Transport: engine.Transport(), Ours: true})
	require.NoError(t, err)
	s, err := mcpserver.New(mcpserver.Options{Gate: gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: c, Now: show}, engine.LocalCaller, unasked()),
		Prompts: prompts.Env{Client: c, Now: show}, Log: logs.Logger})
	require.NoError(t, err)
	z.client, _ = connect(t, s, client.WithProtocolVersion(mcp.ProtocolVersion20260728))
	return z
}

func (z zoned) at(now time.Time) { z.clock.Store(&now) }

// with are arguments as JSON: names and values in turns.
func with(pairs ...any) string {
	args := map[string]any{}
	for pair := range slices.Chunk(pairs, 2) {
		args[pair[0].(string)] = pair[1]
	}
	raw, err := json.Marshal(args)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// mail pushes a message that is told from others by its name.
func (z zoned) mail(name string, at time.Time) {
	z.Helper()
	z.good("attrove_push_message", with("source", "email", "subject", name, "body_text", "We decided to order the "+name+" crane for Osterveld.", "sender_email", "bo@crane.example",
		"sender_name", "Bo", "recipients", []attrove.Address{{Email: "ann@home.example"}}, "sent_at", at.Format(time.RFC3339Nano)), &attrove.PushReceipt{})
}

// event puts something into the calendar, from and to as they are to be written.
func (z zoned) event(title string, allDay bool, from, to string) {
	z.Helper()
	z.good("attrove_push_event", with("title", title, "all_day", allDay, "start_time", from, "end_time", to), &attrove.PushReceipt{})
}

// row is what tells of an item in a list.
type row struct {
	Subject   string    `json:"subject"`
	Title     string    `json:"title"`
	StartTime time.Time `json:"start_time"`
	EndTime   time.Time `json:"end_time"`
}

// list is the names of what a list returns, in its order, and the dates as they
// were understood.
func (z zoned) list(tool, from, to string) (names []string, rows []row, resolved map[string]string) {
	z.Helper()
	var page struct {
		Data     []row
		Resolved map[string]string
	}
	args := []any{"limit", 100}
	if from != "" {
		args = append(args, "start_date", from)
	}
	if to != "" {
		args = append(args, "end_date", to)
	}
	z.good(tool, with(args...), &page)
	for _, r := range page.Data {
		names = append(names, r.Subject+r.Title)
	}
	return names, page.Data, page.Resolved
}

// zoneDay is a day in a zone, with the instants at which it begins and ends.
type zoneDay struct{ zone, day, from, to string }

// zoneDays are the days of 2026 on which clocks change, from the IANA database by
// zdump, and one in a zone where they never do.
func zoneDays() []zoneDay {
	return []zoneDay{
		{"America/Los_Angeles", "2026-03-08", "2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z"},
		{"America/Los_Angeles", "2026-11-01", "2026-11-01T07:00:00Z", "2026-11-02T08:00:00Z"},
		{"America/St_Johns", "2026-03-08", "2026-03-08T03:30:00Z", "2026-03-09T02:30:00Z"}, // half an hour off the hour
		{"America/St_Johns", "2026-11-01", "2026-11-01T02:30:00Z", "2026-11-02T03:30:00Z"},
		{"America/Havana", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"},   // there is no midnight
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},   // there are two
		{"America/Santiago", "2026-04-04", "2026-04-04T03:00:00Z", "2026-04-05T04:00:00Z"}, // the last hour of the day comes twice
		{"America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"}, // there is no midnight
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{"Asia/Kolkata", "2026-03-29", "2026-03-28T18:30:00Z", "2026-03-29T18:30:00Z"},
		{"Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"}, // by half an hour
		{"Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z"},
		{"Pacific/Auckland", "2026-04-05", "2026-04-04T11:00:00Z", "2026-04-05T12:00:00Z"},
		{"Pacific/Auckland", "2026-09-27", "2026-09-26T12:00:00Z", "2026-09-27T11:00:00Z"},
	}
}

// off is a day by its distance from another.
func off(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

// TestDaysInZones holds that a day is the user's calendar day wherever one is
// named, also when it has 23, 23½, 24½ or 25 hours.
func TestDaysInZones(t *testing.T) {
	for _, d := range zoneDays() {
		t.Run(d.zone+" "+d.day, func(t *testing.T) {
			from, to := instant(t, d.from), instant(t, d.to)
			z := openZoned(t, d.zone, "", from.Add(12*time.Hour))
			z.messagesOf(d, from, to)
			z.eventsOf(d, from, to)
			z.answersOf(d, from, to)
			z.closingOf(d, to)
			z.deadlineOn(d, from, to)
		})
	}
}

func (z zoned) messagesOf(d zoneDay, from, to time.Time) {
	z.Helper()
	z.mail("before", from.Add(-time.Millisecond))
	z.mail("first", from)
	z.mail("last", to.Add(-time.Millisecond))
	z.mail("after", to)
	day := d.day
	noon, next := from.Add(12*time.Hour), to.Add(time.Hour)
	monday := day
	for at := instant(z.T, day+"T00:00:00Z"); at.Weekday() != time.Monday; at = at.AddDate(0, 0, -1) {
		monday = off(monday, -1)
	}
	for _, c := range []struct {
		now        time.Time
		start, end string
		want       []string
		understood string // of start
	}{
		{noon, day, day, []string{"last", "first"}, ""},
		{noon, off(day, -1), off(day, -1), []string{"before"}, ""},
		{noon, off(day, 1), off(day, 1), []string{"after"}, ""},
		{noon, day, "", []string{"after", "last", "first"}, ""},
		{noon, "", day, []string{"last", "first", "before"}, ""},
		{noon, "today", "today", []string{"last", "first"}, day},
		{from, "today", "today", []string{"last", "first"}, day},
		{to.Add(-time.Millisecond), "today", "today", []string{"last", "first"}, day},
		{from.Add(-time.Millisecond), "tomorrow", "tomorrow", []string{"last", "first"}, day},
		{next, "yesterday", "yesterday", []string{"last", "first"}, day},
		{to, "yesterday", "yesterday", []string{"last", "first"}, day},
		{next, "1d", "yesterday", []string{"last", "first"}, day},
		{noon, "7d", "yesterday", []string{"before"}, off(day, -7)},
		{to.Add((5*24 + 6) * time.Hour), "1w", "", []string{"after", "last", "first", "before"}, off(day, -1)},
		{noon, "since monday", "today", []string{"last", "first", "before"}, monday},
		{next, d.from, d.from, []string{"last", "first"}, day}, // as an instant
	} {
		z.at(c.now)
		got, _, resolved := z.list("attrove_messages", c.start, c.end)
		assert.Equal(z, c.want, got, "%s to %s at %s", c.start, c.end, c.now)
		if c.understood == "" {
			assert.Empty(z, resolved, c.start)
			continue
		}
		assert.Equal(z, c.understood, resolved["start_date"], "%s at %s", c.start, c.now)
		assert.Equal(z, d.zone, resolved["timezone"])
	}
	z.at(noon)
	var found attrove.SearchOut
	z.good("attrove_search", with("query", "Osterveld crane", "after_date", day, "before_date", "today"), &found)
	var subjects []string
	for _, m := range found.KeyMessages {
		subjects = append(subjects, string(m.Subject))
	}
	assert.ElementsMatch(z, []string{"first", "last"}, subjects)
}

func (z zoned) eventsOf(d zoneDay, from, to time.Time) {
	z.Helper()
	loc, err := time.LoadLocation(d.zone)
	require.NoError(z, err)
	utc := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	here := func(t time.Time) string { return t.In(loc).Format(time.RFC3339) }
	midnight := func(n int) string { return off(d.day, n) + "T00:00:00Z" }
	for _, e := range []struct {
		title    string
		allDay   bool
		from, to string
	}{
		{"day before, UTC", true, midnight(-1), midnight(0)},
		{"day, UTC", true, midnight(0), midnight(1)},
		{"day, local", true, utc(from), utc(to)},
		{"day, offset", true, here(from), here(to)},
		{"day, elsewhere", true, off(d.day, 0) + "T00:00:00+05:45", off(d.day, 1) + "T00:00:00+05:45"},
		{"day, without length", true, midnight(0), midnight(0)},
		{"day, inclusive end", true, midnight(0), off(d.day, 0) + "T23:59:59Z"},
		{"two days, UTC", true, midnight(0), midnight(2)},
		{"day after, UTC", true, midnight(1), midnight(2)},
		{"into the day", false, utc(from.Add(-time.Hour)), utc(from.Add(time.Minute))},
		{"until midnight", false, utc(from.Add(-time.Hour)), utc(from)},
		{"at midnight", false, utc(from), utc(from)},
		{"out of the day", false, utc(to.Add(-time.Minute)), utc(to.Add(time.Hour))},
		{"from midnight", false, utc(to), utc(to.Add(time.Hour))},
	} {
		z.event(e.title, e.allDay, e.from, e.to)
	}
	z.at(from.Add(12 * time.Hour))
	whole := []string{"day, UTC", "day, local", "day, offset", "day, elsewhere", "day, without length", "day, inclusive end"}
	today, rows, _ := z.list("attrove_events", "today", "today")
	assert.ElementsMatch(z, slices.Concat(whole, []string{"two days, UTC", "into the day", "at midnight", "out of the day"}), today)
	assert.True(z, slices.IsSortedFunc(rows, func(a, b row) int { return a.StartTime.Compare(b.StartTime) }))
	for _, r := range rows {
		if slices.Contains(whole, r.Title) {
			assert.Equal(z, [2]string{d.from, d.to}, [2]string{utc(r.StartTime), utc(r.EndTime)}, r.Title)
		}
	}
	before, _, _ := z.list("attrove_events", "yesterday", "yesterday")
	assert.ElementsMatch(z, []string{"day before, UTC", "into the day", "until midnight"}, before)
	after, _, _ := z.list("attrove_events", "tomorrow", off(d.day, 1))
	assert.ElementsMatch(z, []string{"two days, UTC", "day after, UTC", "out of the day", "from midnight"}, after)
	assert.ElementsMatch(z, []string{"two days, UTC", "day after, UTC", "out of the day", "from midnight"}, z.searchEvents("day midnight", "tomorrow"))
	assert.ElementsMatch(z, []string{"day before, UTC", "into the day", "until midnight"}, z.searchEvents("day midnight", "yesterday"))
}

// searchEvents is the names of what a search finds in the calendar of a day.
func (z zoned) searchEvents(query, day string) (names []string) {
	z.Helper()
	var found attrove.SearchOut
	z.good("attrove_search", with("query", query, "after_date", day, "before_date", day), &found)
	for _, e := range found.KeyEvents {
		names = append(names, string(e.Title))
	}
	return names
}

// TestDaysStayDaysInAnotherZone moves the user between calls: whole days stay the
// days that they are, moments stay moments, and "today" is the day of the new zone.
func TestDaysStayDaysInAnotherZone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "attrove.db")
	now := time.Date(2026, 10, 25, 11, 0, 0, 0, time.UTC)
	for i, zone := range []string{"Europe/Berlin", "America/Santiago", "Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin"} {
		t.Run(fmt.Sprint(i, " ", zone), func(t *testing.T) {
			z := openZoned(t, zone, path, now)
			loc, err := time.LoadLocation(zone)
			require.NoError(t, err)
			if i == 0 {
				z.event("Holiday", true, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00")
				z.event("Call", false, "2026-10-25T10:00:00Z", "2026-10-25T10:30:00Z")
			}
			for day, want := range map[string][]string{"2026-10-24": nil, "2026-10-25": {"Holiday"}, "2026-10-26": nil} {
				if time.Date(2026, 10, 25, 10, 0, 0, 0, time.UTC).In(loc).Format(time.DateOnly) == day {
					want = append(want, "Call")
				}
				got, _, _ := z.list("attrove_events", day, day)
				assert.Equal(t, want, got, day)
			}
			_, _, resolved := z.list("attrove_events", "today", "today")
			assert.Equal(t, map[string]string{"start_date": now.In(loc).Format(time.DateOnly), "end_date": now.In(loc).Format(time.DateOnly), "timezone": zone}, resolved)
			var found attrove.SearchOut
			z.good("attrove_search", with("query", "holiday", "after_date", "2026-10-25", "before_date", "2026-10-25"), &found)
			assert.Len(t, found.KeyEvents, 1)
		})
	}
}

// TestTheHourThatComesTwice holds that spans of hours are spans of time, whatever
// the clock on the wall says.
func TestTheHourThatComesTwice(t *testing.T) {
	for _, c := range []struct {
		zone                        string
		earlier, first, second, now string
	}{
		{"Europe/Berlin", "2026-10-24T23:15:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:10:00Z", "2026-10-25T01:40:00Z"},
		{"America/Santiago", "2026-04-05T01:15:00Z", "2026-04-05T02:45:00Z", "2026-04-05T03:10:00Z", "2026-04-05T03:40:00Z"},
		{"Australia/Lord_Howe", "2026-04-04T13:45:00Z", "2026-04-04T14:45:00Z", "2026-04-04T15:05:00Z", "2026-04-04T15:35:00Z"},
	} {
		t.Run(c.zone, func(t *testing.T) {
			now := instant(t, c.now)
			z := openZoned(t, c.zone, "", now)
			z.mail("earlier", instant(t, c.earlier))
			z.mail("first", instant(t, c.first))
			z.mail("second", instant(t, c.second))
			answer := z.question("What happened in the last hour?").Answer
			assert.Contains(t, answer, "first crane")
			assert.Contains(t, answer, "second crane")
			assert.NotContains(t, answer, "earlier crane")
			z.at(now.Add(20 * time.Minute))
			answer = z.question("What happened in the last hour?").Answer
			assert.NotContains(t, answer, "first crane")
			assert.Contains(t, answer, "second crane")
			got, _, _ := z.list("attrove_messages", "", "")
			assert.Equal(t, []string{"second", "first", "earlier"}, got, "by time, not by clock")
		})
	}
}
