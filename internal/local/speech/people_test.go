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

// TestNobodyIsCalledAsNobodyIs: as long as it is not known who the user is, the
// address that stands for theirs gives them no name.
func TestNobodyIsCalledAsNobodyIs(t *testing.T) {
	me := NewSelf(store.User{Email: store.PlaceholderEmail, Addresses: []string{"slack:U7"}})
	assert.Equal(t, []string{"slack:u7"}, me.Addresses())
	for account, want := range map[string]bool{"slack:U7": true, "slack:U8": false, "": false} {
		assert.Equal(t, want, me.Is(store.Person{Account: account}), account)
	}
	for _, s := range NewReader().FromMessage(me, store.Message{Source: "slack", BodyText: "Would you be fine with that?"}) {
		assert.False(t, s.ToMe)
	}
}

func TestCompany(t *testing.T) {
	for address, want := range map[string]string{
		"a@acme.example": "acme", "a@eu.acme.co.uk": "acme", "a@acme.com.au": "acme", "a@yahoo.co.uk": "", "a@gmail.com": "", "a@localhost": "", "a@com": "", "": "",
	} {
		assert.Equal(t, want, Company(address), address)
	}
}

// TestMachine: what programs write, and what is written to thousands, is told from
// what people write, also through mailing lists.
func TestMachine(t *testing.T) {
	for _, test := range []struct {
		message store.Message
		want    bool
	}{
		{store.Message{SenderEmail: "ines@larkmoor.example", SenderName: "Ines", BodyText: "Can you open the gate?"}, false},
		{store.Message{SenderEmail: "talbot@larkmoor.example", SenderName: "Ada Talbot", BodyText: "Can you open the gate?"}, false},
		{store.Message{SenderEmail: "j.cabot@larkmoor.example", SenderName: "cabot"}, false},
		{store.Message{SenderEmail: "ines@larkmoor.example", BodyText: "Can you open the gate?\n-- \nYou are subscribed to the list. To unsubscribe, write to leave@lists.example"}, false},
		{store.Message{SenderEmail: "ines@larkmoor.example", BodyText: "Can you?\n_______________________________________________\nTo unsubscribe send an email to gates-leave@lists.example"}, false},
		{store.Message{SenderEmail: "offers@garden.example", BodyText: "Chairs at half the price!\n\nUnsubscribe here."}, true},
		{store.Message{SenderEmail: "no-reply@bank.example", BodyText: "Please confirm."}, true},
		{store.Message{SenderName: "deploybot", BodyText: "Please confirm."}, true},
		{store.Message{SenderName: "Release Bot", BodyText: "Please confirm."}, true},
		{store.Message{SenderEmail: "ci@larkmoor.example", Metadata: []byte(`{"bot":true}`), BodyText: "Please confirm."}, true},
		{store.Message{SenderEmail: "ines@larkmoor.example", Subject: "Automatic reply: gate", BodyText: "Please call Mo."}, true},
	} {
		assert.Equal(t, test.want, Machine(test.message), "%+v", test.message)
	}
}
