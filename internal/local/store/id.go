package store

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"
)

// NewID returns a new id with a prefix that says what it names (P-02): 48 bits
// of the time and 48 random ones. New ids sort after older ones, so that they
// come to lie side by side in an index; they are names, and no secrets.
func NewID(prefix string) string {
	var id [12]byte
	binary.BigEndian.PutUint64(id[:8], uint64(time.Now().UnixMilli())<<16)
	rand.Read(id[6:]) // never fails since Go 1.24
	return prefix + "_" + strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(id[:]))
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
	default:
		return "note"
	}
}
