package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"golang.org/x/term"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
)

// confirm says how the decisions of humans are had.
func (b *backend) confirm(d config.Decisions) {
	b.confirmation = gate.Confirmation{Policy: gate.Policy(d.Confirm)}
}

// attended reports whether somebody is at the terminal who can be asked.
func (a *app) attended() bool {
	file, ok := a.in.(*os.File)
	return ok && a.terminal && term.IsTerminal(int(file.Fd()))
}

// asking lets a session ask whoever is at the terminal, if anybody is.
func (a *app) asking() []client.ClientOption {
	if !a.attended() {
		return nil
	}
	return []client.ClientOption{client.WithElicitationHandler(prompter{a})}
}

// ask puts a question and waits for a line, which is empty when none comes.
func (a *app) ask(ctx context.Context, question string) (string, error) {
	a.say("%s", question)
	lines := make(chan string, 1)
	go func() { // reading from a terminal cannot be given up
		line, err := bufio.NewReader(a.in).ReadString('\n')
		if err != nil {
			line = ""
		}
		lines <- line
	}()
	select {
	case <-ctx.Done():
		return "", fmt.Errorf("ask: %w", ctx.Err())
	case line := <-lines:
		return strings.ToLower(strings.TrimSpace(line)), nil
	}
}

// affirmative reports whether a line is a yes.
func affirmative(line string) bool { return line == "y" || line == "yes" }

// prompter asks whoever is at the terminal.
type prompter struct{ a *app }

// Elicit puts a question and waits for a line. Only a yes is one.
func (p prompter) Elicit(ctx context.Context, r mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	answer, err := p.a.ask(ctx, r.Params.Message+"\nDo this? [y/N] ")
	if err != nil {
		return nil, err
	}
	var result mcp.ElicitationResult
	result.Action = mcp.ElicitationResponseActionDecline
	switch {
	case affirmative(answer):
		result.Action, result.Content = mcp.ElicitationResponseActionAccept, map[string]any{"confirm": true}
	case answer == "":
		result.Action = mcp.ElicitationResponseActionCancel
	}
	return &result, nil
}
