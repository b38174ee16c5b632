package index

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// BenchmarkSlab compares a query with a tenth of the vectors of a very large mailbox.
func BenchmarkSlab(b *testing.B) {
	const vectors, dimensions = 100_000, 384
	random := rand.New(rand.NewPCG(1, 2))
	packed := make([]byte, dimensions)
	shuffle := func() []byte {
		for i := 0; i < dimensions; i += 8 {
			binary.LittleEndian.PutUint64(packed[i:], random.Uint64())
		}
		return packed
	}
	page := []store.VectorPlace{{Packed: make([]byte, dimensions)}}
	var s slab
	for i := range vectors {
		s.add(store.VectorPlace{Seq: int64(i), PassageID: int64(i), Kind: store.KindMessage, Packed: shuffle()}, page)
	}
	v := make(embed.Vector, dimensions)
	for i := range v {
		v[i] = float32(random.NormFloat64())
	}
	b.ReportAllocs()
	for b.Loop() {
		s.nearest(v, []store.Kind{store.KindMessage}, time.Time{}, time.Time{}, oversample)
	}
}
