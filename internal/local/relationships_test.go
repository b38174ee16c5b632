package local_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// letter is a message from the first address to the others, so many days ago.
func letter(externalID string, days int, addresses ...string) attrove.PushMessageIn {
	in := attrove.PushMessageIn{Source: "email", BodyText: "hello", SenderEmail: addresses[0], ExternalID: externalID,
		SentAt: attrove.DateTime(now.AddDate(0, 0, -days).Format(time.RFC3339))}
	for _, address := range addresses[1:] {
		in.Recipients = append(in.Recipients, attrove.Address{Email: address})
	}
	return in
}

// related lists relationships as "a-b count last".
func related(t *testing.T, f fixture, in attrove.RelationshipsIn) []string {
	t.Helper()
	var all []string
	for {
		page := call(t, f, attrove.ListRelationships, in)
		for _, r := range page.Data {
			last := "never"
			if r.LastInteractionAt != nil {
				last = string(*r.LastInteractionAt)[:10]
			}
			all = append(all, fmt.Sprintf("%s-%s %d %s", r.EntityA.ExternalIDs[0], r.EntityB.ExternalIDs[0], r.CoOccurrenceCount, last))
		}
		require.NotNil(t, page.Pagination.TotalCount)
		require.NotNil(t, page.Pagination.Offset)
		if !page.Pagination.HasMore {
			assert.Len(t, all, *page.Pagination.TotalCount, "to the end")
			return all
		}
		in.Offset += len(page.Data)
	}
}

func TestRelationships(t *testing.T) {
	f := start(t, options())
	call(t, f, attrove.PushMessage, letter("1", 3, "ann@a", "me@example.com", "bob@b", "ann@a"))
	call(t, f, attrove.PushMessage, letter("2", 1, "bob@b", "ann@a"))
	call(t, f, attrove.PushMeeting, attrove.PushMeetingIn{Title: "Sync", StartTime: "2026-11-01T10:00:00Z", ExternalID: "m",
		Attendees: []attrove.Attendee{{Email: "ann@a"}, {Email: "cy@c"}, {Name: "Speaker 1"}}})
	call(t, f, attrove.PushEvent, attrove.PushEventIn{Title: "Lunch", StartTime: "2026-11-09T12:00:00Z", EndTime: "2026-11-09T13:00:00Z",
		Attendees: []attrove.Attendee{{Email: "bob@b"}, {Email: "cy@c"}}})
	everybody := []string{"ann@a-bob@b 2 2026-11-02", "ann@a-cy@c 1 2026-11-01", "ann@a-me@example.com 1 2026-10-31",
		"me@example.com-bob@b 1 2026-10-31", "bob@b-cy@c 1 never"} // what is to come is no interaction yet
	assert.Equal(t, everybody, related(t, f, attrove.RelationshipsIn{}))
	assert.Equal(t, everybody, related(t, f, attrove.RelationshipsIn{Limit: 2}), "in pages")
	assert.Empty(t, call(t, f, attrove.ListRelationships, attrove.RelationshipsIn{Offset: 99}).Data)

	byAddress := map[string]attrove.Entity{}
	for _, e := range call(t, f, attrove.ListEntities, attrove.EntitiesIn{}).Data {
		byAddress[string(e.ExternalIDs[0])] = e
	}
	assert.EqualValues(t, "user", byAddress["me@example.com"].EntityType)
	cy := byAddress["cy@c"].ID
	assert.Equal(t, []string{"ann@a-cy@c 1 2026-11-01", "bob@b-cy@c 1 never"}, related(t, f, attrove.RelationshipsIn{EntityID: cy, Limit: 1}))
	assert.Equal(t, 404, refused(t, f, attrove.ListRelationships, `{"entity_id":"ent_x"}`).Status)
	other := newUser(t, f, attrove.CreateUserIn{Email: "x@example.com"})
	assert.Empty(t, related(t, other, attrove.RelationshipsIn{}))
	assert.Equal(t, 404, refused(t, other, attrove.ListRelationships, fmt.Sprintf(`{"entity_id":%q}`, cy)).Status)
}

func TestRelationshipsFollowWhatIsStored(t *testing.T) {
	o, pass := moved()
	f := start(t, o)
	call(t, f, attrove.PushMessage, letter("1", 3, "ann@a", "bob@b"))
	call(t, f, attrove.PushEvent, attrove.PushEventIn{Title: "Lunch", StartTime: "2026-11-03T12:00:00Z", EndTime: "2026-11-03T13:00:00Z",
		Attendees: []attrove.Attendee{{Email: "ann@a"}, {Email: "bob@b"}}})
	meeting := attrove.PushMeetingIn{Title: "Sync", StartTime: "2026-11-01T10:00:00Z", ExternalID: "m",
		Attendees: []attrove.Attendee{{Email: "ann@a"}, {Email: "cy@c"}}}
	call(t, f, attrove.PushMeeting, meeting)
	assert.Equal(t, []string{"ann@a-bob@b 2 2026-10-31", "ann@a-cy@c 1 2026-11-01"}, related(t, f, attrove.RelationshipsIn{}))

	pass(3 * time.Hour)
	assert.Equal(t, "ann@a-bob@b 2 2026-11-03", related(t, f, attrove.RelationshipsIn{})[0], "lunch is over")
	call(t, f, attrove.PushMessage, letter("1", 3, "ann@a", "dan@d"))
	call(t, f, attrove.DeleteMeetingByExternalID, attrove.ExternalRef{ExternalID: "m"})
	assert.Equal(t, []string{"ann@a-bob@b 1 2026-11-03", "ann@a-dan@d 1 2026-10-31"}, related(t, f, attrove.RelationshipsIn{}))
	call(t, f, attrove.PushMeeting, meeting)
	assert.Len(t, related(t, f, attrove.RelationshipsIn{}), 3)
	call(t, f, attrove.DisconnectIntegration, attrove.IntegrationRef{IntegrationID: integrationOf(t, f, "email").ID})
	assert.Equal(t, []string{"ann@a-bob@b 1 2026-11-03", "ann@a-cy@c 1 2026-11-01"}, related(t, f, attrove.RelationshipsIn{}))
}

func TestNoticesRelateNobody(t *testing.T) {
	f := start(t, options())
	crowd := []string{"news@a"}
	for i := range 20 {
		crowd = append(crowd, fmt.Sprintf("p%d@x", i))
	}
	call(t, f, attrove.PushMessage, letter("1", 1, crowd...))
	call(t, f, attrove.PushMessage, letter("2", 1, crowd[:20]...))
	assert.Len(t, related(t, f, attrove.RelationshipsIn{Limit: 100}), 190, "20 people, and not 21")
}
