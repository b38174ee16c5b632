// Command check runs the MCP registry's own validator over entries; .ci/registry
// builds it inside that module.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/modelcontextprotocol/registry/internal/validators"
	apiv0 "github.com/modelcontextprotocol/registry/pkg/api/v0"
	"github.com/modelcontextprotocol/registry/pkg/model"
)

func main() {
	for _, path := range os.Args[1:] {
		if err := check(path); err != nil {
			fmt.Fprintf(os.Stderr, "registry: %s: %v\n", path, err)
			os.Exit(1)
		}
		fmt.Println("ok  registry:", path)
	}
}

func check(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var entry apiv0.ServerJSON
	if err := json.Unmarshal(raw, &entry); err != nil {
		return err
	}
	var wrong []error
	for _, issue := range validators.ValidateServerJSON(&entry, validators.ValidationAll).Issues { // warnings, too
		wrong = append(wrong, fmt.Errorf("%s: %s (%s)", issue.Path, issue.Message, issue.Severity))
	}
	for _, p := range entry.Packages {
		if err := checkPackage(p, entry.Name); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", p.Identifier, err))
		}
	}
	return errors.Join(wrong...)
}

// checkPackage applies every rule but the last, that the file can be fetched: a
// release is checked before it is published.
func checkPackage(p model.Package, server string) error {
	ended, end := context.WithCancel(context.Background())
	end()
	err := validators.ValidatePackage(ended, p, server)
	if errors.Is(err, context.Canceled) { // it came to fetching
		return nil
	}
	return err
}
