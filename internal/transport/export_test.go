package transport

import (
	"context"
	"net/http"
	"time"
)

// Listening is listening, for a test that sets the time.
func Listening(streams context.Context, every time.Duration, next http.Handler) http.Handler {
	return listening(streams, every, next)
}
