package store

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhoSaysWhoSomebodyIs(t *testing.T) {
	s := openTest(t, "")
	at := time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC)
	user, err := s.LocalUser(t.Context(), User{ID: "u", Email: PlaceholderEmail})
	require.NoError(t, err)
	steps := []struct {
		name string
		do   func() (User, error)
		want string
	}{
		{"nothing is proposed", func() (User, error) { return s.ProposeMe(t.Context(), user.ID, nil, at) }, ""},
		{"a proposal", func() (User, error) { return s.ProposeMe(t.Context(), user.ID, []string{"ann@acme.example"}, at) }, "ann@acme.example"},
		{"another", func() (User, error) { return s.ProposeMe(t.Context(), user.ID, []string{"bob@acme.example"}, at) }, "ann@acme.example"},
		{"a flag", func() (User, error) {
			return s.LocalUser(t.Context(), User{Email: "cy@acme.example", Addresses: []string{"cy@acme.example"}})
		}, "cy@acme.example"},
		{"the user", func() (User, error) {
			return s.SetMe(t.Context(), user.ID, User{Email: "di@acme.example", Addresses: []string{"di@acme.example"}, UpdatedAt: at})
		}, "di@acme.example"},
		{"a flag against the user", func() (User, error) {
			u, err := s.LocalUser(t.Context(), User{Email: "cy@acme.example", FirstName: "Cy", Addresses: []string{"cy@acme.example"}})
			assert.Equal(t, "Cy", u.FirstName, "a name is another matter")
			return u, err
		}, "di@acme.example"},
		{"the user again", func() (User, error) {
			return s.SetMe(t.Context(), user.ID, User{Email: "eve@acme.example", Addresses: []string{"eve@acme.example"}, UpdatedAt: at})
		}, "eve@acme.example"},
		{"nobody, once all is removed", func() (User, error) {
			if err := s.Purge(t.Context(), user.ID, Selection{All: true}, Removal{}, at); err != nil {
				return User{}, err
			}
			return s.User(t.Context(), user.ID)
		}, ""},
		{"a proposal then", func() (User, error) { return s.ProposeMe(t.Context(), user.ID, []string{"flo@acme.example"}, at) }, "flo@acme.example"},
	}
	for _, step := range steps {
		user, err = step.do()
		require.NoError(t, err, step.name)
		if step.want == "" {
			assert.Empty(t, user.Addresses, step.name)
			continue
		}
		assert.Equal(t, []string{step.want}, user.Addresses, step.name)
		assert.Equal(t, step.want, user.Email, step.name)
	}
}
