package openapi

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"time"
)

// Path is where the document is served.
const Path = "/openapi.json"

// Handler serves the document, encoded once. Mount it at "GET " + Path.
func Handler(o Options) (http.Handler, error) {
	raw, err := Document(o)
	if err != nil {
		return nil, err
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(raw))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("ETag", tag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(raw))
	}), nil
}
