package importer

import "runtime/debug"

// What Go's collector is told while an engine in this process imports. SQLite and the
// program itself have some 110 MiB besides; together a mailbox of any size takes no more
// than 256 MiB.
const (
	engineMemory  = 112 << 20 // bytes, which it keeps to while it can
	engineGarbage = 400       // per cent of what lives, up to which garbage waits within that
)

// SpareMemory has an import beside an engine in this process take little memory,
// whatever its size, unless GOMEMLIMIT and GOGC say otherwise, which lookup finds as
// os.LookupEnv does. It returns how to undo that.
func SpareMemory(lookup func(name string) (string, bool)) (undo func()) {
	memory, garbage := debug.SetMemoryLimit(-1), debug.SetGCPercent(engineGarbage)
	if _, chosen := lookup("GOGC"); chosen {
		debug.SetGCPercent(garbage)
	}
	if _, chosen := lookup("GOMEMLIMIT"); !chosen {
		debug.SetMemoryLimit(engineMemory)
	}
	return func() {
		debug.SetMemoryLimit(memory)
		debug.SetGCPercent(garbage)
	}
}
