package attrove

import (
	"context"
	"net/http"
)

// Observer hears of the calls that a Client makes. It must be safe for
// concurrent use.
type Observer interface {
	// Calling is told of a call before it goes out. The context that it returns
	// goes with the call; called is told once what came of it.
	Calling(ctx context.Context, m Meta) (_ context.Context, called func(Called))
	// Sending may add to the headers of an attempt.
	Sending(ctx context.Context, h http.Header)
}

// Called is what came of a call.
type Called struct {
	Attempts int    // how often it was sent; 0 when the circuit was open
	Status   int    // of the last answer; 0 when none came
	Code     string // of the error; "" on success
}

// CircuitOpen reports whether the upstream failed so often in a row that it is
// left alone for a moment.
func (c *Client) CircuitOpen() bool { return c.circuit.IsOpen() }

// nobody observes nothing.
type nobody struct{}

func (nobody) Calling(ctx context.Context, _ Meta) (context.Context, func(Called)) {
	return ctx, func(Called) {}
}

func (nobody) Sending(context.Context, http.Header) {}
