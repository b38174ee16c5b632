package speech

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/realdata"
)

func TestSignals(t *testing.T) {
	r := NewReader()
	for text, want := range map[string]Signal{
		"It rains.":                                 0,
		"Can you confirm the number?":               Ask,
		"Really?":                                   0,
		"Please send the form.":                     Ask,
		"Please find the form attached.":            Settled,
		"PLEASE, let us know":                       Ask,
		"I’ll send it tomorrow.":                    Promise,
		"I will not pay.":                           0,
		"Will we see you on Friday?":                Ask,
		"I'll say we moved it because it broke.":    Changed,
		"I'm still waiting for your answer.":        Awaits,
		"The invoice is overdue.":                   Overdue,
		"We are blocked by legal.":                  Blocked,
		"They have gone quiet.":                     Quiet,
		"We look at alternatives.":                  Risk,
		"We decided to go.":                         Decided,
		"I am disappointed with the support.":       Upset,
		"The call is moved to Friday.":              Changed,
		"The blockedness of paint is undecided now": 0,
	} {
		assert.Equal(t, want, r.Read(text), text)
	}
}

// Requests and commitments in other people's sentences: a one-line regular
// expression reaches an F1 of .68.
func TestSignalsOnRealSentences(t *testing.T) {
	file, err := os.Open(realdata.Dir(t, "intents", "parakweet-intent-train.tsv"))
	require.NoError(t, err)
	defer file.Close()
	r := NewReader()
	var both, said, found float64
	for rows := bufio.NewScanner(file); rows.Scan(); {
		label, text, _ := strings.Cut(rows.Text(), "\t")
		is, got := label == "Yes", r.Read(text).Has(Ask|Promise)
		if is {
			said++
		}
		if got {
			found++
		}
		if is && got {
			both++
		}
	}
	precision, recall := both/found, both/said
	f1 := 2 * precision * recall / (precision + recall)
	t.Logf("precision %.2f, recall %.2f, F1 %.2f", precision, recall, f1)
	assert.Greater(t, f1, 0.65)
}
