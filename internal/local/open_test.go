package local_test

import (
	"context"
	"encoding/json"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
)

// filling is an engine whose database is being filled, until fill returns.
func filling(t *testing.T, fill func(context.Context) error) *local.Engine {
	t.Helper()
	o := options()
	o.Log = safetest.Log(t, io.Discard).Logger
	o.Sample = func(ctx context.Context, _ time.Time, _ func(context.Context, attrove.Any, json.RawMessage) error) error {
		return fill(ctx)
	}
	return local.New(o)
}

// TestOpeningOutlivesWhoAskedForIt: otherwise one that takes longer than anybody
// waits would be begun again and again.
func TestOpeningOutlivesWhoAskedForIt(t *testing.T) {
	began, release := make(chan struct{}, 2), make(chan struct{})
	engine := filling(t, func(ctx context.Context) error {
		began <- struct{}{}
		<-release
		return ctx.Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() {
		_, err := engine.LocalCaller(ctx)
		first <- err
	}()
	<-began
	cancel()
	require.ErrorIs(t, <-first, context.Canceled)
	close(release)
	_, err := engine.LocalCaller(t.Context())
	require.NoError(t, err)
	assert.Empty(t, began, "once")
	require.NoError(t, engine.Close())
}

func TestCloseEndsAnOpening(t *testing.T) {
	began := make(chan struct{}, 1)
	engine := filling(t, func(ctx context.Context) error {
		began <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	})
	first := make(chan error)
	go func() {
		_, err := engine.LocalCaller(t.Context())
		first <- err
	}()
	<-began
	require.NoError(t, engine.Close())
	require.ErrorIs(t, <-first, context.Canceled)
	_, err := engine.LocalCaller(t.Context())
	require.ErrorIs(t, err, store.ErrClosed)
}
