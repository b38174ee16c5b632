// Package connect is the page where a person connects a source by handing over a
// file, and what becomes of that file. Links to the page are made here, too
// (contract sections 3.2 to 3.4).
//
// A file is received into a private directory, and its import queued as a job in
// the transaction that marks the link as being worked on. So the import outlives
// the browser and the process: whoever opens the database next goes on with it.
package connect

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"
	"golang.org/x/sync/semaphore"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer"
	"github.com/attrove/attrove-mcp/internal/local/jobs"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// How long links are good for: a session and a token as Attrove documents
// (contract section 1), and one that is offered on this machine.
const (
	sessionLife = 7 * 24 * time.Hour
	tokenLife   = 10 * time.Minute
	offerLife   = time.Hour
)

// Options configure a Server.
type Options struct {
	Store       *store.Store
	Path        string           // the database's file, beside which uploads lie; "" is one in memory
	PublicURL   string           // the origin where the page is reached; "" nowhere
	RedirectURL string           // where browsers go afterwards unless a link says; "" stays
	Now         func() time.Time // the engine's clock
	Log         zerolog.Logger
	MaxUpload   int64 // bytes of a file; 0 is DefaultMaxUpload

	// Push takes things for a user, and Drain waits until all that a user pushed
	// can be found.
	Push  func(store.User) importer.Pusher
	Drain func(ctx context.Context, userID string) error
}

// DefaultMaxUpload is the largest file that the page takes. It is what a zip file
// of the classic format and a FAT file system hold, and the mail of most people's
// life; for more there is the import command, which copies nothing.
const DefaultMaxUpload = 4 << 30

// maxUploads is how many files are received at the same time.
const maxUploads = 4

// Server serves the page and imports what is handed over. It is safe for
// concurrent use.
type Server struct {
	o       Options
	dir     uploads
	page    http.Handler
	imports *jobs.Worker
	slots   *semaphore.Weighted
	later   *time.Timer // of the second look for leftovers

	mu    sync.Mutex
	offer *offer // nil when there is none
}

// Start returns a server at work until it is closed.
func Start(ctx context.Context, o Options) *Server {
	if o.MaxUpload == 0 {
		o.MaxUpload = DefaultMaxUpload
	}
	s := &Server{o: o, dir: newUploads(o.Path), slots: semaphore.NewWeighted(maxUploads)}
	s.page = s.handler()
	s.sweep(ctx)
	background := context.WithoutCancel(ctx)
	s.later = time.AfterFunc(2*stallTime, func() { s.sweep(background) })
	s.imports = jobs.Start(background, jobs.Options{Store: o.Store, Queue: store.QueueConnect, Log: o.Log, Handle: s.handle, Batch: 1})
	return s
}

// Close ends what is under way. Imports go on where they were when the database
// is opened again.
func (s *Server) Close() {
	s.later.Stop()
	s.mu.Lock()
	offer := s.offer
	s.mu.Unlock()
	if offer != nil {
		offer.close()
	}
	s.imports.Stop()
	s.dir.close()
}

// Wanted is what a link is to be for.
type Wanted struct {
	UserID      string
	Provider    string
	RedirectURL string // "" is the server's
}

// Link leads to the page.
type Link struct {
	Key       string // the session's id or the token: whoever has it can open the page
	URL       string
	ExpiresAt time.Time
}

// Origin is where the page is reached; "" nowhere.
func (s *Server) Origin() string { return s.o.PublicURL }

// ErrNowhere says that the page is served nowhere.
var ErrNowhere = errors.New("the page is served nowhere")

// Session makes a link that is good for 7 days (contract section 3.2).
func (s *Server) Session(ctx context.Context, w Wanted) (Link, error) {
	return s.link(ctx, w, s.o.PublicURL, sessionLife)
}

// Token makes a link of the older kind, good for 10 minutes (contract section 3.4).
func (s *Server) Token(ctx context.Context, w Wanted) (Link, error) {
	if s.o.PublicURL == "" {
		return Link{}, ErrNowhere
	}
	link := Link{Key: "pit_" + strings.ToLower(rand.Text()), ExpiresAt: s.now().Add(tokenLife)}
	link.URL = address(s.o.PublicURL, url.Values{"token": {link.Key}, "user_id": {w.UserID}})
	return link, s.keep(ctx, w, link)
}

func (s *Server) link(ctx context.Context, w Wanted, origin string, life time.Duration) (Link, error) {
	if origin == "" {
		return Link{}, ErrNowhere
	}
	link := Link{Key: uuid.NewString(), ExpiresAt: s.now().Add(life)}
	link.URL = address(origin, url.Values{"session": {link.Key}})
	return link, s.keep(ctx, w, link)
}

func (s *Server) keep(ctx context.Context, w Wanted, link Link) error {
	if w.RedirectURL == "" {
		w.RedirectURL = s.o.RedirectURL
	}
	return s.o.Store.AddConnect(ctx, store.Connect{ID: store.NewID("cns"), UserID: w.UserID, Provider: w.Provider,
		RedirectURL: w.RedirectURL, CreatedAt: s.now(), ExpiresAt: link.ExpiresAt}, hash(link.Key))
}

// now is as exact as times are kept.
func (s *Server) now() time.Time { return s.o.Now().Truncate(time.Millisecond) }

func address(origin string, query url.Values) string {
	return strings.TrimRight(origin, "/") + attrove.ConnectPage.Path + "?" + query.Encode()
}

// hash is all that is kept of a key. Keys are random, so it needs no salt.
func hash(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

// CheckRedirect says what is wrong with an address that browsers are to be sent
// to, or "". The outcome that is added to it names a user.
func CheckRedirect(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return "must be a URL such as https://app.example.com/connected"
	case u.User != nil || u.Fragment != "":
		return "must hold neither credentials nor a fragment"
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return ""
	}
	return "must begin with https://; http:// is for this machine only"
}

func loopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// outcome is what a browser tells the partner's site (P-15).
type outcome struct {
	status string // success or error
	reason string // of an error
}

// providerOf is the provider as the partner named it.
func providerOf(c store.Connect) string { return cmp.Or(c.Provider, mailProvider) }
