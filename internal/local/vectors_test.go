package local_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/embed/embedtest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func cars() map[string]string { return map[string]string{"automobile": "car", "jalopy": "car"} }

// hybrid are the options of an engine with a model of that name.
func hybrid(t *testing.T, m *embedtest.Model, name string) local.Options {
	t.Helper()
	o := options()
	o.Embedder = m.Client(t, name)
	return o
}

func note(t *testing.T, f fixture, body string) string {
	t.Helper()
	return call(t, f, attrove.PushNote, attrove.PushNoteIn{Body: body}).ID
}

// found are the notes that a query finds, and what the answer says it rests on.
func found(t *testing.T, f fixture, query string) ([]string, attrove.Coverage) {
	t.Helper()
	reply, err := attrove.Search.Call(t.Context(), f.client, f.me, attrove.SearchIn{Query: query})
	require.NoError(t, err)
	out, err := reply.Value()
	require.NoError(t, err)
	var ids []string
	for _, n := range out.KeyNotes {
		ids = append(ids, n.ID)
	}
	var coverage attrove.Coverage
	require.NoError(t, json.Unmarshal([]byte(reply.Header.Get(attrove.CoverageHeader)), &coverage))
	return ids, coverage
}

// vectorized waits until all passages have their vectors.
func vectorized(t *testing.T, f fixture) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, coverage := found(t, f, "anything")
		return !coverage.EmbeddingsPending
	}, time.Minute, 10*time.Millisecond)
}

func TestSearchFindsByMeaning(t *testing.T) {
	m := embedtest.Serve(t, cars())
	o := hybrid(t, m, "small")
	f := start(t, o)
	car := note(t, f, "The automobile is in the garage.")
	lunch := note(t, f, "Pizza for lunch today.")
	vectorized(t, f)

	ids, coverage := found(t, f, "Where is the jalopy?")
	require.NotEmpty(t, ids)
	assert.Equal(t, car, ids[0])
	assert.Equal(t, o.Embedder.Host(), coverage.Embeddings, "it says who got the text")
	ids, _ = found(t, f, "pizza")
	assert.Equal(t, lunch, ids[0])

	words := start(t, options())
	note(t, words, "The automobile is in the garage.")
	ids, coverage = found(t, words, "Where is the jalopy?")
	assert.Empty(t, ids, "no word of it is there")
	assert.Empty(t, coverage.Embeddings)
}

// TestSearchGoesOnWithoutTheModel: by words, with one warning, and what has no
// vector gets it from the next process that has the model.
func TestSearchGoesOnWithoutTheModel(t *testing.T) {
	m := embedtest.Serve(t, cars())
	m.Answer(http.StatusServiceUnavailable)
	o := hybrid(t, m, "small")
	o.Path = filepath.Join(t.TempDir(), "a.db")
	log := &heardLog{}
	f := start(t, o, log)
	car := note(t, f, "The automobile is in the garage.")
	for _, query := range []string{"automobile", "garage", "the automobile in the garage"} {
		ids, coverage := found(t, f, query)
		assert.Equal(t, []string{car}, ids, query)
		assert.True(t, coverage.EmbeddingsPending, query)
	}
	require.Eventually(t, func() bool { return log.count("passages get no vectors") > 0 }, time.Minute, 10*time.Millisecond)
	require.NoError(t, f.engine.Close())
	assert.Equal(t, 1, log.count("searching by words alone"))
	assert.Equal(t, 1, log.count("passages get no vectors"))

	m.Answer(http.StatusOK)
	o.Embedder = m.Client(t, "small")
	f = start(t, o)
	vectorized(t, f)
	ids, _ := found(t, f, "jalopy")
	assert.Equal(t, []string{car}, ids)
	require.NoError(t, f.engine.Close())

	read := len(m.Read())
	f = start(t, o)
	vectorized(t, f)
	assert.LessOrEqual(t, len(m.Read()), read+1, "the passage has its vector, and only a query was asked for")
	require.NoError(t, f.engine.Close())

	before := passagesRead(m)
	o.Embedder = m.Client(t, "large")
	f = start(t, o)
	vectorized(t, f)
	assert.Equal(t, before+1, passagesRead(m), "another model reads it anew")
}

// heardLog counts what the engine logs while it is at work.
type heardLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *heardLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *heardLog) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), text)
}

// passagesRead counts how often a model was sent the note, and not a query.
func passagesRead(m *embedtest.Model) int {
	n := 0
	for _, text := range m.Read() {
		if strings.HasSuffix(text, "garage.") {
			n++
		}
	}
	return n
}

// TestVectorsOfLongTexts: what a model does not take is cut, and does not keep the
// others from theirs.
func TestVectorsOfLongTexts(t *testing.T) {
	m := embedtest.Serve(t, cars())
	m.Take(500)
	f := start(t, hybrid(t, m, "small"))
	long := note(t, f, "The jalopy has a number. "+strings.Repeat("Lunch is at noon. ", 60))
	short := note(t, f, "The automobile is in the garage.")
	vectorized(t, f)
	ids, _ := found(t, f, "car")
	assert.ElementsMatch(t, []string{long, short}, ids)
}

// TestPurgeTakesVectors: what can be told of a text by its vector is in no file.
func TestPurgeTakesVectors(t *testing.T) {
	m := embedtest.Serve(t, cars())
	o := hybrid(t, m, "small")
	o.Path = filepath.Join(t.TempDir(), "a.db")
	f := start(t, o)
	for i := range 5 {
		note(t, f, fmt.Sprintf("Secret number %d of the jalopy.", i))
	}
	vectorized(t, f)
	packed := packedVectors(t, o, f.me.UserID)
	require.Len(t, packed, 5)
	require.True(t, inFiles(t, o.Path, packed[0]), "they can be seen")

	owner, err := f.engine.Owner(t.Context())
	require.NoError(t, err)
	_, err = owner.Purge(t.Context(), store.Selection{All: true})
	require.NoError(t, err)
	for _, vector := range packed {
		assert.False(t, inFiles(t, o.Path, vector))
	}

	note(t, f, "The automobile is in the garage.") // whatever was removed, new passages get theirs
	vectorized(t, f)
	assert.Len(t, packedVectors(t, o, f.me.UserID), 1)
}

func packedVectors(t *testing.T, o local.Options, userID string) [][]byte {
	t.Helper()
	s, err := store.Open(t.Context(), o.Path)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	places, err := s.Vectors(t.Context(), userID, o.Embedder.Name(), 0, 100)
	require.NoError(t, err)
	var all [][]byte
	for _, p := range places {
		all = append(all, p.Packed)
	}
	return all
}

func inFiles(t *testing.T, path string, what []byte) bool {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		if bytes.Contains(content, what) {
			return true
		}
	}
	return false
}

var _ local.Embedder = (*embed.Client)(nil)
