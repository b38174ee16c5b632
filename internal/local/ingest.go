package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	maxAttempts = 5           // of an item that fails; it may also be what ends processes
	fullPause   = time.Second // between attempts while the disk is full
)

// ingester stores and indexes what was pushed.
type ingester struct {
	store *store.Store
	now   func() time.Time
	log   zerolog.Logger
}

func newIngester(s *store.Store, o Options) *ingester {
	return &ingester{store: s, now: o.Now, log: o.Log}
}

// handle is the queue's jobs.Handler. Each job ends in the transaction that does
// its work: whatever happens, it is done once.
func (g *ingester) handle(ctx context.Context, owner string, jobs []store.Job) {
	for len(jobs) > 0 {
		b := &batch{ingester: g, users: map[string]store.User{}, wakers: newWakers(g.now())}
		steps := make([]func(*store.Tx) error, len(jobs))
		for i, job := range jobs {
			steps[i] = b.step(ctx, owner, job)
		}
		var again []store.Job
		for i, err := range b.run(context.WithoutCancel(ctx), steps) {
			switch {
			case err == nil, errors.Is(err, store.ErrLeaseLost): // done, by us or another
			case errors.Is(err, store.ErrFull), errors.Is(err, store.ErrBusy):
				again = append(again, jobs[i])
			default:
				g.postpone(ctx, owner, jobs[i], err)
			}
		}
		if jobs = again; len(jobs) > 0 {
			g.log.Error().Int("items", len(jobs)).Msg("cannot store items: the disk is full or the database locked; trying again")
			select {
			case <-ctx.Done():
				g.release(ctx, owner, jobs)
				return
			case <-time.After(fullPause):
			}
		}
	}
}

// release gives jobs back, so that attempts count what the jobs themselves did
// and not how often the disk was full. Where even that cannot be written, their
// leases run out.
func (g *ingester) release(ctx context.Context, owner string, jobs []store.Job) {
	err := g.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		for _, job := range jobs {
			if err := tx.Release(job, owner); err != nil && !errors.Is(err, store.ErrLeaseLost) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		g.log.Warn().Err(err).Int("items", len(jobs)).Msg("cannot give items back to the queue")
	}
}

// batch is what jobs that are done together share.
type batch struct {
	*ingester
	users  map[string]store.User
	wakers *wakers
}

// run takes all steps as one, which spares the full-text index a flush for each,
// and one by one only when one fails.
func (b *batch) run(ctx context.Context, steps []func(*store.Tx) error) []error {
	err := b.store.Write(ctx, func(tx *store.Tx) error {
		for _, step := range steps {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return nil
	}
	alone := make([]func(*store.Tx) error, len(steps))
	for i, step := range steps {
		alone[i] = func(tx *store.Tx) error {
			b.wakers.forget() // what one transaction read is no other's
			return step(tx)
		}
	}
	return b.store.WriteEach(ctx, alone...)
}

// step is the transaction of one job.
func (b *batch) step(ctx context.Context, owner string, job store.Job) func(*store.Tx) error {
	user, err := b.user(ctx, job.UserID)
	return func(tx *store.Tx) error {
		if err != nil {
			return err
		}
		if err := tx.Finish(job, owner); err != nil {
			return err
		}
		if job.Attempts > maxAttempts {
			return tx.Failed(job.Lane, "begun several times and never finished")
		}
		item, err := tx.Item(job.Lane)
		if err != nil {
			return fmt.Errorf("item of a job: %w", err)
		}
		err = b.save(tx, user, item, job.Payload)
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
}

func (b *batch) user(ctx context.Context, id string) (store.User, error) {
	if known, ok := b.users[id]; ok {
		return known, nil
	}
	user, err := b.store.User(ctx, id)
	if err == nil {
		b.users[id] = user
	}
	return user, err
}

// postpone gives a job that failed another chance, or gives it up.
func (g *ingester) postpone(ctx context.Context, owner string, job store.Job, cause error) {
	err := g.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if job.Attempts < maxAttempts && !errors.Is(cause, errPayload) {
			return tx.Postpone(job, owner, time.Now().Add(time.Duration(job.Attempts*job.Attempts)*100*time.Millisecond))
		}
		if err := tx.Finish(job, owner); err != nil {
			return err
		}
		return tx.Failed(job.Lane, cause.Error())
	})
	g.log.Error().Err(cause).Str("item", job.Lane).Int("attempt", job.Attempts).Msg("cannot index an item")
	if err != nil && !errors.Is(err, store.ErrLeaseLost) {
		g.log.Error().Err(err).Str("item", job.Lane).Msg("cannot postpone an item")
	}
}

// errPayload says that a payload will not be better another time.
var errPayload = errors.New("the payload cannot be read")

func decodePayload[In any](payload []byte) (In, error) {
	var in In
	if err := json.Unmarshal(payload, &in); err != nil {
		return in, fmt.Errorf("%w: %w", errPayload, err)
	}
	return in, nil
}

// save stores an item with its passages and the people in it.
func (b *batch) save(tx *store.Tx, user store.User, item store.Item, payload []byte) error {
	switch item.Kind {
	case store.KindMessage:
		return b.saveMessage(tx, user, item, payload)
	case store.KindMeeting:
		return b.saveMeeting(tx, user, item, payload)
	case store.KindEvent:
		return b.saveEvent(tx, user, item, payload)
	case store.KindNote:
		return b.saveNote(tx, user, item, payload)
	}
	return fmt.Errorf("unknown kind %q", item.Kind)
}

func (b *batch) saveMessage(tx *store.Tx, user store.User, item store.Item, payload []byte) error {
	in, err := decodePayload[attrove.PushMessageIn](payload)
	if err != nil {
		return err
	}
	m, keys, err := messageOf(item, in)
	if err != nil {
		return err
	}
	if m, err = tx.SaveMessage(m, keys, b.now()); err != nil {
		return err
	}
	if err := meet(tx, user, m.Ref(), m.Participants()); err != nil {
		return err
	}
	if err := tx.SetPassages(user.ID, item.ID, index.CutMessage(m)); err != nil {
		return err
	}
	return b.wakers.wake(tx, user.ID, arrivedMessage(m))
}

func (b *batch) saveMeeting(tx *store.Tx, user store.User, item store.Item, payload []byte) error {
	in, err := decodePayload[attrove.PushMeetingIn](payload)
	if err != nil {
		return err
	}
	m, err := meetingOf(item, in)
	if err != nil {
		return err
	}
	if err := tx.SaveMeeting(m, b.now()); err != nil {
		return err
	}
	if err := meet(tx, user, m.Ref(), m.Participants()); err != nil {
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
}

func (b *batch) saveEvent(tx *store.Tx, user store.User, item store.Item, payload []byte) error {
	in, err := decodePayload[attrove.PushEventIn](payload)
	if err != nil {
		return err
	}
	e := eventOf(user, item, in)
	if err := tx.SaveEvent(e, b.now()); err != nil {
		return err
	}
	if err := meet(tx, user, e.Ref(), e.Participants()); err != nil {
		return err
	}
	if err := tx.SetPassages(user.ID, item.ID, index.CutEvent(e)); err != nil {
		return err
	}
	return b.wakers.wake(tx, user.ID, arrivedEvent(e))
}

func (b *batch) saveNote(tx *store.Tx, user store.User, item store.Item, payload []byte) error {
	in, err := decodePayload[attrove.PushNoteIn](payload)
	if err != nil {
		return err
	}
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
