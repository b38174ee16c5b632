package local

// webhookRoutes registers the operations on webhooks (contract section 4).
func webhookRoutes(*Router) {}
