package doctor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Spec is what an OpenAPI document declares, as far as two can be compared.
type Spec struct {
	OpenAPI    string // the version of the format
	Title      string
	Version    string
	Operations map[string]Operation // by key
	Unread     int                  // references that lead nowhere, or too far
}

// Operation is what a document declares of one operation.
type Operation struct {
	Name       string            // its operationId, or else method and path
	Security   string            // such as "bearer"
	Parameters map[string]*Shape // by place and name, such as "query limit"; the path's are positions
	Request    *Shape            // nil if there is none
	Success    *Shape
	Failure    *Shape
	Statuses   []string
}

var pathParameter = regexp.MustCompile(`\{[^/}]*\}`)

// key finds an operation in any document: path parameters have no names there.
func key(method, path string) string {
	return strings.ToUpper(method) + " " + pathParameter.ReplaceAllString(strings.TrimRight(path, "/"), "{}")
}

// ReadSpec reads an OpenAPI 3 document, as JSON or YAML.
func ReadSpec(raw []byte) (Spec, error) {
	root, err := parse(raw)
	if err != nil {
		return Spec{}, err
	}
	version := scalar(root["openapi"])
	if version != "3" && !strings.HasPrefix(version, "3.") { // 3.0 is a number in YAML
		return Spec{}, fmt.Errorf("it is no OpenAPI 3 document: openapi is %q", clip(version))
	}
	r := &reader{root: root, left: maxNodes}
	about := object(root["info"])
	spec := Spec{OpenAPI: version, Title: text(about["title"]), Version: scalar(about["version"]), Operations: map[string]Operation{}}
	prefix := serverPath(root)
	for path, item := range object(root["paths"]) {
		for method, one := range r.resolve(item) {
			if slices.Contains([]string{"get", "put", "post", "delete", "patch"}, method) {
				spec.Operations[key(method, prefix+path)] = r.operation(method+" "+path, r.resolve(item), r.resolve(one))
			}
		}
	}
	spec.Unread = r.unread
	if len(spec.Operations) == 0 {
		return Spec{}, errors.New("it is an OpenAPI document without operations")
	}
	return spec, nil
}

// parse reads JSON or, failing that, YAML.
func parse(raw []byte) (map[string]any, error) {
	raw = bytes.TrimSpace(raw)
	var root any
	if json.Unmarshal(raw, &root) != nil {
		if bytes.HasPrefix(raw, []byte("<")) {
			return nil, errors.New("it is a page (HTML or XML), not an OpenAPI document")
		}
		if yaml.Unmarshal(raw, &root) != nil { // its reason would quote the document
			return nil, errors.New("it is neither JSON nor YAML")
		}
		root = plain(root)
	}
	members, ok := root.(map[string]any)
	if !ok {
		return nil, errors.New("it is no object")
	}
	return members, nil
}

// plain gives YAML's maps the keys that JSON's have: a status is a number there.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = plain(v[k])
		}
		return v
	case map[any]any:
		members := make(map[string]any, len(v))
		for k, value := range v {
			members[fmt.Sprint(k)] = plain(value)
		}
		return members
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
		return v
	}
	return v
}

// serverPath is what stands before every path, such as /v1.
func serverPath(root map[string]any) string {
	servers := list(root["servers"])
	if len(servers) == 0 {
		return ""
	}
	u, err := url.Parse(text(object(servers[0])["url"]))
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.Path, "/")
}

// The parts of a document, or nothing where it has something else.

func object(v any) map[string]any { m, _ := v.(map[string]any); return m }
func list(v any) []any            { l, _ := v.([]any); return l }
func text(v any) string           { s, _ := v.(string); return s }

// scalar is a text that YAML may have taken for a number or a date.
func scalar(v any) string {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		return strconv.Itoa(v)
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return text(v)
}
