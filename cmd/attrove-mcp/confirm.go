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

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/gate"
)

// confirm says how the decisions of humans are had. The seals are for servers
// of which there may be several.
func (b *backend) confirm(d config.Decisions, seals ...attrove.Secret) {
	b.confirmation = gate.Confirmation{Policy: gate.Policy(d.Confirm), Seals: seals}
}

// asking lets a session ask whoever is at the terminal, if anybody is.
func (a *app) asking() []client.ClientOption {
	file, ok := a.in.(*os.File)
	if !ok || !a.terminal || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return []client.ClientOption{client.WithElicitationHandler(prompter{a})}
}

// prompter asks whoever is at the terminal.
type prompter struct{ a *app }

// Elicit puts a question and waits for a line. Only a yes is one.
func (p prompter) Elicit(ctx context.Context, r mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	p.a.say("%s\nDo this? [y/N] ", r.Params.Message)
	lines := make(chan string, 1)
	go func() { // reading from a terminal cannot be given up
		line, err := bufio.NewReader(p.a.in).ReadString('\n')
		if err != nil {
			line = ""
		}
		lines <- line
	}()
	var result mcp.ElicitationResult
	result.Action = mcp.ElicitationResponseActionDecline
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("ask: %w", ctx.Err())
	case line := <-lines:
		switch strings.ToLower(strings.TrimSpace(line)) {
		case "y", "yes":
			result.Action, result.Content = mcp.ElicitationResponseActionAccept, map[string]any{"confirm": true}
		case "":
			result.Action = mcp.ElicitationResponseActionCancel
		}
	}
	return &result, nil
}
