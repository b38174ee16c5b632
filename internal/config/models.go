package config

import (
	"errors"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// LLM is the language model that phrases what rules and quotes say.
type LLM struct {
	LLMURL   string         `name:"llm-url" help:"An OpenAI-compatible API whose model phrases summaries of goals and answers to questions; it gets the questions and the evidence for both. Without it they are made of quotes." placeholder:"URL"`
	LLMModel string         `name:"llm-model" help:"The model's name there." placeholder:"NAME"`
	LLMKey   attrove.Secret `name:"llm-key" help:"The key for it, if it needs one." placeholder:"KEY"`
}

// Validate checks what the flag parser cannot.
func (l LLM) Validate() error {
	if (l.LLMURL == "") != (l.LLMModel == "") {
		return errors.New("--llm-url and --llm-model: one needs the other")
	}
	return nil
}

// Embeddings is the model that tells what texts are about.
type Embeddings struct {
	EmbeddingsURL   string         `name:"embeddings-url" help:"An OpenAI-compatible API whose embeddings let search find things by meaning; it gets all passages and queries. Without it search goes by words." placeholder:"URL"`
	EmbeddingsModel string         `name:"embeddings-model" help:"The model's name there." placeholder:"NAME"`
	EmbeddingsKey   attrove.Secret `name:"embeddings-key" help:"The key for it, if it needs one." placeholder:"KEY"`
}

// Validate checks what the flag parser cannot.
func (e Embeddings) Validate() error {
	if (e.EmbeddingsURL == "") != (e.EmbeddingsModel == "") {
		return errors.New("--embeddings-url and --embeddings-model: one needs the other")
	}
	return nil
}
