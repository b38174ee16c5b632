package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/attrove/attrove-mcp/internal/config"
)

// warnExposed says when others on this machine can read a database, or put
// another in its place. What this program makes only its user can read (0600,
// and 0700 for directories, whatever the umask); what was there before it leaves
// as it is, because somebody may have meant it so.
func (a *app) warnExposed(database string) {
	if database == "" || runtime.GOOS == "windows" { // whose access lists are not in the mode
		return
	}
	const others, otherWriters = 0o077, 0o022
	if info, err := os.Stat(database); err == nil && info.Mode().Perm()&others != 0 {
		a.log.Warn().Str("file", database).Stringer("mode", info.Mode().Perm()).Msg("others can read the database: chmod 600 it")
	}
	dir := filepath.Dir(database)
	info, err := os.Stat(dir)
	if err != nil {
		return // it is made
	}
	wide := info.Mode().Perm()&otherWriters != 0 && info.Mode()&fs.ModeSticky == 0
	if dir == config.DataDir() { // where there is nothing else
		wide = info.Mode().Perm()&others != 0
	}
	if wide {
		a.log.Warn().Str("directory", dir).Stringer("mode", info.Mode().Perm()).Msg("others can enter the database's directory: chmod 700 it")
	}
}
