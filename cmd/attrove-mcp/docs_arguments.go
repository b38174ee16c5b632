package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/tools"
)

// argument is what the reference says of one argument.
type argument struct {
	Type        any // a name or a list of names
	Description string
	Enum        []string
	Items       *argument
}

// properties keeps the schema's order, which is the declaration's.
type properties struct {
	names []string
	by    map[string]argument
}

// UnmarshalJSON reads an object and remembers the order of its names.
func (p *properties) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &p.by); err != nil {
		return err
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	if _, err := dec.Token(); err != nil { // the opening brace
		return err
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		p.names = append(p.names, fmt.Sprint(name))
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err
		}
	}
	return nil
}

func writeArguments(page *strings.Builder, tool *tools.Tool) error {
	var schema struct {
		Properties properties
		Required   []string
	}
	if err := json.Unmarshal(tool.InputSchema(), &schema); err != nil {
		return fmt.Errorf("schema of %s: %w", tool.Name(), err)
	}
	if len(schema.Properties.names) == 0 {
		page.WriteString("\nIt takes no arguments.\n")
		return nil
	}
	page.WriteString("\n| argument | type | |\n|---|---|---|\n")
	for _, name := range schema.Properties.names {
		about := schema.Properties.by[name]
		label := "`" + name + "`"
		if slices.Contains(schema.Required, name) {
			label += " (required)"
		}
		fmt.Fprintf(page, "| %s | %s | %s |\n", label, about.kind(), strings.ReplaceAll(about.Description, "|", `\|`))
	}
	return nil
}

func (a argument) kind() string {
	switch {
	case len(a.Enum) > 0:
		return strings.Join(a.Enum, ", ")
	case a.Items != nil:
		return "list of " + a.Items.kind()
	}
	return fmt.Sprint(a.Type)
}
