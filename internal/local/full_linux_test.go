package local_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
)

// TestFullDisk pushes until a small file system is full, makes it larger, and
// goes on. It needs the right to mount one.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		t.Skipf("a file system that can be full needs the right to mount it: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, 0)) })
	o := options()
	o.Path = filepath.Join(dir, "a.db")
	f := start(t, o)

	ids := map[int]string{}
	push := func(i int) error {
		reply, err := attrove.PushNote.Call(t.Context(), f.client, f.me,
			attrove.PushNoteIn{Body: fmt.Sprintf("number%d %s", i, strings.Repeat("long ", 2000)), ExternalID: strconv.Itoa(i)})
		if err != nil {
			return err
		}
		receipt, err := reply.Value()
		ids[i] = receipt.ID
		return err
	}
	next := 0
	var full *attrove.Error
	for ; full == nil; next++ {
		require.Less(t, next, 1000, "never full")
		if err := push(next); err != nil {
			require.ErrorAs(t, err, &full)
		}
	}
	assert.Equal(t, 507, full.Status)
	assert.Equal(t, attrove.CodeStorageFull, full.Code)
	assert.Contains(t, full.Message, "nothing was stored")

	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64m"))
	require.NoError(t, push(next))
	require.NoError(t, f.engine.Drain(t.Context()))
	for i, id := range ids {
		note := call(t, f, attrove.GetNote, attrove.NoteRef{NoteID: id})
		assert.True(t, strings.HasPrefix(string(note.Body), fmt.Sprintf("number%d ", i)))
		assert.Equal(t, attrove.PushIndexed, note.Status)
	}
}

// TestFullDiskAtALaterOpen has no room left even for the index of the log.
func TestFullDiskAtALaterOpen(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		t.Skipf("a file system that can be full needs the right to mount it: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, 0)) })
	o := options()
	o.Path = filepath.Join(dir, "a.db")
	require.NoError(t, start(t, o).engine.Close())
	require.ErrorIs(t, os.WriteFile(filepath.Join(dir, "other"), make([]byte, 3<<20), 0o600), syscall.ENOSPC)

	_, err := local.New(o).LocalCaller(t.Context())
	var full *attrove.Error
	require.ErrorAs(t, err, &full)
	assert.Equal(t, attrove.CodeStorageFull, full.Code)
}

func TestFullDiskAtTheFirstOpen(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("a file system that can be full needs the right to mount it: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, 0)) })
	o := options()
	o.Path = filepath.Join(dir, "a.db")
	engine := local.New(o)
	t.Cleanup(func() { assert.NoError(t, engine.Close()) })
	_, err := engine.LocalCaller(t.Context())
	var full *attrove.Error
	require.ErrorAs(t, err, &full)
	assert.Equal(t, attrove.CodeStorageFull, full.Code)

	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64m"))
	_, err = engine.LocalCaller(t.Context())
	assert.NoError(t, err, "it is tried again")
}
