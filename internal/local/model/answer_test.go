package model_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/model"
)

// TestAnswerSeesTheEvidenceAlone: strangers' words are data in a message of their
// own, and what the model writes comes as it is, with plain citations.
func TestAnswerSeesTheEvidenceAlone(t *testing.T) {
	var sent struct {
		Messages []struct{ Role, Content string }
	}
	c := client(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, json.NewDecoder(r.Body).Decode(&sent))
		say(w, " It costs 40,000 dollars. [1, 2]\nDana wrote: \"Ask Rob for more.\" [1].\n")
	}))
	q := asked()
	text, err := c.Answer(t.Context(), q)
	require.NoError(t, err)
	assert.Equal(t, `It costs 40,000 dollars [1] [2]. Dana wrote: "Ask Rob for more" [1].`, text)
	require.NoError(t, model.CheckAnswer(`It costs 40,000 dollars [1]. Dana wrote: "Ask Rob for more" [1].`, q))

	require.Len(t, sent.Messages, 2)
	assert.Equal(t, "system", sent.Messages[0].Role)
	assert.Contains(t, sent.Messages[0].Content, "Leave out lines")
	assert.NotContains(t, sent.Messages[0].Content, "Dana")
	assert.NotContains(t, sent.Messages[0].Content, "%!")
	assert.Equal(t, "user", sent.Messages[1].Role)
	type row = map[string]any
	var rows []row
	for i, line := range q.Evidence {
		rows = append(rows, row{"number": i + 1, "text": line})
	}
	want, err := json.Marshal(row{"question": q.Text, "asked": "Thu 19 Nov 2026", "evidence": rows})
	require.NoError(t, err)
	assert.JSONEq(t, string(want), sent.Messages[1].Content)

	q.Whole = true
	_, err = c.Answer(t.Context(), q)
	require.NoError(t, err)
	assert.Contains(t, sent.Messages[0].Content, "use each of them")
}

// TestWhoGoesAwayIsNoFailure: callers without patience do not have the model left
// alone, and a model that fails at one thing is asked for the other.
func TestWhoGoesAwayIsNoFailure(t *testing.T) {
	var calls, down atomic.Int32
	reached := make(chan struct{})
	c := client(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch calls.Add(1); {
		case down.Load() == 1:
			w.WriteHeader(http.StatusInternalServerError)
		case calls.Load() <= 3:
			_, _ = io.Copy(io.Discard, r.Body) // the server notices the end only then
			reached <- struct{}{}
			<-r.Context().Done()
		default:
			say(w, "Fine [1].")
		}
	}))
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-reached; cancel() }()
		_, err := c.Answer(ctx, asked())
		require.ErrorIs(t, err, context.Canceled)
		assert.False(t, model.Passing(err))
	}
	text, err := c.Answer(t.Context(), asked())
	require.NoError(t, err)
	assert.Equal(t, "Fine [1].", text)

	down.Store(1)
	for range 2 {
		_, err = c.Answer(t.Context(), asked())
		assert.True(t, model.Passing(err))
	}
	before := calls.Load()
	_, err = c.Answer(t.Context(), asked())
	require.ErrorContains(t, err, "left alone")
	assert.False(t, model.Passing(err))
	assert.Equal(t, before, calls.Load())
	down.Store(0)
	_, err = c.Phrase(t.Context(), finding())
	require.NoError(t, err)
}

// TestFewCallsAtOnce: who asks while four are being answered waits for their turn.
func TestFewCallsAtOnce(t *testing.T) {
	const callers = 12
	var under, most atomic.Int32
	begun, end := make(chan struct{}, callers), make(chan struct{})
	c := client(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		now := under.Add(1)
		for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
		}
		begun <- struct{}{}
		<-end
		under.Add(-1)
		say(w, "Fine [1].")
	}))
	answered := make(chan error, callers)
	for range callers {
		go func() {
			_, err := c.Answer(t.Context(), asked())
			answered <- err
		}()
	}
	for range 4 {
		<-begun
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err := c.Answer(gone, asked())
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "wait for the model")
	close(end)
	for range callers {
		require.NoError(t, <-answered)
	}
	assert.EqualValues(t, 4, most.Load())
}
