package safetest

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLeaks: a watch that sees nothing would let every test pass.
func TestLeaks(t *testing.T) {
	for name, c := range map[string]struct {
		said  []string
		leaks int
	}{
		"nothing":                 {nil, 0},
		"what is no credential":   {[]string{`{"types":["goals.risk_detected"],"next":"Set ATTROVE_SECRET_KEY to sk_..."}`}, 0},
		"a key":                   {[]string{`{"api_key":"sk_0123456789"}`}, 1},
		"a token in an address":   {[]string{`https://connect.example/?token=pit_0123456789&x=1`}, 1},
		"a webhook's secret":      {[]string{`"whsec_abc+/def=="`}, 1},
		"what was planted":        {[]string{"Basic partner:word"}, 1},
		"in two pieces":           {[]string{"wo", "rd"}, 1},
		"more than one, anywhere": {[]string{"sk_0123456789 pit_0123456789", "word"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := new(watch)
			for _, s := range c.said {
				_, err := io.WriteString(w, s)
				require.NoError(t, err)
			}
			assert.Len(t, w.leaks([]string{"word"}), c.leaks)
		})
	}
}
