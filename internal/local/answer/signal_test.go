package answer

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
	r := newReader()
	for text, want := range map[string]signal{
		"It rains.":                                 0,
		"Can you confirm the number?":               ask,
		"Really?":                                   0,
		"Please send the form.":                     ask,
		"Please find the form attached.":            settled,
		"PLEASE, let us know":                       ask,
		"I’ll send it tomorrow.":                    promise,
		"I will not pay.":                           0,
		"Will we see you on Friday?":                ask,
		"I'm still waiting for your answer.":        awaits,
		"The invoice is overdue.":                   overdue,
		"We are blocked by legal.":                  blocked,
		"They have gone quiet.":                     quiet,
		"We look at alternatives.":                  risk,
		"We decided to go.":                         decided,
		"The call is moved to Friday.":              changed,
		"The blockedness of paint is undecided now": 0,
	} {
		assert.Equal(t, want, r.read(text), text)
	}
}

// Requests and commitments in other people's sentences: a one-line regular
// expression reaches an F1 of .68.
func TestSignalsOnRealSentences(t *testing.T) {
	file, err := os.Open(realdata.Dir(t, "intents", "parakweet-intent-train.tsv"))
	require.NoError(t, err)
	defer file.Close()
	r := newReader()
	var both, said, found float64
	for rows := bufio.NewScanner(file); rows.Scan(); {
		label, text, _ := strings.Cut(rows.Text(), "\t")
		is, got := label == "Yes", r.read(text).has(ask|promise)
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
