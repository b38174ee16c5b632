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
func BenchmarkPush(b *testing.B) {
	o := options()
	o.Path = filepath.Join(b.TempDir(), "a.db")
	f := start(b, o)
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
