package local

import (
	"bytes"
	"context"

	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/model"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Phraser is a language model that puts findings and answers into words. Its words
// are checked; its errors are logged.
type Phraser interface {
	Name() string
	Host() string // where the facts of findings and the evidence of answers go
	Phrase(ctx context.Context, f goals.Finding) (string, error)
	Answer(ctx context.Context, q model.Question) (string, error)
}

// phrasing is a model's summary of a finding; the zero phrasing is the rules' own.
type phrasing struct {
	text string
	by   string
}

// phrase has the model put into words what a job found. It is asked about what is
// new or was asked for only; else its last words stand while they are true, so
// that the daily look costs nothing.
func (k *keeper) phrase(ctx context.Context, job store.Job, found goals.Finding) phrasing {
	if k.phraser == nil || len(found.Cited) == 0 { // without evidence there is nothing to say
		return phrasing{}
	}
	words, err := k.words(ctx, job, found)
	if err == nil && words.by != "" {
		err = model.Check(words.text, found)
	}
	switch {
	case ctx.Err() != nil: // the facts do not wait for another process
		return phrasing{}
	case err != nil:
		k.log.Warn().Err(err).Str("goal", job.Lane).Msg("the model's summary cannot be used; the rules' stands")
		return phrasing{}
	}
	return words
}

// words are those of the last snapshot, or new ones that are as yet unchecked.
func (k *keeper) words(ctx context.Context, job store.Job, found goals.Finding) (phrasing, error) {
	asked, err := k.store.IsAsked(ctx, job)
	if err != nil {
		return phrasing{}, err
	}
	state, err := k.store.GoalState(ctx, job.UserID, job.Lane)
	if err != nil {
		return phrasing{}, err
	}
	if last := state.Snapshot; !asked && last != nil && bytes.Equal(last.Finding, essence(found)) {
		if text := string(last.Body.Summary); last.Body.PhrasedBy != "" && model.Lasting(text) {
			return phrasing{text: text, by: last.Body.PhrasedBy}, nil
		}
		return phrasing{}, nil
	}
	text, err := k.phraser.Phrase(ctx, found)
	return phrasing{text: model.Plain(text), by: k.phraser.Name()}, err
}
