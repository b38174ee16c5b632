package when

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The days on which six zones change their clocks, and how long they are.
func TestDaysAcrossClockChanges(t *testing.T) {
	tests := []struct {
		zone, day string
		hours     float64
	}{
		{"Europe/Berlin", "2026-03-29", 23},
		{"Europe/Berlin", "2026-10-25", 25},
		{"America/New_York", "2026-03-08", 23},
		{"America/New_York", "2026-11-01", 25},
		{"Australia/Lord_Howe", "2026-04-05", 24.5}, // half an hour
		{"Australia/Lord_Howe", "2026-10-04", 23.5},
		{"America/Havana", "2026-03-08", 23}, // 00:00 does not exist
		{"America/Havana", "2026-11-01", 25}, // 00:00 happens twice
		{"Africa/Cairo", "2026-04-24", 23},   // 00:00 does not exist
		{"Africa/Cairo", "2026-10-29", 25},   // 23:00 happens twice
		{"Asia/Kolkata", "2026-03-29", 24},   // never changes
		{"Asia/Kolkata", "2026-10-25", 24},
	}
	for _, tt := range tests {
		t.Run(tt.zone+" "+tt.day, func(t *testing.T) {
			loc := zone(t, tt.zone)
			noon, err := time.ParseInLocation("2006-01-02 15:04", tt.day+" 12:00", loc)
			require.NoError(t, err)

			today, ok := ParsePeriod("today", noon)
			require.True(t, ok)
			assert.InDelta(t, tt.hours, today.To.Sub(today.From).Hours(), 0)
			assert.Equal(t, tt.day, today.From.Format(time.DateOnly), "the day starts on itself")
			assert.NotEqual(t, tt.day, today.From.Add(-time.Nanosecond).Format(time.DateOnly), "and not later")
			assert.Equal(t, tt.day, today.To.Add(-time.Nanosecond).Format(time.DateOnly))
			assert.NotEqual(t, tt.day, today.To.Format(time.DateOnly))

			yesterday, ok := ParsePeriod("yesterday", NextDay(noon).Add(12*time.Hour))
			require.True(t, ok)
			assert.True(t, yesterday.From.Equal(today.From) && yesterday.To.Equal(today.To))

			due, err := ParseDeadline(tt.day, noon)
			require.NoError(t, err)
			assert.True(t, due.Equal(today.To.Add(-time.Second)))

			week, ok := ParsePeriod("this week", noon)
			require.True(t, ok)
			assert.Equal(t, time.Monday, week.From.Weekday())
			assert.Equal(t, time.Sunday, week.To.Add(-time.Nanosecond).Weekday())
		})
	}
}

// Every day of a year starts where the day before ended.
func TestDaysJoin(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/Havana", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe", "UTC"} {
		loc := zone(t, name)
		d := day(2026, time.January, 1, loc)
		for range 365 {
			next := NextDay(d)
			require.False(t, sameDay(d, next), "%s %s", name, d)
			require.True(t, sameDay(d, next.Add(-time.Nanosecond)), "%s %s", name, d)
			require.True(t, StartOfDay(next.Add(-time.Nanosecond)).Equal(d), "%s %s", name, d)
			d = next
		}
		assert.Equal(t, "2027-01-01", d.Format(time.DateOnly))
	}
}

func TestAddDaysWhereTheTimeOfDayIsSkipped(t *testing.T) {
	at := time.Date(2026, time.September, 5, 0, 30, 0, 0, zone(t, "America/Santiago"))
	assert.Equal(t, "2026-09-06 01:00", AddDays(at, 1).Format("2006-01-02 15:04"), "00:00 to 01:00 does not exist")
	assert.Equal(t, "2026-09-07 00:00", AddDays(at, 2).Format("2006-01-02 15:04"))
	assert.Equal(t, "2026-09-05 00:00", AddDays(NextDay(at), -1).Format("2006-01-02 15:04"))
}

func TestHoursBeginOnTheClockOnTheWall(t *testing.T) {
	for _, name := range []string{"Asia/Kolkata", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin"} {
		now := time.Date(2026, time.November, 18, 15, 40, 12, 5, zone(t, name))
		p, ok := ParsePeriod("what came in 3 hours ago?", now)
		require.True(t, ok)
		assert.Equal(t, "12:00:00 13:00:00", p.From.Format("15:04:05.999 ")+p.To.Format("15:04:05.999"), name)
	}
}

// TestWholeDays: in every zone they are the days that were written.
func TestWholeDays(t *testing.T) {
	tests := map[string]struct{ zone, start, end, from, to string }{
		"UTC's midnights":                      {"America/Los_Angeles", "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z", "2026-03-08 00:00", "2026-03-09 00:00"},
		"midnights of two offsets":             {"Asia/Kolkata", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", "2026-03-29 00:00", "2026-03-30 00:00"},
		"the user's midnights in UTC":          {"Pacific/Auckland", "2026-04-04T11:00:00Z", "2026-04-05T12:00:00Z", "2026-04-05 00:00", "2026-04-06 00:00"},
		"24 hours of a day of 25":              {"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T22:00:00Z", "2026-10-25 00:00", "2026-10-26 00:00"},
		"24 hours of a day of 23":              {"Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T23:00:00Z", "2026-03-29 00:00", "2026-03-30 00:00"},
		"Berlin's midnights in UTC":            {"America/Los_Angeles", "2026-06-30T22:00:00Z", "2026-07-02T22:00:00Z", "2026-07-01 00:00", "2026-07-03 00:00"},
		"Berlin's midnights, seen in the East": {"Asia/Tokyo", "2026-06-30T22:00:00Z", "2026-07-01T22:00:00Z", "2026-07-01 00:00", "2026-07-02 00:00"},
		"the last second as the end":           {"Pacific/Auckland", "2026-03-29T00:00:00Z", "2026-03-29T23:59:59Z", "2026-03-29 00:00", "2026-03-30 00:00"},
		"no end":                               {"Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T00:00:00Z", "2026-03-29 00:00", "2026-03-30 00:00"},
		"office hours":                         {"Europe/Berlin", "2026-03-29T08:00:00+02:00", "2026-03-29T17:00:00+02:00", "2026-03-29 00:00", "2026-03-30 00:00"},
		"a day without midnight":               {"America/Santiago", "2026-09-06T00:00:00Z", "2026-09-07T00:00:00Z", "2026-09-06 01:00", "2026-09-07 00:00"},
		"a day without midnight, in UTC":       {"America/Santiago", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z", "2026-09-06 01:00", "2026-09-07 00:00"},
		"a day that has two, the first":        {"America/Havana", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", "2026-11-01 00:00", "2026-11-02 00:00"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			start, err := time.Parse(time.RFC3339, tt.start)
			require.NoError(t, err)
			end, err := time.Parse(time.RFC3339, tt.end)
			require.NoError(t, err)
			from, to := WholeDays(start, end, zone(t, tt.zone))
			assert.Equal(t, tt.from+" "+tt.to, from.Format("2006-01-02 15:04 ")+to.Format("2006-01-02 15:04"))
		})
	}
}
