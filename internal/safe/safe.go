// Package safe keeps credentials that are shown once in a file that only its
// owner can read.
package safe

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// File is a file of credentials, one JSON object a line. Several processes may
// write to it.
type File struct{ path string }

// New returns the file at path, which need not exist.
func New(path string) *File { return &File{path: path} }

// Entry is what one call showed.
type Entry struct {
	Tool      string            `json:"tool"`
	Arguments json.RawMessage   `json:"arguments"`    // of the call
	ID        string            `json:"id,omitempty"` // of what the call made
	Secrets   map[string]string `json:"secrets"`      // by where the answer has them
}

// line is one line of the file.
type line struct {
	Ref     string    `json:"ref"`
	SavedAt time.Time `json:"saved_at"`
	Entry
}

// Ready reports why nothing can be kept now, if so. It makes the file.
func (f *File) Ready() error {
	file, err := f.open()
	if err != nil {
		return err
	}
	return file.Close()
}

// Keep appends an entry and says where it is.
func (f *File) Keep(e Entry) (where string, err error) {
	one := line{Ref: "sec_" + strings.ToLower(rand.Text()[:12]), SavedAt: time.Now().UTC().Truncate(time.Second), Entry: e}
	raw, err := json.Marshal(one)
	if err != nil {
		return "", fmt.Errorf("encode secrets: %w", err)
	}
	file, err := f.open()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err = file.Write(append(raw, '\n')); err != nil { // one write: lines of several processes do not mix
		return "", fmt.Errorf("save secrets: %w", err)
	}
	if err = file.Sync(); err != nil {
		return "", fmt.Errorf("save secrets: %w", err)
	}
	return f.path + " as " + one.Ref, nil
}

func (f *File) open() (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return nil, fmt.Errorf("directory of the secrets file: %w", err)
	}
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("secrets file: %w", err)
	}
	if err := private(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// private refuses a file that others may read. Windows says nothing of that in
// the mode; there the directory is the user's own.
func private(file *os.File) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	info, err := file.Stat()
	switch {
	case err != nil:
		return fmt.Errorf("secrets file: %w", err)
	case info.Mode().Type() == 0 && info.Mode().Perm()&0o077 != 0:
		return fmt.Errorf("secrets file %s: others may read it (%s); give it mode 0600: %w", file.Name(), info.Mode().Perm(), fs.ErrPermission)
	}
	return nil
}
