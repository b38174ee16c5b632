package local_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// TestOnePersonOfSeveralAddresses goes through all that names people.
func TestOnePersonOfSeveralAddresses(t *testing.T) {
	f := start(t, options())
	find := func(query string) attrove.Entity {
		t.Helper()
		found := call(t, f, attrove.ListEntities, attrove.EntitiesIn{Query: query, EntityType: "person"}).Data
		require.Len(t, found, 1, query)
		return found[0]
	}
	mail := letter("1", 5, "ov@acme.com", "me@example.com")
	mail.SenderName, mail.Subject = "Orsolya Vidakovic", "Kiln"
	call(t, f, attrove.PushMessage, mail)
	before := find("ov@acme.com")
	goal := call(t, f, attrove.CreateGoal, attrove.CreateGoalIn{Title: "T", WatchScope: attrove.WatchScope{EntityIDs: []string{before.ID}}})

	mail = letter("2", 3, "me@example.com", "orsi@lake.org", "ov@acme.com")
	mail.Recipients[0].Name, mail.BodyText = "Vidakovic, Orsolya", "I will send you the list of glazes tomorrow."
	promised := call(t, f, attrove.PushMessage, mail).ID
	call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "slack", BodyText: "The glaze is ready.", SenderName: "Orsolya Vidakovic (she/her)",
		SentAt: "2026-11-02T10:00:00Z", ExternalID: "s1", Metadata: attrove.Object{attrove.MetaSenderID: "slack:U7",
			attrove.MetaMentions: []map[string]string{{"id": "slack:U8", "name": "Zoltan Fazekas"}}}})
	call(t, f, attrove.PushMeeting, attrove.PushMeetingIn{Title: "Kiln", StartTime: "2026-11-01T10:00:00Z", ExternalID: "m",
		Attendees:  []attrove.Attendee{{Email: "ov@acme.com", Name: "Orsolya Vidakovic"}, {Email: "bk@acme.com", Name: "Bela Kun"}},
		Transcript: "Orsolya: I will send the clay.\nBela: Good.\nZoltan Fazekas: Fine."})

	her := find("vidakovic")
	assert.Equal(t, before.ID, her.ID, "an id that was known stays")
	assert.ElementsMatch(t, []attrove.ForeignText{"ov@acme.com", "orsi@lake.org", "slack:U7"}, her.ExternalIDs)
	assert.Equal(t, her, call(t, f, attrove.GetEntity, attrove.EntityRef{ID: before.ID}))
	zoltan := find("fazekas")
	assert.Equal(t, []attrove.ForeignText{"slack:U8"}, zoltan.ExternalIDs, "whom a message mentions is who spoke")
	assert.Empty(t, call(t, f, attrove.ListEntities, attrove.EntitiesIn{Query: "orsolya ·"}).Data, "no speaker beside the attendee")

	var with []string
	for _, r := range call(t, f, attrove.ListRelationships, attrove.RelationshipsIn{EntityID: her.ID}).Data {
		other := r.EntityA
		if other.ID == her.ID {
			other = r.EntityB
		}
		with = append(with, string(other.Name))
		if other.ID == zoltan.ID {
			assert.Equal(t, 2, r.CoOccurrenceCount, "in chat and in the meeting")
		}
	}
	slices.Sort(with)
	assert.Equal(t, []string{"Bela Kun", "Zoltan Fazekas", "me@example.com"}, with)

	watched := attrove.GoalRef{GoalID: goal.ID}
	call(t, f, attrove.EvaluateGoal, watched)
	assert.Contains(t, cited(call(t, f, attrove.GetGoal, watched)), promised, "a goal watches all addresses")
	companies := call(t, f, attrove.ListEntities, attrove.EntitiesIn{EntityType: "company", Query: "acme"}).Data
	require.Len(t, companies, 1)
	assert.Equal(t, []attrove.ForeignText{"acme.com"}, companies[0].ExternalIDs)
	watched.GoalID = call(t, f, attrove.CreateGoal, attrove.CreateGoalIn{Title: "Acme", WatchScope: attrove.WatchScope{EntityIDs: []string{companies[0].ID}}}).ID
	mail = letter("3", 0, "bk@acme.com", "me@example.com")
	mail.BodyText = "Can you send me the list of glazes?"
	asked := call(t, f, attrove.PushMessage, mail).ID
	assert.Contains(t, cited(call(t, f, attrove.GetGoal, watched)), asked, "and all people of a company")
}

// TestOwnAccountIsTheUser: what the user writes in chat and says in meetings, where
// no address stands beside it, is theirs, and what names them there is for them.
func TestOwnAccountIsTheUser(t *testing.T) {
	o := options()
	o.Me = []string{"ov@acme.com"}
	f := start(t, o)
	mail := letter("1", 5, "ov@acme.com", "bk@globex.com")
	mail.SenderName, mail.Recipients[0].Name = "Orsolya Vidakovic", "Bela Kunhegyesi"
	call(t, f, attrove.PushMessage, mail)
	chat := func(id, account, name, text string, mentioned ...map[string]string) string {
		return call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "slack", BodyText: text, SenderName: name, SentAt: "2026-11-02T10:00:00Z", ExternalID: id,
			Metadata: attrove.Object{attrove.MetaSenderID: account, attrove.MetaConversation: "#kiln", attrove.MetaMentions: mentioned}}).ID
	}
	asked := chat("s1", "slack:U8", "Bela Kunhegyesi", "@Orsolya Vidakovic can you send me the list of glazes?", map[string]string{"id": "slack:U7", "name": "Orsolya Vidakovic"})
	other := chat("s2", "slack:U8", "Bela Kunhegyesi", "@Zoltan Fazekas can you send me the list of clays?", map[string]string{"id": "slack:U9", "name": "Zoltan Fazekas"})
	mine := chat("s3", "slack:U7", "Orsolya Vidakovic", "I will bring you the shelves on Friday.")
	his := chat("s4", "slack:U8", "Bela Kunhegyesi", "I will bring you the cones on Friday.")
	said := call(t, f, attrove.PushMeeting, attrove.PushMeetingIn{Title: "Kiln", StartTime: "2026-11-02T11:00:00Z", ExternalID: "m",
		Transcript: "Bela Kunhegyesi: The kiln is cold.\nOrsolya Vidakovic: I will write the report for you by Friday."}).ID

	ask := func(query string) string {
		return string(call(t, f, attrove.Query, attrove.QueryIn{Query: query}).Answer)
	}
	promised := ask("What did I promise?")
	assert.Contains(t, promised, mine)
	assert.Contains(t, promised, said)
	assert.NotContains(t, promised, his)
	owed := ask("What has been promised to me?")
	assert.Contains(t, owed, his)
	assert.NotContains(t, owed, mine)
	assert.NotContains(t, owed, said)
	waiting := ask("What is waiting for me?")
	assert.Contains(t, waiting, asked)
	assert.NotContains(t, waiting, other)
}
