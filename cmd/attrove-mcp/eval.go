package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/local/eval"
)

type evalCommand struct {
	Dir     string   `arg:"" help:"The directory that holds the data: eval-dev, email, transcripts and intents." type:"existingdir"`
	Section []string `help:"Only these parts: search, answers, intents, people or threads." enum:"search,answers,intents,people,threads" placeholder:"NAME"`
	JSON    bool     `name:"json" help:"Print JSON."`

	config.Embeddings `embed:""`
}

// Run prints what was measured.
func (c *evalCommand) Run(ctx context.Context, a *app) error {
	options := eval.Options{Dir: c.Dir, Sections: c.Section}
	if c.EmbeddingsURL != "" {
		embedder, err := newEmbedder(c.Embeddings)
		if err != nil {
			return err
		}
		options.Embedder = embedder
	}
	report, err := eval.Run(ctx, options)
	if err != nil {
		return fmt.Errorf("eval: %w", err)
	}
	if c.JSON {
		lines := json.NewEncoder(a.out)
		lines.SetIndent("", "  ")
		return lines.Encode(report)
	}
	_, err = fmt.Fprint(a.out, report)
	return err
}
