package attrove

import "net/http"

const groupWebhooks = "Webhooks"

// WebhookStatus is how an endpoint does (P-17).
type WebhookStatus string

// Values lists the states.
func (WebhookStatus) Values() []string {
	return []string{string(WebhookActive), string(WebhookFailing), string(WebhookDisabled)}
}

// The states of an endpoint. It is failing from a failed attempt to the next
// that succeeds.
const (
	WebhookActive   WebhookStatus = "active"
	WebhookFailing  WebhookStatus = "failing"
	WebhookDisabled WebhookStatus = "disabled"
)

// DeliveryStatus is how an attempt to deliver an event ended (P-22).
type DeliveryStatus string

// Values lists the states.
func (DeliveryStatus) Values() []string {
	return []string{string(DeliveryPending), string(DeliverySucceeded), string(DeliveryFailed)}
}

// The states of an attempt; a pending one is still to be made.
const (
	DeliveryPending   DeliveryStatus = "pending"
	DeliverySucceeded DeliveryStatus = "succeeded"
	DeliveryFailed    DeliveryStatus = "failed"
)

// Names of events that are not a goal's (P-18).
const (
	EventAll          = "*" // stands for every event
	EventNoteIndexed  = "notes.indexed"
	EventSummaryReady = "meetings.summary_ready"
	EventWebhookTest  = "webhooks.test"
)

// WebhookEvents lists the names of events that are documented or proposed
// (P-18). An endpoint may subscribe to others: the set is open.
func WebhookEvents() []string {
	return []string{
		"goals.created", "goals.updated", "goals.evaluated", "goals.health_changed", "goals.risk_detected", "goals.completed",
		"goals.status_confirmed", "goals.archived", "goals.cancelled", "goals.reopened", "goals.acknowledged", "goals.acknowledgment_cleared",
		"integrations.connected", "integrations.disconnected", "integrations.auth_expired", "sync.completed",
		EventSummaryReady, EventNoteIndexed, EventWebhookTest,
	}
}

// WebhookRef names one webhook endpoint.
type WebhookRef struct {
	ID string `json:"id" evidence:"D" jsonschema:"minLength=1" jsonschema_description:"The webhook endpoint's id."`
}

// CreateWebhookIn is the body of CreateWebhook (P-17).
type CreateWebhookIn struct {
	URL         string   `json:"url" evidence:"P-17" jsonschema:"minLength=1" jsonschema_description:"The https address that receives events."`
	Events      []string `json:"events" evidence:"P-17" jsonschema:"minItems=1,maxItems=100" jsonschema_description:"Event names such as goals.risk_detected; * for all."`
	Description string   `json:"description,omitempty" evidence:"P-17" jsonschema_description:"What the endpoint is for."`
	Enabled     *bool    `json:"enabled,omitempty" evidence:"P-17" jsonschema_description:"Whether it receives; true if left out."`
}

// Webhook is an endpoint that receives events (P-17).
type Webhook struct {
	ID                      string        `json:"id" evidence:"P-17" jsonschema_description:"The endpoint's id."`
	URL                     string        `json:"url" evidence:"P-17" jsonschema_description:"The address that receives events."`
	Description             *string       `json:"description" evidence:"P-17" jsonschema_description:"What it is for."`
	Events                  []string      `json:"events" evidence:"P-17" jsonschema_description:"The events it receives."`
	Enabled                 bool          `json:"enabled" evidence:"P-17" jsonschema_description:"Whether it receives."`
	Status                  WebhookStatus `json:"status" evidence:"P-17" jsonschema_description:"active; failing from a failed attempt to the next that succeeds; or disabled."`
	DisabledReason          *string       `json:"disabled_reason" evidence:"P-17" jsonschema_description:"Why it was disabled, if not by its owner."`
	PreviousSecretExpiresAt *DateTime     `json:"previous_secret_expires_at" evidence:"P-17" jsonschema_description:"Until when the secret before still signs."`
	CreatedAt               DateTime      `json:"created_at" evidence:"P-17" jsonschema_description:"When it was created."`
	UpdatedAt               DateTime      `json:"updated_at" evidence:"P-17" jsonschema_description:"When it last changed."`
}

// NewWebhook is an endpoint with the secret that is shown once.
type NewWebhook struct {
	Webhook
	Secret string `json:"secret" mcp:"secret" evidence:"P-17" jsonschema_description:"The signing secret, shown once."`
}

// UpdateWebhookIn is a partial change of an endpoint (P-17).
type UpdateWebhookIn struct {
	WebhookRef
	URL         Opt[string]   `json:"url,omitzero" evidence:"P-17" jsonschema_description:"The https address that receives events."`
	Events      Opt[[]string] `json:"events,omitzero" evidence:"P-17" jsonschema:"minItems=1,maxItems=100" jsonschema_description:"Event names; * for all."`
	Description Opt[string]   `json:"description,omitzero" mcp:"clear" evidence:"P-17" jsonschema_description:"What the endpoint is for."`
	Enabled     Opt[bool]     `json:"enabled,omitzero" evidence:"P-17" jsonschema_description:"Whether it receives."`
}

// TestWebhookIn is the body of TestWebhook (P-21).
type TestWebhookIn struct {
	WebhookRef
	EventType string `json:"event_type,omitempty" evidence:"P-21" jsonschema_description:"The event to send, one that the endpoint receives; webhooks.test if left out."`
}

// WebhookTest names the delivery that a test caused.
type WebhookTest struct {
	DeliveryID string         `json:"delivery_id" evidence:"P-21" jsonschema_description:"The delivery's id."`
	EventType  string         `json:"event_type" evidence:"P-21" jsonschema_description:"The event sent."`
	Status     DeliveryStatus `json:"status" evidence:"P-21" jsonschema_description:"How far the delivery is."`
}

// RotateSecretIn is the body of RotateWebhookSecret (P-20).
type RotateSecretIn struct {
	WebhookRef
	Force bool `json:"force,omitempty" evidence:"P-20" jsonschema_description:"Rotate although an earlier rotation is still open."`
}

// RotatedSecret is a new secret, shown once.
type RotatedSecret struct {
	Secret                  string   `json:"secret" mcp:"secret" evidence:"P-20" jsonschema_description:"The new signing secret, shown once."`
	PreviousSecretExpiresAt DateTime `json:"previous_secret_expires_at" evidence:"P-20" jsonschema_description:"Until when the old one signs too."`
}

// DeliveriesIn asks for an endpoint's deliveries (P-22).
type DeliveriesIn struct {
	WebhookRef
	Status    DeliveryStatus `json:"status,omitempty" evidence:"P-22" jsonschema_description:"Only those in this state."`
	EventType string         `json:"event_type,omitempty" evidence:"P-22" jsonschema_description:"Only this event."`
	Cut
}

// Delivery is one attempt to deliver an event to an endpoint (P-22). What is
// tried again is another delivery of the same event; the attempt to come is
// pending.
type Delivery struct {
	ID             string         `json:"id" evidence:"P-22" jsonschema_description:"The delivery's id."`
	WebhookID      string         `json:"webhook_id" evidence:"P-22" jsonschema_description:"The endpoint."`
	EventID        string         `json:"event_id" evidence:"P-22" jsonschema_description:"The event, the same at every attempt; sent as webhook-id."`
	EventType      string         `json:"event_type" evidence:"P-22" jsonschema_description:"The event's name."`
	Status         DeliveryStatus `json:"status" evidence:"P-22" jsonschema_description:"pending until the attempt is made, then succeeded or failed."`
	Attempt        int            `json:"attempt" evidence:"P-22" jsonschema_description:"Which attempt this is, from 1."`
	ResponseStatus *int           `json:"response_status" evidence:"P-22" jsonschema_description:"What the endpoint answered."`
	Error          *string        `json:"error" evidence:"P-22" jsonschema_description:"Why it failed."`
	DurationMS     *int           `json:"duration_ms" evidence:"P-22" jsonschema_description:"How long it took."`
	AttemptedAt    *DateTime      `json:"attempted_at" evidence:"P-22" jsonschema_description:"When it was tried; null while pending."`
	NextAttemptAt  *DateTime      `json:"next_attempt_at" evidence:"P-22" jsonschema_description:"When a pending one is due, or a failed one is tried again."`
}

// The operations on webhooks, for partners (contract section 4).
var (
	CreateWebhook = Operation[CreateWebhookIn, NewWebhook]{Meta{
		Name: "create_webhook", Row: 7, Group: groupWebhooks, Method: http.MethodPost, Path: "/v1/webhooks",
		Summary: "Create a webhook endpoint.", Auth: AuthPartner, Effect: Write, Status: 201, Evidence: Documented}}
	ListWebhooks = Operation[Cut, Page[Webhook]]{Meta{
		Name: "list_webhooks", Row: 8, Group: groupWebhooks, Method: http.MethodGet, Path: "/v1/webhooks",
		Summary: "List webhook endpoints.", Auth: AuthPartner, Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
	GetWebhook = Operation[WebhookRef, Webhook]{Meta{
		Name: "get_webhook", Row: 9, Group: groupWebhooks, Method: http.MethodGet, Path: "/v1/webhooks/{id}",
		Summary: "Get a webhook endpoint.", Auth: AuthPartner, Effect: Read, Status: 200, Evidence: Documented}}
	UpdateWebhook = Operation[UpdateWebhookIn, Webhook]{Meta{
		Name: "update_webhook", Row: 10, Group: groupWebhooks, Method: http.MethodPatch, Path: "/v1/webhooks/{id}",
		Summary: "Update a webhook endpoint's configuration.", Auth: AuthPartner, Effect: Undoable, Status: 200, Evidence: Documented}}
	TestWebhook = Operation[TestWebhookIn, WebhookTest]{Meta{
		Name: "test_webhook", Row: 11, Group: groupWebhooks, Method: http.MethodPost, Path: "/v1/webhooks/{id}/test",
		Summary: "Send a test event to a webhook endpoint.", Auth: AuthPartner, Effect: Write, Status: 202, Evidence: Documented}}
	RotateWebhookSecret = Operation[RotateSecretIn, RotatedSecret]{Meta{
		Name: "rotate_webhook_secret", Row: 12, Group: groupWebhooks, Method: http.MethodPost, Path: "/v1/webhooks/{id}/rotate-secret",
		Summary: "Replace a webhook endpoint's signing secret.", Auth: AuthPartner, Effect: Destroy, Status: 200, Evidence: Documented}}
	DeleteWebhook = Operation[WebhookRef, None]{Meta{
		Name: "delete_webhook", Row: 13, Group: groupWebhooks, Method: http.MethodDelete, Path: "/v1/webhooks/{id}",
		Summary: "Delete a webhook endpoint.", Auth: AuthPartner, Effect: Destroy, Status: 204, Evidence: Documented}}
	ListDeliveries = Operation[DeliveriesIn, Page[Delivery]]{Meta{
		Name: "list_deliveries", Row: 14, Group: groupWebhooks, Method: http.MethodGet, Path: "/v1/webhooks/{id}/deliveries",
		Summary: "List a webhook endpoint's delivery attempts.", Auth: AuthPartner, Effect: Read, Paging: PageCursor, Envelope: Bare, Status: 200, Evidence: Documented}}
)
