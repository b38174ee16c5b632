package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/endpoint"
)

// probe is a question to a model, of which nothing is the user's.
type probe struct {
	flag string // that says where the model is
	name string
	ask  func(context.Context) (answer string, err error)
}

// models reports whether the models that are set answer.
func (c *doctorCommand) models(ctx context.Context, a *app) error {
	probes, err := c.probes()
	if err != nil {
		return err
	}
	var page strings.Builder
	failed := 0
	for _, p := range probes {
		begun := time.Now()
		answer, err := p.ask(ctx)
		if err != nil {
			failed++
			fmt.Fprintf(&page, "%s %s: %v%s.\n", p.flag, p.name, err, p.remedy(err))
			continue
		}
		fmt.Fprintf(&page, "%s %s: %s, after %s.\n", p.flag, p.name, answer, time.Since(begun).Round(time.Millisecond))
	}
	if err := c.write(a, page.String()); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("doctor: %d of %d models did not answer", failed, len(probes))
	}
	return nil
}

func (c *doctorCommand) probes() ([]probe, error) {
	var all []probe
	if c.LLMURL != "" {
		phraser, err := newPhraser(c.LLM)
		if err != nil {
			return nil, err
		}
		all = append(all, probe{"--llm-url", c.LLMModel, func(ctx context.Context) (string, error) {
			return "the model at " + phraser.Host() + ": it answers", phraser.Probe(ctx)
		}})
	}
	if c.EmbeddingsURL != "" {
		embedder, err := newEmbedder(c.Embeddings)
		if err != nil {
			return nil, err
		}
		all = append(all, probe{"--embeddings-url", c.EmbeddingsModel, func(ctx context.Context) (string, error) {
			length, err := embedder.Probe(ctx)
			return fmt.Sprintf("the model at %s: it answers with vectors of %d numbers", embedder.Host(), length), err
		}})
	}
	if len(all) == 0 {
		return nil, usagef("doctor: --models needs --llm-url or --embeddings-url, or ATTROVE_MCP_LLM_URL or ATTROVE_MCP_EMBEDDINGS_URL")
	}
	return all, nil
}

// remedy is what to look at when a model refuses; "" where the error says all.
func (p probe) remedy(err error) string {
	var status endpoint.StatusError
	if !errors.As(err, &status) {
		return ""
	}
	of := strings.TrimSuffix(p.flag, "url")
	switch int(status) {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "; the key is wrong or missing: see " + of + "key"
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return "; it has no such model, or its API is at another path, mostly /v1: see " + of + "model and " + p.flag
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return "; it may not be a model of this kind: see " + of + "model"
	case http.StatusTooManyRequests:
		return "; the key has no more calls left for now"
	}
	return ""
}
