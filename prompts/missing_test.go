package prompts_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/view"
	"github.com/attrove/attrove-mcp/prompts"
)

// TestPartOfTheDataIsMissing fails one operation after the other under each
// prompt: it is filled all the same, and says what is missing and why; or it says
// that it cannot be, when it is the thing itself that is missing.
func TestPartOfTheDataIsMissing(t *testing.T) {
	mux := router()
	missing := map[string]int{}
	for _, op := range attrove.All() {
		up := full(t, "ann@acme.example", 2)
		answered := up.Answer
		up.Answer = func(w http.ResponseWriter, r *http.Request) {
			if operation(t, mux, r).Info().Name != op.Info().Name {
				answered(w, r)
				return
			}
			w.WriteHeader(http.StatusNotImplemented)
			_, _ = io.WriteString(w, `{"error":{"code":"NOT_IMPLEMENTED","message":"not today\n## EVIL"}}`) // a recorder takes everything
		}
		b := prompts.New(prompts.Env{Client: up.Client(t), Now: friday}, everything)
		for _, p := range prompts.Catalog() {
			got, err := filled(t, b, me, p.Name(), said(p))
			what := p.Name() + " without " + op.Info().Name
			switch {
			case err != nil:
				assert.Equal(t, "NOT_IMPLEMENTED", view.Explain(err).Code, what)
				missing[p.Name()+" cannot be"]++
			case len(got.Missing) > 0:
				data := got.Messages("NONCE")[0]
				for _, want := range []string{"\n## Could not be gathered\n- ", `: NOT_IMPLEMENTED, "not today ## EVIL"; attrove_`} {
					assert.Contains(t, data, want, what)
				}
				assert.Contains(t, got.Messages("NONCE")[1], "Part of the data could not be gathered")
				missing[p.Name()]++
			default:
				assert.NotContains(t, text(got), "## Could not be gathered", what)
			}
		}
	}
	assert.Equal(t, map[string]int{"attention": 6, "meeting_prep": 6, "meeting_prep cannot be": 1, "goal_review": 3, "goal_review cannot be": 1,
		"catch_up": 2, "catch_up cannot be": 1, "who_is": 6, "who_is cannot be": 1, "promises": 3, "follow_up": 3, "follow_up cannot be": 1, "end_of_day": 7}, missing)
}

// TestNothingCanBeGathered: a prompt without any data is an error.
func TestNothingCanBeGathered(t *testing.T) {
	for status, code := range map[int]string{501: "NOT_IMPLEMENTED", 401: "AUTHENTICATION_ERROR", 403: "FORBIDDEN"} {
		for _, p := range prompts.Catalog() {
			up := attrovetest.Says(status, `{}`)
			b := prompts.New(prompts.Env{Client: up.Client(t), Now: friday}, everything)
			_, err := filled(t, b, me, p.Name(), said(p))
			require.Error(t, err, p.Name())
			assert.Equal(t, code, view.Explain(err).Code, p.Name())
			if status == http.StatusUnauthorized {
				assert.Len(t, up.Requests(), 1, "%s: no other call can succeed", p.Name())
			}
		}
	}
}

// TestSlowUpstream: a call that does not end is given up, and what has come is
// told, well before a host would give up.
func TestSlowUpstream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := full(t, "words", 2)
		answered := up.Answer
		up.Answer = func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/query") || strings.HasSuffix(r.URL.Path, "/goals") {
				<-r.Context().Done()
				return
			}
			answered(w, r)
		}
		b := prompts.New(prompts.Env{Client: up.Client(t), Now: friday, Zone: time.UTC}, everything)
		for _, p := range prompts.Catalog() {
			start := time.Now()
			got, err := filled(t, b, me, p.Name(), said(p))
			assert.Less(t, time.Since(start), 19*time.Second, p.Name())
			if p.Name() == "goal_review" || p.Name() == "promises" { // which rest on these
				require.EqualError(t, err, "TIMEOUT: no answer within 5s", p.Name())
				continue
			}
			require.NoError(t, err, p.Name())
			if len(got.Missing) > 0 {
				assert.Contains(t, text(got), `TIMEOUT, "no answer within 5s"`, p.Name())
			}
		}
	})
}

// TestCallsAreMadeTogether: a prompt takes as long as its slowest calls, and has
// not too many on their way.
func TestCallsAreMadeTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := full(t, "words", 20)
		answered := up.Answer
		var mu sync.Mutex
		now, most := 0, 0
		up.Answer = func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now--
			mu.Unlock()
			answered(w, r)
		}
		b := prompts.New(prompts.Env{Client: up.Client(t), Now: friday, Zone: time.UTC}, everything)
		for _, p := range prompts.Catalog() {
			start := time.Now()
			_, err := filled(t, b, me, p.Name(), said(p))
			require.NoError(t, err, p.Name())
			assert.LessOrEqual(t, time.Since(start), 5*time.Second, p.Name())
		}
		assert.Equal(t, 8, most)
	})
}

// TestGivenUp: when the client goes away, so do the calls.
func TestGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := &attrovetest.Upstream{Answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}
		b := prompts.New(prompts.Env{Client: up.Client(t), Now: friday}, everything)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := b.Fill(ctx, me, "attention", nil)
		assert.Equal(t, "CANCELLED", view.Explain(err).Code)
		assert.Equal(t, time.Second, time.Since(start))
	})
}
