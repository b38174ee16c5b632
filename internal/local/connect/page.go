package connect

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

//go:embed assets/style.css assets/page.js assets/icon.svg
var assets embed.FS

//go:embed assets/page.html
var templates string

// pages are the templates, which are part of the program.
var pages = template.Must(template.New("").Parse(templates))

// ServeHTTP implements http.Handler: it is the page, and all that it loads.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.page.ServeHTTP(w, r) }

// handler routes the paths below the page's own, behind what guards them.
func (s *Server) handler() http.Handler {
	path := attrove.ConnectPage.Path
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+path, s.opened(s.showForm))
	mux.HandleFunc("POST "+path, s.opened(s.receive))
	mux.HandleFunc("GET "+path+"/progress", s.opened(s.showProgress))
	mux.HandleFunc("GET "+path+"/status", s.opened(s.tellStatus))
	mux.Handle("GET "+path+"/assets/", http.StripPrefix(path, http.FileServerFS(assets)))

	sameSite := http.NewCrossOriginProtection()
	sameSite.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.refuse(w, http.StatusForbidden, "Another site sent this", "Open the link itself to connect a source.")
	}))
	return s.guarded(sameSite.Handler(mux))
}

// guarded sets what every answer carries, and turns requests for other hosts
// away: a web page may have let its own name point here (DNS rebinding).
func (s *Server) guarded(next http.Handler) http.Handler {
	public, _ := url.Parse(s.o.PublicURL) // links that cannot be made lead nowhere
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "+
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = strings.Trim(r.Host, "[]")
		}
		if !loopback(host) && (public == nil || !strings.EqualFold(r.Host, public.Host)) {
			s.refuse(w, http.StatusForbidden, "Wrong address", "This page is not served under that name.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// visit is a request with the link that it came by.
type visit struct {
	store.Connect
	user  store.User
	query url.Values // the key, as links within the page carry it
}

// opened looks up the link of a request. What opens it is in no log.
func (s *Server) opened(next func(http.ResponseWriter, *http.Request, visit)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name, key := "session", r.URL.Query().Get("session")
		if key == "" {
			name, key = "token", r.URL.Query().Get("token")
		}
		v := visit{query: url.Values{name: {key}}}
		var err error
		if v.Connect, err = s.o.Store.ConnectByKey(r.Context(), hash(key)); err == nil {
			v.user, err = s.o.Store.User(r.Context(), v.UserID)
		}
		switch user := r.URL.Query().Get("user_id"); {
		case errors.Is(err, store.ErrNotFound), err == nil && user != "" && user != v.UserID:
			s.refuse(w, http.StatusNotFound, "This link leads nowhere",
				"It is incomplete or mistyped. Open it again from where you found it.")
		case err != nil:
			s.o.Log.Error().Err(err).Msg("cannot read a connect link")
			s.refuse(w, http.StatusServiceUnavailable, "Something went wrong", "Try again in a moment.")
		default:
			next(w, r, v)
		}
	}
}

// csrf is what a form of this link carries back. Whoever knows the link could
// work it out; a site that only guesses that it exists cannot.
func (v visit) csrf() string {
	mac := hmac.New(sha256.New, []byte(v.query.Get("session")+v.query.Get("token")))
	mac.Write([]byte("form"))
	return hex.EncodeToString(mac.Sum(nil))
}

func (v visit) holds(csrf string) bool {
	return subtle.ConstantTimeCompare([]byte(csrf), []byte(v.csrf())) == 1
}

// address is that of a part of the page, under the visit's link.
func (v visit) address(part string) string {
	return attrove.ConnectPage.Path + part + "?" + v.query.Encode()
}

// closed reports why nothing can be handed over under a link, or "".
func (s *Server) closed(c store.Connect) string {
	switch {
	case c.State == store.ConnectDone:
		return "session_used"
	case c.State == store.ConnectOpen && !s.o.Now().Before(c.ExpiresAt):
		return "session_expired"
	}
	return ""
}

// showForm asks for the file.
func (s *Server) showForm(w http.ResponseWriter, r *http.Request, v visit) {
	switch reason := s.closed(v.Connect); {
	case reason != "":
		s.gone(w, v, reason)
	case v.State == store.ConnectWorking:
		http.Redirect(w, r, v.address("/progress"), http.StatusSeeOther)
	default:
		s.form(w, v, http.StatusOK, v.Problem)
	}
}

func (s *Server) gone(w http.ResponseWriter, v visit, reason string) {
	p := page{Title: "This link has expired", Text: "Ask for a new one where you found it."}
	if reason == "session_used" {
		p.Title, p.Text = "This link has been used", "A source was connected with it. To connect another, ask for a new link."
	}
	p.Back = s.back(v.Connect, outcome{status: "error", reason: reason})
	s.render(w, http.StatusGone, "notice", p)
}

func (s *Server) form(w http.ResponseWriter, v visit, status int, problem string) {
	out := outcome{status: "error", reason: "cancelled"}
	if problem != "" {
		out.reason = "import_failed"
	}
	p := page{Title: "Connect a source", Problem: problem, Action: v.address(""), CSRF: v.csrf(), Most: s.o.MaxUpload,
		Back: s.back(v.Connect, out), Provider: v.Provider, Guides: guides()}
	if name := nameOf(v.Provider); name != "" {
		p.Title = "Connect " + name
	}
	if v.user.Email != store.PlaceholderEmail {
		p.Whose = v.user.Email
	}
	s.render(w, status, "form", p)
}

// showProgress shows how far an import has come, and in the end what it came to.
func (s *Server) showProgress(w http.ResponseWriter, r *http.Request, v visit) {
	switch v.State {
	case store.ConnectOpen: // it failed, or never began
		http.Redirect(w, r, v.address(""), http.StatusSeeOther)
	case store.ConnectDone:
		s.render(w, http.StatusOK, "done", page{Title: "It is connected", Result: showResult(v),
			Back: s.back(v.Connect, outcome{status: "success"})})
	default:
		s.render(w, http.StatusOK, "progress", page{Title: "Importing", Status: showStatus(v.Connect), StatusURL: v.address("/status")})
	}
}

// tellStatus is showProgress for the page's script.
func (s *Server) tellStatus(w http.ResponseWriter, _ *http.Request, v visit) {
	s.reply(w, http.StatusOK, showStatus(v.Connect))
}

func (s *Server) back(c store.Connect, out outcome) *wayBack {
	back, err := newWayBack(c, out)
	if err != nil { // it was checked when the link was made
		s.o.Log.Error().Err(err).Str("connect", c.ID).Msg("cannot send a browser back")
	}
	return back
}

func (s *Server) refuse(w http.ResponseWriter, status int, title, text string) {
	s.render(w, status, "notice", page{Title: title, Text: text})
}

func (s *Server) render(w http.ResponseWriter, status int, name string, p page) {
	p.Base = attrove.ConnectPage.Path
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, p); err != nil {
		s.o.Log.Error().Err(err).Str("page", name).Msg("cannot render")
		http.Error(w, "something went wrong", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the reader is gone if this fails
}

func (s *Server) reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the reader is gone if this fails
}
