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
		r.Progress(Progress{Path: "/mail/box.mbox", Phase: Pushing, Messages: messages, Done: done, Total: 10_000})
	}
	step(0, 1, 0)
	step(time.Second, 1000, 1000)
	assert.Empty(t, out.String(), "a log gets no line each second")
	step(9*time.Second, 2001, 5000)
	r.Note("box.mbox, message at byte 7: broken")
	step(time.Second, 2100, 6000)
	assert.Equal(t, "importing box.mbox: 2,001 messages, 50 %, 200 a second, 10s left\nbox.mbox, message at byte 7: broken\n", out.String())
}

func TestTerminalProgressRedrawsOneLine(t *testing.T) {
	var out bytes.Buffer
	clock := now
	r := &lineReporter{w: &out, now: func() time.Time { return clock }, every: time.Second, begin: clearLine}
	for i := range 3 {
		r.Progress(Progress{Path: "a", Phase: Surveying, Messages: i, Total: 100})
		clock = clock.Add(time.Second)
	}
	r.Note("kept")
	assert.Equal(t, clearLine+"looking through a: 1 message, 0 %, 1 a second"+clearLine+"looking through a: 2 messages, 0 %, 1 a second"+
		clearLine+"kept\n", out.String())
}

func TestSummaryTellsEverything(t *testing.T) {
	text := Summary{
		Messages: 2181, Pushed: 2000, Known: 180, Failed: 1, Unreadable: 2, Undated: 3, Threads: 90,
		First: now.AddDate(-1, 0, 0), Last: now,
		Problems: []Problem{{Path: "box", Offset: 42, Reason: "broken"}},
		Me:       Proposal{Why: "an archive", Candidates: []Candidate{{Address: "ada@example.com", Why: "wrote 3 messages"}}},
	}.String()
	assert.Equal(t, `2,181 messages: 2,000 imported now, 180 already there, 1 failed
of these 2 without their text, 3 without a date
90 threads, from 2025-11-01 to 2026-11-01
failed: box, message at byte 42: broken
you: unknown (an archive); say who you are with --me ADDRESS
  ada@example.com: wrote 3 messages
`, text)
}
