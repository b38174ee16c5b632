package importer

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBadFiles(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"empty": "", "lines": "\n\n", "zip": "PK\x03\x04\x00", "binary": "\x7fELF\x00\x00",
		"prose": "From here on there be dragons.\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "directory"), 0o700))
	good := box(t, 1)
	for name, says := range map[string]string{
		"absent": "does not exist", "directory": "holds none (it is empty)", "empty": "nothing in it", "lines": "nothing in it", "zip": "cannot be read",
		"binary": "binary", "prose": "of no kind",
	} {
		t.Run(name, func(t *testing.T) {
			up := newUpstream()
			path := filepath.Join(dir, name)
			_, err := Run(t.Context(), options(t, up, good, path))
			require.ErrorContains(t, err, says)
			require.ErrorContains(t, err, path)
			if name != "absent" {
				require.ErrorContains(t, err, "a mailbox (mbox)", "what was expected")
			}
			assert.Zero(t, up.calls, "nothing is pushed before all files are known to be good")
		})
	}
}

func TestOptionsAreChecked(t *testing.T) {
	_, err := Run(t.Context(), Options{StateDir: t.TempDir()})
	require.ErrorContains(t, err, "at least one file")
	_, err = Run(t.Context(), Options{Paths: []string{"x"}})
	require.ErrorContains(t, err, "directory")
}

func TestLinksLeadToOneMailbox(t *testing.T) {
	path := box(t, 2)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skipf("links cannot be made here: %v", err)
	}
	up := newUpstream()
	o := options(t, up, path, link)
	sum := run1(t, o)
	assert.Equal(t, 2, sum.Found())
	assert.Equal(t, 2, sum.New())
	o.Paths = []string{link}
	assert.Zero(t, run1(t, o).New(), "nor is it imported again by another way")
}
