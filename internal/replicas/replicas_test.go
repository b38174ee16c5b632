package replicas_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/replicas"
	"github.com/attrove/attrove-mcp/internal/replicas/redistest"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

// open is another replica.
func open(t *testing.T, url attrove.Secret) *replicas.Redis {
	t.Helper()
	r, err := replicas.Open(replicas.Options{URL: url, Log: safetest.Log(t, io.Discard).Logger})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	return r
}

// ear is a listener.
type ear struct {
	topics chan string
	all    chan struct{}
}

func (e ear) Hear(topic string) { e.topics <- topic }
func (e ear) RingAll()          { e.all <- struct{}{} }

// run carries the nudges of a replica until the test ends, or stop is called.
func run(t *testing.T, r *replicas.Redis) (e ear, stop func()) {
	t.Helper()
	e = ear{make(chan string, 20_000), make(chan struct{}, 1000)}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx, e) })
	stop = func() { cancel(); running.Wait() }
	t.Cleanup(stop)
	return e, stop
}

func subscribed(t *testing.T, e ear) {
	t.Helper()
	select {
	case <-e.all:
	case <-time.After(time.Minute):
		require.Fail(t, "no subscription")
	}
}

func heard(t *testing.T, e ear) string {
	t.Helper()
	select {
	case topic := <-e.topics:
		return topic
	case <-time.After(time.Minute):
		require.Fail(t, "no nudge came")
		return ""
	}
}

func TestNudgesReachTheOthers(t *testing.T) {
	server := redistest.Start(t)
	a, b, c := open(t, server.URL()), open(t, server.URL()), open(t, server.URL())
	atA, _ := run(t, a)
	atB, _ := run(t, b)
	atC, _ := run(t, c)
	for _, e := range []ear{atA, atB, atC} {
		subscribed(t, e)
	}
	a.Nudge("ann")
	assert.Equal(t, "ann", heard(t, atB))
	assert.Equal(t, "ann", heard(t, atC))
	b.Nudge("bo")
	assert.Equal(t, "bo", heard(t, atA), "a replica does not hear itself")
	assert.Equal(t, "bo", heard(t, atC))

	for i := range 3000 { // a storm
		a.Nudge(strings.Repeat("x", 1+i%1000))
	}
	a.Nudge("last")
	said := map[string]int{}
	for len(said) < 1001 {
		said[heard(t, atB)]++
	}
	assert.Positive(t, said["last"])
	assert.True(t, a.Stats().Subscribed)
	assert.Zero(t, a.Stats().FailedNudges)
	assert.Equal(t, uint64(1), a.Stats().NudgesHeard)
}

// TestTheLastNudge: what a call changes while its replica ends is told.
func TestTheLastNudge(t *testing.T) {
	server := redistest.Start(t)
	a, b := open(t, server.URL()), open(t, server.URL())
	atB, _ := run(t, b)
	subscribed(t, atB)
	for range 20 {
		atA, stop := run(t, a)
		subscribed(t, atA)
		a.Nudge("ann")
		stop()
		assert.Equal(t, "ann", heard(t, atB))
	}
}

func TestALostSubscriptionRingsEverybody(t *testing.T) {
	server := redistest.Start(t)
	a, b := open(t, server.URL()), open(t, server.URL())
	atA, _ := run(t, a)
	atB, _ := run(t, b)
	subscribed(t, atA)
	subscribed(t, atB)

	server.Cut()
	subscribed(t, atA)
	subscribed(t, atB)

	server.Stop()
	require.Eventually(t, func() bool { return !b.Stats().Subscribed }, time.Minute, 5*time.Millisecond)
	a.Nudge("meanwhile")
	server.Restart()
	subscribed(t, atA)
	subscribed(t, atB)
	a.Nudge("after")
	for got := heard(t, atB); got != "after"; got = heard(t, atB) {
		assert.Equal(t, "meanwhile", got)
	}
	assert.Positive(t, b.Stats().SubscriptionsLost)
}

// TestASilentSubscriptionShowsThatItLives: one of which nothing comes is kept as
// long as the server answers, and no longer.
func TestASilentSubscriptionShowsThatItLives(t *testing.T) {
	server := redistest.Start(t)
	r := open(t, server.URL())
	replicas.SetAlive(r, 500*time.Millisecond)
	e, _ := run(t, r)
	subscribed(t, e)
	c := server.Client()
	defer c.Close()
	asked := regexp.MustCompile(`cmdstat_ping:calls=[3-9]`) // once when the server had started
	require.Eventually(t, func() bool { return asked.MatchString(c.Info(t.Context(), "commandstats").Val()) }, time.Minute, 10*time.Millisecond)
	assert.Zero(t, r.Stats().SubscriptionsLost)
	server.Pause(time.Hour)
	require.Eventually(t, func() bool { return r.Stats().SubscriptionsLost > 0 }, time.Minute, 10*time.Millisecond)
	server.Restart()
	subscribed(t, e)
}

func TestRunBeginsWithoutRedis(t *testing.T) {
	server := redistest.Start(t)
	server.Stop()
	var said bytes.Buffer
	r, err := replicas.Open(replicas.Options{URL: server.Bare(), Password: server.Password(), Log: safetest.Log(t, &said).Logger})
	require.NoError(t, err)
	defer r.Close()
	e, stop := run(t, r)
	require.Error(t, r.Ping(t.Context()))
	require.Eventually(t, func() bool { return r.Stats().SubscriptionsLost > 1 }, time.Minute, 5*time.Millisecond)
	server.Restart()
	subscribed(t, e)
	require.NoError(t, r.Ping(t.Context()))
	stop()
	assert.Equal(t, 1, strings.Count(said.String(), "do not come in"), said.String())
	assert.NotContains(t, said.String(), server.Password().Reveal())
}

func TestAnAnswerIsUsedOnce(t *testing.T) {
	server := redistest.Start(t)
	a, b := open(t, server.URL()), open(t, server.URL())
	atA, _ := run(t, a)
	subscribed(t, atA)
	asked := time.Now()
	until := asked.Add(10 * time.Minute)
	for range 20 {
		id := rand.Text()
		var firsts, failed atomic.Int32
		var trying sync.WaitGroup
		for i := range 16 {
			trying.Go(func() {
				switch first, err := []*replicas.Redis{a, b}[i%2].Spend(t.Context(), id, asked, until); {
				case err != nil:
					failed.Add(1)
				case first:
					firsts.Add(1)
				}
			})
		}
		trying.Wait()
		assert.Equal(t, int32(1), firsts.Load())
		assert.Zero(t, failed.Load())
	}
	c := server.Client()
	defer c.Close()
	keys, err := c.Keys(t.Context(), "attrove-mcp:spent:*").Result()
	require.NoError(t, err)
	require.Len(t, keys, 20)
	left, err := c.PTTL(t.Context(), keys[0]).Result()
	require.NoError(t, err)
	assert.InDelta(t, 11*time.Minute, left, float64(time.Minute))
}

// TestNoAnswerIsUsedTwiceAfterRedisForgot: emptied, Redis cannot say what was used.
func TestNoAnswerIsUsedTwiceAfterRedisForgot(t *testing.T) {
	server := redistest.Start(t)
	r := open(t, server.URL())
	e, _ := run(t, r)
	subscribed(t, e)
	asked := time.Now()
	first, err := r.Spend(t.Context(), "q", asked, asked.Add(time.Minute))
	require.NoError(t, err)
	require.True(t, first)
	server.Restart()
	subscribed(t, e)
	first, err = r.Spend(t.Context(), "q", asked, asked.Add(time.Minute))
	require.ErrorContains(t, err, "redis has lost what it knew")
	assert.False(t, first)
	later := time.Now()
	first, err = r.Spend(t.Context(), "another", later, later.Add(time.Minute))
	require.NoError(t, err)
	assert.True(t, first, "what is asked afterwards is fine")
}

func TestLimitsAreShared(t *testing.T) {
	server := redistest.Start(t)
	a, b := open(t, server.URL()), open(t, server.URL())
	for i := range 10 {
		wait, err := []*replicas.Redis{a, b}[i%2].Allow(t.Context(), "sk_planted", time.Hour, 10)
		require.NoError(t, err)
		assert.Zero(t, wait, i)
	}
	for _, r := range []*replicas.Redis{a, b} {
		wait, err := r.Allow(t.Context(), "sk_planted", time.Hour, 10)
		require.NoError(t, err)
		assert.InDelta(t, time.Hour, wait, float64(time.Minute))
		wait, err = r.Allow(t.Context(), "another", time.Hour, 10)
		require.NoError(t, err)
		assert.Zero(t, wait)
	}
	c := server.Client()
	defer c.Close()
	keys, err := c.Keys(t.Context(), "*").Result()
	require.NoError(t, err)
	assert.Len(t, keys, 2)
	assert.NotContains(t, strings.Join(keys, " "), "planted")
}

// TestRedisThatIsDownHoldsNothingUp: whether it refuses, or hangs, or is something
// else, an error comes soon, and soon at once.
func TestRedisThatIsDownHoldsNothingUp(t *testing.T) {
	hangs, err := net.Listen("tcp", "127.0.0.1:0") // nobody accepts
	require.NoError(t, err)
	defer hangs.Close()
	down, slow, guarded := redistest.Start(t), redistest.Start(t), redistest.Start(t)
	down.Stop()
	slow.Pause(time.Minute)
	for name, url := range map[string]attrove.Secret{
		"refuses": down.URL(), "hangs": attrove.Secret("redis://" + hangs.Addr().String()), "is slow": slow.URL(), "wants a password": guarded.Bare(),
	} {
		t.Run(name, func(t *testing.T) {
			r := open(t, url)
			now, quickest := time.Now(), time.Minute
			for range 3 {
				began := time.Now()
				first, err := r.Spend(t.Context(), "q", now, now.Add(time.Minute))
				require.ErrorIs(t, err, replicas.ErrUnavailable)
				assert.False(t, first)
				quickest = min(quickest, time.Since(began))
			}
			assert.Less(t, quickest, 4*replicas.Patience)
			began := time.Now()
			for range 100 {
				_, err := r.Allow(t.Context(), "k", time.Second, 1)
				require.ErrorIs(t, err, replicas.ErrUnavailable)
			}
			assert.Less(t, time.Since(began), 100*replicas.Patience/4, "hardly anybody waits for what is known to be down")
			assert.Equal(t, uint64(3), r.Stats().FailedConfirmations)
			assert.Equal(t, uint64(100), r.Stats().FailedLimits)
			require.Error(t, r.Ping(t.Context()))
		})
	}
}

func TestErrorsHoldNoURL(t *testing.T) {
	for _, url := range []string{"", "planted", "http://:planted@host", "redis://:planted\x7f@host", "redis://:planted@host/planted"} {
		_, err := replicas.Open(replicas.Options{URL: attrove.Secret(url)})
		require.ErrorContains(t, err, "write redis://", url)
		assert.NotContains(t, err.Error(), "planted")
	}
}
