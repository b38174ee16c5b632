package index

import (
	"context"
	"math/bits"
	"slices"
	"sync"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	slabPage = 4096 // vectors that are read at once
	newPages = 8    // pages that a search reads in
	wordBits = 64
)

// slab holds of each vector of one user only on which side of the middle it lies in
// each dimension: of 384 dimensions 48 bytes, and 17 of what it is of, so that a
// million take 65 MB and are compared in some 10 ms. The nearest by that are then
// compared as they are kept.
type slab struct {
	ready chan struct{} // closed when the vectors are read in that were there at first

	mu     sync.RWMutex
	last   int64     // the newest vector that is in
	words  int       // of bits that a vector takes
	middle []float32 // the first vectors' mean: many models have all of theirs on one side
	ids    []int64
	at     []int64 // milliseconds
	kinds  []store.Kind
	sides  []uint64
}

// isReady reports whether the vectors are read in, and waits a moment for it.
func (s *slab) isReady(ctx context.Context) bool {
	select {
	case <-s.ready: // mostly
		return true
	default:
	}
	timer := time.NewTimer(firstWait)
	defer timer.Stop()
	select {
	case <-s.ready:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// update reads in what came since the last time, up to so many pages.
func (s *slab) update(ctx context.Context, from *store.Store, userID, model string, pages int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range pages {
		page, err := from.Vectors(ctx, userID, model, s.last, slabPage)
		if err != nil {
			return err
		}
		for _, v := range page {
			s.add(v, page)
		}
		if len(page) < slabPage {
			break
		}
	}
	return nil
}

func (s *slab) add(v store.VectorPlace, page []store.VectorPlace) {
	if s.middle == nil {
		s.middle = mean(page)
		s.words = (len(s.middle) + wordBits - 1) / wordBits
	}
	s.last = v.Seq
	if len(v.Packed) != len(s.middle) { // the model changed, and kept its name
		return
	}
	s.ids, s.at, s.kinds = append(s.ids, v.PassageID), append(s.at, v.At.UnixMilli()), append(s.kinds, v.Kind)
	s.sides = append(s.sides, s.sidesOf(v.Packed)...)
}

// mean is that of vectors of the first one's length.
func mean(page []store.VectorPlace) []float32 {
	sum := make([]float32, len(page[0].Packed))
	n := float32(0)
	for _, v := range page {
		if len(v.Packed) != len(sum) {
			continue
		}
		n++
		for i, b := range v.Packed {
			sum[i] += float32(int8(b)) //nolint:gosec // as it was packed
		}
	}
	for i := range sum {
		sum[i] /= n
	}
	return sum
}

// nearest returns the passages, about so many, that are on the same sides as v
// oftenest, of those of a kind and a period.
func (s *slab) nearest(v embed.Vector, kinds []store.Kind, from, to time.Time, most int) []int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(v) != len(s.middle) {
		return nil
	}
	sides := s.sidesOf(v.Pack())
	wanted := func(i int) bool {
		return (len(kinds) == 0 || slices.Contains(kinds, s.kinds[i])) &&
			(from.IsZero() || s.at[i] >= from.UnixMilli()) && (to.IsZero() || s.at[i] < to.UnixMilli())
	}
	distances := make([]uint16, len(s.ids))
	counts := make([]int, len(v)+1)
	for i := range s.ids {
		distance := 0
		for w, side := range s.sides[i*s.words : (i+1)*s.words] {
			distance += bits.OnesCount64(side ^ sides[w])
		}
		distances[i] = uint16(distance)
		if wanted(i) {
			counts[distance]++
		}
	}
	limit, sum := 0, 0
	for limit < len(counts) && sum < most {
		sum += counts[limit]
		limit++
	}
	var ids []int64
	for i, distance := range distances {
		if int(distance) < limit && wanted(i) {
			ids = append(ids, s.ids[i])
		}
	}
	return ids
}

func (s *slab) sidesOf(packed []byte) []uint64 {
	sides := make([]uint64, s.words)
	for i, b := range packed {
		if float32(int8(b)) > s.middle[i] { //nolint:gosec // as it was packed
			sides[i/wordBits] |= 1 << (i % wordBits)
		}
	}
	return sides
}
