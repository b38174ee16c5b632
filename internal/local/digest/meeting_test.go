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
		"done at once":          {[]string{"Ann Lee: I can quickly post the link to the drawings.", "Ann Lee: I'll share my screen."}, nil},
		"only told":             {[]string{"Ann Lee: So we're gonna build cranes that are higher than the old ones.", "Bob Ray: I don't want you to paint fences."}, nil},
		"written in the chat":   {[]string{"Ann Lee: The crane has a", "Bob Ray: [chat] will look into the crack of the crane", "Ann Lee: crack in the long arm."}, []string{"Bob Ray: will look into the crack of the crane"}},
		"an answer in a chat":   {[]string{`Bob Ray: [chat] Replying to "I'll paint the whole fen..." Nice.`, `Ann Lee: [chat] Reacted to "I'll paint the whole fence" with +`}, nil},
		"the next step":         {[]string{"Ann Lee: Yeah, so the next step for us is just to order the long rope.", "Bob Ray: The step is high."}, []string{": So the next step for us is just to order the long rope."}},
		"what all can, by then": {[]string{"Ann Lee: We can get the crane up and running by Friday.", "Bob Ray: We can send ropes."}, []string{": We can get the crane up and running by Friday."}},
		"awaited":               {[]string{"Ann Lee: I'm still waiting for Bob to review the drawings.", "Bob Ray: We waited for the rain to stop."}, []string{"Bob Ray: I'm still waiting for Bob to review the drawings."}},
		"awaited of who hears":  {[]string{"Ann Lee: Bob, we are blocked on you to review the drawings.", "Bob Ray: Yes."}, []string{"Bob Ray: Bob, we are blocked on you to review the drawings."}},
		"awaited of who speaks": {[]string{"Ann Lee: They are waiting for me to review the drawings."}, []string{"Ann Lee: They are waiting for me to review the drawings."}},
		"awaited of many":       {[]string{"Ann Lee: [chat] waiting for all yards to send the drawings of cranes"}, []string{": waiting for all yards to send the drawings of cranes"}},
		"anybody's":             {[]string{"Ann Lee: There is a crack in the crane, so if anyone wants to repair it.", "Bob Ray: If anyone wants to eat, there is bread."}, []string{": There is a crack in the crane, so if anyone wants to repair it."}},
		"wished for":            {[]string{"Ann Lee: If somebody could order the long rope, that would be great.", "Bob Ray: If a rope could order anything, it would order paint."}, []string{": If somebody could order the long rope, that would be great."}},
		"when there is time":    {[]string{"Bob Ray: If I find some time, I'll repair the fence.", "Ann Lee: If it rains, I'll send a boat."}, []string{"Bob Ray: If I find some time, I'll repair the fence."}},
		"after a pause":         {[]string{"Bob Ray: I'm going to… Order the long rope."}, []string{"Bob Ray: I'm going to order the long rope."}},
		"asked and told":        {[]string{"Ann Lee: Can you clarify when you need the long rope?"}, nil},
		"what a day makes one":  {[]string{"Bob Ray: I'll give you the list of ropes by Friday, and I'll give you an example."}, []string{"Bob Ray: I'll give you the list of ropes by Friday, and I'll give you an example."}},
		"what no day makes one": {[]string{"Bob Ray: I'll be in the yard on Friday.", "Cleo Orr: I'll see you tomorrow.", "Bob Ray: I'll give you an example."}, nil},
		"that goes on":          {[]string{"Bob Ray: I'll be sending the drawings tomorrow."}, []string{"Bob Ray: I'll be sending the drawings tomorrow."}},
		"that one may mind":     {[]string{"Ann Lee: Bob, would you mind sharing the drawings?", "Bob Ray: Sure."}, []string{"Bob Ray: Bob, would you mind sharing the drawings?"}},
		"let be done":           {[]string{"Bob Ray: Let me check with the harbour master.", "Ann Lee: Let me show you the crane."}, []string{"Bob Ray: Let me check with the harbour master."}},
		"owed":                  {[]string{"Bob Ray: I still owe you the drawings of the crane."}, []string{"Bob Ray: I still owe you the drawings of the crane."}},
		"called together":       {[]string{"Ann Lee: Let's schedule another call with the harbour master.", "Bob Ray: Let's write on the wall."}, []string{": Let's schedule another call with the harbour master."}},
		"got signed":            {[]string{"Ann Lee: We need to get the contract signed before the end of the month.", "Bob Ray: We need to get started by Friday."}, []string{": We need to get the contract signed before the end of the month."}},
		"made sure of":          {[]string{"Ann Lee: Please make sure the ropes are dry by Friday.", "Bob Ray: Please make sure you hear me."}, []string{": Please make sure the ropes are dry by Friday."}},
		"of who is going to":    {[]string{"Ann Lee: Bob's going to paint the fence.", "Bob Ray: Fine."}, []string{"Bob Ray: Bob's going to paint the fence."}},
		"one would like of":     {[]string{"Ann Lee: I'd like Bob to paint the fence.", "Bob Ray: People like Bob to sing."}, []string{"Bob Ray: I'd like Bob to paint the fence."}},
		"a word from others":    {[]string{"Ann Lee: We are waiting to hear from the harbour master on the crane."}, []string{": We are waiting to hear from the harbour master on the crane."}},
		"after a run-up":        {[]string{"Bob Ray: Okay so I'm gonna go ahead and send the drawings.", "Cleo Orr: It is dry so I'll send nothing."}, []string{"Bob Ray: Okay so I'm gonna go ahead and send the drawings."}},
		"why not":               {[]string{"Ann Lee: Why don't you send the drawings, Bob?", "Bob Ray: Sure."}, []string{"Bob Ray: Why don't you send the drawings, Bob?"}},
		"can we have it done":   {[]string{"Ann Lee: Can we have Bob send the drawings?", "Bob Ray: Will Bob send the drawings?"}, []string{"Bob Ray: Can we have Bob send the drawings?"}},
		"as agreed":             {[]string{"Ann Lee: We agreed that Bob will paint the fence.", "Bob Ray: I think that Bob will paint."}, []string{"Bob Ray: We agreed that Bob will paint the fence."}},
		"due":                   {[]string{"Ann Lee: The drawings of the crane are due on Friday.", "Bob Ray: The rain is due to the wind."}, []string{": The drawings of the crane are due on Friday."}},
		"one's own":             {[]string{"Bob Ray: My action item is to order the long rope."}, []string{"Bob Ray: My action item is to order the long rope."}},
		"really":                {[]string{"Bob Ray: I really need to call the harbour master."}, []string{"Bob Ray: I really need to call the harbour master."}},
		"if nobody minds":       {[]string{"Bob Ray: If nobody minds, I'll call the harbour master."}, []string{"Bob Ray: If nobody minds, I'll call the harbour master."}},
		"after something else":  {[]string{"Bob Ray: I'll discuss it in the yard and send the drawings tomorrow."}, []string{"Bob Ray: I'll discuss it in the yard and send the drawings tomorrow."}},
		"said to one who tells": {[]string{"Ann Lee: Bob said he would bring the rope on Monday.", "Bob Ray: People said he would sing."}, []string{"Bob Ray: Bob said he would bring the rope on Monday."}},
		"by the fifteenth":      {[]string{"Ann Lee: We have to submit the plans by the fifteenth.", "Bob Ray: We have to submit plans by the harbour."}, []string{": We have to submit the plans by the fifteenth."}},
		"to be going on":        {[]string{"Ann Lee: Bob will be preparing the drawings.", "Bob Ray: Bob will be being Bob."}, []string{"Bob Ray: Bob will be preparing the drawings."}},
		"begun again and again": {[]string{"Bob Ray: I'll order the… a long… some more… paint for it."}, nil},
		"only in case":          {[]string{"Bob Ray: I'll send drawings if I have any doubts."}, nil},
		"a question put off":    {[]string{"Bob Ray: Maybe we can push that to next week."}, nil},
		"the object of others":  {[]string{"Ann Lee: Tomorrow I have a meeting with Bob to plan the painting.", "Bob Ray: Good."}, nil},
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

// Who has something to do together with others finds it under their own name.
func TestOwnersInMeetings(t *testing.T) {
	m := store.Meeting{ID: "mtg_1", StartAt: monday, Attendees: []store.Person{{Name: "Ray, Bob"}}, Transcript: "Ann Lee: Bob and Cleo will repair the long fence.\nCleo Orr: It rains in the yard."}
	got := digest.NewReader().Minutes(speech.NewSelf(store.User{}), m)
	assert.Equal(t, []store.ActionItem{{Description: "Bob and Cleo will repair the long fence.", Assignee: "Ray, Bob"}, {Description: "Bob and Cleo will repair the long fence.", Assignee: "Cleo Orr"}}, got.ActionItems)
}

func TestDecisionsInMeetings(t *testing.T) {
	const colour = "Could we paint the long fence of the harbour in blue?"
	for name, tc := range map[string]struct {
		said []string
		want []string
	}{
		"proposed and agreed to": {[]string{"Ann Lee: I think we should paint the long fence in blue.", "Bob Ray: Sounds good."}, []string{"I think we should paint the long fence in blue."}},
		"proposed":               {[]string{"Ann Lee: I think we should paint the long fence in blue.", "Bob Ray: The crane is red."}, nil},
		"agreed to with a but":   {[]string{"Ann Lee: I think we should paint the long fence in blue.", "Bob Ray: Sounds good, but it is expensive."}, nil},
		"said twice":             {[]string{"Ann Lee: We decided to paint the fence. The paint is here. So we decided to paint it blue."}, []string{"We decided to paint the fence."}},
		"never ended":            {[]string{"Ann Lee: The plan is to paint the long fence and…"}, nil},
		"proposed and accepted": {
			[]string{"Ann Lee: I propose that we paint the long fence blue. It is old. The paint is cheap. I think so. Tell me.", "Bob Ray: Sounds good to me. It rains today and the harbour is closed, the yard as well, but not for long."},
			[]string{"I propose that we paint the long fence blue."}},
		"proposed and doubted": {
			[]string{"Ann Lee: I propose that we paint the long fence blue.", "Bob Ray: Sounds good, but I'm not sure."}, nil},
		"planned and confirmed": {
			[]string{"Ann Lee: We're going to keep the long fence of the harbour blue.", "Bob Ray: Exactly."},
			[]string{"We're going to keep the long fence of the harbour blue."}},
		"planned and heard": {
			[]string{"Ann Lee: We're going to keep the long fence of the harbour blue.", "Bob Ray: Okay."}, nil},
		"asked and approved":  {[]string{"Ann Lee: Shall we sell the old crane?", "Bob Ray: Yeah."}, []string{"Shall we sell the old crane?"}},
		"asked and refused":   {[]string{"Ann Lee: Shall we sell the old crane?", "Bob Ray: Yeah, but who buys it?"}, nil},
		"asked and argued":    {[]string{"Ann Lee: Shall we sell the old crane?", "Bob Ray: Yeah, the market for cranes is a strange one."}, nil},
		"asked of a thing":    {[]string{"Ann Lee: Did they sell the old crane?", "Bob Ray: Yes."}, nil},
		"asked before more":   {[]string{"Ann Lee: Shall we sell the old crane? The harbour master wants to know.", "Bob Ray: Yes."}, nil},
		"asked how to go on":  {[]string{"Ann Lee: Shall we take a break for the old crane?", "Bob Ray: Yes."}, nil},
		"voted for":           {[]string{"Ann Lee: I vote for the blue paint on the fence.", "Bob Ray: Me too."}, []string{"I vote for the blue paint on the fence."}},
		"settled":             {[]string{"Ann Lee: We've settled on blue for the fence."}, []string{"We've settled on blue for the fence."}},
		"of others, long ago": {[]string{"Ann Lee: They decided to leave the harbour to the cranes."}, nil},
		"as one remembers":    {[]string{"Ann Lee: I think we chose blue for the long fence."}, nil},
		"seconded by several": {
			[]string{"Ann Lee: [chat] " + colour, `Bob Ray: [chat] Reacted to "Could we paint the lo..." with 👍🏼`, `Cleo Orr: [chat] Hat auf "Could we paint the lo..." mit ➕ reagiert`},
			[]string{colour}},
		"seconded by one": {
			[]string{"Ann Lee: [chat] " + colour, `Bob Ray: [chat] Reacted to "Could we paint the lo..." with 👍`, `Bob Ray: [chat] Reacted to "Could we paint the lo..." with ➕`, `Ann Lee: [chat] Reacted to "Could we paint the lo..." with 👍`}, nil},
		"laughed at": {
			[]string{"Ann Lee: [chat] " + colour, `Bob Ray: [chat] Reacted to "Could we paint the lo..." with 😂`, `Cleo Orr: [chat] Reacted to "Could we paint the lo..." with 🎉`}, nil},
		"no proposal": {
			[]string{"Ann Lee: [chat] The long fence of the harbour is blue", `Bob Ray: [chat] Reacted to "The long fence of..." with 👍`, `Cleo Orr: [chat] Reacted to "The long fence of..." with 👍`}, nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, decisions(heard(tc.said...))) })
	}
}

func TestOpenQuestionsInMeetings(t *testing.T) {
	for name, tc := range map[string]struct {
		said []string
		want []string
	}{
		"named as one":       {[]string{"Ann Lee: An open question is where the long rope of the crane belongs."}, []string{"An open question is where the long rope of the crane belongs."}},
		"to be found out":    {[]string{"Ann Lee: We still have to figure out how the crane gets to the other harbour."}, []string{"We still have to figure out how the crane gets to the other harbour."}},
		"one among none":     {[]string{"Ann Lee: There is no open question about the long rope of the crane."}, nil},
		"what would be":      {[]string{"Ann Lee: If the owner sells, it remains to be seen who buys the crane."}, nil},
		"decided afterwards": {[]string{"Ann Lee: The question is whether we paint the long fence blue.", "Bob Ray: We decided to paint the long fence blue."}, nil},
		"decided before":     {[]string{"Bob Ray: We decided to paint the long fence blue.", "Ann Lee: The question is whether the long fence gets paint twice."}, []string{"The question is whether the long fence gets paint twice."}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, questions(heard(tc.said...))) })
	}
}
