package answer_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/answer"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/openapi/openapitest"
	"github.com/attrove/attrove-mcp/internal/realdata"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

// workspace asks the sample workspace, through the engine's API.
func workspace(t *testing.T, now time.Time) func(text string) attrove.QueryOut {
	t.Helper()
	logs := safetest.Log(t, io.Discard)
	engine := local.New(local.Options{Log: logs.Logger, Now: func() time.Time { return now }, Me: sample.Me(), Name: sample.User().Name,
		Timezone: sample.User().Timezone, Sample: sample.Load})
	t.Cleanup(func() { require.NoError(t, engine.Close()) })
	client, err := attrove.NewClient(attrove.ClientOptions{Transport: logs.Between(t, openapitest.Transport(t, engine.Transport()))})
	require.NoError(t, err)
	me, err := engine.LocalCaller(t.Context())
	require.NoError(t, err)
	return func(text string) attrove.QueryOut {
		reply, err := attrove.Query.Call(t.Context(), client, me, attrove.QueryIn{Query: text})
		require.NoError(t, err)
		out, err := reply.Value()
		require.NoError(t, err)
		checkCitations(t, out)
		return out
	}
}

// The main question on the sample workspace, on each day of a week.
func TestSampleNeedsAttention(t *testing.T) {
	t.Parallel()
	for day := range 7 {
		now := time.Date(2026, time.November, 16+day, 20, 0, 0, 0, time.UTC)
		t.Run(now.Weekday().String(), func(t *testing.T) {
			t.Parallel()
			got := string(workspace(t, now)("What needs my attention this week? Include the source messages or meetings you used.").Answer)
			assert.True(t, strings.HasPrefix(got, "This week (Mon 16 Nov to Sun 22 Nov 2026, America/New_York):\n"))
			n := strings.Count(got, "\n- ")
			assert.True(t, n >= 4 && n <= 7, "%d things", n)
			for story, words := range map[string]string{
				"a renewal gone quiet":         "Osterveld renewal",
				"a promise of the user's, due": "recovery plan|the plan ",
				"a blocker":                    "Asset export",
				"an invoice overdue":           "INV-2217",
			} {
				assert.True(t, slices.ContainsFunc(strings.Split(words, "|"), func(w string) bool { return strings.Contains(got, w) }), "%s:\n%s", story, got)
			}
			for _, noise := range []string{"buildbot", "Crewline", "TalentRocket", "ignore all previous", "Skyfare"} {
				assert.NotContains(t, got, noise)
			}
		})
	}
}

func TestSampleAnswers(t *testing.T) {
	ask := workspace(t, time.Date(2026, time.November, 19, 15, 0, 0, 0, time.UTC))
	for text, want := range map[string][]string{
		"When is the Pellworth review?":                                   {"15:00 to 16:00: Quarterly review with Pellworth", "Could we move our review to"},
		"Will the v1 API be switched off?":                                {"Latest: Kit Nakamura", "will NOT be switched off", "Before that: Kit Nakamura"},
		"What did we promise Corvane last week?":                          {"I promised a written recovery plan"},
		"What did Norrgate promise us?":                                   {"that's a promise from Henrik and me"},
		"What did Ruben say about the depots?":                            {"Ruben Achterberg wrote", "Ruben Achterberg said"},
		"How much did the outage cost Corvane?":                           {"USD 9,800"},
		"Summarize my last meeting with Osterveld":                        {"Osterveld check-in", "To do for Ruben Achterberg"},
		"When does Leonie need an answer?":                                {"another offer and has to answer it by"},
		"What meetings do I have this week?":                              {"Norrgate weekly", "Debrief: Leonie Haas"},
		"What are my open action items?":                                  {"scorecard", "Action item from"},
		"What do I need to know before my meeting with Adaeze next week?": {"Quarterly review with Pellworth", "Last met: Pellworth renewal walkthrough"},
	} {
		got := ask(text)
		for _, w := range want {
			assert.Contains(t, got.Answer, w, text)
		}
	}
	for _, text := range []string{"Who is the CEO of Osterveld?", "What is the zeppelin budget?", "What did Rory promise in March?"} {
		assert.Empty(t, ask(text).Answer, text)
	}
}

// mailbox loads a mailbox, whose user is who wrote first.
func mailbox(tb testing.TB, path string) (*indextest.Fixture, []store.Message) {
	tb.Helper()
	data, err := os.ReadFile(path)
	require.NoError(tb, err)
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
	f := indextest.New(tb, store.User{Email: all[0].SenderEmail})
	f.Message(all...)
	return f, all
}

// What people wrote on the subject of a thread comes back in their words; what
// nobody wrote of does not, whoever is asked about.
func TestRealMail(t *testing.T) {
	t.Parallel()
	f, all := mailbox(t, realdata.Dir(t, "email", "ksummit-2023-2026.mbox"))
	a := answer.New(f.Store, f.Index)
	ask := func(text string) attrove.QueryOut {
		out, err := a.Query(t.Context(), f.User, attrove.QueryIn{Query: text}, all[len(all)-1].SentAt)
		require.NoError(t, err)
		checkCitations(t, out)
		return out
	}
	asked, answered := 0, 0
	for i := 0; i < len(all); i += len(all) / 30 {
		m := all[i]
		if m.SenderName == "" || m.SenderEmail == f.User.Email {
			continue
		}
		asked++
		out := ask("What did " + m.SenderName + " say about " + mail.Topic(m.Subject) + "?")
		if out.Answer == "" {
			continue
		}
		answered++
		assert.Contains(t, out.Answer, m.SenderName)
		assert.Empty(t, ask("What did "+m.SenderName+" say about the airspeed of a swallow?").Answer)
	}
	assert.GreaterOrEqual(t, answered*4, asked*3, "%d of %d answered", answered, asked)
	for _, text := range []string{"What is the airspeed velocity of an unladen swallow?", "Who pays for the lunch of the zeppelin crew in Honolulu?"} {
		assert.Empty(t, ask(text).Answer, text)
	}
}
