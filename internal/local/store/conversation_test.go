package store

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConversationCounts: what is kept of how many messages there are is what
// counting them would say, whatever happens to them.
func TestConversationCounts(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		u := newUser(t, s)
		counts := func() map[string]int {
			all, err := s.Conversations(t.Context(), u.ID, ConversationFilter{Limit: 100})
			require.NoError(t, err)
			found := map[string]int{}
			for _, c := range all {
				found[c.Name] = c.Messages
				counted, err := one(t.Context(), s, scalar[int], `SELECT count(*) FROM messages WHERE conversation_id = ?`, c.ID)
				require.NoError(t, err)
				assert.Equal(t, counted, c.Messages, c.Name)
			}
			return found
		}
		save := func(i int, conversation, thread string) Message {
			at := testTime.Add(time.Duration(i) * time.Hour)
			return saveMessage(t, s, u, Message{ID: strconv.Itoa(i), SentAt: at}, ThreadKeys{Conversation: conversation, Thread: thread})
		}
		for i := range 5 {
			save(i, "harbour", fmt.Sprint("t", i/2))
		}
		assert.Equal(t, map[string]int{"harbour": 5}, counts())
		save(1, "harbour", "t0")
		assert.Equal(t, map[string]int{"harbour": 5}, counts(), "pushed again")
		save(1, "harbour", "t9")
		assert.Equal(t, map[string]int{"harbour": 5}, counts(), "in another thread")
		save(4, "office", "t2")
		assert.Equal(t, map[string]int{"harbour": 4, "office": 1}, counts(), "in another conversation")

		sel := Selection{Before: testTime.Add(2 * time.Hour)}
		removal, err := s.Removal(t.Context(), u.ID, sel)
		require.NoError(t, err)
		require.NoError(t, s.Purge(t.Context(), u.ID, sel, removal, testTime))
		assert.Equal(t, map[string]int{"harbour": 2, "office": 1}, counts())
	})
}
