package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// detail is one thing that is wrong with a request (P-04).
type detail struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// problems collects what is wrong with a request.
type problems []detail

// add notes a message about a field, unless it is "".
func (p *problems) add(path, message string) {
	if message != "" {
		*p = append(*p, detail{path, message})
	}
}

// err is nil when nothing is wrong.
func (p problems) err(status int) error {
	if len(p) == 0 {
		return nil
	}
	code := attrove.CodeInvalidRequest
	if status == http.StatusUnprocessableEntity {
		code = attrove.CodeValidation
	}
	sentences := make([]string, len(p))
	for i, d := range p {
		sentences[i] = strings.TrimSpace(d.Path + " " + d.Message)
	}
	details, err := json.Marshal([]detail(p))
	if err != nil {
		return fmt.Errorf("encode details: %w", err)
	}
	return &attrove.Error{Status: status, Code: code, Field: p[0].Path, Message: strings.Join(sentences, "; "), Details: details}
}

func invalidRequest(path, message string) error {
	return problems{{path, message}}.err(http.StatusBadRequest)
}

func notFound(what string) *attrove.Error {
	return &attrove.Error{Status: http.StatusNotFound, Code: attrove.CodeNotFound, Message: "there is no such " + what}
}

// writeProblem answers with err. What is nobody's business is logged and
// answered without its reason; that whoever asked went away is no failure.
func writeProblem(w http.ResponseWriter, log zerolog.Logger, err error) {
	failure := asError(err)
	id := store.NewID("req")
	if failure.Status >= http.StatusInternalServerError && failure.Status != http.StatusNotImplemented && !errors.Is(err, context.Canceled) {
		log.Error().Err(err).Str("request_id", id).Msg("request failed")
	}
	body := attrove.ErrorBody{Error: attrove.ErrorInfo{
		Code: failure.Code, Message: failure.Message, Details: failure.Details, RequestID: id}}
	if failure.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	if failure.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(failure.RetryAfter.Seconds())))
	}
	writeJSON(w, failure.Status, body)
}

// asError says what an error is on the wire.
func asError(err error) *attrove.Error {
	var known *attrove.Error
	switch {
	case errors.As(err, &known) && known.Status != 0:
		return known
	case errors.As(err, &known) && known.Code == attrove.CodeInvalidArgument:
		return &attrove.Error{Status: http.StatusBadRequest, Code: attrove.CodeInvalidRequest, Field: known.Field, Message: known.Message}
	case errors.Is(err, store.ErrNotFound):
		return &attrove.Error{Status: http.StatusNotFound, Code: attrove.CodeNotFound, Message: "there is no such thing here"}
	case errors.Is(err, store.ErrDisconnecting):
		return &attrove.Error{Status: http.StatusConflict, Code: attrove.CodeConflict,
			Message: "this source is being disconnected: nothing was stored; push again when it is done, or disconnect it again if that was broken off"}
	case errors.Is(err, store.ErrFull):
		return &attrove.Error{Status: http.StatusInsufficientStorage, Code: attrove.CodeStorageFull,
			Message: "the disk that holds the database is full: nothing was stored; free some space and send it again"}
	case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrClosed):
		return &attrove.Error{Status: http.StatusServiceUnavailable, Code: attrove.CodeUpstream,
			Message: "the database is busy or closing; try again in a moment", RetryAfter: time.Second}
	}
	return &attrove.Error{Status: http.StatusInternalServerError, Code: attrove.CodeInternal, Message: "something went wrong inside the engine"}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the reader is gone if this fails
}
