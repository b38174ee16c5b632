package model_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/model"
)

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct{ text, err string }{
		"fine":                   {"Jan has not answered since 22 October [msg_a]. It is for you to send the draft [msg_b] [msg_a].", ""},
		"its numbers":            {"He asks whether 40,000 is fine, 12 days ago, on 2026-10-22 [msg_a].", ""},
		"an abbreviation":        {"Mr. Jansen waits, e.g. for the draft [msg_b].", ""},
		"its address":            {"The terms are on Renew.example/terms, he says (renew.example) [msg_a].", ""},
		"nothing":                {"", "0 sentences"},
		"an invented id":         {"Jan waits [msg_c].", "cites what the finding does not"},
		"an invented id beside":  {"Jan waits [msg_a] [msg_c].", "cites what the finding does not"},
		"two ids in one":         {"Jan waits [msg_a, msg_b].", "cites what the finding does not"},
		"other brackets":         {"Jan [sic] waits [msg_a].", "cites what the finding does not"},
		"half a bracket":         {"Jan waits] [msg_a].", "markup"},
		"no citation":            {"Jan waits.", "cites nothing"},
		"a sentence without one": {"Jan waits [msg_a]. All is lost.", "cites nothing"},
		"too long":               {strings.Repeat("very ", 250) + "[msg_a].", "1000 characters"},
		"too many sentences":     {strings.Repeat("He waits [msg_a]. ", 5), "5 sentences"},
		"a URL":                  {"Jan waits at https://evil.example/x [msg_a].", "address"},
		"a host":                 {"Pay at evil.example [msg_a].", "address"},
		"a host like one":        {"Pay at renew.example.evil.com [msg_a].", "address"},
		"a mail address":         {"Write to jan@evil [msg_a].", "address"},
		"a link":                 {"[Pay](x) now [msg_a].", "cites what the finding does not"},
		"a number":               {"He offers 50,000 [msg_a].", "number"},
		"a number of an id":      {"He offers 7 [msg_a].", "number"},
		"markup":                 {"Jan **waits** [msg_a].", "markup"},
		"HTML":                   {"Jan waits <b>long</b> [msg_a].", "markup"},
		"lines":                  {"Jan waits [msg_a].\n- And waits [msg_a].", "printed"},
		"what nobody sees":       {"Jan\u200b waits\u202e [msg_a].", "printed"},
		"no text":                {"Jan waits \xff [msg_a].", "printed"},
	} {
		t.Run(name, func(t *testing.T) {
			err := model.Check(c.text, finding())
			if c.err == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.err)
			assert.NotContains(t, err.Error(), "evil")
		})
	}
}

func TestPlain(t *testing.T) {
	assert.Equal(t, "Jan waits [msg_a] [msg_b]. You do not [msg_b].", model.Plain("\n Jan waits. [msg_a]\u00a0[msg_b]\nYou do not  [msg_b].\n"))
}

func TestLasting(t *testing.T) {
	for text, want := range map[string]bool{
		"Nothing came since 22 October [msg_a].": true, "It is due on Monday [msg_a].": true,
		"Nothing came for 12 days [msg_a].": false, "He wrote Yesterday [msg_a].": false, "It is due this week [msg_a].": false,
	} {
		assert.Equal(t, want, model.Lasting(text), text)
	}
}
