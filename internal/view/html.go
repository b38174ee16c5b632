package view

import (
	"strings"

	htmltomarkdown "github.com/JohannesKaufmann/html-to-markdown/v2"
)

// maxMarkup is the most HTML that is read; a result holds a small part of it.
const maxMarkup = 512 << 10

// fromHTML turns HTML into text, links kept. What a browser would hide is text
// like any other here.
func fromHTML(markup string) string {
	cut := prefix(markup, maxMarkup)
	text, err := htmltomarkdown.ConvertString(cut)
	if err != nil {
		return cut // as it is: tags do no harm, they only read badly
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
