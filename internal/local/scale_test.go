package local_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/bulkmail"
	"github.com/attrove/attrove-mcp/internal/importer"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

// BenchmarkScale imports mailboxes of 10,000, 100,000 and a million messages with
// ATTROVE_SCALE=full, else of a hundredth, and then reads from what came of them.
// A million messages need 8 GB of disk below TMPDIR. With -pgo and the profile of
// releases it measures what these do.
func BenchmarkScale(b *testing.B) {
	part := 100
	if os.Getenv("ATTROVE_SCALE") == "full" {
		part = 1
	}
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("messages=%d", n/part), func(b *testing.B) { scale(b, n/part) })
	}
}

func scale(b *testing.B, n int) {
	b.Helper()
	corpus := bulkmail.New(1)
	box := filepath.Join(b.TempDir(), "bulk.mbox")
	file, err := os.Create(box)
	require.NoError(b, err)
	require.NoError(b, corpus.WriteMbox(file, n, bulkmail.TextOnly))
	require.NoError(b, file.Close())

	var f fixture
	b.Run("import", func(b *testing.B) { f = imported(b, box, n) })
	require.NoError(b, os.Remove(box))
	if f.engine == nil {
		b.Skip("there is nothing to read unless import runs, too")
	}
	defer func() { require.NoError(b, f.engine.Close()) }()
	b.Run("search", func(b *testing.B) {
		latencies(b, 300, func(i int) {
			call(b, f, attrove.Search, attrove.SearchIn{Query: corpus.Query(i, n)})
		})
	})
	b.Run("query", func(b *testing.B) {
		latencies(b, 60, func(i int) {
			call(b, f, attrove.Query, attrove.QueryIn{Query: corpus.Question(i, n)})
		})
	})
	b.Run("list", func(b *testing.B) {
		latencies(b, 100, func(i int) {
			call(b, f, attrove.ListMessages, attrove.MessagesIn{SenderEmail: corpus.Message(i % n).From.Email})
			call(b, f, attrove.ListConversations, attrove.ConversationsIn{})
			call(b, f, attrove.ListEntities, attrove.EntitiesIn{})
		})
	})
	b.Run("relationships", func(b *testing.B) {
		latencies(b, 1, func(int) { call(b, f, attrove.ListRelationships, attrove.RelationshipsIn{}) })
	})
}

// imported is an engine into which a mailbox was imported.
func imported(b *testing.B, box string, n int) (f fixture) {
	b.Helper()
	defer importer.SpareMemory(os.LookupEnv)() // as the command does
	var size int64
	spent := processorTime()
	for b.Loop() {
		if f.engine != nil {
			require.NoError(b, f.engine.Close())
		}
		dir, err := os.MkdirTemp(filepath.Dir(box), "db") // which outlives this benchmark
		require.NoError(b, err)
		f = bare(b, filepath.Join(dir, "mail.db"), n)
		push, err := f.engine.Pusher(b.Context())
		require.NoError(b, err)
		sum, err := importer.Run(b.Context(), importer.Options{Paths: []string{box}, Push: push, Target: "bulk",
			StateDir: dir, Concurrency: importer.EngineConcurrency, Me: []string{bulkmail.Me().Email}})
		require.NoError(b, err)
		require.Equal(b, n, sum.New())
		require.NoError(b, f.engine.Drain(b.Context()))
		_, err = f.engine.ProposeMe(b.Context(), nil) // as the command does, which finds out who is one person
		require.NoError(b, err)
		size = sizeOf(b, dir, "mail.db*") // with the write-ahead log
	}
	all := float64(b.N * n)
	b.ReportMetric(all/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric((processorTime()-spent).Seconds()*1000/all, "cpu-ms/message")
	b.ReportMetric(float64(size)/float64(n), "B/message")
	return f
}

func sizeOf(b *testing.B, dir, pattern string) (size int64) {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	require.NoError(b, err)
	for _, name := range files {
		info, err := os.Stat(name)
		require.NoError(b, err)
		size += info.Size()
	}
	return size
}

// bare is an engine whose time is that of the last of n messages, without what
// start puts around one.
func bare(b *testing.B, path string, n int) fixture {
	b.Helper()
	engine := local.New(local.Options{Path: path, Now: func() time.Time { return bulkmail.Time(n) }, Me: []string{bulkmail.Me().Email}, Log: safetest.Log(b, io.Discard).Logger})
	client, err := attrove.NewClient(attrove.ClientOptions{Transport: engine.Transport()})
	require.NoError(b, err)
	me, err := engine.LocalCaller(b.Context())
	require.NoError(b, err)
	return fixture{engine, client, me}
}

// latencies reports how long do takes, which is done so many times in a round.
func latencies(b *testing.B, round int, do func(i int)) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		for range round {
			began := time.Now()
			do(len(took))
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
}
