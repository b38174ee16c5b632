package transport

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReadID(t *testing.T) {
	for message, want := range map[string]string{
		`{"jsonrpc":"2.0","id":7,"result":{}}`:                               `7`,
		`{"jsonrpc":"2.0","id":"seven","error":{"code":1}}`:                  `"seven"`,
		`{"result":{"id":8,"method":"x"},"id":7}`:                            `7`,
		`{"jsonrpc":"2.0","id":7.0,"result":{}}`:                             `7`,
		`{"jsonrpc":"2.0","id":"\u0073even","result":{}}`:                    `"seven"`,
		`{"jsonrpc":"2.0","id":{},"result":{}}`:                              ``,
		`{"jsonrpc":"2.0","id":null,"error":{}}`:                             ``,
		`{"jsonrpc":"2.0","id":7,"method":"elicitation/create"}`:             `? 7`,
		`{"jsonrpc":"2.0","method":"notifications/message","params":{}}`:     ``,
		`{"jsonrpc":"2.0","id":7,"result":` + `"read no further than needed`: `7`,
		`[]`: ``,
		``:   ``,
		`{`:  ``,
	} {
		id, question := readID([]byte(message))
		if question && id != "" {
			id = "? " + id
		}
		assert.Equal(t, want, id, message)
	}
}
