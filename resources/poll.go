package resources

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

const (
	// restTime is between two polls at the least, however often the bell rings.
	restTime = 250 * time.Millisecond
	// settleTime is how long a listener hears nothing after it was said to listen:
	// the acknowledgment of its subscription, which must come first, is on its way.
	settleTime = 100 * time.Millisecond
	// placeTime is how long it may take to find the place to begin at.
	placeTime = 5 * time.Second
	// overlap is how far before its beginning a poller looks: clocks differ. What it
	// finds there is old, and told to nobody.
	overlap = time.Hour
	// maxPause is between two polls at the most, where polling fails.
	maxPause = 5 * time.Minute
	// pollTime is how long one poll may take.
	pollTime = 15 * time.Second
	// maxPages is how much one poll reads; the next goes on from there.
	maxPages = 20
	// maxPolls is how many are on their way at a time, of whomever.
	maxPolls = 32
	// A nudge may come before what it tells of can be read: an evaluation still runs.
	// The poller looks again so often, first after echoTime, then doubling.
	echoTime = 500 * time.Millisecond
	echoes   = 4
)

// poller polls goal events for one caller. What stands below listeners belongs to
// its goroutine.
type poller struct {
	watcher   *watcher
	who       attrove.Caller
	stop      context.CancelFunc
	placed    chan struct{}      // closed once the place to begin at was looked for
	listeners map[*listener]bool // the watcher's lock guards them

	place    attrove.GoalEventsIn // where to go on
	astray   bool                 // the place is lost: what happened meanwhile is unknown
	failures int                  // in a row
	echo     int                  // how often to look again for what a nudge told of
}

func (p *poller) run(ctx context.Context) {
	p.begin()
	heard, stop := p.watcher.env.Changes.listen(p.who.UserID) // before looking: what rings meanwhile counts
	defer stop()
	pause := p.first(ctx)
	close(p.placed)
	for p.wait(ctx, pause, heard) {
		pause = p.round(ctx)
	}
}

// begin sets the place to now.
func (p *poller) begin() {
	since := p.watcher.env.Now().Add(-overlap).UTC().Format(time.RFC3339)
	p.place = attrove.GoalEventsIn{Since: attrove.DateTime(since), Cut: attrove.Cut{Limit: attrove.MaxLimit}}
}

// first passes over what has happened already.
func (p *poller) first(ctx context.Context) (pause time.Duration) {
	_, err := p.poll(ctx, placeTime)
	pause = p.after(err)
	p.astray = err != nil
	return pause
}

// round polls once and tells the listeners. It returns how long to wait.
func (p *poller) round(ctx context.Context) (pause time.Duration) {
	changed, err := p.poll(ctx, pollTime)
	if err == nil && p.astray {
		changed = []string{""}
	}
	pause = p.after(err)
	if len(changed) > 0 {
		p.echo = 0
	}
	if p.echo > 0 && err == nil {
		pause = min(pause, echoTime<<(echoes-p.echo))
		p.echo--
	}
	for l, since := range p.everybody() { // also those who came while the poll was on its way
		for _, goal := range changed {
			l.owe(goal)
		}
		settled := !since.IsZero() && time.Since(since) >= settleTime
		if settled {
			l.pay()
		}
		switch {
		case len(l.owed) == 0 || err != nil:
		case settled: // it did not take it
			pause = min(pause, time.Second)
		default:
			pause = min(pause, restTime)
		}
	}
	return pause
}

// everybody is the listeners there are, and since when each was said to listen.
func (p *poller) everybody() map[*listener]time.Time {
	p.watcher.mu.Lock()
	defer p.watcher.mu.Unlock()
	all := make(map[*listener]time.Time, len(p.listeners))
	for l := range p.listeners {
		all[l] = l.since
	}
	return all
}

// after notes how a poll went and returns how long to wait for the next.
func (p *poller) after(err error) (pause time.Duration) {
	if err == nil {
		p.failures, p.astray = 0, false
		return p.watcher.env.Poll
	}
	if lost(err) {
		p.astray = true
		p.begin()
	}
	p.failures++
	return p.pause(err)
}

// poll reads what happened since the last one and returns the goals it happened to.
// Its time begins when its turn has come.
func (p *poller) poll(ctx context.Context, limit time.Duration) (changed []string, err error) {
	if err := p.watcher.turns.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer p.watcher.turns.Release(1)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	in := p.place
	for range maxPages {
		reply, err := attrove.ListGoalEvents.Call(ctx, p.watcher.env.Client, p.who, in)
		if err != nil {
			return changed, err
		}
		page, err := reply.Value()
		if err != nil {
			return changed, err
		}
		for _, e := range page.Data {
			changed = append(changed, e.GoalID)
		}
		if page.Watermark != nil {
			p.place.Since, p.place.SinceEventID = page.Watermark.OccurredAt, page.Watermark.EventID
		}
		if in.Cursor = page.Pagination.NextCursor; in.Cursor == "" {
			break
		}
	}
	return changed, nil
}

// lost reports whether the upstream no longer takes the place: trying again would
// help nothing.
func lost(err error) bool {
	var e *attrove.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// pause is how long to leave an upstream alone that failed.
func (p *poller) pause(err error) time.Duration {
	pause := min(p.watcher.env.Poll<<min(p.failures, 10), maxPause)
	var e *attrove.Error
	if errors.As(err, &e) {
		pause = max(pause, e.RetryAfter)
	}
	return pause
}

// wait reports false when the polling is at an end. Where polling fails, nothing
// hurries it.
func (p *poller) wait(ctx context.Context, pause time.Duration, heard ear) bool {
	if p.failures > 0 {
		heard = nil
	}
	began := time.Now()
	due := max(pause, restTime)
	timer := time.NewTimer(due)
	defer timer.Stop()
	for hurried := false; ; {
		select {
		case <-ctx.Done():
			return false
		case <-timer.C:
			return true
		case after := <-heard:
			switch {
			case after == 0: // it was rung for this user
				p.echo = echoes
			case hurried: // the poll to come does
				continue
			}
			hurried = true
			due = min(due, max(time.Since(began)+after, restTime))
			timer.Reset(due - time.Since(began))
		}
	}
}
