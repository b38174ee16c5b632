package main

import (
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// Collecting garbage is a fifth of what a call takes when the heap may only
// double, as is Go's default: what lives is small, so it does so often.
const (
	garbagePercent = 400
	containerShare = 0.9 // of the container's memory is the limit, near which it is collected more often
	machineShare   = 0.5 // the same outside of containers, where others need memory, too
)

// tuneMemory trades memory that is there for less work, unless GOGC and
// GOMEMLIMIT say otherwise.
func (a *app) tuneMemory() {
	limit := memlimit.ApplyFallback(memlimit.ApplyRatio(memlimit.FromCgroup, containerShare), memlimit.ApplyRatio(memlimit.FromSystem, machineShare))
	if _, err := memlimit.Set(memlimit.WithProvider(limit), memlimit.WithRatio(1)); err != nil {
		a.log.Warn().Err(err).Msg("memory: no limit is known, so garbage is collected as often as usual")
		return
	}
	if _, chosen := a.env("GOGC"); !chosen {
		debug.SetGCPercent(garbagePercent)
	}
}
