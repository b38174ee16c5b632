package transport

import (
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// Messages is messages, for a test that sets the time.
func Messages(within time.Duration, next http.Handler) http.Handler { return messages(within, next) }

// ClientOf is where a request comes from when its proxies are these.
func ClientOf(from []netip.Prefix, r *http.Request) netip.Addr { return proxies(from).client(r) }

// SetClock sets the time by which a certificate's files are looked at.
func (c *Certificate) SetClock(now func() time.Time) { c.now = now }

// Meter is a meter, whose size a test looks at.
type Meter struct{ *meter }

// NewMeter is newMeter.
func NewMeter() Meter { return Meter{newMeter()} }

// Len is how many keys are remembered.
func (m Meter) Len() int { return m.known.Len() }

// Counted is of how many callers a crowd keeps a count after each has come and gone.
func Counted(callers int) int {
	var c crowd
	for i := range callers {
		if c.enter(strconv.Itoa(i)) == nil {
			c.leave(strconv.Itoa(i))
		}
	}
	return len(c.by)
}
