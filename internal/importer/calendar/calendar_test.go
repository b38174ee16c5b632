package calendar

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests are there on every machine

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

var until = time.Date(2027, 11, 22, 0, 0, 0, 0, time.UTC)

// vcalendar wraps lines as programs write calendars.
func vcalendar(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

func vevent(lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:u\r\nSUMMARY:Tea\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT"
}

func read(t *testing.T, text string, zone *time.Location) Calendar {
	t.Helper()
	c, err := Read([]byte(text), Options{Zone: zone, Until: until})
	require.NoError(t, err)
	return c
}

// times lists the events as "start/end", with "!" before those that are canceled.
func times(c Calendar) []string {
	var all []string
	for _, e := range c.Events {
		text := string(e.StartTime) + "/" + string(e.EndTime)
		if strings.HasPrefix(e.Title, "Canceled: ") {
			text = "!" + text
		}
		all = append(all, text)
	}
	return all
}

func TestTimes(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	const custom = "BEGIN:VTIMEZONE\r\nTZID:Ours\r\n" +
		"BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"UTC":                     {vevent("DTSTART:20240105T090000Z", "DTEND:20240105T100000Z"), []string{"2024-01-05T09:00:00Z/2024-01-05T10:00:00Z"}},
		"floating is the user's":  {vevent("DTSTART:20240105T090000", "DURATION:PT90M"), []string{"2024-01-05T08:00:00Z/2024-01-05T09:30:00Z"}},
		"IANA":                    {vevent("DTSTART;TZID=America/New_York:20240705T090000"), []string{"2024-07-05T13:00:00Z/2024-07-05T13:00:00Z"}},
		"IANA at the end of path": {vevent("DTSTART;TZID=/mozilla.org/20050126_1/America/New_York:20240705T090000"), []string{"2024-07-05T13:00:00Z/2024-07-05T13:00:00Z"}},
		"Windows":                 {vevent("DTSTART;TZID=Tokyo Standard Time:20240105T090000"), []string{"2024-01-05T00:00:00Z/2024-01-05T00:00:00Z"}},
		"Outlook, for people":     {vevent(`DTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20240705T090000`), []string{"2024-07-05T13:00:00Z/2024-07-05T13:00:00Z"}},
		"cities":                  {vevent(`DTSTART;TZID="Canberra, Melbourne, Sydney":20240105T090000`), []string{"2024-01-04T22:00:00Z/2024-01-04T22:00:00Z"}},
		"only its own rules": {custom + "\r\n" + vevent("DTSTART;TZID=Ours:20240330T120000", "RRULE:FREQ=DAILY;COUNT=2"),
			[]string{"2024-03-30T11:00:00Z/2024-03-30T11:00:00Z", "2024-03-31T10:00:00Z/2024-03-31T10:00:00Z"}},
		"all day": {vevent("DTSTART;VALUE=DATE:20240105"), []string{"2024-01-05T00:00:00+01:00/2024-01-06T00:00:00+01:00"}},
		"days over a change of clocks": {vevent("DTSTART;VALUE=DATE:20240330", "DTEND;VALUE=DATE:20240401"),
			[]string{"2024-03-30T00:00:00+01:00/2024-04-01T00:00:00+02:00"}},
		"a time that the clocks skip": {vevent("DTSTART;TZID=Europe/Berlin:20240331T023000"), []string{"2024-03-31T01:30:00Z/2024-03-31T01:30:00Z"}},
		"an end before the start":     {vevent("DTSTART:20240105T090000Z", "DTEND:20240104T090000Z"), []string{"2024-01-05T09:00:00Z/2024-01-05T09:00:00Z"}},
		"a quote that ends too late":  {vevent(`DTSTART;TZID="Tokyo Standard Time:20240105T090000"`), []string{"2024-01-05T00:00:00Z/2024-01-05T00:00:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, vcalendar(c.text), berlin)
			assert.Equal(t, c.want, times(got))
			assert.Empty(t, got.Problems)
		})
	}
}

func TestSeries(t *testing.T) {
	const weekly = "DTSTART;TZID=Europe/Berlin:20240318T090000"
	for name, c := range map[string]struct {
		text []string
		want []string // starts
	}{
		"the clock stays, the sun moves": {[]string{vevent(weekly, "RRULE:FREQ=WEEKLY;COUNT=3")},
			[]string{"2024-03-18T08:00:00Z", "2024-03-25T08:00:00Z", "2024-04-01T07:00:00Z"}},
		"until, in UTC": {[]string{vevent(weekly, "RRULE:FREQ=WEEKLY;UNTIL=20240401T070000Z")},
			[]string{"2024-03-18T08:00:00Z", "2024-03-25T08:00:00Z", "2024-04-01T07:00:00Z"}},
		"until a day counts it": {[]string{vevent(weekly, "RRULE:FREQ=WEEKLY;UNTIL=20240325")},
			[]string{"2024-03-18T08:00:00Z", "2024-03-25T08:00:00Z"}},
		"not on some days": {[]string{vevent(weekly, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20240325T090000")},
			[]string{"2024-03-18T08:00:00Z", "2024-04-01T07:00:00Z"}},
		"not on a day, without its hour": {[]string{vevent(weekly, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20240325")},
			[]string{"2024-03-18T08:00:00Z", "2024-04-01T07:00:00Z"}},
		"on further days": {[]string{vevent(weekly, "RDATE;TZID=Europe/Berlin:20240320T100000,20240321T110000")},
			[]string{"2024-03-18T08:00:00Z", "2024-03-20T09:00:00Z", "2024-03-21T10:00:00Z"}},
		"once elsewhere": {[]string{vevent(weekly, "RRULE:FREQ=WEEKLY;COUNT=3"),
			vevent("RECURRENCE-ID;TZID=Europe/Berlin:20240325T090000", "DTSTART:20240326T150000Z")},
			[]string{"2024-03-18T08:00:00Z", "2024-03-26T15:00:00Z", "2024-04-01T07:00:00Z"}},
		"from then on elsewhere": {[]string{vevent(weekly, "RRULE:FREQ=WEEKLY;COUNT=4"),
			vevent("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20240325T090000", "DTSTART;TZID=Europe/Berlin:20240325T100000")},
			[]string{"2024-03-18T08:00:00Z", "2024-03-25T09:00:00Z", "2024-04-01T08:00:00Z", "2024-04-08T08:00:00Z"}},
		"once canceled": {[]string{vevent(weekly, "RRULE:FREQ=WEEKLY;COUNT=2"),
			vevent("RECURRENCE-ID:20240325T080000Z", "DTSTART:20240325T080000Z", "STATUS:CANCELLED")},
			[]string{"2024-03-18T08:00:00Z", "!2024-03-25T08:00:00Z"}},
		"an exception without its series": {[]string{vevent("RECURRENCE-ID:20240325T080000Z", "DTSTART:20240326T080000Z")},
			[]string{"2024-03-26T08:00:00Z"}},
		"the newest version": {[]string{vevent("DTSTART:20240318T090000Z", "SEQUENCE:0"), vevent("DTSTART:20240319T090000Z", "SEQUENCE:1")},
			[]string{"2024-03-19T09:00:00Z"}},
		"all canceled": {[]string{"METHOD:CANCEL", vevent("DTSTART:20240318T090000Z")}, []string{"!2024-03-18T09:00:00Z"}},
		"an answer":    {[]string{"METHOD:REPLY", vevent("DTSTART:20240318T090000Z")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, vcalendar(c.text...), time.UTC)
			var starts []string
			ids := map[string]bool{}
			for i, text := range times(got) {
				start, _, _ := strings.Cut(text, "/")
				starts = append(starts, start)
				ids[got.Events[i].ExternalID] = true
			}
			assert.Equal(t, c.want, starts)
			assert.Len(t, ids, len(c.want), "each has an id of its own")
		})
	}
}

// What repeats without end ends with the window, and what would fill a disk says so.
func TestSeriesWithoutEnd(t *testing.T) {
	for rule, want := range map[string]struct {
		events  int
		problem string
	}{
		"FREQ=YEARLY":                             {28, ""},
		"FREQ=DAILY":                              {MaxPerSeries, "only the last"},
		"FREQ=HOURLY":                             {MaxPerSeries, "only the last"},
		"FREQ=SECONDLY":                           {1, "no appointment repeats"},
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30":     {1, ""}, // which never comes
		"FREQ=NEVER":                              {1, "could not be read"},
		"RRULE:Nonsense;FREQ=WEEKLY;COUNT=2":      {2, ""},
		"FREQ=WEEKLY;COUNT=2;X-EVOLUTION-END=YES": {2, ""},
	} {
		got := read(t, vcalendar(vevent("DTSTART:20000103T090000Z", "RRULE:"+rule)), time.UTC)
		assert.Len(t, got.Events, want.events, rule)
		if want.problem == "" {
			assert.Empty(t, got.Problems, rule)
		} else {
			assert.Contains(t, strings.Join(got.Problems, "\n"), want.problem, rule)
		}
	}
}

func TestWhoIsInvited(t *testing.T) {
	got := read(t, vcalendar(vevent("DTSTART:20240105T090000Z", `ORGANIZER;CN="Lee, Ann":MAILTO:Ann@Acme.example`,
		"ATTENDEE;CN=Bob;PARTSTAT=NEEDS-ACTION:mailto:bob@acme.example", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@acme.example",
		"ATTENDEE;CN=Room 1:invalid:nomail", "LOCATION:Room 1\\, upstairs", "DESCRIPTION:Bring\\ncups", "URL:https://acme.example/tea")), time.UTC)
	require.Len(t, got.Events, 1)
	e := got.Events[0]
	assert.Equal(t, attrove.Lenient[attrove.Attendee]{
		{Email: "ann@acme.example", Name: "Lee, Ann", Status: "accepted"},
		{Email: "bob@acme.example", Name: "Bob", Status: "needs_action"}, {Name: "Room 1"},
	}, e.Attendees)
	assert.Equal(t, "Room 1, upstairs", e.Location)
	assert.Equal(t, "Bring\ncups\nhttps://acme.example/tea", e.Description)
	assert.Equal(t, "u", e.ExternalID)
}

func TestNothingIsLostInSilence(t *testing.T) {
	got := read(t, vcalendar(vevent("DTSTART:Next Year"), "BEGIN:VTODO\r\nSUMMARY:x\r\nEND:VTODO", "BEGIN:VJOURNAL", "END:VJOURNAL"), time.UTC)
	assert.Empty(t, got.Events)
	require.Len(t, got.Undated, 1)
	assert.Equal(t, "Tea", got.Undated[0].Title)
	assert.NotEmpty(t, got.Undated[0].Metadata[attrove.MetaUnreadable])
	assert.Equal(t, map[string]int{"to-dos": 1, "journal entries": 1}, got.Left)

	got = read(t, vcalendar(vevent(`DTSTART;TZID="tzone://Microsoft/Custom":20240105T090000`)), time.UTC)
	assert.Len(t, got.Events, 1)
	assert.Contains(t, got.Problems[0], "tzone://Microsoft/Custom")

	_, err := Read([]byte("no calendar"), Options{})
	require.ErrorIs(t, err, ErrNotCalendar)
}

// expected is how many events, notes and other things the real calendars hold:
// where there are no series, as many as they have VEVENTs.
func expected() map[string][3]int {
	return map[string][3]int{
		"pycon-us-2025-all-events.ics": {224, 0, 0}, "pycon-us-2025-open-spaces.ics": {146, 0, 0},
		"from-email-usrp-invite.ics": {1, 0, 0}, "ical4j__invalid__lastfm.ics": {33, 0, 0}, "ical4j__valid__Packers.ics": {66, 0, 0},
		"node-ical__tripit-location-escaping.ics": {47, 0, 0}, "node-ical__tv-show-episode.ics": {27, 0, 0},
		"node-ical__multi-event-basic.ics":    {8, 1, 0},  // one begins "Next Year"
		"ical4j__valid__calconnect10.ics":     {5, 0, 0},  // FREQ=DAILY;COUNT=5
		"w3c-credweb-meetings-2018.ics":       {31, 0, 0}, // weekly from 4 April to 31 October 2018
		"node-ical__utf8-french-calendar.ics": {0, 0, 2}, "node-ical__vfreebusy-zimbra.ics": {0, 0, 1}, "ical4j__invalid__boeing.ics": {0, 0, 1},
		"ical4j__invalid__twinkle.ics":                          {1267, 0, 3},
		"recurring-ical-events__rdate_hackerpublicradio.ics":    {12, 0, 0}, // twelve RDATEs, the first of which is DTSTART
		"recurring-ical-events__discourse_no_dtend.ics":         {4, 0, 0},
		"node-ical__exchange_whole_day_moved_recurrence.ics":    {52, 0, 0}, // until midnight in Berlin
		"node-ical__whole_day_moved_over_dst_change_berlin.ics": {3, 0, 0},
	}
}

func TestRealCalendars(t *testing.T) {
	dir := realdata.Dir(t, "calendar")
	files, err := filepath.Glob(filepath.Join(dir, "*.ics"))
	require.NoError(t, err)
	require.Len(t, files, 63)
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for _, file := range files {
		name := filepath.Base(file)
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		got := read(t, string(raw), berlin)
		others := 0
		for _, n := range got.Left {
			others += n
		}
		if want, ok := expected()[name]; ok {
			assert.Equal(t, want, [3]int{len(got.Events), len(got.Undated), others}, name)
		}
		vevents := strings.Count(strings.ToUpper(string(raw)), "BEGIN:VEVENT")
		assert.GreaterOrEqual(t, len(got.Events)+len(got.Undated)+others, vevents, "%s: none is lost", name)
		seen := map[string]bool{}
		for _, e := range got.Events {
			assert.False(t, seen[e.ExternalID], "%s: %s twice", name, e.ExternalID)
			seen[e.ExternalID] = true
			assert.LessOrEqual(t, e.StartTime, e.EndTime, name)
			assert.NotEmpty(t, e.Title)
		}
	}
}

// The Exchange calendar whose whole-day event was moved from Thursday to Friday.
func TestRealException(t *testing.T) {
	raw, err := os.ReadFile(realdata.Dir(t, "calendar", "node-ical__exchange_whole_day_moved_recurrence.ics"))
	require.NoError(t, err)
	starts := map[attrove.DateTime]bool{}
	for _, e := range read(t, string(raw), time.UTC).Events {
		starts[e.StartTime] = true
	}
	assert.False(t, starts["2026-02-26T00:00:00Z"])
	assert.True(t, starts["2026-02-27T00:00:00Z"])
	assert.True(t, starts["2026-03-03T00:00:00Z"])
}

// Whatever a file holds, reading it ends, and its events are as the engine takes them.
func FuzzRead(f *testing.F) {
	f.Add(vcalendar(vevent("DTSTART:20240105T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20240106T090000Z")))
	f.Add(vcalendar("BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"+
		"RRULE:FREQ=YEARLY;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE", vevent("DTSTART;TZID=X:20240105T090000")))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20240105\nRRULE:FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU\nEND:VCALENDAR")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Read([]byte(text), Options{Until: until})
		if err != nil {
			return
		}
		for _, e := range got.Events {
			start, err := time.Parse(time.RFC3339, string(e.StartTime))
			require.NoError(t, err)
			end, err := time.Parse(time.RFC3339, string(e.EndTime))
			require.NoError(t, err)
			require.False(t, end.Before(start))
			require.NotEmpty(t, e.Title)
		}
	})
}
