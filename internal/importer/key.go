package importer

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
)

// key stands for an id, an address or a subject. Eight bytes of each are enough to
// tell all messages of a large mailbox apart.
type key uint64

const keySize = 8

func keyOf(text string) key {
	sum := sha256.Sum256([]byte(text))
	return keyIn(sum[:])
}

// keyIn is the key at the beginning of raw, which appendTo has written.
func keyIn(raw []byte) key { return key(binary.BigEndian.Uint64(raw)) }

// appendTo writes keys so that their bytes are in their order.
func (k key) appendTo(raw []byte) []byte { return binary.BigEndian.AppendUint64(raw, uint64(k)) }

// messageKey stands for a message, with or without a Message-ID.
func messageKey(h mail.Header) key {
	if id := h.MessageID(); id != "" {
		return keyOf(id)
	}
	return keyOf("header\x00" + h.Get("From") + "\x00" + h.Get("To") + "\x00" + h.Get("Date") + "\x00" + h.Get("Subject"))
}
