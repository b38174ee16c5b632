//go:build unix

package bundle_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLaunch(t *testing.T) {
	script, err := os.ReadFile("launch.sh")
	require.NoError(t, err)
	for _, c := range []struct{ machine, says string }{
		{"x86_64", "amd64 stdio two words\n"},
		{"amd64", "amd64 stdio two words\n"},
		{"aarch64", "arm64 stdio two words\n"},
		{"arm64", "arm64 stdio two words\n"},
		{"riscv64", "attrove-mcp: this bundle has no program for riscv64\n"},
	} {
		t.Run(c.machine, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "a bundle's place")
			bin := t.TempDir()
			require.NoError(t, os.Mkdir(dir, 0o700))
			files := map[string]string{
				filepath.Join(dir, "launch.sh"): string(script),
				filepath.Join(bin, "uname"):     "#!/bin/sh\necho " + c.machine + "\n",
			}
			for _, processor := range []string{"amd64", "arm64"} { // without execute bits
				files[filepath.Join(dir, "attrove-mcp-"+processor)] = "#!/bin/sh\necho " + processor + ` "$@"` + "\n"
			}
			for path, content := range files {
				require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
			}
			require.NoError(t, os.Chmod(filepath.Join(bin, "uname"), 0o700))
			cmd := exec.Command("/bin/sh", filepath.Join(dir, "launch.sh"), "stdio", "two words")
			cmd.Env = []string{"PATH=" + bin + ":/usr/bin:/bin"}
			out, err := cmd.CombinedOutput()
			assert.Equal(t, c.says, string(out))
			assert.Equal(t, c.machine == "riscv64", err != nil)
		})
	}
}
