package local

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	// directBatch is how many pushes share a transaction at most. Whoever imports has
	// twice as many under way.
	directBatch = 512
	// gatherPause is how long a batch that is not full waits for another push: the
	// larger batches are, the less the full-text index has to merge.
	gatherPause = 2 * time.Millisecond
)

// direct stores what this process imports in the transaction that accepts it:
// where thousands of items are pushed one after another, a queue in between would
// only be written and emptied. What cannot be stored at once goes through the
// queue after all, which gives it its attempts.
type direct struct {
	*ingester
	arriving chan *directPush
	quit     chan struct{}
	ended    chan struct{}
}

// directPush is one push, and what becomes of it.
type directPush struct {
	ctx  context.Context
	who  Caller
	what pushed
	push store.Push
	save content

	id      string
	refused error // it is not wanted, and nothing was stored
	err     error
	done    chan struct{} // closed when the rest is good
}

// startDirect returns one that is at work until it is stopped. What it has begun it
// finishes, so ctx must not end before.
func startDirect(ctx context.Context, g *ingester) *direct {
	d := &direct{ingester: g, arriving: make(chan *directPush), quit: make(chan struct{}), ended: make(chan struct{})}
	go d.run(ctx)
	return d
}

// stop lets the batch under way end.
func (d *direct) stop() {
	close(d.quit)
	<-d.ended
}

// take stores a push and returns the id of its item.
func (d *direct) take(p *directPush) (id string, err error) {
	p.done = make(chan struct{})
	select {
	case d.arriving <- p:
	case <-d.quit:
		return "", store.ErrClosed
	case <-p.ctx.Done():
		return "", p.ctx.Err()
	}
	<-p.done
	return p.id, errors.Join(p.refused, p.err)
}

func (d *direct) run(ctx context.Context) {
	defer close(d.ended)
	var pushes []*directPush
	for {
		if len(pushes) == 0 {
			select {
			case <-d.quit:
				return
			case first := <-d.arriving:
				pushes = append(pushes, first)
			}
		}
		pushes = d.gather(pushes)
		done := d.store(ctx, pushes)
		for _, p := range pushes[:done] {
			close(p.done)
		}
		pushes = pushes[done:]
	}
}

// gather adds to pushes those that are waiting or come soon after.
func (d *direct) gather(pushes []*directPush) []*directPush {
	pause := time.NewTimer(gatherPause)
	defer pause.Stop()
	for len(pushes) < directBatch {
		select {
		case more := <-d.arriving:
			pushes = append(pushes, more)
			pause.Reset(gatherPause)
		case <-pause.C:
			return pushes
		}
	}
	return pushes
}

// store stores pushes in one transaction, if it can, and returns how many of them it
// came to.
func (d *direct) store(ctx context.Context, pushes []*directPush) int {
	b := d.batch()
	settings, err := d.ingester.store.Settings(ctx)
	steps := make([]func(*store.Tx) error, len(pushes))
	for i, p := range pushes {
		steps[i] = func(tx *store.Tx) error {
			if err != nil {
				return err
			}
			return p.step(b, tx, settings)
		}
	}
	outcomes := b.run(ctx, steps)
	for i, err := range outcomes {
		p := pushes[i]
		switch {
		case err == nil:
		case errors.Is(err, store.ErrFull), errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrDisconnecting):
			p.err = err
		default:
			d.log.Warn().Err(err).Msg("cannot store an item at once; queueing it")
			p.err = d.enqueue(ctx, p)
		}
	}
	return len(outcomes)
}

// step stores one push. One that is refused has written nothing, and so is no
// failure of the transaction that it shares.
func (p *directPush) step(b *batch, tx *store.Tx, settings store.Settings) error {
	p.refused = p.ctx.Err()
	if p.refused == nil {
		p.refused = p.who.admitted(settings, p.what.at, p.what.people)
	}
	if p.refused != nil {
		return nil //nolint:nilerr // it is the push's
	}
	item, queued, err := tx.Receive(p.push)
	if errors.Is(err, store.ErrForgotten) {
		p.refused = err
		return nil
	}
	if err != nil {
		return err
	}
	p.id = item.ID
	if queued {
		return nil
	}
	return b.put(tx, p.who.User, item, p.save)
}

func (d *direct) enqueue(ctx context.Context, p *directPush) error {
	return d.ingester.store.Write(ctx, func(tx *store.Tx) (err error) {
		p.id, err = tx.Accept(p.push)
		return err
	})
}

// Pusher returns a way to push as the local user within this process, many items
// at a time. A push that was answered is stored and searchable, or at least
// queued as by the Push API.
func (e *Engine) Pusher(ctx context.Context) (importer.Pusher, error) {
	core, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	user, err := e.localUser(ctx, core)
	if err != nil {
		return nil, err
	}
	return e.pusher(core, user), nil
}

func (e *Engine) pusher(core *core, user store.User) importer.Pusher {
	return pusher{func() Caller { return Caller{User: user, Now: e.o.Now(), core: core, direct: core.direct} }}
}

// pusher pushes in this process.
type pusher struct{ caller func() Caller }

// PushMessage implements importer.Pusher.
func (p pusher) PushMessage(ctx context.Context, in attrove.PushMessageIn) (attrove.PushReceipt, error) {
	return answered(pushMessage(ctx, p.caller(), in))
}

// PushMeeting implements importer.Pusher.
func (p pusher) PushMeeting(ctx context.Context, in attrove.PushMeetingIn) (attrove.PushReceipt, error) {
	return answered(pushMeeting(ctx, p.caller(), in))
}

// PushEvent implements importer.Pusher.
func (p pusher) PushEvent(ctx context.Context, in attrove.PushEventIn) (attrove.PushReceipt, error) {
	return answered(pushEvent(ctx, p.caller(), in))
}

// PushNote implements importer.Pusher.
func (p pusher) PushNote(ctx context.Context, in attrove.PushNoteIn) (attrove.PushReceipt, error) {
	return answered(pushNote(ctx, p.caller(), in))
}

// answered says what went wrong as the Push API would.
func answered(out attrove.PushReceipt, err error) (attrove.PushReceipt, error) {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return out, err
	}
	return out, asError(err)
}

// queueOrStore has a push stored by whoever imports, and queued for others.
func (c Caller) queueOrStore(ctx context.Context, p pushed, push store.Push) (id string, err error) {
	if c.direct == nil {
		if err := c.admits(ctx, p.at, p.people...); err != nil {
			return "", err
		}
		err = c.core.store.Write(ctx, func(tx *store.Tx) (err error) {
			id, err = tx.Accept(push)
			return err
		})
		return id, err
	}
	prepare := p.content
	// Where a text is not UTF-8, the payload says what becomes of it: an escape that
	// encoding/json writes for nothing else.
	if bytes.Contains(push.Payload, []byte(`\ufffd`)) {
		prepare = func() (content, error) { return contentOf(push.Kind, push.Payload) }
	}
	save, err := prepare()
	if err != nil {
		return "", err
	}
	return c.direct.take(&directPush{ctx: ctx, who: c, what: p, push: push, save: save})
}
