package replicas_test

import (
	"context"
	"crypto/rand"
	"io"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/replicas"
	"github.com/attrove/attrove-mcp/internal/replicas/redistest"
)

func openBench(b *testing.B, server *redistest.Server) *replicas.Redis {
	b.Helper()
	r, err := replicas.Open(replicas.Options{URL: server.URL(), Log: zerolog.New(io.Discard)})
	require.NoError(b, err)
	b.Cleanup(func() { _ = r.Close() })
	return r
}

// BenchmarkNudge is the time until another replica hears.
func BenchmarkNudge(b *testing.B) {
	server := redistest.Start(b)
	from, to := openBench(b, server), openBench(b, server)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	at, other := ear{make(chan string, 1), make(chan struct{}, 1)}, ear{make(chan string, 1), make(chan struct{}, 1)}
	go to.Run(ctx, at)
	go from.Run(ctx, other)
	<-at.all
	<-other.all
	for b.Loop() {
		from.Nudge("topic")
		<-at.topics
	}
}

// BenchmarkQueue is what a nudge costs the call that causes it.
func BenchmarkQueue(b *testing.B) {
	r := openBench(b, redistest.Start(b))
	for b.Loop() {
		r.Nudge("topic")
	}
}

// BenchmarkAllow is what a shared limit adds to each call.
func BenchmarkAllow(b *testing.B) {
	r := openBench(b, redistest.Start(b))
	for b.Loop() {
		_, err := r.Allow(b.Context(), "key", time.Millisecond, 10)
		require.NoError(b, err)
	}
}

func BenchmarkSpend(b *testing.B) {
	r := openBench(b, redistest.Start(b))
	now := time.Now()
	_, _ = r.Spend(b.Context(), "first", now, now.Add(time.Minute)) // the server begins to remember
	for b.Loop() {
		now := time.Now()
		_, err := r.Spend(b.Context(), rand.Text(), now, now.Add(time.Minute))
		require.NoError(b, err)
	}
}
