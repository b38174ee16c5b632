package local_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/sample"
)

// words makes a text of n words that differs from others.
func words(seed, n int) string {
	vocabulary := strings.Fields(`renewal contract budget the meeting we agreed to send invoice before friday and review
		pricing with legal team about launch plan delayed by vendor issue please confirm receipt of signed order form`)
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s%d ", vocabulary[(seed*7+i*13)%len(vocabulary)], (seed+i)%97)
	}
	return b.String()
}

func benchMessage(i int) attrove.PushMessageIn {
	return attrove.PushMessageIn{
		Source: "email", Subject: words(i, 6), BodyText: words(i, 200), SenderEmail: fmt.Sprintf("p%d@acme.com", i%300),
		SenderName: "Somebody", Recipients: []attrove.Address{{Email: "me@example.com"}, {Email: fmt.Sprintf("q%d@b.org", i%200), Name: "Q"}},
		SentAt:           attrove.DateTime(now.Add(-time.Duration(i) * time.Minute).Format(time.RFC3339)),
		ExternalThreadID: fmt.Sprintf("t%d", i/4), ExternalID: fmt.Sprintf("<%d@acme>", i),
	}
}

// BenchmarkPush pushes messages of 200 words as an importer does, eight at a
// time, until they are searchable.
func BenchmarkPush(b *testing.B) { push(b, 0) }

// BenchmarkPushWatched is BenchmarkPush while ten goals are watched, which the
// messages concern now and then.
func BenchmarkPushWatched(b *testing.B) { push(b, 10) }

func push(b *testing.B, goals int) {
	b.Helper()
	o := options()
	o.Path = filepath.Join(b.TempDir(), "a.db")
	f := start(b, o)
	for i := range goals {
		call(b, f, attrove.CreateGoal, attrove.CreateGoalIn{Title: fmt.Sprintf("Goal %d", i),
			WatchScope: attrove.WatchScope{Keywords: []string{fmt.Sprintf("renewal%d", i), "contract"}, SeedQuery: "signed order form from Acme"}})
	}
	b.ResetTimer()
	next := make(chan int)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range next {
				call(b, f, attrove.PushMessage, benchMessage(i))
			}
		})
	}
	for i := range b.N {
		next <- i
	}
	close(next)
	group.Wait()
	pushed := b.Elapsed()
	require.NoError(b, f.engine.Drain(b.Context()))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "indexed/s")
	b.ReportMetric(float64(b.N)/pushed.Seconds(), "accepted/s")
}

// filled is an engine with n messages.
func filled(b *testing.B, n int) fixture {
	b.Helper()
	o := options()
	o.Path = filepath.Join(b.TempDir(), "a.db")
	f := start(b, o)
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := worker; i < n; i += 8 {
				call(b, f, attrove.PushMessage, benchMessage(i))
			}
		})
	}
	group.Wait()
	require.NoError(b, f.engine.Drain(b.Context()))
	return f
}

func BenchmarkRead(b *testing.B) {
	f := filled(b, 5000)
	page := call(b, f, attrove.ListMessages, attrove.MessagesIn{Cut: attrove.Cut{Limit: 100}})
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			call(b, f, attrove.ListMessages, attrove.MessagesIn{})
		}
	})
	b.Run("list of a sender", func(b *testing.B) {
		for b.Loop() {
			call(b, f, attrove.ListMessages, attrove.MessagesIn{SenderEmail: "p17@acme.com"})
		}
	})
	b.Run("get", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			call(b, f, attrove.GetMessage, attrove.MessageIn{ID: page.Data[i%100].ID})
		}
	})
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			call(b, f, attrove.Search, attrove.SearchIn{Query: "renewal pricing vendor"})
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	o := options()
	o.Path = filepath.Join(b.TempDir(), "a.db")
	require.NoError(b, start(b, o).engine.Close())
	for b.Loop() {
		engine := local.New(o)
		_, err := engine.LocalCaller(b.Context())
		require.NoError(b, err)
		require.NoError(b, engine.Close())
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		local.New(options())
	}
}

// BenchmarkSample opens an engine in memory with the sample workspace.
func BenchmarkSample(b *testing.B) {
	o := options()
	o.Sample = sample.Load
	for b.Loop() {
		engine := local.New(o)
		_, err := engine.LocalCaller(b.Context())
		require.NoError(b, err)
		require.NoError(b, engine.Close())
	}
}
