package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/attrove/attrove-mcp/internal/telemetry"
)

type metricDocsCommand struct{}

// Run prints what is counted.
func (metricDocsCommand) Run(a *app) error { return writeMetricDocs(a.out) }

const metricDocsHead = `# The metrics

What ` + "`attrove-mcp http --admin-listen ADDRESS`" + ` serves at ` + "`/metrics`" + ` for Prometheus, besides those of the Go runtime and of the process
(` + "`go_*`, `process_*`" + `). Printed by ` + "`attrove-mcp docs metrics`" + `. No label holds what a client made up: tools, prompts and methods that do not
exist are ` + "`_other`" + `, of the codes of errors the first 64 are told apart.

| metric | type | labels | what it counts |
|---|---|---|---|
`

func writeMetricDocs(w io.Writer) error {
	var page strings.Builder
	page.WriteString(metricDocsHead)
	for _, f := range telemetry.Families() {
		labels := ""
		if len(f.Labels) > 0 {
			labels = "`" + strings.Join(f.Labels, "`, `") + "`"
		}
		fmt.Fprintf(&page, "| `%s` | %s | %s | %s |\n", f.Name, f.Type, labels, f.Help)
	}
	_, err := io.WriteString(w, page.String())
	return err
}
