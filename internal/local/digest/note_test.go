package digest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// minutes are what somebody wrote down of a meeting on a Monday.
func minutes(body string) digest.Digest {
	return digest.NewReader().Note(store.Note{ID: "note_1", Title: "Yard", Body: body, CreatedAt: monday})
}

func TestMinutesNameWhoIsToDoWhat(t *testing.T) {
	const there = "Present: Ann Lee, Bob Ray, Cleo Orr\n\n"
	for name, tc := range map[string]struct {
		body string
		want []string
	}{
		"labelled":           {there + "ACTION: Bob to paint the fence", []string{"Bob Ray: Bob to paint the fence"}},
		"numbered":           {there + "ACTION-12: Cleo will order the long rope", []string{"Cleo Orr: Cleo will order the long rope"}},
		"labelled for":       {there + "- TODO(Ann): call the harbour master", []string{"Ann Lee: call the harbour master"}},
		"as chats do":        {"<ann> we have no rope\n<bob> ACTION: cleo to order rope", []string{"cleo: cleo to order rope"}},
		"below a heading":    {there + "## Action items\n\n- Bob: paint the fence\n- order the rope (Cleo)\n\n## Next meeting\n\n- on Tuesday in the yard", []string{"Bob Ray: paint the fence", "Cleo Orr: order the rope (Cleo)"}},
		"below a label":      {there + "- Fence\n    - ACTIONS:\n        - AL: will choose the colour\n        - All: look at the fence once\n    - it is old", []string{"Ann Lee: will choose the colour", ": look at the fence once"}},
		"below a subheading": {"# Actions\n### Yard\n- @bob paint the fence\n# Else\n- rain all day", []string{"bob: @bob paint the fence"}},
		"boxes":              {"- [ ] Paint the old fence - @cleo\n- [x] Order the long rope", []string{"cleo: Paint the old fence - @cleo"}},
		"a table":            {there + "| Action | Owner | Due |\n|---|---|---|\n| Paint the fence | Bob | Friday |\n| Order rope | | |", []string{"Bob Ray: Paint the fence", ": Order rope"}},
		"by initials":        {there + "- The fence is old. BR to paint it. AL and CO will choose colours.", []string{"Bob Ray: The fence is old. BR to paint it.", "Ann Lee and Cleo Orr: AL and CO will choose colours."}},
		"as who says it":     {there + "- AL: who orders rope? CO: Will look into this today.", []string{"Cleo Orr: who orders rope? Will look into this today."}},
		"of strangers":       {there + "- XY to send the drawings of the crane", []string{"XY: XY to send the drawings of the crane"}},
		"nobody by name":     {there + "- Will ask the harbour master about the rope", []string{": Will ask the harbour master about the rope"}},
		"as an object":       {there + "- Ann sent the rope to Bob and CO to keep the fence company\n- a letter that BR will read", nil},
		"news":               {there + "- The fence was painted. Bob has the rope.\n- ROPE to the left of the crane", nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, actions(minutes(tc.body))) })
	}
}

func TestMinutesSayWhatWasDecided(t *testing.T) {
	d := minutes("## Minutes\n\n<ann> PROPOSED: paint the fence blue\n<ann> RESOLVED: paint the fence blue\n\n## Decisions\n- The rope stays where it is\n\n## Open questions\n- Who has the key of the cabin?\n- Colour of the crane\n\n## Else\n- Agreed - thank you all")
	assert.Equal(t, []string{"paint the fence blue", "The rope stays where it is"}, decisions(d))
	assert.Equal(t, []string{"Who has the key of the cabin?", "Colour of the crane"}, questions(d))
}

func TestMinutesLeaveQuestionsOpen(t *testing.T) {
	d := minutes("Present: Ann Lee, Bob Ray\n- AL: who has the key of the cabin?\n- BR: the harbour master.\n- AL: which colour does the crane have?\n- BR: no idea, to be decided")
	assert.Equal(t, []string{"which colour does the crane have?"}, questions(d))
}

// What minutes sent by mail file is filed, too, in the words that were sent.
func TestMinutesByMail(t *testing.T) {
	d := read("Bob: Nobody in the yard is going to argue that the harbour master makes bad\ndecisions: he does. The crane is one of the many that all of us know.")
	assert.Empty(t, d.Decisions, "the line before goes on")

	d = read("Ann: Minutes of today.\n\nDecisions:\n- The fence is painted blue\n\nAction items:\n- paint the fence by Friday (Bob)\n- [x] Cleo to order the rope\n\nSee you.", "Bob: Thank you. > - Cleo to move the crane")
	assert.Equal(t, []string{"The fence is painted blue"}, decisions(d))
	require.Equal(t, []string{"Bob: paint the fence by Friday (Bob)"}, actions(d))
	assert.Equal(t, "msg_a", d.Actions[0].Source.ID)
	assert.Equal(t, "2026-11-06", d.Actions[0].Due.Format(time.DateOnly), "the Friday after the message")
}

// heard reads a transcript of a meeting on a Monday.
func heard(lines ...string) digest.Digest {
	return digest.NewReader().Meeting(speech.NewSelf(store.User{}), store.Meeting{ID: "mtg_1", Title: "Yard", StartAt: monday, Transcript: strings.Join(lines, "\n")})
}

func TestActionsInMeetings(t *testing.T) {
	for name, tc := range map[string]struct {
		said []string
		want []string
	}{
		"who agrees does it": {
			[]string{"Ann Lee: Could somebody ask the harbour master about the key?", "Cleo Orr: It rains today.", "Bob Ray: Sure, will do."},
			[]string{"Bob Ray: Could somebody ask the harbour master about the key?"}},
		"who was named and agrees": {
			[]string{"Ann Lee: Bob, can you repair the long fence?", "Bob Ray: Yeah, I'll repair it by Friday."},
			[]string{"Bob Ray: Bob, can you repair the long fence?"}},
		"another takes it": {
			[]string{"Ann Lee: Can somebody order the long rope?", "Cleo Orr: I can take that."},
			[]string{"Cleo Orr: Can somebody order the long rope?"}},
		"somebody else is to":  {[]string{"Ann Lee: Let's have Bob look at the crane.", "Bob Ray: Hm."}, []string{"Bob Ray: Let's have Bob look at the crane."}},
		"dictated":             {[]string{"Ann Lee: That is an action item for Cleo, the key of the cabin.", "Cleo Orr: Fine."}, []string{"Cleo Orr: That is an action item for Cleo, the key of the cabin."}},
		"after the meeting":    {[]string{"Ann Lee: After the call I'll send the drawings of the crane."}, []string{"Ann Lee: After the call I'll send the drawings of the crane."}},
		"aimed at, with a day": {[]string{"Ann Lee: The goal is to have the fence finished by Friday.", "Bob Ray: The goal is to have a fence."}, []string{"Ann Lee: The goal is to have the fence finished by Friday."}},
		"a word back":          {[]string{"Ann Lee: Feedback would be great on the drawings of the crane."}, []string{": Feedback would be great on the drawings of the crane."}},
		"bidden":               {[]string{"Ann Lee: If you have time, take a look at the drawings of the crane.", "Bob Ray: We often take a look at cranes."}, []string{": If you have time, take a look at the drawings of the crane."}},
		"who wanted it is not who can": {
			[]string{"Ann Lee: I want a rope that I can order with a single call."}, nil},
		"done at once":         {[]string{"Ann Lee: I can quickly post the link to the drawings.", "Ann Lee: I'll share my screen."}, nil},
		"only told":            {[]string{"Ann Lee: So we're gonna build cranes that are higher than the old ones.", "Bob Ray: I don't want you to paint fences."}, nil},
		"written in the chat":  {[]string{"Ann Lee: The crane has a", "Bob Ray: [chat] will look into the crack of the crane", "Ann Lee: crack in the long arm."}, []string{"Bob Ray: will look into the crack of the crane"}},
		"an answer in a chat":  {[]string{`Bob Ray: [chat] Replying to "I'll paint the whole fen..." Nice.`, `Ann Lee: [chat] Reacted to "I'll paint the whole fence" with +`}, nil},
		"the object of others": {[]string{"Ann Lee: Tomorrow I have a meeting with Bob to plan the painting.", "Bob Ray: Good."}, nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, actions(heard(tc.said...))) })
	}
}

func TestDuesInMeetings(t *testing.T) {
	d := heard("Ann Lee: Bob, can you repair the long fence?", "Bob Ray: Yeah, I'll repair it by Friday.")
	require.Len(t, d.Actions, 1)
	assert.Equal(t, "2026-11-06", d.Actions[0].Due.Format(time.DateOnly))
}

func TestLaterDecisionsInAMeetingReplaceEarlierOnes(t *testing.T) {
	m := store.Meeting{ID: "mtg_1", StartAt: monday, Transcript: "Ann Lee: We decided to buy the blue crane in January.\nBob Ray: It rains in the yard.\nAnn Lee: On second thought, let's go with the red crane in January."}
	got := digest.NewReader().Minutes(speech.NewSelf(store.User{}), m)
	assert.Contains(t, got.Summary, "Decided: Ann Lee: On second thought, let's go with the red crane in January. Before that: Ann Lee: We decided to buy the blue crane in January.")
	assert.NotContains(t, got.Summary, "Decided: Ann Lee: We decided")
}

// The rules know English. Of what they cannot read they say so, but for what is
// filed: a label needs no grammar.
func TestOtherLanguages(t *testing.T) {
	r := digest.NewReader()
	german := store.Meeting{ID: "mtg_1", StartAt: monday, Transcript: "Ann Lee: Wir haben beschlossen, dass der Zaun am Hafen von Bob und Cleo noch im November gestrichen wird.\n" +
		"Bob Ray: Ich will die Farbe für den Zaun bis Freitag bestellen, und der Kran will auch Farbe."}
	got := r.Minutes(speech.NewSelf(store.User{}), german)
	assert.Empty(t, got.ActionItems)
	assert.Contains(t, got.Summary, "gestrichen wird")
	assert.Contains(t, got.Summary, "\nDecisions and action items are recognized in English only.")

	d := minutes("Anwesend: Ann Lee, Bob Ray\n- Der Zaun ist alt und wird nicht mehr gestrichen.\n- TODO(Bob): Farbe für den Zaun bestellen")
	assert.Equal(t, []string{"Bob: Farbe für den Zaun bestellen"}, actions(d))
	assert.Empty(t, d.Decisions)
}

// Who has something to do together with others finds it under their own name.
func TestOwnersInMeetings(t *testing.T) {
	m := store.Meeting{ID: "mtg_1", StartAt: monday, Attendees: []store.Person{{Name: "Ray, Bob"}}, Transcript: "Ann Lee: Bob and Cleo will repair the long fence.\nCleo Orr: It rains in the yard."}
	got := digest.NewReader().Minutes(speech.NewSelf(store.User{}), m)
	assert.Equal(t, []store.ActionItem{{Description: "Bob and Cleo will repair the long fence.", Assignee: "Ray, Bob"}, {Description: "Bob and Cleo will repair the long fence.", Assignee: "Cleo Orr"}}, got.ActionItems)
}

func TestDecisionsInMeetings(t *testing.T) {
	for name, tc := range map[string]struct {
		said []string
		want []string
	}{
		"proposed and agreed to": {[]string{"Ann Lee: I think we should paint the long fence in blue.", "Bob Ray: Sounds good."}, []string{"I think we should paint the long fence in blue."}},
		"proposed":               {[]string{"Ann Lee: I think we should paint the long fence in blue.", "Bob Ray: The crane is red."}, nil},
		"agreed to with a but":   {[]string{"Ann Lee: I think we should paint the long fence in blue.", "Bob Ray: Sounds good, but it is expensive."}, nil},
		"said twice":             {[]string{"Ann Lee: We decided to paint the fence. The paint is here. So we decided to paint it blue."}, []string{"We decided to paint the fence."}},
		"never ended":            {[]string{"Ann Lee: The plan is to paint the long fence and…"}, nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, decisions(heard(tc.said...))) })
	}
}

// No text ends the process, whatever it looks like.
func FuzzNote(f *testing.F) {
	f.Add("# Actions\n- [ ] @a b\n| Action | Owner |\n|--|\n| x\n<a> RESOLVED: b")
	f.Add("Present:\n**A**: B C, D\nTODO(x): y\n… ...\n[a] *b*")
	f.Fuzz(func(_ *testing.T, body string) { minutes(body) })
}
