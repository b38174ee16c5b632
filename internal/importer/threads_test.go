package importer

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
)

// letter is a message as threads see it. Its id is its name.
type letter struct {
	name, subject, from, to, refs, reply, list string
	day                                        int
}

func (l letter) header() mail.Header {
	return mail.ReadHeader(fmt.Appendf(nil,
		"Message-ID: <%s>\nFrom: %s@example.com\nTo: %s@example.com\nSubject: %s\nReferences: %s\nIn-Reply-To: %s\nList-Id: %s\n\n",
		l.name, l.from, l.to, l.subject, l.refs, l.reply, l.list))
}

// found are threads that are found in a test.
type found struct {
	*threads
	t *testing.T
}

// newFound returns threads that are found with so many bytes in memory.
func newFound(t *testing.T, most int) found {
	t.Helper()
	f := found{newThreads(newScratch(t)), t}
	f.openers.most, f.edges.most = most, most
	return f
}

func newScratch(t *testing.T) *scratch {
	t.Helper()
	s := &scratch{dir: t.TempDir()}
	t.Cleanup(func() { require.NoError(t, s.close()) })
	return s
}

func (f found) end() {
	f.t.Helper()
	require.NoError(f.t, f.seal())
	require.NoError(f.t, f.store(newScratch(f.t)))
}

func (f found) thread(message key) string {
	f.t.Helper()
	id, err := f.of(message)
	require.NoError(f.t, err)
	return id
}

// groups returns, for each letter in order, the number of its thread.
func groups(found found, letters []letter, order []int) []int {
	found.t.Helper()
	for _, i := range order {
		require.NoError(found.t, found.add(tieOf(letters[i].header(), time.Date(2023, 1, 1+letters[i].day, 0, 0, 0, 0, time.UTC))))
	}
	found.end()
	numbers := map[string]int{}
	result := make([]int, len(letters))
	for i, l := range letters {
		id := found.thread(messageKey(l.header()))
		if _, ok := numbers[id]; !ok {
			numbers[id] = len(numbers)
		}
		result[i] = numbers[id]
	}
	return result
}

func TestThreads(t *testing.T) {
	tests := []struct {
		name    string
		letters []letter
		want    []int
	}{
		{"references", []letter{
			{name: "a", subject: "Tea", from: "ada", to: "bob"},
			{name: "b", subject: "Re: Tea", from: "bob", to: "ada", refs: "<a>", reply: "<a>"},
			{name: "c", subject: "Coffee now", from: "ada", to: "bob", refs: "<a> <b>", reply: "<b>"},
		}, []int{0, 0, 0}},
		{"only In-Reply-To", []letter{
			{name: "a", from: "ada", to: "bob"},
			{name: "b", from: "bob", to: "ada", reply: "<a>"},
			{name: "c", from: "ada", to: "bob", reply: "<b>"},
		}, []int{0, 0, 0}},
		{"the root is not in the mailbox", []letter{
			{name: "b", from: "bob", to: "ada", refs: "<root@x>"},
			{name: "c", from: "bob", to: "ada", refs: "<root@x> <b>"},
		}, []int{0, 0}},
		{"a middle message is not in the mailbox", []letter{
			{name: "c", from: "bob", to: "ada", refs: "<root@x> <b@x>"},
			{name: "d", from: "ada", to: "bob", reply: "<b@x>"},
		}, []int{0, 0}},
		{"a circle", []letter{
			{name: "a", from: "ada", to: "bob", refs: "<b>"},
			{name: "b", from: "bob", to: "ada", refs: "<a>"},
		}, []int{0, 0}},
		{"subject and participants", []letter{
			{name: "a", subject: "Westgate", from: "ada", to: "bob"},
			{name: "b", subject: "RE: Westgate", from: "bob", to: "ada", day: 3},
			{name: "c", subject: "Fwd: westgate", from: "ada", to: "bob", day: 9},
		}, []int{0, 0, 0}},
		{"subject, other people", []letter{
			{name: "a", subject: "Westgate", from: "ada", to: "bob"},
			{name: "b", subject: "Re: Westgate", from: "eve", to: "bob", day: 1},
		}, []int{0, 1}},
		{"subject, on a list", []letter{
			{name: "a", subject: "Westgate", from: "ada", to: "tea", list: "<tea.example.com>"},
			{name: "b", subject: "Re: Westgate", from: "eve", to: "tea", list: "<tea.example.com>", day: 1},
		}, []int{0, 0}},
		{"two subjects in turn, the second later among other people", []letter{
			{name: "a", subject: "Westgate", from: "ada", to: "bob"},
			{name: "b", subject: "Eastgate", from: "eve", to: "carol"},
			{name: "c", subject: "Re: Westgate", from: "bob", to: "ada", day: 1},
			{name: "d", subject: "Re: Eastgate", from: "ada", to: "bob", day: 1},
		}, []int{0, 1, 0, 2}},
		{"subject, much later", []letter{
			{name: "a", subject: "Westgate", from: "ada", to: "bob"},
			{name: "b", subject: "Re: Westgate", from: "bob", to: "ada", day: 61},
		}, []int{0, 1}},
		{"generic subject", []letter{
			{name: "a", subject: "Hello", from: "ada", to: "bob"},
			{name: "b", subject: "Re: hello", from: "bob", to: "ada"},
		}, []int{0, 1}},
		{"no subject", []letter{
			{name: "a", from: "ada", to: "bob"},
			{name: "b", subject: "Re:", from: "bob", to: "ada"},
		}, []int{0, 1}},
		{"an answer without references joins the referenced thread", []letter{
			{name: "a", subject: "Westgate", from: "ada", to: "bob"},
			{name: "b", subject: "Re: Westgate", from: "bob", to: "ada", refs: "<a>", day: 1},
			{name: "c", subject: "Re: Westgate", from: "bob", to: "ada", day: 2},
		}, []int{0, 0, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			order := make([]int, len(tt.letters))
			for i := range order {
				order[i] = i
			}
			for _, most := range []int{sorterMemory, 1} {
				assert.Equal(t, tt.want, groups(newFound(t, most), tt.letters, order), "%d bytes in memory", most)
				slices.Reverse(order)
				assert.Equal(t, tt.want, groups(newFound(t, most), tt.letters, order), "whatever the order")
				slices.Reverse(order)
			}
		})
	}
}

// TestCircles: the least in a circle stands for it, wherever one comes into it.
func TestCircles(t *testing.T) {
	threads := threads{links: links{{1, 7}, {5, 7}, {6, 5}, {7, 6}, {8, 9}, {10, 1}}}
	for i := range threads.links {
		threads.follow(i)
	}
	assert.Equal(t, links{{1, 5}, {5, 5}, {6, 5}, {7, 5}, {8, 9}, {10, 5}}, threads.links)
}

// TestProposeAmongMany: who matters is known, however many others there are.
func TestProposeAmongMany(t *testing.T) {
	p := newPeople()
	p.most = 20
	for i := range 500 {
		h := mail.ReadHeader(fmt.Appendf(nil, "From: p%d@example.com\nTo: ada@example.com, q%d@example.com\n\n", i, i%300))
		p.add(presenceOf(h, false))
	}
	assert.Less(t, len(p.of), 25)
	got := p.propose()
	assert.Equal(t, "ada@example.com", got.Candidates[0].Address)
	assert.Equal(t, 500, got.Candidates[0].Involved)
}

func TestPropose(t *testing.T) {
	many := func(n int, header string) []string { return slices.Repeat([]string{header}, n) }
	const list = "From: ada@example.com\nTo: tea@example.com\nList-Id: <tea.example.com>\n"
	tests := []struct {
		name    string
		headers []string
		me      []string
		why     string
	}{
		{"sent folder, two addresses, an assistant", slices.Concat(
			many(20, "From: ada@example.com\nTo: bob@example.com\nX-Folder: \\Ada\\Sent Items\n"),
			many(5, "From: ada@work.example\nTo: bob@example.com\nX-Gmail-Labels: Sent\n"),
			many(1, "From: eve@example.com\nTo: bob@example.com\nX-Gmail-Labels: Sent\n"),
			many(50, "From: bob@example.com\nTo: ada@example.com\n"),
		), []string{"ada@example.com", "ada@work.example"}, "sent mail"},
		{"takes part in everything", slices.Concat(
			many(4, "From: ada@example.com\nTo: bob@example.com\n"), many(3, "From: eve@example.com\nTo: ada@example.com\n"),
			many(4, "From: carol@example.com\nTo: ada@example.com\n"), many(40, list),
		), []string{"ada@example.com"}, "takes part"},
		{"an inbox that says to whom it was delivered", slices.Concat(
			many(4, "From: carol@example.com\nTo: all@example.com\nDelivered-To: ada@example.com\n"),
			many(4, "From: bob@example.com\nTo: all@example.com\nDelivered-To: ada@example.com\n"),
		), []string{"ada@example.com"}, "takes part"},
		{"a mailing list", many(50, list), nil, "mailing lists"},
		{"a list that hides that it is one", slices.Concat(
			many(5, "From: ada@example.com\nTo: tea@example.com\n"), many(5, "From: bob@example.com\nTo: tea@example.com\n"),
			many(5, "From: eve@example.com\nTo: tea@example.com\n"),
		), nil, "public or shared"},
		{"one who writes to one", many(10, "From: ada@example.com\nTo: bob@example.com\n"), nil, "not in clearly more"},
		{"a talk between two, both ways", slices.Concat(
			many(5, "From: ada@example.com\nTo: bob@example.com\n"), many(5, "From: bob@example.com\nTo: ada@example.com\n"),
		), nil, "not in clearly more"},
		{"no mail", nil, nil, "only mail"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeople()
			for _, text := range tt.headers {
				h := mail.ReadHeader([]byte(text + "\n"))
				p.add(presenceOf(h, h.Sent()))
			}
			got := p.propose()
			assert.Equal(t, tt.me, got.Me)
			assert.Contains(t, got.Why, tt.why)
			assert.LessOrEqual(t, len(got.Candidates), maxCandidates)
			for _, c := range got.Candidates {
				assert.NotEmpty(t, c.Why, c.Address)
			}
		})
	}
}

// TestThreadsOfAnyShape: a thread of answers to answers, and a subject that
// everybody writes under, take time in proportion to their length.
func TestThreadsOfAnyShape(t *testing.T) {
	const n = 6_000
	threads := newFound(t, 64<<10)
	day := func(i int) time.Time { return time.Date(2000, 1, 1, 12*i, 0, 0, 0, time.UTC) }
	for i := range n {
		answer := letter{name: fmt.Sprintf("answer%d", i), from: "ada", to: "bob"}
		if i > 0 {
			answer.reply = fmt.Sprintf("<answer%d>", i-1)
		}
		require.NoError(t, threads.add(tieOf(answer.header(), day(i))))
		shared := letter{name: fmt.Sprintf("form%d", i), subject: "Contact form", from: fmt.Sprintf("p%d", i), to: fmt.Sprintf("q%d", i)}
		require.NoError(t, threads.add(tieOf(shared.header(), day(i))))
	}
	begun := time.Now()
	threads.end()
	all := map[string]bool{}
	for i := range n {
		all[threads.thread(keyOf(fmt.Sprintf("answer%d", i)))] = true
		all[threads.thread(keyOf(fmt.Sprintf("form%d", i)))] = true
	}
	assert.Len(t, all, 1+n)
	assert.Less(t, time.Since(begun), 5*time.Second, "many times that if each went the whole way")
}
