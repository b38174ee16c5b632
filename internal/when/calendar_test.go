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
