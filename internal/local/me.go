package local

import (
	"context"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// ProposeMe keeps addresses, the main one first, as the local user's own unless
// the user has said who they are.
func (e *Engine) ProposeMe(ctx context.Context, addresses []string) error {
	core, err := e.open(ctx)
	if err != nil {
		return err
	}
	user, err := e.localUser(ctx, core)
	if err != nil || len(user.Addresses) > 0 || len(addresses) == 0 {
		return err
	}
	_, err = core.store.LocalUser(ctx, store.User{Email: addresses[0], Addresses: addresses, UpdatedAt: e.o.Now()})
	return err
}
