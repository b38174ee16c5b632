package sample

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

const day = 24 * time.Hour

// stories are what the workspace must hold at any time: a message with these
// words, this old. What would end the story must not have happened: answerer is
// the end of an address that has been silent towards the same story since.
var stories = []struct {
	name     string
	from     string // end of the sender's address
	words    []string
	min, max time.Duration // age
	answerer string
	in       string // a word that the answer would hold, or empty for any
}{
	{"renewal at risk: our last question", "tessa@larkmoor.example", []string{"Ruben, two questions", "let me know by"}, 9 * day, 16 * day, "@osterveld.example", ""},
	{"renewal at risk: seen this week", "tessa@larkmoor.example", []string{"gone quiet", "Marit"}, 0, 7 * day, "@osterveld.example", ""},
	{"renewal at risk: deadline extended", "ines@larkmoor.example", []string{"extend the validity of Q-1184 until"}, 0, 7 * day, "", ""},
	{"renewal on track, and an unanswered question", "@pellworth.example", []string{"Can you confirm by", "140 or 155"}, 0, 7 * day, "tessa@larkmoor.example", "155"},
	{"promise of ours, due", "tessa@larkmoor.example", []string{"this is what I promised", "recovery plan in writing"}, 0, 7 * day, "tessa@larkmoor.example", "Brooke,"},
	{"promise of ours, awaited", "@corvane.example", []string{"Looking forward to the plan"}, 0, 7 * day, "tessa@larkmoor.example", "Brooke,"},
	{"promise of theirs", "@norrgate.example", []string{"You'll have it on", "that's a promise"}, 0, 9 * day, "", ""},
	{"promise of theirs, late", "priya@larkmoor.example", []string{"I'm still waiting for your asset export"}, 0, 7 * day, "@norrgate.example", ""},
	{"blocker on one person", "lucien.faure@vanterre.example", []string{"Ilse", "we are blocked"}, 0, 7 * day, "i.brandt@vanterre.example", ""},
	{"legal redlines wait", "anselm@larkmoor.example", []string{"I am still waiting for your reply on Annex II"}, 0, 7 * day, "", ""},
	{"moved meeting: the old time", "tessa@larkmoor.example", []string{"quarterly review", "at 10:00"}, 10 * day, 17 * day, "", ""},
	{"moved meeting: the new time", "@pellworth.example", []string{"Could we move our review to", "at 15:00"}, 0, 5 * day, "", ""},
	{"churn signal", "btanner@corvane.example", []string{"we have started to look at alternatives"}, 5 * day, 13 * day, "", ""},
	{"survey", "status@larkmoor.example", []string{"3 of 10"}, 7 * day, 13 * day, "", ""},
	{"decision", "kit@larkmoor.example", []string{"Decision: the v1 API will be switched off"}, 20 * day, 27 * day, "", ""},
	{"decision contradicted", "kit@larkmoor.example", []string{"This replaces my mail", "will NOT be switched off"}, 0, 7 * day, "", ""},
	{"hiring loop: scorecard", "mo@larkmoor.example", []string{"I'm still waiting for your scorecard for Leonie Haas"}, 0, 7 * day, "tessa@larkmoor.example", "strong yes"},
	{"invoice overdue", "ines@larkmoor.example", []string{"INV-2217", "overdue", "I need an answer from you by"}, 0, 7 * day, "tessa@larkmoor.example", "INV-2217"},
	{"incident: customer notice", "tessa@larkmoor.example", []string{"new work orders did not reach your crews"}, 19 * day, 27 * day, "", ""},
	{"incident: action slipped", "joel@larkmoor.example", []string{"the release guard, isn't done", "New date"}, 0, 7 * day, "", ""},
	{"insufficient evidence", "@fenwright.example", []string{"feels like there's something there"}, 24 * day, 31 * day, "", ""},
	{"newsletter", "@crewline-weekly.example", []string{"This week:"}, 0, 7 * day, "", ""},
	{"machine", "buildbot@larkmoor.example", []string{"2 open actions"}, 0, 7 * day, "", ""},
	{"planted instructions", "@growthpartners-mail.example", []string{"ignore all previous instructions"}, 8 * day, 14 * day, "", ""},
}

func TestStoriesAreThere(t *testing.T) {
	for name, at := range nows {
		t.Run(name, func(t *testing.T) {
			w := load(t, at)
			for _, story := range stories {
				found := -1
				for i, m := range w.messages {
					if strings.HasSuffix(m.SenderEmail, story.from) && containsAll(m.BodyText, story.words) {
						found = i
					}
				}
				if !assert.GreaterOrEqual(t, found, 0, story.name) {
					continue
				}
				age := w.now.Sub(parseTime(t, w.messages[found].SentAt))
				assert.GreaterOrEqual(t, age, story.min, story.name)
				assert.LessOrEqual(t, age, story.max, story.name)
				for _, later := range w.messages[found+1:] {
					if story.answerer != "" && strings.HasSuffix(later.SenderEmail, story.answerer) {
						assert.NotContains(t, later.BodyText, story.in, "%s: ended by %s", story.name, later.ExternalID)
					}
				}
			}
		})
	}
}

// The week's question must find several explicit calls on the user, in the words
// that people use for them, whatever day it is.
func TestWeekHoldsWhatNeedsAttention(t *testing.T) {
	words := []string{
		"can you confirm by", "i'm still waiting for your", "i am still waiting for your", "i promised",
		"we are blocked", "overdue", "i need an answer from you by", "could you put it in before",
	}
	for name, at := range nows {
		t.Run(name, func(t *testing.T) {
			w := load(t, at)
			var evidence []string
			for _, m := range w.messages {
				fresh := w.now.Sub(parseTime(t, m.SentAt)) <= 7*day
				if fresh && slices.ContainsFunc(words, func(word string) bool {
					return strings.Contains(strings.ToLower(m.BodyText), word)
				}) {
					evidence = append(evidence, m.ExternalID)
				}
			}
			assert.GreaterOrEqual(t, len(evidence), 6, evidence)
		})
	}
}

func TestStoriesCrossSources(t *testing.T) {
	w := load(t, nows["friday"])
	for _, word := range []string{"Osterveld", "Pellworth", "Vanterre", "Norrgate", "Corvane", "Leonie", "v1"} {
		t.Run(word, func(t *testing.T) {
			inMessages := map[string]bool{}
			for _, m := range w.messages {
				if strings.Contains(m.Subject+m.BodyText, word) {
					inMessages[m.Source] = true
				}
			}
			assert.True(t, inMessages["email"], "mail")
			assert.True(t, inMessages["chat"], "chat")
			assert.True(t, slices.ContainsFunc(w.meetings, func(m attrove.PushMeetingIn) bool {
				return strings.Contains(m.Title+m.Transcript, word)
			}), "meeting")
			if word == "v1" { // decided and reversed without a note or an event of its own
				return
			}
			assert.True(t, slices.ContainsFunc(w.notes, func(n attrove.PushNoteIn) bool {
				return strings.Contains(n.Title+n.Body, word)
			}), "note")
			assert.True(t, slices.ContainsFunc(w.events, func(e attrove.PushEventIn) bool {
				return strings.Contains(e.Title, word)
			}), "event")
		})
	}
}

func TestCalendarKnowsTheMovedReview(t *testing.T) {
	w := load(t, nows["tuesday"])
	i := slices.IndexFunc(w.events, func(e attrove.PushEventIn) bool { return e.Title == "Quarterly review with Pellworth" })
	require.GreaterOrEqual(t, i, 0)
	assert.Equal(t, attrove.DateTime("2026-05-14T19:00:00Z"), w.events[i].StartTime, "15:00 in New York, two days on")
	assert.Contains(t, w.events[i].Description, "Moved from May 13")
}

func TestCalendarHasTodayAndTheWeek(t *testing.T) {
	w := load(t, nows["wednesday"])
	perDay := map[int]int{}
	for _, e := range w.events {
		perDay[int(parseTime(t, e.StartTime).Sub(w.now.Truncate(day))/day)]++
	}
	for offset := range 3 {
		assert.GreaterOrEqual(t, perDay[offset], 3, "events %d days from now", offset)
	}
	answers := map[string]bool{}
	for _, e := range w.events {
		for _, a := range e.Attendees {
			answers[a.Status] = true
		}
	}
	assert.Equal(t, map[string]bool{"accepted": true, "tentative": true, "declined": true}, answers)
}

func containsAll(text string, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}
