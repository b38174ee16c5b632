package config

import (
	"errors"
	"fmt"
	"time"
)

// Admin is how an HTTP server is operated.
type Admin struct {
	AdminListen  string        `help:"Serve /livez, /readyz and /metrics (Prometheus) on this loopback address." placeholder:"ADDRESS"`
	AdminRemote  bool          `help:"Let --admin-listen be another address than loopback. It takes no key: let only your monitoring reach it."`
	AdminPprof   bool          `help:"Also serve Go's profiles on --admin-listen, at /debug/pprof/."`
	DrainDelay   time.Duration `help:"How long to go on accepting requests after SIGTERM, while /readyz already says no: as long as your proxy needs to notice." default:"0s"`
	DrainTimeout time.Duration `help:"How long calls may take to finish after that." default:"25s"`
	AuditLog     string        `help:"Note each call that changes something or is refused in this file, without its content; - is standard error. Read anew on SIGHUP." placeholder:"FILE"`
	AuditReads   bool          `help:"Note calls that only read, too."`
}

// Validate checks what the flag parser cannot.
func (a Admin) Validate() error {
	if a.AdminListen != "" {
		if err := checkAddress("--admin-listen", a.AdminListen); err != nil {
			return err
		}
	}
	switch {
	case a.AdminListen == "" && (a.AdminRemote || a.AdminPprof):
		return errors.New("--admin-remote, --admin-pprof: only with --admin-listen")
	case a.AdminListen != "" && !a.AdminRemote && !(Edge{Listen: a.AdminListen}).Local():
		return fmt.Errorf("--admin-listen %s: it takes no key; listen on 127.0.0.1, or add --admin-remote where only your monitoring can reach it", a.AdminListen)
	case a.AuditReads && a.AuditLog == "":
		return errors.New("--audit-reads: only with --audit-log")
	case a.DrainDelay < 0 || a.DrainDelay > 10*time.Minute:
		return fmt.Errorf("--drain-delay %s: must be from 0s to 10m", a.DrainDelay)
	case a.DrainTimeout < time.Second || a.DrainTimeout > 10*time.Minute:
		return fmt.Errorf("--drain-timeout %s: must be from 1s to 10m", a.DrainTimeout)
	}
	return nil
}
