package speech

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
