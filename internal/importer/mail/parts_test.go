package mail_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
)

const twoParts = "From: ann@example.com\nContent-Type: multipart/mixed; boundary=b\n\n" +
	"--b\nContent-Type: text/plain\n\nTea at four.\n"

func TestParts(t *testing.T) {
	const cake = "Tea at four.\n\nAnd cake."
	for name, tc := range map[string]struct{ raw, want string }{
		"by the book":                {twoParts + "--b\nContent-Type: text/plain\n\nAnd cake.\n--b--\n", cake},
		"a boundary ends otherwise":  {strings.Replace(twoParts, "--b\n", "--b\r\n", 1) + "--b\nContent-Type: text/plain\n\nAnd cake.\n--b--\n", cake},
		"without the last boundary":  {twoParts + "--b\nContent-Type: text/plain\n\nAnd cake.\n", cake},
		"a space before a colon":     {twoParts + "--b\nContent-Type : text/plain\n\nAnd cake.\n--b--\n", cake},
		"another character set":      {twoParts + "--b\nContent-Type: text/plain; charset=iso-8859-1\n\nAnd \xe9clairs.\n--b--\n", "Tea at four.\n\nAnd éclairs."},
		"one that looks like ASCII":  {twoParts + "--b\nContent-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B$*Cc\x1b(B\n--b--\n", "Tea at four.\n\nお茶"},
		"no character set, no ASCII": {twoParts + "--b\n\nAnd éclairs.\n--b--\n", "Tea at four.\n\nAnd éclairs."},
		"quoted-printable": {twoParts + "--b\nContent-Transfer-Encoding: quoted-printable\n\nAnd =C3=A9clairs.\n--b--\n",
			"Tea at four.\n\nAnd éclairs."},
		"an attached text": {twoParts + "--b\nContent-Type: text/plain; name=a.txt\nContent-Disposition: attachment\n\nAnd cake.\n--b--\n", "Tea at four."},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.want, mail.Read([]byte(tc.raw), mail.Context{}).Body)
		})
	}
}

func TestNamedTextIsNoPlainText(t *testing.T) {
	msg := mail.Read([]byte("From: ann@example.com\nContent-Type: text/plain; name=tea.ics\n\nBEGIN:VCALENDAR\n"), mail.Context{})
	assert.Len(t, msg.Calendars, 1)
}
