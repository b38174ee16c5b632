package when

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests are there on every machine

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

// wednesday is 18 November 2026, 15:30 in Berlin.
func wednesday(t *testing.T) time.Time {
	t.Helper()
	return time.Date(2026, time.November, 18, 15, 30, 0, 0, zone(t, "Europe/Berlin"))
}

func TestParsePeriod(t *testing.T) {
	now := wednesday(t)
	const stamp = "2006-01-02 15:04"
	tests := []struct {
		text, from, to, phrase string
	}{
		{"What needs my attention this week?", "2026-11-16 00:00", "2026-11-23 00:00", "this week"},
		{"anything new since Monday?", "2026-11-16 00:00", "2026-11-18 15:30", "since Monday"},
		{"what came in since Wednesday", "2026-11-18 00:00", "2026-11-18 15:30", "since Wednesday"},
		{"since thu", "2026-11-12 00:00", "2026-11-18 15:30", "since thu"},
		{"Show goal events since yesterday.", "2026-11-17 00:00", "2026-11-18 15:30", "since yesterday"},
		{"yesterday", "2026-11-17 00:00", "2026-11-18 00:00", "yesterday"},
		{"yesterday’s mails", "2026-11-17 00:00", "2026-11-18 00:00", "yesterday’s"},
		{"today", "2026-11-18 00:00", "2026-11-19 00:00", "today"},
		{"my meeting with Sarah tomorrow?", "2026-11-19 00:00", "2026-11-20 00:00", "tomorrow"},
		{"the day before yesterday", "2026-11-16 00:00", "2026-11-17 00:00", "day before yesterday"},
		{"this morning", "2026-11-18 00:00", "2026-11-18 12:00", "this morning"},
		{"last night", "2026-11-17 18:00", "2026-11-18 00:00", "last night"},
		{"What did we promise ACME last week?", "2026-11-09 00:00", "2026-11-16 00:00", "last week"},
		{"next week", "2026-11-23 00:00", "2026-11-30 00:00", "next week"},
		{"this month", "2026-11-01 00:00", "2026-12-01 00:00", "this month"},
		{"last month", "2026-10-01 00:00", "2026-11-01 00:00", "last month"},
		{"next quarter", "2027-01-01 00:00", "2027-04-01 00:00", "next quarter"},
		{"last year", "2025-01-01 00:00", "2026-01-01 00:00", "last year"},
		{"this weekend", "2026-11-21 00:00", "2026-11-23 00:00", "this weekend"},
		{"in the last 7 days", "2026-11-11 00:00", "2026-11-18 15:30", "in the last 7 days"},
		{"past two weeks", "2026-11-04 00:00", "2026-11-18 15:30", "past two weeks"},
		{"the past week", "2026-11-11 00:00", "2026-11-18 15:30", "past week"},
		{"last couple of days", "2026-11-16 00:00", "2026-11-18 15:30", "last couple of days"},
		{"last 24 hours", "2026-11-17 15:30", "2026-11-18 15:30", "last 24 hours"},
		{"the last 3m", "2026-08-18 00:00", "2026-11-18 15:30", "last 3m"},
		{"7d", "2026-11-11 00:00", "2026-11-18 15:30", "7d"},
		{"2w", "2026-11-04 00:00", "2026-11-18 15:30", "2w"},
		{"next 3 days", "2026-11-18 15:30", "2026-11-22 00:00", "next 3 days"},
		{"3 days ago", "2026-11-15 00:00", "2026-11-16 00:00", "3 days ago"},
		{"a week ago", "2026-11-09 00:00", "2026-11-16 00:00", "a week ago"},
		{"in two weeks", "2026-11-30 00:00", "2026-12-07 00:00", "in two weeks"},
		{"mail in March", "2026-03-01 00:00", "2026-04-01 00:00", "in March"},
		{"mail in December", "2025-12-01 00:00", "2026-01-01 00:00", "in December"},
		{"in November", "2026-11-01 00:00", "2026-12-01 00:00", "in November"},
		{"what happened in March 2001?", "2001-03-01 00:00", "2001-04-01 00:00", "in March 2001"},
		{"during 2001", "2001-01-01 00:00", "2002-01-01 00:00", "during 2001"},
		{"since March", "2026-03-01 00:00", "2026-11-18 15:30", "since March"},
		{"in Q3", "2026-07-01 00:00", "2026-10-01 00:00", "in Q3"},
		{"in Q4 2025", "2025-10-01 00:00", "2026-01-01 00:00", "in Q4 2025"},
		{"what was said on Tuesday", "2026-11-17 00:00", "2026-11-18 00:00", "on Tuesday"},
		{"what meetings do I have on Tuesday", "2026-11-24 00:00", "2026-11-25 00:00", "on Tuesday"},
		{"what should I do on Tuesday", "2026-11-24 00:00", "2026-11-25 00:00", "on Tuesday"},
		{"who should have called on Tuesday", "2026-11-17 00:00", "2026-11-18 00:00", "on Tuesday"},
		{"what should the yard have sent on Tuesday", "2026-11-17 00:00", "2026-11-18 00:00", "on Tuesday"},
		{"last Tuesday", "2026-11-17 00:00", "2026-11-18 00:00", "last Tuesday"},
		{"last Friday", "2026-11-13 00:00", "2026-11-14 00:00", "last Friday"},
		{"this Friday", "2026-11-20 00:00", "2026-11-21 00:00", "this Friday"},
		{"next Friday", "2026-11-27 00:00", "2026-11-28 00:00", "next Friday"},
		{"Monday afternoon", "2026-11-16 12:00", "2026-11-16 18:00", "Monday afternoon"},
		{"on 3 November", "2026-11-03 00:00", "2026-11-04 00:00", "on 3 November"},
		{"on the 3rd of November 2024", "2024-11-03 00:00", "2024-11-04 00:00", "on the 3rd of November 2024"},
		{"November 3, 2024", "2024-11-03 00:00", "2024-11-04 00:00", "November 3, 2024"},
		{"on 3 December", "2025-12-03 00:00", "2025-12-04 00:00", "on 3 December"},
		{"what is due on 3 December", "2026-12-03 00:00", "2026-12-04 00:00", "on 3 December"},
		{"on Tue 3 Nov", "2026-11-03 00:00", "2026-11-04 00:00", "on Tue 3 Nov"},
		{"on 2026-11-03.", "2026-11-03 00:00", "2026-11-04 00:00", "on 2026-11-03"},
		{"3.11.2026", "2026-11-03 00:00", "2026-11-04 00:00", "3.11.2026"},
		{"2026-11", "2026-11-01 00:00", "2026-12-01 00:00", "2026-11"},
		{"between Monday and Wednesday", "2026-11-16 00:00", "2026-11-19 00:00", "between Monday and Wednesday"},
		{"from 1 March to 3 April 2026", "2026-03-01 00:00", "2026-04-04 00:00", "from 1 March to 3 April 2026"},
		{"before March", "", "2026-03-01 00:00", "before March"},
		{"after 2026-11-03", "2026-11-04 00:00", "", "after 2026-11-03"},
		{"until Friday", "", "2026-11-14 00:00", "until Friday"},
		{"due by the end of the month", "2026-11-30 00:00", "2026-12-01 00:00", "end of the month"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			p, ok := ParsePeriod(tt.text, now)
			require.True(t, ok)
			show := func(x time.Time) string {
				if x.IsZero() {
					return ""
				}
				return x.Format(stamp)
			}
			assert.Equal(t, [3]string{tt.from, tt.to, tt.phrase}, [3]string{show(p.From), show(p.To), p.Phrase})
		})
	}
}

func TestParsePeriodLeavesOtherWordsAlone(t *testing.T) {
	for _, text := range []string{
		"", "   ", "may I ask about the contract", "we march on", "the Q3 budget", "3M renewal", "what did June say",
		"Black Friday campaign", "every Monday", "between you and me", "since the merger", "version 2.1", "10.0.0.1",
		"31 June", "2026-13-45", "before the meeting", "last but not least", "next steps", "sat by the sun",
	} {
		_, ok := ParsePeriod(text, wednesday(t))
		assert.False(t, ok, "%q", text)
	}
}

func TestParseDate(t *testing.T) {
	now := wednesday(t)
	for text, want := range map[string]string{
		"2026-11-03":           "2026-11-03",
		" 2026-11-03 ":         "2026-11-03",
		"2026-11-03T23:30:00Z": "2026-11-04", // already the 4th in Berlin
		"7d":                   "2026-11-11",
		"2w":                   "2026-11-04",
		"3m":                   "2026-08-18",
		"1y":                   "2025-11-18",
		"yesterday":            "2026-11-17",
		"since monday":         "2026-11-16",
		"monday":               "2026-11-16",
		"last week":            "2026-11-09",
		"3 November":           "2026-11-03",
		"March":                "2026-03-01",
		"march 2001":           "2001-03-01",
		"2 weeks ago":          "2026-11-02",
	} {
		got, err := ParseDate(text, now)
		require.NoError(t, err, text)
		assert.Equal(t, want+" 00:00", got.Format("2006-01-02 15:04"), text)
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, text := range []string{"", "soon", "2026-13-01", "2026-02-30", "11/03/2026", "yesterday or so", "before march", "9999y", "-7d", "7dd"} {
		_, err := ParseDate(text, wednesday(t))
		assert.ErrorContains(t, err, "YYYY-MM-DD", "%q", text)
	}
}

func TestParseDeadline(t *testing.T) {
	now := wednesday(t)
	for text, want := range map[string]string{
		"2026-11-30":                "2026-11-30T23:59:59+01:00",
		"2026-06-30":                "2026-06-30T23:59:59+02:00",
		"2026-11-30T17:00:00Z":      "2026-11-30T17:00:00Z",
		"2026-11-30T17:00:00-05:00": "2026-11-30T17:00:00-05:00",
		"tomorrow":                  "2026-11-19T23:59:59+01:00",
		"friday":                    "2026-11-20T23:59:59+01:00",
		"3 march":                   "2027-03-03T23:59:59+01:00",
		"end of the month":          "2026-11-30T23:59:59+01:00",
	} {
		got, err := ParseDeadline(text, now)
		require.NoError(t, err, text)
		assert.Equal(t, want, got.Format(time.RFC3339), text)
	}
	for _, text := range []string{"", "whenever", "after march", "25:00"} {
		_, err := ParseDeadline(text, now)
		assert.ErrorContains(t, err, "RFC 3339", "%q", text)
	}
}

func TestFindDeadline(t *testing.T) {
	for text, want := range map[string]string{
		"Can you confirm by Thursday?":                        "2026-11-19",
		"You will have it by the end of Monday, 23 November.": "2026-11-23",
		"it is due tomorrow":                                  "2026-11-19",
		"I need an answer by end of the week":                 "2026-11-22",
		"Before 3 December, please":                           "2026-12-03",

		"Bitte bis Freitag schicken":               "2026-11-20",
		"Bitte prüfen, spätestens am Montag":       "2026-11-23",
		"Rückmeldung bis spätestens morgen, danke": "2026-11-19",
		"Plan bis zum 3. Dezember zeichnen":        "2026-12-03",
		"Jörg streicht den Zaun bis zum 15.12.":    "2026-12-15",
		"bis Ende der Woche":                       "2026-11-22",
		"bis Ende nächster Woche":                  "2026-11-29",
		"bis Monatsende":                           "2026-11-30",
		"Antwort bis Freitag, den 27. November":    "2026-11-27",
		"vor dem 1. Januar":                        "2027-01-01",
		"Merci de répondre avant vendredi":         "2026-11-20",
		"à livrer d'ici le 3 décembre":             "2026-12-03",
		"D’ici à demain soir":                      "2026-11-19",
		"avant la fin de la semaine":               "2026-11-22",
		"avant la fin de l'année":                  "2026-12-31",
		"bis kommenden Freitag":                    "2026-11-20",
		"avant le 1er mars":                        "2027-03-01",
		"Enviar el plano para el viernes":          "2026-11-20",
		"antes del 3 de diciembre":                 "2026-12-03",
		"para mañana":                              "2026-11-19",
		"a más tardar el próximo lunes":            "2026-11-23",
		"para pasado mañana, antes de fin de mes":  "2026-11-20",
	} {
		p, ok := FindDeadline(text, wednesday(t))
		require.True(t, ok, text)
		assert.Equal(t, want, p.To.Add(-time.Second).Format(time.DateOnly), text)
		q, ok := FindAhead(text, wednesday(t))
		assert.True(t, ok)
		assert.Equal(t, p, q)
	}
	for _, text := range []string{"", "by all means", "before the meeting", "I sent it yesterday", "due to rain", "see you on Friday",
		"bis dann", "Ich bin vom 3. bis 5. Dezember weg", "von Montag bis Freitag", "vor drei Tagen", "Wir sehen uns Freitag", "avant la réunion", "para el cliente",
		"la semaine prochaine", "avant la semaine prochaine", "version 3.11. bis dahin"} {
		_, ok := FindDeadline(text, wednesday(t))
		assert.False(t, ok, text)
	}
}

func TestFindAhead(t *testing.T) {
	for text, want := range map[string]string{
		"I will send it on Friday":                   "2026-11-20",
		"due to the storm we meet again next Monday": "2026-11-23",
	} {
		p, ok := FindAhead(text, wednesday(t))
		require.True(t, ok, text)
		assert.Equal(t, want, p.To.Add(-time.Second).Format(time.DateOnly), text)
	}
	for _, text := range []string{"", "I sent it yesterday", "sometime"} {
		_, ok := FindAhead(text, wednesday(t))
		assert.False(t, ok, text)
	}
}

func TestMonthsKeepTheirDay(t *testing.T) {
	now := time.Date(2026, time.March, 31, 9, 0, 0, 0, time.UTC)
	got, err := ParseDate("1m", now)
	require.NoError(t, err)
	assert.Equal(t, "2026-02-28", got.Format(time.DateOnly))
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"since monday", "between 1 May and", "in of on", "last 9999 years", "31.2.2026", "7d", "é’s", "next", "\x00\xff", "from the to the", "bis zum 3.11.", "avant la fin de", "para pasado"} {
		f.Add(s)
	}
	now := time.Date(2026, time.March, 29, 2, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		if p, ok := ParsePeriod(text, now); ok {
			assert.False(t, p.From.IsZero() && p.To.IsZero(), "%q has no bound", text)
			assert.True(t, sane(p))
			assert.Contains(t, text, p.Phrase)
		}
		if d, err := ParseDate(text, now); err == nil {
			assert.True(t, d.Equal(StartOfDay(d)))
		}
		_, _ = ParseDeadline(text, now)
		FindAhead(text, now)
	})
}

func TestParseBounds(t *testing.T) {
	now := time.Date(2026, time.November, 18, 15, 0, 0, 0, time.UTC) // a Wednesday
	day := func(d int) time.Time { return time.Date(2026, time.November, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name, first, last string
		from, to          time.Time
		wrong             string
	}{
		{name: "neither"},
		{name: "both days count", first: "2026-11-16", last: "2026-11-16", from: day(16), to: day(17)},
		{name: "from a day on", first: "yesterday", from: day(17)},
		{name: "up to a day", last: "today", to: day(19)},
		{name: "the first is no day", first: "soonish", wrong: `since: "soonish" is not a date`},
		{name: "the last is no day", last: "soonish", wrong: `until: "soonish" is not a date`},
		{name: "the wrong way round", first: "today", last: "yesterday", wrong: "until: must not be before since"},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, to, err := ParseBounds(Bound{Name: "since", Value: c.first}, Bound{Name: "until", Value: c.last}, now)
			if c.wrong != "" {
				var wrong *BoundError
				require.ErrorAs(t, err, &wrong)
				assert.ErrorContains(t, err, c.wrong)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, []time.Time{c.from, c.to}, []time.Time{from, to})
		})
	}
}
