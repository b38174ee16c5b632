package store

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWrittenTo(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	keepMessage(t, s, u, 1, "a", "me@x.org", "ann@x.org", "")
	keepMessage(t, s, u, 2, "b", "me@x.org", "bob@x.org", "cy@x.org")
	keepMessage(t, s, u, 3, "c", "other@x.org", "dan@x.org")
	keepMessage(t, s, u, 4, "d", "me@x.org", "cy@x.org")
	keepMessage(t, s, u, 5, "e", "me@x.org", "eve@x.org")
	for most, want := range map[int][]string{1: {"cy@x.org"}, 2: {"bob@x.org", "cy@x.org"}, 9: {"ann@x.org", "bob@x.org", "cy@x.org"}} {
		found, err := s.WrittenTo(t.Context(), u.ID, "me@x.org", testTime.Add(5*time.Hour), most)
		require.NoError(t, err)
		assert.ElementsMatch(t, want, found, "of %d messages", most)
	}
}
