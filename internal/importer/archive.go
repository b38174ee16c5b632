package importer

import (
	"archive/zip"
	"bytes"
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

	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

// limits are what an archive may come to. An import goes back and forth in a
// mailbox, so those in archives are unpacked to files of their own first.
type limits struct {
	entries   int   // of a zip file, mailboxes or not
	directory int64 // bytes of its table of contents
	unpacked  int64 // bytes of all mailboxes in one archive
	ratio     int64 // of those to the bytes of the archive,
	floor     int64 // once they are more than this
}

// Mail is text and packs to between a third and a tenth. What packs a hundred
// times better is made to fill a disk.
func archiveLimits() limits {
	return limits{entries: 10_000, directory: 8 << 20, unpacked: 64 << 30, ratio: 100, floor: 8 << 20}
}

// Magic numbers at the beginning of archives (RFC 1952, and PKWARE's APPNOTE 4.3.7).
const (
	gzipMagic = "\x1f\x8b"
	zipMagic  = "PK\x03\x04"
)

// headSize is how much of a file tells whether it is a mailbox.
const headSize = 64 << 10

// unpacker makes sources of the mailboxes in one archive.
type unpacker struct {
	opts    Options
	limits  limits
	path    string // as the user gave it
	actual  string
	file    *os.File
	size    int64
	written int64
	sources []*source
	others  []string // what lies beside the mailboxes
}

// magic is what a file begins with: gzipMagic, zipMagic or something else.
func magic(file io.ReaderAt) (string, error) {
	head := make([]byte, len(zipMagic))
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if bytes.HasPrefix(head[:n], []byte(gzipMagic)) {
		return gzipMagic, nil
	}
	return string(head[:n]), nil
}

// unpack returns the mailboxes in an archive that begins with kind.
func (u *unpacker) unpack(ctx context.Context, kind string) (_ []*source, err error) {
	if kind == gzipMagic {
		err = u.gzip(ctx)
	} else {
		err = u.zip(ctx)
	}
	if err != nil {
		closeAll(u.sources)
		return nil, err
	}
	return u.sources, nil
}

func (u *unpacker) gzip(ctx context.Context) error {
	packed, err := gzip.NewReader(io.NewSectionReader(u.file, 0, u.size))
	if err != nil {
		return u.broken("gzip", err)
	}
	name := strings.TrimSuffix(filepath.Base(u.actual), ".gz")
	return u.add(ctx, packed, u.path, stem(name), u.actual)
}

func (u *unpacker) zip(ctx context.Context) error {
	directory := &boundedReader{r: u.file, left: u.limits.directory}
	archive, err := zip.NewReader(directory, u.size)
	if errors.Is(err, errDirectory) || err == nil && len(archive.File) > u.limits.entries {
		return fmt.Errorf("%s lists more than the %s files that an archive may hold: %w", u.path, comma(u.limits.entries), errNotAFile)
	}
	if err != nil {
		return u.broken("zip", err)
	}
	directory.left = -1
	seen := map[string]bool{}
	for _, entry := range archive.File {
		if entry.FileInfo().IsDir() {
			continue
		}
		took, err := u.entry(ctx, entry, seen[entry.Name])
		if err != nil {
			return err
		}
		seen[entry.Name] = true
		if !took {
			u.others = append(u.others, shown(entry.Name))
		}
	}
	if len(u.sources) == 0 {
		return fmt.Errorf("%s holds no mailbox (%s): %w", u.path, u.rest(), errNotAFile)
	}
	if len(u.others) > 0 {
		u.opts.Reporter.Note(fmt.Sprintf("%s: left out what is no mailbox: %s", u.path, u.rest()))
	}
	return nil
}

// entry unpacks a file of a zip archive if it is a mailbox. Its name is only
// ever shown: nothing is written where it says.
func (u *unpacker) entry(ctx context.Context, entry *zip.File, again bool) (bool, error) {
	const encrypted = 1 // bit 0 of the general purpose flags (APPNOTE 4.4.4)
	if again || !entry.Mode().IsRegular() || entry.Flags&encrypted != 0 {
		return false, nil
	}
	content, err := entry.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return false, nil
	}
	if err != nil {
		return false, u.broken("zip", err)
	}
	defer func() { _ = content.Close() }() // it is only read
	head := make([]byte, headSize)
	n, err := io.ReadFull(content, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, u.broken("zip", err)
	}
	head = head[:n]
	if _, err := mbox.NewReader(bytes.NewReader(head), 0).NextHeader(); err != nil {
		return false, nil // it is no mailbox
	}
	whole := io.MultiReader(bytes.NewReader(head), content)
	return true, u.add(ctx, whole, u.path+": "+shown(entry.Name), stem(path.Base(entry.Name)), u.actual+"\x00"+entry.Name)
}

// add unpacks one mailbox and makes a source of it. key names it in the progress
// that is kept: an import that was interrupted unpacks again and goes on.
func (u *unpacker) add(ctx context.Context, packed io.Reader, given, name, key string) error {
	if err := os.MkdirAll(u.opts.StateDir, 0o700); err != nil {
		return fmt.Errorf("unpack %s: %w", u.path, err)
	}
	file, err := os.CreateTemp(u.opts.StateDir, ".unpacked-*") // made with 0600
	if err != nil {
		return fmt.Errorf("unpack %s: %w", u.path, err)
	}
	src := &source{path: given, name: name, file: file, roles: map[int64]role{}, store: newStateFile(u.opts.StateDir, u.opts.Target, key)}
	// Where a file can go by name while it is open, nothing is left behind
	// whatever happens; elsewhere, on Windows, it goes when it is closed.
	if os.Remove(file.Name()) != nil {
		src.remove = file.Name()
	}
	u.sources = append(u.sources, src)
	if src.size, err = u.copy(ctx, file, packed); err != nil {
		return err
	}
	if src.size == 0 {
		return fmt.Errorf("%s is empty once unpacked: %w", given, errNotAFile)
	}
	return src.check(u.opts)
}

// copy writes what is packed to file, and no more than the limits allow.
func (u *unpacker) copy(ctx context.Context, file io.Writer, packed io.Reader) (int64, error) {
	var size int64
	most := min(u.limits.unpacked, max(u.limits.floor, u.limits.ratio*u.size))
	buf := make([]byte, 256<<10)
	for {
		if err := ctx.Err(); err != nil {
			return size, err
		}
		n, err := packed.Read(buf)
		if u.written += int64(n); u.written > most {
			return size, fmt.Errorf("%s unpacks to more than %d MiB, which is too much for an archive of its size: unpack it yourself if you trust it: %w",
				u.path, most>>20, errNotAFile)
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
	return fmt.Errorf("%s looks like a %s file but cannot be read, it may be incomplete: %w: %w", u.path, kind, cause, errNotAFile)
}

// rest says what lies beside the mailboxes.
func (u *unpacker) rest() string {
	return some(u.others)
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
