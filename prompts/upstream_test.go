package prompts_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
)

// router finds the operation that a request is.
func router() *http.ServeMux {
	mux := http.NewServeMux()
	for _, op := range attrove.All() {
		if m := op.Info(); m.Page == "" {
			mux.Handle(m.Method+" "+m.Path, named{op})
		}
	}
	return mux
}

// named stands for an operation in a router.
type named struct{ attrove.Any }

func (named) ServeHTTP(http.ResponseWriter, *http.Request) {}

func operation(tb testing.TB, mux *http.ServeMux, r *http.Request) attrove.Any {
	tb.Helper()
	found, _ := mux.Handler(r)
	op, ok := found.(named)
	require.True(tb, ok, r.URL.Path)
	return op.Any
}

// full answers every operation with all of its fields, in which strangers say
// words and lists have so many rows.
func full(tb testing.TB, words string, rows int) *attrovetest.Upstream {
	tb.Helper()
	mux := router()
	return &attrovetest.Upstream{Answer: func(w http.ResponseWriter, r *http.Request) {
		op := operation(tb, mux, r)
		_, out := op.Types()
		v := reflect.New(out).Elem()
		fill(v, words, rows)
		body := v.Interface()
		if op.Info().Envelope == attrove.InData {
			body = map[string]any{"data": body}
		}
		assert.NoError(tb, json.NewEncoder(w).Encode(body))
	}}
}

// fill gives a value everything that it can have.
func fill(v reflect.Value, words string, rows int) {
	switch v.Type() {
	case reflect.TypeFor[attrove.ForeignText]():
		v.SetString(words)
		return
	case reflect.TypeFor[attrove.DateTime]():
		v.SetString("2026-11-20T20:00:00Z")
		return
	case reflect.TypeFor[json.RawMessage]():
		v.SetBytes([]byte("0.5"))
		return
	}
	switch v.Kind() { //nolint:exhaustive // what answers are made of
	case reflect.String:
		v.SetString("id_1")
		if known, ok := v.Interface().(interface{ Values() []string }); ok {
			v.SetString(known.Values()[0])
		}
	case reflect.Int:
		v.SetInt(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), words, rows)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rows, rows))
		for i := range rows {
			fill(v.Index(i), words, min(rows, 3))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), words, rows)
		}
	}
}
