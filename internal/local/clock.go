package local

import (
	"encoding/json"
	"math"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Clock is a clock that can be set and then runs on as the one below it does:
// for those who build on the engine and cannot wait for a goal to fall silent.
type Clock struct {
	base   func() time.Time
	offset atomic.Int64 // nanoseconds
}

// NewClock returns a clock that shows what base does until it is set.
func NewClock(base func() time.Time) *Clock { return &Clock{base: base} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time { return c.base().Add(time.Duration(c.offset.Load())) }

// Set sets the clock, forwards or back, and reports whether it can: it reaches
// 292 years to either side of the clock below.
func (c *Clock) Set(now time.Time) bool {
	offset := now.Sub(c.base())
	if offset == math.MinInt64 || offset == math.MaxInt64 { // as Sub says that it is more
		return false
	}
	c.offset.Store(int64(offset))
	return true
}

// clockFace is what a clock shows, as JSON.
type clockFace struct {
	Now time.Time `json:"now"`
}

// ClockHandler lets the partner, and nobody else, read the engine's clock (GET)
// and set it (PUT). It is ours and no part of Attrove's API.
func (e *Engine) ClockHandler(c *Clock) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := e.checkPartner(r)
		if err == nil {
			err = c.obey(w, r)
		}
		if err != nil {
			writeProblem(w, e.o.Log, err)
			return
		}
		writeJSON(w, http.StatusOK, clockFace{c.Now().UTC()})
	})
}

func (c *Clock) obey(w http.ResponseWriter, r *http.Request) error {
	switch r.Method {
	case http.MethodGet:
		return nil
	case http.MethodPut:
		var face clockFace
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&face); err != nil || face.Now.IsZero() {
			return invalidRequest("now", `must be an RFC 3339 time: {"now": "2026-05-01T09:00:00Z"}`)
		}
		if !c.Set(face.Now) {
			return invalidRequest("now", "must be within 292 years of the real time")
		}
		return nil
	}
	w.Header().Set("Allow", "GET, PUT")
	return &attrove.Error{Status: http.StatusMethodNotAllowed, Code: attrove.CodeInvalidRequest, Message: "read the clock with GET, set it with PUT"}
}
