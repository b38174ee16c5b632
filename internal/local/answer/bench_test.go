package answer_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/bulkmail"
	"github.com/attrove/attrove-mcp/internal/local/answer"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// BenchmarkAnswers reports the latencies of search and query on a mailbox, and on
// one ten times as large.
func BenchmarkAnswers(b *testing.B) {
	const asked = 12
	corpus := bulkmail.New(1)
	for _, n := range []int{1_000, 10_000} {
		f := bulk(b, corpus, n)
		a := answer.New(f.Store, f.Index)
		now := bulkmail.Time(n)
		b.Run(fmt.Sprintf("search/messages=%d", n), func(b *testing.B) {
			latencies(b, asked, func(i int) error {
				_, err := f.Index.Search(b.Context(), f.User, attrove.SearchIn{Query: corpus.Query(i, n)}, now)
				return err
			})
		})
		b.Run(fmt.Sprintf("query/messages=%d", n), func(b *testing.B) {
			latencies(b, asked, func(i int) error {
				_, err := a.Query(b.Context(), f.User, attrove.QueryIn{Query: corpus.Question(i, n)}, now)
				return err
			})
		})
	}
}

// bulk stores the first n messages of a corpus.
func bulk(b *testing.B, corpus bulkmail.Corpus, n int) *indextest.Fixture {
	b.Helper()
	me := bulkmail.Me()
	f := indextest.New(b, store.User{Email: me.Email})
	messages := make([]store.Message, n)
	for i := range messages {
		m := corpus.Message(i)
		messages[i] = store.Message{
			SentAt: m.SentAt, SenderEmail: m.From.Email, SenderName: m.From.Name, Subject: m.Subject,
			BodyText: m.Body, QuotedText: m.Quoted, ThreadID: bulkmail.ID(m.Root),
		}
		for _, to := range m.To {
			messages[i].Recipients = append(messages[i].Recipients, store.Person{Email: to.Email, Name: to.Name})
		}
	}
	f.Message(messages...)
	return f
}

func latencies(b *testing.B, n int, do func(i int) error) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		for i := range n {
			begun := time.Now()
			require.NoError(b, do(i))
			took = append(took, time.Since(begun))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
