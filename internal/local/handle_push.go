package local

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Providers of the virtual integrations that pushed things belong to; a
// message's is its source (contract section 10).
const (
	providerMeeting = "meeting"
	providerEvent   = "calendar"
	providerNote    = "note"
)

// Lengths, in characters, of what is kept as a key.
const (
	maxSource     = 64
	maxExternalID = 1000
)

func pushMessage(ctx context.Context, who Caller, in attrove.PushMessageIn) (attrove.PushReceipt, error) {
	in.Source = strings.ToLower(strings.TrimSpace(in.Source))
	if in.SentAt == "" {
		in.SentAt = index.Time(who.Now)
	}
	var found problems
	found.atMost("source", in.Source, maxSource)
	found.atMost("external_id", in.ExternalID, maxExternalID)
	found.atMost("external_thread_id", in.ExternalThreadID, maxExternalID)
	people := []string{in.SenderEmail}
	for _, r := range in.Recipients {
		people = append(people, r.Email)
	}
	return who.push(ctx, found, pushed{kind: store.KindMessage, provider: in.Source, externalID: in.ExternalID,
		at: parseTime(in.SentAt), people: people, content: func() (content, error) { return messageContent(in) }}, in)
}

func pushMeeting(ctx context.Context, who Caller, in attrove.PushMeetingIn) (attrove.PushReceipt, error) {
	var found problems
	found.atMost("external_id", in.ExternalID, maxExternalID)
	if in.EndTime != "" {
		found.order(in.StartTime, in.EndTime)
	}
	for i, item := range in.ActionItems {
		if item.Description == "" {
			found.add(fmt.Sprintf("action_items[%d].description", i), "is required")
		}
	}
	return who.push(ctx, found, pushed{kind: store.KindMeeting, provider: providerMeeting, externalID: in.ExternalID,
		at: parseTime(cmp.Or(in.EndTime, in.StartTime)), people: addresses(in.Attendees), content: func() (content, error) { return meetingContent(in) }}, in)
}

func pushEvent(ctx context.Context, who Caller, in attrove.PushEventIn) (attrove.PushReceipt, error) {
	var found problems
	found.atMost("external_id", in.ExternalID, maxExternalID)
	found.order(in.StartTime, in.EndTime)
	return who.push(ctx, found, pushed{kind: store.KindEvent, provider: providerEvent, externalID: in.ExternalID,
		at: parseTime(in.EndTime), people: addresses(in.Attendees), content: func() (content, error) { return eventContent(in) }}, in)
}

func pushNote(ctx context.Context, who Caller, in attrove.PushNoteIn) (attrove.PushReceipt, error) {
	var found problems
	found.atMost("external_id", in.ExternalID, maxExternalID)
	if in.RefType != "" && in.RefID == "" {
		found.add("ref_id", "is required with ref_type")
	}
	if in.RefID != "" && in.RefType == "" {
		found.add("ref_type", "is required with ref_id")
	}
	if in.RefType != "" && in.RefID != "" {
		if err := who.checkRef(ctx, &found, in.RefType, in.RefID); err != nil {
			return attrove.PushReceipt{}, err
		}
	}
	return who.push(ctx, found, pushed{kind: store.KindNote, provider: providerNote, externalID: in.ExternalID, at: who.Now,
		content: func() (content, error) { return noteContent(in) }}, in)
}

// checkRef has a note name something of the user's: about what is not there, or is
// another's, there is nothing to note.
func (c Caller) checkRef(ctx context.Context, found *problems, refType attrove.RefType, id string) error {
	var err error
	switch refType {
	case refGoal:
		_, err = c.core.store.Goal(ctx, c.User.ID, id)
	case "entity":
		_, err = c.core.store.Entity(ctx, c.User.ID, id)
	default:
		var item store.Item
		if item, err = c.core.store.Item(ctx, c.User.ID, id); err == nil && string(item.Kind) != string(refType) {
			err = store.ErrNotFound
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		found.add("ref_id", fmt.Sprintf("names no %s of the user's: there is no %s", refType, id))
		return nil
	}
	return err
}

func (p *problems) atMost(path, text string, limit int) {
	if utf8.RuneCountInString(text) > limit {
		p.add(path, fmt.Sprintf("must have at most %d characters", limit))
	}
}

func (p *problems) order(start, end attrove.DateTime) {
	if parseTime(end).Before(parseTime(start)) {
		p.add("end_time", "must not be before start_time")
	}
}

// pushed is what of a push matters to the queue and to the organization's settings.
type pushed struct {
	kind       store.Kind
	provider   string
	externalID string
	at         time.Time // when it was, or ends
	people     []string  // addresses
	content    func() (content, error)
}

func addresses(attendees []attrove.Attendee) []string {
	var all []string
	for _, a := range attendees {
		all = append(all, string(a.Email))
	}
	return all
}

// push queues in, unless something is wrong with it or the organization does not
// want it. Once it answers, the item outlives the process.
func (c Caller) push(ctx context.Context, found problems, p pushed, in any) (attrove.PushReceipt, error) {
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return attrove.PushReceipt{}, err
	}
	payload, err := json.Marshal(in)
	if err != nil {
		return attrove.PushReceipt{}, fmt.Errorf("encode payload: %w", err)
	}
	out := attrove.PushReceipt{UserID: c.User.ID, Status: attrove.PushQueued}
	out.ID, err = c.queueOrStore(ctx, p, store.Push{UserID: c.User.ID, Kind: p.kind, Provider: p.provider, ExternalID: p.externalID,
		Payload: payload, At: c.Now, RunAt: time.Now()})
	if errors.Is(err, store.ErrForgotten) {
		return attrove.PushReceipt{}, forgotten()
	}
	if err != nil {
		return attrove.PushReceipt{}, fmt.Errorf("accept push: %w", err)
	}
	c.core.ingest.Nudge()
	return out, nil
}
