package answer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

const harbourMinutes = "# Minutes: harbour club\n\n**Present:** Ann Lee, Bob Ray, Cleo Orr\n\n## Notes\n\n" +
	"* Ann Lee: the crane was painted in October.\n* Bob Ray: the crane leaks oil.\n* ACTION: Cleo to order a gasket for the crane."

func TestMinutes(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Note(store.Note{CreatedAt: at("2026-11-11 10:00"), Title: "Minutes: harbour club", Body: harbourMinutes})
	f.Meeting(store.Meeting{Title: "Yard review", StartAt: at("2026-11-10 09:00"), Attendees: []store.Person{sam, dana, rob}, Summary: "The yard is clean."})
	for question, want := range map[string]string{
		"Who attended the last harbour club meeting?": "- Minutes: harbour club on Wed 11 Nov, with Ann Lee, Bob Ray and Cleo Orr. [%s]",
		"Who was at the last yard review?":            "- Yard review on Tue 10 Nov, with Sam Ito, Dana Whitfield and Rob Moss. [%s]",
		"What did Bob Ray say about the crane?":       `- Note of Wed 11 Nov, "Minutes: harbour club": Bob Ray: "the crane leaks oil." [%s]`,
	} {
		assert.Equal(t, want, citation.ReplaceAllString(ask(t, f, question), "[%s]"), question)
	}
	recap := ask(t, f, "Summarize the last harbour club meeting")
	assert.Contains(t, recap, "To do for Cleo Orr: Cleo to order a gasket for the crane.")
	assert.NotContains(t, recap, "Note of", "the title is told once")
}

// A file may be called by the words of a question without the spaces.
func TestTitleWithoutSpaces(t *testing.T) {
	f := office(t)
	f.Meeting(store.Meeting{Title: "allyardcrews 12", StartAt: at("2026-11-10 09:00"), Attendees: []store.Person{sam, dana}, Summary: "The yard is clean."})
	assert.Contains(t, ask(t, f, "Summarize the last yard crew call"), "The yard is clean.")
	assert.Empty(t, ask(t, f, "Summarize the last crew yard call"))
}

// A date in the minutes of a club is not when the club meets.
func TestDatesInMinutes(t *testing.T) {
	f := office(t)
	chatter(f)
	f.Note(store.Note{CreatedAt: at("2026-11-11 10:00"), Title: "Yard crew harbour club meeting", Body: "* The roof of the club is repaired by December 8."})
	assert.Empty(t, ask(t, f, "When is the yard crew harbour club meeting?"))
	assert.Contains(t, ask(t, f, "When is the roof of the club repaired?"), "December 8")
}
