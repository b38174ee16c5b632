package answer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Of when something is, dates that are past are no answer beside one that is to come,
// and by themselves are told as past.
func TestDatesThatArePast(t *testing.T) {
	for name, tc := range map[string]struct {
		question, old, next, want string
	}{
		"announced again": {"When is the harbour fair?", "The harbour fair is on 3 October.", "The harbour fair is on 5 December.",
			`- Dana Whitfield wrote on Mon 16 Nov in "Ships": "The harbour fair is on 5 December." [%s]`},
		"over": {"When is the harbour fair?", "The harbour fair is on 3 October.", "The ship is late.",
			`- No later date was found, this one is past: Dana Whitfield wrote on Tue 1 Sep in "Fair": "The harbour fair is on 3 October." [%s]`},
		"an hour of that day": {"When is the harbour parade?", "The harbour parade begins at 10:30.", "The ship is late.",
			`- No later date was found, this one is past: Dana Whitfield wrote on Tue 1 Sep in "Fair": "The harbour parade begins at 10:30." [%s]`},
		"asked of the past": {"When was the harbour fair?", "The harbour fair is on 3 October.", "The ship is late.",
			`- Dana Whitfield wrote on Tue 1 Sep in "Fair": "The harbour fair is on 3 October." [%s]`},
	} {
		t.Run(name, func(t *testing.T) {
			f := office(t)
			chatter(f)
			f.Message(letter("2026-09-01 09:00", dana, sam, "Fair", tc.old))
			f.Message(letter("2026-11-16 09:00", dana, sam, "Ships", tc.next))
			assert.Equal(t, tc.want, citation.ReplaceAllString(ask(t, f, tc.question), "[%s]"))
		})
	}
}

func TestOnlyTheNextEvent(t *testing.T) {
	f := office(t)
	for _, begins := range []string{"2026-11-20 08:00", "2026-11-23 08:00"} {
		f.Event(store.Event{Title: "Crane check", StartAt: at(begins), EndAt: at(begins), Attendees: []store.Person{sam, lee}})
	}
	assert.Equal(t, "- Fri 20 Nov, 09:00: Crane check (with Lee Park) [%s]", citation.ReplaceAllString(ask(t, f, "When is the next crane check?"), "[%s]"))
	assert.Contains(t, ask(t, f, "When is the crane check?"), "Mon 23 Nov", "all that fit")
	assert.Contains(t, ask(t, f, "What are my next meetings?"), "Mon 23 Nov")
}
