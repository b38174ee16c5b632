package connect

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	formRoom = 64 << 10 // what a form may hold besides its file
	maxCSRF  = 128
)

// refusal is why a file is not taken, for the person who sent it.
type refusal struct {
	status int
	text   string
}

// Error implements error.
func (r *refusal) Error() string { return r.text }

// received is the answer for the page's script.
type received struct {
	Location string `json:"location,omitempty"`
	Problem  string `json:"problem,omitempty"`
}

// receive takes the file of a form and has it imported.
func (s *Server) receive(w http.ResponseWriter, r *http.Request, v visit) {
	scripted := r.Header.Get("Accept") == "application/json"
	if reason := s.closed(v.Connect); reason != "" && !scripted {
		s.gone(w, v, reason)
		return
	}
	no := s.refusalOf(r.Context(), v, s.accept(w, r, v))
	switch {
	case no == nil && scripted:
		s.reply(w, http.StatusOK, received{Location: v.address("/progress")})
	case no == nil:
		http.Redirect(w, r, v.address("/progress"), http.StatusSeeOther)
	case scripted:
		s.reply(w, no.status, received{Problem: no.text})
	default:
		s.form(w, v, no.status, no.text)
	}
}

// accept receives the file and queues its import. What it received is removed
// again unless it does.
func (s *Server) accept(w http.ResponseWriter, r *http.Request, v visit) error {
	switch {
	case s.closed(v.Connect) != "":
		return &refusal{http.StatusGone, "This link has been used or has expired. Ask for a new one."}
	case r.ContentLength > s.o.MaxUpload+formRoom:
		return &http.MaxBytesError{Limit: s.o.MaxUpload}
	case !s.slots.TryAcquire(1):
		return &refusal{http.StatusServiceUnavailable, "Several files are being received already. Try again in a minute."}
	}
	defer s.slots.Release(1)
	r.Body = http.MaxBytesReader(w, patient{r.Body, http.NewResponseController(w)}, s.o.MaxUpload+formRoom)
	file, err := v.fileOf(r)
	if err != nil {
		return err
	}
	upload, err := s.dir.create()
	if err != nil {
		return err
	}
	err = s.dir.fill(upload, fileName(file.FileName()), file)
	if err == nil {
		err = s.o.Store.Write(r.Context(), func(tx *store.Tx) error { return tx.BeginConnect(v.Connect, upload, time.Now()) })
	}
	if err != nil {
		s.dir.remove(upload)
		return err
	}
	s.imports.Nudge()
	return nil
}

// fileOf is the file in a form of this link.
func (v visit) fileOf(r *http.Request) (*multipart.Part, error) {
	incomplete := &refusal{http.StatusBadRequest, "The form came incomplete. Try again."}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, incomplete
	}
	first, err := form.NextPart()
	if err != nil {
		return nil, errors.Join(incomplete, err)
	}
	csrf, err := io.ReadAll(io.LimitReader(first, maxCSRF))
	if err != nil {
		return nil, errors.Join(incomplete, err)
	}
	if first.FormName() != "csrf" || !v.holds(string(csrf)) {
		return nil, &refusal{http.StatusForbidden, "The form is out of date. Choose the file again."}
	}
	file, err := form.NextPart()
	if err != nil {
		return nil, errors.Join(incomplete, err)
	}
	if file.FormName() != "file" || file.FileName() == "" {
		return nil, &refusal{http.StatusUnprocessableEntity, "Choose a file first."}
	}
	return file, nil
}

// fill writes content to a file in a directory of ours, for its user alone, and
// to the disk.
func (u uploads) fill(dir, name string, content io.Reader) error {
	root, err := os.OpenRoot(u.path(dir))
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // it only leads to the file
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// patient gives the sender more time with every piece that arrives, whatever the
// server's own limit for a request is.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
}

// Read implements io.Reader.
func (p patient) Read(b []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(stallTime)) // not every transport has one
	return p.ReadCloser.Read(b)
}

// refusalOf says to a person why a file was not taken, or nil if it was. What is
// nobody's fault out there is logged.
func (s *Server) refusalOf(ctx context.Context, v visit, err error) *refusal {
	var known *refusal
	var large *http.MaxBytesError
	switch {
	case err == nil, errors.Is(err, store.ErrExists): // the link's import is under way
		return nil
	case errors.As(err, &large):
		return &refusal{http.StatusRequestEntityTooLarge, "The file is larger than the " + humanize.IBytes(uint64(max(s.o.MaxUpload, 0))) +
			" that this page takes. Import it with the command attrove-mcp import instead, which reads it where it is."}
	case errors.As(err, &known):
		return known
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, store.ErrFull):
		return &refusal{http.StatusInsufficientStorage, "The disk is full. Free some space and try again."}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &refusal{http.StatusRequestTimeout, "Nothing arrived for a minute. Try again."}
	}
	if ctx.Err() == nil {
		s.o.Log.Error().Err(err).Str("connect", v.ID).Msg("cannot receive a file")
	}
	return &refusal{http.StatusInternalServerError, "The file could not be received. Try again."}
}
