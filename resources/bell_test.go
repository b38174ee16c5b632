package resources_test

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/resources"
)

// TestBellRingsForOneUser: others do not look, and what is carried elsewhere is
// heard by the same user alone.
func TestBellRingsForOneUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := &resources.Bell{}, &resources.Bell{}
		var carried []string
		here.Carry = func(topic string) {
			carried = append(carried, topic)
			there.Hear(topic)
		}
		s := newStream()
		ctx, end := context.WithCancel(t.Context())
		defer end()
		ears := map[string]*ear{}
		for _, one := range []struct {
			name, user string
			bell       *resources.Bell
		}{{"ann", "ann", here}, {"ann elsewhere", "ann", there}, {"bo", "bo", here}, {"bo elsewhere", "bo", there}} {
			ears[one.name] = &ear{}
			require.True(t, watching(t, s, one.bell).Watch(ctx, caller(one.user), []string{board}, ears[one.name].tell))
		}
		time.Sleep(time.Second)
		s.happen("ann", "gol_1")
		s.happen("bo", "gol_2")
		before := s.polled("bo")
		here.Ring("ann")
		here.Ring("nobody")
		synctest.Wait()
		assert.Equal(t, []string{board}, ears["ann"].since())
		assert.Equal(t, []string{board}, ears["ann elsewhere"].since())
		assert.Equal(t, before, s.polled("bo"))
		assert.Empty(t, ears["bo"].since())
		require.Len(t, carried, 2)
		assert.NotContains(t, carried[0], "ann")
		assert.NotEqual(t, carried[0], carried[1])
		there.Hear("")
		there.Hear("made up")
	})
}

// TestANudgeMayComeTooEarly: what it tells of can be read a little later.
func TestANudgeMayComeTooEarly(t *testing.T) {
	for _, late := range []time.Duration{100 * time.Millisecond, 400 * time.Millisecond, 3 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s, bell, e := newStream(), &resources.Bell{}, &ear{}
			ctx, end := context.WithCancel(t.Context())
			defer end()
			require.True(t, watching(t, s, bell).Watch(ctx, caller("ann"), []string{board}, e.tell))
			time.Sleep(time.Second)
			bell.Ring("ann")
			time.Sleep(late)
			s.happen("ann", "gol_1")
			time.Sleep(max(late, 500*time.Millisecond))
			assert.Equal(t, []string{board}, e.since(), late)
			before := s.polled("ann")
			time.Sleep(9 * time.Second)
			assert.LessOrEqual(t, s.polled("ann")-before, 1, "then it is left at that")
		})
	}
}

// TestAHerdIsBounded: when all who listen are rung at once, the upstream is asked
// by few at a time, once by each.
func TestAHerdIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const herd = 1000
		s, bell := newStream(), &resources.Bell{}
		l := watching(t, s, bell)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		for i := range herd {
			require.True(t, l.Watch(ctx, caller(strconv.Itoa(i)), []string{board}, (&ear{}).tell))
		}
		time.Sleep(time.Second)
		before := s.total()
		s.mu.Lock()
		s.takes = 100 * time.Millisecond
		s.mu.Unlock()
		for range 100 { // again, before all have looked
			bell.RingAll()
		}
		time.Sleep(100 * time.Millisecond)
		assert.Less(t, s.total()-before, herd/5, "they look one after the other")
		time.Sleep(4 * time.Second)
		assert.Equal(t, herd, s.total()-before, "each once")
		assert.Equal(t, 32, s.most)
	})
}

// TestAHerdOfOne: however many streams a user has, there is one poll.
func TestAHerdOfOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bell := newStream(), &resources.Bell{}
		l := watching(t, s, bell)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		ears := make([]ear, 100)
		for i := range ears {
			require.True(t, l.Watch(ctx, caller("ann"), []string{board}, ears[i].tell))
		}
		time.Sleep(time.Second)
		before := s.total()
		s.happen("ann", "gol_1")
		for range 50 {
			bell.Ring("ann")
		}
		synctest.Wait()
		assert.Equal(t, 1, s.total()-before)
		for i := range ears {
			assert.Equal(t, []string{board}, ears[i].since())
		}
	})
}

// total is how often the upstream was asked, of whomever.
func (s *stream) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, polls := range s.polls {
		n += polls
	}
	return n
}
