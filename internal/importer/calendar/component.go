package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	ics "github.com/arran4/golang-ical"
)

// maxLines is how many lines of a calendar are read: more than the years of a
// busy person come to.
const maxLines = 2_000_000

// component is what stands between BEGIN and END, such as an event.
type component struct {
	name     string // upper case
	props    []ics.BaseProperty
	children []*component
}

// parse reads the components of a calendar. golang-ical splits lines and
// properties; the tree is built here, because that library refuses a whole
// calendar for one bad line. What is no property goes on with the one before it:
// programs exist that do not fold long text. Bad lines are returned.
func parse(raw []byte) (root *component, bad []string, err error) {
	root = &component{}
	open := []*component{root}
	lines := ics.NewCalendarStream(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	for range maxLines {
		line, err := lines.ReadLine()
		if line == nil || err != nil && len(*line) == 0 {
			if err == nil || errors.Is(err, io.EOF) {
				return root, bad, nil
			}
			return root, bad, fmt.Errorf("read calendar: %w", err)
		}
		prop, problem := property(*line)
		top := open[len(open)-1]
		switch {
		case problem != nil:
			bad = append(bad, problem.Error())
		case prop == nil:
			top.goOn(string(*line))
		case prop.IANAToken == "BEGIN":
			child := &component{name: strings.ToUpper(strings.TrimSpace(prop.Value))}
			top.children = append(top.children, child)
			open = append(open, child)
		case prop.IANAToken == "END":
			open = closing(open, strings.ToUpper(strings.TrimSpace(prop.Value)))
		default:
			top.props = append(top.props, *prop)
		}
	}
	return root, bad, fmt.Errorf("the calendar has more than %d lines", maxLines)
}

// property reads a line; nil if it is none.
func property(line ics.ContentLine) (*ics.BaseProperty, error) {
	if line == "" || !isLetter(line[0]) {
		return nil, nil //nolint:nilnil // it is no property, and nothing is wrong
	}
	prop, err := ics.ParseProperty(line)
	if err != nil { // most often a quote that ends too late or never
		prop, err = ics.ParseProperty(ics.ContentLine(strings.ReplaceAll(string(line), `"`, "")))
	}
	if err != nil || prop == nil {
		return nil, err
	}
	prop.IANAToken = strings.ToUpper(prop.IANAToken)
	return prop, nil
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// closing ends the innermost component of a name, and those in it that were
// never ended. An end of nothing is passed over.
func closing(open []*component, name string) []*component {
	for i := len(open) - 1; i > 0; i-- {
		if open[i].name == name {
			return open[:i]
		}
	}
	return open
}

// goOn adds a line to the last property.
func (c *component) goOn(line string) {
	if n := len(c.props); n > 0 && strings.TrimSpace(line) != "" {
		c.props[n-1].Value += "\n" + line
	}
}

// all returns the components of a name, at any depth.
func (c *component) all(name string) []*component {
	var found []*component
	for _, child := range c.children {
		if child.name == name {
			found = append(found, child)
		}
		found = append(found, child.all(name)...)
	}
	return found
}

// each returns the properties of a name.
func (c *component) each(name string) []ics.BaseProperty {
	var found []ics.BaseProperty
	for _, p := range c.props {
		if p.IANAToken == name {
			found = append(found, p)
		}
	}
	return found
}

// get returns the first property of a name that has a value.
func (c *component) get(name string) (ics.BaseProperty, bool) {
	for _, p := range c.each(name) {
		if strings.TrimSpace(p.Value) != "" {
			return p, true
		}
	}
	return ics.BaseProperty{}, false
}

// text returns the text of the first property of a name, or "".
func (c *component) text(name string) string {
	p, _ := c.get(name)
	return strings.TrimSpace(strings.ToValidUTF8(p.Value, "\uFFFD"))
}

// parameter returns a parameter of a property, or "".
func parameter(p ics.BaseProperty, name string) string {
	for key, values := range p.ICalParameters {
		if strings.EqualFold(key, name) && len(values) > 0 {
			return strings.TrimSpace(strings.ToValidUTF8(values[0], "\uFFFD"))
		}
	}
	return ""
}
