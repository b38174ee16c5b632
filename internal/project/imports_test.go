package project_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/project"
)

// below lists what each part of the module may import of the others. A part
// covers the packages below it, and may import itself. What is not here may
// import nothing.
func below() map[string][]string {
	return map[string][]string{
		"internal/attrove": {},
		// What tests share may watch them.
		"internal/attrove/attrovetest": {"internal/attrove", "internal/safe/safetest"},
		"internal/when":                {},
		"internal/bulkmail":            {},
		"internal/project":             {},
		"internal/realdata":            {},
		"internal/rpc":                 {},
		"internal/safe":                {},
		"internal/schema":              {"internal/attrove"},
		"internal/openapi":             {"internal/schema", "internal/attrove"},
		"internal/doctor":              {"internal/openapi", "internal/schema", "internal/attrove"},
		"internal/view":                {"internal/attrove", "internal/schema"},
		"internal/slug":                {},
		"tools":                        {"internal/safe", "internal/view", "internal/schema", "internal/attrove", "internal/when"},
		"prompts":                      {"internal/slug", "internal/view", "internal/schema", "internal/attrove", "internal/when"},
		"resources":                    {"internal/slug", "internal/view", "internal/attrove"},
		"internal/gate":                {"tools", "internal/view", "internal/schema", "internal/attrove"},
		"internal/telemetry":           {"internal/replicas", "internal/attrove", "internal/project"},
		"internal/audit":               {"internal/gate", "internal/telemetry", "internal/attrove"},
		"internal/admin":               {},
		"internal/mcpserver":           {"internal/gate", "internal/telemetry", "internal/rpc", "tools", "resources", "prompts", "internal/view", "internal/attrove", "internal/project"},
		"internal/oauth":               {"internal/attrove"},
		"internal/transport":           {"internal/mcpserver", "internal/gate", "internal/oauth", "internal/telemetry", "internal/rpc", "internal/view", "internal/attrove", "internal/project"},
		"internal/importer":            {"internal/attrove"},
		"internal/local":               {"internal/importer", "internal/attrove", "internal/when"},
		"internal/config":              {"internal/attrove", "internal/project"},
		"internal/replicas":            {"internal/attrove"},
		"internal/loadtest":            {"internal/attrove"},
		"internal/bundle":              {"tools", "internal/config", "internal/project"},
		"cmd":                          {"tools", "resources", "prompts", "internal"},
	}
}

// TestImportsPointDownwards walks the sources: an arrow that the architecture
// does not have fails here, before it becomes a habit.
func TestImportsPointDownwards(t *testing.T) {
	const root = "../.."
	allowed := below()
	used := map[string]map[string]bool{} // by part, the arrows that it makes use of
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		from := part(allowed, filepath.ToSlash(dir))
		require.NotEmpty(t, from, "%s belongs to no part: add it to the table", dir)
		if used[from] == nil {
			used[from] = map[string]bool{}
		}
		checkImports(t, path, from, allowed[from], used[from])
		return nil
	}))
	for name, arrows := range allowed {
		assert.Contains(t, used, name, "%s has no sources: take it off the table", name)
		for _, to := range arrows {
			assert.True(t, used[name][to], "%s imports nothing of %s: take it off the table", name, to)
		}
	}
}

func checkImports(t *testing.T, path, from string, allowed []string, used map[string]bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	require.NoError(t, err)
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		to, ours := strings.CutPrefix(imported, project.Module+"/")
		if !ours || within(to, from) {
			continue
		}
		fine := false
		for _, part := range allowed {
			if within(to, part) {
				fine, used[part] = true, true
			}
		}
		assert.True(t, fine, "%s imports %s, which is not below %s", path, to, from)
	}
}

// part is the innermost part that a directory is of.
func part(table map[string][]string, dir string) (found string) {
	for name := range table {
		if within(dir, name) && len(name) > len(found) {
			found = name
		}
	}
	return found
}

func within(dir, part string) bool { return dir == part || strings.HasPrefix(dir, part+"/") }

// TestArchitectureNamesPackages: whoever looks for something finds its directory in
// ARCHITECTURE.md.
func TestArchitectureNamesPackages(t *testing.T) {
	text, err := os.ReadFile("../../ARCHITECTURE.md")
	require.NoError(t, err)
	for parent, name := range map[string]string{"..": "`internal/%s`", "../local": "`%s`"} {
		entries, err := os.ReadDir(parent)
		require.NoError(t, err)
		require.NotEmpty(t, entries)
		for _, entry := range entries {
			if entry.IsDir() && entry.Name() != "testdata" {
				named := strings.Contains(string(text), fmt.Sprintf(name, entry.Name()))
				assert.True(t, named, "%s/%s is not in it", parent, entry.Name())
			}
		}
	}
}
