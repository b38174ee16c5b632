package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"modernc.org/sqlite"
)

// TestTheWriterKeepsToItsCache: what it holds counts against the memory of an import.
func TestTheWriterKeepsToItsCache(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "new.db"))
	const limit = writerCache << 10
	text, used := strings.Repeat("x", 1<<20), 0
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
		err := tx.exec(`CREATE TABLE texts (text TEXT)`)
		for i := 0; err == nil && i < limit*5/4; i += len(text) {
			err = tx.exec(`INSERT INTO texts VALUES (?)`, text)
		}
		return errors.Join(err, tx.conn.Raw(func(conn any) (err error) {
			used, _, err = conn.(sqlite.DBStatus).Status(sqlite.DBStatusCacheUsed, false)
			return err
		}))
	}))
	assert.InEpsilon(t, limit, used, 0.1)
}
