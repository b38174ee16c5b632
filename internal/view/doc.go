// Package view decides what a model gets to see of an answer: strangers' text
// cleaned and named as such, everything within a budget, nothing cut silently.
//
// It keeps what it does not know: a field that Attrove adds tomorrow reaches the
// model, and its text counts as strangers' text until the contract says whose
// words it holds.
package view
