//go:build unix

package local_test

import (
	"syscall"
	"time"
)

// processorTime is how long this process has computed, on all processors: what
// others do on the machine does not count.
func processorTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
