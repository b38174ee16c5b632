package openapitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/openapi"
)

// document is what the OpenAPI document declares of answers.
type document struct {
	mux        *http.ServeMux // finds operations as the engine does
	operations map[string]map[string]answer
	failure    *jsonschema.Schema
}

// answer is what an operation may answer with one status.
type answer struct {
	media  string // "" is no content
	schema *jsonschema.Schema
	codes  []string // of errors
}

const url = "openapi.json"

func compile() (*document, error) {
	raw, err := openapi.Document(openapi.Options{})
	if err != nil {
		return nil, err
	}
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(url, closed(root)); err != nil {
		return nil, fmt.Errorf("add document: %w", err)
	}
	var doc struct {
		Paths      map[string]map[string]struct{ Responses map[string]declared }
		Components struct{ Responses map[string]declared }
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	d := &document{mux: http.NewServeMux(), operations: map[string]map[string]answer{}}
	if d.failure, err = compiler.Compile(url + "#/components/schemas/ErrorBody"); err != nil {
		return nil, fmt.Errorf("compile: %w", err)
	}
	for path, item := range doc.Paths {
		for method, op := range item {
			pattern := strings.ToUpper(method) + " " + path
			d.mux.Handle(pattern, http.NotFoundHandler())
			d.operations[pattern] = map[string]answer{}
			for status, one := range op.Responses {
				at := pointer("paths", path, method, "responses", status)
				if name, shared := strings.CutPrefix(one.Ref, "#/components/responses/"); shared {
					one, at = doc.Components.Responses[name], one.Ref
				}
				if d.operations[pattern][status], err = one.compile(compiler, at); err != nil {
					return nil, fmt.Errorf("%s, %s: %w", pattern, status, err)
				}
			}
		}
	}
	return d, nil
}

// declared is a response as the document has it.
type declared struct {
	Ref     string `json:"$ref"`
	Content map[string]json.RawMessage
	Codes   []string `json:"x-attrove-codes"`
}

func (r declared) compile(compiler *jsonschema.Compiler, at string) (answer, error) {
	one := answer{codes: r.Codes}
	for media := range r.Content {
		compiled, err := compiler.Compile(url + at + pointer("content", media, "schema")[1:])
		if err != nil {
			return answer{}, fmt.Errorf("compile: %w", err)
		}
		one.media, one.schema = media, compiled
	}
	return one, nil
}

// pointer is a JSON pointer as the fragment of a URL (RFC 6901).
func pointer(steps ...string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1", "\x00", "/", "{", "%7B", "}", "%7D")
	return "#/" + escape.Replace(strings.Join(steps, "\x00"))
}

// closed forbids, in every schema, fields that are not declared and values that
// are not among the examples of an enumeration.
func closed(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = closed(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = closed(v[key])
		}
		if _, ok := v["properties"].(map[string]any); ok && v["type"] == "object" && v["additionalProperties"] == nil {
			v["additionalProperties"] = false
		}
		if known, ok := v["examples"].([]any); ok {
			if kinds, several := v["type"].([]any); several && slices.Contains(kinds, any("null")) {
				known = append(slices.Clone(known), nil)
			}
			v["enum"] = known
		}
	}
	return v
}

// check says what is wrong with an answer.
func (d *document) check(req *http.Request, resp *http.Response, body []byte) error {
	_, pattern := d.mux.Handler(req)
	op, known := d.operations[pattern]
	if !known {
		return d.checkUnknown(req, resp, body)
	}
	status := strconv.Itoa(resp.StatusCode)
	one, known := op[status]
	if !known {
		one, known = op[status[:1]+"XX"]
	}
	if !known {
		return fmt.Errorf("%s has no status %s", pattern, status)
	}
	if one.media == "" {
		if len(body) > 0 {
			return errors.New("there is to be no content")
		}
		return nil
	}
	if media, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil || media != one.media {
		return fmt.Errorf("the content is %q, not %s", resp.Header.Get("Content-Type"), one.media)
	}
	if one.media != "application/json" || req.Method == http.MethodHead {
		return nil
	}
	if err := validate(one.schema, body); err != nil || one.codes == nil {
		return err
	}
	return checkCode(body, one.codes)
}

// checkUnknown: what is no operation answers as errors do, as far as the API
// goes. Pages for people are not in the document.
func (d *document) checkUnknown(req *http.Request, resp *http.Response, body []byte) error {
	switch {
	case !strings.HasPrefix(req.URL.Path, "/"+openapi.Version+"/"):
		return nil
	case resp.StatusCode < http.StatusBadRequest:
		return errors.New("there is no such operation")
	}
	return validate(d.failure, body)
}

func validate(s *jsonschema.Schema, body []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	return s.Validate(value)
}

func checkCode(body []byte, codes []string) error {
	var failure attrove.ErrorBody
	if err := json.Unmarshal(body, &failure); err != nil {
		return fmt.Errorf("not an error: %w", err)
	}
	if !slices.Contains(codes, failure.Error.Code) {
		return fmt.Errorf("the code %s is not among %v; declare it in internal/openapi/failure.go", failure.Error.Code, codes)
	}
	return nil
}
