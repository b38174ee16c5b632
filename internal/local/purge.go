package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/connect"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Owner does what the person at this machine may do with all of their data. It
// has waited until nothing of theirs is in the queue, so that all is in one place.
type Owner struct {
	core *core
	user store.User
	o    Options
}

// Owner returns one, once everything pushed is indexed. It fails while a file
// from the connect page is being imported.
func (e *Engine) Owner(ctx context.Context) (*Owner, error) {
	core, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	user, err := e.localUser(ctx, core)
	if err != nil {
		return nil, err
	}
	w := &Owner{core: core, user: user, o: e.o}
	return w, w.settle(ctx)
}

var errImporting = errors.New("a file from the connect page is being imported: wait until the page says that it is done")

func (w *Owner) settle(ctx context.Context) error {
	uploads, err := w.core.store.Pending(ctx, store.QueueConnect, w.user.ID, 1)
	if err == nil && uploads > 0 {
		err = errImporting
	}
	if err != nil {
		return err
	}
	return w.core.drain(ctx, w.user.ID)
}

// UserID is whose data it is.
func (w *Owner) UserID() string { return w.user.ID }

// Sources are the providers that something came from.
func (w *Owner) Sources(ctx context.Context) ([]string, error) {
	all, err := w.core.store.Integrations(ctx, w.user.ID)
	var names []string
	for _, n := range all {
		if !slices.Contains(names, n.Provider) {
			names = append(names, n.Provider)
		}
	}
	slices.Sort(names)
	return names, err
}

// Zone is the user's time zone.
func (w *Owner) Zone() *time.Location { return w.user.Location() }

// Mine reports whether an address or account is the user's own.
func (w *Owner) Mine(ctx context.Context, one string) (bool, error) {
	e, err := w.core.store.Holder(ctx, w.user.ID, one)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	own := w.user.Own()
	return slices.Contains(own, one) || slices.ContainsFunc(e.Handles, func(handle string) bool { return slices.Contains(own, handle) }), nil
}

// Removal says what Purge would remove.
func (w *Owner) Removal(ctx context.Context, sel store.Selection) (store.Removal, error) {
	return w.core.store.Removal(ctx, w.user.ID, sel)
}

// Purge removes what is selected from the tables and from the files. What is
// broken off is finished by doing it again.
func (w *Owner) Purge(ctx context.Context, sel store.Selection) (store.Removal, error) {
	removal, err := w.core.store.Removal(ctx, w.user.ID, sel)
	if err != nil {
		return removal, err
	}
	if err := w.core.store.Free(ctx); err != nil { // or else it would go half of the way
		return removal, inTheWay("nothing was removed", err)
	}
	if err := w.core.store.Purge(ctx, w.user.ID, sel, removal, w.o.Now()); err != nil {
		return removal, fmt.Errorf("%w; some of it may be removed: run the command again", err)
	}
	if sel.All {
		connect.RemoveUploads(ctx, w.o.Path, w.core.store)
	}
	w.core.goals.settle(ctx, w.user.ID) // what is evaluated anew writes to the file
	if err := w.core.store.Scrub(ctx); err != nil {
		return removal, inTheWay("all of it is removed, but can still be read from the raw file "+
			"(attrove-mcp purge --yes --before 1970-01-01 removes nothing more and writes the file anew)", err)
	}
	return removal, nil
}

// inTheWay says what to do when another process keeps the file to itself.
func inTheWay(so string, err error) error {
	if errors.Is(err, store.ErrBusy) {
		return fmt.Errorf("%s: another process is using the database; stop it, such as a server that an assistant started or an import, "+
			"and run the command again: %w", so, err)
	}
	return fmt.Errorf("%s: %w", so, err)
}

// Forget has nothing taken any more that names one of the addresses, and removes
// what does. The addresses themselves are kept nowhere.
func (w *Owner) Forget(ctx context.Context, addresses []string) (store.Removal, error) {
	if err := w.core.store.Forget(ctx, w.user.ID, addresses); err != nil {
		return store.Removal{}, err
	}
	if err := w.settle(ctx); err != nil { // what was accepted until now
		return store.Removal{}, err
	}
	return w.Purge(ctx, store.Selection{Addresses: addresses})
}

// Remember takes Forget back, and returns how many of the addresses were
// forgotten.
func (w *Owner) Remember(ctx context.Context, addresses []string) (int, error) {
	return w.core.store.Remember(ctx, w.user.ID, addresses)
}

// forgotten is the answer to a push that names somebody who is forgotten. It
// does not say whom: it is printed and logged.
func forgotten() error {
	return &attrove.Error{Status: http.StatusUnprocessableEntity, Code: attrove.CodeExcluded,
		Message: "it names an address that the user had forgotten (attrove-mcp forget), and it was not stored"}
}
