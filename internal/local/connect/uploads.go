package connect

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

// stallTime is how long nothing may arrive of a file before it is given up. A
// file to which nothing was added for longer is nobody's.
const stallTime = time.Minute

// uploads is where files are received: each in a directory of its own beside the
// database, on whose disk there must be room for what they hold anyway.
type uploads struct {
	prefix string // of the directories' paths
	ours   bool   // nobody else has directories with this prefix
}

func newUploads(database string) uploads {
	if database == "" {
		return uploads{prefix: filepath.Join(os.TempDir(), store.NewID("attrove-mcp")+".upload-"), ours: true}
	}
	return uploads{prefix: database + ".upload-"}
}

// close removes what no other process could need.
func (u uploads) close() {
	if !u.ours {
		return
	}
	names, err := filepath.Glob(u.prefix + "*")
	if err != nil { // the pattern is ours
		return
	}
	for _, name := range names {
		u.remove(name)
	}
}

// create makes a directory that only the user can enter, and returns its name.
func (u uploads) create() (string, error) {
	dir, err := os.MkdirTemp(filepath.Dir(u.prefix), filepath.Base(u.prefix)+"*")
	if err != nil {
		return "", err
	}
	return filepath.Base(dir), nil
}

// path is that of a directory that create named.
func (u uploads) path(name string) string {
	return filepath.Join(filepath.Dir(u.prefix), filepath.Base(name))
}

// remove removes a directory with what is in it. What cannot be removed now the
// next sweep finds.
func (u uploads) remove(name string) {
	if strings.HasPrefix(u.path(name), u.prefix) {
		_ = os.RemoveAll(u.path(name))
	}
}

// file is the one that was received into a directory.
func (u uploads) file(name string) (string, error) {
	entries, err := os.ReadDir(u.path(name))
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return e.Type().IsRegular() })
	if i < 0 {
		return "", fs.ErrNotExist
	}
	return filepath.Join(u.path(name), entries[i].Name()), nil
}

// leftovers are the directories that no process adds to any more and that are
// not needed.
func (u uploads) leftovers(needed []string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Dir(u.prefix))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), filepath.Base(u.prefix)) || slices.Contains(needed, entry.Name()) {
			continue
		}
		if time.Since(u.touched(entry.Name())) > stallTime {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// touched is when something was last added to a directory or its file.
func (u uploads) touched(name string) time.Time {
	var last time.Time
	paths := []string{u.path(name)}
	if file, err := u.file(name); err == nil {
		paths = append(paths, file)
	}
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
	}
	return last
}

// sweep removes what processes that ended left behind.
func (s *Server) sweep(ctx context.Context) {
	needed, err := s.o.Store.Uploads(ctx)
	if err != nil {
		s.o.Log.Warn().Err(err).Msg("cannot look for leftovers of uploads")
		return
	}
	names, err := s.dir.leftovers(needed)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.o.Log.Warn().Err(err).Msg("cannot look for leftovers of uploads")
	}
	for _, name := range names {
		s.dir.remove(name)
	}
}

// fileName is a name from a browser as a file may be called here: it names the
// mailbox in what is imported.
func fileName(name string) string {
	const longest = 60
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	clean := []rune(strings.TrimLeft(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_. ()", r) {
			return r
		}
		return '_'
	}, name), ". "))
	if len(clean) > longest { // the end has the extension
		clean = clean[len(clean)-longest:]
	}
	if len(clean) == 0 {
		return "mailbox"
	}
	return string(clean)
}

// RemoveUploads removes the files beside a database that no link needs and that
// nobody adds to, as a server does when it starts.
func RemoveUploads(ctx context.Context, database string, s *store.Store) {
	(&Server{o: Options{Store: s}, dir: newUploads(database)}).sweep(ctx)
}
