package connect

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	lingerTime    = time.Minute // that a used offer stays, so that its result can be read
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10
)

// offer is a link for somebody at this machine, on a listener of its own that
// serves nothing but the page.
type offer struct {
	server *Server
	link   Link
	http   *http.Server
	ended  sync.WaitGroup
	timer  *time.Timer
}

// Offer returns a link for a user at this machine, who can open it within the
// hour, and once. Until then the same one is returned again.
func (s *Server) Offer(ctx context.Context, userID string) (Link, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.offer != nil {
		if s.offer.good(ctx) {
			return s.offer.link, nil
		}
		s.offer.close()
		s.offer = nil
	}
	o, err := s.listen(ctx, userID)
	if err != nil {
		return Link{}, fmt.Errorf("offer the connect page: %w", err)
	}
	s.offer = o
	return o.link, nil
}

func (s *Server) listen(ctx context.Context, userID string) (*offer, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	link, err := s.link(ctx, Wanted{UserID: userID}, "http://"+listener.Addr().String(), offerLife)
	if err != nil {
		_ = listener.Close() // nothing was served
		return nil, err
	}
	o := &offer{server: s, link: link}
	o.http = &http.Server{Handler: o, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(quiet{s.o.Log}, "", 0)}
	o.ended.Go(func() { _ = o.http.Serve(listener) }) // it ends when the offer does
	o.timer = time.AfterFunc(offerLife, o.expire)
	return o, nil
}

// quiet logs what net/http has to say, such as broken connections, for those who
// look for it.
type quiet struct{ log zerolog.Logger }

// Write implements io.Writer.
func (q quiet) Write(p []byte) (int, error) {
	q.log.Debug().Bytes("http", p).Msg("connect page")
	return len(p), nil
}

// ServeHTTP implements http.Handler. Once the link is used and its result was
// shown, the listener ends soon.
func (o *offer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.server.ServeHTTP(w, r)
	if c, err := o.connect(r.Context()); err == nil && c.State == store.ConnectDone {
		o.timer.Reset(lingerTime)
	}
}

func (o *offer) connect(ctx context.Context) (store.Connect, error) {
	return o.server.o.Store.ConnectByKey(ctx, hash(o.link.Key))
}

// good reports whether the link can still be opened.
func (o *offer) good(ctx context.Context) bool {
	c, err := o.connect(ctx)
	return err == nil && o.server.closed(c) == ""
}

// expire ends the offer, but not while something is imported.
func (o *offer) expire() {
	ctx, cancel := context.WithTimeout(context.Background(), headerTimeout)
	defer cancel()
	if c, err := o.connect(ctx); err == nil && c.State == store.ConnectWorking {
		o.timer.Reset(lingerTime)
		return
	}
	_ = o.http.Close()
}

func (o *offer) close() {
	o.timer.Stop()
	_ = o.http.Close() // whoever has the page open reads it on
	o.ended.Wait()
}
