package sample

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// nows are the moments that the workspace must look right at: each weekday, and
// what calendars are bad at. The zone of the user is New York's.
var nows = map[string]string{
	"monday":             "2026-05-11T14:00:00Z",
	"tuesday":            "2026-05-12T14:00:00Z",
	"wednesday":          "2026-05-13T14:00:00Z",
	"thursday":           "2026-05-14T14:00:00Z",
	"friday":             "2026-05-15T14:00:00Z",
	"saturday":           "2026-05-16T14:00:00Z",
	"sunday":             "2026-05-17T14:00:00Z",
	"clocks go forward":  "2026-03-08T06:59:00Z",
	"after that":         "2026-03-09T13:00:00Z",
	"clocks go back":     "2026-11-01T05:30:00Z",
	"after that too":     "2026-11-03T21:00:00Z",
	"last minute of 25":  "2026-01-01T04:59:00Z",
	"new year elsewhere": "2026-01-01T00:30:00+09:00",
	"second of january":  "2026-01-02T12:00:00Z",
	"leap day":           "2028-02-29T17:00:00Z",
	"monday at midnight": "2026-05-11T04:00:00Z",
}

// workspace is what Load pushed, decoded with no field unknown.
type workspace struct {
	now      time.Time
	messages []attrove.PushMessageIn
	meetings []attrove.PushMeetingIn
	events   []attrove.PushEventIn
	notes    []attrove.PushNoteIn
	ids      []string
	bodies   []string
}

func load(t *testing.T, at string) workspace {
	t.Helper()
	now, err := time.Parse(time.RFC3339, at)
	require.NoError(t, err)
	w := workspace{now: now}
	err = Load(t.Context(), now, func(_ context.Context, op attrove.Any, body json.RawMessage) error {
		w.bodies = append(w.bodies, string(body))
		switch op {
		case attrove.PushMessage:
			in := decode[attrove.PushMessageIn](t, body)
			w.messages, w.ids = append(w.messages, in), append(w.ids, in.ExternalID)
		case attrove.PushMeeting:
			in := decode[attrove.PushMeetingIn](t, body)
			w.meetings, w.ids = append(w.meetings, in), append(w.ids, in.ExternalID)
		case attrove.PushEvent:
			in := decode[attrove.PushEventIn](t, body)
			w.events, w.ids = append(w.events, in), append(w.ids, in.ExternalID)
		case attrove.PushNote:
			in := decode[attrove.PushNoteIn](t, body)
			w.notes, w.ids = append(w.notes, in), append(w.ids, in.ExternalID)
		default:
			assert.Failf(t, "unexpected operation", "%v", op.Info())
		}
		return nil
	})
	require.NoError(t, err)
	return w
}

func decode[In any](t *testing.T, body json.RawMessage) In {
	t.Helper()
	var in In
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	require.NoError(t, dec.Decode(&in))
	return in
}

func parseTime(t *testing.T, s attrove.DateTime) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, string(s))
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(s), "Z"), "%s is not UTC", s)
	return at
}

// from returns the messages whose sender's address ends so.
func (w workspace) from(suffix string) []attrove.PushMessageIn {
	return slices.DeleteFunc(slices.Clone(w.messages), func(m attrove.PushMessageIn) bool {
		return !strings.HasSuffix(m.SenderEmail, suffix)
	})
}

func TestHasTheSizeOfASmallCompany(t *testing.T) {
	w := load(t, nows["wednesday"])
	var mails, chats int
	for _, m := range w.messages {
		switch m.Source {
		case "email":
			mails++
		case "chat":
			chats++
		default:
			assert.Failf(t, "unexpected source", "%q", m.Source)
		}
	}
	assert.Greater(t, mails, 150)
	assert.Greater(t, chats, 120)
	assert.Greater(t, len(w.events), 50)
	assert.GreaterOrEqual(t, len(w.meetings), 10)
	assert.GreaterOrEqual(t, len(w.notes), 10)
	for _, m := range w.meetings {
		assert.Greater(t, strings.Count(m.Transcript, "\n"), 35, m.Title)
		assert.NotEmpty(t, m.Summary, m.Title)
		assert.NotEmpty(t, m.ShortSummary, m.Title)
		assert.NotEmpty(t, m.Attendees, m.Title)
		assert.NotEmpty(t, m.ActionItems, m.Title)
	}
}

func TestExternalIDsAreStableAndUnique(t *testing.T) {
	seen := map[string]bool{}
	w := load(t, nows["wednesday"])
	for _, id := range w.ids {
		assert.NotEmpty(t, id)
		assert.False(t, seen[id], "%s comes twice", id)
		seen[id] = true
	}
	assert.Equal(t, w.bodies, load(t, nows["wednesday"]).bodies, "the same now gives the same bodies")
	for _, id := range load(t, nows["monday at midnight"]).ids {
		assert.True(t, seen[id], "%s is known at one time and not at another", id)
	}
}

func TestTimesAreRight(t *testing.T) {
	zone, err := time.LoadLocation(User().Timezone)
	require.NoError(t, err)
	for name, at := range nows {
		t.Run(name, func(t *testing.T) {
			w := load(t, at)
			happened := func(what attrove.DateTime, title string) {
				when := parseTime(t, what)
				assert.False(t, when.After(w.now), "%s lies ahead", title)
				assert.Less(t, w.now.Sub(when), 45*24*time.Hour, title)
				assert.False(t, weekend(when.In(zone)), "%s is on a weekend", title)
			}
			for _, m := range w.messages {
				happened(m.SentAt, m.ExternalID)
				assert.NotEmpty(t, m.BodyText, m.ExternalID)
			}
			for _, m := range w.meetings {
				happened(m.EndTime, m.Title)
				assert.True(t, parseTime(t, m.StartTime).Before(parseTime(t, m.EndTime)), m.Title)
			}
			for _, e := range w.events {
				start, end := parseTime(t, e.StartTime), parseTime(t, e.EndTime)
				assert.True(t, start.Before(end), e.Title)
				assert.False(t, weekend(start.In(zone)), "%s is on a weekend", e.Title)
				assert.Less(t, start.Sub(w.now), 18*24*time.Hour, e.Title)
				if e.AllDay {
					assert.Zero(t, start.In(zone).Hour()+end.In(zone).Hour(), "%s is whole days", e.Title)
				}
			}
		})
	}
}

func TestThreadsGoForward(t *testing.T) {
	w := load(t, nows["thursday"])
	last, known := map[string]time.Time{}, map[string]bool{}
	for _, m := range w.messages {
		at := parseTime(t, m.SentAt)
		assert.False(t, at.Before(last[m.ExternalThreadID]), "%s is older than what it follows", m.ExternalID)
		last[m.ExternalThreadID] = at
		if id, ok := m.Metadata[attrove.MetaInReplyTo].(string); ok {
			assert.True(t, known[id], "%s answers %s, which is not there before it", m.ExternalID, id)
		}
		known[m.ExternalID] = true
	}
}

func TestQuotesStayApart(t *testing.T) {
	w := load(t, nows["thursday"])
	var quoted int
	for _, m := range w.messages {
		assert.NotContains(t, m.BodyText, "\n>", m.ExternalID)
		if quote, ok := m.Metadata[attrove.MetaQuotedText].(string); ok {
			quoted++
			assert.True(t, strings.HasPrefix(quote, "> "), m.ExternalID)
			assert.NotContains(t, quote, "> ...", m.ExternalID)
		}
	}
	assert.Positive(t, quoted)
}

var (
	addressForm = regexp.MustCompile(`[\w.+-]+@([\w.-]+\w)`)
	linkForm    = regexp.MustCompile(`(?i)https?:|www\.|\w\.(com|org|net|io|eu|de|fr|co|ai|dev|app)\b`)
	datedForm   = regexp.MustCompile(`\b([A-Z]\w+day), ([A-Z]\w+ \d+)`)
)

func TestDatesInTextsAreRightAtAnyTime(t *testing.T) {
	for name, at := range nows {
		t.Run(name, func(t *testing.T) {
			w := load(t, at)
			var dated int
			for i, body := range w.bodies {
				if !strings.Contains(body, "day, ") {
					continue // the pattern below is slow
				}
				for _, m := range datedForm.FindAllStringSubmatch(strings.ReplaceAll(body, `\n`, " "), -1) {
					dated++
					assert.Equal(t, weekdayOf(t, m[2], w.now), m[1], "%s in %s", m[0], w.ids[i])
				}
			}
			assert.Greater(t, dated, 5)
		})
	}
}

func TestTextsAreClean(t *testing.T) {
	w := load(t, nows["sunday"])
	for i, body := range w.bodies {
		assert.NotRegexp(t, placeholder, body, w.ids[i])
		assert.NotRegexp(t, linkForm, body, w.ids[i])
		for _, m := range addressForm.FindAllStringSubmatch(body, -1) {
			assert.True(t, strings.HasSuffix(m[1], ".example"), "%s is not in a reserved domain (RFC 2606)", m[0])
		}
	}
}

// weekdayOf says what weekday a date such as "March 12" is in the year that
// brings it closest to now.
func weekdayOf(t *testing.T, date string, now time.Time) string {
	t.Helper()
	day, err := time.Parse("January 2 2006", date+" 2028") // a leap year takes every date
	require.NoError(t, err)
	best := time.Time{}
	for year := now.Year() - 1; year <= now.Year()+1; year++ {
		when := time.Date(year, day.Month(), day.Day(), 12, 0, 0, 0, time.UTC)
		if when.Sub(now).Abs() < best.Sub(now).Abs() {
			best = when
		}
	}
	return best.Weekday().String()
}

func TestUserIsInTheWorkspace(t *testing.T) {
	assert.Contains(t, Me(), User().Email)
	w := load(t, nows["wednesday"])
	assert.Greater(t, len(w.from(User().Email)), 50)
	for _, address := range Me() {
		assert.True(t, slices.ContainsFunc(w.messages, func(m attrove.PushMessageIn) bool {
			return slices.ContainsFunc(m.Recipients, func(r attrove.Address) bool { return r.Email == address })
		}), "nobody writes to %s", address)
	}
}

func TestLoadStopsWhenPushFails(t *testing.T) {
	full := errors.New("disk full")
	var calls int
	err := Load(t.Context(), time.Now(), func(context.Context, attrove.Any, json.RawMessage) error {
		calls++
		return full
	})
	require.ErrorIs(t, err, full)
	assert.Equal(t, 1, calls)
}

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		if _, err := build(time.Now()); err != nil {
			b.Fatal(err)
		}
	}
}
