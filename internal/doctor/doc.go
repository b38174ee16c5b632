// Package doctor compares the contract that attrove-mcp is built on with what
// Attrove says and does: its OpenAPI document, and what its reads answer to a
// user's key. It changes nothing.
//
// Its report is to be shown to strangers. It holds names of operations and
// fields, types and statuses, and never content, ids or keys.
package doctor
