package speech

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// TestOurs: only who has an address of the same owner's is a colleague.
func TestOurs(t *testing.T) {
	me := NewSelf(store.User{Email: "Tessa@Larkmoor.co.uk", Addresses: []string{"tessa.w@gmail.com"}})
	for address, want := range map[string]bool{
		"tessa@larkmoor.co.uk": true, "TESSA.W@GMAIL.COM": true, "mo@larkmoor.co.uk": true, "bot@mail.larkmoor.co.uk": true,
		"tessa@larkmoor.evil": false, "tessa@larkmoor.com": false, "mo@larkmoor.co.uk.evil.example": false, "mo@notlarkmoor.co.uk": false,
		"other@gmail.com": false, "mo@co.uk": false, "mo@": false, "": false, "mo@larkmoor": false, "mo@[10.0.0.1]": false,
	} {
		assert.Equal(t, want, me.Ours(store.Person{Email: address}), address)
	}
}

func TestCompany(t *testing.T) {
	for address, want := range map[string]string{
		"a@acme.example": "acme", "a@eu.acme.co.uk": "acme", "a@acme.com.au": "acme", "a@yahoo.co.uk": "", "a@gmail.com": "", "a@localhost": "", "a@com": "", "": "",
	} {
		assert.Equal(t, want, Company(address), address)
	}
}
