package view

import (
	"fmt"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
)

// maxMarkup is the most HTML that is read; a result holds a small part of it.
// What the converter does with some markup takes time by the square of it.
const maxMarkup = 128 << 10

// fromHTML turns HTML into text, links kept, and says what it did not read. What
// a browser would hide is text like any other here. Nothing is escaped: the
// result is read as text, and looking for what to escape is what a stranger
// could make slow.
func fromHTML(markup string) string {
	read := prefix(markup, maxMarkup)
	text, err := converter.NewConverter(
		converter.WithEscapeMode(converter.EscapeModeDisabled),
		converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin()),
	).ConvertString(read)
	if err != nil {
		return markup // as it is: tags do no harm, they only read badly
	}
	if rest := len(markup) - len(read); rest > 0 {
		text += fmt.Sprintf("… [+%d bytes]", rest)
	}
	return text
}

// looksLikeHTML reports whether text is a whole HTML document or fragment, not
// merely text with a tag in it.
func looksLikeHTML(text string) bool {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "<") || !strings.HasSuffix(text, ">") {
		return false
	}
	name, _, _ := strings.Cut(strings.ToLower(text[1:min(len(text), 16)]), ">")
	name, _, _ = strings.Cut(name, " ")
	switch name {
	case "!doctype", "html", "head", "body", "meta", "style", "div", "p", "span", "table", "br", "br/", "center", "font", "a", "ul", "ol", "h1", "h2", "h3":
		return true
	}
	return strings.HasPrefix(name, "!--")
}
