package answer

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// intentNames are those of the tables in testdata. Promises have a direction, too.
var intentNames = map[string]intent{
	"lookup": lookUp, "attention": attention, "questions": questions, "tasks": tasks, "calendar": calendar, "prepare": prepare, "recap": lastMeeting,
	"said": said, "who": whoSaid, "contact": contact, "noted": noted, "decisions": decisions, "catchup": catchUp, "blocked": isBlockedOn, "late": isOverdue,
	"silent": isUnanswered, "risk": isEndangered, "promises.ours": promises, "promises.mine": promises, "promises.theirs": promises,
}

// TestIntents holds the rules to questions as people put them: those that they were
// made with, and others that were written later and never looked at for them.
func TestIntents(t *testing.T) {
	f := indextest.New(t, store.User{Email: "sam@ours.example", FirstName: "Sam", LastName: "Ito"})
	for _, p := range []store.Person{{Email: "dana@acme.example", Name: "Dana Whitfield"}, {Email: "rob@zenith.example", Name: "Rob Moss"}, {Email: "lee@ours.example", Name: "Lee Park"}} {
		f.Message(store.Message{SentAt: time.Unix(1e9, 0), SenderEmail: p.Email, SenderName: p.Name, BodyText: "Hello."})
	}
	a := New(f.Store, f.Index)
	for file, floor := range map[string]float64{"intents": 0.97, "intents_unseen": 0.8} {
		data, err := os.ReadFile("testdata/" + file + ".tsv")
		require.NoError(t, err)
		right, all := 0, 0
		for line := range strings.Lines(string(data)) {
			label, text, ok := strings.Cut(strings.TrimSpace(line), "\t")
			want, known := intentNames[label]
			require.True(t, ok && known, line)
			q, err := a.understand(t.Context(), f.User, attrove.QueryIn{Query: text}, time.Date(2026, 11, 19, 11, 0, 0, 0, time.UTC))
			require.NoError(t, err)
			all++
			side, directed := map[string]side{"promises.ours": ours, "promises.mine": mine, "promises.theirs": theirs}[label]
			if q.intent == want && (!directed || q.whose == side) {
				right++
			} else if file == "intents" {
				t.Logf("%s: %q is taken for %d, side %d", label, text, q.intent, q.whose)
			}
		}
		share := float64(right) / float64(all)
		t.Logf("%s: %d of %d, %.3f", file, right, all, share)
		assert.GreaterOrEqual(t, share, floor, file)
	}
}
