package doctor

import (
	"maps"
	"slices"
	"strings"
)

// What a document may make us do: it can refer to itself in ever new ways.
const (
	maxNodes = 200_000
	maxDepth = 24
)

// reader reads the parts of one document.
type reader struct {
	root   map[string]any
	left   int      // nodes that may still be read
	within []string // the references being followed
	unread int
}

// resolve follows a reference within the document, which may lead to another.
func (r *reader) resolve(v any) map[string]any {
	for range maxDepth {
		ref, ok := object(v)["$ref"].(string)
		if !ok {
			return object(v)
		}
		v = r.lookup(ref)
	}
	return nil
}

// lookup is what a reference leads to, nil if that is not in the document.
func (r *reader) lookup(ref string) any {
	at, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		r.unread++
		return nil
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~", "%7B", "{", "%7D", "}", "%7b", "{", "%7d", "}")
	var v any = r.root
	for step := range strings.SplitSeq(at, "/") {
		v = object(v)[unescape.Replace(step)]
	}
	if v == nil {
		r.unread++
	}
	return v
}

func (r *reader) operation(fallback string, item, one map[string]any) Operation {
	op := Operation{Name: text(one["operationId"]), Parameters: map[string]*Shape{}, Security: r.security(one)}
	if op.Name == "" {
		op.Name = fallback
	}
	for _, p := range slices.Concat(list(item["parameters"]), list(one["parameters"])) {
		r.parameter(op.Parameters, r.resolve(p))
	}
	op.Request = r.content(r.resolve(one["requestBody"]))
	responses := object(one["responses"])
	op.Statuses = slices.Sorted(maps.Keys(responses))
	for _, status := range op.Statuses {
		shape := r.content(r.resolve(responses[status]))
		switch {
		case shape == nil:
		case strings.HasPrefix(status, "2") && op.Success == nil:
			op.Success = shape
		case strings.HasPrefix(status, "4") && op.Failure == nil, status == "default" && op.Failure == nil:
			op.Failure = shape
		}
	}
	return op
}

func (r *reader) parameter(into map[string]*Shape, p map[string]any) {
	place, name := text(p["in"]), text(p["name"])
	if place != "query" && place != "header" {
		return
	}
	shape := r.shape(p["schema"], 0)
	shape.Required = p["required"] == true
	shape.Mark = text(p[markKey])
	if slices.Contains(shape.Types, "array") {
		shape.Travels = "repeated" // OpenAPI's default
		if p["explode"] == false {
			shape.Travels = "comma-separated"
		}
	}
	into[place+" "+name] = shape
}

// content is the shape of a JSON body, nil if there is none.
func (r *reader) content(of map[string]any) *Shape {
	content := object(of["content"])
	for _, media := range slices.Sorted(maps.Keys(content)) {
		if strings.Contains(media, "json") {
			return r.shape(object(content[media])["schema"], 0)
		}
	}
	return nil
}

// security says in words what an operation is to be called with.
func (r *reader) security(one map[string]any) string {
	required, given := one["security"]
	if !given {
		required = r.root["security"]
	}
	var ways []string
	for _, way := range list(required) {
		var together []string
		for _, name := range slices.Sorted(maps.Keys(object(way))) {
			together = append(together, r.scheme(name))
		}
		if len(together) == 0 {
			together = []string{"nothing"}
		}
		ways = append(ways, strings.Join(together, " with "))
	}
	if len(ways) == 0 {
		return "nothing"
	}
	slices.Sort(ways)
	return strings.Join(slices.Compact(ways), " or ")
}

func (r *reader) scheme(name string) string {
	schemes := object(object(r.root["components"])["securitySchemes"])
	s := r.resolve(schemes[name])
	switch kind := text(s["type"]); kind {
	case "http":
		return strings.ToLower(text(s["scheme"]))
	case "apiKey":
		return text(s["in"]) + " " + text(s["name"])
	case "":
		return "an unknown scheme"
	default:
		return kind
	}
}
