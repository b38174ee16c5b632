package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/attrove/attrove-mcp/tools"
)

type tokenDocsCommand struct{}

// Run prints what the tools cost.
func (tokenDocsCommand) Run(a *app) error {
	return writeTokenDocs(a.out, tools.Catalog())
}

const tokenDocsHead = `# What the tools cost

Every tool that is on costs each conversation its name, description and input schema. Counted in tokens of o200k by
` + "`go generate ./tools`" + `, printed by ` + "`attrove-mcp docs tokens`" + `. Fewer: ` + "`--toolsets`, `--tools`, `--exclude-tools`, `--read-only`" + `.

| toolset | tools | tokens |
|---|--:|--:|
`

// sum is the cost of some tools.
type sum struct{ tools, tokens int }

func (s *sum) add(t *tools.Tool) {
	s.tools++
	s.tokens += t.Tokens()
}

func writeTokenDocs(w io.Writer, catalog []*tools.Tool) error {
	var byDefault, all sum
	bySet := map[tools.Toolset]*sum{}
	for _, set := range tools.Toolsets() {
		bySet[set] = new(sum)
	}
	for _, t := range catalog {
		all.add(t)
		bySet[t.Toolset()].add(t)
		if t.Toolset().Default() {
			byDefault.add(t)
		}
	}
	var page strings.Builder
	page.WriteString(tokenDocsHead)
	for _, set := range tools.Toolsets() {
		fmt.Fprintf(&page, "| `%s` | %d | %d |\n", set, bySet[set].tools, bySet[set].tokens)
	}
	fmt.Fprintf(&page, "| **default** | %d | %d |\n| **all** | %d | %d |\n", byDefault.tools, byDefault.tokens, all.tools, all.tokens)
	page.WriteString("\n| tool | tokens |\n|---|--:|\n")
	for _, t := range catalog {
		fmt.Fprintf(&page, "| `%s` | %d |\n", t.Name(), t.Tokens())
	}
	_, err := io.WriteString(w, page.String())
	return err
}
