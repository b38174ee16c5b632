package sample

import (
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDaysSkipWeekends(t *testing.T) {
	for _, c := range []struct {
		now  string
		n    int
		want string
	}{
		{"2026-05-13", 0, "2026-05-13"},
		{"2026-05-13", -3, "2026-05-08"},
		{"2026-05-13", 3, "2026-05-18"},
		{"2026-05-15", 1, "2026-05-18"},
		{"2026-05-16", 0, "2026-05-15"}, // a Saturday
		{"2026-05-17", 0, "2026-05-15"},
		{"2026-05-17", 1, "2026-05-18"},
		{"2026-05-17", -1, "2026-05-14"},
		{"2026-01-01", -1, "2025-12-31"},
		{"2026-05-13", -30, "2026-04-01"}, // six weeks
	} {
		now, err := time.Parse(time.DateOnly, c.now)
		require.NoError(t, err)
		assert.Equal(t, c.want, newDays(now).day(c.n).Format(time.DateOnly), "%s %+d", c.now, c.n)
	}
}

func TestDaysKeepTheWallClock(t *testing.T) {
	zone, err := time.LoadLocation(User().Timezone)
	require.NoError(t, err)
	d := newDays(time.Date(2026, 3, 10, 12, 0, 0, 0, zone)) // the clocks went forward on March 8
	assert.Equal(t, "2026-03-06 09:30", d.at(-2, 9*time.Hour+30*time.Minute).Format("2006-01-02 15:04"))
	assert.Equal(t, "2026-03-06T14:30:00Z", d.at(-2, 9*time.Hour+30*time.Minute).UTC().Format(time.RFC3339))
	assert.Equal(t, "2026-03-10T13:30:00Z", d.at(0, 9*time.Hour+30*time.Minute).UTC().Format(time.RFC3339))
}

func TestExpand(t *testing.T) {
	zone, err := time.LoadLocation(User().Timezone)
	require.NoError(t, err)
	d := newDays(time.Date(2026, 3, 10, 12, 0, 0, 0, zone)) // a Tuesday
	for _, c := range []struct {
		text  string
		today int
		want  string
	}{
		{"by {day:+1}", 0, "by tomorrow"},
		{"by {day:+1}", -1, "by Wednesday"},
		{"{Day:0} or {day:-1}", 0, "Today or yesterday"},
		{"{day:-1}", -2, "Monday"}, // said on a Friday
		{"{day:-1}", -1, "today"},
		{"{weekday:-2}, {date:-2}", 0, "Friday, March 6"},
		{"{days:-2} days", 0, "4 days"}, // across the change of clocks
		{"{days:+2} days", 0, "2 days"},
		{"{moon:1} {day:}", 0, "{moon:1} {day:}"},
	} {
		assert.Equal(t, c.want, d.expand(c.text, c.today), "%q on day %d", c.text, c.today)
	}
}

func TestParseRefusesWhatItDoesNotUnderstand(t *testing.T) {
	for text, want := range map[string]string{
		"## a\n=== soon tessa\n":  `f, line 2: "soon tessa" does not begin with a day and a time`,
		"## a\n\nwhere is this\n": `f, line 3: "where is this" is neither an entry nor key: value`,
	} {
		_, err := parseFile("f", text)
		assert.EqualError(t, err, want)
	}
}

func TestParse(t *testing.T) {
	sections, err := parseFile("f", "# comment\n## One\nat: Kitchen\n=== -12..10/5 09:30-09:45 tessa, bea\nwords\n\n## Two\n=== -15..-14 all day ines\n=== 3 08:05 mo\n")
	require.NoError(t, err)
	assert.Equal(t, []section{
		{id: "f/1", title: "One", params: map[string]string{"at": "Kitchen"}, entries: []entry{{
			id: "f/1/1", rest: "tessa, bea", text: "words\n\n",
			stamp: stamp{first: -12, last: 10, step: 5, from: 9*time.Hour + 30*time.Minute, to: 9*time.Hour + 45*time.Minute},
		}}},
		{id: "f/2", title: "Two", params: map[string]string{}, entries: []entry{
			{id: "f/2/1", rest: "ines", stamp: stamp{first: -15, last: -14, allDay: true}},
			{id: "f/2/2", rest: "mo", text: "\n", stamp: stamp{first: 3, last: 3, from: 8*time.Hour + 5*time.Minute}},
		}},
	}, sections)
}

// relative finds words that are right on some days only.
var relative = regexp.MustCompile(`(?i)\b((mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|yesterday|(next|last) week)\b` +
	`|\b(January|February|March|April|June|July|August|September|October|November|December)\b` +
	`|\b(spring|summer|autumn|winter)\b`)

var dayWord = regexp.MustCompile(`(?i)\{(?:week)?day:([+-]?\d+)\}`)

// A weekday alone is understood within a few days; further away the text must
// give the date as well.
func TestDataNamesDaysSoThatTheyAreRightAtAnyTime(t *testing.T) {
	err := fs.WalkDir(files, "data", func(name string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() || path.Base(name) == "people.txt" {
			return err
		}
		text, err := files.ReadFile(name)
		require.NoError(t, err)
		sections, err := parseFile(name, string(text))
		require.NoError(t, err)
		for _, s := range sections {
			for _, e := range s.entries {
				assert.NotRegexp(t, relative, s.title+e.text, e.id)
				checkDistances(t, e)
			}
		}
		return nil
	})
	require.NoError(t, err)
}

func checkDistances(t *testing.T, e entry) {
	t.Helper()
	for _, m := range dayWord.FindAllStringSubmatch(e.text, -1) {
		n, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		if distance := n - e.first; max(distance, -distance) > 4 {
			assert.Contains(t, strings.ToLower(e.text), "{date:"+m[1]+"}", "%s: %s is too far to be named by its weekday", e.id, m[0])
		}
	}
}
