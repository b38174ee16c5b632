package goals_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

// replay is a goal over a real thread, as one of its writers would set it. What is
// expected was read in the thread itself: when others wrote, and who asked whom.
type replay struct {
	mail     string // when one of the thread was sent, which names it
	reads    bool   // the user did not write that mail, and only reads along
	title    string
	criteria string
	deadline string
	quiet    int
	from, to string      // the days that are replayed
	silences [][2]string // from the moment it is too long until somebody writes; "" for never
	moves    []seen
}

// seen is what must be found at a time.
type seen struct {
	at        string
	owner     attrove.MoveOwner
	suggested attrove.Lifecycle
	deadline  string // part of the summary
}

func replays() map[string]replay {
	return map[string]replay{
		// Comments until 18 December, none for a month; then somebody asks for the outcome.
		"tooling update": {
			mail: "2025-12-10T04:48:24Z", title: "Better tools", quiet: 14,
			from: "2025-12-26", to: "2026-01-26",
			silences: [][2]string{{"2026-01-01T14:09:03Z", "2026-01-23T09:19:56Z"}},
			moves:    []seen{{at: "2026-01-23T19:00:00Z", owner: attrove.MoveUs}, {at: "2026-01-26T00:00:00Z", owner: attrove.MoveUs}},
		},
		// A topic for a summit in November: discussed in June, and again days before.
		"documentation": {
			mail: "2023-06-16T17:48:56Z", title: "Session on documentation", quiet: 30,
			from: "2023-11-05", to: "2023-11-16",
			silences: [][2]string{{"2023-08-02T02:46:51Z", "2023-11-11T12:42:59Z"}},
			moves:    []seen{{at: "2023-11-11T14:00:00Z", owner: attrove.MoveUs}, {at: "2023-11-12T00:00:00Z", owner: attrove.MoveThem}},
		},
		// A patch series: acknowledged, forgotten for ten days, applied.
		"patch series": {
			mail: "2024-06-18T16:42:09Z", title: "A series of patches",
			criteria: "Documentation series applied", quiet: 7, from: "2024-06-19", to: "2024-07-05",
			silences: [][2]string{{"2024-06-29T20:13:51Z", "2024-07-02T20:47:47Z"}},
			moves:    []seen{{at: "2024-06-20T00:00:00Z", owner: attrove.MoveThem}, {at: "2024-07-04T00:00:00Z", suggested: attrove.LifecycleCompleted}},
		},
		// Questions to the proposer, his to one who answers, and that one's to him.
		"displays": {
			mail: "2026-05-26T07:41:18Z", title: "Session on displays", quiet: 5,
			from: "2026-05-27", to: "2026-06-17",
			silences: [][2]string{{"2026-05-31T09:30:19Z", "2026-06-03T00:58:59Z"}, {"2026-06-13T23:05:53Z", ""}},
			moves: []seen{{at: "2026-05-28T00:00:00Z", owner: attrove.MoveUs}, {at: "2026-06-04T14:00:00Z", owner: attrove.MoveThem},
				{at: "2026-06-08T12:00:00Z", owner: attrove.MoveUs}, {at: "2026-06-12T00:00:00Z", owner: attrove.MoveUs}},
		},
		// A discussion that pauses for a fortnight, with questions both ways before.
		"a pause": {
			mail: "2025-09-09T21:23:37Z", title: "Consensus", quiet: 7,
			from: "2025-09-24", to: "2025-10-08",
			silences: [][2]string{{"2025-09-29T21:22:30Z", "2025-10-06T20:15:21Z"}},
			moves: []seen{{at: "2025-09-18T00:00:00Z", owner: attrove.MoveUs}, {at: "2025-09-18T16:25:00Z", owner: attrove.MoveThem},
				{at: "2025-09-19T10:00:00Z", owner: attrove.MoveUs}, {at: "2025-09-21T00:00:00Z", owner: attrove.MoveUs},
				{at: "2025-09-25T00:00:00Z", owner: attrove.MoveThem}},
		},
		// A proposal that two answer at once, and one picks up two weeks later.
		"support group": {
			mail: "2023-09-19T17:19:13Z", title: "A group for support", quiet: 7,
			from: "2023-09-20", to: "2023-10-08",
			silences: [][2]string{{"2023-09-28T12:56:28Z", "2023-10-05T18:08:33Z"}},
			moves:    []seen{{at: "2023-09-19T17:10:00Z", owner: attrove.MoveUs}},
		},
		// A tool that somebody offers: question and counter-question, then a pause.
		"bug reports": {
			mail: "2026-02-28T15:17:31Z", title: "A tool for bug reports", quiet: 10,
			from: "2026-03-22", to: "2026-04-03",
			silences: [][2]string{{"2026-03-27T07:51:04Z", "2026-04-02T04:59:46Z"}},
			moves: []seen{{at: "2026-03-15T20:00:00Z", owner: attrove.MoveThem}, {at: "2026-03-16T12:00:00Z", owner: attrove.MoveUs},
				{at: "2026-03-16T22:30:00Z", owner: attrove.MoveThem}},
		},
		// A call for topics whose deadline is extended on its last day but one.
		"call for topics": {
			mail: "2024-05-31T14:49:57Z", reads: true, title: "Propose a topic", deadline: "2024-06-16T23:59:59Z", quiet: 60,
			from: "2024-06-12", to: "2024-06-18",
			moves: []seen{{at: "2024-06-14T00:00:00Z", deadline: "The deadline is Sun 16 Jun, as the goal says."},
				{at: "2024-06-15T12:00:00Z", deadline: "The deadline is Sun 23 Jun, moved from the goal's Sun 16 Jun"}},
		},
		// An election whose call names the deadline.
		"election": {
			mail: "2023-10-23T22:04:40Z", reads: true, title: "Stand for the board", quiet: 60,
			from: "2023-11-06", to: "2023-11-12",
			moves: []seen{{at: "2023-10-25T00:00:00Z", deadline: "The deadline is Mon 13 Nov"}, {at: "2023-11-12T00:00:00Z", deadline: "The deadline is Mon 13 Nov"}},
		},
	}
}

// Goals over threads of a real mailing list fall silent, wake up, wait on the
// right side and move their deadline when the mail itself does, day by day.
func TestReplayRealThreads(t *testing.T) {
	t.Parallel()
	letters := lettersIn(t, realdata.Dir(t, "email", "ksummit-2023-2026.mbox"))
	f := mailbox(t, letters)
	e := goals.New(f.Store, f.Index)
	for name, r := range replays() {
		t.Run(name, func(t *testing.T) {
			first := r.letter(t, letters)
			user := f.User
			if !r.reads {
				user.Email = strings.ToLower(first.From.Email)
				user.Addresses = []string{user.Email}
			}
			g := store.Goal{ID: "gol_" + name, UserID: user.ID, Title: r.title, SuccessCriteria: r.criteria, Lifecycle: attrove.LifecycleActive,
				Deadline: moment(t, r.deadline), CreatedAt: moment(t, r.from+"T00:00:00Z"),
				Scope: attrove.WatchScope{Keywords: []string{keyword(first)}, SilenceCondition: &attrove.SilenceCondition{QuietAfterDays: r.quiet}}}
			evaluate := func(at time.Time) goals.Finding {
				found, err := e.Evaluate(t.Context(), user, g, at)
				require.NoError(t, err)
				checkFinding(t, f.Store, user, found)
				return found
			}
			for _, s := range r.silences {
				begin := moment(t, s[0])
				assert.False(t, silent(evaluate(begin.Add(-time.Second))), "before %s", s[0])
				assert.True(t, silent(evaluate(begin)), "at %s", s[0])
				if s[1] != "" {
					end := moment(t, s[1])
					assert.True(t, silent(evaluate(end.Add(-time.Second))), "before %s", s[1])
					assert.False(t, silent(evaluate(end)), "at %s", s[1])
				}
			}
			for at := moment(t, r.from+"T00:00:00Z"); !at.After(moment(t, r.to+"T00:00:00Z")); at = at.AddDate(0, 0, 1) {
				found := evaluate(at)
				want := false
				for _, s := range r.silences {
					want = want || !at.Before(moment(t, s[0])) && (s[1] == "" || at.Before(moment(t, s[1])))
				}
				assert.Equal(t, want, silent(found), "%s: %s", at, found.Summary)
				assert.False(t, !found.NextLook.IsZero() && !found.NextLook.After(at), "next look at %s of %s", found.NextLook, at)
			}
			for _, m := range r.moves {
				found := evaluate(moment(t, m.at))
				if m.owner != "" {
					assert.Equal(t, m.owner, found.NextMove.Owner, "%s: %s", m.at, found.NextMove.Description)
				}
				assert.Equal(t, m.suggested, found.SuggestedLifecycle, "%s: %s", m.at, found.Summary)
				assert.Contains(t, found.Summary, m.deadline, m.at)
			}
		})
	}
}

func silent(f goals.Finding) bool {
	for _, r := range f.Risks {
		if r.Kind == attrove.RiskSilence {
			return true
		}
	}
	return false
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

// lettersIn reads the mails of a mailbox.
func lettersIn(tb testing.TB, path string) []mail.Message {
	tb.Helper()
	data, err := os.ReadFile(path)
	require.NoError(tb, err)
	var all []mail.Message
	for r := mbox.NewReader(bytes.NewReader(data), 0); ; {
		raw, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(tb, err)
		all = append(all, mail.Read(raw.Raw, mail.Context{Latest: time.Now()}))
	}
}

// letter is the mail that names the thread.
func (r replay) letter(tb testing.TB, letters []mail.Message) mail.Message {
	tb.Helper()
	i := slices.IndexFunc(letters, func(m mail.Message) bool { return m.Date.Format(time.RFC3339) == r.mail })
	require.GreaterOrEqual(tb, i, 0, "no mail was sent at %s", r.mail)
	return letters[i]
}

var listTags = regexp.MustCompile(`\[[^]]*\]`)

// topic is the subject that the mails of a thread share.
func topic(m mail.Message) string { return strings.ToLower(mail.Topic(m.Subject)) }

// keyword is the subject of a mail without what lists put before it.
func keyword(m mail.Message) string {
	return strings.Trim(listTags.ReplaceAllString(topic(m), ""), " ?")
}

// mailbox has what the replays are about, and each eighth of the other mails. A
// thread is what has one subject.
func mailbox(tb testing.TB, letters []mail.Message) *indextest.Fixture {
	tb.Helper()
	var keywords []string
	for _, r := range replays() {
		keywords = append(keywords, keyword(r.letter(tb, letters)))
	}
	f := indextest.New(tb, store.User{Email: "reader@lists.example"})
	var all []store.Message
	for n, m := range letters {
		wanted := slices.ContainsFunc(keywords, func(k string) bool { return strings.Contains(topic(m), k) })
		if !wanted && n%8 != 0 {
			continue
		}
		msg := store.Message{
			SentAt: m.Date, SenderEmail: strings.ToLower(m.From.Email), SenderName: m.From.Name, Subject: m.Subject, BodyText: m.Body,
			QuotedText: m.Quoted, ThreadID: topic(m),
		}
		for _, to := range m.Recipients {
			msg.Recipients = append(msg.Recipients, store.Person{Email: strings.ToLower(to.Email), Name: to.Name})
		}
		all = append(all, msg)
	}
	f.Message(all...)
	return f
}
