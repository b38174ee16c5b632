package store

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNamesAddresses(t *testing.T) {
	ann := map[string]bool{"ann@x.org": true}
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
	} {
		assert.Equal(t, want, names(text, ann), text)
	}
}

func TestRedactsAddresses(t *testing.T) {
	both := map[string]bool{"ann@x.org": true, "bob@x.org": true}
	assert.Equal(t, "Ask [removed] ([removed]), not joann@x.org.", redact("Ask Ann@x.org (bob@x.org), not joann@x.org.", both))
	assert.Equal(t, "nobody", redact("nobody", both))
	assert.Equal(t, "'[removed]", redact("'ann@x.org", both))
}

func TestAddressesOfJSON(t *testing.T) {
	got, err := addressesOf([]byte(`{"sender_email":"Ann@X.org","metadata":{"cc":["\u003cbob\u0040x.org\u003e",1,null]},"body":"none"}`))
	require.NoError(t, err)
	assert.Equal(t, []string{"ann@x.org", "bob@x.org"}, got)
	_, err = addressesOf([]byte(`{"@`))
	require.Error(t, err)
}
