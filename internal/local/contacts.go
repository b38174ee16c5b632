package local

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/people"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// contactsPage is how many contacts are read at a time.
const contactsPage = 1000

// ErrNobody says that no contact is meant by what was given.
var ErrNobody = errors.New("no contact has this name, address or id")

// AmbiguousError says that several contacts may be meant.
type AmbiguousError struct {
	Given string
	Among []store.Entity
}

// Error implements error.
func (e *AmbiguousError) Error() string { return fmt.Sprintf("%q may be several people", e.Given) }

// Contact finds one by an id, an address or a name: that of one person, or else a
// part of it that no other has.
func (w *Owner) Contact(ctx context.Context, given string) (store.Entity, error) {
	given = strings.TrimSpace(given)
	if err := w.resolve(ctx); err != nil {
		return store.Entity{}, err
	}
	e, err := w.core.store.Entity(ctx, w.user.ID, given)
	if errors.Is(err, store.ErrNotFound) {
		e, err = w.core.store.Holder(ctx, w.user.ID, strings.ToLower(given))
	}
	if !errors.Is(err, store.ErrNotFound) {
		return e, err
	}
	found, err := w.Contacts(ctx, given)
	if err != nil {
		return store.Entity{}, err
	}
	found = slices.DeleteFunc(found, func(e store.Entity) bool { return e.Type == "company" })
	key := people.ParseName(given).Key()
	var named []store.Entity
	for _, e := range found {
		if key != "" && people.ParseName(e.Name).Key() == key {
			named = append(named, e)
		}
	}
	if len(named) == 0 {
		named = found
	}
	switch len(named) {
	case 0:
		return store.Entity{}, fmt.Errorf("%w: %s", ErrNobody, given)
	case 1:
		return named[0], nil
	}
	return store.Entity{}, &AmbiguousError{Given: given, Among: named}
}

// Contacts are those with a part of a name or address, or all for "".
func (w *Owner) Contacts(ctx context.Context, part string) ([]store.Entity, error) {
	if err := w.resolve(ctx); err != nil {
		return nil, err
	}
	var all []store.Entity
	for filter := (store.EntityFilter{Contains: part, Limit: contactsPage}); ; {
		page, err := w.core.store.Entities(ctx, w.user.ID, filter)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < filter.Limit {
			return all, nil
		}
		filter.After = page[len(page)-1].Seq
	}
}

// Why tells why the handles of a contact are taken for one person's.
func (w *Owner) Why(ctx context.Context, e store.Entity) (map[string]people.Why, error) {
	return w.core.store.PersonLinks(ctx, w.user.ID, e)
}

// Merge makes one contact of several, whatever is found out later. Addresses of the
// user's own make the others theirs.
func (w *Owner) Merge(ctx context.Context, contacts ...store.Entity) (store.Entity, error) {
	var handles []string
	for _, e := range contacts {
		if e.Type == "company" {
			return store.Entity{}, fmt.Errorf("%s is a company: only people can be merged", e.Name)
		}
		handles = append(handles, e.Handles...)
	}
	return w.decided(ctx, people.Decision{Same: true, These: handles}, handles[0])
}

// Split makes a contact of its own of some of another's handles.
func (w *Owner) Split(ctx context.Context, from store.Entity, handles []string) (store.Entity, error) {
	rest := slices.DeleteFunc(slices.Clone(from.Handles), func(h string) bool { return slices.Contains(handles, h) })
	return w.decided(ctx, people.Decision{These: handles, Others: rest}, handles[0])
}

func (w *Owner) decided(ctx context.Context, d people.Decision, handle string) (store.Entity, error) {
	if err := w.core.store.Decide(ctx, w.user.ID, store.Decision{Decision: d, At: w.o.Now()}); err != nil {
		return store.Entity{}, err
	}
	return w.core.store.Holder(ctx, w.user.ID, handle)
}

// Undo takes the last Merge or Split back. The error is store.ErrNotFound where
// there is none.
func (w *Owner) Undo(ctx context.Context) (store.Decision, error) {
	return w.core.store.Undecide(ctx, w.user.ID, w.o.Now())
}

// Me is who the user is: their own addresses, and the addresses and accounts that
// were found to be theirs.
func (w *Owner) Me(ctx context.Context) (own, linked []string, err error) {
	if err := w.resolve(ctx); err != nil {
		return nil, nil, err
	}
	user, err := w.core.store.User(ctx, w.user.ID)
	accounts := slices.DeleteFunc(user.Handles, func(handle string) bool { return !strings.Contains(handle, ":") })
	return user.Addresses, slices.Concat(user.Linked, accounts), err
}

// Own reports whether the user has said, or not denied, that an address is theirs.
func (w *Owner) Own(address string) bool { return slices.Contains(w.user.Addresses, address) }

// SetMe says who the user is, in place of what was said or proposed before: by
// addresses in lower case, and by accounts as Account returns them.
func (w *Owner) SetMe(ctx context.Context, own []string) error {
	said := store.User{Addresses: own, UpdatedAt: w.o.Now()}
	if i := slices.IndexFunc(own, func(one string) bool { return strings.Contains(one, "@") }); i >= 0 {
		said.Email = own[i]
	}
	var err error
	w.user, err = w.core.store.SetMe(ctx, w.user.ID, said)
	return err
}

// Account returns an account that somebody here has as it is kept, which may be in
// another case. The error is ErrNobody if nobody has it.
func (w *Owner) Account(ctx context.Context, given string) (string, error) {
	e, err := w.core.store.Holder(ctx, w.user.ID, given)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	for _, handle := range e.Handles {
		if strings.EqualFold(handle, given) {
			return handle, nil
		}
	}
	return "", fmt.Errorf("%w: %s", ErrNobody, given)
}

func (w *Owner) resolve(ctx context.Context) error {
	return w.core.resolvePersons(ctx, w.user.ID)
}
