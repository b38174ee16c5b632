package store

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// addNote stores an item with passages of these bodies.
func addNote(t *testing.T, s *Store, u User, bodies ...string) string {
	t.Helper()
	var id string
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) (err error) {
		id, err = tx.Accept(Push{UserID: u.ID, Kind: KindNote, Provider: "note", Payload: []byte("{}"), At: testTime, RunAt: testTime})
		if err != nil {
			return err
		}
		return setBodies(tx, u, id, bodies...)
	}))
	return id
}

func setBodies(tx *Tx, u User, id string, bodies ...string) error {
	var passages []Passage
	for i, body := range bodies {
		passages = append(passages, Passage{Kind: KindNote, ItemID: id, Seq: i, Title: "Plan", Body: body, At: testTime})
	}
	return tx.SetPassages(u.ID, id, passages)
}

// vectorize gives a vector to all passages that have none of the model.
func vectorize(t *testing.T, s *Store, model string) int {
	t.Helper()
	texts, err := s.WithoutVector(t.Context(), model, 0, 100)
	require.NoError(t, err)
	addVectors(t, s, model, texts)
	return len(texts)
}

func addVectors(t *testing.T, s *Store, model string, texts []Text) {
	t.Helper()
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
		var vectors []Vector
		for _, text := range texts {
			vectors = append(vectors, Vector{Text: text, Packed: []byte(text.Body[:2])})
		}
		return tx.AddVectors(model, vectors)
	}))
}

func TestVectors(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		u, other := newUser(t, s), newUser(t, s)
		id := addNote(t, s, u, "roof", "予算の話")
		addNote(t, s, other, "cellar")

		texts, err := s.WithoutVector(t.Context(), "small", 0, 100)
		require.NoError(t, err)
		require.Len(t, texts, 3)
		assert.Equal(t, "予算の話", texts[1].Body, "as it was, and not as the index splits it")
		assert.Equal(t, 3, vectorize(t, s, "small"))
		assert.Zero(t, vectorize(t, s, "small"), "all have one")
		assert.Equal(t, 3, vectorize(t, s, "large"), "another model's are no use")
		assert.Equal(t, 3, vectorize(t, s, "small"))

		mine, err := s.Vectors(t.Context(), u.ID, "small", 0, 100)
		require.NoError(t, err)
		require.Len(t, mine, 2, "another user's are not there")
		assert.Equal(t, []byte("ro"), mine[0].Packed)
		assert.Equal(t, KindNote, mine[0].Kind)
		rest, err := s.Vectors(t.Context(), u.ID, "small", mine[0].Seq, 100)
		require.NoError(t, err)
		assert.Equal(t, mine[1:], rest)

		// The passages are cut anew; the last ids may be given again.
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return setBodies(tx, u, id, "garden") }))
		mine, err = s.Vectors(t.Context(), u.ID, "small", 0, 100)
		require.NoError(t, err)
		assert.Empty(t, mine, "vectors leave with their passages")
		there, err := s.WithoutVector(t.Context(), "small", 0, 100)
		require.NoError(t, err)
		require.Len(t, there, 1)
		texts[0].ID = there[0].ID // as after a restart
		addVectors(t, s, "small", texts)
		mine, err = s.Vectors(t.Context(), u.ID, "small", 0, 100)
		require.NoError(t, err)
		assert.Empty(t, mine, "what was read before is not of what is there now")

		assert.Equal(t, 1, vectorize(t, s, "small"))
		mine, err = s.Vectors(t.Context(), u.ID, "small", 0, 100)
		require.NoError(t, err)
		require.Len(t, mine, 1)
		for _, c := range []struct {
			q    PassageQuery
			want int
		}{
			{PassageQuery{UserID: u.ID}, 1},
			{PassageQuery{UserID: other.ID}, 0},
			{PassageQuery{UserID: u.ID, Kinds: []Kind{KindMessage}}, 0},
			{PassageQuery{UserID: u.ID, To: testTime}, 0},
		} {
			c.q.IDs = []int64{mine[0].PassageID}
			of, err := s.VectorsOf(t.Context(), c.q, "small")
			require.NoError(t, err)
			assert.Len(t, of, c.want, "%+v", c.q)
		}
	})
}

func TestVectorsAreQueuedOnce(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	claim := Claim{Queue: QueueVectors, Owner: "w", Due: testTime, Now: testTime, Until: testTime.Add(1), Limit: 10}
	for range 2 {
		require.NoError(t, s.Write(t.Context(), (*Tx).QueueVectors))
	}
	jobs, err := s.Claim(t.Context(), claim)
	require.NoError(t, err)
	require.Len(t, jobs, 1)

	later := testTime.AddDate(1, 0, 0)
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.Defer(jobs[0], "w", later) }))
	some, err := s.Runnable(t.Context(), claim)
	require.NoError(t, err)
	assert.False(t, some)
	addNote(t, s, u, "roof")
	some, err = s.Runnable(t.Context(), claim)
	require.NoError(t, err)
	assert.True(t, some, "a new passage wakes the job")

	lacks := func() (found bool) {
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) (err error) {
			found, err = tx.LacksVectors("small")
			return err
		}))
		outside, err := s.LacksVectors(t.Context(), "small")
		require.NoError(t, err)
		assert.Equal(t, found, outside)
		return found
	}
	assert.True(t, lacks())
	vectorize(t, s, "small")
	assert.False(t, lacks())
}
