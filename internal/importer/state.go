package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// state is how far the import of one source into one target is.
type state struct {
	Path     string      `json:"path"`
	Target   string      `json:"target"`
	Offset   int64       `json:"offset"`             // all before it is acknowledged
	Last     int64       `json:"last"`               // where the last record before Offset begins
	Items    int         `json:"items"`              // how many lie before Offset
	Skipped  int         `json:"skipped,omitempty"`  // how many of them are not pushed and will not be
	Excluded int         `json:"excluded,omitempty"` // how many of these upstream kept out
	Retry    []retryable `json:"retry,omitempty"`    // records before Offset of which something was refused
	Recall   []string    `json:"recall,omitempty"`   // what lies before Offset and names one of these is wanted again
	Mark     string      `json:"mark"`               // stands for what lies before Offset
}

// retryable is a record that is to be tried again, and how many items it holds.
type retryable struct {
	Position int64 `json:"position"`
	Items    int   `json:"items"`
}

// known is how many items are there.
func (s state) known() int {
	n := s.Items - s.Skipped
	for _, r := range s.Retry {
		n -= r.Items
	}
	return max(n, 0)
}

// stateFile is where a state is kept.
type stateFile struct {
	dir, target, path string
}

// withSpam is added to the target of imports that leave no spam out.
const withSpam = "\x00spam"

func newStateFile(o Options, path string) stateFile {
	target := o.Target
	if o.IncludeSpam { // what an import without it left out is there with it
		target += withSpam
	}
	return stateFile{dir: o.StateDir, target: target, path: path}
}

// resume returns the state from which the import of src goes on, and with spam, how far
// one without it is.
func resume(o Options, src *source) (own, plain state, err error) {
	own, err = src.store.load(src, o.Reporter)
	if err != nil {
		return own, plain, err
	}
	o.IncludeSpam = !o.IncludeSpam
	other, err := newStateFile(o, src.store.path).load(src, silent{})
	switch {
	case err != nil:
		return own, plain, err
	case !o.IncludeSpam:
		plain = other
	case other.Offset > own.Offset: // all that this one wants is there, and more
		other.Target = own.Target
		own = other
	}
	return own, plain, nil
}

// has reports whether the record at a position is there, but for what is spam in it.
func (s state) has(position int64) bool {
	return position < s.Offset && !slices.ContainsFunc(s.Retry, func(r retryable) bool { return r.Position == position })
}

func (f stateFile) name() string {
	sum := sha256.Sum256([]byte(f.target + "\x00" + f.path))
	return filepath.Join(f.dir, "import-"+hex.EncodeToString(sum[:12])+".json")
}

// load returns the state from which the import of src goes on: the one kept, if
// it still fits the source, else a new one.
func (f stateFile) load(src *source, report Reporter) (state, error) {
	fresh := state{Path: f.path, Target: f.target}
	raw, err := os.ReadFile(f.name())
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return fresh, fmt.Errorf("read the progress of an earlier import: %w", err)
	}
	kept, ok := decodeState(raw)
	if !ok {
		report.Note(src.path + ": the notes on an earlier import are damaged; importing all of it again, which changes nothing twice")
		return fresh, nil
	}
	mark := ""
	if kept.Offset <= src.content.end() {
		if mark, err = src.content.mark(kept.Offset); err != nil {
			return fresh, fmt.Errorf("read %s: %w", src.path, err)
		}
	}
	if mark == "" || mark != kept.Mark {
		report.Note(src.path + ": it is not what was imported before; importing all of it, which changes nothing twice")
		return fresh, nil
	}
	if kept.Offset < src.content.end() {
		begins, err := src.content.begins(kept.Offset)
		if err != nil {
			return fresh, fmt.Errorf("read %s: %w", src.path, err)
		}
		if !begins {
			kept.Offset = kept.Last
			kept.Items = max(kept.Items-1, 0)
		}
	}
	return kept, nil
}

// decodeState reports false for what no import has written.
func decodeState(raw []byte) (state, bool) {
	var s state
	err := json.Unmarshal(raw, &s)
	return s, err == nil && 0 <= s.Last && s.Last <= s.Offset && 0 <= s.Items && 0 <= s.Excluded && s.Excluded <= s.Skipped
}

// save replaces the state that is kept of content in one step. The file names the
// user's files, so only the user may read it.
func (f stateFile) save(of content, s state) error {
	var err error
	if s.Mark, err = of.mark(s.Offset); err != nil {
		return fmt.Errorf("read %s: %w", s.Path, err)
	}
	return s.write(f.name())
}

func (s state) write(name string) error {
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the progress of the import: %w", err)
	}
	if err := writeFile(name, raw); err != nil {
		return fmt.Errorf("keep the progress of the import: %w", err)
	}
	return nil
}

// RemoveState removes what a directory says of imports into a target, so that
// the same files are imported as if for the first time. It returns of how many
// sources that was.
func RemoveState(dir, target string) (int, error) {
	return eachState(dir, target, func(name string, _ state) error { return os.Remove(name) })
}

// eachState does something with all progress of imports into a target, and returns of
// how many sources that is.
func eachState(dir, target string, do func(name string, s state) error) (n int, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look for the progress of imports: %w", err)
	}
	for _, entry := range entries {
		name := filepath.Join(dir, entry.Name())
		if !strings.HasPrefix(entry.Name(), "import-") || filepath.Ext(name) != ".json" {
			continue
		}
		raw, err := os.ReadFile(name)
		if err == nil {
			kept, ok := decodeState(raw)
			if !ok || kept.Target != target && kept.Target != target+withSpam {
				continue
			}
			err = do(name, kept)
		}
		if err != nil {
			return n, fmt.Errorf("change the progress of imports: %w", err)
		}
		n++
	}
	return n, nil
}

func writeFile(name string, raw []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".import-*") // made with 0600
	if err != nil {
		return err
	}
	_, err = tmp.Write(raw)
	if err == nil {
		err = tmp.Sync()
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // the first error is what matters
	}
	return err
}
