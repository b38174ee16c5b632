package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGraphAround: what is counted in the items of one is what is counted in all.
func TestGraphAround(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	const hours = 3 * batchNamings / 2
	now := testTime.Add((hours - 10) * time.Hour) // ten are to come
	for i := range hours {
		letter(t, s, u, i, fmt.Sprintf("p%d@globex.example", i%7), fmt.Sprintf("p%d@globex.example", i%5), fmt.Sprintf("q%d@globex.example", i%40))
	}
	require.NoError(t, s.ResolvePersons(t.Context(), u.ID))
	all, err := s.Graph(t.Context(), u.ID, now)
	require.NoError(t, err)
	for _, handle := range []string{"p1@globex.example", "q39@globex.example"} {
		e, err := s.Holder(t.Context(), u.ID, handle)
		require.NoError(t, err)
		around, err := s.GraphAround(t.Context(), u.ID, e, hours, now)
		require.NoError(t, err)
		want, wanted, err := s.Relationships(t.Context(), all, e, 0, 100)
		require.NoError(t, err)
		got, total, err := s.Relationships(t.Context(), around, e, 0, 100)
		require.NoError(t, err)
		require.Greater(t, total, 5)
		assert.Equal(t, wanted, total)
		assert.Equal(t, want, got)

		around, err = s.GraphAround(t.Context(), u.ID, e, 5, now)
		require.NoError(t, err)
		assert.Nil(t, around, "it is in too many")
	}
	assert.False(t, all.Current(now.Add(time.Hour)), "one is no longer to come")
}
