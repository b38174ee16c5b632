package doctor

import (
	"maps"
	"slices"
	"strings"
)

// Difference is one thing that one side has and the other has not, or has
// otherwise.
type Difference struct {
	Operation string
	Where     string // such as "response.data[].id"
	Theirs    string // Attrove's; "" if it has no such thing
	Ours      string // likewise
	Mark      string // on what ours rests
}

// Compare says in what two documents differ, ours and Attrove's.
func Compare(ours, theirs Spec) []Difference {
	c := &comparison{}
	for _, at := range slices.Sorted(maps.Keys(ours.Operations)) {
		our := ours.Operations[at]
		c.operation = our.Name
		their, ok := theirs.Operations[at]
		if !ok {
			c.add("operation", "", at, "")
			continue
		}
		c.pair(our, their)
	}
	for _, at := range slices.Sorted(maps.Keys(theirs.Operations)) {
		if _, ok := ours.Operations[at]; !ok {
			c.operation = theirs.Operations[at].Name
			c.add("operation", at, "", "")
		}
	}
	return c.found
}

type comparison struct {
	operation string
	found     []Difference
}

func (c *comparison) add(where, theirs, ours, mark string) {
	c.found = append(c.found, Difference{Operation: c.operation, Where: where, Theirs: theirs, Ours: ours, Mark: mark})
}

func (c *comparison) pair(our, their Operation) {
	if our.Security != their.Security {
		c.add("security", their.Security, our.Security, "")
	}
	c.statuses(our.Statuses, their.Statuses)
	c.fields("", our.Parameters, their.Parameters)
	c.body("request", our.Request, their.Request)
	c.answer(our.Success, their.Success)
	c.body("error", our.Failure, their.Failure)
}

// statuses compares them, where 5XX and default stand for many.
func (c *comparison) statuses(ours, theirs []string) {
	covered := func(status string, by []string) bool {
		within := func(other string) bool {
			return other == status || other == "default" && status[0] >= '4' ||
				strings.HasSuffix(strings.ToUpper(other), "XX") && other[0] == status[0] ||
				strings.HasSuffix(strings.ToUpper(status), "XX") && other[0] == status[0]
		}
		return status == "default" || slices.ContainsFunc(by, within)
	}
	for _, status := range ours {
		if !covered(status, theirs) {
			c.add("status", "", status, "")
		}
	}
	for _, status := range theirs {
		if status != "" && !covered(status, ours) {
			c.add("status", status, "", "")
		}
	}
}

// answer compares the shapes of a success. When they are wrapped differently,
// that is said once and what they hold is compared.
func (c *comparison) answer(ours, theirs *Shape) {
	if ours == nil || theirs == nil {
		c.body("response", ours, theirs)
		return
	}
	how, inner := ours.wrapped()
	other, content := theirs.wrapped()
	if how == other {
		c.body("response", ours, theirs)
		return
	}
	c.add("response envelope", other, how, "P-03")
	c.body("response", inner, content)
}

func (c *comparison) body(where string, ours, theirs *Shape) {
	switch {
	case ours == nil && theirs == nil:
	case ours == nil:
		c.add(where, theirs.kind(), "", "")
	case theirs == nil:
		c.add(where, "", ours.kind(), ours.Mark)
	default:
		c.shapes(where, ours, theirs)
	}
}

func (c *comparison) shapes(at string, ours, theirs *Shape) {
	if len(theirs.Types) > 0 && !slices.Equal(ours.Types, theirs.Types) {
		c.add(at, theirs.kind(), ours.kind(), ours.Mark)
	}
	if ours.Travels != theirs.Travels {
		c.add(at+" as a list", theirs.Travels, ours.Travels, "P-06b")
	}
	c.values(at, ours, theirs)
	c.fields(at+".", ours.Fields, theirs.Fields)
	if ours.Items != nil && theirs.Items != nil {
		c.shapes(at+"[]", ours.Items, theirs.Items)
	}
	if ours.Values != nil && theirs.Values != nil {
		c.shapes(at+".*", ours.Values, theirs.Values)
	}
}

// values compares enumerations, if theirs is closed: an open one may hold ours.
func (c *comparison) values(at string, ours, theirs *Shape) {
	known := ours.Enum
	if known == nil {
		known = ours.Examples
	}
	if theirs.Enum != nil && !slices.Equal(known, theirs.Enum) {
		c.add(at+" values", strings.Join(theirs.Enum, ", "), strings.Join(known, ", "), ours.Mark)
	}
}

func (c *comparison) fields(at string, ours, theirs map[string]*Shape) {
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		our, their := ours[name], theirs[name]
		switch {
		case their == nil:
			c.add(at+name, "", our.declared(), our.Mark)
		case our.Required != their.Required:
			c.add(at+name, required(their), required(our), our.Mark)
			fallthrough
		default:
			c.shapes(at+name, our, their)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		if ours[name] == nil {
			c.add(at+name, theirs[name].declared(), "", "")
		}
	}
}

func (s *Shape) declared() string { return s.kind() + ", " + required(s) }

func required(s *Shape) string {
	if s.Required {
		return "required"
	}
	return "optional"
}
