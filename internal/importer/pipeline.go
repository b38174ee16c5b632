package importer

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// pipeline takes the records of a source through three steps: they are found in its
// order, read by few, and pushed by many, who wait most of the time.
type pipeline struct {
	*run
	src   *source
	book  *ledger
	group *errgroup.Group
	found chan job
}

// job is a record on its way.
type job struct {
	rec   record
	entry *settlement
	size  int64 // of memory that is taken for it
}

// rest pushes what lies behind the offset of the source's state.
func (r *run) rest(ctx context.Context, src *source) error {
	group, ctx := errgroup.WithContext(ctx)
	p := &pipeline{run: r, src: src, book: newLedger(src, r.opts.Reporter), group: group, found: make(chan job)}
	group.Go(func() error {
		defer close(p.found)
		return p.find(ctx)
	})
	// Who stores what is pushed may be in this process, and needs a core of its own.
	for range max(1, runtime.GOMAXPROCS(0)-1) {
		group.Go(func() error { return p.read(ctx) })
	}
	return group.Wait()
}

// find hands the records of the source out, no more at a time than the limits on their
// number and size allow.
func (p *pipeline) find(ctx context.Context) error {
	for rec, err := range p.src.content.records(p.src.state.Offset) {
		if err != nil {
			return err
		}
		entry, err := p.book.begin(ctx, rec)
		if err != nil {
			return err
		}
		one := job{rec, entry, min(perByte*rec.size, maxInFlight)}
		if err := p.memory.Acquire(ctx, one.size); err != nil {
			return err
		}
		select {
		case p.found <- one:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// read reads records, and has what they hold pushed in goroutines whose stacks are
// still small.
func (p *pipeline) read(ctx context.Context) error {
	for one := range p.found {
		found, err := one.rec.read(p.run, p.src)
		if err != nil {
			return err
		}
		one.rec.read = nil // and what it was read from with it
		if err := p.slots.Acquire(ctx, 1); err != nil {
			return err
		}
		p.group.Go(func() error {
			out, err := p.items(ctx, p.src, one.rec, found)
			if err != nil {
				return err // and keep the slot: nobody pushes more before all have been told to stop
			}
			p.slots.Release(1)
			p.memory.Release(one.size)
			return p.book.settle(one.entry, out)
		})
	}
	return nil
}
