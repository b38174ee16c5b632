package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

// source is one mailbox file and how far its import is.
type source struct {
	path  string // as the user gave it
	name  string // of the mailbox
	file  *os.File
	size  int64
	state state
	store stateFile
	roles map[int64]role // by offset, of messages that are not the first with their id

	remove string // the file's name if it goes when it is closed
}

// role is what a message with an id that has been seen before is.
type role int

const (
	original   role = iota
	secondCopy      // the same message again
	namesake        // another message under the same id, by a broken program
)

// hasWork reports whether anything of the file remains to be pushed.
func (s *source) hasWork() bool {
	return s.state.Offset < s.size || len(s.state.Retry) > 0
}

// reader reads messages from an offset on, up to the size that the file had when
// it was opened: what arrives later is for the next import.
func (s *source) reader(offset int64) *mbox.Reader {
	return mbox.NewReader(io.NewSectionReader(s.file, offset, s.size-offset), offset)
}

func openAll(ctx context.Context, o Options) ([]*source, error) {
	var sources []*source
	given := map[string]bool{}
	for _, path := range o.Paths {
		actual, err := resolve(path)
		if err != nil {
			return sources, openError(path, err)
		}
		if given[actual] {
			continue
		}
		given[actual] = true
		open := openSources
		if info, err := os.Stat(actual); err == nil && info.IsDir() {
			open = openFolder
		}
		found, err := open(ctx, path, actual, o)
		if err != nil {
			return sources, err
		}
		sources = append(sources, found...)
	}
	return sources, nil
}

// resolve returns the one path of a file, so that a mailbox is the same mailbox
// by whatever links it is reached.
func resolve(path string) (string, error) {
	actual, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	return filepath.Abs(actual)
}

func closeAll(sources []*source) {
	for _, src := range sources {
		_ = src.file.Close() // it was only read
		if src.remove != "" {
			_ = os.Remove(src.remove) // it is in the user's own directory and named as ours
		}
	}
}

// openSources opens the mailbox at a path, or those in the archive there.
func openSources(ctx context.Context, path, actual string, o Options) ([]*source, error) {
	info, err := os.Stat(actual)
	if err == nil {
		err = checkKind(path, info)
	}
	if err != nil {
		return nil, openError(path, err)
	}
	file, err := os.Open(actual)
	if err != nil {
		return nil, openError(path, err)
	}
	kind, err := magic(file)
	if err != nil {
		return nil, errors.Join(openError(path, err), file.Close())
	}
	if kind == gzipMagic || kind == zipMagic {
		defer func() { _ = file.Close() }() // it was only read
		u := &unpacker{opts: o, limits: archiveLimits(), path: path, actual: actual, file: file, size: info.Size()}
		return u.unpack(ctx, kind)
	}
	src := &source{
		path: path, name: strings.TrimSuffix(filepath.Base(actual), filepath.Ext(actual)),
		file: file, size: info.Size(), roles: map[int64]role{}, store: newStateFile(o.StateDir, o.Target, actual),
	}
	if err := src.check(o); err != nil {
		closeAll([]*source{src})
		return nil, err
	}
	return []*source{src}, nil
}

// check makes sure that a source is a mailbox, and finds out how far its import is.
func (s *source) check(o Options) (err error) {
	if err = checkMbox(s); err == nil {
		s.state, err = s.store.load(s, o.Reporter)
	}
	return err
}

func openError(path string, err error) error {
	switch {
	case errors.Is(err, errNotAFile):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist: give the path of an mbox file: %w", path, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s cannot be read, its permissions forbid it: %w", path, err)
	default:
		return fmt.Errorf("open %s: %w", path, err)
	}
}

var errNotAFile = errors.New("expected an mbox file, alone or in a .zip or .gz")

func checkKind(path string, info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file, and an import must be able to go back in it: %w", path, errNotAFile)
	case info.Size() == 0:
		return fmt.Errorf("%s is empty: %w", path, errNotAFile)
	}
	return nil
}

// expectation is how a mailbox begins.
const expectation = `an mbox file begins with a line like "From ada@example.com Mon Jan  2 15:04:05 2006"`

// NotMailboxError says that a file is no mailbox.
type NotMailboxError struct {
	Path  string
	Looks string // what it seems to be instead, such as " but a binary file"; "" when unknown
	cause error
}

// Error says so, and how a mailbox begins.
func (e *NotMailboxError) Error() string {
	return fmt.Sprintf("%s is not an mbox file%s: %s: %v", e.Path, e.Looks, expectation, e.cause)
}

// Unwrap returns what reading it said.
func (e *NotMailboxError) Unwrap() error { return e.cause }

func checkMbox(src *source) error {
	_, err := src.reader(0).NextHeader()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s holds no message, only empty lines: %w", src.path, errNotAFile)
	case !errors.Is(err, mbox.ErrNotMbox):
		return fmt.Errorf("read %s: %w", src.path, err)
	}
	head := make([]byte, 512)
	n, readErr := src.file.ReadAt(head, 0)
	if readErr != nil && !errors.Is(readErr, io.EOF) {
		return fmt.Errorf("read %s: %w", src.path, readErr)
	}
	return &NotMailboxError{Path: src.path, Looks: looksLike(head[:n]), cause: err}
}

var headerStart = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*:[ \t]`)

// looksLike says what a file that is no mailbox seems to be instead.
func looksLike(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte(gzipMagic)), bytes.HasPrefix(head, []byte(zipMagic)),
		bytes.HasPrefix(head, []byte("BZh")), bytes.HasPrefix(head, []byte("\xfd7zXZ")), bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return " but compressed: unpack it first"
	case len(head) > 262 && string(head[257:262]) == "ustar":
		return " but a tar archive: unpack it first"
	case bytes.HasPrefix(head, []byte("!BDN")):
		return " but an Outlook data file (.pst): convert it first, for example with readpst"
	case headerStart.Match(head):
		return " but looks like a single message (.eml)"
	case bytes.IndexByte(head, 0) >= 0:
		return " but a binary file"
	}
	return ""
}
