package resources_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/resources"
)

// stream is an upstream of goal events by user.
type stream struct {
	mu     sync.Mutex
	events map[string][]attrove.GoalEvent
	polls  map[string]int
	fails  int           // status of every answer; 0 for none
	takes  time.Duration // how long every answer takes
	asked  int           // how many wait for one
	most   int           // how many did at once
	holds  chan struct{} // where not nil, answers wait for it
}

func newStream() *stream {
	return &stream{events: map[string][]attrove.GoalEvent{}, polls: map[string]int{}}
}

// happen adds an event now.
func (s *stream) happen(user, goal string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.events[user])
	s.events[user] = append(s.events[user], attrove.GoalEvent{EventID: fmt.Sprint("gev_", n), EventType: "goals.updated", GoalID: goal,
		OccurredAt: attrove.DateTime(time.Now().UTC().Format(time.RFC3339))})
}

func (s *stream) fail(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails = status
}

func (s *stream) polled(user string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.polls[user]
}

// ServeHTTP answers with two events a page at most.
func (s *stream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	holds, takes := s.holds, s.takes
	s.asked++
	s.most = max(s.most, s.asked)
	s.mu.Unlock()
	if holds != nil {
		<-holds
	}
	time.Sleep(takes)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked--
	user := strings.Split(r.URL.Path, "/")[3]
	s.polls[user]++
	if s.fails != 0 {
		w.WriteHeader(s.fails)
		return
	}
	from := 0
	q := r.URL.Query()
	for i, e := range s.events[user] {
		if id := q.Get("since_event_id"); id == e.EventID || id == "" && string(e.OccurredAt) < q.Get("since") {
			from = i + 1
		}
	}
	if cursor := q.Get("cursor"); cursor != "" {
		_, _ = fmt.Sscan(cursor, &from)
	}
	var out attrove.GoalEventsPage
	out.Data = s.events[user][from:]
	if len(out.Data) > 2 {
		out.Data = out.Data[:2]
		out.Pagination = attrove.Pagination{HasMore: true, NextCursor: strconv.Itoa(from + 2)}
	}
	if n := len(out.Data); n > 0 {
		out.Watermark = &attrove.Watermark{EventID: out.Data[n-1].EventID, OccurredAt: out.Data[n-1].OccurredAt}
	}
	_ = json.NewEncoder(w).Encode(out)
}

// ear takes what it is told.
type ear struct {
	mu    sync.Mutex
	heard []string
	deaf  bool
}

func (e *ear) tell(uri string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.deaf {
		e.heard = append(e.heard, uri)
	}
	return !e.deaf
}

// since returns what was heard since it was last asked.
func (e *ear) since() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	heard := e.heard
	e.heard = nil
	return heard
}

const (
	board = "attrove://goals"
	one   = "attrove://goals/renewal~gol_1"
	proof = "attrove://goals/gol_1/evidence"
	other = "attrove://goals/gol_2"
)

func watching(t *testing.T, s *stream, bell *resources.Bell) *resources.Library {
	t.Helper()
	up := &attrovetest.Upstream{Ours: true, Answer: s.ServeHTTP}
	return resources.New(resources.Env{Client: up.Client(t), Poll: 15 * time.Second, Changes: bell}, everything)
}

func caller(user string) attrove.Caller {
	return attrove.Caller{UserID: user, Key: attrove.Secret("sk_" + user)}
}

func TestWatchTellsExactlyWhoSubscribed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStream()
		for range 5 {
			s.happen("ann", "gol_1") // before anybody listens
		}
		l := watching(t, s, nil)
		ctx, end := context.WithCancel(t.Context())
		all, first, second, bo := &ear{}, &ear{}, &ear{}, &ear{}
		require.True(t, l.Watch(ctx, caller("ann"), []string{board}, all.tell))
		require.True(t, l.Watch(ctx, caller("ann"), []string{one, proof}, first.tell))
		require.True(t, l.Watch(ctx, caller("ann"), []string{other}, second.tell))
		require.True(t, l.Watch(ctx, caller("bo"), []string{board, one, other}, bo.tell))

		s.happen("ann", "gol_1") // at once: whoever is told that it listens misses nothing
		time.Sleep(16 * time.Second)
		assert.Equal(t, []string{board}, all.since())
		assert.ElementsMatch(t, []string{one, proof}, first.since(), "in the spelling that was subscribed to")
		assert.Empty(t, second.since())

		for range 7 { // more than a page
			s.happen("ann", "gol_1")
		}
		s.happen("ann", "gol_2")
		time.Sleep(16 * time.Second)
		assert.Equal(t, []string{board}, all.since(), "once for all that happened")
		assert.Len(t, first.since(), 2)
		assert.Equal(t, []string{other}, second.since())

		time.Sleep(time.Minute)
		assert.Empty(t, all.since(), "nothing is told twice")
		assert.Empty(t, bo.since(), "others' goals are theirs")
		end()
	})
}

func TestOnePollPerCallerThatEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStream()
		l := watching(t, s, nil)
		ctx, end := context.WithCancel(t.Context())
		for range 10 {
			require.True(t, l.Watch(ctx, caller("ann"), []string{board}, (&ear{}).tell))
		}
		time.Sleep(150*time.Second + time.Second)
		assert.Equal(t, 11, s.polled("ann"))
		end()
		synctest.Wait()
		time.Sleep(time.Hour)
		assert.Equal(t, 11, s.polled("ann"), "nobody listens")
		ctx, end = context.WithCancel(t.Context())
		require.True(t, l.Watch(ctx, caller("ann"), []string{board}, (&ear{}).tell), "and again")
		time.Sleep(16 * time.Second)
		assert.Equal(t, 13, s.polled("ann"))
		end() // the bubble fails if a goroutine is left
	})
}

func TestBellHurriesThePoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bell, e := newStream(), &resources.Bell{}, &ear{}
		l := watching(t, s, bell)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		require.True(t, l.Watch(ctx, caller("ann"), []string{board}, e.tell))
		time.Sleep(time.Second)
		s.happen("ann", "gol_1")
		bell.Ring("ann")
		synctest.Wait()
		assert.Equal(t, []string{board}, e.since())
		time.Sleep(time.Second)
		s.happen("ann", "gol_1")
		bell.RingAll()
		time.Sleep(time.Millisecond)
		assert.Equal(t, []string{board}, e.since())
		for range 1000 { // a storm
			bell.Ring("ann")
			time.Sleep(time.Millisecond)
		}
		assert.LessOrEqual(t, s.polled("ann"), 9, "polls rest between each other")
	})
}

// TestBellRingsWhileAPollIsOnItsWay: it may come too late for that poll.
func TestBellRingsWhileAPollIsOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bell := newStream(), &resources.Bell{}
		l := watching(t, s, bell)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		require.True(t, l.Watch(ctx, caller("ann"), []string{board}, (&ear{}).tell))
		s.mu.Lock()
		s.holds = make(chan struct{})
		s.mu.Unlock()
		time.Sleep(16 * time.Second)
		bell.Ring("ann")
		before := s.polled("ann")
		close(s.holds)
		time.Sleep(300 * time.Millisecond)
		assert.Equal(t, 2, s.polled("ann")-before, "the one on its way, and another")
	})
}

// TestAcknowledgmentComesFirst: nothing is told in the moment in which a
// subscription is acknowledged.
func TestAcknowledgmentComesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bell, e := newStream(), &resources.Bell{}, &ear{}
		l := watching(t, s, bell)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		require.True(t, l.Watch(ctx, caller("ann"), []string{board}, (&ear{}).tell))
		time.Sleep(time.Second)
		require.True(t, l.Watch(ctx, caller("ann"), []string{board}, e.tell))
		s.happen("ann", "gol_1")
		bell.Ring("ann")
		synctest.Wait()
		assert.Empty(t, e.since())
		time.Sleep(300 * time.Millisecond)
		assert.Equal(t, []string{board}, e.since(), "but soon after")
	})
}

// TestComingWhileAPollIsOnItsWay: what it brings may have happened after somebody
// came.
func TestComingWhileAPollIsOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newStream(), &ear{}
		l := watching(t, s, nil)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		require.True(t, l.Watch(ctx, caller("ann"), []string{board}, (&ear{}).tell))
		s.mu.Lock()
		s.holds = make(chan struct{})
		s.mu.Unlock()
		time.Sleep(16 * time.Second)
		require.True(t, l.Watch(ctx, caller("ann"), []string{board}, e.tell))
		s.happen("ann", "gol_1")
		close(s.holds)
		time.Sleep(16 * time.Second)
		assert.Equal(t, []string{board}, e.since())
	})
}

func TestWhatIsNotTakenIsToldAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newStream(), &ear{deaf: true}
		l := watching(t, s, nil)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		require.True(t, l.Watch(ctx, caller("ann"), []string{board}, e.tell))
		s.happen("ann", "gol_1")
		time.Sleep(time.Minute)
		e.mu.Lock()
		e.deaf = false
		e.mu.Unlock()
		time.Sleep(16 * time.Second)
		assert.Equal(t, []string{board}, e.since())
	})
}

// TestPollingFails: an upstream that is down is not hammered, and what happened
// meanwhile is not lost.
func TestPollingFails(t *testing.T) {
	for name, c := range map[string]struct {
		before bool // whether it is down when somebody comes
		status int
		want   []string
	}{
		"down meanwhile":        {false, http.StatusForbidden, []string{one}},
		"down from the start":   {true, http.StatusForbidden, []string{one, other}},
		"the watermark is gone": {false, http.StatusGone, []string{one, other}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, e, bell := newStream(), &ear{}, &resources.Bell{}
				l := watching(t, s, bell)
				ctx, end := context.WithCancel(t.Context())
				defer end()
				if c.before {
					s.fail(c.status)
				}
				require.True(t, l.Watch(ctx, caller("ann"), []string{one, other}, e.tell))
				s.fail(c.status)
				before := s.polled("ann")
				for range 3600 {
					bell.Ring("ann")
					time.Sleep(time.Second)
				}
				assert.Less(t, s.polled("ann")-before, 20)
				assert.Empty(t, e.since())
				s.happen("ann", "gol_1")
				s.fail(0)
				time.Sleep(6 * time.Minute)
				assert.ElementsMatch(t, c.want, e.since())
			})
		})
	}
}

func TestTooManyListeners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStream()
		l := watching(t, s, nil)
		ctx, end := context.WithCancel(t.Context())
		for range 100 {
			require.True(t, l.Watch(ctx, caller("ann"), []string{board}, (&ear{}).tell))
		}
		assert.False(t, l.Watch(ctx, caller("ann"), []string{board}, (&ear{}).tell))
		assert.True(t, l.Watch(ctx, caller("bo"), []string{board}, (&ear{}).tell), "that is ann's affair")
		assert.False(t, l.Watch(ctx, attrove.Caller{}, []string{board}, (&ear{}).tell), "nobody has no goals")
		end()
	})
}

func TestWatchable(t *testing.T) {
	l := watching(t, newStream(), nil)
	for _, uri := range []string{board, one, proof, other, "attrove://goals/gol_1/snapshots"} {
		assert.True(t, l.Watchable(uri), uri)
	}
	for _, uri := range []string{"attrove://notes", "attrove://notes/note_1", "attrove://meetings/mtg_1", "attrove://goals/", "attrove://goals/gol_1/x", "file:///x", ""} {
		assert.False(t, l.Watchable(uri), uri)
	}
}
