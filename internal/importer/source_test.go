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
		"message.eml": "Subject: x\nFrom: y\n\nz", "prose": "From here on there be dragons.\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "directory"), 0o700))
	good := mailbox(t, 1)
	for name, says := range map[string]string{
		"absent": "does not exist", "directory": "holds no mailbox (it is empty)", "empty": "is empty", "lines": "holds no message", "zip": "cannot be read",
		"binary": "binary", "message.eml": "single message", "prose": "not an mbox file",
	} {
		t.Run(name, func(t *testing.T) {
			up := newUpstream()
			path := filepath.Join(dir, name)
			_, err := Run(t.Context(), options(t, up, good, path))
			require.ErrorContains(t, err, says)
			require.ErrorContains(t, err, path)
			require.ErrorContains(t, err, "mbox file", "what was expected")
			assert.Zero(t, up.calls, "nothing is pushed before all files are known to be good")
		})
	}
}

func TestOptionsAreChecked(t *testing.T) {
	_, err := Run(t.Context(), Options{StateDir: t.TempDir()})
	require.ErrorContains(t, err, "mbox file")
	_, err = Run(t.Context(), Options{Paths: []string{"x"}})
	require.ErrorContains(t, err, "directory")
}

func TestLinksLeadToOneMailbox(t *testing.T) {
	path := mailbox(t, 2)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skipf("links cannot be made here: %v", err)
	}
	up := newUpstream()
	o := options(t, up, path, link)
	sum := run1(t, o)
	assert.Equal(t, 2, sum.Messages)
	assert.Equal(t, 2, sum.Pushed)
	o.Paths = []string{link}
	assert.Zero(t, run1(t, o).Pushed, "nor is it imported again by another way")
}
