package transport_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/transport"
)

// pair is a certificate and its key in files.
type pair struct{ cert, key string }

func newPair(t *testing.T) pair {
	t.Helper()
	dir := t.TempDir()
	return pair{filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")}
}

// issue writes a certificate of its own for this machine, and returns whom to
// trust then.
func (p pair) issue(t *testing.T, serial int64) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost", "mcp.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	p.write(t, p.cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), serial)
	p.write(t, p.key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), serial)
	made, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(made)
	return pool
}

// write writes a file whose time of change says which version it is: the clock of
// a file system may be too coarse.
func (p pair) write(t *testing.T, name string, content []byte, version int64) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, content, 0o600))
	changed := time.Unix(1_700_000_000+version, 0)
	require.NoError(t, os.Chtimes(name, changed, changed))
}

// served is the certificate that a server shows.
func served(t *testing.T, address string) int64 {
	t.Helper()
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true}) // what is looked at is which it is
	require.NoError(t, err)
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func TestTLSIsServed(t *testing.T) {
	files := newPair(t)
	roots := files.issue(t, 1)
	certificate, err := transport.ReadCertificate(files.cert, files.key, watched(t, io.Discard))
	require.NoError(t, err)
	base, _ := newProduct(t, &attrovetest.Upstream{Answer: echo}).listen(t, transport.HTTPOptions{
		Edge: transport.Edge{Certificate: certificate, Hosts: []string{"mcp.example"}},
	})
	address := strings.TrimPrefix(base, "http://")

	for name, config := range map[string]*tls.Config{
		"HTTP/2.0": {RootCAs: roots, MinVersion: tls.VersionTLS13},
		"HTTP/1.1": {RootCAs: roots, MaxVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}},
	} {
		t.Run(name, func(t *testing.T) {
			config.ServerName = "mcp.example"
			way := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: name == "HTTP/2.0"}
			defer way.CloseIdleConnections()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+address+transport.Path, strings.NewReader(ping))
			require.NoError(t, err)
			req.Host = "mcp.example"
			req.Header.Set("Content-Type", "application/json")
			for name, value := range headers("ann", "sk_ann") {
				req.Header.Set(name, value)
			}
			resp, err := way.RoundTrip(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			assert.Equal(t, http.StatusOK, resp.StatusCode)
			assert.Equal(t, name, resp.Proto)
			assert.GreaterOrEqual(t, resp.TLS.Version, uint16(tls.VersionTLS12))
		})
	}
	t.Run("TLS 1.1", func(t *testing.T) {
		_, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: "mcp.example", MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
		require.ErrorContains(t, err, "protocol version")
	})
	t.Run("HTTP in the clear", func(t *testing.T) {
		got := exchange(t, address, request(ping))
		assert.Equal(t, http.StatusBadRequest, got.status)
		assert.Contains(t, got.body, "HTTP request to an HTTPS server")
	})
}

// TestCertificatesAreReadAgain when they change, without a restart; half of a pair,
// or none, changes nothing.
func TestCertificatesAreReadAgain(t *testing.T) {
	files := newPair(t)
	files.issue(t, 1)
	var logs bytes.Buffer
	certificate, err := transport.ReadCertificate(files.cert, files.key, watched(t, &logs))
	require.NoError(t, err)
	now := time.Unix(1_800_000_000, 0)
	certificate.SetClock(func() time.Time { return now })
	listener, err := transport.Bind(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- transport.Serve(ctx, listener, http.NotFoundHandler(), transport.Edge{Certificate: certificate}, watched(t, io.Discard))
	}()
	address := listener.Addr().String()
	assert.EqualValues(t, 1, served(t, address))

	files.issue(t, 2)
	assert.EqualValues(t, 1, served(t, address), "files are not looked at for each connection")
	now = now.Add(11 * time.Second)
	assert.EqualValues(t, 2, served(t, address))

	files.write(t, files.cert, []byte("half a certificate"), 3)
	now = now.Add(11 * time.Second)
	assert.EqualValues(t, 2, served(t, address), "what works stays")
	assert.Contains(t, logs.String(), "still the old one")
	require.ErrorContains(t, certificate.Reload(), files.cert)
	assert.EqualValues(t, 2, served(t, address))
	noise := logs.Len()
	now = now.Add(11 * time.Second)
	served(t, address)
	assert.Equal(t, noise, logs.Len(), "what was said once is not said again")

	require.NoError(t, os.Remove(files.key))
	require.ErrorContains(t, certificate.Reload(), files.key)
	files.issue(t, 4)
	require.NoError(t, certificate.Reload(), "asked to, it looks at once")
	assert.EqualValues(t, 4, served(t, address))
	stop()
	require.NoError(t, <-ended)
}

func TestNoCertificate(t *testing.T) {
	files := newPair(t)
	_, err := transport.ReadCertificate(files.cert, files.key, watched(t, io.Discard))
	require.ErrorContains(t, err, files.cert)
	files.issue(t, 1)
	other := newPair(t)
	other.issue(t, 2)
	_, err = transport.ReadCertificate(files.cert, other.key, watched(t, io.Discard))
	require.ErrorContains(t, err, "private key does not match")
}
