package mcpserver

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/telemetry"
)

// behalf does things on behalf of whoever a request comes from.
type behalf struct {
	gate     *gate.Gate
	log      zerolog.Logger
	progress time.Duration // between two signs of life
}

func newBehalf(o Options) behalf { return behalf{o.Gate, o.Log, o.progress()} }

// on says which tools the request of ctx is offered.
func (b behalf) on(ctx context.Context) func(tool string) bool {
	return func(tool string) bool { return b.gate.On(ctx, tool) }
}

// act does something for the caller within a time. A panic becomes an error:
// mcp-go would show what was thrown to the client.
func (b behalf) act(ctx context.Context, timeout time.Duration, do func(context.Context, attrove.Caller) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			telemetry.OperationFrom(ctx).Panicked("request")
			b.log.Error().Str("panic", fmt.Sprintf("%T", r)).Bytes("stack", debug.Stack()).Msg("act")
			err = fmt.Errorf("panic of type %T", r)
		}
	}()
	who, err := b.gate.Caller(ctx)
	if err == nil {
		err = do(ctx, who)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &attrove.Error{Code: attrove.CodeTimeout, Message: fmt.Sprintf("no answer within %s", timeout)}
	}
	return err
}
