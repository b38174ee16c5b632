package local

import (
	"context"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/local/model"
)

const (
	// A model gets two attempts at an answer: what it writes is not the same each
	// time.
	writeAttempts = 2
	// writeReserve is what is left of the caller's time for the answer without the
	// model, if that takes too long.
	writeReserve = time.Second
)

// writer writes answers with a language model.
type writer struct {
	Phraser
	log zerolog.Logger
}

// Write implements answer.Writer.
func (w writer) Write(ctx context.Context, q model.Question) (string, error) {
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, end.Add(-writeReserve))
		defer cancel()
	}
	for attempt := 1; ; attempt++ {
		text, err := w.checked(ctx, q)
		if err == nil {
			return text, nil
		}
		if attempt == writeAttempts || !model.Passing(err) {
			w.log.Warn().Err(err).Msg("the model's answer cannot be used; the sources are quoted")
			return "", err
		}
	}
}

// checked is one attempt at an answer.
func (w writer) checked(ctx context.Context, q model.Question) (string, error) {
	text, err := w.Answer(ctx, q)
	if err != nil {
		return "", err
	}
	if err := model.CheckAnswer(text, q); err != nil {
		return "", fmt.Errorf("the model at %s: its answer cannot stand: %w", w.Host(), err)
	}
	return text, nil
}
