package index_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// What one mail says is found once; what somebody else says in the same words, or says
// again later, or with something else attached, is another mail.
func TestSearchFindsCopiesOnce(t *testing.T) {
	const words = "The turbine in hall two stands still from Monday on, as its bearings are replaced."
	first := store.Message{SenderEmail: "dana@acme.example", Subject: "Turbine", BodyText: words, SentAt: at("2026-11-02 09:00")}
	for name, tt := range map[string]struct {
		change func(*store.Message)
		copied bool
	}{
		"to another list": {func(m *store.Message) { m.Recipients = []store.Person{{Email: "list@other.example"}} }, true},
		"sent again":      {func(m *store.Message) { m.SentAt = first.SentAt.Add(time.Hour - time.Second) }, true},
		"weekly":          {func(m *store.Message) { m.SentAt = first.SentAt.AddDate(0, 0, 7) }, false},
		"hourly":          {func(m *store.Message) { m.SentAt = first.SentAt.Add(time.Hour) }, false},
		"with other figures": {func(m *store.Message) {
			m.BodyText = "The turbine in hall four" + words[len("The turbine in hall two"):]
		}, false},
		"with more at the end":       {func(m *store.Message) { m.BodyText += "\nHall four is next." }, false},
		"another answer to the same": {func(m *store.Message) { m.QuotedText = "Is the turbine in hall two running?" }, false},
		"under another title":        {func(m *store.Message) { m.Subject = "Turbine, corrected" }, false},
		"of somebody else":           {func(m *store.Message) { m.SenderEmail = "li@acme.example" }, false},
		"with an attachment":         {func(m *store.Message) { m.Metadata = json.RawMessage(`{"attachments":[{"name":"plan.pdf"}]}`) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := berlin(t)
			one, other := first, first
			other.SentAt = other.SentAt.Add(time.Minute)
			tt.change(&other)
			f.Message(one, other)
			found := messageIDs(search(t, f, attrove.SearchIn{Query: "turbine"}))
			assert.Equal(t, tt.copied, len(found) == 1)
			all, err := f.Index.Find(t.Context(), f.User, index.Request{Text: "turbine", Limit: 5})
			require.NoError(t, err)
			assert.Len(t, all, 2)
		})
	}
}

// A mail is found once though both it and its copy, sent from another of the user's
// addresses, are theirs.
func TestSearchFindsOwnCopiesOnce(t *testing.T) {
	f := berlin(t)
	f.User.Addresses = []string{"sam@ours.example", "sam@home.example"}
	for _, from := range f.User.Addresses {
		f.Message(store.Message{SenderEmail: from, BodyText: "The turbine is to be sold as soon as somebody asks.", SentAt: at("2026-11-02 09:00")})
	}
	assert.Len(t, messageIDs(search(t, f, attrove.SearchIn{Query: "turbine"})), 1)
}

// Of copies the one that fits best is found, and others take the places of the rest.
func TestSearchFillsThePlacesOfCopies(t *testing.T) {
	f := berlin(t)
	circular := store.Message{SenderEmail: "dana@acme.example", Subject: "Turbine sale", BodyText: "The turbine is to be sold as soon as somebody asks for it.", SentAt: at("2026-11-02 09:00")}
	var toLi string
	for i, to := range []string{"ada", "bob", "li", "mia", "noor"} {
		circular.Recipients = []store.Person{{Email: to + "@other.example"}}
		circular.SentAt = circular.SentAt.Add(time.Duration(i) * time.Second)
		if id := f.Message(circular); to == "li" {
			toLi = id
		}
	}
	short := store.Message{SenderEmail: "dana@acme.example", Subject: "Turbine", BodyText: "Sold.", SentAt: at("2026-11-03 09:00")}
	f.Message(short, short)
	found := messageIDs(search(t, f, attrove.SearchIn{Query: "turbine sale to li"}))
	require.Len(t, found, 3, "what says little may well be said twice")
	assert.Equal(t, toLi, found[0])
}
