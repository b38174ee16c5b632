package importer

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

func messages(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString(message(i, fmt.Sprintf("Topic %d", i), "Text"))
	}
	return b.String()
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

// packed is a file in a zip archive.
type packed struct{ name, text string }

func zipped(t *testing.T, entries ...packed) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, one := range entries {
		f, err := w.Create(one.name)
		require.NoError(t, err)
		_, err = io.WriteString(f, one.text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.String()
}

func TestArchives(t *testing.T) {
	takeout := []packed{
		{"Takeout/archive_browser.html", "<html>"},
		{"Takeout/Mail/Sent.mbox", messages(0, 3)},
		{"Takeout/Mail/", ""},
		{"../../etc/cron.d/Inbox.mbox", messages(2, 5)},
		{"Takeout/Mail/Sent.mbox", messages(7, 9)}, // a second one of the name
		{"inner.zip", zipped(t, packed{"x.mbox", messages(5, 6)})},
	}
	for name, c := range map[string]struct {
		content       string
		pushed        int
		conversations []string
		note          string
	}{
		"plain.mbox":   {messages(0, 3), 3, []string{"plain"}, ""},
		"box.mbox.gz":  {gzipped(t, messages(0, 3)), 3, []string{"box"}, ""},
		"members.gz":   {gzipped(t, messages(0, 3)) + gzipped(t, messages(3, 4)), 4, []string{"members"}, ""},
		"takeout.zip":  {zipped(t, takeout...), 5, []string{"Sent", "Inbox"}, "archive_browser.html, Takeout/Mail/Sent.mbox, inner.zip"},
		"no-extension": {zipped(t, takeout[1]), 3, []string{"Sent"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			up, told := newUpstream(), &notes{}
			o := options(t, up, write(t, name, c.content))
			o.Reporter = told
			sum := run1(t, o)
			assert.Equal(t, c.pushed, sum.New())
			assert.Zero(t, sum.Failed)
			seen := map[string]bool{}
			for _, m := range up.kept {
				seen[m.Metadata[attrove.MetaConversation].(string)] = true
			}
			for _, conversation := range c.conversations {
				assert.True(t, seen[conversation], "%s in %v", conversation, seen)
			}
			assert.Contains(t, strings.Join(told.lines, "\n"), c.note)
			nothingLeft(t, o)

			assert.Zero(t, run1(t, o).New(), "a second import changes nothing")
			assert.Equal(t, c.pushed, up.calls)
		})
	}
}

// nothingLeft checks that nothing unpacked remains.
func nothingLeft(t *testing.T, o Options) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(o.StateDir, temporaryPrefix+"*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestInterruptedArchiveGoesOn(t *testing.T) {
	path := write(t, "mail.zip", zipped(t, packed{"a.mbox", messages(0, 20)}, packed{"b.mbox", messages(20, 60)}))
	up := newUpstream()
	up.fail = func(n int, _ attrove.PushMessageIn) error {
		if n > 30 {
			return &attrove.Error{Code: attrove.CodeStorageFull, Message: "full"}
		}
		return nil
	}
	o := options(t, up, path)
	o.Concurrency = 1
	_, err := Run(t.Context(), o)
	require.ErrorContains(t, err, "run the same command again")
	nothingLeft(t, o)
	before := up.calls
	up.fail = nil
	sum := run1(t, o)
	assert.Equal(t, 60, sum.Found())
	assert.Equal(t, 30, sum.New())
	assert.Equal(t, 30, up.calls-before, "what was acknowledged is not pushed again")
	assert.Len(t, up.kept, 60)
}

func TestBadArchives(t *testing.T) {
	encrypted := []byte(zipped(t, packed{"a.mbox", messages(0, 1)}))
	central := bytes.LastIndex(encrypted, []byte("PK\x01\x02"))
	encrypted[central+8] |= 1
	zeros := messages(0, 1) + strings.Repeat("\x00", 10<<20)
	tar := make([]byte, 1024)
	copy(tar[257:], "ustar")
	for name, c := range map[string]struct{ content, says string }{
		"nothing.zip":   {zipped(t, packed{"a.txt", "From here"}), "holds none (a.txt)"},
		"encrypted.zip": {string(encrypted), "holds none"},
		"control.zip":   {zipped(t, packed{"a\x1b[2J.txt", "x"}), "a\ufffd[2J.txt"},
		"many.zip":      {directory(t, archiveLimits().entries+1), "more than the 100,000 files"},
		"bomb.zip":      {zipped(t, packed{"a.mbox", zeros}), "unpacks to more than 8 MiB"},
		"bomb.gz":       {gzipped(t, zeros), "unpacks to more than 8 MiB"},
		"spread.zip":    {zipped(t, packed{"a.mbox", zeros[:6<<20]}, packed{"b.mbox", zeros[:6<<20]}), "unpacks to more than 8 MiB"},
		"cut.zip":       {zipped(t, packed{"a.mbox", messages(0, 9)})[:200], "cannot be read"},
		"cut.gz":        {gzipped(t, messages(0, 50))[:300], "cannot be read"},
		"damaged.gz":    {gzipped(t, messages(0, 9))[:len(gzipped(t, messages(0, 9)))-8] + "12345678", "cannot be read"},
		"directory.zip": {directory(t, int(archiveLimits().directory)/50), "lists more than"},
		"empty.gz":      {gzipped(t, ""), "nothing in it"},
		"mail.tgz":      {gzipped(t, string(tar)), "tar archive"},
		"nested.gz":     {gzipped(t, gzipped(t, messages(0, 1))), "compressed"},
	} {
		t.Run(name, func(t *testing.T) {
			up := newUpstream()
			path := write(t, name, c.content)
			o := options(t, up, path)
			_, err := Run(t.Context(), o)
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, path)
			require.ErrorContains(t, err, "a mailbox (mbox)", "what was expected")
			assert.Zero(t, up.calls)
			nothingLeft(t, o)
		})
	}
}

// directory is an archive whose table of contents lists n files that are not there.
func directory(t *testing.T, n int) string {
	t.Helper()
	one := []byte(zipped(t, packed{"a.mbox", ""}))
	central := bytes.LastIndex(one, []byte("PK\x01\x02"))
	end := bytes.LastIndex(one, []byte("PK\x05\x06"))
	record, tail := one[central:end], bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(n))
	binary.LittleEndian.PutUint16(tail[10:], uint16(n))
	binary.LittleEndian.PutUint32(tail[12:], uint32(n*len(record)))
	return string(one[:central]) + strings.Repeat(string(record), n) + string(tail)
}

func TestUnpackingEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o := options(t, newUpstream(), write(t, "a.gz", gzipped(t, messages(0, 2))))
	_, err := Run(ctx, o)
	require.ErrorIs(t, err, context.Canceled)
	nothingLeft(t, o)
}

func TestUnpackedFilesAreTheUsersAlone(t *testing.T) {
	u := &unpacker{finder: &finder{opts: options(t, newUpstream())}, limits: archiveLimits(), path: "a", size: 1 << 20}
	u.opts.Reporter = silent{}
	file, _, err := u.unpack(t.Context(), strings.NewReader(messages(0, 1)))
	require.NoError(t, err)
	defer u.close()
	info, err := file.Stat()
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestSettingsLeaveMessagesOut(t *testing.T) {
	up := newUpstream()
	up.fail = func(int, attrove.PushMessageIn) error {
		return &attrove.Error{Status: 422, Code: attrove.CodeExcluded, Message: "excluded"}
	}
	o := options(t, up, box(t, 3*maxRefusedInARow))
	sum := run1(t, o)
	assert.Equal(t, 3*maxRefusedInARow, sum.LeftOut())
	assert.Zero(t, sum.Failed)
	assert.Contains(t, sum.String(), "60 left out")
}
