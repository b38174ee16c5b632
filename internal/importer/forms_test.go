package importer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

func TestFormOf(t *testing.T) {
	const turns = "Ann: One.\nBob: Two.\nAnn: Three.\nBob: Four.\n"
	for name, c := range map[string]struct {
		content      string
		found, asked form // in a folder, and named by the user
	}{
		"Inbox":              {messages(0, 1), formMailbox, formMailbox},
		"renamed.ics":        {messages(0, 1), formMailbox, formMailbox},
		"a.eml":              {"Subject: x\n\ny", formLetter, formLetter},
		"broken.eml":         {"\x00\xff", formLetter, formLetter},
		"1700000000.M1.host": {"Received: from x\nFrom: a@b.example\nSubject: x\n\ny", formLetter, formLetter},
		"calendar":           {"\ufeff\r\nBEGIN:VCALENDAR\r\n", formCalendar, formCalendar},
		"a.vtt":              {"WEBVTT\n\n00:01.000 --> 00:02.000\nx", formTranscript, formTranscript},
		"a.srt":              {"1\n00:00:01,000 --> 00:00:02,000\nx\n", formTranscript, formTranscript},
		"call.txt":           {turns, formTranscript, formTranscript},
		"chat.txt":           {"00:01:02\tAnn:\tHi\n", formChat, formChat},
		"2024-01-31.md":      {"# Board", formMinutes, formMinutes},
		"README.md":          {"# A library", formUnknown, formMinutes},
		"archive.html":       {"<title>Archive</title>", formUnknown, formMinutes},
		"a.jpg":              {"\xff\xd8\x00", formUnknown, formUnknown},
		"binary.txt":         {"# Board\n\x00", formUnknown, formUnknown},
		"a.json":             {"{}", formUnknown, formUnknown},
		"empty.eml":          {"\n", formUnknown, formUnknown},
	} {
		assert.Equal(t, c.found, formOf(name, []byte(c.content), false), name)
		assert.Equal(t, c.asked, formOf(name, []byte(c.content), true), name)
	}
}

// TestWhoseChat: a chat is of the meeting that has its name, or of the only one beside it.
func TestWhoseChat(t *testing.T) {
	for name, c := range map[string]struct {
		transcripts, chats []string
		want               []string // meetings, each with its chat
	}{
		"one of each":      {[]string{"call.vtt"}, []string{"log.txt"}, []string{"call.vtt log.txt"}},
		"of the same name": {[]string{"a.vtt", "b.vtt"}, []string{"b.chat.txt"}, []string{"a.vtt", "b.vtt b.chat.txt"}},
		"two meetings":     {[]string{"a.vtt", "b.vtt"}, []string{"log.txt"}, []string{"a.vtt", "b.vtt", "log.txt"}},
		"two chats":        {[]string{"a.vtt"}, []string{"x.txt", "y.txt"}, []string{"a.vtt", "x.txt", "y.txt"}},
		"another folder":   {[]string{"one/a.vtt"}, []string{"two/a.txt"}, []string{"one/a.vtt", "two/a.txt"}},
	} {
		g := gathered{by: map[form][]*entry{}}
		for found, names := range map[form][]string{formTranscript: c.transcripts, formChat: c.chats} {
			for _, name := range names {
				g.by[found] = append(g.by[found], &entry{name: name})
			}
		}
		g.seat()
		var got []string
		for _, e := range g.by[formTranscript] {
			if e.beside != nil {
				got = append(got, e.name+" "+e.beside.name)
			} else {
				got = append(got, e.name)
			}
		}
		assert.Equal(t, c.want, got, name)
	}
}

// TestOneMonthInEveryDress: the same messages come out of every export of one
// real month of a list.
func TestOneMonthInEveryDress(t *testing.T) {
	raw, err := os.ReadFile(realdata.Dir(t, "email", "mbox-dialects", "asterix-dev-201709-mailarchivesao.mbox"))
	require.NoError(t, err)
	plain := string(raw)
	letters := map[string]string{}
	for i, one := range strings.Split("\n"+plain, "\nFrom dev-return-")[1:] {
		_, letter, _ := strings.Cut(one, "\n")
		letters[fmt.Sprintf("cur/%04d.host:2,S", i)] = strings.ReplaceAll(letter, "\n>From ", "\nFrom ")
	}
	eml := map[string]string{}
	for name, letter := range letters {
		eml[strings.TrimPrefix(name, "cur/")[:4]+".eml"] = letter
	}
	var counted strings.Builder // mboxcl: the length stands in the header, and nothing is quoted
	for _, name := range slices.Sorted(maps.Keys(letters)) {
		header, body, _ := strings.Cut(letters[name], "\n\n")
		fmt.Fprintf(&counted, "From dev Sun Sep  3 17:38:56 2017\n%s\nContent-Length: %d\n\n%s\n", header, len(body), body)
	}
	want := kept(t, write(t, "asterix.mbox", plain))
	require.Len(t, want, 53)
	for name, path := range map[string]string{
		"CRLF":    write(t, "asterix.mbox", strings.ReplaceAll(plain, "\n", "\r\n")),
		"mboxcl":  write(t, "asterix.mbox", counted.String()),
		"gzip":    write(t, "asterix.mbox.gz", gzipped(t, plain)),
		"zip":     write(t, "takeout.zip", zipped(t, packed{"Takeout/Mail/asterix.mbox", plain})),
		"Maildir": folder(t, letters),
		"eml":     folder(t, eml),
	} {
		t.Run(name, func(t *testing.T) {
			got := kept(t, path)
			assert.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(got)))
			for id, m := range want {
				assert.Equal(t, m.BodyText, got[id].BodyText, id)
				assert.Equal(t, m.SentAt, got[id].SentAt, id)
				assert.Equal(t, m.ExternalThreadID, got[id].ExternalThreadID, id)
			}
		})
	}
}

// kept imports a path and returns the messages by their ids.
func kept(t *testing.T, path string) map[string]attrove.PushMessageIn {
	t.Helper()
	up := newUpstream()
	run1(t, options(t, up, path))
	return up.kept
}

func TestRealLetters(t *testing.T) {
	up := newUpstream()
	sum := run1(t, options(t, up, realdata.Dir(t, "email", "raw-eml-ksummit")))
	assert.Len(t, up.kept, 40)
	assert.Zero(t, sum.Unreadable+sum.Undated+sum.Failed)
	for id, m := range up.kept {
		assert.Contains(t, id, "@")
		assert.Equal(t, "ksummit.lists.linux.dev", m.Metadata[attrove.MetaConversation])
	}
}

// Every nasty mail is there afterwards, and what cannot be read of it is marked.
func TestNastyMailIsKept(t *testing.T) {
	for dir, want := range map[string]struct{ pushed, kept, copies, unreadable, undated int }{
		"usrp-real":  {37, 37, 2, 0, 0}, // an invitation, which lies twice in its mail
		"mikel-mail": {84, 83, 19, 1, 9}, "stalwart": {107, 106, 0, 24, 35},
	} {
		up, told := newUpstream(), &notes{}
		o := options(t, up, realdata.Dir(t, "email", "nasty-eml", dir))
		o.Reporter = told
		sum := run1(t, o)
		assert.Equal(t, want.pushed, sum.Pushed[sourceEmail], dir)
		assert.Len(t, up.kept, want.kept, dir)
		assert.Equal(t, want.unreadable, sum.Unreadable, dir)
		assert.Equal(t, want.undated, sum.Undated, dir)
		assert.Zero(t, sum.Failed+sum.LeftOut()+sum.Encrypted, dir)
		assert.Equal(t, want.copies, sum.Known+sum.Pushed[sourceCalendar], dir)
		if dir == "mikel-mail" { // where one file is empty
			assert.Contains(t, strings.Join(told.lines, "\n"), "left out 1 file that nothing can be imported from: sample_output_multipart")
		}
		for id, m := range up.kept {
			assert.NotEmpty(t, m.BodyText, id)
		}
	}
}

func TestSpamAndTrash(t *testing.T) {
	labelled := func(i int, labels string) string {
		return strings.Replace(message(i, "Topic", "Text"), "Subject:", "X-Gmail-Labels: "+labels+"\nSubject:", 1)
	}
	path := write(t, "All mail.mbox", labelled(0, "Inbox,Work")+labelled(1, "Spam")+labelled(2, "=?UTF-8?Q?Papierkorb,Ge=C3=B6ffnet?=")+labelled(3, "Sent"))
	up := newUpstream()
	o := options(t, up, path)
	sum := run1(t, o)
	assert.Equal(t, 2, sum.New())
	assert.Equal(t, map[string]int{spam: 2}, sum.Left)
	assert.Contains(t, sum.String(), "--include-spam")
	assert.Equal(t, []string{"Inbox", "Work"}, up.kept["0@example.com"].Metadata[attrove.MetaLabels])
	assert.Equal(t, 4, run1(t, o).Found(), "they are still counted")

	o.IncludeSpam = true
	sum = run1(t, o)
	assert.Equal(t, [2]int{2, 2}, [2]int{sum.New(), sum.Known}, "only what was left out is pushed")
	assert.Len(t, up.kept, 4)
	assert.Equal(t, 4, run1(t, o).Known)
	require.NoError(t, os.WriteFile(path, []byte(labelled(0, "Inbox")+labelled(1, "Spam")), 0o600))
	assert.Equal(t, 2, run1(t, o).New(), "the file is another")
	o.IncludeSpam = false
	sum = run1(t, o)
	assert.Equal(t, [2]int{0, 2}, [2]int{sum.New(), sum.Known}, "all of it is there, spam, too")
	appendTo(t, path, labelled(5, "Spam")+labelled(6, "Inbox"))
	sum = run1(t, o)
	assert.Equal(t, [3]int{1, 2, 1}, [3]int{sum.New(), sum.Known, sum.LeftOut()}, "but for what is new")
	o.IncludeSpam = true
	sum = run1(t, o)
	assert.Equal(t, [2]int{1, 3}, [2]int{sum.New(), sum.Known})

	dir := folder(t, map[string]string{"Inbox": messages(0, 2), "Trash": messages(2, 3)})
	sum = run1(t, options(t, newUpstream(), dir))
	assert.Equal(t, 2, sum.New())
	assert.Equal(t, 1, run1(t, options(t, newUpstream(), filepath.Join(dir, "Trash"))).New(), "who names it wants it")
}

// What was refused without spam is pushed with it.
func TestSpamAfterRefusals(t *testing.T) {
	up := newUpstream()
	up.fail = func(call int, _ attrove.PushMessageIn) error {
		if call == 2 {
			return &attrove.Error{Code: attrove.CodeValidation, Status: 422, Message: "no"}
		}
		return nil
	}
	o := options(t, up, box(t, 3))
	o.Concurrency = 1
	assert.Equal(t, 1, run1(t, o).Failed)
	o.IncludeSpam = true
	sum := run1(t, o)
	assert.Equal(t, [2]int{1, 2}, [2]int{sum.New(), sum.Known})
	assert.Len(t, up.kept, 3)
}

// jointUpstream answers the first event once there is a second.
type jointUpstream struct {
	*upstream
	events *atomic.Int32
	second chan struct{}
}

func (u jointUpstream) PushEvent(ctx context.Context, in attrove.PushEventIn) (attrove.PushReceipt, error) {
	switch u.events.Add(1) {
	case 1:
		select {
		case <-u.second:
		case <-time.After(time.Minute):
			return attrove.PushReceipt{}, errors.New("no other event is pushed meanwhile")
		}
	case 2:
		close(u.second)
	}
	return u.upstream.PushEvent(ctx, in)
}

// One calendar holds years, whose events do not wait for each other.
func TestEventsOfOneCalendar(t *testing.T) {
	up := jointUpstream{newUpstream(), &atomic.Int32{}, make(chan struct{})}
	o := options(t, up.upstream, write(t, "years.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:tea\nSUMMARY:Tea\nDTSTART:20240105T090000Z\nRRULE:FREQ=DAILY;COUNT=8\nEND:VEVENT\nEND:VCALENDAR\n"))
	o.Push, o.Concurrency = up, 4
	assert.Equal(t, 8, run1(t, o).New())
	assert.Len(t, up.upstream.events, 8)
}

// Two files with the same id are one message only if they say the same, and have
// the same attached.
func TestCopiesOfLetters(t *testing.T) {
	letter := func(text string) string { return "From: a@a.example\nMessage-ID: <1@x>\nSubject: Tea\n\n" + text }
	menu := "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nAt four.\n--b\nContent-Type: application/pdf; name=menu.pdf\n\n%PDF\n--b--\n"
	up := newUpstream()
	sum := run1(t, options(t, up, folder(t, map[string]string{
		"a.eml": letter("At four.\n"), "b.eml": letter("At  four.\n\n--\nThe tea list"), "c.eml": letter("At five."),
		"d.eml": "From: a@a.example\nMessage-ID: <1@x>\nSubject: Tea\n" + menu,
	})))
	assert.Equal(t, 3, sum.New())
	assert.Equal(t, 1, sum.Known)
	assert.Equal(t, "At four.", up.kept["1@x"].BodyText)
}

func invite(method, sequence, start string) string {
	return "From: ann@acme.example\nMessage-ID: <" + sequence + method + "@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" +
		"--b\nContent-Type: text/plain\n\nPlease come.\n--b\nContent-Type: text/calendar; method=" + method + "\n\n" +
		"BEGIN:VCALENDAR\nMETHOD:" + method + "\nBEGIN:VEVENT\nUID:tea\nSEQUENCE:" + sequence + "\nSUMMARY:Tea\nDTSTART:" + start +
		"\nATTENDEE:mailto:bob@acme.example\nEND:VEVENT\nEND:VCALENDAR\n--b--\n"
}

// An invitation in a mail is an event; the newest counts, in whatever order they lie.
func TestInvitations(t *testing.T) {
	up := newUpstream()
	sum := run1(t, options(t, up, folder(t, map[string]string{
		"3.eml": invite("REQUEST", "0", "20240105T090000Z"), "1.eml": invite("CANCEL", "2", "20240106T090000Z"),
		"2.eml": invite("REQUEST", "1", "20240106T090000Z"), "4.eml": invite("REPLY", "1", "20240107T090000Z"),
	})))
	assert.Len(t, up.kept, 4)
	require.Len(t, up.events, 1)
	assert.Equal(t, "Canceled: Tea", up.events["tea"].Title)
	assert.EqualValues(t, "2024-01-06T09:00:00Z", up.events["tea"].StartTime)
	assert.Equal(t, sum.Found(), sum.New()+sum.Known)
}

func TestRealWorkspace(t *testing.T) {
	up := newUpstream()
	sum := run1(t, options(t, up, realdata.Dir(t, "slack", "r-contributors")))
	assert.Equal(t, []string{"slack"}, sum.Sources)
	n := len(up.kept)
	assert.Equal(t, n, sum.Pushed["slack"])
	assert.Equal(t, 1456, sum.Found())
	if os.Getenv("ATTROVE_SCALE") == "" {
		t.Log("the whole workspace is imported with ATTROVE_SCALE=full")
		return
	}
	o := options(t, up, realdata.Dir(t, "slack", "r-contributors-slack-export-nobugzilla.zip"))
	sum = run1(t, o)
	assert.Equal(t, 7776, sum.Found())
	assert.Len(t, up.kept, sum.New(), "the folder's messages are among them")
	assert.Zero(t, run1(t, o).New(), "a second import changes nothing")
}

func TestRealCalendarsAndMeetings(t *testing.T) {
	up := newUpstream()
	sample, err := filepath.Glob(filepath.Join(realdata.Dir(t, "calendar"), "ical4j__valid__calconnect*.ics")) // several versions of one event
	require.NoError(t, err)
	if os.Getenv("ATTROVE_SCALE") != "" {
		sample = []string{realdata.Dir(t, "calendar")}
	}
	o := options(t, up, append(sample, realdata.Dir(t, "calendar", "pycon-us-2025-open-spaces.ics"), realdata.Dir(t, "transcripts"))...)
	told := &notes{}
	o.Reporter = told
	sum := run1(t, o)
	assert.Zero(t, sum.Failed, sum)
	assert.LessOrEqual(t, len(up.events), sum.Pushed[sourceCalendar], "some are in several calendars, and in the newest version")
	assert.Greater(t, len(up.events), 150)
	assert.Len(t, up.meetings, 29, "15 calls, three of them in both formats, and 14 of another corpus")
	assert.Equal(t, 66, len(up.notes)-sum.Unreadable)
	assert.Equal(t, sum.Found(), sum.New()+sum.Known+sum.LeftOut())
	chats := 0
	for _, m := range up.meetings {
		if strings.Contains(m.Transcript, "[chat]") {
			chats++
		}
	}
	assert.Equal(t, 15, chats)
	assert.Contains(t, strings.Join(told.lines, "\n"), "left out 15 files that nothing can be imported from: vtt-ethereum-pm/acdc_2026-02-05_174.tldr.json")
	assert.Zero(t, run1(t, o).New())
}

// A chat between people is imported day by day, and an export that was made
// later adds only what is new.
func TestLaterExport(t *testing.T) {
	day := func(ts string) string { return `[{"type":"message","user":"U1","ts":"` + ts + `","text":"hi"}]` }
	files := map[string]string{
		"acme/users.json": `[{"id":"U1","profile":{"real_name":"Ann"}}]`, "acme/general/2024-01-31.json": day("1706700000.000100"),
		"acme/canvases.json": `[]`,
	}
	up, told := newUpstream(), &notes{}
	dir := folder(t, files)
	o := options(t, up, dir)
	o.Reporter = told
	assert.Equal(t, 1, run1(t, o).New())
	assert.Contains(t, strings.Join(told.lines, "\n"), "canvases.json", "what is left out is named")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "acme", "general", "2024-02-01.json"), []byte(day("1706800000.000100")), 0o600))
	sum := run1(t, o)
	assert.Equal(t, 1, sum.New())
	assert.Equal(t, 1, sum.Known)
}

// Whatever is in a file, and whatever it is called, an import of it ends, and all
// that is in it is accounted for.
func FuzzImport(f *testing.F) {
	f.Add("a.eml", "Subject: x\nMessage-ID: <1@x>\n\ny")
	f.Add("Inbox", messages(0, 2))
	f.Add("a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20240105T090000Z\nEND:VEVENT\nEND:VCALENDAR")
	f.Add("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: Hi\n")
	f.Add("minutes.md", "# Board\n\n31 January 2024")
	f.Add("a.zip", "PK\x03\x04")
	f.Fuzz(func(t *testing.T, name, content string) {
		path := filepath.Join(t.TempDir(), "x"+filepath.Ext(filepath.Base("a"+name)))
		if strings.ContainsRune(path, 0) || len(filepath.Base(path)) > 100 || os.WriteFile(path, []byte(content), 0o600) != nil {
			return
		}
		up := newUpstream()
		sum, err := Run(t.Context(), options(t, up, path))
		var no *NotImportableError
		if errors.As(err, &no) {
			return
		}
		require.NoError(t, err)
		require.LessOrEqual(t, len(up.kept)+len(up.events)+len(up.meetings)+len(up.notes), sum.New())
	})
}
