// Package admin answers those who operate a server: whether it lives, whether it
// is ready for requests, and what it counted.
package admin

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// patience is how long a check may take. Those who ask, ask again soon.
const patience = 2 * time.Second

// Options say what is answered.
type Options struct {
	Metrics  http.Handler
	Checks   []Check
	Stopping func() bool // whether the server was told to stop
	Profiles bool        // serve Go's profiles at /debug/pprof/
	Log      zerolog.Logger
}

// Check looks at something that the server needs.
type Check struct {
	Name  string
	Probe func(context.Context) error
	// Needed says that without it this server is of no use, where another one may
	// be. What all of them share is not: one after the other would be taken out.
	Needed bool
}

// Handler answers /livez, /readyz and /metrics.
func Handler(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, state{Ready: !o.Stopping()})
	})
	mux.HandleFunc("GET /readyz", o.ready)
	mux.Handle("GET /metrics", o.Metrics)
	if o.Profiles {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	}
	return mux
}

// state is an answer.
type state struct {
	Ready    bool              `json:"ready"`
	Stopping bool              `json:"stopping,omitempty"`
	Checks   map[string]string `json:"checks,omitempty"` // ok or failed; why is in the log
}

// ready answers 200 where requests are welcome, and else 503.
func (o Options) ready(w http.ResponseWriter, r *http.Request) {
	if o.Stopping() {
		answer(w, http.StatusServiceUnavailable, state{Stopping: true})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	errs := make([]error, len(o.Checks))
	var probes sync.WaitGroup
	for i, c := range o.Checks {
		probes.Go(func() { errs[i] = c.Probe(ctx) })
	}
	probes.Wait()
	s := state{Ready: true, Checks: map[string]string{}}
	for i, c := range o.Checks {
		s.Checks[c.Name] = "ok"
		if errs[i] == nil {
			continue
		}
		s.Checks[c.Name] = "failed"
		s.Ready = s.Ready && !c.Needed
		o.Log.Warn().Err(errs[i]).Str("check", c.Name).Msg("readiness")
	}
	status := http.StatusOK
	if !s.Ready {
		status = http.StatusServiceUnavailable
	}
	answer(w, status, s)
}

func answer(w http.ResponseWriter, status int, s state) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(s) // whoever hung up does not need it
}
