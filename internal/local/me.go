package local

import "context"

// ProposeMe keeps addresses, the main one first, as the local user's own unless it
// is known who they are, and returns those that hold then: with those that were
// found to be theirs as well.
func (e *Engine) ProposeMe(ctx context.Context, addresses []string) ([]string, error) {
	core, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	user, err := e.localUser(ctx, core)
	if err == nil {
		user, err = core.store.ProposeMe(ctx, user.ID, addresses, e.o.Now())
	}
	if err != nil {
		return nil, err
	}
	if err := core.resolvePersons(ctx, user.ID); err != nil {
		return nil, err
	}
	user, err = core.store.User(ctx, user.ID)
	return user.Own(), err
}
