package local

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// showWebhook shows an endpoint without its secret.
func showWebhook(w store.Webhook, now time.Time) attrove.Webhook {
	out := attrove.Webhook{ID: w.ID, URL: w.URL, Description: w.Description, Events: w.Events, Enabled: w.Enabled,
		Status: attrove.WebhookActive, CreatedAt: index.Time(w.CreatedAt), UpdatedAt: index.Time(w.UpdatedAt)}
	switch {
	case !w.Enabled:
		out.Status = attrove.WebhookDisabled
	case !w.FailingSince.IsZero():
		out.Status = attrove.WebhookFailing
	}
	if w.DisabledReason != "" {
		out.DisabledReason = &w.DisabledReason
	}
	if now.Before(w.PreviousUntil) {
		out.PreviousSecretExpiresAt = wireTimePointer(w.PreviousUntil)
	}
	return out
}

func showDelivery(d store.Delivery) attrove.Delivery {
	out := attrove.Delivery{ID: d.ID, WebhookID: d.WebhookID, EventID: d.EventID, EventType: d.EventType, Status: d.Status,
		Attempt: d.Attempt, AttemptedAt: wireTimePointer(d.AttemptedAt), NextAttemptAt: wireTimePointer(d.NextAttempt)}
	if d.ResponseStatus != 0 {
		out.ResponseStatus = &d.ResponseStatus
	}
	if d.Error != "" {
		out.Error = &d.Error
	}
	if !d.AttemptedAt.IsZero() {
		took := int(d.Duration.Milliseconds())
		out.DurationMS = &took
	}
	return out
}

// events checks the names of the events that an endpoint is to receive. The set
// is open (P-18), so only their form can be wrong.
func (p *problems) events(names []string) {
	for i, name := range names {
		if name != attrove.EventAll && !validEvent(name) {
			p.add(fmt.Sprintf("events[%d]", i), "must be * for all events, or <resource>.<what happened to it>; known are "+
				strings.Join(attrove.WebhookEvents(), ", "))
		}
	}
}

// notNull refuses to clear a field that must have a value.
func notNull[T any](p *problems, path string, field attrove.Opt[T]) {
	if field.Null {
		p.add(path, "must not be null: leave it out to keep it as it is")
	}
}

// validEvent reports whether a name has the form of an event's (P-18).
func validEvent(name string) bool {
	parts := strings.Split(name, ".")
	return len(parts) == 2 && !slices.ContainsFunc(parts, func(part string) bool {
		return part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789_") != ""
	})
}

// distinct is a list without what it says twice.
func distinct(list []string) []string {
	var out []string
	for _, one := range list {
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}
