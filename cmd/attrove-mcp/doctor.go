package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/doctor"
	"github.com/attrove/attrove-mcp/internal/project"
)

type doctorCommand struct {
	Contract bool   `help:"Compare what this program declares of the API with what Attrove says and answers. Nothing is changed." xor:"examined"`
	Models   bool   `help:"Check that the models of --llm-url and --embeddings-url answer, with nothing of yours." xor:"examined"`
	OpenAPI  string `name:"openapi" help:"Attrove's OpenAPI document, if not the API's own." placeholder:"FILE|URL"`
	Out      string `help:"Write the report to this file." placeholder:"FILE"`

	config.LLM        `embed:""`
	config.Embeddings `embed:""`
}

// Validate checks what the flag parser cannot.
func (c *doctorCommand) Validate() error {
	return errors.Join(c.LLM.Validate(), c.Embeddings.Validate())
}

// Run prints a report that is fit for an issue: it holds no content. That something
// is wrong is an error, after the report.
func (c *doctorCommand) Run(ctx context.Context, a *app) error {
	switch {
	case c.Contract:
		return c.contract(ctx, a)
	case c.Models:
		return c.models(ctx, a)
	}
	return usagef("doctor: say what to look at: --contract or --models")
}

func (c *doctorCommand) contract(ctx context.Context, a *app) error {
	credentials := config.ReadCredentials(a.env)
	report, err := doctor.Examine(ctx, doctor.Options{
		Client:  attrove.ClientOptions{BaseURL: credentials.BaseURL, UserAgent: userAgent()},
		Caller:  credentials.User,
		OpenAPI: c.OpenAPI,
		Version: project.ThisBuild().Version,
	})
	if err != nil {
		return usageError{fmt.Errorf("doctor: %w", err)}
	}
	if err := c.write(a, report.Markdown()); err != nil {
		return err
	}
	if !report.Same() {
		return errors.New("doctor: " + report.Verdict())
	}
	return nil
}

func (c *doctorCommand) write(a *app, page string) error {
	if c.Out == "" {
		if _, err := a.out.Write([]byte(page)); err != nil {
			return fmt.Errorf("print the report: %w", err)
		}
		return nil
	}
	if err := os.WriteFile(c.Out, []byte(page), 0o600); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	a.say("The report is in %s\n", c.Out)
	return nil
}
