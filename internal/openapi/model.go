package openapi

import (
	"encoding/json"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// The parts of an OpenAPI 3.1 document that ours has, in the order in which they
// are written.
type (
	document struct {
		OpenAPI    string                          `json:"openapi"`
		Info       info                            `json:"info"`
		Servers    []server                        `json:"servers"`
		Tags       []tag                           `json:"tags"`
		Paths      map[string]map[string]operation `json:"paths"` // by method in lower case
		Components components                      `json:"components"`
	}

	info struct {
		Title       string  `json:"title"`
		Version     string  `json:"version"`
		Description string  `json:"description"`
		License     license `json:"license"`
	}

	license struct {
		Name       string `json:"name"`
		Identifier string `json:"identifier"`
	}

	server struct {
		URL         string `json:"url"`
		Description string `json:"description,omitempty"`
	}

	tag struct {
		Name string `json:"name"`
	}

	operation struct {
		OperationID string                `json:"operationId"`
		Summary     string                `json:"summary"`
		Tags        []string              `json:"tags"`
		Servers     []server              `json:"servers,omitempty"`
		Security    []map[string][]string `json:"security"`
		Parameters  []parameter           `json:"parameters,omitempty"`
		RequestBody *requestBody          `json:"requestBody,omitempty"`
		Responses   map[string]response   `json:"responses"`
		Listed      *bool                 `json:"x-attrove-listed,omitempty"`
		evidence
	}

	parameter struct {
		Ref         string          `json:"$ref,omitempty"`
		Name        string          `json:"name,omitempty"`
		In          string          `json:"in,omitempty"`
		Description string          `json:"description,omitempty"`
		Required    bool            `json:"required,omitempty"`
		Style       string          `json:"style,omitempty"`
		Explode     *bool           `json:"explode,omitempty"`
		Schema      json.RawMessage `json:"schema,omitempty"`
		evidence
	}

	requestBody struct {
		Required bool                 `json:"required"`
		Content  map[string]mediaType `json:"content"`
	}

	response struct {
		Ref         string               `json:"$ref,omitempty"`
		Description string               `json:"description,omitempty"`
		Headers     map[string]header    `json:"headers,omitempty"`
		Content     map[string]mediaType `json:"content,omitempty"`
		Codes       []string             `json:"x-attrove-codes,omitempty"` // of the errors that have the status
		evidence
	}

	header struct {
		Description string `json:"description"`
		Schema      frame  `json:"schema"`
		evidence
	}

	mediaType struct {
		Schema frame `json:"schema"`
	}

	// frame is what stands around the schemas that the types give.
	frame struct {
		Ref         string           `json:"$ref,omitempty"`
		Type        string           `json:"type,omitempty"`
		Description string           `json:"description,omitempty"`
		Required    []string         `json:"required,omitempty"`
		Properties  map[string]frame `json:"properties,omitempty"`
		evidence
	}

	components struct {
		SecuritySchemes map[string]securityScheme  `json:"securitySchemes"`
		Parameters      map[string]parameter       `json:"parameters"`
		Responses       map[string]response        `json:"responses"`
		Schemas         map[string]json.RawMessage `json:"schemas"`
	}

	securityScheme struct {
		Type         string `json:"type"`
		Scheme       string `json:"scheme"`
		BearerFormat string `json:"bearerFormat,omitempty"`
		Description  string `json:"description"`
		evidence
	}
)

// evidence is on what a part rests.
type evidence struct {
	Level string           `json:"x-attrove-evidence,omitempty"`
	Mark  attrove.Evidence `json:"x-attrove-evidence-mark,omitempty"`
}

func restsOn(mark attrove.Evidence) evidence { return evidence{Level: mark.Level(), Mark: mark} }
