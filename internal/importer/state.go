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

	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

// state is how far the import of one file into one target is.
type state struct {
	Path     string  `json:"path"`
	Target   string  `json:"target"`
	Offset   int64   `json:"offset"`            // all before it is acknowledged
	Last     int64   `json:"last"`              // where the last message before Offset begins
	Messages int     `json:"messages"`          // how many lie before Offset
	Skipped  int     `json:"skipped,omitempty"` // how many of them hold nothing to push
	Retry    []int64 `json:"retry,omitempty"`   // those before Offset that were refused
	Head     string  `json:"head"`              // hash of the file's beginning
	Tail     string  `json:"tail"`              // hash of what stands before Offset
}

// sampleSize is how much of a file's beginning, and of the end of what was
// imported, must be unchanged for an import to go on behind it.
const sampleSize = 64 << 10

// stateFile is where a state is kept.
type stateFile struct {
	dir, target, path string
}

func newStateFile(dir, target, path string) stateFile {
	return stateFile{dir: dir, target: target, path: path}
}

func (f stateFile) name() string {
	sum := sha256.Sum256([]byte(f.target + "\x00" + f.path))
	return filepath.Join(f.dir, "import-"+hex.EncodeToString(sum[:12])+".json")
}

// load returns the state from which the import of src goes on: the one kept, if
// it still fits the file, else a new one.
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
		report.Note(src.path + ": the notes on an earlier import are damaged; importing the whole file again, which changes nothing twice")
		return fresh, nil
	}
	head, tail, err := samples(src, kept.Offset)
	if err != nil {
		return fresh, err
	}
	if kept.Offset > src.size || head != kept.Head || tail != kept.Tail {
		report.Note(src.path + ": the file is not the one that was imported before; importing it whole, which changes nothing twice")
		return fresh, nil
	}
	return kept.atMessage(src)
}

// decodeState reports false for what no import has written.
func decodeState(raw []byte) (state, bool) {
	var s state
	err := json.Unmarshal(raw, &s)
	return s, err == nil && 0 <= s.Last && s.Last <= s.Offset && 0 <= s.Messages
}

// atMessage makes sure that a message begins at the offset of s. None does when
// the file ended in the middle of a message that has since been completed.
func (s state) atMessage(src *source) (state, error) {
	if s.Offset == src.size {
		return s, nil
	}
	_, err := src.reader(s.Offset).NextHeader()
	if errors.Is(err, mbox.ErrNotMbox) {
		s.Offset = s.Last
		s.Messages = max(s.Messages-1, 0)
		return s, nil
	}
	return s, nil // another error shows again when the message is read
}

// samples returns the hashes that tell whether a file is the same up to offset.
func samples(src *source, offset int64) (head, tail string, err error) {
	if head, err = sample(src, 0, min(offset, sampleSize)); err != nil {
		return "", "", err
	}
	from := max(offset-sampleSize, 0)
	tail, err = sample(src, from, offset-from)
	return head, tail, err
}

func sample(src *source, from, length int64) (string, error) {
	if from+length > src.size {
		return "", nil // the file became shorter
	}
	buf := make([]byte, length)
	if _, err := src.file.ReadAt(buf, from); err != nil {
		return "", fmt.Errorf("read %s: %w", src.path, err)
	}
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:]), nil
}

// save replaces the state kept for src in one step. The file names the user's
// mailbox, so only the user may read it.
func (f stateFile) save(src *source) error {
	var err error
	if src.state.Head, src.state.Tail, err = samples(src, src.state.Offset); err != nil {
		return err
	}
	raw, err := json.MarshalIndent(src.state, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the progress of the import: %w", err)
	}
	if err := writeFile(f.name(), raw); err != nil {
		return fmt.Errorf("keep the progress of the import: %w", err)
	}
	return nil
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
