package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// folder makes a folder of files by their paths in it.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	return dir
}

func TestFolder(t *testing.T) {
	dir := folder(t, map[string]string{
		"Inbox":                    messages(0, 3),
		"Inbox.msf":                "// <!-- <mdb:mork:z v=\"1.4\"/> -->",
		"Archive.sbd/2026/Sent":    messages(3, 5),
		"Archive.sbd/more.mbox.gz": gzipped(t, messages(5, 6)),
		"photos.zip":               zipped(t, packed{"a.jpg", "\xff\xd8"}),
		"Drafts":                   "",
	})
	up, told := newUpstream(), &notes{}
	o := options(t, up, dir)
	o.Reporter = told
	sum := run1(t, o)
	assert.Equal(t, 6, sum.New())
	assert.Zero(t, sum.Failed)
	assert.Equal(t, []string{dir + ": left out 3 files that nothing can be imported from: Drafts, Inbox.msf, photos.zip"}, told.lines)
	nothingLeft(t, o)

	t.Run("again", func(t *testing.T) { assert.Zero(t, run1(t, o).New()) })
	t.Run("its files by name", func(t *testing.T) {
		o.Paths = []string{filepath.Join(dir, "Inbox")}
		assert.Zero(t, run1(t, o).New(), "they are the same mailboxes")
	})
	t.Run("with a new file", func(t *testing.T) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "New"), []byte(messages(6, 8)), 0o600))
		o.Paths = []string{dir}
		assert.Equal(t, 2, run1(t, o).New())
	})
}

func TestFolderWithoutMail(t *testing.T) {
	outside := folder(t, map[string]string{"Inbox": messages(0, 1)})
	linked := folder(t, map[string]string{"diary.txt": "Dear diary"})
	if err := os.Symlink(outside, filepath.Join(linked, "elsewhere")); err != nil {
		t.Skipf("links cannot be made here: %v", err)
	}
	for name, c := range map[string]struct{ dir, says string }{
		"links are not followed": {linked, "holds none (diary.txt)"},
	} {
		t.Run(name, func(t *testing.T) {
			up := newUpstream()
			_, err := Run(t.Context(), options(t, up, c.dir))
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, c.dir)
			assert.Zero(t, up.calls)
		})
	}
}

// TestCopiesInFolders: a message of one folder that lies in another, too, is a copy,
// whatever somebody has added to its text.
func TestCopiesInFolders(t *testing.T) {
	single := func(i int, text string) string {
		_, letter, _ := strings.Cut(message(i, "Topic", text), "\n")
		return letter
	}
	one, other := folder(t, map[string]string{"a.eml": single(1, "Text")}), folder(t, map[string]string{"a.eml": single(2, "Else"), "b.eml": single(1, "Changed")})
	up := newUpstream()
	sum := run1(t, options(t, up, one, other))
	assert.Equal(t, []int{2, 1}, []int{sum.New(), sum.Known})
	assert.Equal(t, "Text 1", up.kept["1@example.com"].BodyText)
}
