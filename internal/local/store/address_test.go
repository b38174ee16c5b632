package store

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNamesAddresses(t *testing.T) {
	ann := map[string]bool{"ann@x.org": true, "slack:u7": true}
	for text, want := range map[string]bool{
		"ann@x.org":                   true,
		"Write to Ann@X.org.":         true,
		"On Monday <ann@x.org> said":  true,
		"mailto:ann@x.org":            true,
		"'ann@x.org'":                 true,
		"*ann@x.org*, _ann@x.org_":    true,
		"https://x.org/?to=ann@x.org": true,
		"@@ann@x.org":                 true,
		"joann@x.org":                 false,
		"o'ann@x.org, jo.ann@x.org":   false,
		"ann@x.org.uk":                false,
		"ann@sub.x.org":               false,
		"ann+news@x.org":              false,
		"ann @x.org":                  false,
		"@x.org ann@":                 false,
		"":                            false,
		"slack:U7":                    true,
		`["slack:u7","x"] (slack:U7)`: true,
		"slack:U77, nslack:U7":        false,
		"slack: U7, slack:, :U7":      false,
	} {
		assert.Equal(t, want, names(text, ann), text)
	}
}

func TestRedactsAddresses(t *testing.T) {
	both := map[string]bool{"ann@x.org": true, "bob@x.org": true}
	assert.Equal(t, "Ask [removed] ([removed]), not joann@x.org.", redact("Ask Ann@x.org (bob@x.org), not joann@x.org.", both))
	assert.Equal(t, "nobody", redact("nobody", both))
	assert.Equal(t, "'[removed]", redact("'ann@x.org", both))
	both["slack:u7"] = true
	assert.Equal(t, "[removed] is [removed], slack:U77 is not.", redact("slack:U7 is ann@x.org, slack:U77 is not.", both))
}

func TestIdentitiesOfJSON(t *testing.T) {
	got, err := identitiesOf([]byte(`{"sender_email":"Ann@X.org","metadata":{"cc":["\u003cbob\u0040x.org\u003e",1,null],"sender_id":"slack:U7"},"body":"none: at 10:30"}`))
	require.NoError(t, err)
	assert.Equal(t, []string{"ann@x.org", "bob@x.org", "slack:u7", "10:30"}, got)
	_, err = identitiesOf([]byte(`{"@`))
	require.Error(t, err)
}
