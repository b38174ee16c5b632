package config_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/config"
)

func TestAdmin(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*config.Admin)
		wrong  string // names the flag
	}{
		"nothing":                  {func(*config.Admin) {}, ""},
		"on loopback":              {func(a *config.Admin) { a.AdminListen, a.AdminPprof = "127.0.0.1:9090", true }, ""},
		"on IPv6's loopback":       {func(a *config.Admin) { a.AdminListen = "[::1]:9090" }, ""},
		"for others":               {func(a *config.Admin) { a.AdminListen = "0.0.0.0:9090" }, "--admin-listen 0.0.0.0:9090"},
		"for everybody":            {func(a *config.Admin) { a.AdminListen = ":9090" }, "--admin-listen"},
		"for others, knowingly":    {func(a *config.Admin) { a.AdminListen, a.AdminRemote = ":9090", true }, ""},
		"remote of nothing":        {func(a *config.Admin) { a.AdminRemote = true }, "--admin-remote"},
		"profiles of nothing":      {func(a *config.Admin) { a.AdminPprof = true }, "--admin-pprof"},
		"reads of nothing":         {func(a *config.Admin) { a.AuditReads = true }, "--audit-reads"},
		"reads":                    {func(a *config.Admin) { a.AuditLog, a.AuditReads = "-", true }, ""},
		"a delay in the past":      {func(a *config.Admin) { a.DrainDelay = -time.Second }, "--drain-delay -1s"},
		"a delay of hours":         {func(a *config.Admin) { a.DrainDelay = time.Hour }, "--drain-delay"},
		"no time for what goes on": {func(a *config.Admin) { a.DrainTimeout = 0 }, "--drain-timeout 0s"},
	} {
		t.Run(name, func(t *testing.T) {
			a := config.Admin{DrainTimeout: 25 * time.Second}
			c.change(&a)
			err := a.Validate()
			if c.wrong == "" {
				require.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, c.wrong)
		})
	}
}
