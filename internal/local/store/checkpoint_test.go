package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheLogIsCopiedBesideTheWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := openTest(t, path)
	size := func(name string) int64 {
		info, err := os.Stat(name)
		require.NoError(t, err)
		return info.Size()
	}
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.exec(`CREATE TABLE texts (text TEXT)`) }))
	text := strings.Repeat("x", 1<<20)
	grows := int64(-1)
	for i := 0; grows != 0; i++ { // until it begins anew
		require.Less(t, i, 1000)
		before := size(path + "-wal")
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.exec(`INSERT INTO texts VALUES (?)`, text) }))
		grows = size(path+"-wal") - before
	}
	assert.GreaterOrEqual(t, size(path), int64(checkpointPages*pageSize))
}
