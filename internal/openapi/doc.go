// Package openapi makes the OpenAPI 3.1 document of the Attrove API from the
// declarations of internal/attrove, and serves it.
//
// Attrove advertises a document of its own, which may say otherwise. So that
// nobody takes ours for Attrove's word, each operation, parameter and field says
// in x-attrove-evidence whether Attrove documents it, whether it is inferred, or
// proposed by this project; x-attrove-evidence-mark is our mark for it.
package openapi
