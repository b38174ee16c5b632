// Package schema makes JSON Schemas from the Go types of the contract, and
// checks arguments against them.
//
// One reflector has three modes, and nothing is edited by hand. What a tool
// takes is closed and says what is allowed; what it returns only describes, for
// clients throw a whole result away when one promised field does not fit; the
// wire is for documents and says on what each field rests.
package schema
