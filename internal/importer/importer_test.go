package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

// notes keeps what a Reporter is told.
type notes struct {
	mu    sync.Mutex
	lines []string
}

func (*notes) Progress(Progress) {}

func (n *notes) Note(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, line)
}

var now = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func options(t *testing.T, push Pusher, paths ...string) Options {
	t.Helper()
	return Options{
		Paths: paths, Push: push, Target: "test", StateDir: filepath.Join(t.TempDir(), "state"),
		Now: func() time.Time { return now },
	}
}

func run1(t *testing.T, o Options) Summary {
	t.Helper()
	sum, err := Run(t.Context(), o)
	require.NoError(t, err)
	return sum
}

// box writes n messages to a file: the i-th has the id i@example.com.
func box(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		b.WriteString(message(i, fmt.Sprintf("Topic %d", i), "Text"))
	}
	return write(t, "box.mbox", b.String())
}

func message(i int, subject, text string) string {
	return fmt.Sprintf("From ada@example.com Mon Jun  5 10:00:00 2023\nMessage-ID: <%d@example.com>\nFrom: ada@example.com\n"+
		"To: bob@example.com\nDate: Mon, 5 Jun 2023 10:00:%02d +0000\nSubject: %s\n\n%s %d\n\n", i, i%60, subject, text, i)
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func TestRealMailboxes(t *testing.T) {
	tests := []struct {
		file           string
		messages, kept int
		me             []string
		threads        [2]int // at least and at most
		conversation   string
	}{
		// One message of the list's archive is there twice.
		{"ksummit-2023-2026.mbox", 2181, 2180, nil, [2]int{80, 100}, "ksummit.lists.linux.dev"},
		{"enron-allen-p.mbox", 1432, 1432, []string{"phillip.allen@enron.com", "k..allen@enron.com"}, [2]int{1000, 1300}, "enron-allen-p"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			up := newUpstream()
			o := options(t, up, realdata.Dir(t, "email", tt.file))
			sum := run1(t, o)
			assert.Equal(t, tt.messages, sum.Found())
			assert.Equal(t, tt.kept, sum.New())
			assert.Equal(t, tt.messages-tt.kept, sum.Known)
			assert.Zero(t, sum.Failed+sum.Unreadable+sum.Undated)
			assert.Len(t, up.kept, tt.kept)
			assert.Equal(t, tt.me, sum.Me.Me)
			assert.NotEmpty(t, sum.Me.Why)
			assert.GreaterOrEqual(t, sum.Threads, tt.threads[0])
			assert.LessOrEqual(t, sum.Threads, tt.threads[1])
			threads := map[string]bool{}
			for _, msg := range up.kept {
				threads[msg.ExternalThreadID] = true
				assert.NotEmpty(t, msg.BodyText)
				assert.Equal(t, tt.conversation, msg.Metadata[attrove.MetaConversation])
			}
			assert.Len(t, threads, sum.Threads)

			again := run1(t, o)
			assert.Equal(t, tt.kept, up.calls, "a second import pushes nothing")
			assert.Equal(t, tt.messages, again.Known)
		})
	}
}

// TestThreadsAreCounted: those that begin in the mailbox, and those that do not.
func TestThreadsAreCounted(t *testing.T) {
	var text strings.Builder
	for i, refs := range []string{"", "<0@example.com>", "<gone@example.com>", "<gone@example.com> <2@example.com>", "<1@example.com>", "<lost@example.com>"} {
		text.WriteString(strings.Replace(message(i, fmt.Sprint("Subject ", i), "text"), "Subject:", "References: "+refs+"\nSubject:", 1))
	}
	up := newUpstream()
	sum := run1(t, options(t, up, write(t, "threads.mbox", text.String())))
	assert.Equal(t, 6, sum.New())
	assert.Equal(t, 3, sum.Threads)
	threads := map[string]bool{}
	for _, one := range up.kept {
		threads[one.ExternalThreadID] = true
	}
	assert.Len(t, threads, 3)
}

func TestDialects(t *testing.T) {
	tests := map[string]int{
		"asterix-dev-201709-mailarchivesao.mbox": 53, "empty_attachment.mbox": 1, "empty_body.mbox": 1, "httpd-dev-28428.mbox": 1,
		"httpd-users-200606-part.mbox": 12, "httpd-users-4950.mbox": 1, "nexus-html-only.mbox": 3, "no_date.mbox": 1,
		"text_enriched.mbox": 1, "tomcat-ancient-boundary.mbox": 1,
	}
	for file, want := range tests {
		t.Run(file, func(t *testing.T) {
			up := newUpstream()
			sum := run1(t, options(t, up, realdata.Dir(t, "email", "mbox-dialects", file)))
			assert.Equal(t, want, sum.New())
			assert.Empty(t, sum.Problems)
			assert.Empty(t, sum.Me.Me, "nobody owns these archives")
		})
	}
}

func TestWhatIsPushed(t *testing.T) {
	up := newUpstream()
	run1(t, options(t, up, write(t, "Inbox.mbox", "From x Mon Jun  5 10:00:00 2023\nMessage-ID: <2@example.com>\nIn-Reply-To: <1@example.com>\n"+
		"From: Ada <ada@example.com>\nTo: Bob <bob@example.com>\nDate: Mon, 5 Jun 2023 12:00:00 +0200\nSubject: Re: Tea\nX-Gmail-Labels: Work\n\n"+
		"Yes.\n\n> Shall we?\n")))
	assert.Equal(t, attrove.PushMessageIn{
		Source: "email", BodyText: "Yes.", Subject: "Re: Tea", SenderEmail: "ada@example.com", SenderName: "Ada",
		Recipients: []attrove.Address{{Email: "bob@example.com", Name: "Bob"}}, SentAt: "2023-06-05T10:00:00Z",
		ExternalID: "2@example.com", ExternalThreadID: fmt.Sprintf("thread:%016x", uint64(keyOf("1@example.com"))),
		Metadata: attrove.Object{
			attrove.MetaConversation: "Inbox", attrove.MetaOrigin: "Inbox.mbox, message at byte 0", attrove.MetaQuotedText: "> Shall we?",
			attrove.MetaInReplyTo: "1@example.com", attrove.MetaLabels: []string{"Work"},
		},
	}, up.kept["2@example.com"])
}

func TestRefusedMessageIsReportedAndTriedAgain(t *testing.T) {
	up := newUpstream()
	up.fail = func(_ int, msg attrove.PushMessageIn) error {
		if msg.ExternalID == "1@example.com" {
			return &attrove.Error{Code: attrove.CodeValidation, Status: 422, Message: "too strange"}
		}
		return nil
	}
	path := box(t, 3)
	o := options(t, up, path)
	for range 2 {
		sum := run1(t, o)
		assert.Equal(t, 1, sum.Failed)
		require.Len(t, sum.Problems, 1)
		assert.Equal(t, fmt.Sprintf("message at byte %d", len(message(0, "Topic 0", "Text"))), sum.Problems[0].Where)
		assert.Contains(t, sum.Problems[0].String(), path)
		assert.Contains(t, sum.Problems[0].String(), "too strange")
	}
	up.fail = nil
	sum := run1(t, o)
	assert.Equal(t, 1, sum.New())
	assert.Equal(t, 2, sum.Known)
	assert.Len(t, up.kept, 3)
}

func TestBrokenMessageIsKeptAndMarked(t *testing.T) {
	const broken = "From x Mon Jun  5 10:00:00 2023\n\nno header at all\n\n"
	up := newUpstream()
	o := options(t, up, write(t, "box", message(0, "A", "Text")+broken+message(1, "B", "Text")))
	told := &notes{}
	o.Reporter = told
	sum := run1(t, o)
	assert.Equal(t, 3, sum.New())
	assert.Equal(t, 1, sum.Unreadable)
	assert.Empty(t, sum.Problems)
	require.Len(t, told.lines, 1)
	assert.Contains(t, told.lines[0], fmt.Sprintf("message at byte %d: kept, but marked", len(message(0, "A", "Text"))))
}

func TestStopsWhenEverythingIsRefused(t *testing.T) {
	tests := []struct {
		name  string
		err   *attrove.Error
		calls int // at most
		says  string
	}{
		{"bad key", &attrove.Error{Code: attrove.CodeAuthentication, Status: 401, Message: "no"}, DefaultConcurrency, "check the key"},
		{"forbidden", &attrove.Error{Code: attrove.CodeForbidden, Status: 403, Message: "no"}, DefaultConcurrency, "check the key"},
		{"wrong path", &attrove.Error{Code: attrove.CodeNotFound, Status: 404, Message: "no"}, DefaultConcurrency, "NOT_FOUND"},
		{"full", &attrove.Error{Code: attrove.CodeStorageFull, Status: 507, Message: "no"}, DefaultConcurrency, "make room"},
		{"every message", &attrove.Error{Code: attrove.CodeValidation, Status: 422, Message: "no"}, maxRefusedInARow + DefaultConcurrency, "in a row"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			up := newUpstream()
			up.fail = func(int, attrove.PushMessageIn) error { return tt.err }
			o := options(t, up, box(t, 100))
			_, err := Run(t.Context(), o)
			require.ErrorContains(t, err, tt.says)
			require.ErrorAs(t, err, new(*attrove.Error))
			assert.LessOrEqual(t, up.calls, tt.calls)
			up.fail = nil
			run1(t, o)
			assert.Len(t, up.kept, 100, "nothing is lost")
		})
	}
}

func TestTransientFailuresAreRetried(t *testing.T) {
	for _, failure := range []*attrove.Error{
		{Code: attrove.CodeUpstream, Status: 503, Message: "busy"},
		{Code: attrove.CodeNetwork, Message: "gone"},
		{Code: attrove.CodeRateLimited, Status: 429, RetryAfter: 90 * time.Second},
	} {
		t.Run(failure.Code, func(t *testing.T) {
			path := box(t, 1)
			synctest.Test(t, func(t *testing.T) {
				up := newUpstream()
				up.fail = func(call int, _ attrove.PushMessageIn) error {
					if call <= maxRetries {
						return failure
					}
					return nil
				}
				started := time.Now()
				assert.Equal(t, 1, run1(t, options(t, up, path)).New())
				assert.GreaterOrEqual(t, time.Since(started), maxRetries*max(failure.RetryAfter, firstDelay/2))
			})
			synctest.Test(t, func(t *testing.T) {
				up := newUpstream()
				up.fail = func(int, attrove.PushMessageIn) error { return failure }
				_, err := Run(t.Context(), options(t, up, path))
				require.ErrorIs(t, err, failure)
				assert.Equal(t, 1+maxRetries, up.calls)
			})
		})
	}
}

func TestCopiesAndNamesakes(t *testing.T) {
	up := newUpstream()
	first := write(t, "a.mbox", message(1, "Tea", "Text"))
	// The copy, another message under the same id, and two without any id.
	anonymous := "From x Mon Jun  5 10:00:00 2023\nFrom: eve@example.com\nSubject: None\n\n%s\n\n"
	second := write(t, "b.mbox", message(1, "Tea", "Text")+message(1, "Coffee", "Text")+
		fmt.Sprintf(anonymous, "one")+fmt.Sprintf(anonymous, "two")+fmt.Sprintf(anonymous, "one"))
	sum := run1(t, options(t, up, first, second, first))
	assert.Equal(t, 6, sum.Found())
	assert.Equal(t, 1, sum.Known)
	assert.Len(t, up.kept, 4)
	assert.Equal(t, "Tea", up.kept["1@example.com"].Subject)
}

// Headers are read by all processors, and yet the first message with an id is the one
// that keeps it.
func TestTheFirstOfManyNamesakesKeepsItsID(t *testing.T) {
	up := newUpstream()
	var b strings.Builder
	for i := range 4 * batchItems {
		b.WriteString(message(1, fmt.Sprintf("Topic %d", i), "Text"))
	}
	o := options(t, up, write(t, "box.mbox", b.String()))
	o.Concurrency = EngineConcurrency
	assert.Equal(t, 4*batchItems, run1(t, o).New())
	assert.Len(t, up.kept, 4*batchItems)
	assert.Equal(t, "Topic 0", up.kept["1@example.com"].Subject)
}

func TestMeIsWhoTheUserSays(t *testing.T) {
	o := options(t, newUpstream(), box(t, 1))
	o.Me = []string{" Ada@Example.com "}
	sum := run1(t, o)
	assert.Equal(t, []string{"ada@example.com"}, sum.Me.Me)
	assert.Contains(t, sum.String(), "ada@example.com")
}
