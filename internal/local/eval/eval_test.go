package eval

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/realdata"
)

func TestSearchIsAtLeastAsGoodAsBM25(t *testing.T) {
	report, err := Run(t.Context(), realdata.Dir(t))
	require.NoError(t, err)
	require.Len(t, report, 3)
	t.Log("\n" + report.String())
	assert.Equal(t, 16, strings.Count(report.String(), "\n"))
	for _, r := range report {
		assert.GreaterOrEqual(t, r.Ours.Item.First, r.Whole.Item.First, r.Set)
		assert.GreaterOrEqual(t, r.Ours.Item.Ten, r.Whole.Item.Ten, r.Set)
		assert.GreaterOrEqual(t, r.Ours.Item.Reciprocal, r.Whole.Item.Reciprocal, r.Set)
		assert.GreaterOrEqual(t, r.Ours.Passage.Ten, r.Pieces.Passage.Ten, r.Set)
	}
}

func TestRunSaysWhatIsMissing(t *testing.T) {
	_, err := Run(t.Context(), t.TempDir())
	assert.ErrorContains(t, err, "enron-allen-p.mbox")
}
