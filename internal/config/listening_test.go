package config_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/config"
)

func TestPollInterval(t *testing.T) {
	for _, fine := range []time.Duration{time.Second, 15 * time.Second, time.Hour} {
		require.NoError(t, config.Listening{PollInterval: fine}.Validate())
	}
	for _, wrong := range []time.Duration{0, -time.Second, time.Millisecond, 2 * time.Hour} {
		require.ErrorContains(t, config.Listening{PollInterval: wrong}.Validate(), "--poll-interval")
	}
}
