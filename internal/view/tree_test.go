package view

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseKeepsWhatEncodingJSONReads(t *testing.T) {
	for name, raw := range map[string]string{
		"all kinds":        `{"a":[1,-2.50e+3,9007199254740993,true,false,null,"x",{}],"b":{"c":[]}}`,
		"spaces":           " {\t\"a\" :\r\n [ 1 , 2 ] } ",
		"escapes":          `{"a\u0062":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`,
		"half a surrogate": `{"a":"x\ud800y\udc00"}`,
		"no UTF-8":         "{\"a\xff\":\"\xff\xfe\xc3(\"}",
		"twice":            `{"a":1,"b":2,"a":3}`,
		"many, and twice":  `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1,"q":1,"r":1,"s":1,"b":2,"s":3,"t":4}`,
		"a bare value":     `"x"`,
		"deep":             strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth),
	} {
		t.Run(name, func(t *testing.T) { sameAsEncodingJSON(t, []byte(raw)) })
	}
	for name, raw := range map[string]string{
		"nothing": ``, "half": `{"a":`, "two": `{} {}`, "a comma too many": `[1,]`, "a missing colon": `{"a" 1}`,
		"no name": `{1:2}`, "a bad number": `[01]`, "a bad escape": `["\x"]`, "a line break": "[\"\n\"]",
		"too deep": strings.Repeat("[", maxDepth+2) + strings.Repeat("]", maxDepth+2),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse([]byte(raw))
			assert.Error(t, err)
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a":[1,"\ud800",{"b":null,"b":"\\"}]}`))
	f.Fuzz(sameAsEncodingJSON)
}

// sameAsEncodingJSON compares the values, and that there are any.
func sameAsEncodingJSON(t *testing.T, raw []byte) {
	t.Helper()
	n, err := parse(raw)
	if err != nil {
		assert.True(t, !json.Valid(raw) || strings.Contains(err.Error(), "too deep"), "%s", err)
		return
	}
	assert.Equal(t, numbers(t, raw), numbers(t, n.json()))
}

// numbers is what encoding/json reads, with the digits of numbers.
func numbers(t *testing.T, raw []byte) (value any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&value))
	return value
}
