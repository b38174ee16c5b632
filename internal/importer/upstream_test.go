package importer

import (
	"context"
	"sync"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// upstream keeps what is pushed as Attrove does, by external id (P-09). A test
// may let it fail.
type upstream struct {
	fail func(n int, msg attrove.PushMessageIn) error // n counts from 1

	mu       sync.Mutex
	calls    int // of PushMessage
	kept     map[string]attrove.PushMessageIn
	events   map[string]attrove.PushEventIn
	meetings map[string]attrove.PushMeetingIn
	notes    map[string]attrove.PushNoteIn
}

func newUpstream() *upstream {
	return &upstream{kept: map[string]attrove.PushMessageIn{}, events: map[string]attrove.PushEventIn{},
		meetings: map[string]attrove.PushMeetingIn{}, notes: map[string]attrove.PushNoteIn{}}
}

func (u *upstream) PushEvent(_ context.Context, in attrove.PushEventIn) (attrove.PushReceipt, error) {
	return keep(u, u.events, in.ExternalID, in)
}

func (u *upstream) PushMeeting(_ context.Context, in attrove.PushMeetingIn) (attrove.PushReceipt, error) {
	return keep(u, u.meetings, in.ExternalID, in)
}

func (u *upstream) PushNote(_ context.Context, in attrove.PushNoteIn) (attrove.PushReceipt, error) {
	return keep(u, u.notes, in.ExternalID, in)
}

func keep[In any](u *upstream, in map[string]In, id string, one In) (attrove.PushReceipt, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	in[id] = one
	return attrove.PushReceipt{ID: id, Status: attrove.PushQueued}, nil
}

func (u *upstream) PushMessage(ctx context.Context, msg attrove.PushMessageIn) (attrove.PushReceipt, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return attrove.PushReceipt{}, &attrove.Error{Code: attrove.CodeCancelled, Message: err.Error()}
	}
	u.calls++
	if u.fail != nil {
		if err := u.fail(u.calls, msg); err != nil {
			return attrove.PushReceipt{}, err
		}
	}
	u.kept[msg.ExternalID] = msg
	return attrove.PushReceipt{ID: "msg_" + msg.ExternalID, Status: attrove.PushQueued}, nil
}
