package local

// goalRoutes registers the operations on goals (contract section 6).
func goalRoutes(*Router) {}
