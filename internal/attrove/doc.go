// Package attrove is the contract of the Attrove API: every operation declared
// once as a value, the types it takes and returns, and the client that calls it.
//
// Attrove publishes a reference page, an SDK and examples, but no wire payload of
// most operations. Each fact here therefore carries its evidence: a mark on every
// operation and, in the struct tag "evidence", on every field:
//
//	D          documented by Attrove
//	I+ I I-    inferred, with high, medium or low confidence
//	P-nn       proposed: our convention where nothing is known
//
// The struct tag "mcp" says what a field is where a model calls the operation:
//
//	"-"        not the model's to set; of an answer, what it knows already
//	"clear"    may be emptied with null
//	"secret"   a credential, shown once and not to a model
//
// The package is a leaf: it imports nothing else of this module.
package attrove
