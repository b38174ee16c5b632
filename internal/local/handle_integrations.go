package local

import (
	"context"
	"errors"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func listIntegrations(ctx context.Context, who Caller, _ attrove.None) (attrove.Page[attrove.Integration], error) {
	all, err := who.core.store.Integrations(ctx, who.User.ID)
	out := attrove.Page[attrove.Integration]{Data: []attrove.Integration{}}
	for _, n := range all {
		out.Data = append(out.Data, showIntegration(n))
	}
	if err == nil && len(all) == 0 {
		if link := who.core.offer(ctx, who.User); link != "" {
			who.header.Set(attrove.ConnectHeader, link)
		}
	}
	return out, err
}

func getIntegration(ctx context.Context, who Caller, in attrove.IntegrationRef) (attrove.Integration, error) {
	n, err := who.core.store.Integration(ctx, who.User.ID, in.IntegrationID)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Integration{}, notFound("integration")
	}
	return showIntegration(n), err
}

// disconnectIntegration returns when all that came from the integration is gone.
// That takes as long as there is much: whoever does not wait for it does not stop
// it either.
func disconnectIntegration(ctx context.Context, who Caller, in attrove.IntegrationRef) (attrove.None, error) {
	data := encode(map[string]string{"integration_id": in.IntegrationID})
	err := who.core.store.Disconnect(context.WithoutCancel(ctx), who.User.ID, in.IntegrationID, who.Now, func(tx *store.Tx) error {
		if err := tx.EvaluateActive(who.User.ID, who.Now, time.Now()); err != nil {
			return err
		}
		return tx.Publish(store.Publication{EventID: store.NewID(eventPrefix), Type: "integrations.disconnected",
			UserID: who.User.ID, At: who.Now, Data: data})
	})
	if errors.Is(err, store.ErrNotFound) {
		return attrove.None{}, notFound("integration")
	}
	return attrove.None{}, err
}

// showIntegration shows a virtual integration (contract section 10): it has no
// sign-in that could end. One whose removal was broken off says so.
func showIntegration(n store.Integration) attrove.Integration {
	out := attrove.Integration{ID: n.ID, Provider: n.Provider, Name: attrove.ForeignText(n.Name), IsActive: true, AuthStatus: "connected"}
	if n.Disconnecting {
		out.IsActive, out.AuthStatus = false, "disconnecting"
	}
	return out
}
