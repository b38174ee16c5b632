package importer

import (
	"context"
	"iter"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// How much of a sequence of headings is handed out at once: so much that handing
// it out costs nothing beside reading it, and so little that all processors have some.
const (
	batchItems = 128
	batchBytes = 256 << 10
)

// batch is headings that follow each other, and what they say once they are read.
type batch struct {
	headings []heading
	sights   []sight
	done     chan struct{}
}

// inOrder has headings looked at by all processors, and takes what they say in the
// order of the headings.
func inOrder(ctx context.Context, headings iter.Seq2[heading, error], look func(heading) sight, take func(sight) error) error {
	group, ctx := errgroup.WithContext(ctx)
	processors := runtime.GOMAXPROCS(0)
	open, ordered := make(chan *batch), make(chan *batch, 2*processors)
	group.Go(func() error {
		defer close(open)
		defer close(ordered)
		return inBatches(headings, func(b *batch) error {
			for _, to := range []chan *batch{ordered, open} {
				select {
				case to <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	for range processors {
		group.Go(func() error {
			for b := range open {
				for _, one := range b.headings {
					b.sights = append(b.sights, look(one))
				}
				b.headings = nil
				close(b.done)
			}
			return nil
		})
	}
	group.Go(func() error {
		for b := range ordered {
			select {
			case <-b.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			for _, one := range b.sights {
				if err := take(one); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return group.Wait()
}

// inBatches hands headings out.
func inBatches(headings iter.Seq2[heading, error], hand func(*batch) error) error {
	b, size := &batch{done: make(chan struct{})}, 0
	for one, err := range headings {
		if err != nil {
			return err
		}
		b.headings = append(b.headings, one)
		size += one.size
		if len(b.headings) < batchItems && size < batchBytes {
			continue
		}
		if err := hand(b); err != nil {
			return err
		}
		b, size = &batch{done: make(chan struct{})}, 0
	}
	return hand(b)
}
