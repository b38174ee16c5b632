package answer_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
	"github.com/attrove/attrove-mcp/internal/local/answer"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

// searches and asks are what people would look for on the kernel's list.
func searches() []string {
	return []string{
		"Rust kernel policy", "maintainer burnout", "CONFIG_HIGHMEM phaseout", "device passthrough", "slowly decommission bugzilla",
		"Link trailers", "AI patch review tools", "KTODO automated lists", "embargoed security issues", "malloc",
		"what did Linus say about bindgen", "stable kernel emails", "web of trust keys", "file systems without maintainer", "variable placement rules",
	}
}

func asks() []string {
	return []string{
		"What needs my attention this week?", "What did Linus say about Rust?", "Why was CONFIG_HIGHMEM phaseout delayed?",
		"Who proposed to slowly decommission bugzilla?", "What is the position on AI generated patches?", "When is the maintainers summit?",
		"What happened in July 2026?", "What was decided about Link trailers?", "What is the airspeed velocity of an unladen swallow?",
	}
}

// BenchmarkAnswers reports the latencies of search and query on the mailbox, and
// on ten copies of it.
func BenchmarkAnswers(b *testing.B) {
	now := time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC)
	for _, copies := range []int{1, 10} {
		f := mailbox(b, realdata.Dir(b, "email", "ksummit-2023-2026.mbox"), copies)
		a := answer.New(f.Store, f.Index)
		b.Run(fmt.Sprintf("search/x%d", copies), func(b *testing.B) {
			latencies(b, searches(), func(text string) error {
				_, err := f.Index.Search(b.Context(), f.User, attrove.SearchIn{Query: text}, now)
				return err
			})
		})
		b.Run(fmt.Sprintf("query/x%d", copies), func(b *testing.B) {
			latencies(b, asks(), func(text string) error {
				_, err := a.Query(b.Context(), f.User, attrove.QueryIn{Query: text}, now)
				return err
			})
		})
	}
}

func latencies(b *testing.B, texts []string, do func(text string) error) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		for _, text := range texts {
			begun := time.Now()
			require.NoError(b, do(text))
			took = append(took, time.Since(begun))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// mailbox loads a mailbox so many times over.
func mailbox(tb testing.TB, path string, copies int) *indextest.Fixture {
	tb.Helper()
	data, err := os.ReadFile(path)
	require.NoError(tb, err)
	f := indextest.New(tb, store.User{Email: "rostedt@goodmis.org"})
	var all []store.Message
	for r := mbox.NewReader(bytes.NewReader(data), 0); ; {
		raw, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(tb, err)
		m := mail.Read(raw.Raw, mail.Context{Latest: time.Now()})
		msg := store.Message{
			SentAt: m.Date, SenderEmail: m.From.Email, SenderName: m.From.Name, Subject: m.Subject, BodyText: m.Body,
			QuotedText: m.Quoted, ThreadID: strings.ToLower(mail.Topic(m.Subject)),
		}
		for _, to := range m.Recipients {
			msg.Recipients = append(msg.Recipients, store.Person{Email: to.Email, Name: to.Name})
		}
		all = append(all, msg)
	}
	for n := range copies {
		batch := slices.Clone(all)
		for i := range batch {
			batch[i].SentAt = batch[i].SentAt.Add(-time.Duration(n) * time.Hour)
		}
		f.Message(batch...)
	}
	return f
}
