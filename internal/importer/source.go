package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/importer/slack"
)

// source is something with records, and how far its import is.
type source struct {
	path    string // as the user gave it
	name    string // such as the mailbox's, for people
	found   bool   // in a folder or archive: the user did not name it
	content content
	state   state
	plain   state // of an import that left out spam, where this one does not
	store   stateFile
	roles   roles
}

// role is what a message with an id that has been seen before is.
type role int

const (
	original   role = iota
	secondCopy      // the same message again
	namesake        // another message under the same id, by a broken program
)

// roles are the positions of messages that are not the first with their id.
type roles struct{ copies, namesakes []int64 }

func (r *roles) sort() {
	slices.Sort(r.copies)
	slices.Sort(r.namesakes)
}

// of is the role of the message at a position.
func (r *roles) of(position int64) role {
	if _, found := slices.BinarySearch(r.copies, position); found {
		return secondCopy
	}
	if _, found := slices.BinarySearch(r.namesakes, position); found {
		return namesake
	}
	return original
}

// hasWork reports whether anything of the source remains to be pushed.
func (s *source) hasWork() bool {
	return s.state.Offset < s.content.end() || len(s.state.Retry) > 0 || len(s.state.Recall) > 0
}

// NotImportableError says that there is nothing in a file that can be imported.
type NotImportableError struct {
	Path string
	Why  string
}

// Error says so, and what can be imported.
func (e *NotImportableError) Error() string {
	return fmt.Sprintf("%s cannot be imported: %s; expected %s", e.Path, e.Why, expected)
}

// tree is a file, a folder or an archive, with the files in it.
type tree struct {
	path    string // as the user gave it
	key     string // names it in the progress that is kept
	named   bool   // it is one file, which the user named
	entries []*entry
	files   fs.FS // all of it, for forms that take several files; nil for one file

	// seekable opens a file so that an import can go back in it, and it is
	// closed with the finder.
	seekable func(ctx context.Context, e *entry) (io.ReaderAt, int64, error)
}

// finder makes sources of what the user named. Close it when they are done with.
type finder struct {
	opts    Options
	sources []*source
	closers []func() error
}

func (f *finder) close() {
	for _, one := range f.closers {
		_ = one() // files that were only read, or are in the user's own directory and named as ours
	}
}

// all finds the sources of all paths.
func (f *finder) all(ctx context.Context) error {
	given := map[string]bool{}
	for _, path := range f.opts.Paths {
		actual, err := resolve(path)
		if err != nil {
			return openError(path, err)
		}
		if given[actual] {
			continue
		}
		given[actual] = true
		info, err := os.Stat(actual)
		if err != nil {
			return openError(path, err)
		}
		open := f.file
		if info.IsDir() {
			open = f.folder
		}
		if err := open(ctx, path, actual, info); err != nil {
			return err
		}
	}
	return nil
}

// resolve returns the one path of a file, so that it is the same file by
// whatever links it is reached.
func resolve(path string) (string, error) {
	actual, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	return filepath.Abs(actual)
}

func openError(path string, err error) error {
	var other *NotImportableError
	switch {
	case errors.As(err, &other):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist: give the path of a file or folder: %w", path, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s cannot be read, its permissions forbid it: %w", path, err)
	default:
		return fmt.Errorf("open %s: %w", path, err)
	}
}

// file finds the sources in one file.
func (f *finder) file(ctx context.Context, path, actual string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return &NotImportableError{path, "it is no regular file, and an import must be able to go back in it"}
	}
	file, err := os.Open(actual)
	if err != nil {
		return openError(path, err)
	}
	f.closers = append(f.closers, file.Close)
	start := make([]byte, len(zipMagic))
	n, err := file.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return openError(path, err)
	}
	u := &unpacker{finder: f, limits: archiveLimits(), path: path, actual: actual, file: file, size: info.Size()}
	switch archive(start[:n]) {
	case gzipMagic:
		return u.gzip(ctx)
	case zipMagic, emptyZip:
		return u.zip(ctx)
	}
	one := &entry{name: filepath.Base(actual), path: path, key: actual, size: info.Size(), modified: info.ModTime(),
		open: func() (io.ReadCloser, error) { return os.Open(actual) }}
	return f.gather(ctx, tree{path: path, key: actual, named: true, entries: []*entry{one},
		seekable: func(context.Context, *entry) (io.ReaderAt, int64, error) { return file, info.Size(), nil }})
}

// maxFolder is how many files a folder may hold: more than a mailbox of single
// messages, and less than a whole disk.
const maxFolder = 200_000

// folder finds the sources in a folder and in those below it. It does not follow
// links, which may lead anywhere.
func (f *finder) folder(ctx context.Context, path, actual string, _ fs.FileInfo) error {
	t := tree{path: path, key: actual, files: os.DirFS(actual), seekable: f.openOnDisk}
	err := filepath.WalkDir(actual, func(name string, one fs.DirEntry, err error) error {
		if err != nil || !one.Type().IsRegular() {
			return err
		}
		if len(t.entries) == maxFolder {
			return fmt.Errorf("it holds more than %s files: choose a folder below it", comma(maxFolder))
		}
		relative, err := filepath.Rel(actual, name)
		if err != nil {
			return err
		}
		info, err := one.Info()
		if err != nil {
			return err
		}
		t.entries = append(t.entries, &entry{name: filepath.ToSlash(relative), path: filepath.Join(path, relative), key: name,
			size: info.Size(), modified: info.ModTime(),
			open: func() (io.ReadCloser, error) { return os.Open(name) }})
		return ctx.Err()
	})
	if err != nil {
		return openError(path, err)
	}
	return f.gather(ctx, t)
}

// openOnDisk opens a file of a folder.
func (f *finder) openOnDisk(_ context.Context, e *entry) (io.ReaderAt, int64, error) {
	file, err := os.Open(e.key)
	if err != nil {
		return nil, 0, err
	}
	f.closers = append(f.closers, file.Close)
	return file, e.size, nil
}

// archives finds the sources in the archives of a folder.
func (f *finder) archives(ctx context.Context, g *gathered) error {
	for _, e := range g.archived {
		info, err := os.Stat(e.key)
		if err == nil {
			err = f.file(ctx, e.path, e.key, info)
		}
		var nothing *NotImportableError
		switch {
		case errors.As(err, &nothing):
			g.others = append(g.others, shown(e.name))
		case err != nil:
			return err
		}
	}
	return nil
}

// add completes a source with what an earlier import of it left behind.
func (f *finder) add(src *source, t tree, key string) (err error) {
	src.found, src.store = !t.named, newStateFile(f.opts, key)
	if src.state, src.plain, err = resume(f.opts, src); err != nil {
		return err
	}
	f.sources = append(f.sources, src)
	return nil
}

// workspaces takes the Slack exports out of a tree, and returns the other files.
func (f *finder) workspaces(t tree) ([]*entry, error) {
	if t.files == nil {
		return t.entries, nil
	}
	var roots []string
	for _, e := range t.entries {
		if base := path.Base(e.name); (base == "users.json" || base == "channels.json") && !slices.Contains(roots, path.Dir(e.name)) {
			roots = append(roots, path.Dir(e.name))
		}
	}
	rest := t.entries
	for _, root := range roots {
		var names []string
		for _, e := range rest {
			if name, ok := under(root, e.name); ok {
				names = append(names, name)
			}
		}
		owned, ok := slack.Holds(names)
		if !ok {
			continue
		}
		files, err := fs.Sub(t.files, root)
		if err != nil {
			return nil, openError(t.path, err)
		}
		export, err := slack.Open(files)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.path, err)
		}
		name := path.Base(root)
		if root == "." {
			name = stem(filepath.Base(t.key))
		}
		if err := f.add(&source{path: t.path, name: name, content: &workspace{Export: export}}, t, t.key+"\x00slack\x00"+root); err != nil {
			return nil, err
		}
		rest = slices.DeleteFunc(slices.Clone(rest), func(e *entry) bool {
			name, ok := under(root, e.name)
			return ok && owned[name]
		})
	}
	return rest, nil
}

// under returns a name as it is below a directory.
func under(dir, name string) (string, bool) {
	if dir == "." {
		return name, true
	}
	return strings.CutPrefix(name, dir+"/")
}
