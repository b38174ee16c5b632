package importer

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

const (
	// maxInFlight bounds the bytes of the records in memory, besides their number.
	// Read, a record takes up to three times as much as it did in its file.
	maxInFlight = 64 << 20
	perByte     = 3
	// maxRefusedInARow is how many items may be refused one after the other
	// before the fault is taken to lie not with the items.
	maxRefusedInARow = 20
)

// run is the second pass over the sources.
type run struct {
	opts   Options
	survey *survey
	push   Pusher
	memory *semaphore.Weighted
	slots  *semaphore.Weighted // for pushes
	newest versions

	mu     sync.Mutex
	sum    Summary
	inARow int // items refused since the last that was pushed
}

func newRun(o Options, s *survey) *run {
	return &run{
		opts: o, survey: s, push: retrying(o.Push), memory: semaphore.NewWeighted(maxInFlight), slots: semaphore.NewWeighted(int64(o.Concurrency)),
		newest: versions{seed: maphash.MakeSeed(), ranks: map[string]string{}},
		sum: Summary{
			Pushed: map[string]int{}, Left: map[string]int{},
			Threads: s.count, First: s.first, Last: s.last, Me: s.me,
		},
	}
}

func (r *run) summary() Summary {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sum
}

// source pushes what remains of one source and keeps its progress.
func (r *run) source(ctx context.Context, src *source) error {
	r.earlier(src)
	if !src.hasWork() {
		return nil
	}
	err := r.again(ctx, src)
	if err == nil {
		err = r.recall(ctx, src)
	}
	if err == nil {
		err = r.rest(ctx, src)
	}
	if saveErr := src.store.save(src.content, src.state); err == nil {
		err = saveErr
	}
	return err
}

// earlier counts what earlier runs did.
func (r *run) earlier(src *source) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sum.Known += src.state.known()
	if src.state.Skipped > 0 {
		r.sum.Left[before] += src.state.Skipped
	}
}

// again tries once more what an earlier run could not push.
func (r *run) again(ctx context.Context, src *source) error {
	retry := src.state.Retry
	src.state.Retry = nil
	for i, failed := range retry {
		for rec, err := range src.content.records(failed.Position) {
			var found haul
			if err == nil {
				found, err = rec.read(r, src)
			}
			var out outcome
			if err == nil {
				out, err = r.items(ctx, src, rec, found)
			}
			if err != nil {
				src.state.Retry = slices.Concat(src.state.Retry, retry[i:])
				return err
			}
			src.state.Items += out.items - failed.Items
			src.state.Skipped += out.skipped
			src.state.Excluded += out.excluded
			if out.refused {
				src.state.Retry = append(src.state.Retry, retryable{failed.Position, out.items})
			}
			break
		}
	}
	return nil
}

// outcome is what became of a record.
type outcome struct {
	items    int  // that it holds, whatever became of them
	skipped  int  // of them that are not pushed
	excluded int  // of these that upstream keeps out
	refused  bool // upstream did not take some: they are to be tried again
}

// items pushes what a record holds. An error ends the import.
func (r *run) items(ctx context.Context, src *source, rec record, h haul) (outcome, error) {
	if src.plain.has(rec.start) && !h.spam {
		recalled := naming(ctx, h.items, src.plain.Recall)
		h = haul{items: recalled, known: h.known + len(h.items) - len(recalled), left: h.left, lost: h.lost}
	}
	out := r.account(src, rec, h)
	fates, err := r.pushAll(ctx, src, rec, h.items)
	for _, f := range fates {
		switch f {
		case notTaken:
			out.refused = true
		case skipped:
			out.skipped++
			out.excluded++
		case taken:
		}
	}
	return out, err
}

// pushAll pushes items of a record, as many at a time as there are slots for besides the
// record's own: a calendar may hold years.
func (r *run) pushAll(ctx context.Context, src *source, rec record, items []item) ([]fate, error) {
	fates := make([]fate, len(items))
	group, ctx := errgroup.WithContext(ctx)
	for i, one := range items {
		push := func() (err error) {
			if err = ctx.Err(); err == nil {
				fates[i], err = r.item(ctx, src, rec, one)
			}
			return err
		}
		if i == len(items)-1 || !r.slots.TryAcquire(1) {
			if err := push(); err != nil {
				group.Go(func() error { return err })
				break
			}
			continue
		}
		group.Go(func() error {
			err := push()
			if err == nil { // else it is kept, as in pipeline.read
				r.slots.Release(1)
			}
			return err
		})
	}
	return fates, group.Wait()
}

// account takes note of what a record holds besides its items.
func (r *run) account(src *source, rec record, h haul) outcome {
	out := outcome{items: len(h.items) + h.known + len(h.lost), skipped: len(h.lost)}
	r.mu.Lock()
	r.sum.Known += h.known
	for what, n := range h.left {
		r.sum.Left[what] += n
		out.items += n
		out.skipped += n
	}
	r.mu.Unlock()
	for _, why := range h.lost {
		r.problem(src, rec, why)
	}
	for _, remark := range h.remarks {
		r.note(src, rec, remark)
	}
	return out
}

// fate is what became of an item.
type fate int

const (
	taken    fate = iota // it is there
	notTaken             // upstream refused it
	skipped              // the organization does not want it
)

// item pushes one item, unless a newer version of it has been.
func (r *run) item(ctx context.Context, src *source, rec record, one item) (fate, error) {
	release, newer := r.newest.claim(one)
	defer release()
	if !newer {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.sum.Known++
		return taken, nil
	}
	receipt, err := one.push(ctx, r.push)
	switch {
	case err == nil && receipt.Status == attrove.PushFailed:
		return notTaken, r.refuse(src, rec, errors.New("it was accepted, but then could not be processed"))
	case err == nil:
		r.accept(one)
		return taken, nil
	case judge(err) == left:
		r.leaveOut()
		return skipped, nil
	case judge(err) == refused:
		return notTaken, r.refuse(src, rec, err)
	default:
		return notTaken, hint(err)
	}
}

func (r *run) accept(one item) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inARow = 0
	r.sum.Pushed[one.source]++
	switch {
	case one.encrypted:
		r.sum.Encrypted++
	case one.unreadable != "":
		r.sum.Unreadable++
	}
	if one.at.IsZero() {
		if one.source != sourceNote {
			r.sum.Undated++
		}
		return
	}
	if one.source == sourceCalendar {
		return // what is to come is not what there is
	}
	if r.sum.First.IsZero() || one.at.Before(r.sum.First) {
		r.sum.First = one.at
	}
	if one.at.After(r.sum.Last) {
		r.sum.Last = one.at
	}
}

// leaveOut takes note of an item that the organization's settings keep out.
func (r *run) leaveOut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inARow = 0
	r.sum.Left[byOrganization]++
}

// byOrganization is why an item is left out that the organization does not want,
// or that names somebody who is forgotten.
const byOrganization = "kept out by the organization's settings or forgotten"

// refuse takes note of an item that was not accepted. It returns an error when
// so many were in a row that the rest would be refused as well.
func (r *run) refuse(src *source, rec record, cause error) error {
	r.problem(src, rec, cause.Error())
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inARow++; r.inARow >= maxRefusedInARow {
		return fmt.Errorf("%d in a row were refused, the last with: %w", r.inARow, cause)
	}
	return nil
}

// problem takes note of an item that is not pushed.
func (r *run) problem(src *source, rec record, reason string) {
	r.mu.Lock()
	r.sum.Failed++
	if len(r.sum.Problems) < maxProblems {
		r.sum.Problems = append(r.sum.Problems, Problem{Path: src.path, Where: rec.where, Reason: reason})
	}
	r.mu.Unlock()
	r.note(src, rec, "not imported: "+reason)
}

func (r *run) note(src *source, rec record, text string) {
	r.opts.Reporter.Note(Problem{Path: src.path, Where: rec.where, Reason: text}.String())
}

// versions knows the newest version of what has been pushed in this run. It is
// for things that are sent again when they change: an older version must not
// replace a newer one, in whatever order they are read.
type versions struct {
	seed  maphash.Seed
	locks [64]sync.Mutex // by id: two versions are never pushed at the same time

	mu    sync.Mutex
	ranks map[string]string
}

// claim reports whether an item is newer than all before it, and keeps other
// versions waiting until it is released.
func (v *versions) claim(one item) (release func(), newer bool) {
	if one.id == "" {
		return func() {}, true
	}
	lock := &v.locks[maphash.String(v.seed, one.id)%uint64(len(v.locks))]
	lock.Lock()
	v.mu.Lock()
	defer v.mu.Unlock()
	if known, ok := v.ranks[one.id]; ok && one.rank <= known {
		return lock.Unlock, false
	}
	v.ranks[one.id] = one.rank
	return lock.Unlock, true
}
