package tools

import (
	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func createWebhook() *Tool {
	return Of(attrove.CreateWebhook, Spec{
		Name: "attrove_create_webhook", Title: "Send events to an address", Toolset: Webhooks,
		Description: "Have events sent to an https address of the operator's. The signing secret is saved for the operator and not shown. " +
			"Try it with attrove_test_webhook.",
	})
}

func webhooks() *Tool {
	return Of(attrove.ListWebhooks, Spec{
		Name: "attrove_webhooks", Title: "Webhook endpoints", Toolset: Webhooks,
		Description: "List the addresses that receive events, with their state. For why one fails use attrove_webhook_deliveries.",
		Shows: view.Spec{Finds: []string{"data"}, Whole: map[string]string{"data[]": "attrove_get_webhook"},
			Nothing: "No address receives events yet; attrove_create_webhook adds one."},
	})
}

func getWebhook() *Tool {
	return Of(attrove.GetWebhook, Spec{
		Name: "attrove_get_webhook", Title: "One webhook endpoint", Toolset: Webhooks,
		Description: "Look at one endpoint by its id from attrove_webhooks: events, state, why it was disabled.",
	})
}

func updateWebhook() *Tool {
	return Of(attrove.UpdateWebhook, Spec{
		Name: "attrove_update_webhook", Title: "Change a webhook endpoint", Toolset: Webhooks,
		Description: "Change an endpoint's address, events or description, or switch it on or off; what is left out stays.",
		Asks:        Asks{Will: "Change the webhook endpoint %s?", After: "It can be changed back.", Thing: theWebhook()},
	})
}

func testWebhook() *Tool {
	return Of(attrove.TestWebhook, Spec{
		Name: "attrove_test_webhook", Title: "Test a webhook endpoint", Toolset: Webhooks,
		Description: "Send a test event to an endpoint. Returns a delivery; how it went is in attrove_webhook_deliveries a little later.",
	})
}

func rotateWebhookSecret() *Tool {
	return Of(attrove.RotateWebhookSecret, Spec{
		Name: "attrove_rotate_webhook_secret", Title: "Replace a signing secret", Toolset: Webhooks,
		Description: "Replace an endpoint's signing secret; the old one signs too for a day, then no more. The new one is saved for the operator and not shown. " +
			"Only when the operator asked for it.",
		Asks: Asks{
			Will:  "Replace the signing secret of the webhook endpoint %s?",
			After: "This cannot be undone: the old secret signs for one more day, then no more.",
			Thing: theWebhook(),
		},
	})
}

func deleteWebhook() *Tool {
	return Of(attrove.DeleteWebhook, Spec{
		Name: "attrove_delete_webhook", Title: "Delete a webhook endpoint", Toolset: Webhooks,
		Description: "Delete an endpoint for good. To pause it use attrove_update_webhook with enabled false. Only when the operator asked for it.",
		Asks:        Asks{Will: "Delete the webhook endpoint %s?", After: "This cannot be undone: no event reaches it any more.", Thing: theWebhook()},
	})
}

func webhookDeliveries() *Tool {
	return Of(attrove.ListDeliveries, Spec{
		Name: "attrove_webhook_deliveries", Title: "Webhook deliveries", Toolset: Webhooks,
		Description: "List the attempts to deliver events to one endpoint, newest first, with what it answered and when the next attempt is.",
		Shows:       view.Spec{Finds: []string{"data"}, Nothing: "Nothing like that was sent; attrove_test_webhook sends a test event."},
	})
}
