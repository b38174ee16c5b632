package openapi

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// failure is one way in which a call ends without success (P-04).
type failure struct {
	status string
	name   string // of the shared response
	what   string
	codes  []string
	of     func(attrove.Meta) bool // which operations can end so
}

// failures are all of them. 501 and 507 are the embedded engine's alone, among
// the 5XX.
func failures() []failure {
	return []failure{
		{"400", "BadRequest", "The request cannot be read, or names what there is not.",
			[]string{attrove.CodeInvalidRequest, attrove.CodeInvalidCursor}, anyCall},
		{"401", "Unauthorized", "The credentials are missing or wrong.", []string{attrove.CodeAuthentication}, anyCall},
		{"403", "Forbidden", "The credentials are not for this.", []string{attrove.CodeForbidden}, anyCall},
		{"404", "NotFound", "There is no such thing, or it is another user's.", []string{attrove.CodeNotFound}, named},
		{"409", "Conflict", "What is there now does not allow it.", []string{attrove.CodeConflict, attrove.CodeGoalTerminal, attrove.CodeGoalConflict,
			attrove.CodeKeyReused, attrove.CodeUserExists, attrove.CodeRotationOpen}, writes},
		{"413", "TooLarge", "The body is too large.", []string{attrove.CodeTooLarge}, writes},
		{"422", "Invalid", "A field holds what it must not.", []string{attrove.CodeValidation, attrove.CodeGoalInvalidScope, attrove.CodeExcluded}, writes},
		{"429", "RateLimited", "Too many calls; Retry-After says how long to wait.", []string{attrove.CodeRateLimited}, anyCall},
		{"5XX", "ServerError", "The fault is not the caller's.", []string{attrove.CodeInternal, attrove.CodeUpstream, attrove.CodeNotImplemented,
			attrove.CodeStorage, attrove.CodeStorageFull}, anyCall},
	}
}

func anyCall(attrove.Meta) bool  { return true }
func named(m attrove.Meta) bool  { return len(m.PathNames()) > 0 }
func writes(m attrove.Meta) bool { return !m.InQuery() }

// failuresOf refers to the endings of an operation.
func failuresOf(m attrove.Meta) map[string]response {
	if m.Page != "" {
		return pageFailures()
	}
	of := map[string]response{}
	for _, f := range failures() {
		if f.of(m) {
			of[f.status] = response{Ref: responseRefs + f.name}
		}
	}
	return of
}

// pageFailures are the other endings of a page for a browser, which says in
// words what is wrong (P-14).
func pageFailures() map[string]response {
	of := map[string]response{}
	for status, what := range map[string]string{
		"303": "What was handed over is being read: the browser is sent to its progress.",
		"403": "The page is not served under this name.",
		"404": "There is no such session.",
		"410": "The session is used or has expired.",
		"5XX": "The fault is not the caller's.",
	} {
		of[status] = response{Description: what, Content: htmlPage(), evidence: restsOn("P-14")}
	}
	return of
}

func htmlPage() map[string]mediaType {
	return map[string]mediaType{"text/html": {frame{Type: "string"}}}
}

// sharedFailures are the responses that operations refer to.
func (a *author) sharedFailures() (map[string]response, error) {
	ref, err := a.schemas.Response(reflect.TypeFor[attrove.ErrorBody]())
	if err != nil {
		return nil, err
	}
	shared := map[string]response{}
	for _, f := range failures() {
		answer := response{Description: fmt.Sprintf("%s Codes: %s.", f.what, strings.Join(f.codes, ", ")),
			Content: jsonOf(frame{Ref: ref}), Codes: f.codes, evidence: restsOn("P-04")}
		if f.status == "429" {
			answer.Headers = map[string]header{"Retry-After": {Description: "Seconds to wait.", Schema: frame{Type: "integer"},
				evidence: restsOn(attrove.InferredHigh)}}
		}
		shared[f.name] = answer
	}
	return shared, nil
}
