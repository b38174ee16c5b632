package view

import "fmt"

// writer encodes an answer, cut to its caps. It gives up once it is beyond its
// limit, so that trying many caps costs little.
type writer struct {
	caps    caps
	limit   int // 0 is none
	out     []byte
	cut     map[string]int // bytes by path
	dropped int            // rows of data
	inner   int            // rows of other lists, and fields
	texts   int            // texts that were shortened
}

func (w *writer) over() bool { return w.limit > 0 && len(w.out) > w.limit }

// json is the whole value.
func (n *node) json() []byte {
	w := writer{caps: caps{text: many, rows: many, unknown: true}}
	w.value(n)
	return w.out
}

func (w *writer) value(n *node) {
	if w.over() {
		return
	}
	switch n.kind {
	case literal:
		w.out = append(w.out, n.text...)
	case str:
		w.string(n)
	case list:
		w.list(n)
	case object:
		w.object(n)
	}
}

func (w *writer) string(n *node) {
	text := n.text
	if n.foreign {
		var less int
		if text, less = Clip(text, w.caps.text); less > 0 {
			w.cut[n.path] += less
			w.texts++
		}
	}
	w.out = appendString(w.out, text)
}

// Clip is text cut to size bytes, with a mark that says how many were cut. What
// is hardly longer stays whole.
func Clip(text string, size int) (clipped string, less int) {
	if len(text)-size <= len("… [+1000000 bytes]") {
		return text, 0
	}
	kept := prefix(text, size)
	less = len(text) - len(kept)
	return fmt.Sprintf("%s… [+%d bytes]", kept, less), less
}

func (w *writer) list(n *node) {
	w.out = append(w.out, '[')
	first := true
	for _, item := range n.items {
		if item.rank >= w.caps.rows {
			w.cut[n.path] += item.size
			if n.path == "data" {
				w.dropped++
			} else {
				w.inner++
			}
			continue
		}
		w.comma(&first)
		w.value(item)
	}
	w.out = append(w.out, ']')
}

func (w *writer) object(n *node) {
	w.out = append(w.out, '{')
	first := true
	for _, one := range n.members {
		if n.keyed && one.value.rank >= w.caps.rows || one.unknown && !w.caps.unknown {
			w.cut[one.value.path] += one.value.size
			w.inner++
			continue
		}
		w.comma(&first)
		w.out = append(appendString(w.out, one.name), ':')
		w.value(one.value)
	}
	w.out = append(w.out, '}')
}

func (w *writer) comma(first *bool) {
	if !*first {
		w.out = append(w.out, ',')
	}
	*first = false
}
