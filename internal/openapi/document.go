package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/schema"
)

// Version is the API's, as its paths have it.
const Version = "v1"

const about = `Made from the declarations of attrove-mcp; it is not Attrove's own document. x-attrove-evidence says whether Attrove documents an operation ` +
	`or a field, whether it is inferred from Attrove's SDK, examples and MCP server, or whether it is proposed by attrove-mcp because nothing is known; ` +
	`x-attrove-evidence-mark is the mark of its contract. Operations with x-attrove-listed: false are not on Attrove's reference page.`

// The names of the two security schemes (contract section 14).
const (
	userScheme    = "userBearer"
	partnerScheme = "partnerBasic"
)

const (
	schemaRefs    = "#/components/schemas/"
	responseRefs  = "#/components/responses/"
	parameterRefs = "#/components/parameters/"
)

// Options say where the described API is served.
type Options struct {
	Server string // its address; "" is Attrove's cloud
}

// Document returns the document as indented JSON. The same options give the
// same bytes.
func Document(o Options) ([]byte, error) {
	a := author{o: o, schemas: schema.NewComponents(schemaRefs)}
	doc, err := a.document()
	if err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("encode OpenAPI document: %w", err)
	}
	return buf.Bytes(), nil
}

// author writes one document and collects its components.
type author struct {
	o       Options
	schemas *schema.Components
	shared  map[string]parameter
}

func (a *author) document() (document, error) {
	doc := document{
		OpenAPI: "3.1.1",
		Info:    info{Title: "Attrove API", Version: Version, Description: about, License: license{Name: "Apache License 2.0", Identifier: "Apache-2.0"}},
		Servers: []server{{URL: attrove.DefaultBaseURL, Description: "Attrove's cloud"}},
		Paths:   map[string]map[string]operation{},
	}
	if a.o.Server != "" {
		doc.Servers = []server{{URL: a.o.Server, Description: "The embedded engine of attrove-mcp"}}
	}
	var err error
	if a.shared, err = sharedParameters(); err != nil {
		return document{}, err
	}
	failures, err := a.sharedFailures()
	if err != nil {
		return document{}, err
	}
	for _, op := range attrove.All() {
		m := op.Info()
		if !slices.Contains(doc.Tags, tag{m.Group}) {
			doc.Tags = append(doc.Tags, tag{m.Group})
		}
		one, err := a.operation(op)
		if err != nil {
			return document{}, fmt.Errorf("%s: %w", m.Name, err)
		}
		if doc.Paths[m.Path] == nil {
			doc.Paths[m.Path] = map[string]operation{}
		}
		doc.Paths[m.Path][strings.ToLower(m.Method)] = one
	}
	schemas := a.schemas.Schemas()
	if schemas["Pagination"], err = withRule(schemas["Pagination"], furtherPage); err != nil {
		return document{}, fmt.Errorf("pagination: %w", err)
	}
	doc.Components = components{SecuritySchemes: securitySchemes(), Parameters: a.shared, Responses: failures, Schemas: schemas}
	return doc, nil
}

// furtherPage is what the type cannot say: where another page follows, the
// answer tells how to get it (contract section 2.1).
const furtherPage = `{"if":{"properties":{"has_more":{"const":true}}},"then":{"anyOf":[` +
	`{"properties":{"next_cursor":{}},"required":["next_cursor"]},{"properties":{"offset":{}},"required":["offset"]}]}}`

// withRule adds keywords to a schema.
func withRule(s json.RawMessage, rule string) (json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	for _, part := range []json.RawMessage{s, json.RawMessage(rule)} {
		if err := json.Unmarshal(part, &members); err != nil {
			return nil, err
		}
	}
	return json.Marshal(members)
}

func (a *author) operation(op attrove.Any) (operation, error) {
	m := op.Info()
	in, out := op.Types()
	one := operation{OperationID: m.Name, Summary: m.Summary, Tags: []string{m.Group}, Security: security(m.Auth), evidence: restsOn(m.Evidence)}
	if m.Page != "" && a.o.Server == "" { // the engine serves the page itself
		one.Servers = []server{{URL: m.Page}}
	}
	if !m.Listed() {
		one.Listed = new(bool)
	}
	f, err := fieldsOf(in)
	if err != nil {
		return operation{}, err
	}
	if one.Parameters, err = a.parameters(m, f); err != nil {
		return operation{}, err
	}
	if one.RequestBody, err = a.body(m, f); err != nil {
		return operation{}, err
	}
	success, err := a.success(m, out)
	if err != nil {
		return operation{}, err
	}
	one.Responses = failuresOf(m)
	one.Responses[strconv.Itoa(m.Status)] = success
	return one, nil
}

func security(auth attrove.Auth) []map[string][]string {
	switch auth {
	case attrove.AuthUser:
		return []map[string][]string{{userScheme: {}}}
	case attrove.AuthPartner:
		return []map[string][]string{{partnerScheme: {}}}
	case attrove.AuthNone:
	}
	return []map[string][]string{}
}

func securitySchemes() map[string]securityScheme {
	return map[string]securityScheme{
		userScheme: {Type: "http", Scheme: "bearer", BearerFormat: "sk_...", Description: "The user's own key.",
			evidence: restsOn(attrove.InferredHigh)},
		partnerScheme: {Type: "http", Scheme: "basic", Description: "The partner's client id and secret. How they travel is a guess.",
			evidence: restsOn("P-01")},
	}
}

// success is the response of a call that did what it was to do.
func (a *author) success(m attrove.Meta, out typ) (response, error) {
	answer := response{Description: http.StatusText(m.Status), evidence: restsOn("P-13")}
	switch {
	case m.Page != "":
		answer.Content = htmlPage()
		return answer, nil
	case m.Status == http.StatusNoContent:
		return answer, nil
	}
	ref, err := a.schemas.Response(out)
	if err != nil {
		return response{}, err
	}
	body := frame{Ref: ref}
	if m.Envelope == attrove.InData {
		body = frame{Type: "object", Required: []string{"data"}, Properties: map[string]frame{
			"data": {Ref: ref, Description: "The answer.", evidence: restsOn("P-03")}}}
	}
	answer.Content = jsonOf(body)
	return answer, nil
}

func jsonOf(s frame) map[string]mediaType { return map[string]mediaType{"application/json": {s}} }
