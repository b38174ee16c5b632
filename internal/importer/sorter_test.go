package importer

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSorter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var records []string
	for range 3_000 {
		// Few beginnings, lengths of all kinds, and some records more than once.
		record := binary.BigEndian.AppendUint64(nil, random.Uint64N(200)<<40)
		for range random.IntN(3) * random.IntN(maxRecord/2-minRecord) {
			record = append(record, byte(random.IntN(2)))
		}
		records = append(records, string(record))
	}
	records = append(records, records[:100]...)
	want := slices.Compact(slices.Sorted(slices.Values(records)))
	for _, most := range []int{sorterMemory, 100_000, 5_000, 1} {
		s := newSorter(newScratch(t))
		s.most = most
		for _, record := range records {
			require.NoError(t, s.add([]byte(record)))
		}
		assert.Equal(t, most == sorterMemory, s.scratch.file == nil, "few need no file")
		var got []string
		for record, err := range s.sorted() {
			require.NoError(t, err)
			got = append(got, string(record))
		}
		assert.Equal(t, want, got, "%d bytes in memory", most)
		assert.GreaterOrEqual(t, s.added, len(got))
		left, err := os.ReadDir(s.scratch.dir)
		require.NoError(t, err)
		assert.Empty(t, left, "the file has no name")
	}
	for range newSorter(nil).sorted() {
		t.Error("nothing was added")
	}
}

func TestSorterWithoutDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(dir, nil, 0o600))
	s := newSorter(&scratch{dir: dir})
	s.most = 1
	require.ErrorContains(t, s.add(make([]byte, minRecord)), "what the headers say")

	s = newSorter(newScratch(t))
	s.most = 1
	require.NoError(t, s.add(make([]byte, minRecord)))
	all := s.sorted()
	require.NoError(t, s.scratch.file.Close())
	for _, err := range all {
		require.ErrorIs(t, err, os.ErrClosed)
	}
	s.scratch.file = nil // it is closed
}

func TestLinkFile(t *testing.T) {
	const n = 3*blockLinks + 7
	var all links
	for i := range key(n) {
		all = append(all, link{message: 10 + 2*i, first: 1_000 + i})
	}
	stored, err := all.store(newScratch(t))
	require.NoError(t, err)
	for message := range key(10 + 2*n + 5) {
		want := message
		if i, linked := all.find(message); linked {
			want = all[i].first
		}
		got, err := stored.firstOf(message)
		require.NoError(t, err)
		require.Equal(t, want, got, message)
	}
	require.NoError(t, stored.file.file.Close())
	_, err = stored.firstOf(all[0].message)
	require.ErrorIs(t, err, os.ErrClosed)
	stored.file.file = nil

	none, err := links(nil).store(newScratch(t))
	require.NoError(t, err)
	got, err := none.firstOf(7)
	require.NoError(t, err)
	assert.Equal(t, key(7), got)
}

// TestLeftovers: what a killed process may have left behind goes with the next import.
func TestLeftovers(t *testing.T) {
	o := options(t, newUpstream(), write(t, "box.mbox", message(0, "Topic", "Text")))
	require.NoError(t, os.MkdirAll(o.StateDir, 0o700))
	left, other := filepath.Join(o.StateDir, temporaryPrefix+"123"), filepath.Join(o.StateDir, "other")
	for _, name := range []string{left, other} {
		require.NoError(t, os.WriteFile(name, nil, 0o600))
	}
	assert.Equal(t, 1, run1(t, o).New())
	assert.NoFileExists(t, left)
	assert.FileExists(t, other)
	nothingLeft(t, o)
}
