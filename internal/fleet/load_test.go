package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// tally is what became of calls.
type tally struct {
	calls  atomic.Int64 // that were made, each once
	failed atomic.Int64 // attempts that did not succeed
	lost   atomic.Int64 // calls of which no attempt did
	notes  atomic.Int64 // saved, as far as was answered

	mu  sync.Mutex
	why error // some of the failures
}

// String is it in a line.
func (t *tally) String() string {
	return fmt.Sprintf("%d calls, %d of them saved notes; %d attempts failed, %d calls were lost", t.calls.Load(), t.notes.Load(), t.failed.Load(), t.lost.Load())
}

func (t *tally) fail(err error) {
	t.failed.Add(1)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed.Load() <= 5 {
		t.why = errors.Join(t.why, err)
	}
}

// load is workers who call one tool after the other.
type load struct {
	who     attrove.Caller
	workers int
	tries   int              // of each call in all; 0 is 1
	pace    <-chan time.Time // of all together; nil is as fast as they can
	notes   int              // that each worker saves, again and again; 0 is always others
}

// drive has them work until the returned func is called.
func (f *fleet) drive(l load) (end func() *tally) {
	f.Helper()
	t := &tally{}
	ctx, cancel := context.WithCancel(f.Context())
	var running sync.WaitGroup
	for worker := range l.workers {
		c := f.dial(l.who)
		running.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if l.pace != nil {
					select {
					case <-ctx.Done():
						return
					case <-l.pace:
					}
				}
				t.one(c, l, worker, i)
			}
		})
	}
	return func() *tally {
		cancel()
		running.Wait()
		return t
	}
}

// one makes one call, which goes on when the load ends meanwhile. All of them may be
// tried again: reading changes nothing, and saving the same note again does not,
// either.
func (t *tally) one(c *caller, l load, worker, i int) {
	tool, arguments := "attrove_list_goals", map[string]any{}
	switch i % 8 {
	case 1, 3, 5:
		tool = "attrove_messages"
	case 2, 6:
		tool, arguments = "attrove_search", map[string]any{"query": "renewal"}
	case 7:
		note := i
		if l.notes > 0 {
			note %= 8 * l.notes
		}
		text := fmt.Sprintf("note %d of worker %d", note, worker)
		tool, arguments = "attrove_push_note", map[string]any{"body": text, "external_id": strings.ReplaceAll(text, " ", "-")}
	}
	t.calls.Add(1)
	for range max(l.tries, 1) {
		_, err := c.call(c.Context(), tool, arguments)
		if err == nil {
			if tool == "attrove_push_note" {
				t.notes.Add(1)
			}
			return
		}
		t.fail(err)
		pause(c.Context(), 50*time.Millisecond)
	}
	t.lost.Add(1)
}

// notes is how many notes there are.
func (f *fleet) notes(who attrove.Caller) (n int64) {
	f.Helper()
	in := attrove.NotesIn{}
	for {
		page := do(f, attrove.ListNotes, who, in)
		n += int64(len(page.Data))
		if !page.Pagination.HasMore {
			return n
		}
		require.NotEmpty(f, page.Pagination.NextCursor)
		in.Cursor = page.Pagination.NextCursor
	}
}
