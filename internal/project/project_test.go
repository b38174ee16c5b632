package project_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/project"
)

func TestModuleIsTheOneInGoMod(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(mod), "\n")
	assert.Equal(t, "module "+project.Module, strings.TrimSpace(first))
}

func TestThisBuildIsNeverEmpty(t *testing.T) {
	assert.NotEmpty(t, project.ThisBuild().Version)
	assert.NotEmpty(t, project.ThisBuild().Go)
}
