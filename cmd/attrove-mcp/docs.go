package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/openapi"
	"github.com/attrove/attrove-mcp/tools"
)

type docsCommand struct {
	Tools   toolDocsCommand    `cmd:"" help:"Print the tool reference as Markdown."`
	Tokens  tokenDocsCommand   `cmd:"" help:"Print what the tools cost in tokens, as Markdown."`
	OpenAPI openAPIDocsCommand `cmd:"" name:"openapi" help:"Print the OpenAPI document of the API."`
	Metrics metricDocsCommand  `cmd:"" help:"Print what an HTTP server counts, as Markdown."`

	Manifest manifestDocsCommand `cmd:"" help:"Print the manifest of the MCP bundle."`
	Server   serverDocsCommand   `cmd:"" help:"Print the entry for the MCP registry, server.json."`
}

type toolDocsCommand struct{}

// Run prints the tool reference.
func (toolDocsCommand) Run(a *app) error {
	return writeToolDocs(a.out, tools.Catalog())
}

type openAPIDocsCommand struct{}

// Run prints the document that describes Attrove's cloud.
func (openAPIDocsCommand) Run(a *app) error {
	raw, err := openapi.Document(openapi.Options{})
	if err != nil {
		return err
	}
	_, err = a.out.Write(raw)
	return err
}

const toolDocsHead = `# The tools

Made from the declarations in ` + "`tools`" + ` by ` + "`attrove-mcp docs tools`" + `. An operation marked *unlisted* is not on Attrove's reference
page: its path is this project's guess. Toolsets that are not on by default say so.
`

func writeToolDocs(w io.Writer, catalog []*tools.Tool) error {
	var page strings.Builder
	page.WriteString(toolDocsHead)
	var set tools.Toolset
	for _, tool := range catalog {
		if tool.Toolset() != set {
			set = tool.Toolset()
			fmt.Fprintf(&page, "\n## Toolset `%s`%s\n", set, aside(set))
		}
		fmt.Fprintf(&page, "\n### `%s`: %s\n\n%s\n\n", tool.Name(), tool.Title(), tool.Description())
		for _, op := range tool.Operations() {
			writeOperation(&page, op.Info())
		}
		if err := writeArguments(&page, tool); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// aside says what whoever wants a toolset must know.
func aside(set tools.Toolset) string {
	switch {
	case set.Default():
		return ""
	case set == tools.Partner, set == tools.Webhooks:
		return " (off by default; needs a partner's credentials; stdio and `call` only)"
	}
	return " (off by default)"
}

func writeOperation(page *strings.Builder, m attrove.Meta) {
	mark := ""
	if !m.Listed() {
		mark = ", *unlisted* (" + string(m.Evidence) + ")"
	}
	fmt.Fprintf(page, "Calls `%s %s`%s.\n", m.Method, m.Path, mark)
}
