package resources_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/attrove/attrovetest"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/resources"
)

var me = attrove.Caller{UserID: "me", Key: "sk_me"}

func everything(string) bool { return true }

// answers is an upstream that knows some paths below the user's.
type answers map[string]string

func (a answers) upstream() *attrovetest.Upstream {
	return &attrovetest.Upstream{Ours: true, Answer: func(w http.ResponseWriter, r *http.Request) {
		body, known := a[strings.TrimPrefix(r.URL.Path, "/v1/users/me")]
		if !known {
			w.WriteHeader(http.StatusNotFound)
			body = `{"error":{"code":"NOT_FOUND","message":"nothing at sk_inner"}}`
		}
		_, _ = w.Write([]byte(body))
	}}
}

func (a answers) library(t *testing.T) *resources.Library {
	t.Helper()
	return resources.New(resources.Env{Client: a.upstream().Client(t), Zone: time.UTC}, everything)
}

// read is a page or an error, neither of which may show a credential.
func read(t *testing.T, l *resources.Library, who attrove.Caller, uri string) (resources.Page, error) {
	t.Helper()
	got, err := l.Read(t.Context(), who, uri)
	seen := got.Text
	if err != nil {
		seen = l.Explain(err)
	}
	_, writeErr := io.WriteString(safetest.Watch(t, "sk_me", "sk_inner", "partner-secret"), seen)
	require.NoError(t, writeErr)
	return got, err
}

func page(rows string) string { return `{"data":[` + rows + `],"pagination":{"has_more":false}}` }

// TestTemplatesAreDisjoint: of two that match, which is read must not be chance.
func TestTemplatesAreDisjoint(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range resources.Catalog() {
		shape := r.URI()
		if r.Templated() {
			open, end := strings.Index(shape, "{"), strings.Index(shape, "}")
			assert.Equal(t, 1, strings.Count(shape[len("attrove://"):open], "/"), "an id is the second segment: %s", shape)
			shape = shape[:open] + "{}" + shape[end+1:]
		}
		assert.False(t, seen[shape], "%s is there twice", shape)
		seen[shape] = true
		assert.NotEmpty(t, r.Title())
		assert.NotEmpty(t, r.Description())
		assert.NotEmpty(t, r.Tool())
	}
	assert.Len(t, seen, 10)
}

func TestURIs(t *testing.T) {
	l := answers{"/notes/note_1": `{"data":{"id":"note_1","body":"b","created_at":"2026-11-02T10:00:00Z"}}`}.library(t)
	for _, uri := range []string{"attrove://notes/note_1", "attrove://notes/what-i-think~note_1", "attrove://notes/a~b~note_1", "attrove://notes/note%5F1",
		"attrove://notes/%C3%BCber~note_1"} {
		got, err := read(t, l, me, uri)
		require.NoError(t, err, uri)
		assert.Equal(t, uri, got.URI, "a client knows its own spelling")
		assert.Contains(t, got.Text, "Id: `note_1`")
	}
	for _, uri := range []string{
		"", "attrove://", "attrove:", "attrove://notes/", "attrove://notes/~", "attrove://notes/x~", "attrove://notes/note_1/", "attrove://notes/note_1/evidence",
		"attrove://notes/..", "attrove://notes/%2e%2e", "attrove://notes/a%2Fb", "attrove://notes/a%5Cb", "attrove://notes/note_1?x=1", "attrove://notes/note_1#x",
		"attrove://notes?x=1", "attrove://goals/gol_1/evidence?x=1",
		"attrove://notes/%zz", "attrove://notes/a%00", "attrove://notes/a b", "attrove://meetings", "attrove://goals/{goal_id}/other", "ATTROVE://notes", "file:///etc/passwd",
		"attrove://notes/note_2", "attrove://goals/note_1", "attrove://notes/" + strings.Repeat("n", 5000),
	} {
		_, err := read(t, l, me, uri)
		require.ErrorIs(t, err, resources.ErrNotFound, uri)
	}
}

// TestFailures: what is not there is told apart from what went wrong.
func TestFailures(t *testing.T) {
	for _, c := range []struct {
		status     int
		body, want string
	}{
		{http.StatusForbidden, `{"error":{"code":"FORBIDDEN","message":"not yours"}}`, "FORBIDDEN: not yours. This key may not do that."},
		{http.StatusBadGateway, `<html>gave up</html>`, "UPSTREAM_ERROR: "},
		{http.StatusOK, `{"data":{"title":{"a":1}}}`, "UPSTREAM_ERROR: "},
	} {
		l := resources.New(resources.Env{Client: attrovetest.Says(c.status, c.body).Client(t)}, everything)
		_, err := read(t, l, me, "attrove://goals/gol_1")
		require.Error(t, err, c.body)
		require.NotErrorIs(t, err, resources.ErrNotFound)
		assert.Contains(t, l.Explain(err), c.want)
	}
	for _, status := range []int{http.StatusNotFound, http.StatusGone} {
		l := resources.New(resources.Env{Client: attrovetest.Says(status, `{}`).Client(t)}, everything)
		_, err := read(t, l, me, "attrove://goals/gol_1")
		require.ErrorIs(t, err, resources.ErrNotFound)
		_, err = read(t, l, me, "attrove://integrations")
		require.NotErrorIs(t, err, resources.ErrNotFound, "it is there; the upstream is not what we think")
	}
}

func TestMissingKey(t *testing.T) {
	up := &attrovetest.Upstream{}
	for setup, want := range map[string]string{"": "ATTROVE_SECRET_KEY", "Send two headers.": "Send two headers."} {
		l := resources.New(resources.Env{Client: up.Client(t), Setup: setup}, everything)
		_, err := read(t, l, attrove.Caller{}, "attrove://goals")
		require.Error(t, err)
		assert.Contains(t, l.Explain(err), "MISSING_KEY: ")
		assert.Contains(t, l.Explain(err), want)
		_, err = l.Own(t.Context(), attrove.Caller{})
		require.Error(t, err)
		assert.Len(t, l.Fixed(), 3)
	}
	assert.Empty(t, up.Requests())
}

// TestOffWithItsTool: what the operator switched off cannot be had another way.
func TestOffWithItsTool(t *testing.T) {
	up := answers{"/notes": page("")}.upstream()
	l := resources.New(resources.Env{Client: up.Client(t)}, func(tool string) bool { return tool == "attrove_notes" })
	assert.Len(t, l.Fixed(), 1)
	assert.Empty(t, l.Templates())
	assert.False(t, l.Watchable("attrove://goals"))
	own, err := l.Own(t.Context(), me)
	require.NoError(t, err)
	assert.Empty(t, own)
	_, err = read(t, l, me, "attrove://goals")
	require.ErrorIs(t, err, resources.ErrNotFound)
	_, err = l.Complete(t.Context(), me, "attrove://notes/{note_id}", "note_id", "")
	require.Error(t, err)
	assert.Empty(t, up.Requests())
	_, err = read(t, l, me, "attrove://notes")
	require.NoError(t, err)
}

func TestBoundedAndCutsDeclared(t *testing.T) {
	quoted := func(size int) string {
		raw, err := json.Marshal(strings.Repeat("word <b> ", size))
		require.NoError(t, err)
		return string(raw)
	}
	var rows []string
	for i := range 100 {
		rows = append(rows, fmt.Sprintf(`{"id":"msg_%d","thread_id":"thr_1","sender_name":"Ann","recipient_names":[],"received_at":"2026-11-02T10:00:00Z","body_text":%s}`, i, quoted(1000)))
	}
	l := answers{
		"/meetings/mtg_1":         `{"data":{"id":"mtg_1","title":"Sync","start_time":"2026-11-02T10:00:00Z","transcript":` + quoted(10_000) + `}}`,
		"/threads/thr_1/messages": page(strings.Join(rows, ",")),
	}.library(t)
	for uri, want := range map[string]string{"attrove://meetings/mtg_1": "`attrove_get_meeting` returns more", "attrove://threads/thr_1": "`attrove_get_message` returns more"} {
		got, err := read(t, l, me, uri)
		require.NoError(t, err)
		assert.Less(t, len(got.Text), 80_000, uri)
		_, left, cut := strings.Cut(got.Text, "## Left out\n")
		assert.True(t, cut, uri)
		assert.Contains(t, left, want)
	}
}

// TestEmptyThreadIsNone: empty contents could mean anything.
func TestEmptyThreadIsNone(t *testing.T) {
	l := answers{"/threads/thr_1/messages": page("")}.library(t)
	_, err := read(t, l, me, "attrove://threads/thr_1")
	require.ErrorIs(t, err, resources.ErrNotFound)
}

func TestOwn(t *testing.T) {
	goal := func(id, lifecycle, health, mover string) string {
		return fmt.Sprintf(`{"id":%q,"title":"Goal\n %s","lifecycle":%q,"health":%q,"next_move":{"owner":%q,"description":"planted"},"deadline":"2026-12-01T00:00:00Z",
			"updated_at":"2026-11-02T10:00:00Z","last_evaluated_at":"2026-11-03T10:00:00Z"}`, id, id, lifecycle, health, mover)
	}
	up := &attrovetest.Upstream{Ours: true, Answer: func(w http.ResponseWriter, r *http.Request) {
		body := page(goal("gol_2", "completed", "on_track", "none") + "," + goal("gol_1", "active", "on_track", "us"))
		switch {
		case strings.HasSuffix(r.URL.Path, "/notes"):
			body = page(`{"id":"note_1","body":"` + strings.Repeat("long ", 50) + `","ref_type":"goal","ref_id":"gol_1","updated_at":"2026-11-01T10:00:00Z"}`)
		case r.URL.Query().Get("lifecycle") == "active":
			body = page(goal("gol_1", "active", "on_track", "us"))
		}
		_, _ = w.Write([]byte(body))
	}}
	own, err := resources.New(resources.Env{Client: up.Client(t), Zone: time.UTC}, everything).Own(t.Context(), me)
	require.NoError(t, err)
	assert.Equal(t, []resources.Entry{
		{URI: "attrove://goals/gol_1", Name: "goals/gol_1", Title: "Goal gol_1", Description: "A goal: on track, due 2026-12-01 00:00 UTC, next move: ours", Priority: 0.9, Modified: "2026-11-03T10:00:00Z"},
		{URI: "attrove://goals/gol_2", Name: "goals/gol_2", Title: "Goal gol_2", Description: "A goal: completed, due 2026-12-01 00:00 UTC", Priority: 0.2, Modified: "2026-11-03T10:00:00Z"},
		{URI: "attrove://notes/note_1", Name: "notes/note_1", Title: strings.TrimSpace(strings.Repeat("long ", 12)) + "…", Description: "A note about a goal", Priority: 0.4, Modified: "2026-11-01T10:00:00Z"},
	}, own)
}

// TestOwnIsWhatCouldBeHad: one list that fails does not take the other with it.
func TestOwnIsWhatCouldBeHad(t *testing.T) {
	own, err := answers{"/notes": page(`{"id":"note_1","body":"b"}`)}.library(t).Own(t.Context(), me)
	require.Error(t, err)
	require.Len(t, own, 1)
	assert.Equal(t, "attrove://notes/note_1", own[0].URI)
}
