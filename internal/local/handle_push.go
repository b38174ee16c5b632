package local

import (
	"context"
	"encoding/json"
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
	return who.push(ctx, found, store.KindMessage, in.Source, in.ExternalID, in)
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
	return who.push(ctx, found, store.KindMeeting, providerMeeting, in.ExternalID, in)
}

func pushEvent(ctx context.Context, who Caller, in attrove.PushEventIn) (attrove.PushReceipt, error) {
	var found problems
	found.atMost("external_id", in.ExternalID, maxExternalID)
	found.order(in.StartTime, in.EndTime)
	return who.push(ctx, found, store.KindEvent, providerEvent, in.ExternalID, in)
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
	return who.push(ctx, found, store.KindNote, providerNote, in.ExternalID, in)
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

// push queues in, unless something is wrong with it. Once it answers, the item
// outlives the process.
func (c Caller) push(ctx context.Context, found problems, kind store.Kind, provider, externalID string, in any) (attrove.PushReceipt, error) {
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return attrove.PushReceipt{}, err
	}
	payload, err := json.Marshal(in)
	if err != nil {
		return attrove.PushReceipt{}, fmt.Errorf("encode payload: %w", err)
	}
	out := attrove.PushReceipt{UserID: c.User.ID, Status: attrove.PushQueued}
	err = c.core.store.Write(ctx, func(tx *store.Tx) (err error) {
		out.ID, err = tx.Accept(store.Push{UserID: c.User.ID, Kind: kind, Provider: provider, ExternalID: externalID,
			Payload: payload, At: c.Now, RunAt: time.Now()})
		return err
	})
	if err != nil {
		return attrove.PushReceipt{}, fmt.Errorf("accept push: %w", err)
	}
	c.core.ingest.Nudge()
	return out, nil
}
