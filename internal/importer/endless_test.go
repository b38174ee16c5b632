//go:build !race

package importer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

// Of a message that is longer than any mail system lets through the text is
// kept, and how much is not.
func TestEndlessMessage(t *testing.T) {
	long := strings.Replace(message(0, "Big", "Text"), "\n\nText", "\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n"+
		"--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"+strings.Repeat(strings.Repeat("QUJD", 19)+"\n", (mbox.MaxMessage+1<<20)/77)+"--b--\n", 1)
	up, told := newUpstream(), &notes{}
	o := options(t, up, write(t, "box.mbox", long+message(1, "Small", "Text")))
	o.Reporter = told
	sum := run1(t, o)
	assert.Equal(t, 2, sum.New())
	assert.Equal(t, "See below.", up.kept["0@example.com"].BodyText)
	assert.Greater(t, up.kept["0@example.com"].Metadata[attrove.MetaCutBytes], 1<<19)
	assert.Equal(t, "Text 1", up.kept["1@example.com"].BodyText)
	assert.Contains(t, strings.Join(told.lines, "\n"), "only the first 32 MiB")
}
