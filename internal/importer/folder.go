package importer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// maxFolder is how many files a folder may hold: more than any mail program has
// mailboxes, and less than a home directory.
const maxFolder = 10_000

// openFolder opens the mailboxes in a folder and in those below it. The user did
// not name its files one by one, so what is no mailbox is left out and noted. It
// does not follow links, which may lead anywhere.
func openFolder(ctx context.Context, path, actual string, o Options) (_ []*source, err error) {
	files, err := filesIn(path, actual)
	if err != nil {
		return nil, err
	}
	var sources []*source
	defer func() {
		if err != nil {
			closeAll(sources)
		}
	}()
	var others []string
	for _, file := range files {
		given := filepath.Join(path, file)
		found, err := openSources(ctx, given, filepath.Join(actual, file), o)
		var other *NotMailboxError
		switch {
		case errors.Is(err, errNotAFile), errors.As(err, &other):
			others = append(others, shown(file))
		case err != nil:
			return nil, err
		}
		sources = append(sources, found...)
	}
	if len(sources) == 0 {
		return nil, fmt.Errorf("%s holds no mailbox (%s): %w", path, some(others), errNotAFile)
	}
	if len(others) > 0 {
		o.Reporter.Note(fmt.Sprintf("%s: left out what is no mailbox: %s", path, some(others)))
	}
	return sources, nil
}

// filesIn lists the regular files in a folder and below it, relative to it.
func filesIn(path, actual string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(actual, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		if len(files) == maxFolder {
			return fmt.Errorf("it holds more than %s files: choose the folder of the mailboxes itself", comma(maxFolder))
		}
		relative, err := filepath.Rel(actual, name)
		files = append(files, relative)
		return err
	})
	if err != nil {
		return nil, openError(path, err)
	}
	return files, nil
}
