package local

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	maxDescription = 1000           // characters
	rotationWindow = 24 * time.Hour // in which both secrets sign (P-20)
)

// webhookRoutes registers the operations on webhooks (contract section 4).
func webhookRoutes(r *Router) {
	Handle(r, attrove.CreateWebhook, createWebhook)
	Handle(r, attrove.ListWebhooks, listWebhooks)
	Handle(r, attrove.GetWebhook, getWebhook)
	Handle(r, attrove.UpdateWebhook, updateWebhook)
	Handle(r, attrove.TestWebhook, testWebhook)
	Handle(r, attrove.RotateWebhookSecret, rotateWebhookSecret)
	Handle(r, attrove.DeleteWebhook, deleteWebhook)
	Handle(r, attrove.ListDeliveries, listDeliveries)
}

func createWebhook(ctx context.Context, who Caller, in attrove.CreateWebhookIn) (attrove.NewWebhook, error) {
	var found problems
	found.add("url", who.core.targets.Check(in.URL))
	found.events(in.Events)
	found.atMost("description", in.Description, maxDescription)
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return attrove.NewWebhook{}, err
	}
	w := store.Webhook{ID: store.NewID("whe"), URL: in.URL, Events: distinct(in.Events), Enabled: in.Enabled == nil || *in.Enabled,
		Secret: newSigningSecret(), CreatedAt: who.Now, UpdatedAt: who.Now}
	if in.Description != "" {
		w.Description = &in.Description
	}
	if err := who.core.store.Write(ctx, func(tx *store.Tx) error { return tx.SaveWebhook(w) }); err != nil {
		return attrove.NewWebhook{}, fmt.Errorf("create webhook: %w", err)
	}
	return attrove.NewWebhook{Webhook: showWebhook(w, who.Now), Secret: w.Secret.Reveal()}, nil
}

func listWebhooks(ctx context.Context, who Caller, in attrove.Cut) (attrove.Page[attrove.Webhook], error) {
	pages := pager[store.Webhook, attrove.Webhook]{list: attrove.ListWebhooks.Meta,
		position: func(w store.Webhook) store.Position { return store.Position{At: w.CreatedAt, ID: w.ID} },
		show:     func(w store.Webhook) attrove.Webhook { return showWebhook(w, who.Now) }}
	return pages.page(in, func(after *store.Position, limit int) ([]store.Webhook, error) {
		return who.core.store.Webhooks(ctx, after, limit)
	})
}

func getWebhook(ctx context.Context, who Caller, in attrove.WebhookRef) (attrove.Webhook, error) {
	w, err := who.webhook(ctx, in)
	return showWebhook(w, who.Now), err
}

func (c Caller) webhook(ctx context.Context, ref attrove.WebhookRef) (store.Webhook, error) {
	w, err := c.core.store.Webhook(ctx, ref.ID)
	if errors.Is(err, store.ErrNotFound) {
		return w, notFound("webhook endpoint")
	}
	return w, err
}

// changeWebhook has change alter an endpoint as it is within the transaction.
func (c Caller) changeWebhook(ctx context.Context, ref attrove.WebhookRef, change func(*store.Webhook) error) (store.Webhook, error) {
	var w store.Webhook
	err := c.core.store.Write(ctx, func(tx *store.Tx) (err error) {
		if w, err = tx.Webhook(ref.ID); err != nil {
			return err
		}
		if err := change(&w); err != nil {
			return err
		}
		w.UpdatedAt = c.Now
		return tx.SaveWebhook(w)
	})
	if errors.Is(err, store.ErrNotFound) {
		return w, notFound("webhook endpoint")
	}
	return w, err
}

// updateWebhook changes an endpoint. One that is enabled again, or moved, begins
// with a clean slate.
func updateWebhook(ctx context.Context, who Caller, in attrove.UpdateWebhookIn) (attrove.Webhook, error) {
	var found problems
	if address, ok := in.URL.Get(); ok {
		found.add("url", who.core.targets.Check(address))
	}
	if events, ok := in.Events.Get(); ok {
		found.events(events)
	}
	found.atMost("description", in.Description.Value, maxDescription)
	notNull(&found, "url", in.URL)
	notNull(&found, "events", in.Events)
	notNull(&found, "enabled", in.Enabled)
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return attrove.Webhook{}, err
	}
	w, err := who.changeWebhook(ctx, in.WebhookRef, func(w *store.Webhook) error {
		if address, ok := in.URL.Get(); ok && address != w.URL {
			w.URL, w.FailingSince, w.RestUntil = address, time.Time{}, time.Time{}
		}
		if events, ok := in.Events.Get(); ok {
			w.Events = distinct(events)
		}
		if in.Description.Set {
			w.Description = nil
		}
		if text, ok := in.Description.Get(); ok && text != "" {
			w.Description = &text
		}
		if enabled, ok := in.Enabled.Get(); ok && enabled != w.Enabled {
			w.Enabled, w.DisabledReason, w.FailingSince, w.RestUntil = enabled, "", time.Time{}, time.Time{}
		}
		return nil
	})
	return showWebhook(w, who.Now), err
}

// testWebhook sends a test event, which is tried again like any other.
func testWebhook(ctx context.Context, who Caller, in attrove.TestWebhookIn) (attrove.WebhookTest, error) {
	out := attrove.WebhookTest{EventType: cmp.Or(in.EventType, attrove.EventWebhookTest), Status: attrove.DeliveryPending}
	err := who.core.store.Write(ctx, func(tx *store.Tx) error {
		w, err := tx.Webhook(in.ID)
		if err != nil {
			return err
		}
		if err := checkTest(w, out.EventType); err != nil {
			return err
		}
		out.DeliveryID, err = tx.PublishTo(w.ID, store.Publication{EventID: store.NewID(eventPrefix), Type: out.EventType, At: who.Now,
			Data: encode(map[string]bool{"test": true})})
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return attrove.WebhookTest{}, notFound("webhook endpoint")
	}
	if err != nil {
		return attrove.WebhookTest{}, fmt.Errorf("send a test: %w", err)
	}
	who.core.webhooks.Nudge()
	return out, nil
}

// checkTest refuses a test that the endpoint would not get.
func checkTest(w store.Webhook, event string) error {
	receives := func(name string) bool { return slices.Contains(w.Events, name) }
	if event != attrove.EventWebhookTest && (!validEvent(event) || !receives(event) && !receives(attrove.EventAll)) {
		wrong := problems{{"event_type", fmt.Sprintf("must be %s or an event that the endpoint receives: %s", attrove.EventWebhookTest, strings.Join(w.Events, ", "))}}
		return wrong.err(http.StatusUnprocessableEntity)
	}
	if !w.Enabled {
		return &attrove.Error{Status: http.StatusConflict, Code: attrove.CodeConflict,
			Message: "the endpoint is disabled, so nothing is sent to it: enable it first"}
	}
	return nil
}

// eventPrefix of the ids of events that have no other.
const eventPrefix = "evn"

// rotateWebhookSecret replaces the secret. The one before signs too for a while;
// one before that no longer does, so a second rotation has to be meant.
func rotateWebhookSecret(ctx context.Context, who Caller, in attrove.RotateSecretIn) (attrove.RotatedSecret, error) {
	w, err := who.changeWebhook(ctx, in.WebhookRef, func(w *store.Webhook) error {
		if who.Now.Before(w.PreviousUntil) && !in.Force {
			return &attrove.Error{Status: http.StatusConflict, Code: attrove.CodeRotationOpen, Field: "force",
				Message: fmt.Sprintf("the secret before signs until %s: wait, or set force to end it now", index.Time(w.PreviousUntil))}
		}
		w.PreviousSecret, w.PreviousUntil = w.Secret, who.Now.Add(rotationWindow)
		w.Secret = newSigningSecret()
		return nil
	})
	if err != nil {
		return attrove.RotatedSecret{}, err
	}
	return attrove.RotatedSecret{Secret: w.Secret.Reveal(), PreviousSecretExpiresAt: index.Time(w.PreviousUntil)}, nil
}

func deleteWebhook(ctx context.Context, who Caller, in attrove.WebhookRef) (attrove.None, error) {
	err := who.core.store.Write(ctx, func(tx *store.Tx) error { return tx.DeleteWebhook(in.ID) })
	if errors.Is(err, store.ErrNotFound) {
		return attrove.None{}, notFound("webhook endpoint")
	}
	return attrove.None{}, err
}

func listDeliveries(ctx context.Context, who Caller, in attrove.DeliveriesIn) (attrove.Page[attrove.Delivery], error) {
	if _, err := who.webhook(ctx, in.WebhookRef); err != nil {
		return attrove.Page[attrove.Delivery]{}, err
	}
	pages := pager[store.Delivery, attrove.Delivery]{list: attrove.ListDeliveries.Meta,
		position: func(d store.Delivery) store.Position { return store.Position{At: d.QueuedAt, ID: d.ID} },
		show:     showDelivery}
	return pages.page(in.Cut, func(after *store.Position, limit int) ([]store.Delivery, error) {
		return who.core.store.Deliveries(ctx, in.ID, store.DeliveryFilter{Status: in.Status, EventType: in.EventType, After: after, Limit: limit})
	})
}

// newSigningSecret returns 256 random bits as Standard Webhooks writes them.
func newSigningSecret() attrove.Secret {
	random := make([]byte, 32)
	rand.Read(random) // never fails since Go 1.24
	return attrove.Secret("whsec_" + base64.StdEncoding.EncodeToString(random))
}
