package digest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/digest"
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

// No text ends the process, whatever it looks like.
func FuzzNote(f *testing.F) {
	f.Add("# Actions\n- [ ] @a b\n| Action | Owner |\n|--|\n| x\n<a> RESOLVED: b")
	f.Add("Present:\n**A**: B C, D\nTODO(x): y\n… ...\n[a] *b*")
	f.Fuzz(func(_ *testing.T, body string) { minutes(body) })
}
