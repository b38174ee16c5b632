package digest_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/digest"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

var monday = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// thread makes a mail thread, a message an hour, of "Name: text" lines; what
// follows a > is quoted.
func thread(lines ...string) []store.Message {
	var all []store.Message
	for i, line := range lines {
		name, text, _ := strings.Cut(line, ": ")
		text, quoted, _ := strings.Cut(text, " > ")
		m := store.Message{ID: "msg_" + string(rune('a'+i)), ThreadID: "thr_1", ConversationID: "cnv_1", Source: "email", Subject: "Harbour crane",
			SentAt: monday.Add(time.Duration(i) * time.Hour), SenderName: name, SenderEmail: strings.ToLower(name) + "@crane.example", BodyText: text, QuotedText: quoted}
		for _, to := range []string{"Ann", "Bob", "Cleo"} {
			if to != name {
				m.Recipients = append(m.Recipients, store.Person{Name: to, Email: strings.ToLower(to) + "@crane.example"})
			}
		}
		all = append(all, m)
	}
	return all
}

func read(lines ...string) digest.Digest {
	return digest.NewReader().Messages(speech.NewSelf(store.User{Email: "ann@crane.example", FirstName: "Ann"}), thread(lines...), "")
}

func decisions(d digest.Digest) (texts []string) {
	for _, one := range d.Decisions {
		texts = append(texts, one.Text)
	}
	return texts
}

func actions(d digest.Digest) (texts []string) {
	for _, one := range d.Actions {
		texts = append(texts, one.Owner+": "+one.Text)
	}
	return texts
}

func questions(d digest.Digest) (texts []string) {
	for _, one := range d.Questions {
		texts = append(texts, one.Text)
	}
	return texts
}

func TestDecisions(t *testing.T) {
	for name, tc := range map[string]struct {
		thread []string
		want   []string
	}{
		"stated":         {[]string{"Ann: We decided to buy the blue crane."}, []string{"We decided to buy the blue crane."}},
		"labelled":       {[]string{"Ann: Decision: the blue crane, from January on."}, []string{"Decision: the blue crane, from January on."}},
		"not yet":        {[]string{"Ann: We need a decision on the blue crane.", "Bob: We have to decide whether it is blue."}, nil},
		"only asked for": {[]string{"Ann: Have we decided to buy the blue crane?"}, nil},
		"of others":      {[]string{`Ann: The paper writes "we decided to buy the blue crane" and I laughed about it.`}, nil},
		"quoted":         {[]string{"Ann: What do you make of this message? > We decided to buy the blue crane."}, nil},
		"nothing to undo": {
			[]string{"Ann: The blue crane won't be seen from the road."}, nil},
		"with its beginning": {
			[]string{"Ann: Bob proposed the blue crane with the long arm. Let's do that."}, []string{"Bob proposed the blue crane with the long arm. Let's do that."}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, decisions(read(tc.thread...))) })
	}
}

func TestLaterDecisionsReplaceEarlierOnes(t *testing.T) {
	d := read("Ann: We decided to buy the blue crane in January.", "Bob: Noted and filed, the yard is ready.",
		"Ann: Correction, the blue crane will not be bought in January.", "Cleo: We agreed that the fence stays green.")
	require.Len(t, d.Decisions, 2)
	assert.Equal(t, "Correction, the blue crane will not be bought in January.", d.Decisions[0].Text)
	require.Len(t, d.Decisions[0].Instead, 1)
	assert.Equal(t, "We decided to buy the blue crane in January.", d.Decisions[0].Instead[0].Text)
	assert.Empty(t, d.Decisions[1].Instead)
}

func TestActions(t *testing.T) {
	for name, tc := range map[string]struct {
		thread []string
		want   []string
	}{
		"promised":         {[]string{"Bob: I'll send the drawings of the crane."}, []string{"Bob: I'll send the drawings of the crane."}},
		"asked by name":    {[]string{"Ann: Cleo, can you check the foundation of the crane?"}, []string{"Cleo: Cleo, can you check the foundation of the crane?"}},
		"of somebody else": {[]string{"Ann: Bob will order the paint for the fence."}, []string{"Bob: Bob will order the paint for the fence."}},
		"waited for":       {[]string{"Ann: Bob, I'm still waiting for your drawings of the crane."}, []string{"Bob: Bob, I'm still waiting for your drawings of the crane."}},
		"asked by reply":   {[]string{"Bob: The foundation has a crack in the corner.", "Ann: Please repair the crack this week. > The foundation has a crack in the corner."}, []string{"Bob: Please repair the crack this week."}},
		"by a day":         {[]string{"Bob: You'll have the drawings of the crane by Friday."}, []string{"Bob: You'll have the drawings of the crane by Friday."}},
		"done":             {[]string{"Bob: I'll send the drawings of the crane.", "Bob: I've sent the drawings of the crane."}, nil},
		"done by reply":    {[]string{"Ann: Cleo, can you check the foundation of the crane?", "Cleo: It is sound, without a crack. > Cleo, can you check the foundation of the crane?"}, nil},
		"only accepted":    {[]string{"Ann: Cleo, can you check the foundation of the crane?", "Cleo: Will do! > Cleo, can you check the foundation of the crane?"}, []string{"Cleo: Cleo, can you check the foundation of the crane?"}},
		"not done":         {[]string{"Bob: I'll send the drawings of the crane.", "Bob: I haven't sent the drawings of the crane."}, []string{"Bob: I'll send the drawings of the crane."}},
		"nobody's":         {[]string{"Ann: I can't send the drawings.", "Bob: If I could paint the fence I would.", "Cleo: I'll be honest about the fence."}, nil},
		"a wish to know":   {[]string{"Ann: How would you compare the two cranes?"}, nil},
		"quoted":           {[]string{"Ann: Noted, thank you. > I'll send the drawings of the crane."}, nil},
		"politeness":       {[]string{"Bob: Please find attached the drawings of the crane."}, nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, actions(read(tc.thread...))) })
	}
}

func TestQuestions(t *testing.T) {
	const question = "Which colour does the harbour master want for the crane?"
	for name, tc := range map[string]struct {
		thread []string
		want   []string
	}{
		"open":             {[]string{"Ann: " + question}, []string{question}},
		"answered":         {[]string{"Ann: " + question, "Bob: He told me blue."}, nil},
		"answered below":   {[]string{"Ann: " + question, "Bob: Blue, he told me. > " + question}, nil},
		"another answered": {[]string{"Ann: " + question + " And who will paint the long fence?", "Bob: I hope Cleo paints it. > And who will paint the long fence?"}, []string{question}},
		"put off":          {[]string{"Ann: " + question, "Bob: Good question, I'll ask him."}, []string{question}},
		"asked back":       {[]string{"Ann: " + question, "Bob: Did the master of the harbour not tell you?"}, []string{question, "Did the master of the harbour not tell you?"}},
		"found out":        {[]string{"Ann: " + question, "Ann: The harbour master wants the blue colour for the crane."}, nil},
		"leads on":         {[]string{"Ann: Who paints a fence in the rain? The old fence was painted in June, as all of us know."}, nil},
		"of somebody else": {[]string{`Ann: The harbour master always says "who has the key of the cabin?`}, nil},
		"code":             {[]string{"Ann: The log says crane.c:12: unsigned value that was checked for negative?"}, nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, questions(read(tc.thread...))) })
	}
}

func TestChannelsAnswerWithoutThreads(t *testing.T) {
	var all []store.Message
	for i, line := range []string{"Ann: which crane did the harbour order in May?", "Bob: lunch is in the yard today", "Cleo: it was the blue crane, ann", "Bob: who has the key of the crane cabin?"} {
		m := thread(line)[0]
		m.ID, m.ThreadID, m.Source, m.Conversation, m.Subject = "msg_"+string(rune('a'+i)), "thr_"+string(rune('a'+i)), "chat", "#yard", ""
		m.SentAt = monday.Add(time.Duration(i) * time.Minute)
		all = append(all, m)
	}
	d := digest.NewReader().Messages(speech.NewSelf(store.User{}), all, "")
	assert.Equal(t, []string{"who has the key of the crane cabin?"}, questions(d))
}

func TestProgramsCountOnce(t *testing.T) {
	all := thread("Bot: 3 open actions for the crane. The oldest waits for 5 days.", "Ann: I'll close the actions of the crane tomorrow, review included.",
		"Bot: 3 open actions for the crane. The oldest waits for 6 days.", "Bot: Please review the crane. Can you review the crane today?")
	d := digest.NewReader().Messages(speech.NewSelf(store.User{}), all, "")
	assert.Empty(t, d.Questions)
	assert.Len(t, d.People, 1)
	for _, s := range d.Points {
		assert.Equal(t, "Ann", s.Author.Name)
	}
	only := digest.NewReader().Messages(speech.NewSelf(store.User{}), append(all[:1:1], all[2]), "")
	require.Len(t, only.Gist, 1, "but what there is nothing else of is told")
	assert.Equal(t, "msg_c", only.Gist[0].Source.ID, "the last of it")
}

func TestRemindersCountOnce(t *testing.T) {
	all := thread("Ann: I'll send the drawings of the crane in 5 days at the latest, to all of you.", "Bob: Which colour does the harbour master want for the crane?",
		"Cleo: Blue.", "Ann: I'll send the drawings of the crane in 3 days at the latest, to all of you.", "Cleo: Blue.")
	d := digest.NewReader().Messages(speech.NewSelf(store.User{}), all, "")
	require.Len(t, d.Actions, 1)
	assert.Equal(t, "msg_d", d.Actions[0].Source.ID, "the last of it")
	assert.Empty(t, d.Questions, "a short answer stays where it is")
}

func TestTopicNarrows(t *testing.T) {
	all := thread("Ann: We decided to buy the blue crane in January. We agreed that the fence stays green.", "Bob: I'll order the paint for the fence. I'll send the drawings of the crane.")
	d := digest.NewReader().Messages(speech.NewSelf(store.User{}), all, "Focus on the fence only")
	assert.Equal(t, []string{"We agreed that the fence stays green."}, decisions(d))
	assert.Equal(t, []string{"Bob: I'll order the paint for the fence."}, actions(d))
	for _, s := range append(d.Gist, d.Points...) {
		assert.Contains(t, s.Text+s.Before, "fence")
	}
	assert.True(t, digest.NewReader().Messages(speech.NewSelf(store.User{}), all, "zeppelins").Empty())
}

func TestTone(t *testing.T) {
	for want, thread := range map[digest.Tone][]string{
		digest.Positive: {"Ann: The crane is a great success, thank you!", "Bob: I'm delighted, well done."},
		digest.Negative: {"Ann: The crane is broken again and I am disappointed.", "Bob: The delivery is overdue, too."},
		digest.Mixed:    {"Ann: The crane is a great success, thank you!", "Bob: Unfortunately the fence is broken."},
		digest.Neutral:  {"Ann: The crane arrives on a ship from the north.", "Bob: The ship has two masts and a red hull."},
	} {
		assert.Equal(t, want, read(thread...).Tone)
	}
}

func TestMinutes(t *testing.T) {
	m := store.Meeting{ID: "mtg_1", Title: "Yard", StartAt: monday, Summary: "Old words.", Transcript: `Ann Lee: So, um, the harbour master asked for the
Ann Lee: blue crane, you know, before the season begins.
Bob Ray: It costs forty thousand with the long arm of the crane.
Ann Lee: Okay, let's go with the blue crane. Bob, can you order the crane with the long arm?
Bob Ray: I'll order it by Friday.
Cleo Orr: The painting?
Bob Ray: I'll do that.
Cleo Orr: Who talks to the harbour master about the key of the cabin?
`}
	got := digest.NewReader().Minutes(speech.NewSelf(store.User{}), m)
	assert.NotContains(t, got.Summary, "Old words")
	assert.NotContains(t, got.Summary+got.ShortSummary, "um,")
	assert.Contains(t, got.Summary, "Ann Lee: The harbour master asked for the blue crane, before the season begins.")
	assert.Contains(t, got.Summary, "Decided: Ann Lee: Let's go with the blue crane.")
	assert.Contains(t, got.Summary, "Open: Cleo Orr: Who talks to the harbour master about the key of the cabin?")
	assert.Contains(t, got.ShortSummary, "Let's go with the blue crane.")
	assert.Contains(t, got.ActionItems, store.ActionItem{Description: "Bob, can you order the crane with the long arm? (by 6 November 2026)", Assignee: "Bob Ray"})
	assert.Contains(t, got.ActionItems, store.ActionItem{Description: "The painting? I'll do that.", Assignee: "Bob Ray"})
}

func TestNoDayRestsOnAGuess(t *testing.T) {
	yard := store.Meeting{ID: "mtg_1", Title: "Yard", StartAt: monday, Transcript: "Bob Ray: I'll send the drawings of the crane by Friday."}
	read := func() []digest.Action {
		return digest.NewReader().Meeting(speech.NewSelf(store.User{}), yard).Actions
	}
	require.Len(t, read(), 1)
	assert.False(t, read()[0].Due.IsZero())
	yard.Metadata = json.RawMessage(`{"time_from":"file"}`)
	require.Len(t, read(), 1, "it is to be done all the same")
	assert.Zero(t, read()[0].Due)
}

func TestNothingComesOfNothing(t *testing.T) {
	r := digest.NewReader()
	assert.True(t, r.Messages(speech.NewSelf(store.User{}), nil, "").Empty())
	assert.True(t, r.Meeting(speech.NewSelf(store.User{}), store.Meeting{}).Empty())
	assert.Equal(t, digest.Minutes{}, r.Minutes(speech.NewSelf(store.User{}), store.Meeting{Transcript: "…\n???\n: \n"}))
}

// No text ends the process, whatever it looks like.
func FuzzMinutes(f *testing.F) {
	f.Add("Ann: I'll send it. @ , ?\nBob: let's do that.")
	f.Add("a: b\n\n: \n{x} [y] “q… ?")
	f.Fuzz(func(_ *testing.T, transcript string) {
		digest.NewReader().Minutes(speech.NewSelf(store.User{}), store.Meeting{ID: "mtg_1", Transcript: transcript})
	})
}
