package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// content stores what was pushed, with its passages and the people in it, as what
// an item holds. It may be called again where its transaction came to nothing.
type content func(b *batch, tx *store.Tx, user store.User, item store.Item) error

// contentOf reads the payload of a queued push.
func contentOf(kind store.Kind, payload []byte) (content, error) {
	switch kind {
	case store.KindMessage:
		return decodeContent(payload, messageContent)
	case store.KindMeeting:
		return decodeContent(payload, meetingContent)
	case store.KindEvent:
		return decodeContent(payload, eventContent)
	case store.KindNote:
		return decodeContent(payload, noteContent)
	}
	return nil, fmt.Errorf("unknown kind %q", kind)
}

// errPayload says that a payload will not be better another time.
var errPayload = errors.New("the payload cannot be read")

func decodeContent[In any](payload []byte, prepare func(In) (content, error)) (content, error) {
	var in In
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, fmt.Errorf("%w: %w", errPayload, err)
	}
	return prepare(in)
}

// put stores what an item holds, and that it is indexed.
func (b *batch) put(tx *store.Tx, user store.User, item store.Item, save content) error {
	err := save(b, tx, user, item)
	if errors.Is(err, store.ErrNotSynced) {
		return tx.Skipped(item.ID, store.ErrNotSynced.Error())
	}
	if err != nil {
		return fmt.Errorf("save %s: %w", item.Kind, err)
	}
	if err := b.wakers.wakeCiting(tx, item); err != nil {
		return err
	}
	return tx.Indexed(item.ID, b.now())
}

func messageContent(in attrove.PushMessageIn) (content, error) {
	m, keys, err := messageOf(in)
	if err != nil {
		return nil, err
	}
	passages := index.CutMessage(m)
	return func(b *batch, tx *store.Tx, user store.User, item store.Item) error {
		m.ID, m.UserID, m.IntegrationID, m.Source = item.ID, item.UserID, item.IntegrationID, item.Source
		var err error
		if m, err = tx.SaveMessage(m, keys, b.now()); err != nil {
			return err
		}
		if err := tx.SetParticipants(user.ID, m.Ref(), m.Participants()); err != nil {
			return err
		}
		for i := range passages {
			p := &passages[i]
			p.ItemID, p.IntegrationID, p.Source, p.ConversationID, p.ThreadID = m.ID, m.IntegrationID, m.Source, m.ConversationID, m.ThreadID
		}
		if err := tx.SetPassages(user.ID, item.ID, passages); err != nil {
			return err
		}
		return b.wakers.wake(tx, user.ID, arrivedMessage(m))
	}, nil
}

func meetingContent(in attrove.PushMeetingIn) (content, error) {
	return func(b *batch, tx *store.Tx, user store.User, item store.Item) error {
		m, err := meetingOf(item, in)
		if err != nil {
			return err
		}
		if err := tx.SaveMeeting(m, b.now()); err != nil {
			return err
		}
		if err := tx.SetParticipants(user.ID, m.Ref(), m.Participants()); err != nil {
			return err
		}
		if err := tx.SetPassages(user.ID, item.ID, index.CutMeeting(m)); err != nil {
			return err
		}
		if err := b.wakers.wake(tx, user.ID, arrivedMeeting(m)); err != nil {
			return err
		}
		if m.Transcript == "" || m.Summary != "" || m.ShortSummary != "" {
			return tx.DropSummary(m.ID) // of the transcript before
		}
		return tx.QueueSummary(m, encode(summaryJob{}), time.Now())
	}, nil
}

func eventContent(in attrove.PushEventIn) (content, error) {
	return func(b *batch, tx *store.Tx, user store.User, item store.Item) error {
		e := eventOf(user, item, in)
		if err := tx.SaveEvent(e, b.now()); err != nil {
			return err
		}
		if err := tx.SetParticipants(user.ID, e.Ref(), e.Participants()); err != nil {
			return err
		}
		if err := tx.SetPassages(user.ID, item.ID, index.CutEvent(e)); err != nil {
			return err
		}
		return b.wakers.wake(tx, user.ID, arrivedEvent(e))
	}, nil
}

func noteContent(in attrove.PushNoteIn) (content, error) {
	return func(b *batch, tx *store.Tx, user store.User, item store.Item) error {
		n, err := noteOf(item, in)
		if err != nil {
			return err
		}
		if err := tx.SaveNote(n, b.now()); err != nil {
			return err
		}
		if err := tx.SetPassages(user.ID, item.ID, index.CutNote(n)); err != nil {
			return err
		}
		if err := b.wakers.wake(tx, user.ID, arrivedNote(n)); err != nil {
			return err
		}
		if err := b.noteOnGoal(tx, n); err != nil {
			return err
		}
		return tx.Publish(store.Publication{EventID: store.NewID(eventPrefix), Type: attrove.EventNoteIndexed, UserID: n.UserID, At: b.now(),
			Data: encode(map[string]string{"note_id": n.ID})})
	}, nil
}

// noteOnGoal tells that a goal has a note more or another one, whatever its next
// evaluation makes of it.
func (b *batch) noteOnGoal(tx *store.Tx, n store.Note) error {
	if n.RefType != refGoal {
		return nil
	}
	if _, err := tx.Goal(n.UserID, n.RefID); errors.Is(err, store.ErrNotFound) { // pushed before there were goals
		return nil
	} else if err != nil {
		return err
	}
	return tx.AddGoalEvent(store.GoalEvent{UserID: n.UserID, GoalID: n.RefID, Type: store.EventUpdated, At: b.now(),
		Data: store.GoalEventData{Fields: []string{"manual_notes"}}})
}
