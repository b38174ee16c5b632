package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/tools"
)

func TestHostsThatStayOfferThePage(t *testing.T) {
	empty := config.Engine{DB: filepath.Join(t.TempDir(), "a.db")}
	for name, c := range map[string]struct {
		engine config.Engine
		more   []func(*local.Options)
		offers bool
	}{
		"stays":  {empty, []func(*local.Options){offeringPage}, true},
		"ends":   {empty, nil, false},
		"sample": {config.Engine{Demo: true}, []func(*local.Options){offeringPage}, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := newApp("error", strings.NewReader(""), t.Output(), t.Output())
			b, err := a.open(config.Backend{Engine: c.engine}, c.more...)
			require.NoError(t, err)
			t.Cleanup(func() { assert.NoError(t, b.close()) })
			s, err := a.connect(t.Context(), b, gate.Everything(tools.Catalog()))
			require.NoError(t, err)
			var result struct{ Hint string }
			require.NoError(t, callInto(t.Context(), s, "attrove_integrations", attrove.None{}, &result))
			assert.Equal(t, c.offers, strings.Contains(result.Hint, "http://127.0.0.1:"), result.Hint)
		})
	}
}
