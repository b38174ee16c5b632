package config

import (
	"errors"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Embeddings is the model that tells what texts are about.
type Embeddings struct {
	EmbeddingsURL   string         `name:"embeddings-url" help:"An OpenAI-compatible API whose embeddings let search find things by what they are about; it gets all passages and queries. Without it search goes by words." placeholder:"URL"`
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
