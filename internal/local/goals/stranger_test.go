package goals_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// A goal that names a contact goes by the words of those whom somebody on it wrote
// to, and of the contact's colleagues.
func TestStrangersAreNoEvidence(t *testing.T) {
	t.Parallel()
	const subject, done = "Globex renewal", "The contract is signed. Can you send the invoice?"
	impostor := store.Person{Email: "dana@globex-renewals.example", Name: "Dana Whitfield"}
	colleague := store.Person{Email: "lee@globex.example", Name: "Lee Ortiz"}
	asked := letter("2026-11-09 09:00", sam, dana, subject, "Do you still plan to renew for all depots?")
	for name, tt := range map[string]struct {
		messages []store.Message
		health   attrove.Health
		suggests attrove.Lifecycle
	}{
		"nobody":                 {nil, attrove.HealthAtRisk, ""},
		"an impostor":            {[]store.Message{letter("2026-11-18 09:00", impostor, sam, subject, done)}, attrove.HealthAtRisk, ""},
		"a colleague":            {[]store.Message{letter("2026-11-18 09:00", colleague, sam, subject, done)}, attrove.HealthOnTrack, attrove.LifecycleCompleted},
		"one whom we wrote to":   {[]store.Message{letter("2026-11-10 09:00", sam, rob, subject, "Dana says that you sign."), letter("2026-11-18 09:00", rob, sam, subject, done)}, attrove.HealthOnTrack, attrove.LifecycleCompleted},
		"one who was brought in": {[]store.Message{letter("2026-11-10 09:00", dana, rob, subject, "Please answer Sam."), letter("2026-11-18 09:00", rob, sam, subject, done)}, attrove.HealthOnTrack, attrove.LifecycleCompleted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := office(t)
			f.Message(asked)
			f.Message(tt.messages...)
			contacts, err := f.Store.Entities(t.Context(), f.User.ID, store.EntityFilter{Contains: dana.Email, Limit: 1})
			require.NoError(t, err)
			require.Len(t, contacts, 1)
			g := renewal()
			g.Scope.EntityIDs = []string{contacts[0].ID}
			got := evaluate(t, f, f.User, g, now())
			assert.Equal(t, tt.health, got.Health, got.Summary)
			assert.Equal(t, tt.suggests, got.SuggestedLifecycle, got.Summary)
		})
	}
}
