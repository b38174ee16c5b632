package transport

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// checkTime is how often a certificate's files are looked at, at most.
const checkTime = 10 * time.Second

// Certificate is a certificate and its key in two files, read again when they
// change. A pair that cannot be used changes nothing but the log.
type Certificate struct {
	certFile, keyFile string
	log               zerolog.Logger
	now               func() time.Time

	current atomic.Pointer[tls.Certificate]
	checked atomic.Int64 // when the files were last looked at, in Unix nanoseconds
	mu      sync.Mutex   // one reads the files
	seen    [2]stamp     // of the files, when they were last read
}

// stamp tells versions of a file apart.
type stamp struct {
	changed time.Time
	size    int64
}

// ReadCertificate reads a certificate, with those of its issuers, and its key, both
// PEM.
func ReadCertificate(certFile, keyFile string, log zerolog.Logger) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log, now: time.Now}
	return c, c.Reload()
}

// Reload reads the files whether they have changed or not. After an error the
// certificate is the one that it was.
func (c *Certificate) Reload() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen, err := c.look()
	if err != nil {
		return err
	}
	return c.read(seen)
}

func (c *Certificate) read(seen [2]stamp) error {
	c.seen = seen
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("read the certificate %s and its key %s: %w", c.certFile, c.keyFile, err)
	}
	c.current.Store(&pair)
	return nil
}

// look stamps the files.
func (c *Certificate) look() (seen [2]stamp, err error) {
	for i, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return seen, fmt.Errorf("read the certificate: %w", err)
		}
		seen[i] = stamp{info.ModTime(), info.Size()}
	}
	return seen, nil
}

// get is what a server asks at every handshake.
func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	now, last := c.now().UnixNano(), c.checked.Load()
	if now-last >= int64(checkTime) && c.checked.CompareAndSwap(last, now) {
		c.refresh()
	}
	return c.current.Load(), nil
}

// refresh reads the files if they have changed. A half-written pair counts as seen
// and is read again once its other half has changed.
func (c *Certificate) refresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen, err := c.look()
	if err == nil && seen != c.seen {
		err = c.read(seen)
	}
	if err != nil {
		c.log.Error().Err(err).Msg("the certificate in use is still the old one")
	}
}
