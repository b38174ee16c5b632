package importer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Recall has the next import of the same files into a target bring back what names one
// of the addresses or accounts, which are in lower case: it was kept out, or removed,
// while they were forgotten. What was removed otherwise stays away.
func Recall(dir, target string, addresses []string) error {
	_, err := eachState(dir, target, func(name string, s state) error {
		for _, one := range addresses {
			if !slices.Contains(s.Recall, one) {
				s.Recall = append(s.Recall, one)
			}
		}
		return s.write(name)
	})
	return err
}

// Unrecall takes Recall back: no progress names the addresses any more.
func Unrecall(dir, target string, addresses []string) error {
	_, err := eachState(dir, target, func(name string, s state) error {
		before := len(s.Recall)
		s.Recall = slices.DeleteFunc(s.Recall, func(one string) bool { return slices.Contains(addresses, one) })
		if len(s.Recall) == before {
			return nil
		}
		return s.write(name)
	})
	return err
}

// recall is what an earlier import has dealt with and is wanted again.
type recall struct {
	*run
	src *source

	mu      sync.Mutex
	items   int // that were pushed again, whatever became of them
	left    int // of them that are still kept out
	refused []retryable
}

// recall pushes what is wanted again. If it is broken off the next import does all of
// it again, which changes nothing twice.
func (r *run) recall(ctx context.Context, src *source) error {
	if len(src.state.Recall) == 0 {
		return nil
	}
	again := &recall{run: r, src: src}
	err := again.all(ctx)
	again.recount()
	if err == nil {
		src.state.Recall = nil
	}
	return err
}

func (a *recall) all(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(a.opts.Concurrency)
	n := 0
	for rec, err := range a.src.content.records(0) {
		if err == nil && rec.start >= a.src.state.Offset {
			break
		}
		size := min(perByte*rec.size, maxInFlight)
		if err == nil {
			err = a.memory.Acquire(ctx, size)
		}
		if err != nil {
			group.Go(func() error { return err })
			break
		}
		n++
		a.opts.Reporter.Progress(Progress{Path: a.src.path, Phase: Recalling, Items: n, Done: rec.end, Total: a.src.state.Offset})
		group.Go(func() error {
			defer a.memory.Release(size)
			return a.record(ctx, rec)
		})
	}
	return group.Wait()
}

// record pushes what is wanted of a record.
func (a *recall) record(ctx context.Context, rec record) error {
	found, err := rec.read(a.run, a.src)
	if err != nil {
		return err
	}
	for _, one := range naming(ctx, found.items, a.src.state.Recall) {
		became, err := a.item(ctx, a.src, rec, one)
		if err != nil {
			return err
		}
		a.settle(rec, became)
	}
	return nil
}

func (a *recall) settle(rec record, became fate) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.items++
	switch became {
	case skipped:
		a.left++
	case notTaken:
		a.refused = append(a.refused, retryable{rec.start, 1})
	case taken:
	}
}

// recount takes what was pushed again out of what earlier runs did. Which of it was
// kept out then and which removed later is not known: as much as can be was kept out.
func (a *recall) recount() {
	a.run.mu.Lock()
	defer a.run.mu.Unlock()
	s, sum := &a.src.state, &a.sum
	keptOut := min(a.items, s.Excluded)
	sum.Known -= a.items - keptOut
	if sum.Left[before] -= keptOut; sum.Left[before] == 0 {
		delete(sum.Left, before)
	}
	s.Excluded += a.left - keptOut
	s.Skipped += a.left - keptOut
	s.Retry = append(s.Retry, a.refused...)
}

// naming returns the items that name one of the addresses or accounts.
func naming(ctx context.Context, items []item, addresses []string) []item {
	if len(addresses) == 0 {
		return nil
	}
	var some []item
	for _, one := range items {
		look := looker{addresses: addresses}
		if _, err := one.push(ctx, &look); err == nil && look.found {
			some = append(some, one)
		}
	}
	return some
}

// looker is a Pusher that pushes nothing, and looks for addresses instead.
type looker struct {
	addresses []string
	found     bool
}

// PushMessage implements Pusher.
func (l *looker) PushMessage(_ context.Context, in attrove.PushMessageIn) (attrove.PushReceipt, error) {
	return look(l, in)
}

// PushMeeting implements Pusher.
func (l *looker) PushMeeting(_ context.Context, in attrove.PushMeetingIn) (attrove.PushReceipt, error) {
	return look(l, in)
}

// PushEvent implements Pusher.
func (l *looker) PushEvent(_ context.Context, in attrove.PushEventIn) (attrove.PushReceipt, error) {
	return look(l, in)
}

// PushNote implements Pusher.
func (l *looker) PushNote(_ context.Context, in attrove.PushNoteIn) (attrove.PushReceipt, error) {
	return look(l, in)
}

func look[In any](l *looker, in In) (attrove.PushReceipt, error) {
	var text strings.Builder
	document := json.NewEncoder(&text)
	document.SetEscapeHTML(false) // which would change addresses that have a &
	if err := document.Encode(in); err != nil {
		return attrove.PushReceipt{}, fmt.Errorf("look for addresses: %w", err)
	}
	lower := strings.ToLower(text.String())
	l.found = slices.ContainsFunc(l.addresses, func(one string) bool { return names(lower, one) })
	return attrove.PushReceipt{}, nil
}

// names reports whether text has an address or account in it that does not go on.
func names(text, address string) bool {
	for {
		_, rest, found := strings.Cut(text, address)
		if !found {
			return false
		}
		next, _ := utf8.DecodeRuneInString(rest)
		if !unicode.IsLetter(next) && !unicode.IsDigit(next) {
			return true
		}
		text = rest
	}
}
