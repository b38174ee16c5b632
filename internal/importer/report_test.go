package importer

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPlainProgress(t *testing.T) {
	var out bytes.Buffer
	clock := now
	r := NewReporter(&out, func() time.Time { return clock })
	step := func(after time.Duration, messages int, done int64) {
		clock = clock.Add(after)
		r.Progress(Progress{Path: "/mail/box.mbox", Phase: Pushing, Items: messages, Done: done, Total: 10_000})
	}
	step(0, 1, 0)
	step(time.Second, 1000, 1000)
	assert.Empty(t, out.String(), "a log gets no line each second")
	step(9*time.Second, 2001, 5000)
	r.Note("box.mbox, message at byte 7: broken")
	step(time.Second, 2100, 6000)
	assert.Equal(t, "importing box.mbox: 2,001 items, 50 %, 200 a second, 10s left\nbox.mbox, message at byte 7: broken\n", out.String())
}

func TestTerminalProgressRedrawsOneLine(t *testing.T) {
	var out bytes.Buffer
	clock := now
	r := &lineReporter{w: &out, now: func() time.Time { return clock }, every: time.Second, begin: clearLine}
	for i := range 3 {
		r.Progress(Progress{Path: "a", Phase: Surveying, Items: i, Total: 100})
		clock = clock.Add(time.Second)
	}
	r.Note("kept")
	assert.Equal(t, clearLine+"looking through a: 1 item, 0 %, 1 a second"+clearLine+"looking through a: 2 items, 0 %, 1 a second"+
		clearLine+"kept\n", out.String())
}

func TestSummaryTellsEverything(t *testing.T) {
	text := Summary{
		Pushed: map[string]int{"email": 2000, "calendar": 12, "slack": 1}, Known: 180, Failed: 1, Unreadable: 2, Encrypted: 1, Undated: 3, Threads: 90,
		Left:  map[string]int{spam: 7, "to-dos": 1},
		First: now.AddDate(-1, 0, 0), Last: now,
		Problems: []Problem{{Path: "box", Where: "message at byte 42", Reason: "broken"}},
		Me:       Proposal{Why: "an archive", Candidates: []Candidate{{Address: "ada@example.com", Why: "wrote 3 messages"}}},
	}.String()
	assert.Equal(t, `2,202 items: 2,013 imported now, 180 already there, 8 left out, 1 failed
imported: 12 events, 2,000 messages (email), 1 message (slack)
of these 2 without their text, 1 encrypted, 3 without a date; all are kept and marked
left out: 7 messages in spam or trash, 1 to-dos
to import what lies in spam and trash, too, add --include-spam
from 2025-11-01 to 2026-11-01, 90 threads of mail
failed: box, message at byte 42: broken
you: unknown (an archive); say who you are: attrove-mcp people me ADDRESS
  ada@example.com: wrote 3 messages
`, text)
}
