package importer

import (
	"archive/zip"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode"
)

// limits are what an archive may come to. An import goes back and forth in a
// mailbox, so those in archives are unpacked to files of their own first.
type limits struct {
	entries   int   // of a zip file, whatever they are
	directory int64 // bytes of its table of contents
	unpacked  int64 // bytes of all that is read of one archive
	ratio     int64 // of those to the bytes of the archive,
	floor     int64 // once they are more than this
}

// Mail and chat are text and pack to between a third and a twentieth. What packs
// a hundred times better is made to fill a disk.
func archiveLimits() limits {
	return limits{entries: 100_000, directory: 16 << 20, unpacked: 64 << 30, ratio: 100, floor: 8 << 20}
}

// unpacker finds the sources in one archive.
type unpacker struct {
	*finder
	limits  limits
	path    string // as the user gave it
	actual  string
	file    *os.File
	size    int64
	written int64
}

// gzip finds the sources in the one file that is packed.
func (u *unpacker) gzip(ctx context.Context) error {
	packed, err := gzip.NewReader(io.NewSectionReader(u.file, 0, u.size))
	if err != nil {
		return u.broken("gzip", err)
	}
	file, size, err := u.unpack(ctx, packed)
	if err != nil {
		return err
	}
	one := &entry{name: strings.TrimSuffix(filepath.Base(u.actual), ".gz"), path: u.path, key: u.actual, packed: true, size: size, modified: packed.ModTime,
		open: func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(file, 0, size)), nil }}
	return u.gather(ctx, tree{path: u.path, key: u.actual, named: true, entries: []*entry{one},
		seekable: func(context.Context, *entry) (io.ReaderAt, int64, error) { return file, size, nil }})
}

// zip finds the sources among the files that are packed.
func (u *unpacker) zip(ctx context.Context) error {
	directory := &boundedReader{r: u.file, left: u.limits.directory}
	archive, err := zip.NewReader(directory, u.size)
	if errors.Is(err, errDirectory) || err == nil && len(archive.File) > u.limits.entries {
		return &NotImportableError{u.path, fmt.Sprintf("it lists more than the %s files that an archive may hold", comma(u.limits.entries))}
	}
	if err != nil {
		return u.broken("zip", err)
	}
	directory.left = -1
	t := tree{path: u.path, key: u.actual, files: archive}
	seen := map[string]bool{}
	var unpacked int64
	for _, file := range archive.File {
		if file.FileInfo().IsDir() {
			continue
		}
		e := u.entry(file, seen[file.Name])
		if unpacked += e.size; unpacked > u.most() {
			return u.tooMuch()
		}
		seen[file.Name] = true
		t.entries = append(t.entries, e)
	}
	t.seekable = func(ctx context.Context, e *entry) (io.ReaderAt, int64, error) {
		content, err := e.open()
		if err != nil {
			return nil, 0, u.broken("zip", err)
		}
		defer func() { _ = content.Close() }() // it was only read
		return u.unpack(ctx, content)
	}
	return u.gather(ctx, t)
}

// entry is a file of a zip archive. Its name is only ever shown: nothing is
// written where it says.
func (u *unpacker) entry(file *zip.File, again bool) *entry {
	const encrypted = 1 // bit 0 of the general purpose flags (APPNOTE 4.4.4)
	e := &entry{name: file.Name, path: u.path + ": " + shown(file.Name), key: u.actual + "\x00" + file.Name, packed: true,
		size: file.FileInfo().Size(), modified: file.Modified, open: file.Open}
	if e.size < 0 || e.size > u.limits.unpacked { // it may say anything
		e.size = u.limits.unpacked + 1
	}
	switch {
	case again:
		e.open = unopenable("another file of that name stands before it")
	case !file.Mode().IsRegular():
		e.open = unopenable("it is no regular file")
	case file.Flags&encrypted != 0:
		e.open = unopenable("it is encrypted")
	}
	return e
}

func unopenable(why string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return nil, errors.New(why) }
}

// unpack writes what is packed to a file that goes with the finder. An import
// that was interrupted unpacks again and goes on.
func (u *unpacker) unpack(ctx context.Context, packed io.Reader) (*os.File, int64, error) {
	file, closing, err := temporary(u.opts.StateDir)
	if err != nil {
		return nil, 0, fmt.Errorf("unpack %s: %w", u.path, err)
	}
	u.closers = append(u.closers, closing)
	size, err := u.copy(ctx, file, packed)
	return file, size, err
}

// most is how much of the archive may be unpacked.
func (u *unpacker) most() int64 {
	return min(u.limits.unpacked, max(u.limits.floor, u.limits.ratio*u.size))
}

func (u *unpacker) tooMuch() error {
	return &NotImportableError{u.path, fmt.Sprintf("it unpacks to more than %d MiB, which is too much for an archive of its size: unpack it yourself if you trust it", u.most()>>20)}
}

// copy writes what is packed to file, and no more than the limits allow.
func (u *unpacker) copy(ctx context.Context, file io.Writer, packed io.Reader) (int64, error) {
	var size int64
	buf := make([]byte, 256<<10)
	for {
		if err := ctx.Err(); err != nil {
			return size, err
		}
		n, err := packed.Read(buf)
		if u.written += int64(n); u.written > u.most() {
			return size, u.tooMuch()
		}
		size += int64(n)
		if _, err := file.Write(buf[:n]); err != nil {
			return size, fmt.Errorf("unpack %s: %w", u.path, err)
		}
		u.opts.Reporter.Progress(Progress{Path: u.path, Phase: Unpacking, Done: u.written})
		if errors.Is(err, io.EOF) {
			return size, nil
		}
		if err != nil {
			return size, u.broken("compressed", err)
		}
	}
}

func (u *unpacker) broken(kind string, cause error) error {
	return &NotImportableError{u.path, fmt.Sprintf("it looks like a %s file but cannot be read, it may be incomplete: %v", kind, cause)}
}

// some names the first of some files.
func some(names []string) string {
	const most = 3
	text := strings.Join(names[:min(len(names), most)], ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %s more", comma(more))
	}
	if text == "" {
		return "it is empty"
	}
	return text
}

// stem is a file's name without its extension.
func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// shown is a name out of an archive as it may be shown: it may hold anything.
func shown(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, name)
}

// errDirectory says that a zip file's table of contents is too long. The
// standard library would read all of it into memory.
var errDirectory = errors.New("the table of contents is too long")

// boundedReader reads so many bytes and no more, unless left is negative.
type boundedReader struct {
	r    io.ReaderAt
	left int64
}

// ReadAt implements io.ReaderAt.
func (b *boundedReader) ReadAt(p []byte, offset int64) (int, error) {
	if b.left < 0 {
		return b.r.ReadAt(p, offset)
	}
	if b.left -= int64(len(p)); b.left < 0 {
		b.left = 0
		return 0, errDirectory
	}
	return b.r.ReadAt(p, offset)
}
