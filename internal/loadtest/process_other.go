//go:build !linux

package loadtest

import (
	"errors"
	"time"
)

// CPU is known on Linux only.
func (p *Process) CPU() (time.Duration, error) { return 0, errors.ErrUnsupported }

// Memory is known on Linux only.
func (p *Process) Memory() (int64, error) { return 0, errors.ErrUnsupported }
