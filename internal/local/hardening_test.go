package local_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/sample"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func TestDeadlinesEndTheWaitForAHandler(t *testing.T) {
	o := options()
	release := make(chan struct{})
	blocked := false
	o.Now = func() time.Time {
		if blocked {
			<-release
		}
		return now
	}
	f := start(t, o)
	blocked = true
	t.Cleanup(func() { close(release) }) // before the engine is closed
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := attrove.GetProfile.Call(ctx, f.client, f.me, attrove.None{})
	var failure *attrove.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, attrove.CodeTimeout, failure.Code)
}

func TestPanicsAreAnsweredWithoutDetails(t *testing.T) {
	o := options()
	var log strings.Builder
	var panics atomic.Bool
	o.Now = func() time.Time {
		if panics.Load() && bytes.Contains(debug.Stack(), []byte("ServeHTTP")) { // a job's panic would end the process
			panic("secret of the caller")
		}
		return now
	}
	f := start(t, o, &log)
	panics.Store(true)
	got := send(t, f, "GET", "/v1/users/{me}", "")
	panics.Store(false)
	assert.Equal(t, 500, got.status)
	assert.Equal(t, attrove.CodeInternal, got.body.Error.Code)
	assert.NotContains(t, got.raw, "secret")
	assert.NotContains(t, log.String(), "secret of")
	assert.Contains(t, log.String(), "panicked")
	assert.Equal(t, "me@example.com", call(t, f, attrove.GetProfile, attrove.None{}).Email, "and the engine lives on")
}

// TestItemThatCannotBeIndexedSaysWhy queues what no push lets through.
func TestItemThatCannotBeIndexedSaysWhy(t *testing.T) {
	o := options()
	o.Path = filepath.Join(t.TempDir(), "a.db")
	f := start(t, o)
	call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: "good"})

	s, err := store.Open(t.Context(), o.Path)
	require.NoError(t, err)
	var id string
	require.NoError(t, s.Write(t.Context(), func(tx *store.Tx) (err error) {
		id, err = tx.Accept(store.Push{UserID: f.me.UserID, Kind: store.KindNote, Provider: "note", Payload: []byte("{"), At: now, RunAt: now})
		return err
	}))
	require.NoError(t, s.Close())

	require.NoError(t, f.engine.Drain(t.Context()))
	failure := refused(t, f, attrove.GetNote, `{"note_id":"`+id+`"}`)
	assert.Equal(t, 404, failure.Status)
	assert.Contains(t, failure.Message, "could not be indexed")
	stats := call(t, f, attrove.GetSyncStats, attrove.None{})
	assert.Equal(t, 1, stats.Integrations[0].Failed)
	assert.Equal(t, 1, stats.Totals.Notes)
}

func TestKeepsTextAsItCame(t *testing.T) {
	f := start(t, options())
	for _, text := range []string{
		"nul\x00byte", "emoji 👩‍👩‍👧 and \u202eright to left", "日本語の文章", `"quotes" * - OR NEAR( ^`, strings.Repeat("word ", 50_000), " padded \n",
	} {
		id := call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: text}).ID
		assert.EqualValues(t, text, call(t, f, attrove.GetNote, attrove.NoteRef{NoteID: id}).Body)
	}
}

func TestKeysAreInNoFileAndNoLog(t *testing.T) {
	o := options()
	o.Path = filepath.Join(t.TempDir(), "a.db")
	var log strings.Builder
	f := start(t, o, &log)
	other := newUser(t, f, attrove.CreateUserIn{Email: "other@example.com"})
	send(t, other, "POST", "/v1/users/{me}/notes", `{"wrong":1}`)
	require.NoError(t, f.engine.Close())
	files, err := filepath.Glob(o.Path + "*")
	require.NoError(t, err)
	for _, key := range []attrove.Secret{f.me.Key, other.me.Key} {
		for _, file := range files {
			assert.NotContains(t, readFile(t, file), key.Reveal())
		}
		assert.NotContains(t, log.String(), key.Reveal())
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

func TestSampleFillsTheWorkspace(t *testing.T) {
	f := start(t, local.Options{Now: func() time.Time { return now }, Me: sample.Me(), Name: sample.User().Name,
		Timezone: sample.User().Timezone, Sample: sample.Load})
	stats := call(t, f, attrove.GetSyncStats, attrove.None{})
	assert.NotZero(t, stats.Totals.Messages)
	assert.NotZero(t, stats.Totals.Meetings)
	assert.NotZero(t, stats.Totals.Events)
	assert.NotZero(t, stats.Totals.Notes)
	for _, n := range stats.Integrations {
		assert.Zero(t, n.Pending+n.Failed, n.Provider)
	}
	assert.NotEmpty(t, call(t, f, attrove.Search, attrove.SearchIn{Query: "renewal"}).KeyMessages)
}

func TestUnopenedEngineTouchesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	engine := local.New(local.Options{Path: filepath.Join(dir, "a.db")})
	rec := httptest.NewRecorder()
	engine.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/v1/nothing", nil))
	assert.Equal(t, 404, rec.Code)
	require.NoError(t, engine.Close())
	assert.NoDirExists(t, dir)
}
