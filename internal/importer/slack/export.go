// Package slack reads Slack exports: users.json, channels.json and, for each
// conversation, a directory with a file of messages per day.
//
// The types of slack-go are those of Slack's API. Exports differ, and one field
// of another form must not cost the message, so the few fields that are needed
// are declared here.
package slack

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// maxFile is how long a file of an export may be. A day of a busy channel is a
// thousandth of it.
const maxFile = 64 << 20

// Export is a Slack export.
type Export struct {
	files         fs.FS
	users         map[string]user
	conversations map[string]conversation // by directory
	names         map[string]string       // of channels, by id
	days          []Day
}

// Day is what was written in one conversation on one day.
type Day struct {
	Dir, Date string // such as "general" and "2024-01-31"
	Size      int64  // in bytes
}

// Path is that of the day's file in the export.
func (d Day) Path() string { return d.Dir + "/" + d.Date + ".json" }

type user struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	IsBot   bool   `json:"is_bot"`
	Real    string `json:"real_name"`
	Profile struct {
		Real    string `json:"real_name"`
		Display string `json:"display_name"`
		Email   string `json:"email"`
	} `json:"profile"`
}

// called is the user's name for people.
func (u user) called() string {
	return cmp.Or(strings.TrimSpace(u.Profile.Real), strings.TrimSpace(u.Real), strings.TrimSpace(u.Profile.Display), u.Name, u.ID)
}

type conversation struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Members []string `json:"members"`
	direct  bool     // between a few people, and no channel
}

var dayFile = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})\.json$`)

// ErrNotExport is returned for what is no Slack export.
var ErrNotExport = errors.New("it is no Slack export: no directory holds files such as 2024-01-31.json beside users.json or channels.json")

// Open opens the export at the root of files. Nothing of its messages is read yet.
func Open(files fs.FS) (*Export, error) {
	e := &Export{files: files, users: map[string]user{}, conversations: map[string]conversation{}, names: map[string]string{}}
	known := false
	for _, list := range []string{"users.json", "org_users.json"} {
		var users []user
		ok, err := e.read(list, &users)
		if err != nil {
			return nil, err
		}
		known = known || ok
		for _, u := range users {
			e.users[u.ID] = u
		}
	}
	for _, list := range []string{"channels.json", "groups.json", "dms.json", "mpims.json"} {
		var all []conversation
		ok, err := e.read(list, &all)
		if err != nil {
			return nil, err
		}
		known = known || ok
		for _, c := range all {
			c.direct = list == "dms.json" || list == "mpims.json"
			e.conversations[cmp.Or(c.Name, c.ID)] = c // a talk of two has no name
			e.names[c.ID] = c.Name
		}
	}
	if err := e.list(); err != nil {
		return nil, err
	}
	if !known || len(e.days) == 0 {
		return nil, ErrNotExport
	}
	return e, nil
}

// read decodes a file of the export; false if it is not there. Lists of other
// things than Slack writes are taken for empty.
func (e *Export) read(name string, into any) (bool, error) {
	raw, err := e.raw(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return false, fmt.Errorf("%s of the Slack export cannot be read: %w", name, err)
	}
	return true, nil
}

func (e *Export) raw(name string) ([]byte, error) {
	file, err := e.files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	raw, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err == nil && len(raw) > maxFile {
		err = fmt.Errorf("%s of the Slack export is longer than %d MiB", name, maxFile>>20)
	}
	return raw, err
}

// list finds the days, in the order of time: a later export goes on where this
// one ends.
func (e *Export) list() error {
	entries, err := fs.ReadDir(e.files, ".")
	if err != nil {
		return err
	}
	for _, dir := range entries {
		if !dir.IsDir() {
			continue
		}
		days, err := fs.ReadDir(e.files, dir.Name())
		if err != nil {
			return err
		}
		for _, entry := range days {
			match := dayFile.FindStringSubmatch(entry.Name())
			if match == nil || !entry.Type().IsRegular() {
				continue
			}
			info, err := entry.Info()
			if err != nil {
				return err
			}
			e.days = append(e.days, Day{Dir: dir.Name(), Date: match[1], Size: info.Size()})
		}
	}
	slices.SortFunc(e.days, func(a, b Day) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Dir, b.Dir)) })
	return nil
}

// Days are the files of the export in the order of their dates.
func (e *Export) Days() []Day { return e.days }

// Holds reports whether a list of paths, slash-separated and relative to the
// same directory, looks like an export's, and which of them are.
func Holds(paths []string) (owned map[string]bool, ok bool) {
	owned = map[string]bool{}
	lists, days := 0, 0
	for _, name := range paths {
		dir, file := path.Split(name)
		switch {
		case slices.Contains([]string{"users.json", "org_users.json", "channels.json", "groups.json", "dms.json", "mpims.json"}, name):
			lists++
			owned[name] = true
		case strings.Count(dir, "/") == 1 && dayFile.MatchString(file):
			days++
			owned[name] = true
		}
	}
	return owned, lists > 0 && days > 0
}
