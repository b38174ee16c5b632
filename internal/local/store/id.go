package store

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// NewID returns a new random id with a prefix that says what it names (P-02).
func NewID(prefix string) string {
	random := make([]byte, 12) // 20 characters
	rand.Read(random)          // never fails since Go 1.24
	return prefix + "_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random))
}

// prefix of the ids of a kind's items (contract section 1).
func (k Kind) prefix() string {
	switch k {
	case KindMessage:
		return "msg"
	case KindMeeting:
		return "mtg"
	case KindEvent:
		return "evt"
	}
	return "note"
}
