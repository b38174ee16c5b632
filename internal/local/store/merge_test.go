package store

import (
	"fmt"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMergeIndex(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "a.db"))
	user := newUser(t, s)
	for i := range 20 {
		push := Push{UserID: user.ID, Kind: KindNote, Provider: "notes", ExternalID: strconv.Itoa(i), At: testTime}
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
			item, _, err := tx.Receive(push)
			if err != nil {
				return err
			}
			return tx.SetPassages(user.ID, item.ID, []Passage{{Kind: KindNote, Body: fmt.Sprintf("tea for %d", i)}})
		}))
	}
	pieces := func() int {
		n, err := one(t.Context(), s, scalar[int], `SELECT count(DISTINCT segid) FROM passages_fts_idx`)
		require.NoError(t, err)
		return n
	}
	assert.Greater(t, pieces(), 1)
	require.NoError(t, s.MergeIndex(t.Context()))
	assert.Equal(t, 1, pieces())
	require.NoError(t, s.CheckIndex(t.Context()))
	hits, err := s.Passages(t.Context(), PassageQuery{UserID: user.ID, Match: "tea", Weights: Weights{1, 1, 1}, Limit: 50})
	require.NoError(t, err)
	assert.Len(t, hits, 20)
	require.NoError(t, s.MergeIndex(t.Context()), "there is nothing left to merge")
}
