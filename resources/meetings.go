package resources

import (
	"context"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

const meetingPath = "meetings/{meeting_id}"

// meeting is a meeting that took place.
func meeting() *Resource {
	return &Resource{
		path: meetingPath, title: "A meeting", tool: "attrove_get_meeting",
		description: "One meeting: who was there, summary, action items and transcript.",
		read:        readMeeting, find: findMeetings,
	}
}

func readMeeting(ctx context.Context, r reading) (*page, []view.Notes, error) {
	is, err := show(ctx, r, attrove.GetMeeting, attrove.MeetingIn{ID: r.id,
		Expand: []attrove.MeetingExpand{"short_summary", "action_items", "summary", "transcript", "attendees"}}, view.Full, nil)
	if err != nil {
		return nil, nil, err
	}
	m := is.Value
	p := newPage(r, m.Title)
	p.blank()
	p.field("When", p.moment(m.StartTime)+with(" to", p.moment(m.EndTime)))
	p.field("Where", words(m.Provider))
	var there []string
	for _, a := range m.Attendees {
		there = append(there, person(a.Name, a.Email))
	}
	p.field("There", strings.Join(there, ", "))
	p.field("Id", code(m.ID))
	if m.Summary != "" || m.ShortSummary != "" {
		p.section("Summary")
		p.quote("", m.ShortSummary)
		if m.Summary != m.ShortSummary {
			p.quote("", m.Summary)
		}
	}
	if len(m.ActionItems) > 0 {
		p.section("Action items")
	}
	for _, a := range m.ActionItems {
		p.item("To do" + with(", by", line(a.Assignee)))
		p.quote("  ", a.Description)
	}
	if m.Transcript != "" {
		p.section("Transcript")
		p.quote("", m.Transcript)
	}
	return p, []view.Notes{is.Notes}, nil
}

// person is a name with an address, as far as they are known.
func person(name, address attrove.ForeignText) string {
	switch {
	case name == "":
		return line(address)
	case address == "":
		return line(name)
	}
	return line(name) + " (" + line(address) + ")"
}

func findMeetings(ctx context.Context, r reading, _ string) ([]thing, bool, error) {
	all, err := show(ctx, r, attrove.ListMeetings, attrove.MeetingsIn{Cut: attrove.Cut{Limit: attrove.MaxLimit}}, view.Full, nil)
	if err != nil {
		return nil, false, err
	}
	var found []thing
	for _, m := range all.Value.Data {
		found = append(found, thing{id: m.ID, title: flat(m.Title)})
	}
	return found, all.Paging.HasMore, nil
}
