package loadtest

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// CPU is the time that the process has used so far, all its threads.
func (p *Process) CPU() (time.Duration, error) {
	// The CPU clock of another process: MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED)
	// of Linux's posix-timers.h, as clock_getcpuclockid(3) returns it.
	clock := int32(^uint32(p.command.Process.Pid))<<3 | 2 //nolint:gosec // pids are small
	var now unix.Timespec
	if err := unix.ClockGettime(clock, &now); err != nil {
		return 0, fmt.Errorf("CPU time of %s: %w", p.command.Path, err)
	}
	return time.Duration(now.Nano()), nil
}

// Memory is the resident set of the process in bytes.
func (p *Process) Memory() (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.command.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("memory of %s: %w", p.command.Path, err)
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(raw), &size, &resident); err != nil {
		return 0, fmt.Errorf("memory of %s: %w", p.command.Path, err)
	}
	return resident * int64(os.Getpagesize()), nil
}
