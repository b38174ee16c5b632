package importer

import (
	"os"
	"path/filepath"
)

// temporaryPrefix begins the names of files that no import needs any more once it has ended.
const temporaryPrefix = ".temporary-"

// temporary makes a file that is gone once it is closed, which is done with close.
func temporary(dir string) (file *os.File, closing func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	file, err = os.CreateTemp(dir, temporaryPrefix+"*") // made with 0600
	if err != nil {
		return nil, nil, err
	}
	// Where a file can go by name while it is open, nothing is left behind whatever
	// happens; elsewhere, on Windows, it goes when it is closed.
	if os.Remove(file.Name()) == nil {
		return file, file.Close, nil
	}
	return file, func() error {
		if err := file.Close(); err != nil {
			return err
		}
		return os.Remove(file.Name())
	}, nil
}

// sweep removes what processes left behind that were killed where the name of an open
// file cannot go.
func sweep(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, temporaryPrefix+"*")) // fails only for a bad pattern
	for _, name := range left {
		_ = os.Remove(name) // what another import still has open stays
	}
}
