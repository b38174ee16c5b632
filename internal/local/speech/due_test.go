package speech_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestGuessedDatesMakeNoDeadline(t *testing.T) {
	said := time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		metadata string
		text     string
		want     string // the day
	}{
		"known":                    {`{}`, "I will send the plan by Friday.", "2026-11-06"},
		"by the file's name":       {`{"time_from":"name"}`, "I will send the plan by Friday.", "2026-11-06"},
		"guessed":                  {`{"time_from":"file"}`, "I will send the plan by Friday.", ""},
		"guessed, no deadline":     {`{"time_from":"file"}`, "I will send the plan this week.", ""},
		"guessed, without a year":  {`{"time_from":"file"}`, "I will send the plan by 3 March.", ""},
		"guessed, with its year":   {`{"time_from":"file"}`, "I will send the plan by 3 March 2027.", "2027-03-03"},
		"metadata that is no text": {`{"time_from":7}`, "I will send the plan by Friday.", "2026-11-06"},
	} {
		t.Run(name, func(t *testing.T) {
			me, metadata := speech.NewSelf(store.User{}), json.RawMessage(tc.metadata)
			statements := speech.NewReader().FromMeeting(me, store.Meeting{StartAt: said, Transcript: "Ann Lee: " + tc.text, Metadata: metadata})
			statements = append(statements, speech.NewReader().FromNote(store.Note{CreatedAt: said, Body: tc.text, Metadata: metadata})...)
			require.Len(t, statements, 2)
			for _, s := range statements {
				period, ok := s.Ahead(time.UTC)
				require.Equal(t, tc.want != "", ok)
				if ok {
					assert.Equal(t, tc.want, period.To.Add(-time.Second).Format(time.DateOnly))
				}
			}
		})
	}
}
